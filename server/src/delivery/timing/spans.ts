/** Spans of a local day, in minutes from midnight. Pure. */

/** From (inclusive) to (exclusive); a day ends at 1440. */
export interface Span {
  from: number
  to: number
}

export const DAY_MINUTES = 1_440
export const WHOLE_DAY: readonly Span[] = [{ from: 0, to: DAY_MINUTES }]

/** A wall time such as `21:30`. */
export const CLOCK_PATTERN = /^([01]\d|2[0-3]):[0-5]\d$/

/** Minutes from midnight of a wall time. */
export function fromClock(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))
}

/** The wall time of a minute; the end of the day is `24:00`. */
export function toClock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

/** What a day has left after spans were taken out of it. */
export function without(day: readonly Span[], taken: readonly Span[]): Span[] {
  let left: Span[] = day.map((span) => ({ ...span }))
  for (const { from, to } of taken)
    left = left.flatMap((span) => {
      if (to <= span.from || from >= span.to) return [span]
      const parts: Span[] = []
      if (from > span.from) parts.push({ from: span.from, to: from })
      if (to < span.to) parts.push({ from: to, to: span.to })
      return parts
    })
  return left
}
