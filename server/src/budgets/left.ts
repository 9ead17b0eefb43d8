/** What is left of budgets, asked while messages are sent and before they are. */
import type { SendChannel } from '../consent/index.ts'
import type { Ctx } from '../platform/context.ts'
import type { CampaignId } from '../platform/ids.ts'
import { organizationOf } from '../team/index.ts'
import { microsPerMinor, monthUses } from './limits.ts'
import { selectLimits } from './limit-queries.ts'
import { selectDearestPrices, selectMessageCosts } from './queries.ts'
import type { BudgetOwner, BudgetScope } from './schema.ts'
import { sumSpends } from './spend-queries.ts'

const HOUR_MS = 3_600_000

/** One budget, in millionths as prices of messages are. */
export interface BudgetLeft {
  scope: BudgetOwner
  limitMicros: number
  usedMicros: number
}

/** What holds for messages of a campaign. */
export interface BudgetUse {
  currency: string
  /** The campaign's own, the organization's and the channels', as far as they are set. */
  budgets: readonly BudgetLeft[]
  /** What a message of a channel costs at most at present; of a channel without a price, nothing. */
  prices: ReadonlyMap<string, number>
}

/** Budgets as they are set, in minor units; null: none. */
export interface SetBudgets {
  budgetMinor: number | null
  sharedBudgets: Readonly<Partial<Record<BudgetScope, number>>> | null
}

/** What was used of budgets up to this moment: messages that were handed over, and what else was paid. Source: CB-9.2 */
export async function budgetUseOf(
  ctx: Ctx,
  campaignId: CampaignId,
  channels: readonly SendChannel[],
  { budgetMinor, sharedBudgets }: SetBudgets,
): Promise<BudgetUse> {
  const { currency } = await organizationOf(ctx)
  const scopes: BudgetScope[] = ['organization', ...channels]
  const shared = scopes.flatMap((scope) => {
    const amountMinor = sharedBudgets?.[scope]
    return amountMinor === undefined ? [] : [{ scope, amountMinor }]
  })
  // One after the other: it is asked within a transaction, whose connection answers one question at a time.
  const own = budgetMinor === null ? [] : await ownUse(ctx, campaignId, budgetMinor, currency)
  const month = await monthUses(ctx, ctx.now(), shared)
  const prices = await dearestPrices(ctx)
  return { currency, budgets: [...own, ...month], prices }
}

async function ownUse(
  ctx: Ctx,
  campaignId: CampaignId,
  budgetMinor: number,
  currency: string,
): Promise<BudgetLeft[]> {
  const perMinor = microsPerMinor(currency)
  const messages = await selectMessageCosts(ctx, [campaignId])
  const spends = await sumSpends(ctx, [campaignId])
  const paid = spends.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
  const usedMicros = messages.reduce((sum, { micros }) => sum + micros, 0) + paid * perMinor
  return [{ scope: 'campaign', limitMicros: budgetMinor * perMinor, usedMicros }]
}

/** Per channel what a message costs at most at present. */
async function dearestPrices(ctx: Ctx): Promise<ReadonlyMap<string, number>> {
  const hour = new Date(Math.floor(ctx.now().getTime() / HOUR_MS) * HOUR_MS)
  const prices = await selectDearestPrices(ctx, hour)
  return new Map(prices.map(({ channel, priceMicros }) => [channel, priceMicros]))
}

/** The budgets of months that are set, as the hand-over reads them. */
export async function sharedBudgetsOf(ctx: Ctx): Promise<SetBudgets['sharedBudgets']> {
  const limits = await selectLimits(ctx)
  return limits.length === 0
    ? null
    : Object.fromEntries(limits.map(({ scope, amountMinor }) => [scope, amountMinor]))
}
