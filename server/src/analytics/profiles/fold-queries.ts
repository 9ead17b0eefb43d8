/** Statements that add what came to profiles: sums and extremes only, so that order and lateness are no matter. */
import type { Ctx } from '../../platform/context.ts'
import { setNestedLoops, soughtBy } from '../../platform/db/index.ts'
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

/**
 * Notes whose people fill at least this share of their range of ids are added by reading the range: several chunks of a
 * campaign are under way at once, each in its part of the list.
 */
const DENSE_SHARE_MIN = 0.1

/**
 * Adds messages that were handed over; those to a profile that was merged count for the person. Under the frame's lock
 * nobody else writes these rows: those that are there are changed, and the others are written without asking for each
 * whether it came meanwhile.
 */
export async function addReceived(ctx: Ctx, notes: readonly HandoverNote[]): Promise<void> {
  for (const [channel, ofChannel] of Map.groupBy(notes, (note) => note.channel))
    await addReceivedOn(ctx, channel, ofChannel)
}

async function addReceivedOn(ctx: Ctx, channel: string, notes: readonly HandoverNote[]): Promise<void> {
  let [from, through, count] = [Infinity, 0, 0]
  for (const note of notes) {
    from = Math.min(from, Number(note.from))
    through = Math.max(through, Number(note.through))
    count += note.count
  }
  const values = [
    ctx.orgId,
    ctx.now(),
    channel,
    notes.map((note) => note.at),
    notes.map((note) => note.contactIds),
    from,
    through,
  ]
  if (count / (through - from + 1) < DENSE_SHARE_MIN)
    return addReceivedByKey(ctx, 'analytics_received_add', 'left join', values)
  await addReceivedByKey(ctx, 'analytics_received_add_merged', 'join', values)
  await addReceivedInRange(ctx, values)
}

const NOTED = `noted as (
      select n.at, u.id
      from unnest($4::timestamptz[], $5::text[]) as n (at, contact_ids)
      cross join unnest(n.contact_ids::bigint[]) as u (id)
    )`

/**
 * Writes what is summed per person: those that have a row, then whom `known` still knows of the others. That these are
 * found first lets a second campaign, which finds none, not look at anybody's profile.
 */
const writeReceived = (within: string, known: string): string => `
    changed as (
      update contact_engagement e set received = e.received + s.received,
        last_received_at = greatest(e.last_received_at, s.last_at), updated_at = $2
      from summed s
      where e.org_id = $1 and e.contact_id = s.contact_id and e.channel = $3 ${within}
      returning e.contact_id
    ), missing as materialized (
      select s.contact_id, s.received, s.last_at
      from summed s
      left join changed c on c.contact_id = s.contact_id
      where c.contact_id is null
    )
    insert into contact_engagement (org_id, contact_id, channel, received, last_received_at, updated_at)
    select $1, m.contact_id, $3, m.received, m.last_at, $2
    from missing m
    ${known}
    order by m.contact_id`

/** Looks at each person by key: all of them, or with an inner join those alone who were merged into another. */
async function addReceivedByKey(
  ctx: Ctx,
  name: string,
  join: 'join' | 'left join',
  values: readonly unknown[],
): Promise<void> {
  await ctx.db.named(
    name,
    `
    with recursive ${NOTED}, merged (id, contact_id, step) as (
      select a.merged_id, a.kept_id, 1
      from contact_alias a
      where a.org_id = $1 and a.merged_id between $6 and $7 and a.merged_id in (select id from noted)
      union all
      select m.id, a.kept_id, m.step + 1
      from merged m
      join contact_alias a on a.org_id = $1 and a.merged_id = m.contact_id
      where m.step < 100
    ), kept as (
      select distinct on (id) id, contact_id from merged order by id, step desc
    ), summed as (
      select coalesce(k.contact_id, n.id) as contact_id, count(*)::int as received, max(n.at) as last_at
      from noted n
      ${join} kept k on k.id = n.id
      group by 1
    ), ${writeReceived('', `cross join lateral (select from contact where org_id = $1 and ${soughtBy('id', 'm.contact_id')}) known`)}`,
    values,
  )
}

/** Reads the people between the lowest and the highest id; leaves out who was merged into another. */
async function addReceivedInRange(ctx: Ctx, values: readonly unknown[]): Promise<void> {
  // Both sides of its joins are sorted or small; without statistics the planner would compare all with all.
  await setNestedLoops(ctx, 'off')
  // People are sorted, so that they are read by id whatever statistics know of the organization.
  await ctx.db.named(
    'analytics_received_add_range',
    `
    with ${NOTED}, summed as (
      select n.id as contact_id, count(*)::int as received, max(n.at) as last_at
      from noted n
      where not exists (
        select from contact_alias a where a.org_id = $1 and a.merged_id between $6 and $7 and a.merged_id = n.id
      )
      group by 1
    ), ${writeReceived(
      'and e.contact_id between $6 and $7',
      'join (select id from contact where org_id = $1 and id between $6 and $7 order by id) known on known.id = m.contact_id',
    )}`,
    values,
  )
  await setNestedLoops(ctx, 'on')
}
