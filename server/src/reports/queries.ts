/** Statements of reports: all of them read, none writes. */
import type { Ctx } from '../platform/context.ts'
import type { CampaignId, RunId, SegmentId } from '../platform/ids.ts'
import type { PeopleCounts } from './rates.ts'

/** What reports need to know of a campaign. */
export interface CampaignFacts {
  id: CampaignId
  name: string
  type: string
  channels: string[]
  launchedAt: Date | null
  subject: string
  goals: { name: string; target: number | null }[]
}

const FACTS = `id, name, type, channels, launched_at, goals, coalesce(content -> 'email' ->> 'subject', '') as subject`

/** Some campaigns by id; those that are not there are left out. */
export const selectCampaigns = (ctx: Ctx, ids: readonly CampaignId[]): Promise<CampaignFacts[]> =>
  ctx.db.named(
    'reports_campaigns',
    `select ${FACTS} from campaign where org_id = $1 and id = any($2::uuid[]) and deleted_at is null`,
    [ctx.orgId, ids],
  )

/** Launched campaigns of a period, latest first. */
export const selectLaunched = (
  ctx: Ctx,
  period: { from: Date | null; to: Date | null; limit: number },
): Promise<CampaignFacts[]> =>
  ctx.db.named(
    'reports_launched',
    `
    select ${FACTS} from campaign
    where org_id = $1 and deleted_at is null and launched_at is not null
      and ($2::timestamptz is null or launched_at >= $2) and ($3::timestamptz is null or launched_at < $3)
    order by launched_at desc, id desc limit $4`,
    [ctx.orgId, period.from, period.to, period.limit],
  )

/**
 * Campaigns that began in a period, latest first: launched in it or, where no message of them ever left, with their first
 * link of a post or the first day on which something was paid for them.
 */
export const selectBegun = (
  ctx: Ctx,
  period: { from: Date; to: Date; timeZone: string; limit: number },
): Promise<CampaignFacts[]> =>
  ctx.db.named(
    'reports_begun',
    `
    with posted as (
      select campaign_id, min(at) as at from (
        select campaign_id, created_at as at from post_link where org_id = $1
        union all
        select campaign_id, spent_on::timestamp at time zone $4 from spend where org_id = $1 and campaign_id is not null
      ) sign
      group by campaign_id
    )
    select ${FACTS} from campaign
    left join posted on posted.campaign_id = campaign.id
    where org_id = $1 and deleted_at is null
      and coalesce(launched_at, posted.at) >= $2 and coalesce(launched_at, posted.at) < $3
    order by coalesce(launched_at, posted.at) desc, id desc limit $5`,
    [ctx.orgId, period.from, period.to, period.timeZone, period.limit],
  )

/** What advice needs to know of a launched campaign, besides what it says. */
export interface LaunchedPlan {
  id: CampaignId
  name: string
  type: string
  channels: string[]
  delivery: 'scheduled' | 'triggered'
  launchedAt: Date | null
  /** Of its plan: as long as it stays, the campaign says the same. */
  version: number
}

/** The latest launched campaigns, without their texts. */
export const selectLaunchedPlans = (ctx: Ctx, limit: number): Promise<LaunchedPlan[]> =>
  ctx.db.named(
    'reports_launched_plans',
    `
    select id, name, type, channels, delivery, launched_at, version from campaign
    where org_id = $1 and deleted_at is null and launched_at is not null
    order by launched_at desc, id desc limit $2`,
    [ctx.orgId, limit],
  )

/** What campaigns say on the channels that they use, with markup; drafts of other channels say nothing. */
export const selectTexts = (
  ctx: Ctx,
  campaignIds: readonly CampaignId[],
  charsMax: number,
): Promise<{ id: CampaignId; version: number; subject: string; body: string }[]> =>
  ctx.db.named(
    'reports_texts',
    `
    select id, version,
      case when 'email' = any(channels) then coalesce(content #>> '{email,subject}', '') else '' end as subject,
      concat_ws(' ',
        case when 'email' = any(channels) then
          left(concat_ws(' ', content #>> '{email,preheader}', coalesce(nullif(content #>> '{email,text}', ''), content #>> '{email,body}')), $3::int)
        end,
        case when 'sms' = any(channels) then content #>> '{sms,text}' end,
        case when 'whatsapp' = any(channels) then content #>> '{whatsapp,text}' end,
        case when 'in_app' = any(channels) then concat_ws(' ', content #>> '{in_app,title}', content #>> '{in_app,body}') end
      ) as body
    from campaign
    where org_id = $1 and id = any($2::uuid[])`,
    [ctx.orgId, campaignIds, charsMax],
  )

/** Their ids alone. */
export async function selectLaunchedIds(
  ctx: Ctx,
  period: { from: Date | null; to: Date | null; limit: number },
): Promise<CampaignId[]> {
  const rows = await ctx.db.named<{ id: CampaignId }>(
    'reports_launched_ids',
    `
    select id from campaign
    where org_id = $1 and deleted_at is null and launched_at is not null
      and ($2::timestamptz is null or launched_at >= $2) and ($3::timestamptz is null or launched_at < $3)
    order by launched_at desc, id desc limit $4`,
    [ctx.orgId, period.from, period.to, period.limit],
  )
  return rows.map(({ id }) => id)
}

/** The latest campaigns that were launched before one, on the same channels; before now, while it is not launched. */
export async function selectEarlier(
  ctx: Ctx,
  { id, channels, launchedAt }: CampaignFacts,
  limit: number,
): Promise<CampaignId[]> {
  const rows = await ctx.db.named<{ id: CampaignId }>(
    'reports_earlier',
    `
    select id from campaign
    where org_id = $1 and deleted_at is null and launched_at is not null and launched_at < $3 and id <> $2
      and channels @> $4::text[] and channels <@ $4::text[]
    order by launched_at desc, id desc limit $5`,
    [ctx.orgId, id, launchedAt ?? ctx.now(), channels, limit],
  )
  return rows.map((row) => row.id)
}

/** The same for each of some channels: the latest campaigns that went over it, whatever else they went over. */
export const selectEarlierOnEach = (
  ctx: Ctx,
  {
    channels,
    except,
    before,
    limit,
  }: { channels: readonly string[]; except: readonly CampaignId[]; before: Date; limit: number },
): Promise<{ channel: string; id: CampaignId }[]> =>
  ctx.db.named(
    'reports_earlier_on_each',
    `
    select asked.channel, earlier.id
    from unnest($2::text[]) as asked (channel)
    cross join lateral (
      select id from campaign
      where org_id = $1 and deleted_at is null and launched_at is not null and launched_at < $4
        and asked.channel = any(channels) and id <> all($3::uuid[])
      order by launched_at desc, id desc limit $5
    ) earlier`,
    [ctx.orgId, channels, except, before, limit],
  )

/** The segments that campaigns address, by name; a campaign of several stands several times. */
export const selectIncludedSegments = (
  ctx: Ctx,
  campaignIds: readonly CampaignId[],
): Promise<{ campaignId: CampaignId; segmentId: SegmentId; name: string }[]> =>
  ctx.db.named(
    'reports_included_segments',
    `
    select distinct c.id as campaign_id, s.id as segment_id, s.name
    from campaign c
    cross join lateral jsonb_array_elements_text(coalesce(c.audience #> '{include,segmentIds}', '[]')) as named (id)
    join segment s on s.org_id = $1 and s.id::text = named.id
    where c.org_id = $1 and c.id = any($2::uuid[])
    order by 3, 2, 1`,
    [ctx.orgId, campaignIds],
  )

/** The latest launched campaigns that share a channel with those given, some left out. */
export async function selectOthersOn(
  ctx: Ctx,
  { channels, except, limit }: { channels: readonly string[]; except: readonly CampaignId[]; limit: number },
): Promise<CampaignId[]> {
  const rows = await ctx.db.named<{ id: CampaignId }>(
    'reports_others_on',
    `
    select id from campaign
    where org_id = $1 and deleted_at is null and launched_at is not null
      and channels && $2::text[] and id <> all($3::uuid[])
    order by launched_at desc, id desc limit $4`,
    [ctx.orgId, channels, except, limit],
  )
  return rows.map((row) => row.id)
}

/** Sums by campaign, channel, variant and name: what every rate is made of. Links are left out. */
export async function selectCounts(
  ctx: Ctx,
  campaignIds: readonly CampaignId[],
): Promise<{ campaignId: CampaignId; channel: string; variant: number; name: string; n: number }[]> {
  const rows = await ctx.db.named<{
    campaignId: CampaignId
    channel: string
    variant: number
    name: string
    n: string
  }>(
    'reports_counts',
    `
    select campaign_id, channel, variant::int as variant, name, sum(n)::text as n from (
      select campaign_id, channel, variant, name, n from metric_of_campaign
      where org_id = $1 and campaign_id = any($2::uuid[])
      union all
      select campaign_id, channel, variant, name, n from metric_delta
      where org_id = $1 and campaign_id = any($2::uuid[]) and name not like 'link.%'
    ) counted
    group by campaign_id, channel, variant, name`,
    [ctx.orgId, campaignIds],
  )
  return rows.map((row) => ({ ...row, n: Number(row.n) }))
}

/** The same of one run. */
export async function selectCountsOfRun(
  ctx: Ctx,
  campaignId: CampaignId,
  runId: RunId,
): Promise<{ channel: string; variant: number; name: string; n: number }[]> {
  const rows = await ctx.db.named<{ channel: string; variant: number; name: string; n: string }>(
    'reports_counts_of_run',
    `
    select channel, variant::int as variant, name, sum(n)::text as n from (
      select channel, variant, name, n from metric
      where org_id = $1 and campaign_id = $2 and run_id = $3 and name not like 'link.%'
      union all
      select channel, variant, name, n from metric_delta
      where org_id = $1 and campaign_id = $2 and run_id = $3 and name not like 'link.%'
    ) counted
    group by channel, variant, name`,
    [ctx.orgId, campaignId, runId],
  )
  return rows.map((row) => ({ ...row, n: Number(row.n) }))
}

/** Sums of one campaign, or of one of its runs, by hour and name. Links, reasons and credit are left out. */
export async function selectHoursOf(
  ctx: Ctx,
  campaignId: CampaignId,
  runId: RunId | null,
): Promise<{ hour: Date; name: string; n: number }[]> {
  const rows = await ctx.db.named<{ hour: Date; name: string; n: string }>(
    'reports_hours_of',
    `
    select hour, split_part(name, '.', 1) as name, sum(n)::text as n from (
      select hour, name, n from metric where org_id = $1 and campaign_id = $2 and ($3::uuid is null or run_id = $3)
      union all
      select hour, name, n from metric_delta where org_id = $1 and campaign_id = $2 and ($3::uuid is null or run_id = $3)
    ) counted
    where name not like 'link.%' and name not like '%.total' and name not like 'conversions.%' and name not like 'revenue.%'
    group by 1, 2`,
    [ctx.orgId, campaignId, runId],
  )
  return rows.map((row) => ({ ...row, n: Number(row.n) }))
}

/** Credit in other currencies than the organization's, by one model. */
export const selectOtherCurrencies = (
  ctx: Ctx,
  campaignId: CampaignId,
  place: number,
  currency: string,
): Promise<{ currency: string; parts: number; amountMinor: number }[]> =>
  ctx.db.named(
    'reports_other_currencies',
    `
    select currency, sum(parts[$3])::float8 as parts, sum(amounts_minor[$3])::float8 as amount_minor
    from conversion_credit
    where org_id = $1 and campaign_id = $2 and currency is not null and currency <> $4
    group by currency having sum(parts[$3]) > 0 order by currency`,
    [ctx.orgId, campaignId, place + 1, currency],
  )

/**
 * Credit by the link that led to it, by one model, in the organization's currency: what was led by no link, or by a post,
 * is left out.
 */
export const selectLinkCredit = (
  ctx: Ctx,
  campaignId: CampaignId,
  place: number,
  currency: string,
): Promise<{ channel: string; linkNo: number; parts: number; amountMinor: number }[]> =>
  ctx.db.named(
    'reports_link_credit',
    `
    select channel, link_no::int as link_no, sum(parts[$3])::float8 as parts,
      coalesce(sum(amounts_minor[$3]) filter (where currency is null or currency = $4), 0)::float8 as amount_minor
    from conversion_credit
    where org_id = $1 and campaign_id = $2 and link_no is not null
    group by channel, link_no`,
    [ctx.orgId, campaignId, place + 1, currency],
  )

/**
 * What was refunded of orders that a campaign has credit for, by its share of each by one model, in the organization's
 * currency; and of how many orders. Rounded once, so that it may miss the sum over campaigns by less than a cent each.
 */
export async function selectRefunds(
  ctx: Ctx,
  campaignId: CampaignId,
  place: number,
  currency: string,
): Promise<{ amountMinor: number; orders: number }> {
  const [row] = await ctx.db.named<{ amountMinor: number; orders: number }>(
    'reports_refunds',
    `
    select round(coalesce(sum(c.refunded_minor::numeric * cc.parts[$3]), 0) / 1000000)::float8 as amount_minor,
      count(distinct c.seq)::int as orders
    from conversion_credit cc
    join conversion c on c.org_id = cc.org_id and c.seq = cc.seq
    where cc.org_id = $1 and cc.campaign_id = $2 and cc.currency = $4 and cc.parts[$3] > 0 and c.refunded_minor > 0`,
    [ctx.orgId, campaignId, place + 1, currency],
  )
  return row ?? { amountMinor: 0, orders: 0 }
}

/** Minutes from the last touch of the campaign to each conversion that it had part in: quantiles and a histogram. */
export async function selectTimeToConvert(
  ctx: Ctx,
  campaignId: CampaignId,
  uptoHours: readonly number[],
): Promise<{ median: number | null; p90: number | null; counts: number[] }> {
  const [row] = await ctx.db.named<{ median: number | null; p90: number | null; counts: number[] }>(
    'reports_time_to_convert',
    `
    with taken as (
      select extract(epoch from converted_at - max(touched_at)) / 60 as minutes
      from conversion_credit where org_id = $1 and campaign_id = $2 group by seq, converted_at
    )
    select percentile_cont(0.5) within group (order by minutes)::float8 as median,
      percentile_cont(0.9) within group (order by minutes)::float8 as p90,
      array(
        select (select count(*) from taken where minutes <= b.upto * 60 and minutes > coalesce(b.before, -1) * 60)::int
        from (select upto, lag(upto) over (order by upto) as before from unnest($3::int[]) as u (upto)) b order by b.upto
      ) as counts
    from taken`,
    [ctx.orgId, campaignId, uptoHours],
  )
  return row ?? { median: null, p90: null, counts: [] }
}

/** The people of a campaign's messages, each with how far they came in any of them. */
const PEOPLE = `
    person as (
      select m.contact_id,
        bool_or(m.state <> 'failed') as sent,
        bool_or(m.state in ('sent', 'delivered')) as delivered,
        coalesce(bool_or(e.opened > 0), false) as opened,
        coalesce(bool_or(e.clicked > 0), false) as clicked,
        coalesce(bool_or(e.converted > 0), false) as converted,
        coalesce(bool_or(e.unsubscribed > 0), false) as unsubscribed
      from message m
      left join engagement e on e.org_id = m.org_id and e.run_id = m.run_id and e.contact_id = m.contact_id and e.channel = m.channel
      where m.org_id = $1 and m.run_id = any($2::uuid[]) and m.state in ('sent', 'delivered', 'bounced', 'unknown', 'failed')
      group by m.contact_id
    )`
const PEOPLE_SUMS = `count(*)::int as attempted, (count(*) filter (where p.sent))::int as sent,
      (count(*) filter (where p.delivered))::int as delivered, (count(*) filter (where p.opened))::int as opened,
      (count(*) filter (where p.clicked))::int as clicked, (count(*) filter (where p.converted))::int as converted,
      (count(*) filter (where p.unsubscribed))::int as unsubscribed`

/**
 * The steps of a campaign's messages among the people of each predicate, in their order, by one walk through the ledger.
 *
 * @param predicates  SQL over `contact c`, their values from $3 on
 */
export async function selectStepsAmong(
  ctx: Ctx,
  runIds: readonly RunId[],
  { texts, values }: { texts: readonly string[]; values: readonly unknown[] },
): Promise<PeopleCounts[]> {
  if (texts.length === 0) return []
  const sums = texts.map(
    (text, place) => `
    select ${place} as place, ${PEOPLE_SUMS}
    from person p join contact c on c.org_id = $1 and c.id = p.contact_id
    where (${text})`,
  )
  const rows = await ctx.db.query<PeopleCounts & { place: number }>(
    `with ${PEOPLE}
    ${sums.join(' union all ')}
    order by place`,
    [ctx.orgId, runIds, ...values],
  )
  return rows.map(({ place: _place, ...people }) => people)
}

/**
 * The same by the country of the contact, most people first; an empty country where none is known, and for whoever was
 * erased since.
 */
export const selectStepsByCountry = (
  ctx: Ctx,
  runIds: readonly RunId[],
  limit: number,
): Promise<(PeopleCounts & { country: string })[]> =>
  ctx.db.named(
    'reports_steps_by_country',
    `
    with ${PEOPLE}
    select coalesce(c.country, '') as country, ${PEOPLE_SUMS}
    from person p left join contact c on c.org_id = $1 and c.id = p.contact_id
    group by 1
    having bool_or(p.sent)
    order by sent desc, country limit $3`,
    [ctx.orgId, runIds, limit],
  )
