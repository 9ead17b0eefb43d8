/**
 * Looking for what is unusual: each run once at each age, against earlier runs at the same age on the same channel; of
 * its own campaign where it has enough of them. Of campaigns that events set off the days are looked at, against their
 * own earlier days. Counters only, set-based; nothing on the way of a message.
 */
import { countsFrom, type Counts } from '../../analytics/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { defineSchedule, enqueue } from '../../platform/jobs/index.ts'
import { likelyCause } from './cause.ts'
import { daysOf, likeWeekdays, type Watched } from './days.ts'
import { evidenceOf } from './evidence.ts'
import {
  deleteLooksBefore,
  insertAnomalies,
  insertLooks,
  selectArmed,
  selectDays,
  selectFiguresUntil,
  selectRuns,
  selectUnusual,
  type FoundAnomaly,
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
/** Of a day, eight of its weekdays and some more. */
const DAYS_COMPARED_MS = 60 * DAY_MS
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
  const now = ctx.now()
  const days = await selectDays(ctx, new Date(now.getTime() - DAYS_COMPARED_MS))
  const watched = [
    ...(await selectRuns(ctx, new Date(now.getTime() - COMPARED_MS))),
    ...daysOf(days, days.length > 0 ? await selectArmed(ctx) : new Map(), now),
  ]
  for (const stage of Object.keys(LOOKS) as Stage[]) {
    const due = watched.filter((one) => isDue(one, stage, now))
    if (due.length > 0) await lookAt(ctx, stage, due, watched)
  }
  await deleteLooksBefore(ctx, new Date(ctx.now().getTime() - LOOKS_KEPT_MS))
}

/** The hour up to which figures are counted at an age; null while it is not known. */
function untilOf({ firstHandoverAt, endedAt }: Watched, stage: Stage): Date | null {
  const { after, hours } = STAGES[stage]
  const since = after === 'first' ? firstHandoverAt : endedAt
  return since && new Date(Math.floor(since.getTime() / HOUR_MS) * HOUR_MS + hours * HOUR_MS)
}

function isDue(one: Watched, stage: Stage, now: Date): boolean {
  // Of a silent day there is nothing else to look at, and of the others it would say nothing.
  if ((stage === 'silent') !== (one.kind === 'silent')) return false
  const readyAt = (untilOf(one, stage)?.getTime() ?? Infinity) + GRACE_MS
  return (
    !one.looks.includes(nameOf(one, stage)) && readyAt <= now.getTime() && now.getTime() - readyAt < LATE_MS
  )
}

/** A look as it is noted. */
const nameOf = ({ startedAt }: Watched, stage: Stage): string =>
  stage === 'silent' ? `silent ${startedAt.toISOString().slice(0, 10)}` : stage

type Ripe = Watched & { until: Date }
type Figures = ReadonlyMap<string, ReadonlyMap<string, Counts>>

async function lookAt(
  ctx: Ctx,
  stage: Stage,
  due: readonly Watched[],
  watched: readonly Watched[],
): Promise<void> {
  const dueLines = new Set(due.map(lineOf))
  const ripe = watched.flatMap((one): Ripe[] => {
    const until = untilOf(one, stage)
    return until !== null && until <= ctx.now() && dueLines.has(lineOf(one)) ? [{ ...one, until }] : []
  })
  const figures = await figuresByKey(ctx, ripe)
  const known = await selectUnusual(
    ctx,
    ripe.map(({ id }) => id),
  )
  const unusual = new Set(known.map(({ runId, channel, metric }) => `${runId}/${channel}/${metric}`))
  const dueKeys = new Set(due.map(({ key }) => key))
  const found: FoundAnomaly[] = []
  for (const one of ripe.filter(({ key }) => dueKeys.has(key))) {
    for (const metric of LOOKS[stage]) {
      const earlier = comparable(one, ripe, metric === 'volume')
      for (const [channel, own] of ownFigures(one, earlier, figures)) {
        const peers = earlier.filter(({ id }) => !unusual.has(`${id}/${channel}/${metric}`))
        const counts = peers.flatMap(({ key, kind }) => {
          const counted = figures.get(key)?.get(channel)
          return counted ? [counted] : kind === 'run' ? [] : [NONE]
        })
        const seen = judge(metric, own, counts, one.kind !== 'run')
        if (!seen) continue
        const cause = likelyCause(seen, await evidenceOf(ctx, seen, one, channel))
        found.push(rowOf(ctx, { run: one, channel, stage: nameOf(one, stage), seen, cause }))
      }
    }
  }
  await write(ctx, stage, due, found)
}

const NONE: Counts = new Map()

/** By channel; a silent day is one on every channel that the days before it had. */
function ownFigures(
  { key, kind }: Ripe,
  earlier: readonly Ripe[],
  figures: Figures,
): Iterable<readonly [string, Counts]> {
  if (kind !== 'silent') return figures.get(key) ?? []
  const channels = new Set(earlier.flatMap((peer) => [...(figures.get(peer.key)?.keys() ?? [])]))
  return [...channels].map((channel) => [channel, NONE] as const)
}

/** Only what is of one line is compared, and read: runs with runs, days with days of their campaign. */
const lineOf = ({ kind, campaignId }: Watched): string => (kind === 'run' ? 'runs' : campaignId)

/**
 * What an earlier one may be compared with, latest first: for the same purpose, runs with runs and days with days. Of
 * runs the campaign's own where they are enough, and for volumes only those; of days always its own.
 */
function comparable(one: Ripe, ripe: readonly Ripe[], isVolume: boolean): readonly Ripe[] {
  const line = lineOf(one)
  const earlier = ripe.filter(
    (other) => other.startedAt < one.startedAt && other.purpose === one.purpose && lineOf(other) === line,
  )
  if (one.kind !== 'run') return isVolume ? likeWeekdays(one, earlier, PEERS_MIN) : earlier
  const own = earlier.filter(({ campaignId }) => campaignId === one.campaignId)
  return isVolume || own.length >= PEERS_MIN ? own : earlier
}

async function figuresByKey(ctx: Ctx, ripe: readonly Ripe[]): Promise<Figures> {
  const rows = Map.groupBy(await selectFiguresUntil(ctx, ripe), ({ runId }) => runId)
  return new Map(
    ripe.map(({ key, runIds }) => {
      const own = Map.groupBy(
        runIds.flatMap((runId) => rows.get(runId) ?? []),
        ({ channel }) => channel,
      )
      return [key, new Map([...own].map(([channel, counted]) => [channel, countsFrom(counted)]))]
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
    run: Watched
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
  due: readonly Watched[],
  found: readonly FoundAnomaly[],
): Promise<void> {
  const written = await inTransaction(ctx, async (ctx) => {
    const looks = due.map((one) => ({ runId: one.id, stage: nameOf(one, stage) }))
    const mine = new Set((await insertLooks(ctx, looks)).map((look) => `${look.runId}/${look.stage}`))
    const own = found.filter((one) => mine.has(`${one.runId}/${one.stage}`))
    const rows = own.length === 0 ? [] : await insertAnomalies(ctx, own)
    const [first] = rows
    if (first)
      await enqueue(ctx, tellUnusual, { anomalyIds: rows.map(({ id }) => id) }, { key: `tell:${first.id}` })
    return rows
  })
  if (written.length > 0)
    ctx.platform.hub.publish(ctx.orgId, 'anomalies', { at: ctx.now().toISOString(), found: written.length })
}
