/** Statements that compare counters with the facts. */
import type { Ctx } from '../platform/context.ts'
import type { CampaignId, RunId } from '../platform/ids.ts'
import { ENGAGEMENTS, type Engagement } from './names.ts'

/** A run that something was counted of. */
export interface CountedRun {
  campaignId: CampaignId
  runId: RunId
  channel: string
}

// Messages that are sent one by one are runs of their own in the ledger and counted under what they were made of: of
// their ids only what readers did is counted, and of what they were made of the ledger knows no run.
/** Runs with figures since an instant; the latest thousand. */
export const recentRuns = (ctx: Ctx, since: Date): Promise<CountedRun[]> =>
  ctx.db.named(
    'analytics_recent_runs',
    `
    select distinct campaign_id, run_id, channel
    from metric m
    where org_id = $1 and updated_at >= $2 and run_id <> campaign_id
      and exists (select from metric a where a.org_id = $1 and a.run_id = m.run_id and a.name = 'audience')
    order by run_id desc, campaign_id, channel
    limit 1000`,
    [ctx.orgId, since],
  )

/** What was counted of a run, rolled up or not; reasons are part of their state. */
export async function countedOfRun(
  ctx: Ctx,
  runId: RunId,
  channel: string | null,
): Promise<Map<string, number>> {
  const rows = await ctx.db.named<{ name: string; n: string }>(
    'analytics_counted_of_run',
    `
    select split_part(name, '.', 1) as name, sum(n)::text as n
    from (
      select name, n from metric where org_id = $1 and run_id = $2 and ($3::text is null or channel = $3)
      union all
      select name, n from metric_delta where org_id = $1 and run_id = $2 and ($3::text is null or channel = $3)
    ) counted
    where name not like '%.total' and name not like 'link.%'
    group by split_part(name, '.', 1)`,
    [ctx.orgId, runId, channel],
  )
  return new Map(rows.map((row) => [row.name, Number(row.n)]))
}

/** How many people did what with a run's messages. */
export async function engagedOfRun(
  ctx: Ctx,
  runId: RunId,
  channel: string | null,
): Promise<Record<Engagement, number>> {
  const columns = ENGAGEMENTS.map((name) => `count(*) filter (where ${name} > 0)::int`)
  const [row = []] = await ctx.db.rows(
    'analytics_engaged_of_run',
    `select ${columns.join(', ')} from engagement where org_id = $1 and run_id = $2 and ($3::text is null or channel = $3)`,
    [ctx.orgId, runId, channel],
  )
  return Object.fromEntries(ENGAGEMENTS.map((name, at) => [name, Number(row[at] ?? 0)])) as Record<
    Engagement,
    number
  > // one entry per name
}
