/** Statements over prices of messages, and over what these cost. */
import type { Ctx } from '../platform/context.ts'
import type { CampaignId } from '../platform/ids.ts'
import { spentWithin } from './spend-queries.ts'

/** A price with the hour from which it holds; the beginning of time for a channel's first. */
export interface PriceRow {
  channel: string
  priceMicros: number
  validFrom: Date
}

/** The prices that were set, so many of each channel at most, the latest first. */
export const selectPrices = (ctx: Ctx, limit: number): Promise<PriceRow[]> =>
  ctx.db.named(
    'budgets_prices',
    `
    select channel, price_micros::float8 as price_micros, valid_from from (
      select channel, price_micros, valid_from,
        row_number() over (partition by channel order by valid_from desc) as place
      from message_price where org_id = $1
    ) ranked
    where place <= $2 order by valid_from desc, channel`,
    [ctx.orgId, limit],
  )

/** @returns the price that was there, or undefined */
export const deletePriceRow = async (
  ctx: Ctx,
  channel: string,
  validFrom: Date,
): Promise<{ priceMicros: number } | undefined> =>
  (
    await ctx.db.named<{ priceMicros: number }>(
      'budgets_price_delete',
      `
      delete from message_price where org_id = $1 and channel = $2 and valid_from = $3
      returning price_micros::float8 as price_micros`,
      [ctx.orgId, channel, validFrom],
    )
  )[0]

/** Adds prices; one for the same instant gives way. */
export const insertPrices = (
  ctx: Ctx,
  prices: readonly { channel: string; priceMicros: number; validFrom: Date }[],
  setBy: string,
): Promise<unknown> =>
  ctx.db.named(
    'budgets_prices_insert',
    `
    insert into message_price (org_id, channel, valid_from, price_micros, set_by, created_at)
    select $1, p.channel, p.valid_from, p.price_micros, $2, $3
    from unnest($4::text[], $5::timestamptz[], $6::bigint[]) as p (channel, valid_from, price_micros)
    on conflict (org_id, channel, valid_from) do update set price_micros = excluded.price_micros, set_by = excluded.set_by`,
    [
      ctx.orgId,
      setBy,
      ctx.now(),
      prices.map((price) => price.channel),
      prices.map((price) => price.validFrom),
      prices.map((price) => price.priceMicros),
    ],
  )

/** Whether anything has a price of its own: where nothing has, who took a message and where it went is not looked at. */
const HAS_SPECIAL = 'exists (select from special_price where org_id = $1)'

/** A message that is counted by provider and country is priced by them, and no longer as one of its channel. */
const TOLD_APART = `
        cross join lateral (values (substr(b.name, 8), 1), ('', -1)) as told (rate, sign)`

/**
 * The price of each row of \`h\`: \`s\`, of its provider and country, where the most telling one that is set in that hour
 * wins (both, the country, the provider); else \`p\`, the channel's.
 */
const PRICE_OF_HOUR = `
    left join lateral (
      select price_micros from message_price p
      where p.org_id = $1 and p.channel = h.channel and p.valid_from <= h.hour
      order by p.valid_from desc limit 1
    ) p on true
    left join lateral (
      select price_micros from (
        select distinct on (provider_id, country) provider_id, country, price_micros from special_price s
        where h.rate <> '' and s.org_id = $1 and s.channel = h.channel and s.valid_from <= h.hour
          and s.provider_id in ('', split_part(h.rate, '.', 1)) and s.country in ('', split_part(h.rate, '.', 2))
        order by provider_id, country, valid_from desc
      ) held
      where price_micros is not null
      order by country <> '' desc, provider_id <> '' desc limit 1
    ) s on true`

/** Per channel the dearest price that holds from an hour on, whoever takes the message and wherever it goes. */
export const selectDearestPrices = (
  ctx: Ctx,
  hour: Date,
): Promise<{ channel: string; priceMicros: number }[]> =>
  ctx.db.named(
    'budgets_dearest_prices',
    `
    select channel, max(price_micros)::float8 as price_micros from (
      (select distinct on (channel) channel, price_micros from message_price
       where org_id = $1 and valid_from <= $2 order by channel, valid_from desc)
      union all
      (select distinct on (channel, provider_id, country) channel, price_micros from special_price
       where org_id = $1 and valid_from <= $2 order by channel, provider_id, country, valid_from desc)
    ) held
    where price_micros is not null
    group by channel`,
    [ctx.orgId, hour],
  )

/** What the messages of some campaigns cost, by channel and hour's price, in micros. */
export async function selectMessageCosts(
  ctx: Ctx,
  campaignIds: readonly CampaignId[],
): Promise<{ campaignId: CampaignId; channel: string; micros: number }[]> {
  const rows = await ctx.db.named<{ campaignId: CampaignId; channel: string; micros: string }>(
    'budgets_message_costs',
    `
    with counted as (
      select campaign_id, channel, hour, '' as rate, n from metric
      where org_id = $1 and campaign_id = any($2::uuid[]) and split_part(name, '.', 1) in ('sent', 'delivered', 'bounced', 'unknown')
      union all
      select campaign_id, channel, hour, '', n from metric_delta
      where org_id = $1 and campaign_id in (select unnest($2::uuid[])) and split_part(name, '.', 1) in ('sent', 'delivered', 'bounced', 'unknown')
    ), billed as (
      select campaign_id, channel, hour, name, n from metric
      where org_id = $1 and campaign_id = any($2::uuid[]) and split_part(name, '.', 1) = 'billed' and ${HAS_SPECIAL}
      union all
      select campaign_id, channel, hour, name, n from metric_delta
      where org_id = $1 and campaign_id in (select unnest($2::uuid[])) and split_part(name, '.', 1) = 'billed' and ${HAS_SPECIAL}
    ), handed as (
      select campaign_id, channel, hour, rate, sum(n) as n from (
        select campaign_id, channel, hour, rate, n from counted
        union all
        select b.campaign_id, b.channel, b.hour, told.rate, told.sign * b.n from billed b ${TOLD_APART}
      ) apart
      group by campaign_id, channel, hour, rate
    )
    select h.campaign_id, h.channel, sum(h.n * coalesce(s.price_micros, p.price_micros, 0))::text as micros
    from handed h
    ${PRICE_OF_HOUR}
    group by h.campaign_id, h.channel
    order by h.campaign_id, h.channel`,
    [ctx.orgId, campaignIds],
  )
  return rows.map((row) => ({ ...row, micros: Number(row.micros) }))
}

/** Some whole hours, and the days that they make. */
export interface CostPeriod {
  from: Date
  to: Date
  fromOn: string
  toOn: string
}

/** What a channel cost: messages in micros, spends in minor units. */
export interface ChannelCost {
  /** Empty for spends that name none. */
  channel: string
  micros: number
  spendsMinor: number
}

/** What all campaigns cost within some hours (messages) and some days (spends), by channel. */
export const selectCostsWithin = (ctx: Ctx, { from, to, fromOn, toOn }: CostPeriod): Promise<ChannelCost[]> =>
  ctx.db.named(
    'budgets_costs_within',
    `
    with counted as (
      select channel, hour, '' as rate, sent + delivered + bounced + unknown as n from metric_of_hour
      where org_id = $1 and hour >= $2 and hour < $3
      union all
      select channel, hour, '', n from metric_delta
      where org_id = $1 and hour >= $2 and hour < $3 and split_part(name, '.', 1) in ('sent', 'delivered', 'bounced', 'unknown')
    ), billed as (
      select channel, hour, name, n from metric
      where org_id = $1 and hour >= $2 and hour < $3 and split_part(name, '.', 1) = 'billed' and ${HAS_SPECIAL}
      union all
      select channel, hour, name, n from metric_delta
      where org_id = $1 and hour >= $2 and hour < $3 and split_part(name, '.', 1) = 'billed' and ${HAS_SPECIAL}
    ), handed as (
      select channel, hour, rate, sum(n) as n from (
        select channel, hour, rate, n from counted
        union all
        select b.channel, b.hour, told.rate, told.sign * b.n from billed b ${TOLD_APART}
      ) apart
      group by channel, hour, rate
    ), paid as (
      select h.channel, h.n * coalesce(s.price_micros, p.price_micros, 0) as micros, 0 as spends_minor
      from handed h
      ${PRICE_OF_HOUR}
      union all
      select coalesce(channel, ''), 0, ${spentWithin('$4', '$5')} from spend
      where org_id = $1 and spent_on <= $5::date and coalesce(spent_until, spent_on) >= $4::date
    )
    select channel, sum(micros)::float8 as micros, sum(spends_minor)::float8 as spends_minor
    from paid group by channel order by channel`,
    [ctx.orgId, from, to, fromOn, toOn],
  )
