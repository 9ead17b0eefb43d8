/** What happened over time: a campaign of an hour by the minute, one of a month by the day. */
import type { Ctx } from '../platform/context.ts'
import type { CampaignId, RunId } from '../platform/ids.ts'
import { activeHoursOf, minutesOf, MINUTES_KEPT_DAYS, type SeriesRow } from './activity-queries.ts'
import type { Activity } from './schema.ts'

/** Lengths of a point that a reader knows, in minutes. */
const STEPS = [1, 5, 15, 60, 6 * 60, 24 * 60, 7 * 24 * 60] as const
/** More points than this are more than a line can show. */
const POINTS_MAX = 120
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/**
 * The chart of a campaign, or of one of its runs, of which minutes are not kept apart; no points before the first message.
 * Source: CS-012.2, FR-006.3
 */
export async function activityOf(
  ctx: Ctx,
  campaignId: CampaignId,
  runId: RunId | null = null,
): Promise<Activity> {
  const hours = await activeHoursOf(ctx, campaignId, runId)
  const [first] = hours
  if (!first) return { stepMinutes: STEPS[0], points: [] }
  const hasMinutes = runId === null && ctx.now().getTime() - first.at.getTime() < MINUTES_KEPT_DAYS * DAY_MS
  return hasMinutes
    ? dense(await minutesOf(ctx, campaignId), 1, ctx.now())
    : dense(hours, HOUR_MS / MINUTE_MS, ctx.now())
}

/**
 * Rows as points without holes, from the step before the first to the step after the last, but not beyond now. Pure.
 * @param finest  length of the rows in minutes: steps are not shorter
 */
export function dense(rows: readonly SeriesRow[], finest: number, now: Date): Activity {
  const [first, last] = [rows[0], rows.at(-1)]
  if (!first || !last) return { stepMinutes: finest, points: [] }
  const span = last.at.getTime() - first.at.getTime()
  const stepMinutes =
    STEPS.find((step) => step >= finest && span / (step * MINUTE_MS) <= POINTS_MAX) ??
    STEPS[STEPS.length - 1] ??
    finest
  const step = stepMinutes * MINUTE_MS
  const begin = (at: Date): number => Math.floor(at.getTime() / step) * step
  const from = begin(first.at) - step
  const until = Math.max(begin(last.at), Math.min(begin(last.at) + step, begin(now)))
  const points = Array.from({ length: (until - from) / step + 1 }, (_, n) => ({
    at: new Date(from + n * step),
    sent: 0,
    opened: 0,
    clicked: 0,
    unsubscribed: 0,
  }))
  for (const { at, name, n } of rows) {
    const point = points[(begin(at) - from) / step]
    if (point) point[name] += n
  }
  return { stepMinutes, points }
}
