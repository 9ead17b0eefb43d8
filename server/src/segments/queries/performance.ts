/** SQL over what segments bring. */
import type { Ctx } from '../../platform/context.ts'
import type { SegmentId } from '../../platform/ids.ts'
import type { Day } from '../rules/days.ts'
import { type Predicate, withinTime } from './people.ts'

/** Sums over the people of a segment; money in minor units of the organization's currency. */
export interface Figures {
  people: number
  buyers: number
  orders: number
  revenueMinor: number
  /** Mean engagement score of all, in hundredths; null when there is nobody. */
  engagementCenti: number | null
  received: number
  opened: number
  clicked: number
  converted: number
}

/** The figures of one day. */
export interface DayFigures extends Figures {
  day: Day
}

/** A segment's rule as a predicate. */
export interface NamedPredicate {
  id: SegmentId
  predicate: Predicate
}

/**
 * Sums over everybody who matches. Engagement is summed per contact before it is joined, so that nobody counts twice.
 * @returns null when it took longer than `timeoutMs`
 */
export async function selectFigures(
  ctx: Ctx,
  predicate: Predicate,
  timeoutMs: number,
): Promise<Figures | null> {
  const { text, values } = predicate({ alias: 'c', orgIdParam: '$1', firstParam: 2 })
  const rows = await withinTime(ctx, timeoutMs, (inner) =>
    inner.db.query<Figures>(
      `
      with member as materialized (
        select c.id from contact c where c.org_id = $1 and (${text})
      ), messages as (
        select n.contact_id, sum(n.opened) as opened, sum(n.clicked) as clicked, sum(n.converted) as converted
        from contact_engagement n
        where n.org_id = $1
        group by n.contact_id
      ), received as (
        select r.contact_id, sum(r.received) as received
        from contact_received r
        where r.org_id = $1
        group by r.contact_id
      )
      select count(*)::int as people, (count(*) filter (where p.orders > 0))::int as buyers,
        coalesce(sum(p.orders), 0)::int as orders, coalesce(sum(p.revenue_minor), 0)::float8 as revenue_minor,
        round(100.0 * sum(coalesce(p.engagement_score, 0)) / nullif(count(*), 0))::int as engagement_centi,
        coalesce(sum(r.received), 0)::float8 as received, coalesce(sum(g.opened), 0)::float8 as opened,
        coalesce(sum(g.clicked), 0)::float8 as clicked, coalesce(sum(g.converted), 0)::float8 as converted
      from member m
      left join contact_profile p on p.org_id = $1 and p.contact_id = m.id
      left join messages g on g.contact_id = m.id
      left join received r on r.contact_id = m.id`,
      [ctx.orgId, ...values],
    ),
  )
  return rows?.[0] ?? null
}

/** How many people are in exactly which of several segments: one pass over the contacts. */
export async function selectOverlaps(
  ctx: Ctx,
  segments: readonly NamedPredicate[],
  timeoutMs: number,
): Promise<{ segmentIds: SegmentId[]; people: number }[] | null> {
  const values: unknown[] = []
  const columns = segments.map(({ predicate }, index) => {
    const made = predicate({ alias: 'c', orgIdParam: '$1', firstParam: 2 + values.length })
    values.push(...made.values)
    return `case when ${made.text} then ${2 ** index} else 0 end`
  })
  const rows = await withinTime(ctx, timeoutMs, (inner) =>
    inner.db.query<{ places: number; people: number }>(
      `
      with placed as (
        select ${columns.join(' + ')} as places from contact c where c.org_id = $1
      )
      select places, count(*)::int as people from placed where places > 0 group by places order by people desc, places`,
      [ctx.orgId, ...values],
    ),
  )
  return (
    rows?.map(({ places, people }) => ({
      segmentIds: segments.flatMap(({ id }, index) =>
        Math.floor(places / 2 ** index) % 2 === 1 ? [id] : [],
      ),
      people,
    })) ?? null
  )
}

/** A segment's figures day by day, the earliest first. */
export function selectDays(ctx: Ctx, id: SegmentId, since: Day): Promise<DayFigures[]> {
  return ctx.db.named(
    'segments_days',
    `
    select to_char(day, 'YYYY-MM-DD') as day, people, buyers, orders, revenue_minor::float8 as revenue_minor, engagement_centi,
      received::float8 as received, opened::float8 as opened, clicked::float8 as clicked, converted::float8 as converted
    from segment_snapshot
    where org_id = $1 and segment_id = $2 and day >= $3::date
    order by day`,
    [ctx.orgId, id, since],
  )
}

/** Writes down the figures of a day. */
export async function putDay(ctx: Ctx, id: SegmentId, day: Day, figures: Figures): Promise<void> {
  await ctx.db.named(
    'segments_day_put',
    `
    insert into segment_snapshot as s (org_id, segment_id, day, people, buyers, orders, revenue_minor, engagement_centi, received, opened, clicked,
      converted, taken_at)
    select $1, g.id, $3::date, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
    from segment g where g.org_id = $1 and g.id = $2
    on conflict (org_id, segment_id, day) do update set
      people = excluded.people, buyers = excluded.buyers, orders = excluded.orders, revenue_minor = excluded.revenue_minor,
      engagement_centi = excluded.engagement_centi, received = excluded.received, opened = excluded.opened, clicked = excluded.clicked,
      converted = excluded.converted, taken_at = excluded.taken_at`,
    [
      ctx.orgId,
      id,
      day,
      figures.people,
      figures.buyers,
      figures.orders,
      figures.revenueMinor,
      figures.engagementCenti,
      figures.received,
      figures.opened,
      figures.clicked,
      figures.converted,
      ctx.now(),
    ],
  )
}

/** Forgets days before one. */
export async function forgetDays(ctx: Ctx, before: Day): Promise<void> {
  await ctx.db.named(
    'segments_days_forget',
    'delete from segment_snapshot where org_id = $1 and day < $2::date',
    [ctx.orgId, before],
  )
}
