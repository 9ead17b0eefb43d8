/** Statements that add what came to profiles: sums and extremes only, so that order and lateness are no matter. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import { lifetimeSql, pointsSql, scoreSql } from './figures-sql.ts'
import type { Frame } from './frame.ts'

/** Something that a contact did. */
export interface ActivityRow {
  contactId: ContactId
  at: Date
  weight: number
  /** True for what shows the hours in which somebody reads: messages opened, links followed. */
  isReading: boolean
}

/** Counts of 24 hours over rows that have an `hour`, as the type of the column holds them. */
export const HOURS_SQL = `array[${Array.from({ length: 24 }, (_, hour) => `least(32767, count(*) filter (where hour = ${hour}))`).join(', ')}]::smallint[]`

/**
 * Adds what people did. Who is no contact (a visitor, somebody erased) is left out.
 * @param zones  by whose clock the readers among them read
 */
export const addActivity = (
  ctx: Ctx,
  frame: Frame,
  rows: readonly ActivityRow[],
  zones: ReadonlyMap<ContactId, { zone: string }>,
): Promise<unknown> =>
  ctx.db.named(
    'analytics_activity_add',
    `
    with done as (
      select c.id as contact_id, a.at, ${pointsSql('a.weight', 'a.at')} as points,
        case when a.zone is not null then hour_in(a.at, a.zone) end as hour
      from unnest($4::bigint[], $5::timestamptz[], $6::int[], $7::text[]) as a (contact_id, at, weight, zone)
      join contact c on c.org_id = $1 and c.id = a.contact_id
    ), summed as (
      select contact_id, min(at) as first_at, max(at) as last_at, sum(points) as points, ${HOURS_SQL} as hours, count(hour) as readings
      from done group by contact_id
    )
    insert into contact_profile as p (org_id, contact_id, first_activity_at, last_activity_at, activity_points, best_hours,
      engagement_score, figured_on, updated_at)
    select $1, s.contact_id, s.first_at, s.last_at, s.points, s.hours, ${scoreSql('s.points', '$3')}, $3, $2
    from summed s
    order by s.contact_id
    on conflict (org_id, contact_id) do update set
      first_activity_at = least(p.first_activity_at, excluded.first_activity_at),
      last_activity_at = greatest(p.last_activity_at, excluded.last_activity_at),
      activity_points = p.activity_points + excluded.activity_points,
      best_hours = add_hours(p.best_hours, excluded.best_hours),
      engagement_score = ${scoreSql('(p.activity_points + excluded.activity_points)', '$3')},
      lifetime_value_minor = ${lifetimeSql({ revenue: 'p.revenue_minor', first: 'p.first_order_at', last: 'p.last_order_at' }, '$3')},
      figured_on = excluded.figured_on, updated_at = excluded.updated_at`,
    [
      ctx.orgId,
      ctx.now(),
      frame.today,
      rows.map((row) => row.contactId),
      rows.map((row) => row.at),
      rows.map((row) => row.weight),
      rows.map((row) => (row.isReading ? (zones.get(row.contactId)?.zone ?? null) : null)),
    ],
  )
