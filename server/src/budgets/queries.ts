/** Statements over prices and spends. */
import type { Ctx } from '../platform/context.ts'
import type { CampaignId, Id } from '../platform/ids.ts'

export type SpendId = Id<'spend'>

/** Kinds of spends. */
export const SPEND_KINDS = ['media', 'post', 'manual'] as const
export type SpendKind = (typeof SPEND_KINDS)[number]

/** The latest price of each channel. */
export const selectPrices = (ctx: Ctx): Promise<{ channel: string; priceMicros: string }[]> =>
  ctx.db.named(
    'budgets_prices',
    `
    select distinct on (channel) channel, price_micros::text as price_micros from message_price
    where org_id = $1 order by channel, valid_from desc`,
    [ctx.orgId],
  )

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

/** What the messages of some campaigns cost, by channel, variant and hour's price, in micros. */
export async function selectMessageCosts(
  ctx: Ctx,
  campaignIds: readonly CampaignId[],
): Promise<{ campaignId: CampaignId; channel: string; messages: number; micros: number }[]> {
  const rows = await ctx.db.named<{
    campaignId: CampaignId
    channel: string
    messages: string
    micros: string
  }>(
    'budgets_message_costs',
    `
    with handed as (
      select campaign_id, channel, hour, sum(n) as n from (
        select campaign_id, channel, hour, name, n from metric where org_id = $1 and campaign_id = any($2::uuid[])
        union all
        select campaign_id, channel, hour, name, n from metric_delta where org_id = $1 and campaign_id = any($2::uuid[])
      ) counted
      where split_part(name, '.', 1) in ('sent', 'delivered', 'bounced', 'unknown')
      group by campaign_id, channel, hour
    )
    select h.campaign_id, h.channel, sum(h.n)::text as messages, sum(h.n * coalesce(p.price_micros, 0))::text as micros
    from handed h
    left join lateral (
      select price_micros from message_price p
      where p.org_id = $1 and p.channel = h.channel and p.valid_from <= h.hour
      order by p.valid_from desc limit 1
    ) p on true
    group by h.campaign_id, h.channel
    order by h.campaign_id, h.channel`,
    [ctx.orgId, campaignIds],
  )
  return rows.map((row) => ({ ...row, messages: Number(row.messages), micros: Number(row.micros) }))
}

/** What else was paid. */
export interface Spend {
  id: SpendId
  campaignId: CampaignId
  kind: SpendKind
  channel: string | null
  amountMinor: number
  spentOn: string
  note: string
  createdBy: string
  createdAt: Date
}

export const insertSpend = (ctx: Ctx, spend: Omit<Spend, 'createdAt'>): Promise<unknown> =>
  ctx.db.named(
    'budgets_spend_insert',
    `
    insert into spend (org_id, id, campaign_id, kind, channel, amount_minor, spent_on, note, created_by, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      ctx.orgId,
      spend.id,
      spend.campaignId,
      spend.kind,
      spend.channel,
      spend.amountMinor,
      spend.spentOn,
      spend.note,
      spend.createdBy,
      ctx.now(),
    ],
  )

/** A campaign's spends, latest first. */
export const selectSpends = (ctx: Ctx, campaignId: CampaignId, limit: number): Promise<Spend[]> =>
  ctx.db.named(
    'budgets_spends',
    `
    select id, campaign_id, kind, channel, amount_minor::float8 as amount_minor, to_char(spent_on, 'YYYY-MM-DD') as spent_on, note,
      created_by, created_at
    from spend where org_id = $1 and campaign_id = $2 order by spent_on desc, id desc limit $3`,
    [ctx.orgId, campaignId, limit],
  )

export const countSpends = async (ctx: Ctx, campaignId: CampaignId): Promise<number> =>
  (
    await ctx.db.named<{ n: number }>(
      'budgets_spend_count',
      'select count(*)::int as n from spend where org_id = $1 and campaign_id = $2',
      [ctx.orgId, campaignId],
    )
  )[0]?.n ?? 0

/** @returns the spend that was there, or undefined */
export const deleteSpendRow = async (
  ctx: Ctx,
  campaignId: CampaignId,
  id: SpendId,
): Promise<{ amountMinor: number; kind: SpendKind; note: string } | undefined> =>
  (
    await ctx.db.named<{ amountMinor: number; kind: SpendKind; note: string }>(
      'budgets_spend_delete',
      `
      delete from spend where org_id = $1 and campaign_id = $2 and id = $3
      returning amount_minor::float8 as amount_minor, kind, note`,
      [ctx.orgId, campaignId, id],
    )
  )[0]

/** Sums of spends by campaign and channel. */
export const sumSpends = (
  ctx: Ctx,
  campaignIds: readonly CampaignId[],
): Promise<{ campaignId: CampaignId; channel: string | null; amountMinor: number }[]> =>
  ctx.db.named(
    'budgets_spend_sums',
    `
    select campaign_id, channel, sum(amount_minor)::float8 as amount_minor from spend
    where org_id = $1 and campaign_id = any($2::uuid[]) group by campaign_id, channel`,
    [ctx.orgId, campaignIds],
  )

/** What all campaigns cost within some hours (messages, in micros) and some days (spends, in minor units). */
export async function selectCostWithin(
  ctx: Ctx,
  { from, to, fromOn, toOn }: { from: Date; to: Date; fromOn: string; toOn: string },
): Promise<{ micros: number; spendsMinor: number }> {
  const [row] = await ctx.db.named<{ micros: number; spendsMinor: number }>(
    'budgets_cost_within',
    `
    with handed as (
      select channel, hour, sum(n) as n from (
        select channel, hour, name, n from metric where org_id = $1 and hour >= $2 and hour < $3
        union all
        select channel, hour, name, n from metric_delta where org_id = $1 and hour >= $2 and hour < $3
      ) counted
      where split_part(name, '.', 1) in ('sent', 'delivered', 'bounced', 'unknown')
      group by channel, hour
    )
    select
      (
        select coalesce(sum(h.n * p.price_micros), 0)::float8
        from handed h
        join lateral (
          select price_micros from message_price p
          where p.org_id = $1 and p.channel = h.channel and p.valid_from <= h.hour
          order by p.valid_from desc limit 1
        ) p on true
      ) as micros,
      (
        select coalesce(sum(amount_minor), 0)::float8 from spend
        where org_id = $1 and spent_on >= $4::date and spent_on <= $5::date
      ) as spends_minor`,
    [ctx.orgId, from, to, fromOn, toOn],
  )
  return row ?? { micros: 0, spendsMinor: 0 }
}
