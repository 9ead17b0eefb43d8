/** Statements over the compliance part of the audit chain. */
import type { Ctx } from '../../platform/context.ts'

/** An entry as it is stored. `change` is null once what it named was erased. */
export interface LogRow {
  seq: string
  at: Date
  actorKind: string
  actorId: string
  action: string
  subjectKind: string
  subjectId: string
  change: unknown
  hash: Buffer
}

/** Beginnings of actions that concern consent, rights, retention and what leaves the house. */
const PREFIXES = [
  'consent.',
  'suppression.',
  'privacy_request.',
  'preference_center.',
  'retention.',
  'form.',
  'contact.erased',
  'contacts.exported',
  'contacts.imported',
  'contacts.merged',
  'contacts.deleted',
  'compliance_log.',
]

/** A page of entries, latest first. */
export const selectLog = (ctx: Ctx, wanted: { before: string | null; limit: number }): Promise<LogRow[]> =>
  ctx.db.named(
    'consent_log_select',
    `
    select seq, at, actor_kind, actor_id, action, subject_kind, subject_id, change, hash
    from audit_entry
    where org_id = $1 and ($2::bigint is null or seq < $2) and action like any($3::text[])
    order by seq desc
    limit $4`,
    [
      ctx.orgId,
      wanted.before,
      PREFIXES.map((prefix) => `${prefix.replaceAll('_', String.raw`\_`)}%`),
      wanted.limit,
    ],
  )
