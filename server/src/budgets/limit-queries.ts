/** Statements over budgets of months, and over the shares of budgets that were told of. */
import type { Ctx } from '../platform/context.ts'
import type { BudgetScope } from './schema.ts'

/** What may be spent in a month. */
export interface LimitRow {
  scope: BudgetScope
  amountMinor: number
}

export const selectLimits = (ctx: Ctx): Promise<LimitRow[]> =>
  ctx.db.named(
    'budgets_limits',
    'select scope, amount_minor::float8 as amount_minor from budget_limit where org_id = $1 order by scope',
    [ctx.orgId],
  )

/** The caller's transaction holds it. */
export const lockLimit = async (ctx: Ctx, scope: BudgetScope): Promise<LimitRow | undefined> =>
  (
    await ctx.db.named<LimitRow>(
      'budgets_limit_lock',
      `
      select scope, amount_minor::float8 as amount_minor from budget_limit
      where org_id = $1 and scope = $2 for update`,
      [ctx.orgId, scope],
    )
  )[0]

export const upsertLimit = (ctx: Ctx, { scope, amountMinor }: LimitRow): Promise<unknown> =>
  ctx.db.named(
    'budgets_limit_upsert',
    `
    insert into budget_limit (org_id, scope, amount_minor, set_by, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $5)
    on conflict (org_id, scope) do update
      set amount_minor = excluded.amount_minor, set_by = excluded.set_by, updated_at = excluded.updated_at`,
    [ctx.orgId, scope, amountMinor, ctx.actor.id, ctx.now()],
  )

export const deleteLimit = (ctx: Ctx, scope: BudgetScope): Promise<unknown> =>
  ctx.db.named('budgets_limit_delete', 'delete from budget_limit where org_id = $1 and scope = $2', [
    ctx.orgId,
    scope,
  ])

/** A share of a budget that was passed. */
export interface AlertRow {
  /** `campaign:<id>`, or a scope and its month. */
  subject: string
  percent: number
  limitMinor: number
  usedMinor: number
}

/** Writes down what was passed. @returns those that were not written down before */
export const insertAlerts = (ctx: Ctx, alerts: readonly AlertRow[]): Promise<AlertRow[]> =>
  ctx.db.named(
    'budgets_alerts_insert',
    `
    insert into budget_alert (org_id, subject, percent, limit_minor, used_minor, created_at)
    select $1, a.subject, a.percent, a.limit_minor, a.used_minor, $2
    from unnest($3::text[], $4::smallint[], $5::bigint[], $6::bigint[]) as a (subject, percent, limit_minor, used_minor)
    order by a.subject, a.percent
    on conflict do nothing
    returning subject, percent, limit_minor::float8 as limit_minor, used_minor::float8 as used_minor`,
    [
      ctx.orgId,
      ctx.now(),
      alerts.map(({ subject }) => subject),
      alerts.map(({ percent }) => percent),
      alerts.map(({ limitMinor }) => limitMinor),
      alerts.map(({ usedMinor }) => usedMinor),
    ],
  )

/** The highest share that was told of, of a budget as it is now. */
export const selectHighestAlert = async (
  ctx: Ctx,
  subject: string,
  limitMinor: number,
): Promise<{ percent: number; createdAt: Date } | undefined> =>
  (
    await ctx.db.named<{ percent: number; createdAt: Date }>(
      'budgets_highest_alert',
      `
      select percent::int, created_at from budget_alert
      where org_id = $1 and subject = $2 and limit_minor = $3 order by percent desc limit 1`,
      [ctx.orgId, subject, limitMinor],
    )
  )[0]
