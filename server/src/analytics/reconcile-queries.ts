/** The statement that compares counters with the facts, and the runs that it is asked of. */
import type { Ctx } from '../platform/context.ts'
import type { CampaignId, RunId } from '../platform/ids.ts'
import {
  LEDGER_STATES,
  messageClicked,
  messageClicksReclassified,
  messageComplained,
  messageOpened,
  messageReplied,
  messagesMoved,
  messageUnsubscribed,
} from '../tracking/index.ts'
import type { MetricSubject } from './metric-delta.ts'
import { ENGAGEMENTS } from './names.ts'

/** A figure that is not what the facts say. */
export interface Discrepancy extends MetricSubject {
  campaignId: CampaignId
  runId: RunId
  variant: number
  name: string
  counted: number
  actual: number
}

/** Engagements that the log tells; conversions are reckoned apart, from facts of their own. */
const TOLD = ENGAGEMENTS.filter((engagement) => engagement !== 'converted')
const TYPES = [
  messageOpened.type,
  messageClicked.type,
  messageClicksReclassified.type,
  messageReplied.type,
  messageUnsubscribed.type,
  messageComplained.type,
]

/**
 * One statement, so that all of it is seen at one instant. The log is read as far as the counters have read it; what the
 * ledger has moved since is taken back. Nothing here asks who people are: whoever was erased stays counted.
 * @param since  nothing happened to these runs before
 */
export async function selectDiscrepancies(
  ctx: Ctx,
  runIds: readonly RunId[],
  since: Date,
  channel: string | null,
): Promise<Discrepancy[]> {
  const rows = await ctx.db.named<
    Omit<Discrepancy, 'counted' | 'actual'> & { counted: string; actual: string }
  >(
    'analytics_discrepancies',
    `
    with place as (
      select coalesce(max(pos), 0) as pos from event_cursor where org_id = $1 and consumer = 'analytics.engagement'
    ), told as (
      select e.campaign_id, e.run_id, e.channel, e.contact_id, e.type, e.payload, (e.payload ->> 'variant')::int as variant
      from event e
      where e.org_id = $1 and e.type = any($4::text[]) and e.at >= $3 and e.run_id = any($2::uuid[])
        and e.seq <= (select pos from place) and e.campaign_id is not null and e.contact_id is not null
        and e.channel is not null and ($8::text is null or e.channel = $8)
    ), changes as (
      select t.campaign_id, t.run_id, t.channel, t.contact_id, t.variant, c.name, c.n
      from told t
      cross join lateral (
        select case when (t.payload ->> 'machine')::boolean then 'machine_opened' else 'opened' end as name, 1 as n
        where t.type = 'message.opened'
        union all
        select case when (t.payload ->> 'machine')::boolean then 'machine_clicked' else 'clicked' end, 1
        where t.type = 'message.clicked'
        union all
        select 'link.' || (t.payload ->> 'linkNo') || case when (t.payload ->> 'machine')::boolean then '.machine' else '' end, 1
        where t.type = 'message.clicked'
        union all
        select 'clicked', -jsonb_array_length(t.payload -> 'clicks') where t.type = 'message.clicks_reclassified'
        union all
        select 'machine_clicked', jsonb_array_length(t.payload -> 'clicks') where t.type = 'message.clicks_reclassified'
        union all
        select 'link.' || (k.click ->> 'linkNo') || s.ending, s.n
        from jsonb_array_elements(t.payload -> 'clicks') as k (click)
        cross join (values ('', -1), ('.machine', 1)) as s (ending, n)
        where t.type = 'message.clicks_reclassified'
        union all
        select 'replied', 1 where t.type = 'message.replied'
        union all
        select 'unsubscribed', 1 where t.type = 'message.unsubscribed'
        union all
        select 'complained', 1 where t.type = 'message.complained'
      ) c
    ), people as (
      select campaign_id, run_id, channel, max(variant) as variant, contact_id, name, sum(n) as n
      from changes
      group by campaign_id, run_id, channel, contact_id, name
    ), facts as (
      select campaign_id, run_id, channel, variant, name, (n > 0)::int as n from people where name not like '%.machine'
      union all
      select campaign_id, run_id, channel, variant, case when name like '%.machine' then name else name || '.total' end, n
      from people
      union all
      select campaign_id, run_id, channel, variant::int, state, count(*)
      from message
      where org_id = $1 and run_id = any($2::uuid[]) and ($8::text is null or channel = $8)
      group by campaign_id, run_id, channel, variant, state
      union all
      select e.campaign_id, e.run_id, e.channel, (e.payload ->> 'variant')::int, m.state, m.sign * jsonb_array_length(e.payload -> 'contactIds')
      from event e
      cross join lateral (values (e.payload ->> 'from', 1), (e.payload ->> 'to', -1)) as m (state, sign)
      where e.org_id = $1 and e.type = $7 and e.at >= $3 and e.run_id = any($2::uuid[])
        and e.seq > (select pos from place) and ($8::text is null or e.channel = $8)
    ), actual as (
      select campaign_id, run_id, channel, variant, name, sum(n) as n from facts
      group by campaign_id, run_id, channel, variant, name
    ), counted as (
      select campaign_id, run_id, channel, variant::int as variant,
        case when split_part(name, '.', 1) = any($5::text[]) then split_part(name, '.', 1) else name end as name, sum(n) as n
      from (
        select campaign_id, run_id, channel, variant, name, n from metric where org_id = $1 and run_id = any($2::uuid[])
        union all
        select campaign_id, run_id, channel, variant, name, n from metric_delta where org_id = $1 and run_id = any($2::uuid[])
      ) figure
      where (split_part(name, '.', 1) = any($5::text[] || $6::text[]) or name like 'link.%')
        and ($8::text is null or channel = $8)
      group by 1, 2, 3, 4, 5
    )
    select campaign_id, run_id, channel, variant, name, coalesce(c.n, 0)::text as counted, coalesce(a.n, 0)::text as actual
    from counted c
    full join actual a using (campaign_id, run_id, channel, variant, name)
    where coalesce(c.n, 0) <> coalesce(a.n, 0)
    order by run_id, channel, variant, name`,
    [ctx.orgId, runIds, since, TYPES, LEDGER_STATES, TOLD, messagesMoved.type, channel],
  )
  return rows.map((row) => ({ ...row, counted: Number(row.counted), actual: Number(row.actual) }))
}

/** How people who converted are counted: what posts brought stands under the campaign's own id. */
const PEOPLE_NAME = "case when run_id = campaign_id then 'gained' else 'converted' end"

/**
 * The same of conversions, which are credited in the transaction that counts them: one statement sees both alike. Who
 * converted cannot be told where somebody who did was erased since; there the number of people stays as it is.
 *
 * @param models    in the order of the credits' parts
 * @param currency  of the money that is summed
 */
export async function selectConversionDiscrepancies(
  ctx: Ctx,
  runIds: readonly RunId[],
  channel: string | null,
  { models, currency }: { models: readonly string[]; currency: string },
): Promise<Discrepancy[]> {
  const rows = await ctx.db.named<
    Omit<Discrepancy, 'counted' | 'actual'> & { counted: string; actual: string }
  >(
    'analytics_conversion_discrepancies',
    `
    with credit as (
      select campaign_id, run_id, channel, variant::int as variant, contact_id, currency, parts, amounts_minor, ${PEOPLE_NAME} as people
      from conversion_credit
      where org_id = $1 and run_id = any($2::uuid[]) and ($5::text is null or channel = $5)
    ), erased as (
      select distinct campaign_id, run_id, channel, variant, people as name from credit where contact_id is null
    ), facts as (
      select campaign_id, run_id, channel, variant, people || '.total' as name, 1::numeric as actual, 0::numeric as counted from credit
      union all
      select c.campaign_id, c.run_id, c.channel, c.variant, 'conversions.' || m.model, c.parts[m.place], 0
      from credit c cross join unnest($3::text[]) with ordinality as m (model, place)
      union all
      select c.campaign_id, c.run_id, c.channel, c.variant, 'revenue.' || m.model, c.amounts_minor[m.place], 0
      from credit c cross join unnest($3::text[]) with ordinality as m (model, place)
      where c.currency is null or c.currency = $4
      union all
      select campaign_id, run_id, channel, variant::int, ${PEOPLE_NAME}, 1, 0
      from engagement
      where org_id = $1 and run_id = any($2::uuid[]) and converted > 0 and ($5::text is null or channel = $5)
      union all
      select campaign_id, run_id, channel, variant::int, name, 0, n
      from metric
      where org_id = $1 and run_id = any($2::uuid[]) and split_part(name, '.', 1) = any($6::text[])
        and ($5::text is null or channel = $5)
      union all
      select campaign_id, run_id, channel, variant::int, name, 0, n
      from metric_delta
      where org_id = $1 and run_id = any($2::uuid[]) and split_part(name, '.', 1) = any($6::text[])
        and ($5::text is null or channel = $5)
    )
    select campaign_id, run_id, channel, variant, name, sum(counted)::text as counted,
      sum(actual)::text as actual
    from facts
    where not exists (
      select from erased e
      where (e.campaign_id, e.run_id, e.channel, e.variant, e.name) = (facts.campaign_id, facts.run_id, facts.channel, facts.variant, facts.name)
    )
    group by campaign_id, run_id, channel, variant, name
    having sum(counted) <> sum(actual)
    order by run_id, channel, variant, name`,
    [ctx.orgId, runIds, models, currency, channel, CREDITED],
  )
  return rows.map((row) => ({ ...row, counted: Number(row.counted), actual: Number(row.actual) }))
}

/** Figures of conversions, by the first part of their names. */
const CREDITED = ['converted', 'gained', 'conversions', 'revenue']

/** All runs of the ledger, a page at a time: from one to the next along the index, however many messages each has. */
export async function selectLedgerRuns(ctx: Ctx, after: RunId | null, limit: number): Promise<RunId[]> {
  const rows = await ctx.db.named<{ runId: RunId }>(
    'analytics_ledger_runs',
    `
    with recursive ledger_run as (
      (select run_id from message where org_id = $1 and ($2::uuid is null or run_id > $2) order by run_id limit 1)
      union all
      select (select m.run_id from message m where m.org_id = $1 and m.run_id > l.run_id order by m.run_id limit 1)
      from ledger_run l
      where l.run_id is not null
    )
    select run_id from ledger_run where run_id is not null limit $3`,
    [ctx.orgId, after, limit],
  )
  return rows.map((row) => row.runId)
}

/** Runs with figures since an instant and a ledger that can tell of them, oldest first, a page at a time. */
export async function selectCountedRuns(
  ctx: Ctx,
  since: Date,
  after: RunId | null,
  limit: number,
): Promise<RunId[]> {
  const rows = await ctx.db.named<{ runId: RunId }>(
    'analytics_counted_runs',
    `
    select run_id from (
      select run_id from metric where org_id = $1 and updated_at >= $2
      union
      select run_id from metric_delta where org_id = $1
    ) counted
    where ($3::uuid is null or run_id > $3)
      and exists (select from message m where m.org_id = $1 and m.run_id = counted.run_id)
    order by run_id limit $4`,
    [ctx.orgId, since, after, limit],
  )
  return rows.map((row) => row.runId)
}
