/**
 * Statements that make figures anew for some contacts, from the log up to a position and from the ledger. The consumer
 * uses them where adding would not do (orders, refunds, people who became one), the rebuild for everybody: what is
 * kept current and what is recomputed are the same text.
 */
import type { Ctx } from '../../platform/context.ts'
import { type IdRange, rangeOf, shareOf, withoutNestedLoops } from '../../platform/db/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import { CONVERSION_DAYS, POINTS } from './definitions.ts'
import { classSql, dayOf, fifthSql, lifetimeSql, scoreSql, spendingSql, unitSql } from './figures-sql.ts'
import { HOURS_SQL } from './fold-queries.ts'
import type { Frame } from './frame.ts'

/** Whose figures, and how far the log is read: what lies behind will be added when it is read. */
export interface Scope {
  contactIds: readonly ContactId[]
  /** Position in the log, inclusive. */
  until: string
}

/** From so many contacts on, a statement is planned for them: a plan made for a handful would join row by row. */
const PLANNED_FROM = 100
/**
 * Contacts who fill at least this share of their range of ids are read by the range: slices, whoever was imported, and the
 * chunks of a campaign that are under way at once, each in its part of the list.
 */
const DENSE_SHARE_MIN = 0.1

/**
 * How a statement comes to the rows of its people: by one scan of their range of ids, which stands in this parameter and
 * the next; null: person by person.
 */
type Range = number | null

/** Runs a statement for some contacts: prepared where they are few, planned for their number where they are many. */
export const figure = (
  ctx: Ctx,
  contacts: number,
  name: string,
  text: string,
  values: readonly unknown[],
): Promise<unknown> =>
  contacts < PLANNED_FROM ? ctx.db.named(name, text, values) : ctx.db.query(text, values)

/**
 * Runs a statement over the events of some contacts. Without statistics, as right after a first import, the planner takes
 * all rows for one: left to itself it read the range once for each person and each event (two minutes for 500 people with
 * 2,700 events, measured; 70 ms now), while everybody waited for the frame's lock.
 */
async function figureFromEvents(
  ctx: Ctx,
  contactIds: readonly ContactId[],
  name: string,
  text: (range: Range) => string,
  values: readonly unknown[],
): Promise<void> {
  const range = rangeOf(contactIds)
  if (contactIds.length < PLANNED_FROM || !isDense(range, contactIds.length)) {
    await figure(ctx, contactIds.length, name, text(null), values)
    return
  }
  const ranged = [...values, range.from, range.through]
  await withoutNestedLoops(ctx, () => ctx.db.query(text(values.length + 1), ranged))
}

/** Whether so many ids are enough for a scan of their range. */
export const isDense = (range: IdRange, count: number): boolean => shareOf(range, count) >= DENSE_SHARE_MIN

/** The contacts in `$2`, as far as they are there. */
export const PERSON = `person as (
      select c.id as contact_id from contact c where c.org_id = $1 and c.id = any($2::bigint[])
    )`

/** The bounds of a range over a table: a slice then reads its own part of an index, and not the whole of it again. */
const within = (range: Range, column: string): string =>
  range === null ? '' : `and ${column} >= $${range}::bigint and ${column} <= $${range + 1}::bigint`

/** The events `e` of `person p`, up to a position. */
const eventsOfPerson = (range: Range): string =>
  range === null
    ? `cross join lateral (
        select * from event
        where org_id = $1 and contact_id between p.contact_id and p.contact_id and seq <= $3
        order by contact_id
      ) e`
    : `join event e on e.org_id = $1 and e.contact_id = p.contact_id ${within(range, 'e.contact_id')} and e.seq <= $3`

/** Events of types that mean money or a subscription; an order without a number is one of its own. */
const factSql = (range: Range): string => `role as (
      select r.key as type, r.value as role from jsonb_each_text($4::jsonb) as r
    ), fact as (
      select e.contact_id, e.seq, e.at, r.role, coalesce(nullif(e.payload ->> 'orderId', ''), '#' || e.seq) as order_key,
        (e.payload #>> '{money,amountMinor}')::bigint as amount_minor, e.payload #>> '{money,currency}' as currency,
        coalesce(e.payload #>> '{properties,tier}', e.payload #>> '{properties,plan}') as tier
      from person p
      ${eventsOfPerson(range)}
      join role r on r.type = e.type
    ), purchase as (
      select distinct on (contact_id, order_key) contact_id, order_key, seq, at, amount_minor, currency
      from fact where role = 'purchase'
      order by contact_id, order_key, seq
    )`

/** Clicks that turned out to be a program's, and what people did with messages. */
const hitSql = (range: Range): string => `machine_click as materialized (
      select e.contact_id, (k.click ->> 'seq')::bigint as seq
      from person p
      ${eventsOfPerson(range)}
      cross join jsonb_array_elements(e.payload -> 'clicks') as k (click)
      where e.type = 'message.clicks_reclassified'
    )`

/** Orders, money, subscription and what depends on them. A repeated order number is the same order. */
export const refigureMoney = (ctx: Ctx, frame: Frame, scope: Scope): Promise<unknown> =>
  figureFromEvents(
    ctx,
    scope.contactIds,
    'analytics_money_refigure',
    (range) => `
    with ${PERSON}, ${factSql(range)}, refund as (
      select f.contact_id, f.order_key, coalesce(f.currency, p.currency) as currency, count(*) as n,
        sum(coalesce(f.amount_minor, p.amount_minor, 0)) as amount_minor,
        max(p.amount_minor) filter (where p.currency = coalesce(f.currency, p.currency)) as paid_minor
      from fact f
      left join purchase p on p.contact_id = f.contact_id and p.order_key = f.order_key
      where f.role = 'refund'
      group by f.contact_id, f.order_key, coalesce(f.currency, p.currency)
    ), money as (
      select contact_id, currency, sum(orders)::int as orders, sum(paid)::bigint as paid, sum(refunded)::bigint as refunded
      from (
        select contact_id, currency, 1 as orders, amount_minor as paid, 0 as refunded from purchase
        union all
        select contact_id, currency, 0, 0, least(amount_minor, coalesce(paid_minor, amount_minor)) from refund
      ) moved
      where currency is not null
      group by contact_id, currency
    ), other as (
      insert into contact_other_money as o (org_id, contact_id, currency, orders, revenue_minor, refunded_minor, updated_at)
      select $1, contact_id, currency, coalesce(m.orders, 0), coalesce(m.paid - m.refunded, 0), coalesce(m.refunded, 0), $6
      from (select * from money where currency <> $5) m
      full join (
        select k.contact_id, k.currency from person p
        join contact_other_money k on k.org_id = $1 and k.contact_id = p.contact_id ${within(range, 'k.contact_id')}
      ) known using (contact_id, currency)
      order by contact_id, currency
      on conflict (org_id, contact_id, currency) do update set orders = excluded.orders,
        revenue_minor = excluded.revenue_minor, refunded_minor = excluded.refunded_minor, updated_at = excluded.updated_at
    ), ordered as (
      select contact_id, count(*)::int as orders, min(at) as first_at, max(at) as last_at,
        (array_agg(amount_minor order by at desc, seq desc) filter (where currency = $5))[1] as last_minor
      from purchase group by contact_id
    ), returned as (
      select contact_id, sum(n)::int as refunds from refund group by contact_id
    ), subscribed as (
      select distinct on (contact_id) contact_id, at, case role when 'subscription_started' then 'active' else 'ended' end as status
      from fact where role in ('subscription_started', 'subscription_ended')
      order by contact_id, at desc, seq desc
    ), tiered as (
      select distinct on (contact_id) contact_id, tier
      from fact where role = 'subscription_started'
      order by contact_id, at desc, seq desc
    ), known as (
      select p.contact_id, coalesce(o.orders, 0) as orders, coalesce(r.refunds, 0) as refunds,
        coalesce(m.paid - m.refunded, 0) as revenue, coalesce(m.refunded, 0) as refunded,
        case when m.orders > 0 then (2 * m.paid + m.orders) / (2 * m.orders) end as average, o.last_minor, o.first_at, o.last_at,
        t.tier, s.status, s.at as subscription_at
      from person p
      left join ordered o using (contact_id)
      left join returned r using (contact_id)
      left join money m on m.contact_id = p.contact_id and m.currency = $5
      left join subscribed s on s.contact_id = p.contact_id
      left join tiered t on t.contact_id = p.contact_id
      where o.contact_id is not null or r.contact_id is not null or s.contact_id is not null
        or exists (
          select from contact_profile x where x.org_id = $1 and x.contact_id = p.contact_id ${within(range, 'x.contact_id')}
        )
    ), scored as (
      select k.*, ${fifthSql('k.orders', 'k.last_at', '$8::timestamptz[]')} as r, ${fifthSql('k.orders', 'k.orders', '$9::int[]')} as f,
        ${fifthSql('k.orders', 'k.revenue', '$10::bigint[]')} as m
      from known k
    )
    insert into contact_profile as p (org_id, contact_id, orders, refunds, revenue_minor, refunded_minor, average_order_minor,
      last_order_minor, first_order_at, last_order_at, subscription_tier, subscription_status, subscription_at,
      rfm_recency, rfm_frequency, rfm_monetary, rfm_class, spending_level, lifetime_value_minor, figured_on, updated_at)
    select $1, contact_id, orders, refunds, revenue, refunded, average, last_minor, first_at, last_at, tier, status, subscription_at,
      r, f, m, ${classSql('r', 'f', 'm')}, ${spendingSql('orders', 'revenue', '$11::bigint', '$12::bigint')},
      ${lifetimeSql({ revenue: 'revenue', first: 'first_at', last: 'last_at' }, '$7')}, $7, $6
    from scored
    order by contact_id
    on conflict (org_id, contact_id) do update set
      orders = excluded.orders, refunds = excluded.refunds, revenue_minor = excluded.revenue_minor,
      refunded_minor = excluded.refunded_minor, average_order_minor = excluded.average_order_minor,
      last_order_minor = excluded.last_order_minor, first_order_at = excluded.first_order_at, last_order_at = excluded.last_order_at,
      subscription_tier = excluded.subscription_tier, subscription_status = excluded.subscription_status,
      subscription_at = excluded.subscription_at, rfm_recency = excluded.rfm_recency, rfm_frequency = excluded.rfm_frequency,
      rfm_monetary = excluded.rfm_monetary, rfm_class = excluded.rfm_class, spending_level = excluded.spending_level,
      lifetime_value_minor = excluded.lifetime_value_minor, engagement_score = ${scoreSql('p.activity_points', '$7')},
      figured_on = excluded.figured_on, updated_at = excluded.updated_at`,
    [
      ctx.orgId,
      scope.contactIds,
      scope.until,
      JSON.stringify(frame.roles),
      frame.currency,
      ctx.now(),
      frame.today,
      frame.lastOrderBorders,
      frame.ordersBorders,
      frame.revenueBorders,
      frame.mediumFromMinor,
      frame.highFromMinor,
    ],
  )

/**
 * First and last activity, points, score and hours. What a point is worth on a day is reckoned once a day, not for each
 * event, and the hours only over what was read.
 * @param zones  by whose clock each of them reads
 */
export const refigureActivity = (
  ctx: Ctx,
  frame: Frame,
  scope: Scope,
  zones: ReadonlyMap<ContactId, { zone: string }>,
): Promise<unknown> =>
  figureFromEvents(
    ctx,
    scope.contactIds,
    'analytics_activity_refigure',
    (range) => `
    with ${PERSON}, role as (
      select r.key as type, r.value as role from jsonb_each_text($4::jsonb) as r
    ), ${hitSql(range)}, done as (
      select e.contact_id, e.at, ${dayOf('e.at')} as day,
        case when e.type = 'message.unsubscribed' then 0 when e.type = 'message.opened' then ${POINTS.opened}
          when e.type = 'message.clicked' then ${POINTS.clicked} when e.type = 'message.replied' then ${POINTS.replied}
          when r.role = 'purchase' then ${POINTS.ordered}
          when e.type in ('page', 'screen') then ${POINTS.visit} else ${POINTS.event} end as weight,
        case when e.type in ('message.opened', 'message.clicked') then hour_in(e.at, coalesce(z.zone, $5)) end as hour
      from person p
      left join unnest($8::bigint[], $9::text[]) as z (contact_id, zone) on z.contact_id = p.contact_id
      ${eventsOfPerson(range)}
      left join role r on r.type = e.type
      where (starts_with(e.type, 'track:') or e.type in ('page', 'screen', 'message.opened', 'message.clicked', 'message.replied',
          'message.unsubscribed'))
        and coalesce(r.role, '') not in ('refund', 'subscription_ended')
        and (e.type not in ('message.opened', 'message.clicked') or (e.payload ->> 'machine') is distinct from 'true')
        and not exists (select from machine_click k where k.contact_id = e.contact_id and k.seq = e.seq)
    ), unit as materialized (
      select day, ${unitSql('day')} as units from (select distinct day from done) days
    ), summed as (
      select contact_id, min(d.at) as first_at, max(d.at) as last_at, sum(d.weight * u.units) as points
      from done d join unit u using (day)
      group by contact_id
    ), reading as (
      select contact_id, ${HOURS_SQL} as hours from done where hour is not null group by contact_id
    ), known as (
      select p.contact_id, s.first_at, s.last_at, coalesce(s.points, 0) as points,
        coalesce(r.hours, array_fill(0::smallint, array[24])) as hours
      from person p
      left join summed s using (contact_id)
      left join reading r using (contact_id)
      where s.contact_id is not null
        or exists (
          select from contact_profile x where x.org_id = $1 and x.contact_id = p.contact_id ${within(range, 'x.contact_id')}
        )
    )
    insert into contact_profile as p (org_id, contact_id, first_activity_at, last_activity_at, activity_points, best_hours,
      engagement_score, figured_on, updated_at)
    select $1, contact_id, first_at, last_at, points, hours, ${scoreSql('points', '$7')}, $7, $6
    from known
    order by contact_id
    on conflict (org_id, contact_id) do update set
      first_activity_at = excluded.first_activity_at, last_activity_at = excluded.last_activity_at,
      activity_points = excluded.activity_points, best_hours = excluded.best_hours, engagement_score = excluded.engagement_score,
      lifetime_value_minor = ${lifetimeSql({ revenue: 'p.revenue_minor', first: 'p.first_order_at', last: 'p.last_order_at' }, '$7')},
      figured_on = excluded.figured_on, updated_at = excluded.updated_at`,
    [
      ctx.orgId,
      scope.contactIds,
      scope.until,
      JSON.stringify(frame.roles),
      frame.timeZone,
      ctx.now(),
      frame.today,
      [...zones.keys()],
      [...zones.values()].map(({ zone }) => zone),
    ],
  )

/** Messages opened, clicked and followed by an order, per channel. Many opens of one message are one. */
export const refigureEngagement = (ctx: Ctx, frame: Frame, scope: Scope): Promise<unknown> =>
  figureFromEvents(
    ctx,
    scope.contactIds,
    'analytics_engagement_refigure',
    (range) => `
    with ${PERSON}, ${factSql(range)}, ${hitSql(range)}, hit as (
      select e.contact_id, e.channel, e.run_id, e.type, e.at, e.seq
      from person p
      ${eventsOfPerson(range)}
      where e.type in ('message.opened', 'message.clicked') and e.channel is not null and e.run_id is not null and (e.payload ->> 'machine') is distinct from 'true'
        and not exists (select from machine_click k where k.contact_id = e.contact_id and k.seq = e.seq)
    ), seen as (
      select contact_id, channel,
        count(distinct run_id) filter (where type = 'message.opened')::int as opened,
        count(distinct run_id) filter (where type = 'message.clicked')::int as clicked,
        max(at) filter (where type = 'message.opened') as last_opened_at,
        max(at) filter (where type = 'message.clicked') as last_clicked_at
      from hit group by contact_id, channel
    ), credited as (
      select distinct on (o.contact_id, o.seq) o.contact_id, h.channel
      from purchase o
      join hit h on h.contact_id = o.contact_id and h.type = 'message.clicked' and h.at <= o.at
        and h.at > o.at - interval '${CONVERSION_DAYS} days'
      order by o.contact_id, o.seq, h.at desc, h.seq desc
    ), converted as (
      select contact_id, channel, count(*)::int as converted from credited group by contact_id, channel
    ), known as (
      select contact_id, channel from seen
      union
      select k.contact_id, k.channel
      from person p
      join contact_engagement k on k.org_id = $1 and k.contact_id = p.contact_id ${within(range, 'k.contact_id')}
    )
    insert into contact_engagement as e (org_id, contact_id, channel, opened, clicked, converted, last_opened_at, last_clicked_at, updated_at)
    select $1, k.contact_id, k.channel, coalesce(s.opened, 0), coalesce(s.clicked, 0), coalesce(v.converted, 0), s.last_opened_at,
      s.last_clicked_at, $5
    from known k
    left join seen s using (contact_id, channel)
    left join converted v using (contact_id, channel)
    order by k.contact_id, k.channel
    on conflict (org_id, contact_id, channel) do update set opened = excluded.opened, clicked = excluded.clicked,
      converted = excluded.converted, last_opened_at = excluded.last_opened_at, last_clicked_at = excluded.last_clicked_at,
      updated_at = excluded.updated_at`,
    [ctx.orgId, scope.contactIds, scope.until, JSON.stringify(frame.roles), ctx.now()],
  )
