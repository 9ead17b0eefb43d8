/** How long an organization keeps what: seen, decided, tried out before it is decided. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { PREVIEW_MAX, retentionParts, type RetentionPart } from '../../platform/retention.ts'
import { errors } from '../errors.ts'
import { deleteRule, selectRules, upsertRule } from './queries.ts'

const DAY_MS = 86_400_000

/** What can be forgotten by age, and the organization's decision about it; null keeps it. */
export interface RetentionRule {
  subject: string
  keepDays: number | null
  keepDaysMin: number
  updatedBy: string | null
  updatedAt: Date | null
  appliedAt: Date | null
  removed: number
}

/** What a rule would remove if it were applied now. */
export interface RetentionPreview {
  subject: string
  keepDays: number
  before: Date
  count: number
  /** True when there are more than were counted. */
  isAtLeast: boolean
}

/** Everything that can be forgotten by age. */
export async function retentionRules(ctx: Ctx): Promise<RetentionRule[]> {
  const rules = new Map((await selectRules(ctx)).map((rule) => [rule.subject, rule]))
  return retentionParts().map(({ subject, keepDaysMin }) => {
    const rule = rules.get(subject)
    return {
      subject,
      keepDaysMin,
      keepDays: rule?.keepDays ?? null,
      updatedBy: rule?.updatedBy ?? null,
      updatedAt: rule?.updatedAt ?? null,
      appliedAt: rule?.appliedAt ?? null,
      removed: Number(rule?.removed ?? 0),
    }
  })
}

/** Decides how long something is kept; null for as long as it is there. @throws consent.retention_unknown, consent.invalid */
export function decideRetention(
  ctx: Ctx,
  subject: string,
  keepDays: number | null,
): Promise<RetentionRule[]> {
  const part = partOf(subject)
  if (keepDays !== null) refuseTooShort(part, keepDays)
  return inTransaction(ctx, async (ctx) => {
    if (keepDays === null) await deleteRule(ctx, subject)
    else await upsertRule(ctx, subject, keepDays, `${ctx.actor.kind}:${ctx.actor.id}`)
    audit(ctx, 'retention.decided', { kind: 'retention_rule', id: subject }, { keepDays })
    return retentionRules(ctx)
  })
}

/** Counts what a rule would remove; removes nothing. @throws consent.retention_unknown, consent.invalid */
export async function previewRetention(
  ctx: Ctx,
  subject: string,
  keepDays: number,
): Promise<RetentionPreview> {
  const part = partOf(subject)
  refuseTooShort(part, keepDays)
  const before = instantBefore(ctx, keepDays)
  const count = await part.count(ctx, before)
  return { subject, keepDays, before, count, isAtLeast: count >= PREVIEW_MAX }
}

/** The instant before which everything is too old. */
export const instantBefore = (ctx: Ctx, keepDays: number): Date =>
  new Date(ctx.now().getTime() - keepDays * DAY_MS)

/** @throws consent.retention_unknown */
export function partOf(subject: string): RetentionPart {
  const part = retentionParts().find((candidate) => candidate.subject === subject)
  if (!part) throw errors.retention_unknown({ subject })
  return part
}

function refuseTooShort({ keepDaysMin }: RetentionPart, keepDays: number): void {
  if (keepDays >= keepDaysMin) return
  throw errors.invalid(
    {},
    { problems: [{ path: 'keepDays', message: `At least ${keepDaysMin} days: it is needed that long.` }] },
  )
}
