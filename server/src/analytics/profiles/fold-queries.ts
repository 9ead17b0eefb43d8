/** Statements that add what came to profiles: sums and extremes only, so that order and lateness are no matter. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { HandoverNote } from '../../tracking/index.ts'
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

/** Adds what people did. Who is no contact (a visitor, somebody erased) is left out. */
export const addActivity = (ctx: Ctx, frame: Frame, rows: readonly ActivityRow[]): Promise<unknown> =>
  ctx.db.named(
    'analytics_activity_add',
    `
    with done as (
      select c.id as contact_id, a.at, ${pointsSql('a.weight', 'a.at')} as points,
        case when a.is_reading then hour_in(a.at, coalesce(c.time_zone, $4)) end as hour
      from unnest($5::bigint[], $6::timestamptz[], $7::int[], $8::boolean[]) as a (contact_id, at, weight, is_reading)
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
      frame.timeZone,
      rows.map((row) => row.contactId),
      rows.map((row) => row.at),
      rows.map((row) => row.weight),
      rows.map((row) => row.isReading),
    ],
  )

/** Adds messages that were handed over; those to a profile that was merged count for the person. */
export const addReceived = (ctx: Ctx, notes: readonly HandoverNote[]): Promise<unknown> =>
  ctx.db.named(
    'analytics_received_add',
    `
    with recursive noted as (
      select n.channel, n.at, u.id
      from unnest($3::text[], $4::timestamptz[], $5::text[]) as n (channel, at, contact_ids)
      cross join unnest(n.contact_ids::bigint[]) as u (id)
    ), present (id, contact_id, step) as (
      select distinct id, id, 0 from noted
      union all
      select p.id, a.kept_id, p.step + 1
      from present p
      join contact_alias a on a.org_id = $1 and a.merged_id = p.contact_id
      where p.step < 100
    ), person as (
      select distinct on (p.id) p.id, p.contact_id from present p order by p.id, p.step desc
    ), summed as (
      select p.contact_id, n.channel, count(*)::int as received, max(n.at) as last_at
      from noted n
      join person p on p.id = n.id
      join contact c on c.org_id = $1 and c.id = p.contact_id
      group by p.contact_id, n.channel
    )
    insert into contact_engagement as e (org_id, contact_id, channel, received, last_received_at, updated_at)
    select $1, contact_id, channel, received, last_at, $2 from summed order by contact_id, channel
    on conflict (org_id, contact_id, channel) do update set
      received = e.received + excluded.received,
      last_received_at = greatest(e.last_received_at, excluded.last_received_at), updated_at = excluded.updated_at`,
    [
      ctx.orgId,
      ctx.now(),
      notes.map((note) => note.channel),
      notes.map((note) => note.at),
      notes.map((note) => note.contactIds),
    ],
  )
