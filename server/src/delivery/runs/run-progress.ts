/** Where a run stands, for people. */
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId, RunId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import { readRunLimits } from '../limits/limit-queries.ts'
import { NO_LIMITS, runPerMinute } from '../limits/sending-limits.ts'
import {
  heldPeople,
  lastTryAt,
  readLatestRun,
  readRunWithChunks,
  recentHandovers,
  type HeldPeople,
} from './queries.ts'
import { slowestBound, type Bound } from './finish.ts'
import {
  addCounts,
  channelsOf,
  isUnderWay,
  type Counts,
  type Run,
  type RunChannel,
  type RunState,
  type RunTrouble,
} from './run.ts'
import { budgetSentence } from '../budget/budget-sentence.ts'
import type { OutOfBudget } from '../budget/within-budget.ts'
import { tripSentence } from '../breakers/trip-sentence.ts'
import type { Trip } from '../breakers/breaker.ts'
import { troubleSentence } from './trouble-sentence.ts'

/** A run in figures: `audience = sum of counts + waiting + cancelled` holds at every look. */
export interface RunProgress {
  id: RunId
  campaignId: CampaignId
  state: RunState
  /** False while people are still being added to the audience. */
  isResolved: boolean
  audience: number
  /** Outcomes so far: `sent`, `skipped.withdrawn`, `bounced.invalid_recipient`, `unknown.outcome_unknown` … */
  counts: Counts
  /** The same apart for each channel, in the campaign's order. */
  channels: { channel: RunChannel; audience: number; counts: Counts; trouble: RunTrouble | null }[]
  /** Still to be handed over; those refused for now included. */
  waiting: number
  /** Of those, how many were refused for now and wait for another try. */
  deferred: number
  /** Of those, who wait for an hour at which they may be written to, soonest first. */
  held: HeldPeople[]
  /** Never reached, because the run was cancelled. */
  cancelled: number
  /** People a minute lately; null while nothing moves. */
  perMinute: number | null
  /** How many a minute its limits allow; null: any number. */
  limitPerMinute: number | null
  /** When the last one will have been handed over at this rate; null when that cannot be said. */
  expectedFinishAt: Date | null
  /** The limit that decides when; null when none does. */
  finishBound: Pick<Bound, 'scope' | 'name'> | null
  startedAt: Date
  firstHandoverAt: Date | null
  completedAt: Date | null
  pausedAt: Date | null
  pausedBy: string | null
  trouble: RunTrouble | null
  failure: string | null
  /** Why a breaker stopped it; null when none did. */
  tripped: Trip | null
}

const RATE_WINDOW_MS = 30_000

/** @throws delivery.run_not_found */
export async function runProgress(ctx: Ctx, id: RunId): Promise<RunProgress> {
  const run = await readRunWithChunks(ctx, id)
  if (!run) throw errors.run_not_found({ id })
  const { waiting, deferred, cancelled } = run
  const channels = channelsOf(run).map((channel) => ({
    channel,
    audience: run.tallies[channel]?.audience ?? 0,
    counts: addCounts({ ...run.tallies[channel]?.counts }, run.chunkCounts[channel] ?? {}),
    trouble: run.troubles[channel] ?? null,
  }))
  const counts: Counts = {}
  for (const channel of channels) addCounts(counts, channel.counts)
  const perMinute = isUnderWay(run.state) ? await rateOf(ctx, run) : null
  const limits = await readRunLimits(ctx, id)
  const limitPerMinute = runPerMinute(limits.run, limits.organization ?? NO_LIMITS, channelsOf(run))
  const held = await heldPeople(ctx, id)
  const known = expectedFinish(ctx, run, {
    waiting: waiting - deferred,
    held,
    // A limit says more of the future than the last seconds do.
    perMinute: limitPerMinute === null ? perMinute : Math.min(limitPerMinute, perMinute ?? limitPerMinute),
  })
  const slowest =
    isUnderWay(run.state) && run.resolvedAt !== null ? await slowestBound(ctx, run, limits) : null
  const bound = slowest && isLast(slowest, known, waiting - deferred) ? slowest : null
  // Who is tried again is the last of a run.
  const lastTry = isUnderWay(run.state) ? await lastTryAt(ctx, id) : null
  const firstTries = later(known, bound?.finishAt ?? null)
  const isPaused = run.state === 'paused'
  return {
    id: run.id,
    campaignId: run.campaignId,
    state: run.state,
    isResolved: run.resolvedAt !== null,
    audience: run.audienceSize,
    counts,
    channels,
    waiting,
    deferred,
    held,
    cancelled,
    perMinute,
    limitPerMinute,
    expectedFinishAt: firstTries === null && waiting > deferred ? null : later(firstTries, lastTry),
    finishBound: bound && { scope: bound.scope, name: bound.name },
    startedAt: run.startedAt,
    firstHandoverAt: run.firstHandoverAt,
    completedAt: run.completedAt,
    pausedAt: isPaused ? run.stoppedAt : null,
    pausedBy: isPaused ? run.stoppedBy : null,
    trouble: channels.find(({ trouble }) => trouble !== null)?.trouble ?? null,
    failure: run.failure,
    tripped: isPaused ? run.tripped : null,
  }
}

/** Does a limit decide when a run ends? Where nothing is known of the others, only if it holds them all. */
const isLast = ({ people, finishAt }: Bound, known: Date | null, waiting: number): boolean =>
  known === null ? people >= waiting : finishAt.getTime() >= known.getTime() - AS_LATE_MS

/** Instants closer than this are the same for people. */
const AS_LATE_MS = 5_000

const later = (one: Date | null, other: Date | null): Date | null =>
  one === null || (other !== null && other > one) ? (other ?? one) : one

/** A run in a few words. */
interface LatestRun {
  id: RunId
  state: RunState
  trouble: string | null
  isTripped: boolean
  /** How the budget stopped it; null when it did not, or when it goes on. */
  outOfBudget: OutOfBudget | null
}

/** The latest run of a campaign, in a few words; null before its first. */
export async function latestRun(ctx: Ctx, campaignId: CampaignId): Promise<LatestRun | null> {
  const run = await readLatestRun(ctx, campaignId)
  if (!run) return null
  const channel = channelsOf(run).find((candidate) => run.troubles[candidate])
  const found = channel && run.troubles[channel]
  const trouble = found ? troubleSentence(ctx.locale, channel, found) : null
  const trip = run.state === 'paused' ? run.tripped : null
  const spent = run.state === 'paused' ? run.outOfBudget : null
  const stopped = trip ? tripSentence(ctx.locale, trip) : spent && budgetSentence(ctx.locale, spent)
  return {
    id: run.id,
    state: run.state,
    trouble: run.failure ?? stopped ?? trouble,
    isTripped: trip !== null,
    outOfBudget: spent,
  }
}

async function rateOf(ctx: Ctx, run: Run): Promise<number | null> {
  if (run.firstHandoverAt === null) return null
  const now = ctx.now().getTime()
  const since = Math.max(now - RATE_WINDOW_MS, run.firstHandoverAt.getTime())
  const people = await recentHandovers(ctx, run.id, new Date(since))
  return people === 0 ? null : Math.round((people / Math.max(1_000, now - since)) * 60_000)
}

/** At the present rate, and not before the last of those who wait for their hour. */
function expectedFinish(
  ctx: Ctx,
  run: Run,
  { waiting, held, perMinute }: { waiting: number; held: readonly HeldPeople[]; perMinute: number | null },
): Date | null {
  if (!isUnderWay(run.state) || run.resolvedAt === null) return null
  const lastHeld = held.at(-1)?.until.getTime() ?? 0
  const heldPeople = held.reduce((sum, { people }) => sum + people, 0)
  if (perMinute === null || perMinute === 0)
    return waiting > 0 && heldPeople >= waiting ? new Date(lastHeld) : null
  const nowMs = ctx.now().getTime()
  const ms = (people: number): number => (Math.max(0, people) / perMinute) * 60_000
  return new Date(
    Math.max(nowMs + ms(waiting - heldPeople), lastHeld === 0 ? 0 : lastHeld + ms(held.at(-1)?.people ?? 0)),
  )
}
