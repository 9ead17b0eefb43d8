/** Budgets of calendar months: of the whole organization, and of channels. Source: CB-9.1, CB-9.3, design §5 Budget */
import { audit } from '../platform/audit/index.ts'
import type { Ctx } from '../platform/context.ts'
import { inTransaction } from '../platform/db/index.ts'
import { announce } from '../platform/events/index.ts'
import { decimalsOf, MICROS, minorOfMicros, toMajor, toMinor } from '../platform/money.ts'
import { organizationOf } from '../team/index.ts'
import { budgetRaised } from './events.ts'
import { deleteLimit, lockLimit, selectLimits, upsertLimit } from './limit-queries.ts'
import { selectCostsWithin, type ChannelCost, type CostPeriod } from './queries.ts'
import { BUDGET_SCOPES, type Budgets, type BudgetScope } from './schema.ts'

/** A budget of a month with what was used of it, in micros. */
export interface MonthUse {
  scope: BudgetScope
  /** `2026-11`. */
  month: string
  limitMicros: number
  usedMicros: number
}

/** The calendar month of an instant in a zone. */
export function monthAt(at: Date, timeZone: string): CostPeriod & { month: string } {
  const day = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDate()
  const first = day.with({ day: 1 })
  const next = first.add({ months: 1 })
  const startOf = (on: Temporal.PlainDate): Date =>
    new Date(on.toZonedDateTime({ timeZone }).epochMilliseconds)
  return {
    month: first.toString().slice(0, 7),
    from: startOf(first),
    to: startOf(next),
    fromOn: first.toString(),
    toOn: next.subtract({ days: 1 }).toString(),
  }
}

/** All scopes with their budgets and what was used this month. */
export async function readBudgets(ctx: Ctx): Promise<Budgets> {
  const { currency, timeZone } = await organizationOf(ctx)
  const { month, ...period } = monthAt(ctx.now(), timeZone)
  const limits = new Map((await selectLimits(ctx)).map(({ scope, amountMinor }) => [scope, amountMinor]))
  const costs = await selectCostsWithin(ctx, period)
  return {
    currency,
    month,
    items: BUDGET_SCOPES.map((scope) => {
      const limitMinor = limits.get(scope) ?? null
      const usedMicros = usedOf(scope, costs, currency)
      return {
        scope,
        amount: toMajor(limitMinor, currency),
        used: toMajor(minorOfMicros(usedMicros, currency), currency) ?? 0,
        percent: limitMinor === null ? null : percentOf(usedMicros, limitMinor * microsPerMinor(currency)),
      }
    }),
  }
}

/**
 * Sets what may be spent each month; null: whatever it costs. Campaigns that the former one stopped go on.
 * @param amount in major units of the organization's currency
 */
export function setMonthBudget(ctx: Ctx, scope: BudgetScope, amount: number | null): Promise<Budgets> {
  return inTransaction(ctx, async (ctx) => {
    const { currency } = await organizationOf(ctx)
    const before = (await lockLimit(ctx, scope))?.amountMinor ?? null
    const amountMinor = toMinor(amount, currency)
    if (amountMinor === null) await deleteLimit(ctx, scope)
    else await upsertLimit(ctx, { scope, amountMinor })
    audit(
      ctx,
      'budgets.limit_set',
      { kind: 'organization', id: ctx.orgId },
      { scope, before: toMajor(before, currency), after: amount },
    )
    if (before !== null && (amountMinor === null || amountMinor > before))
      announce(ctx, budgetRaised, { scope })
    return readBudgets(ctx)
  })
}

/** What was used of budgets in the month of an instant; of all that are set when none are given. */
export async function monthUses(
  ctx: Ctx,
  at: Date,
  limits?: readonly { scope: BudgetScope; amountMinor: number }[],
): Promise<MonthUse[]> {
  const set = limits ?? (await selectLimits(ctx))
  if (set.length === 0) return []
  const { currency, timeZone } = await organizationOf(ctx)
  const { month, ...period } = monthAt(at, timeZone)
  const costs = await selectCostsWithin(ctx, period)
  return set.map(({ scope, amountMinor }) => ({
    scope,
    month,
    limitMicros: amountMinor * microsPerMinor(currency),
    usedMicros: usedOf(scope, costs, currency),
  }))
}

/** Millionths of a major unit that make a minor one. */
export const microsPerMinor = (currency: string): number => MICROS / 10 ** decimalsOf(currency)

/** Whole percents of a budget, rounded down; of nothing, everything is too much. */
export const percentOf = (usedMicros: number, limitMicros: number): number =>
  limitMicros > 0 ? Math.floor((usedMicros * 100) / limitMicros) : usedMicros > 0 ? 100 : 0

function usedOf(scope: BudgetScope, costs: readonly ChannelCost[], currency: string): number {
  const own = scope === 'organization' ? costs : costs.filter(({ channel }) => channel === scope)
  return own.reduce(
    (sum, { micros, spendsMinor }) => sum + micros + spendsMinor * microsPerMinor(currency),
    0,
  )
}
