/** Prices, spends, and what campaigns cost by them. */
import { SEND_CHANNELS, type SendChannel } from '../consent/index.ts'
import { audit } from '../platform/audit/index.ts'
import type { Ctx } from '../platform/context.ts'
import { inTransaction } from '../platform/db/index.ts'
import { newId, type CampaignId } from '../platform/ids.ts'
import { MICROS, minorOfMicros } from '../platform/money.ts'
import { organizationOf } from '../team/index.ts'
import { errors } from './errors.ts'
import {
  countSpends,
  deleteSpendRow,
  insertPrices,
  insertSpend,
  selectCostWithin,
  selectMessageCosts,
  selectPrices,
  selectSpends,
  sumSpends,
  type Spend,
  type SpendId,
} from './queries.ts'
import type { MessagePrices } from './schema.ts'

const HOUR_MS = 3_600_000
/** Spends of one campaign. */
export const SPENDS_MAX = 1_000

/** The present prices. Source: CB-9.2, MA-7.2 */
export async function readPrices(ctx: Ctx): Promise<MessagePrices> {
  const { currency } = await organizationOf(ctx)
  const known = new Map(
    (await selectPrices(ctx)).map(({ channel, priceMicros }) => [channel, Number(priceMicros)]),
  )
  return {
    currency,
    prices: SEND_CHANNELS.map((channel) => {
      const micros = known.get(channel)
      return { channel, price: micros === undefined ? null : micros / MICROS }
    }),
  }
}

/** Sets prices from the next full hour on; a channel's first price holds for what was sent before it, too. */
export function setPrices(
  ctx: Ctx,
  prices: readonly { channel: SendChannel; price: number }[],
): Promise<MessagePrices> {
  return inTransaction(ctx, async (ctx) => {
    const known = new Set((await selectPrices(ctx)).map(({ channel }) => channel))
    const nextHour = new Date(Math.ceil((ctx.now().getTime() + 1) / HOUR_MS) * HOUR_MS)
    await insertPrices(
      ctx,
      prices.map(({ channel, price }) => ({
        channel,
        priceMicros: Math.round(price * MICROS),
        validFrom: known.has(channel) ? nextHour : new Date(0),
      })),
      ctx.actor.id,
    )
    audit(ctx, 'budgets.prices_changed', { kind: 'organization', id: ctx.orgId }, { prices })
    return readPrices(ctx)
  })
}

/** A spend as a caller states it. */
export type NewSpend = Pick<Spend, 'kind' | 'channel' | 'amountMinor' | 'spentOn' | 'note'>

/** Writes down what was paid for a campaign, which the caller knows to exist. @throws budgets.too_many_spends */
export function addSpend(ctx: Ctx, campaignId: CampaignId, spend: NewSpend): Promise<Spend> {
  return inTransaction(ctx, async (ctx) => {
    if ((await countSpends(ctx, campaignId)) >= SPENDS_MAX) throw errors.too_many_spends({ max: SPENDS_MAX })
    const row = { ...spend, id: newId<'spend'>(ctx.now()), campaignId, createdBy: ctx.actor.id }
    await insertSpend(ctx, row)
    audit(ctx, 'budgets.spend_added', { kind: 'campaign', id: campaignId }, spend)
    return { ...row, createdAt: ctx.now() }
  })
}

export const listSpends = (ctx: Ctx, campaignId: CampaignId): Promise<Spend[]> =>
  selectSpends(ctx, campaignId, SPENDS_MAX)

/** @throws budgets.spend_not_found */
export function removeSpend(ctx: Ctx, campaignId: CampaignId, id: SpendId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const removed = await deleteSpendRow(ctx, campaignId, id)
    if (!removed) throw errors.spend_not_found({ id })
    audit(ctx, 'budgets.spend_removed', { kind: 'campaign', id: campaignId }, removed)
  })
}

/** What a campaign cost, in minor units of the organization's currency. */
export interface Cost {
  messagesMinor: number
  spendsMinor: number
  totalMinor: number
  /** Of channels; spends that name none are in the totals alone. */
  channels: { channel: string; messagesMinor: number; spendsMinor: number; totalMinor: number }[]
}

/** The costs of campaigns, by what was handed over and paid up to this moment. Source: CB-9.2, CB-9.5, MA-7.2 */
export async function costsOf(ctx: Ctx, campaignIds: readonly CampaignId[]): Promise<Map<CampaignId, Cost>> {
  const { currency } = await organizationOf(ctx)
  const messages = Map.groupBy(await selectMessageCosts(ctx, campaignIds), ({ campaignId }) => campaignId)
  const spends = Map.groupBy(await sumSpends(ctx, campaignIds), ({ campaignId }) => campaignId)
  return new Map(
    campaignIds.map((id) => [id, costFrom(messages.get(id) ?? [], spends.get(id) ?? [], currency)]),
  )
}

/** What everything cost within a period, in minor units of the organization's currency. */
export async function costWithin(
  ctx: Ctx,
  period: { from: Date; to: Date; fromOn: string; toOn: string },
): Promise<number> {
  const { currency } = await organizationOf(ctx)
  const { micros, spendsMinor } = await selectCostWithin(ctx, period)
  return minorOfMicros(micros, currency) + spendsMinor
}

function costFrom(
  messages: readonly { channel: string; micros: number }[],
  spends: readonly { channel: string | null; amountMinor: number }[],
  currency: string,
): Cost {
  const names = new Set([...messages, ...spends].flatMap(({ channel }) => channel ?? []))
  const messagesMinor = minorOfMicros(
    messages.reduce((sum, { micros }) => sum + micros, 0),
    currency,
  )
  const spendsMinor = spends.reduce((sum, { amountMinor }) => sum + amountMinor, 0)
  return {
    messagesMinor,
    spendsMinor,
    totalMinor: messagesMinor + spendsMinor,
    channels: [...names].toSorted().map((channel) => {
      const ofMessages = minorOfMicros(
        messages.reduce((sum, row) => sum + (row.channel === channel ? row.micros : 0), 0),
        currency,
      )
      const ofSpends = spends.reduce((sum, row) => sum + (row.channel === channel ? row.amountMinor : 0), 0)
      return { channel, messagesMinor: ofMessages, spendsMinor: ofSpends, totalMinor: ofMessages + ofSpends }
    }),
  }
}
