/** SQL of circuit breakers: figures of runs, never of messages. */
import type { TemplateId } from '../../content/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId, RunId } from '../../platform/ids.ts'
import type { RunChannel, RunContent, RunState } from '../runs/run.ts'
import type { Forgiven, Trip } from './breaker.ts'

/** A run as breakers know it. */
export interface WatchedRun {
  id: RunId
  campaignId: CampaignId
  state: RunState
  contents: readonly RunContent[]
  forgiven: Forgiven
}

/** Runs of one statement: an organization with a thousand campaigns has more, and each of them is looked at. */
const PAGE_RUNS = 1_000

/** All runs of an organization that are under way, and those that began after an instant. */
export async function watchedRuns(ctx: Ctx, startedAfter: Date): Promise<WatchedRun[]> {
  const runs: WatchedRun[] = []
  for (;;) {
    const page = await pageOfWatched(ctx, startedAfter, runs.at(-1)?.id ?? null)
    runs.push(...page)
    if (page.length < PAGE_RUNS) return runs
  }
}

const pageOfWatched = (ctx: Ctx, startedAfter: Date, after: RunId | null): Promise<WatchedRun[]> =>
  ctx.db.named(
    'delivery_watched_runs',
    `
    select id, campaign_id, state, forgiven,
      coalesce(contents, jsonb_build_array(jsonb_build_object('channel', channel, 'variant', 0, 'versionId', version_id))) as contents
    from run
    where org_id = $1 and ($4::uuid is null or id > $4) and (state in ('resolving', 'running') or started_at >= $2)
    order by id
    limit $3`,
    [ctx.orgId, startedAfter, PAGE_RUNS, after],
  )

/** Is anything under way at all? */
export async function anyUnderWay(ctx: Ctx): Promise<boolean> {
  const rows = await ctx.db.rows(
    'delivery_any_under_way',
    `select 1 from run where org_id = $1 and state in ('resolving', 'running') limit 1`,
    [ctx.orgId],
  )
  return rows.length > 0
}

/** Figures of a run on one channel, by name. */
export interface RunFigure {
  runId: RunId
  channel: RunChannel
  name: string
  n: number
}

/** Figures of runs by channel and name, over all hours or those within bounds. */
export async function figuresOfRuns(
  ctx: Ctx,
  runs: readonly Pick<WatchedRun, 'id' | 'campaignId'>[],
  hours: { from: Date; until: Date } | null = null,
): Promise<RunFigure[]> {
  const figures: RunFigure[] = []
  for (let from = 0; from < runs.length; from += PAGE_RUNS)
    figures.push(...(await figuresOfPage(ctx, runs.slice(from, from + PAGE_RUNS), hours)))
  return figures
}

const figuresOfPage = (
  ctx: Ctx,
  runs: readonly Pick<WatchedRun, 'id' | 'campaignId'>[],
  hours: { from: Date; until: Date } | null,
): Promise<RunFigure[]> =>
  ctx.db.named(
    'delivery_figures_of_runs',
    `
    select run_id, channel, name, sum(n)::int as n from metric
    where org_id = $1 and campaign_id = any($2::uuid[]) and run_id = any($3::uuid[])
      and (name in ('sent', 'delivered', 'complained') or name like 'bounced%' or name like 'unknown%')
      and ($4::timestamptz is null or (hour >= $4 and hour < $5))
    group by run_id, channel, name order by run_id, channel, name`,
    [
      ctx.orgId,
      [...new Set(runs.map(({ campaignId }) => campaignId))],
      runs.map(({ id }) => id),
      hours?.from ?? null,
      hours?.until ?? null,
    ],
  )

/** Figures of mails that were asked for one by one, by the template that they were made of, within bounds. */
export const figuresOfTemplates = (
  ctx: Ctx,
  templates: readonly TemplateId[],
  hours: { from: Date; until: Date },
): Promise<{ templateId: TemplateId; name: string; n: number }[]> =>
  ctx.db.named(
    'delivery_figures_of_templates',
    `
    select campaign_id as template_id, name, sum(n)::int as n from metric
    where org_id = $1 and campaign_id = any($2::uuid[]) and channel = 'email' and hour >= $3 and hour < $4
      and (name in ('sent', 'delivered', 'complained') or name like 'bounced%' or name like 'unknown%')
    group by campaign_id, name order by campaign_id, name`,
    [ctx.orgId, templates, hours.from, hours.until],
  )

export const setTripped = (ctx: Ctx, id: RunId, trip: Trip): Promise<unknown> =>
  ctx.db.named(
    'delivery_set_tripped',
    'update run set tripped = $3, updated_at = $4 where org_id = $1 and id = $2',
    [ctx.orgId, id, JSON.stringify(trip), ctx.now()],
  )

/** A person lets a run go on, knowing of these figures. */
export const forgive = (ctx: Ctx, id: RunId, forgiven: Forgiven): Promise<unknown> =>
  ctx.db.named(
    'delivery_forgive',
    'update run set tripped = null, forgiven = $3, updated_at = $4 where org_id = $1 and id = $2',
    [ctx.orgId, id, JSON.stringify(forgiven), ctx.now()],
  )
