/**
 * Figures over many campaigns, from the sums that the roller keeps for them: exact at every look, because deltas that
 * wait are added in the same statement. These are summed by name first: asking each of some thousands for fifteen names
 * was most of a statement.
 */
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId } from '../../platform/ids.ts'
import type { AttributionModel } from '../attribution/models.ts'
import type { Counts } from '../counts.ts'
import {
  HOUR_ADDED,
  HOUR_COLUMNS,
  HOUR_DIFFERENCES,
  HOUR_FIGURES,
  HOUR_NEGATED,
  HOUR_SUMS,
  HOUR_TOTALS,
  IS_DIFFERENT,
} from './columns.ts'

/** From an instant, inclusive, to another, exclusive; both are looked at by the hour. */
interface Span {
  from: Date
  to: Date
}

type Row = Record<string, number>

/** Sums of a period over all campaigns; `revenue` is that of one model. */
export async function countsWithin(ctx: Ctx, { from, to }: Span, model: AttributionModel): Promise<Counts> {
  const [row] = await ctx.db.named<Row>(
    'analytics_counts_within',
    `
    select ${HOUR_TOTALS} from (
      select ${HOUR_COLUMNS} from metric_of_hour where org_id = $1 and hour >= $2 and hour < $3
      union all
      select ${HOUR_SUMS} from (
        select name, sum(n) as n from metric_delta where org_id = $1 and hour >= $2 and hour < $3 group by name
      ) waiting
    ) counted`,
    [ctx.orgId, from, to],
  )
  return countsOfRow(row ?? {}, model)
}

/** Rows of hours between $2 and $3, some of them more than once. */
const BY_HOUR = `
      select hour, ${HOUR_COLUMNS} from metric_of_hour where org_id = $1 and hour >= $2 and hour < $3
      union all
      select hour, ${HOUR_SUMS} from (
        select hour, name, sum(n) as n from metric_delta where org_id = $1 and hour >= $2 and hour < $3 group by hour, name
      ) waiting
      group by hour`

/** The same apart by the hour, in which something of it was counted. */
export async function hoursWithin(
  ctx: Ctx,
  { from, to }: Span,
  model: AttributionModel,
): Promise<{ hour: Date; counts: Counts }[]> {
  const rows = await ctx.db.named<Row & { hour: Date }>(
    'analytics_hours_within',
    `
    select hour, ${HOUR_TOTALS} from (${BY_HOUR}) counted
    group by hour`,
    [ctx.orgId, from, to],
  )
  return rows.map(({ hour, ...row }) => ({ hour, counts: countsOfRow(row, model) }))
}

/**
 * The same apart by steps of the period, such as the days of a zone.
 *
 * @param starts  the first instant of each step, ascending; the first not after `from`
 * @returns by the step's place in `starts`; those without anything are left out
 */
export async function stepsWithin(
  ctx: Ctx,
  { from, to, starts }: Span & { starts: readonly Date[] },
  model: AttributionModel,
): Promise<Map<number, Counts>> {
  const rows = await ctx.db.named<Row & { step: number }>(
    'analytics_steps_within',
    `
    select width_bucket(hour, $4::timestamptz[]) as step, ${HOUR_TOTALS} from (${BY_HOUR}) counted
    group by 1`,
    [ctx.orgId, from, to, starts],
  )
  return new Map(rows.map(({ step, ...row }) => [step - 1, countsOfRow(row, model)]))
}

/**
 * The same of some campaigns, each by itself over all hours; revenue of every model, by its own name. Ids are joined, not
 * compared with a list: each of three thousand waiting deltas would be compared with a thousand ids.
 *
 * @returns by the campaign; those of which nothing was counted are left out
 */
export async function countsOfEach(
  ctx: Ctx,
  campaignIds: readonly CampaignId[],
): Promise<Map<CampaignId, Counts>> {
  const rows = await ctx.db.named<Row & { campaignId: CampaignId }>(
    'analytics_counts_of_each',
    `
    select campaign_id, ${HOUR_TOTALS} from (
      select campaign_id, ${HOUR_COLUMNS} from figure_of_campaign
      where org_id = $1 and campaign_id in (select unnest($2::uuid[]))
      union all
      select campaign_id, ${HOUR_SUMS} from (
        select campaign_id, name, sum(n) as n from metric_delta
        where org_id = $1 and campaign_id in (select unnest($2::uuid[])) group by campaign_id, name
      ) waiting
      group by campaign_id
    ) counted
    group by campaign_id`,
    [ctx.orgId, campaignIds],
  )
  return new Map(rows.map(({ campaignId, ...row }) => [campaignId, countsByName(row)]))
}

/** The same apart by channel, without what links and reasons tell. */
export async function countsOfEachChannel(
  ctx: Ctx,
  campaignIds: readonly CampaignId[],
): Promise<{ campaignId: CampaignId; channel: string; counts: Counts }[]> {
  const rows = await ctx.db.named<Row & { campaignId: CampaignId; channel: string }>(
    'analytics_counts_of_each_channel',
    `
    select campaign_id, channel, ${HOUR_SUMS} from (
      select campaign_id, channel, name, n from metric_of_campaign
      where org_id = $1 and campaign_id in (select unnest($2::uuid[]))
      union all
      select campaign_id, channel, name, sum(n) as n from metric_delta
      where org_id = $1 and campaign_id in (select unnest($2::uuid[])) group by campaign_id, channel, name
    ) counted
    group by campaign_id, channel`,
    [ctx.orgId, campaignIds],
  )
  return rows.map(({ campaignId, channel, ...row }) => ({ campaignId, channel, counts: countsByName(row) }))
}

/** Columns come in camel case. */
const KEY = new Map(
  HOUR_FIGURES.map(({ name, column }) => [
    name,
    column.replaceAll(/_(\w)/g, (_all, letter: string) => letter.toUpperCase()),
  ]),
)

const countsByName = (row: Row): Counts =>
  new Map([...KEY].map(([name, key]) => [name, Number(row[key] ?? 0)]))

function countsOfRow(row: Row, model: AttributionModel): Counts {
  const counts = new Map<string, number>()
  for (const [name, key] of KEY)
    if (!name.startsWith('revenue.')) counts.set(name, row[key] ?? 0)
    else if (name === `revenue.${model}`) counts.set('revenue', row[key] ?? 0)
  return counts
}

/**
 * Puts the sums by the hour right. It adds what is missing from one look at both tables, so that a roller beside it is
 * not lost. @returns rows that were wrong
 */
export const correctHours = async (ctx: Ctx): Promise<number> =>
  (
    await ctx.db.named(
      'analytics_hours_correct',
      `
      insert into metric_of_hour as m (org_id, hour, channel, ${HOUR_COLUMNS})
      select $1, hour, channel, ${HOUR_DIFFERENCES} from (
        select hour, channel, ${HOUR_SUMS} from metric where org_id = $1 group by hour, channel
        union all
        select hour, channel, ${HOUR_NEGATED} from metric_of_hour where org_id = $1
      ) told
      group by hour, channel
      having ${IS_DIFFERENT}
      order by hour, channel
      on conflict (org_id, hour, channel) do update set ${HOUR_ADDED}
      returning hour`,
      [ctx.orgId],
    )
  ).length

/** The same of the sums by the campaign. @returns rows that were wrong */
export const correctCampaigns = async (ctx: Ctx): Promise<number> =>
  (
    await ctx.db.named(
      'analytics_campaigns_correct',
      `
      insert into metric_of_campaign as m (org_id, campaign_id, channel, variant, name, n)
      select $1, campaign_id, channel, variant, name, sum(n)::bigint from (
        select campaign_id, channel, variant, name, n from metric where org_id = $1 and name not like 'link.%'
        union all
        select campaign_id, channel, variant, name, -n from metric_of_campaign where org_id = $1
      ) told
      group by campaign_id, channel, variant, name
      having sum(n) <> 0
      order by campaign_id, channel, variant, name
      on conflict (org_id, campaign_id, channel, variant, name) do update set n = m.n + excluded.n
      returning campaign_id`,
      [ctx.orgId],
    )
  ).length

/** The same of the sums that lists of campaigns read. @returns rows that were wrong */
export const correctFigures = async (ctx: Ctx): Promise<number> =>
  (
    await ctx.db.named(
      'analytics_figures_correct',
      `
      insert into figure_of_campaign as m (org_id, campaign_id, ${HOUR_COLUMNS})
      select $1, campaign_id, ${HOUR_DIFFERENCES} from (
        select campaign_id, ${HOUR_SUMS} from metric where org_id = $1 group by campaign_id
        union all
        select campaign_id, ${HOUR_NEGATED} from figure_of_campaign where org_id = $1
      ) told
      group by campaign_id
      having ${IS_DIFFERENT}
      order by campaign_id
      on conflict (org_id, campaign_id) do update set ${HOUR_ADDED}
      returning campaign_id`,
      [ctx.orgId],
    )
  ).length
