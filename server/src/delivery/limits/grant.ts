/**
 * How many messages a set of limits lets go now. Each limit is a row of evenly spaced places in time, of which every
 * message takes one: a minute’s worth leaves spread over the minute, whoever sends it. Pure.
 * Source: design §5 Throttle; CS-010.1, CS-010.2, CS-010.5, FR-007; the generic cell rate algorithm of ATM
 */

/** A limit and how much of it is taken. */
export interface Taken {
  /** Time between two messages. */
  intervalUs: number
  /** The place after the last that was taken; null: none ever was. */
  takenUntilUs: number | null
  /** So far ahead of now may places be taken, by whoever has precedence; absent: not at all. */
  aheadUs?: number
}

export interface Grant {
  /** Messages that may leave now. */
  count: number
  /** The new `takenUntilUs` of each limit, in their order. */
  takenUntilUs: number[]
  /** When asking again for more is worth it. */
  againUs: number
}

/**
 * Places that nobody took in time are kept for so long, so that a worker that wakes a moment late loses nothing; longer
 * ones are gone, so that a pause is not followed by a burst.
 */
const KEPT_US = 1_500_000
/** Messages are asked for in portions of about a second. */
const PORTION_US = 1_000_000

/**
 * Whoever has precedence takes the places of the next second, at least one: whoever has none comes after them, however fast
 * they ask, and the limit holds all the same.
 */
export const aheadUsOf = (intervalUs: number): number => Math.max(intervalUs, PORTION_US)

/** About a second's worth of places, at least one. */
export const portionOf = (intervalUs: number): number => Math.max(1, Math.floor(PORTION_US / intervalUs))

/** Takes up to `wanted` places of every limit at once, none of them when any limit has none. */
export function grant(limits: readonly Taken[], wanted: number, nowUs: number): Grant {
  const starts = limits.map(({ intervalUs, takenUntilUs }) =>
    Math.max(takenUntilUs ?? nowUs - intervalUs, nowUs - KEPT_US - intervalUs),
  )
  const free = limits.map(({ intervalUs, aheadUs = 0 }, n) =>
    Math.floor((nowUs + aheadUs - (starts[n] ?? nowUs)) / intervalUs),
  )
  const portions = limits.map(({ intervalUs, aheadUs }) =>
    aheadUs === undefined ? Math.max(1, Math.min(wanted, portionOf(intervalUs))) : 1,
  )
  const isEnough = free.every((count, n) => count >= (portions[n] ?? 1))
  const count = isEnough ? Math.max(0, Math.min(wanted, ...free)) : 0
  const takenUntilUs = limits.map(({ intervalUs }, n) => (starts[n] ?? nowUs) + count * intervalUs)
  return {
    count,
    takenUntilUs,
    againUs: Math.max(
      nowUs,
      ...limits.map(
        ({ intervalUs, aheadUs = 0 }, n) =>
          (takenUntilUs[n] ?? nowUs) + (portions[n] ?? 1) * intervalUs - aheadUs,
      ),
    ),
  }
}

/** The time between two messages of a limit per minute and hour; null when there is none. The slower one counts. */
export function intervalOf(limit: { perMinute: number | null; perHour: number | null }): number | null {
  const intervals = [
    ...(limit.perMinute === null ? [] : [60_000_000 / limit.perMinute]),
    ...(limit.perHour === null ? [] : [3_600_000_000 / limit.perHour]),
  ]
  return intervals.length === 0 ? null : Math.max(1, Math.round(Math.max(...intervals)))
}
