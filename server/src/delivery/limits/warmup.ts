/**
 * Warming up a sending domain: so many messages on its first day, more on each that follows, so that receivers learn to
 * trust it. The days are the organization's own. Pure.
 * Source: compliance report §1.9, after SendGrid's published schedule
 */

/** A plan as data. */
export interface WarmupPlan {
  domain: string
  /** Messages of its first day, its second … */
  volumes: readonly number[]
  /** `YYYY-MM-DD`. */
  startedOn: string
  timeZone: string
  /** Days that were no step forward. */
  heldDays: number
}

/** Days that a plan may have. */
export const WARMUP_DAYS_MAX = 90

/** About a doubling every other day, from fifty to a million in three weeks. */
export const USUAL_WARMUP: readonly number[] = [
  50, 100, 250, 500, 1_000, 1_500, 2_500, 5_000, 7_500, 10_000, 15_000, 25_000, 40_000, 60_000, 100_000,
  150_000, 250_000, 400_000, 600_000, 800_000, 1_000_000,
]

/** What a plan allows at an instant. */
export interface Allowance {
  /** The day, in the plan's zone. */
  on: string
  /** Which step it is, from 1. */
  step: number
  messages: number
  endsAt: Date
}

/** @returns null once the plan is over: then there is no limit any more */
export function allowanceAt(plan: WarmupPlan, now: Date): Allowance | null {
  const local = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(plan.timeZone)
  const today = local.toPlainDate()
  const days = Temporal.PlainDate.from(plan.startedOn).until(today, { largestUnit: 'days' }).days
  const index = Math.max(0, days - plan.heldDays)
  const messages = plan.volumes[index]
  if (messages === undefined) return null
  const endsAt = new Date(today.add({ days: 1 }).toZonedDateTime(plan.timeZone).epochMilliseconds)
  return { on: today.toString(), step: index + 1, messages, endsAt }
}

/** A day's allowance takes an hour at least, however late it is asked for. */
const SHORTEST_US = 3_600_000_000

/** The time between two messages, so that what is left of a day's allowance leaves evenly until the day ends. */
export function warmupIntervalUs({ messages, endsAt }: Allowance, taken: number, nowUs: number): number {
  const left = Math.max(1, messages - taken)
  return Math.max(1, Math.round(Math.max((endsAt.getTime() * 1_000 - nowUs) / left, SHORTEST_US / messages)))
}

/** A day on which so many bounced for good, or complained, is no step forward. Basis points. */
export const HELD_AT = { hardBps: 300, complaintBps: 10 } as const
