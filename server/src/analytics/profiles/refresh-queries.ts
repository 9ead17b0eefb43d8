/** Statements that bring figures to another day, other borders or other bounds, a slice of contacts at a time. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import { classSql, fifthSql, lifetimeSql, scoreSql, spendingSql } from './figures-sql.ts'
import type { Frame } from './frame.ts'

/** A slice of contacts by id: from `after` (exclusive) to `upTo` (inclusive). */
export interface Slice {
  after: ContactId
  upTo: ContactId
}

/** Where the slice ends that holds the next so many contacts with figures; null behind the last. */
export async function selectSliceEnd(ctx: Ctx, after: ContactId, size: number): Promise<ContactId | null> {
  const [row] = await ctx.db.named<{ id: ContactId | null }>(
    'analytics_profile_slice_end',
    `
    select max(contact_id) as id from (
      select contact_id from contact_profile where org_id = $1 and contact_id > $2 order by contact_id limit $3
    ) slice`,
    [ctx.orgId, after, size],
  )
  return row?.id ?? null
}

const LIFETIME = lifetimeSql(
  { revenue: 'p.revenue_minor', first: 'p.first_order_at', last: 'p.last_order_at' },
  '$4',
)

/**
 * Score, lifetime value, fifths, class and spending level of a slice as of the frame. Rows that read the same stay
 * untouched, so that a day without news writes nothing.
 * @returns whose figures changed
 */
export const refreshSlice = async (ctx: Ctx, frame: Frame, slice: Slice): Promise<ContactId[]> =>
  (
    await ctx.db.named<{ contactId: ContactId }>(
      'analytics_profiles_refresh',
      `
      with scored as (
        select p.contact_id, ${scoreSql('p.activity_points', '$4')} as score, ${LIFETIME} as lifetime,
          ${fifthSql('p.orders', 'p.last_order_at', '$5::timestamptz[]')} as r,
          ${fifthSql('p.orders', 'p.orders', '$6::int[]')} as f, ${fifthSql('p.orders', 'p.revenue_minor', '$7::bigint[]')} as m,
          ${spendingSql('p.orders', 'p.revenue_minor', '$8::bigint', '$9::bigint')} as level
        from contact_profile p
        where p.org_id = $1 and p.contact_id > $2 and p.contact_id <= $3
      )
      update contact_profile p
      set engagement_score = s.score, lifetime_value_minor = s.lifetime, rfm_recency = s.r, rfm_frequency = s.f, rfm_monetary = s.m,
        rfm_class = ${classSql('s.r', 's.f', 's.m')}, spending_level = s.level, figured_on = $4, updated_at = $10
      from scored s
      where p.org_id = $1 and p.contact_id = s.contact_id
        and (p.engagement_score, p.lifetime_value_minor, p.rfm_recency, p.rfm_frequency, p.rfm_monetary, p.spending_level)
          is distinct from (s.score, s.lifetime, s.r, s.f, s.m, s.level)
      returning p.contact_id`,
      [
        ctx.orgId,
        slice.after,
        slice.upTo,
        frame.today,
        frame.lastOrderBorders,
        frame.ordersBorders,
        frame.revenueBorders,
        frame.mediumFromMinor,
        frame.highFromMinor,
        ctx.now(),
      ],
    )
  ).map((row) => row.contactId)

/** A border stands at each full fifth of the values in order: the last value that belongs to it. */
const borders = (column: string): string => `
      select array_agg(v.value order by k.fifth) as borders
      from generate_series(1, 4) as k (fifth)
      join (
        select ${column} as value, row_number() over (order by ${column}) as place, count(*) over () as n
        from buyer
      ) v on v.place = (k.fifth * v.n + 4) / 5`

/**
 * Draws the borders between fifths of all contacts who ordered. Equal values always
 * share a score, so that fifths may be larger or smaller than a fifth.
 */
export const drawBorders = (ctx: Ctx): Promise<unknown> =>
  ctx.db.named(
    'analytics_borders_draw',
    `
    with buyer as (
      select p.last_order_at, p.orders, p.revenue_minor from contact_profile p
      join contact c on c.org_id = $1 and c.id = p.contact_id
      where p.org_id = $1 and p.orders > 0
    ), recency as (${borders('last_order_at')}), frequency as (${borders('orders')}), monetary as (${borders('revenue_minor')})
    update profile_setting s
    set last_order_borders = coalesce(r.borders, '{}'), orders_borders = coalesce(f.borders, '{}'),
      revenue_borders = coalesce(m.borders, '{}'), buyers = (select count(*) from buyer), drawn_at = $2, changes = 0, updated_at = $2
    from recency r, frequency f, monetary m
    where s.org_id = $1`,
    [ctx.orgId, ctx.now()],
  )

/** Whether the borders are worth drawing anew, and the day of the last refresh. */
export interface RefreshState {
  buyers: number
  changes: number
  drawnAt: Date | null
  figuredOn: string | null
}

export const selectRefreshState = async (ctx: Ctx): Promise<RefreshState | undefined> =>
  (
    await ctx.db.named<RefreshState>(
      'analytics_refresh_state',
      'select buyers, changes, drawn_at, figured_on from profile_setting where org_id = $1',
      [ctx.orgId],
    )
  )[0]

/** Notes that every profile reads as of a day. */
export const updateFiguredOn = (ctx: Ctx, day: string): Promise<unknown> =>
  ctx.db.named(
    'analytics_figured_on',
    'update profile_setting set figured_on = $2, updated_at = $3 where org_id = $1',
    [ctx.orgId, day, ctx.now()],
  )
