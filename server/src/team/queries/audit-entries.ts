/** SQL over the audit chain, which the platform writes: reading it for people. */
import type { Ctx } from '../../platform/context.ts'

export interface AuditEntry {
  seq: number
  at: Date
  actorKind: string
  actorId: string
  actorName: string | null
  action: string
  subjectKind: string
  subjectId: string
  change: Record<string, unknown> | null
  addressPrefix: string | null
  requestId: string
}

export interface AuditFilter {
  actor: string | null
  /** The beginning of an action, as a `like` pattern. */
  actionPattern: string | null
  subjectKind: string | null
  subjectId: string | null
  from: Date | null
  until: Date | null
  before: number | null
  limit: number
}

/** Entries that pass the filter, newest first. The keys of the chain are its numbers: pages are cut by them. */
export function listAuditEntries(ctx: Ctx, filter: AuditFilter): Promise<AuditEntry[]> {
  return ctx.db.named(
    'team_audit_list',
    `
    select a.seq::int, a.at, a.actor_kind, a.actor_id, coalesce(p.name, k.name) as actor_name, a.action,
      a.subject_kind, a.subject_id, a.change, a.address_prefix, a.request_id
    from audit_entry a
    left join person p on a.actor_kind = 'member' and p.id::text = a.actor_id
    left join api_key k on k.org_id = a.org_id and a.actor_kind = 'api_key' and k.id::text = a.actor_id
    where a.org_id = $1
      and ($2::text is null or a.actor_id = $2 or a.actor_kind = $2)
      and ($3::text is null or a.action like $3)
      and ($4::text is null or a.subject_kind = $4)
      and ($5::text is null or a.subject_id = $5)
      and ($6::timestamptz is null or a.at >= $6)
      and ($7::timestamptz is null or a.at < $7)
      and ($8::bigint is null or a.seq < $8)
    order by a.seq desc limit $9`,
    [
      ctx.orgId,
      filter.actor,
      filter.actionPattern,
      filter.subjectKind,
      filter.subjectId,
      filter.from,
      filter.until,
      filter.before,
      filter.limit,
    ],
  )
}
