/** Prices, spends, and what campaigns cost by them. */
import { SEND_CHANNELS, type SendChannel } from '../consent/index.ts'
import { audit } from '../platform/audit/index.ts'
import type { Ctx } from '../platform/context.ts'
import { inTransaction } from '../platform/db/index.ts'
import { newId, type CampaignId } from '../platform/ids.ts'
import { MICROS, minorOfMicros, minorsOfMicros } from '../platform/money.ts'
import { organizationOf } from '../team/index.ts'
import { errors } from './errors.ts'
import { hourAfter, hourFrom } from './hours.ts'
import {
  deletePriceRow,
  insertPrices,
  selectCostsWithin,
  selectMessageCosts,
  selectPrices,
  type CostPeriod,
} from './queries.ts'
import {
  countSpends,
  deleteSpendRow,
  insertSpends,
  lockSpend,
  selectSpends,
  sumLooseSpends,
  sumSpends,
  updateSpend,
  type Spend,
  type SpendId,
} from './spend-queries.ts'
import { selectPostPriceOn } from './price-queries.ts'
import { SPEND_PLATFORMS, type MessagePrices, type SpendPlatform } from './schema.ts'

/** Prices of a channel that are looked at: one a day for a year. */
const PRICES_SHOWN_MAX = 366
/** Spends of one campaign. */
export const SPENDS_MAX = 1_000

/** The present prices, and those that held before or will hold later. Source: CB-9.2, MA-7.2 */
export async function readPrices(ctx: Ctx): Promise<MessagePrices> {
  const { currency } = await organizationOf(ctx)
  const rows = await selectPrices(ctx, PRICES_SHOWN_MAX)
  const nextHour = hourAfter(ctx.now())
  return {
    currency,
    prices: SEND_CHANNELS.map((channel) => {
      const own = rows.filter((row) => row.channel === channel)
      const present = own.find(({ validFrom }) => validFrom <= nextHour) ?? own.at(-1)
      return { channel, price: present === undefined ? null : present.priceMicros / MICROS }
    }),
    history: rows.flatMap(({ channel, priceMicros, validFrom }) => {
      const known = SEND_CHANNELS.find((one) => one === channel)
      return known === undefined
        ? []
        : [
            {
              channel: known,
              price: priceMicros / MICROS,
              validFrom: validFrom.getTime() === 0 ? null : validFrom,
            },
          ]
    }),
  }
}

/**
 * Sets prices from an hour on, the next full one unless said otherwise; a channel's first price holds for what was sent
 * before it, too, and `null` names it. One of the same hour gives way.
 */
export function setPrices(
  ctx: Ctx,
  prices: readonly { channel: SendChannel; price: number; validFrom?: Date | null | undefined }[],
): Promise<MessagePrices> {
  return inTransaction(ctx, async (ctx) => {
    const known = new Set((await selectPrices(ctx, PRICES_SHOWN_MAX)).map(({ channel }) => channel))
    await insertPrices(
      ctx,
      prices.map(({ channel, price, validFrom }) => ({
        channel,
        priceMicros: Math.round(price * MICROS),
        validFrom:
          validFrom === null || !known.has(channel)
            ? new Date(0)
            : hourFrom(validFrom ?? hourAfter(ctx.now())),
      })),
      ctx.actor.id,
    )
    audit(ctx, 'budgets.prices_changed', { kind: 'organization', id: ctx.orgId }, { prices })
    return readPrices(ctx)
  })
}

/** Takes a price back, as if it had never been set; `null` names a channel's first. @throws budgets.price_not_found */
export function removePrice(ctx: Ctx, channel: SendChannel, validFrom: Date | null): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const removed = await deletePriceRow(ctx, channel, validFrom ?? new Date(0))
    if (!removed) throw errors.price_not_found({ channel, validFrom })
    audit(
      ctx,
      'budgets.price_removed',
      { kind: 'organization', id: ctx.orgId },
      { channel, validFrom, ...removed },
    )
  })
}

/** A spend as a caller states it. */
export type NewSpend = Pick<
  Spend,
  'kind' | 'channel' | 'platform' | 'posts' | 'spentOn' | 'spentUntil' | 'note'
> & {
  /** Null for posts that are priced each, by what a post on their platform costs. */
  amountMinor: number | null
}

/** A spend with its amount: that of posts is their number times what one costs. @throws budgets.post_price_missing */
async function pricedSpend(ctx: Ctx, spend: NewSpend): Promise<NewSpend & { amountMinor: number }> {
  if (spend.amountMinor !== null) return { ...spend, amountMinor: spend.amountMinor, posts: null }
  const { currency } = await organizationOf(ctx)
  const micros = spend.platform && (await selectPostPriceOn(ctx, spend.platform, spend.spentOn))
  if (micros === null || spend.posts === null) throw errors.post_price_missing({ platform: spend.platform })
  return { ...spend, amountMinor: minorOfMicros(spend.posts * micros, currency) }
}

/** Writes down what was paid for a campaign, which the caller knows to exist. @throws budgets.too_many_spends */
export function addSpend(ctx: Ctx, campaignId: CampaignId, spend: NewSpend): Promise<Spend> {
  return inTransaction(ctx, async (ctx) => {
    const [count] = await countSpends(ctx, [campaignId])
    if (count && count.n >= SPENDS_MAX) throw errors.too_many_spends({ max: SPENDS_MAX })
    const priced = await pricedSpend(ctx, spend)
    const row = { ...priced, id: newId<'spend'>(ctx.now()), campaignId, createdBy: ctx.actor.id }
    await insertSpends(ctx, [row], null)
    audit(ctx, 'budgets.spend_added', { kind: 'campaign', id: campaignId }, priced)
    return { ...row, createdAt: ctx.now() }
  })
}

export const listSpends = (ctx: Ctx, campaignId: CampaignId): Promise<Spend[]> =>
  selectSpends(ctx, campaignId, SPENDS_MAX)

/** Corrects what was written down. @throws budgets.spend_not_found */
export function changeSpend(ctx: Ctx, campaignId: CampaignId, id: SpendId, spend: NewSpend): Promise<Spend> {
  return inTransaction(ctx, async (ctx) => {
    const before = await lockSpend(ctx, campaignId, id)
    if (!before) throw errors.spend_not_found({ id })
    const priced = await pricedSpend(ctx, spend)
    await updateSpend(ctx, id, priced)
    audit(
      ctx,
      'budgets.spend_changed',
      { kind: 'campaign', id: campaignId },
      {
        from: { amountMinor: before.amountMinor, spentOn: before.spentOn, note: before.note },
        to: priced,
      },
    )
    return { ...before, ...priced }
  })
}

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
  /** What was paid on platforms. */
  platforms: { platform: SpendPlatform; spendsMinor: number }[]
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

/** What was paid for no campaign on some days, by channel and platform, in minor units. */
export const looseSpendsWithin = sumLooseSpends

/** What everything cost within a period, in minor units of the organization's currency. */
export async function costWithin(ctx: Ctx, period: CostPeriod): Promise<number> {
  const { currency } = await organizationOf(ctx)
  const paid = await selectCostsWithin(ctx, period)
  const micros = sum(paid.map((cost) => cost.micros))
  return minorOfMicros(micros, currency) + sum(paid.map(({ spendsMinor }) => spendsMinor))
}

function costFrom(
  messages: readonly { channel: string; micros: number }[],
  spends: readonly { channel: string | null; platform: SpendPlatform | null; amountMinor: number }[],
  currency: string,
): Cost {
  const names = [...new Set([...messages, ...spends].flatMap(({ channel }) => channel ?? []))].toSorted()
  const ofMessages = minorsOfMicros(
    names.map((name) => sum(messages.map(({ channel, micros }) => (channel === name ? micros : 0)))),
    currency,
  )
  const messagesMinor = sum(ofMessages)
  const spendsMinor = sum(spends.map(({ amountMinor }) => amountMinor))
  return {
    messagesMinor,
    spendsMinor,
    totalMinor: messagesMinor + spendsMinor,
    channels: names.map((name, at) => {
      const own = ofMessages[at] ?? 0
      const ofSpends = sum(spends.map(({ channel, amountMinor }) => (channel === name ? amountMinor : 0)))
      return { channel: name, messagesMinor: own, spendsMinor: ofSpends, totalMinor: own + ofSpends }
    }),
    platforms: SPEND_PLATFORMS.flatMap((platform) => {
      const own = spends.filter((row) => row.platform === platform)
      return own.length === 0
        ? []
        : [{ platform, spendsMinor: sum(own.map(({ amountMinor }) => amountMinor)) }]
    }),
  }
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0)
