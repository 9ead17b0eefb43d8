/** Statements that read figures: what is rolled up and what still waits, in one snapshot. */
import type { Ctx } from '../platform/context.ts'
import type { SendChannel } from '../consent/index.ts'
import type { CampaignId, RunId } from '../platform/ids.ts'

/** Of one run where $3 names it, else of all. */
const OF_RUN = '($3::uuid is null or run_id = $3)'

/** Sums by name over all channels, variants and hours of a campaign, or of one of its runs. */
export async function countsOf(
  ctx: Ctx,
  campaignId: CampaignId,
  runId: RunId | null,
): Promise<Map<string, number>> {
  const rows = await ctx.db.named<{ name: string; n: string }>(
    'analytics_counts',
    `
    select name, sum(n)::text as n from (
      select name, n from metric where org_id = $1 and campaign_id = $2 and ${OF_RUN}
      union all
      select name, n from metric_delta where org_id = $1 and campaign_id = $2 and ${OF_RUN}
    ) as counted
    group by name`,
    [ctx.orgId, campaignId, runId],
  )
  return new Map(rows.map((row) => [row.name, Number(row.n)]))
}

/** The same by channel. */
export async function countsByChannel(
  ctx: Ctx,
  campaignId: CampaignId,
  runId: RunId | null,
): Promise<{ channel: SendChannel; name: string; n: number }[]> {
  const rows = await ctx.db.named<{ channel: SendChannel; name: string; n: string }>(
    'analytics_counts_by_channel',
    `
    select channel, name, sum(n)::text as n from (
      select channel, name, n from metric where org_id = $1 and campaign_id = $2 and ${OF_RUN}
      union all
      select channel, name, n from metric_delta where org_id = $1 and campaign_id = $2 and ${OF_RUN}
    ) as counted
    group by channel, name order by channel, name`,
    [ctx.orgId, campaignId, runId],
  )
  return rows.map((row) => ({ ...row, n: Number(row.n) }))
}

/** The same by run, of the latest runs; without links. What posts brought is of none. */
export async function countsByRun(
  ctx: Ctx,
  campaignId: CampaignId,
  limit: number,
): Promise<{ runId: RunId; name: string; n: number }[]> {
  const rows = await ctx.db.named<{ runId: RunId; name: string; n: string }>(
    'analytics_counts_by_run',
    `
    with counted as (
      select run_id, name, n from metric
      where org_id = $1 and campaign_id = $2 and run_id <> campaign_id and name not like 'link.%'
      union all
      select run_id, name, n from metric_delta
      where org_id = $1 and campaign_id = $2 and run_id <> campaign_id and name not like 'link.%'
    ), latest as (
      select distinct run_id from counted order by run_id desc limit $3
    )
    select run_id, name, sum(n)::text as n from counted join latest using (run_id)
    group by run_id, name order by run_id desc, name`,
    [ctx.orgId, campaignId, limit],
  )
  return rows.map((row) => ({ ...row, n: Number(row.n) }))
}

/** The same for several campaigns, without links. */
export async function totalsOfMany(
  ctx: Ctx,
  campaignIds: readonly CampaignId[],
): Promise<{ campaignId: CampaignId; name: string; n: number }[]> {
  const rows = await ctx.db.named<{ campaignId: CampaignId; name: string; n: string }>(
    'analytics_totals_of_many',
    `
    select campaign_id, name, sum(n)::text as n from (
      select campaign_id, name, n from metric_of_campaign where org_id = $1 and campaign_id = any($2::uuid[])
      union all
      select campaign_id, name, n from metric_delta where org_id = $1 and campaign_id = any($2::uuid[]) and name not like 'link.%'
    ) as counted
    group by campaign_id, name`,
    [ctx.orgId, campaignIds],
  )
  return rows.map((row) => ({ ...row, n: Number(row.n) }))
}

/** Sums by hour and name. */
export async function hoursOf(
  ctx: Ctx,
  campaignId: CampaignId,
  runId: RunId | null,
): Promise<{ hour: Date; name: string; n: number }[]> {
  const rows = await ctx.db.named<{ hour: Date; name: string; n: string }>(
    'analytics_hours',
    `
    select hour, name, sum(n)::text as n from (
      select hour, name, n from metric where org_id = $1 and campaign_id = $2 and ${OF_RUN} and name not like 'link.%'
      union all
      select hour, name, n from metric_delta where org_id = $1 and campaign_id = $2 and ${OF_RUN} and name not like 'link.%'
    ) as counted
    group by hour, name`,
    [ctx.orgId, campaignId, runId],
  )
  return rows.map((row) => ({ ...row, n: Number(row.n) }))
}

/** Every run that something was counted of; what posts brought is of none. */
export async function runsOf(ctx: Ctx, campaignId: CampaignId): Promise<RunId[]> {
  const rows = await ctx.db.named<{ runId: RunId }>(
    'analytics_runs',
    `
    select run_id from metric where org_id = $1 and campaign_id = $2 and run_id <> campaign_id
    union
    select run_id from metric_delta where org_id = $1 and campaign_id = $2 and run_id <> campaign_id
    order by run_id`,
    [ctx.orgId, campaignId],
  )
  return rows.map((row) => row.runId)
}

/** The latest of them: run ids are ordered by time. */
export async function lastRunOf(ctx: Ctx, campaignId: CampaignId): Promise<RunId | null> {
  return (await runsOf(ctx, campaignId)).at(-1) ?? null
}
