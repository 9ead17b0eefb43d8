/** What is left of a campaign's budget, asked while it is sent. */
import type { Ctx } from '../platform/context.ts'
import type { CampaignId } from '../platform/ids.ts'
import { decimalsOf, MICROS } from '../platform/money.ts'
import { organizationOf } from '../team/index.ts'
import { selectDearestPrices, selectMessageCosts } from './queries.ts'
import { sumSpends } from './spend-queries.ts'

const HOUR_MS = 3_600_000

/** Money in millionths, as prices of messages are. */
export interface BudgetUse {
  currency: string
  limitMicros: number
  usedMicros: number
  /** What a message of a channel costs at most at present; of a channel without a price, nothing. */
  prices: ReadonlyMap<string, number>
}

/** What a campaign used of a budget up to this moment: messages that were handed over, and what else was paid. Source: CB-9.2 */
export async function budgetUseOf(ctx: Ctx, campaignId: CampaignId, budgetMinor: number): Promise<BudgetUse> {
  const { currency } = await organizationOf(ctx)
  const perMinor = MICROS / 10 ** decimalsOf(currency)
  const hour = new Date(Math.floor(ctx.now().getTime() / HOUR_MS) * HOUR_MS)
  const [messages, spends, prices] = await Promise.all([
    selectMessageCosts(ctx, [campaignId]),
    sumSpends(ctx, [campaignId]),
    selectDearestPrices(ctx, hour),
  ])
  const paid = spends.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
  return {
    currency,
    limitMicros: budgetMinor * perMinor,
    usedMicros: messages.reduce((sum, { micros }) => sum + micros, 0) + paid * perMinor,
    prices: new Map(prices.map(({ channel, priceMicros }) => [channel, priceMicros])),
  }
}
