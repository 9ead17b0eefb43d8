/** Statements over prices of one provider or country, and over prices of posts. */
import type { Ctx } from '../platform/context.ts'
import type { SpendPlatform } from './schema.ts'

/** Of which messages a price is; the empty text stands for any provider, any country. */
export interface SpecialSubject {
  channel: string
  providerId: string
  country: string
}

/** A price with the hour from which it holds; null from when on messages cost what others of the channel do. */
export interface SpecialPriceRow extends SpecialSubject {
  priceMicros: number | null
  validFrom: Date
}

/** A page of the prices that were set, the latest first; `after` is the last row of the page before. */
export const selectSpecialPrices = (
  ctx: Ctx,
  after: (SpecialSubject & { validFrom: string }) | null,
  limit: number,
): Promise<SpecialPriceRow[]> =>
  ctx.db.named(
    'budgets_special_prices',
    `
    select channel, provider_id, country, price_micros::float8 as price_micros, valid_from
    from special_price
    where org_id = $1 and ($2::timestamptz is null or valid_from < $2
      or (valid_from = $2 and (channel, country, provider_id) > ($3, $4, $5)))
    order by valid_from desc, channel, country, provider_id limit $6`,
    [ctx.orgId, after?.validFrom, after?.channel, after?.country, after?.providerId, limit],
  )

/** Adds one; of the same subject and instant, the one before gives way. */
export const insertSpecialPrice = (ctx: Ctx, row: SpecialPriceRow): Promise<unknown> =>
  ctx.db.named(
    'budgets_special_price_insert',
    `
    insert into special_price (org_id, channel, provider_id, country, valid_from, price_micros, set_by, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (org_id, channel, provider_id, country, valid_from)
      do update set price_micros = excluded.price_micros, set_by = excluded.set_by`,
    [
      ctx.orgId,
      row.channel,
      row.providerId,
      row.country,
      row.validFrom,
      row.priceMicros,
      ctx.actor.id,
      ctx.now(),
    ],
  )

/** @returns the price that was there, or undefined */
export const deleteSpecialPrice = async (
  ctx: Ctx,
  { channel, providerId, country }: SpecialSubject,
  validFrom: Date,
): Promise<{ priceMicros: number | null } | undefined> =>
  (
    await ctx.db.named<{ priceMicros: number | null }>(
      'budgets_special_price_delete',
      `
      delete from special_price
      where org_id = $1 and channel = $2 and provider_id = $3 and country = $4 and valid_from = $5
      returning price_micros::float8 as price_micros`,
      [ctx.orgId, channel, providerId, country, validFrom],
    )
  )[0]

export const countSpecialPrices = async (ctx: Ctx): Promise<number> =>
  (
    await ctx.db.named<{ n: number }>(
      'budgets_special_price_count',
      'select count(*)::int as n from special_price where org_id = $1',
      [ctx.orgId],
    )
  )[0]?.n ?? 0

/** The day from which everything that has no earlier price is priced. */
const BEGINNING = '0001-01-01'

export interface PostPriceRow {
  platform: SpendPlatform
  priceMicros: number
  /** Null for a platform's first, which holds for everything before it, too. */
  validFrom: string | null
}

export const selectPostPrices = (ctx: Ctx, limit: number): Promise<PostPriceRow[]> =>
  ctx.db.named(
    'budgets_post_prices',
    `
    select platform, price_micros::float8 as price_micros, nullif(to_char(valid_from, 'YYYY-MM-DD'), '${BEGINNING}') as valid_from
    from post_price where org_id = $1 order by post_price.valid_from desc, platform limit $2`,
    [ctx.orgId, limit],
  )

/** Adds one; of the same platform and day, the one before gives way. */
export const insertPostPrice = (ctx: Ctx, row: PostPriceRow): Promise<unknown> =>
  ctx.db.named(
    'budgets_post_price_insert',
    `
    insert into post_price (org_id, platform, valid_from, price_micros, set_by, created_at)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (org_id, platform, valid_from) do update set price_micros = excluded.price_micros, set_by = excluded.set_by`,
    [ctx.orgId, row.platform, row.validFrom ?? BEGINNING, row.priceMicros, ctx.actor.id, ctx.now()],
  )

/** @returns the price that was there, or undefined */
export const deletePostPrice = async (
  ctx: Ctx,
  platform: SpendPlatform,
  validFrom: string | null,
): Promise<{ priceMicros: number } | undefined> =>
  (
    await ctx.db.named<{ priceMicros: number }>(
      'budgets_post_price_delete',
      `
      delete from post_price where org_id = $1 and platform = $2 and valid_from = $3
      returning price_micros::float8 as price_micros`,
      [ctx.orgId, platform, validFrom ?? BEGINNING],
    )
  )[0]

/** What a post on a platform costs on a day, in micros; null where no price was ever set. */
export const selectPostPriceOn = async (
  ctx: Ctx,
  platform: SpendPlatform,
  on: string,
): Promise<number | null> =>
  (
    await ctx.db.named<{ priceMicros: number }>(
      'budgets_post_price_on',
      `
      select price_micros::float8 as price_micros from post_price
      where org_id = $1 and platform = $2 and valid_from <= $3 order by valid_from desc limit 1`,
      [ctx.orgId, platform, on],
    )
  )[0]?.priceMicros ?? null

/**
 * Posts that are priced each cost what their prices say now, rounded to the nearest minor unit; posts without a price
 * keep their amount.
 */
export const repricePosts = (ctx: Ctx, platform: SpendPlatform, microsPerMinor: number): Promise<unknown> =>
  ctx.db.named(
    'budgets_posts_reprice',
    `
    with priced as (
      select s.id, round(s.posts * p.price_micros / $3::numeric)::bigint as amount_minor
      from spend s
      cross join lateral (
        select price_micros from post_price p
        where p.org_id = $1 and p.platform = $2 and p.valid_from <= s.spent_on order by p.valid_from desc limit 1
      ) p
      where s.org_id = $1 and s.platform = $2 and s.posts is not null
    )
    update spend set amount_minor = priced.amount_minor from priced
    where spend.org_id = $1 and spend.id = priced.id and spend.amount_minor <> priced.amount_minor`,
    [ctx.orgId, platform, microsPerMinor],
  )
