/** Statements over how long things are kept. */
import type { Ctx } from '../../platform/context.ts'

/** A rule as it is stored. */
export interface RetentionRow {
  subject: string
  keepDays: number
  updatedBy: string
  updatedAt: Date
  appliedAt: Date | null
  /** Removed by this rule, ever. */
  removed: string
}

/** Every rule of the organization. */
export const selectRules = (ctx: Ctx): Promise<RetentionRow[]> =>
  ctx.db.named(
    'consent_retention_select',
    `
    select subject, keep_days, updated_by, updated_at, applied_at, removed from retention_rule
    where org_id = $1 order by subject`,
    [ctx.orgId],
  )

export const upsertRule = (ctx: Ctx, subject: string, keepDays: number, by: string): Promise<unknown> =>
  ctx.db.named(
    'consent_retention_upsert',
    `
    insert into retention_rule (org_id, subject, keep_days, updated_by, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $5)
    on conflict (org_id, subject) do update
    set keep_days = excluded.keep_days, updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
    [ctx.orgId, subject, keepDays, by, ctx.now()],
  )

export const deleteRule = (ctx: Ctx, subject: string): Promise<unknown> =>
  ctx.db.named('consent_retention_delete', 'delete from retention_rule where org_id = $1 and subject = $2', [
    ctx.orgId,
    subject,
  ])

export const markApplied = (ctx: Ctx, subject: string, removed: number): Promise<unknown> =>
  ctx.db.named(
    'consent_retention_applied',
    `
    update retention_rule set applied_at = $3, removed = removed + $4 where org_id = $1 and subject = $2`,
    [ctx.orgId, subject, ctx.now(), removed],
  )
