/** Statements over prices and spends. */
import type { Ctx } from '../platform/context.ts'
import type { CampaignId, Id } from '../platform/ids.ts'
import type { SpendPlatform } from './schema.ts'

export type SpendId = Id<'spend'>

/** Kinds of spends. */
export const SPEND_KINDS = ['media', 'post', 'manual'] as const
export type SpendKind = (typeof SPEND_KINDS)[number]

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
        select campaign_id, channel, hour, n from metric
        where org_id = $1 and campaign_id = any($2::uuid[]) and split_part(name, '.', 1) in ('sent', 'delivered', 'bounced', 'unknown')
        union all
        select campaign_id, channel, hour, n from metric_delta
        where org_id = $1 and campaign_id = any($2::uuid[]) and split_part(name, '.', 1) in ('sent', 'delivered', 'bounced', 'unknown')
      ) counted
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
  platform: SpendPlatform | null
  amountMinor: number
  spentOn: string
  /** The last of several days that it covers; null for one. */
  spentUntil: string | null
  note: string
  createdBy: string
  createdAt: Date
}

const SPEND = `id, campaign_id, kind, channel, platform, amount_minor::float8 as amount_minor, to_char(spent_on, 'YYYY-MM-DD') as spent_on,
  to_char(spent_until, 'YYYY-MM-DD') as spent_until, note, created_by, created_at`

export const insertSpend = (ctx: Ctx, spend: Omit<Spend, 'createdAt'>): Promise<unknown> =>
  ctx.db.named(
    'budgets_spend_insert',
    `
    insert into spend (org_id, id, campaign_id, kind, channel, amount_minor, spent_on, note, created_by, created_at, platform, spent_until)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
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
      spend.platform,
      spend.spentUntil,
    ],
  )

/** A spend as it was, locked; undefined when the campaign has no such. */
export const lockSpend = async (ctx: Ctx, campaignId: CampaignId, id: SpendId): Promise<Spend | undefined> =>
  (
    await ctx.db.named<Spend>(
      'budgets_spend_lock',
      `select ${SPEND} from spend where org_id = $1 and campaign_id = $2 and id = $3 for update`,
      [ctx.orgId, campaignId, id],
    )
  )[0]

export const updateSpend = (
  ctx: Ctx,
  id: SpendId,
  spend: Omit<Spend, 'id' | 'campaignId' | 'createdBy' | 'createdAt'>,
): Promise<unknown> =>
  ctx.db.named(
    'budgets_spend_update',
    `
    update spend set kind = $3, channel = $4, amount_minor = $5, spent_on = $6, note = $7, platform = $8, spent_until = $9
    where org_id = $1 and id = $2`,
    [
      ctx.orgId,
      id,
      spend.kind,
      spend.channel,
      spend.amountMinor,
      spend.spentOn,
      spend.note,
      spend.platform,
      spend.spentUntil,
    ],
  )

/** A campaign's spends, latest first. */
export const selectSpends = (ctx: Ctx, campaignId: CampaignId, limit: number): Promise<Spend[]> =>
  ctx.db.named(
    'budgets_spends',
    `
    select ${SPEND} from spend where org_id = $1 and campaign_id = $2 order by spent_on desc, id desc limit $3`,
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

/** Sums of spends by campaign, channel and platform. */
export const sumSpends = (
  ctx: Ctx,
  campaignIds: readonly CampaignId[],
): Promise<
  { campaignId: CampaignId; channel: string | null; platform: SpendPlatform | null; amountMinor: number }[]
> =>
  ctx.db.named(
    'budgets_spend_sums',
    `
    select campaign_id, channel, platform, sum(amount_minor)::float8 as amount_minor from spend
    where org_id = $1 and campaign_id = any($2::uuid[]) group by campaign_id, channel, platform`,
    [ctx.orgId, campaignIds],
  )

/**
 * What all campaigns cost within some hours (messages, in micros) and some days (spends, in minor units). A spend over
 * several days is shared out evenly: what it came to by the last day less what it came to by the day before the first,
 * each rounded down, so that periods side by side add up to the cent.
 */
export async function selectCostWithin(
  ctx: Ctx,
  { from, to, fromOn, toOn }: { from: Date; to: Date; fromOn: string; toOn: string },
): Promise<{ micros: number; spendsMinor: number }> {
  const [row] = await ctx.db.named<{ micros: number; spendsMinor: number }>(
    'budgets_cost_within',
    `
    with handed as (
      select channel, hour, sum(n) as n from (
        select channel, hour, sent + delivered + bounced + unknown as n from metric_of_hour
        where org_id = $1 and hour >= $2 and hour < $3
        union all
        select channel, hour, n from metric_delta
        where org_id = $1 and hour >= $2 and hour < $3 and split_part(name, '.', 1) in ('sent', 'delivered', 'bounced', 'unknown')
      ) counted
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
        select coalesce(sum(
          floor(amount_minor * least(days, greatest(0, $5::date - spent_on + 1))::numeric / days)
          - floor(amount_minor * least(days, greatest(0, $4::date - spent_on))::numeric / days)
        ), 0)::float8
        from (
          select amount_minor, spent_on, coalesce(spent_until, spent_on) - spent_on + 1 as days from spend
          where org_id = $1 and spent_on <= $5::date and coalesce(spent_until, spent_on) >= $4::date
        ) covered
      ) as spends_minor`,
    [ctx.orgId, from, to, fromOn, toOn],
  )
  return row ?? { micros: 0, spendsMinor: 0 }
}
