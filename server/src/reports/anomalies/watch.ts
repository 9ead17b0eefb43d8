/**
 * Looking for what is unusual: each run once at each age, against earlier runs at the same age on the same channel; of
 * its own campaign where it has enough of them. Counters only, set-based; nothing on the way of a message.
 */
import { countsFrom, type Counts } from '../../analytics/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { newId, type RunId } from '../../platform/ids.ts'
import { defineSchedule, enqueue } from '../../platform/jobs/index.ts'
import { likelyCause } from './cause.ts'
import { evidenceOf } from './evidence.ts'
import {
  deleteLooksBefore,
  insertAnomalies,
  insertLooks,
  selectFiguresUntil,
  selectRuns,
  selectUnusual,
  type FoundAnomaly,
  type WatchedRun,
} from './queries.ts'
import { judge, LOOKS, PEERS_MIN, STAGES, type Stage } from './rules.ts'
import { tellUnusual } from './work.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const EVERY_MS = 10 * MINUTE_MS
/** Events of the window's last seconds are still on their way into the counters. */
const GRACE_MS = 5 * MINUTE_MS
/** Later than this an alarm is no news: runs of before an upgrade, or of a long downtime, raise none. */
const LATE_MS = 7 * DAY_MS
/** Older runs say little about what is usual. */
const COMPARED_MS = 365 * DAY_MS
/** Looks are kept for as long as their run could be looked at again. */
const LOOKS_KEPT_MS = 2 * 365 * DAY_MS

/** Source: issue “anomaly alerts with likely cause”; CB-8.5 */
export const watchForUnusual = defineSchedule({
  name: 'reports.watch_for_unusual',
  everyMs: EVERY_MS,
  perOrganization: true,
  handle: lookForUnusual,
})

/** All looks that are due of one organization. */
export async function lookForUnusual(ctx: Ctx): Promise<void> {
  const runs = await selectRuns(ctx, new Date(ctx.now().getTime() - COMPARED_MS))
  for (const stage of Object.keys(LOOKS) as Stage[]) {
    const due = runs.filter((run) => isDue(run, stage, ctx.now()))
    if (due.length > 0) await lookAt(ctx, stage, due, runs)
  }
  await deleteLooksBefore(ctx, new Date(ctx.now().getTime() - LOOKS_KEPT_MS))
}

/** The hour up to which figures of a run are counted at an age; null while it is not known. */
function untilOf({ firstHandoverAt, completedAt }: WatchedRun, stage: Stage): Date | null {
  const { after, hours } = STAGES[stage]
  const since = after === 'first' ? firstHandoverAt : completedAt
  return since && new Date(Math.floor(since.getTime() / HOUR_MS) * HOUR_MS + hours * HOUR_MS)
}

function isDue(run: WatchedRun, stage: Stage, now: Date): boolean {
  const readyAt = (untilOf(run, stage)?.getTime() ?? Infinity) + GRACE_MS
  return !run.looks.includes(stage) && readyAt <= now.getTime() && now.getTime() - readyAt < LATE_MS
}

async function lookAt(
  ctx: Ctx,
  stage: Stage,
  due: readonly WatchedRun[],
  runs: readonly WatchedRun[],
): Promise<void> {
  const ripe = runs.flatMap((run) => {
    const until = untilOf(run, stage)
    return until !== null && until <= ctx.now() ? [{ ...run, until }] : []
  })
  const figures = await figuresByRun(ctx, ripe)
  const known = await selectUnusual(
    ctx,
    ripe.map(({ id }) => id),
  )
  const unusual = new Set(known.map(({ runId, channel, metric }) => `${runId}/${channel}/${metric}`))
  const found: FoundAnomaly[] = []
  for (const run of ripe.filter(({ id }) => due.some((one) => one.id === id))) {
    for (const [channel, own] of figures.get(run.id) ?? []) {
      for (const metric of LOOKS[stage]) {
        const isCompared = ({ id }: WatchedRun): boolean => !unusual.has(`${id}/${channel}/${metric}`)
        const peers = comparable(run, ripe, metric === 'volume').filter(isCompared)
        const counts = peers.flatMap(({ id }) => figures.get(id)?.get(channel) ?? [])
        const seen = judge(metric, own, counts)
        if (!seen) continue
        const cause = likelyCause(seen, await evidenceOf(ctx, seen, run, channel))
        found.push(rowOf(ctx, { run, channel, stage, seen, cause }))
      }
    }
  }
  await write(ctx, stage, due, found)
}

/** Earlier runs for the same purpose, latest first: the campaign's own where they are enough; for volumes only those. */
function comparable<R extends WatchedRun>(run: R, runs: readonly R[], isOwnOnly: boolean): R[] {
  const earlier = runs.filter(
    ({ startedAt, purpose }) => startedAt < run.startedAt && purpose === run.purpose,
  )
  const own = earlier.filter(({ campaignId }) => campaignId === run.campaignId)
  return isOwnOnly || own.length >= PEERS_MIN ? own : earlier
}

async function figuresByRun(
  ctx: Ctx,
  runs: readonly (WatchedRun & { until: Date })[],
): Promise<Map<RunId, Map<string, Counts>>> {
  const byRun = Map.groupBy(await selectFiguresUntil(ctx, runs), ({ runId }) => runId)
  return new Map(
    [...byRun].map(([runId, rows]) => {
      const byChannel = [...Map.groupBy(rows, ({ channel }) => channel)]
      return [runId, new Map(byChannel.map(([channel, own]) => [channel, countsFrom(own)]))]
    }),
  )
}

const rowOf = (
  ctx: Ctx,
  {
    run,
    channel,
    stage,
    seen: { metric, direction, observed, median, low, high, peers, p },
    cause,
  }: Pick<FoundAnomaly, 'channel' | 'stage' | 'cause'> & {
    run: WatchedRun
    seen: NonNullable<ReturnType<typeof judge>>
  },
): FoundAnomaly => ({
  id: newId<'anomaly'>(ctx.now()),
  campaignId: run.campaignId,
  runId: run.id,
  channel,
  metric,
  stage,
  direction,
  part: observed.part,
  whole: observed.whole,
  usualMedian: median,
  usualLow: low,
  usualHigh: high,
  peers,
  p,
  cause,
  runStartedAt: run.startedAt,
})

/** Looks, what they found, and the mail about it, together: an alarm is raised once, whoever else was looking. */
async function write(
  ctx: Ctx,
  stage: Stage,
  due: readonly WatchedRun[],
  found: readonly FoundAnomaly[],
): Promise<void> {
  const written = await inTransaction(ctx, async (ctx) => {
    const looks = due.map(({ id }) => ({ runId: id, stage }))
    const mine = new Set((await insertLooks(ctx, looks)).map(({ runId }) => runId))
    const own = found.filter(({ runId }) => mine.has(runId))
    const rows = own.length === 0 ? [] : await insertAnomalies(ctx, own)
    const [first] = rows
    if (first)
      await enqueue(ctx, tellUnusual, { anomalyIds: rows.map(({ id }) => id) }, { key: `tell:${first.id}` })
    return rows
  })
  if (written.length > 0)
    ctx.platform.hub.publish(ctx.orgId, 'anomalies', { at: ctx.now().toISOString(), found: written.length })
}
