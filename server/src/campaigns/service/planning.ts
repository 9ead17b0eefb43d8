/** Plans and their next starts: checking one, waiting for it, taking it up again after a pause, saying it in words. */
import {
  occurrenceInWords,
  occurrencesAfter,
  parseCron,
  planInWords,
  whenWouldLeave,
  type WhenAnswer,
} from '../../delivery/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { announce } from '../../platform/events/index.ts'
import type { CampaignId, ContactId } from '../../platform/ids.ts'
import { enqueue } from '../../platform/jobs/index.ts'
import { errors } from '../errors.ts'
import { campaignStartMissed } from '../events.ts'
import {
  insertOccurrences,
  latestBegunWall,
  readCampaign,
  setNextStart,
  type CampaignRow,
} from '../queries.ts'
import { firstStart, nextStart, NEXT_RUNS_SHOWN, startsBetween } from '../rules.ts'
import type { Channel, PlannedRuns, Schedule, ScheduleAsked } from '../schema.ts'
import { remindAuthor, startScheduled } from '../work.ts'

/** One start of a plan. */
type Start = NonNullable<ReturnType<typeof firstStart>>

/**
 * The first start of a plan that somebody has just made for a campaign.
 * @throws campaigns.cron_invalid, campaigns.no_start, campaigns.too_soon
 */
export async function firstStartOf(ctx: Ctx, id: CampaignId, schedule: Schedule): Promise<Start> {
  assertReadable(schedule)
  const first = firstStart(schedule, ctx.now(), await latestBegunWall(ctx, id))
  if (first) return first
  if (schedule.repeat !== null)
    throw errors.no_start(
      {},
      { problems: [{ path: 'repeat', message: 'No day matches. Look at the days and the last day.' }] },
    )
  throw errors.too_soon(
    {},
    { problems: [{ path: 'at', message: 'Choose a time at least five minutes ahead, or launch now.' }] },
  )
}

/**
 * A plan in words, with the runs that come of it if it is saved now.
 * @throws campaigns.cron_invalid, campaigns.not_found
 * Source: CS-008.2
 */
export async function previewPlan(
  ctx: Ctx,
  { campaignId, ...schedule }: ScheduleAsked,
): Promise<PlannedRuns> {
  assertReadable(schedule)
  if (campaignId !== undefined && !(await readCampaign(ctx, campaignId)))
    throw errors.not_found({ id: campaignId })
  const begunWall = campaignId === undefined ? null : await latestBegunWall(ctx, campaignId)
  return describePlan(ctx, schedule, firstStart(schedule, ctx.now(), begunWall))
}

/** A plan in words, with its next start and the runs after it. */
export function describePlan(ctx: Ctx, schedule: Schedule, next: Start | null): PlannedRuns {
  const runs = next ? [next, ...occurrencesAfter(schedule, next.at, NEXT_RUNS_SHOWN - 1)] : []
  return {
    sentence: planInWords(schedule, ctx.locale),
    next: runs.map((occurrence) => ({
      at: occurrence.at,
      plannedFor: occurrence.wall,
      ...occurrenceInWords(schedule, occurrence, ctx.locale),
    })),
  }
}

/**
 * When the campaign's message would leave for one contact: at its planned start, or if it were launched now.
 * @throws campaigns.not_found, contacts.not_found
 */
export async function whenForContact(
  ctx: Ctx,
  id: CampaignId,
  { contactId, channel }: { contactId: ContactId; channel?: Channel | undefined },
): Promise<WhenAnswer> {
  const campaign = await readCampaign(ctx, id)
  if (!campaign) throw errors.not_found({ id })
  const { schedule, scheduledAt, plannedFor, timing, channels } = campaign
  return whenWouldLeave(ctx, {
    contactId,
    channel: channel ?? channels[0] ?? 'email',
    purpose: 'marketing',
    at: scheduledAt !== null && scheduledAt > ctx.now() ? scheduledAt : null,
    recipientWall: schedule?.clock === 'recipient' ? plannedFor : null,
    timing,
  })
}

/**
 * Asks for the start at an instant, and for the reminder before it. Each plan is its own job: a moved plan's old job finds
 * another instant and does nothing.
 */
export async function planStart(ctx: Ctx, id: CampaignId, schedule: Schedule, at: Date): Promise<void> {
  const payload = { campaignId: id, plannedAt: at.toISOString() }
  const key = `${id}:${payload.plannedAt}`
  await enqueue(ctx, startScheduled, payload, { key, dueAt: at })
  const remindAt =
    schedule.remindMinutes === null ? null : new Date(at.getTime() - schedule.remindMinutes * 60_000)
  if (remindAt && remindAt > ctx.now()) await enqueue(ctx, remindAuthor, payload, { key, dueAt: remindAt })
}

/**
 * Takes a plan up again after a pause: a plan that repeats goes on with its next start, and what went by is listed.
 * @returns the next start; null when nothing more is planned
 * @throws campaigns.schedule_passed when it was to run once and that has gone by
 */
export async function resumePlan(ctx: Ctx, campaign: CampaignRow): Promise<Date | null> {
  const { id, schedule, scheduledAt } = campaign
  if (!schedule || !scheduledAt) return null
  if (schedule.repeat === null) {
    if (campaign.pausedFrom !== 'scheduled') return null
    if (scheduledAt <= ctx.now()) throw errors.schedule_passed({ id })
    await planStart(ctx, id, schedule, scheduledAt)
    return scheduledAt
  }
  if (scheduledAt <= ctx.now())
    await listPassed(ctx, campaign, startsBetween(schedule, scheduledAt, ctx.now()), 'paused')
  const next = scheduledAt > ctx.now() ? scheduledAt : await planNext(ctx, campaign, ctx.now())
  if (next) await planStart(ctx, id, schedule, next)
  return next
}

/** Moves a plan that repeats on to its next start after an instant. @returns null when there is none */
export async function planNext(ctx: Ctx, { id, schedule }: CampaignRow, after: Date): Promise<Date | null> {
  const next = schedule && nextStart(schedule, after)
  await setNextStart(ctx, id, next ? { scheduledAt: next.at, plannedFor: next.wall } : null)
  if (schedule && next) await planStart(ctx, id, schedule, next.at)
  return next?.at ?? null
}

/** Lists planned instants that went by without a run. */
export async function listPassed(
  ctx: Ctx,
  { id }: CampaignRow,
  starts: readonly Start[],
  why: 'missed' | 'paused',
): Promise<void> {
  if (starts.length === 0) return
  await insertOccurrences(
    ctx,
    id,
    starts.map(({ at, wall }) => ({ plannedAt: at, plannedFor: wall, state: why, runId: null })),
  )
  for (const { at } of starts)
    announce(
      ctx,
      campaignStartMissed,
      { campaignId: id, plannedAt: at.toISOString(), why },
      { campaignId: id },
    )
}

function assertReadable({ repeat }: Schedule): void {
  if (repeat?.kind !== 'cron' || parseCron(repeat.expression)) return
  throw errors.cron_invalid(
    {},
    {
      problems: [
        {
          path: 'repeat.expression',
          message: 'Write five fields such as 0 9 * * 1-5; at most 48 times a day.',
        },
      ],
    },
  )
}
