/** What a launch would cost, and whether budgets leave room for it. Source: CB-9.1, design §5 Budget */
import { budgetUseOf, sharedBudgetsOf, type BudgetOwner } from '../../budgets/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { MICROS, minorOfMicros, toMajor } from '../../platform/money.ts'
import type { CampaignRow } from '../queries.ts'

/** What its messages would cost at most, and the budget that they would pass first. */
export interface Forecast {
  currency: string
  costMicros: number
  /** Null where every budget has room. */
  short: { scope: BudgetOwner; leftMicros: number; costMicros: number } | null
}

/**
 * Everybody of the estimate gets a message at the dearest price of its channel. Of a channel's own budget, only its
 * messages are counted.
 */
export async function forecastOf(
  ctx: Ctx,
  { id, channels, budgetMinor }: Pick<CampaignRow, 'id' | 'channels' | 'budgetMinor'>,
  estimate: { channels: readonly { channel: string; recipients: number }[] },
): Promise<Forecast> {
  const { currency, budgets, prices } = await budgetUseOf(ctx, id, channels, {
    budgetMinor: budgetMinor === null ? null : Number(budgetMinor),
    sharedBudgets: await sharedBudgetsOf(ctx),
  })
  const costOf = (scope: BudgetOwner): number =>
    estimate.channels.reduce(
      (sum, { channel, recipients }) =>
        scope === 'campaign' || scope === 'organization' || scope === channel
          ? sum + recipients * (prices.get(channel) ?? 0)
          : sum,
      0,
    )
  const short = budgets
    .map(({ scope, limitMicros, usedMicros }) => ({
      scope,
      leftMicros: Math.max(0, limitMicros - usedMicros),
      costMicros: costOf(scope),
    }))
    .filter(({ leftMicros, costMicros }) => costMicros > leftMicros)
    .toSorted((a, b) => a.leftMicros - b.leftMicros)[0]
  return { currency, costMicros: costOf('campaign'), short: short ?? null }
}

/** Major units of an amount, rounded to the nearest minor unit. */
export const costAmount = (costMicros: number, currency: string): number =>
  toMajor(minorOfMicros(costMicros, currency), currency) ?? costMicros / MICROS
