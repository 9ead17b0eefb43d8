/** When something must have happened: windows of time, absolute or moving with the clock. */
import { z } from 'zod'
import { addDays, dayNumber, dayNumberOf, startOfDay, startOfDayNumber } from './days.ts'
import { type Clock, NEVER } from './flips.ts'
import type { SqlText } from './sql-text.ts'
import { dayValue, DAYS_MAX } from './values.ts'
import { dayText, daysText, hoursText, type Locale, type Words } from './words.ts'

const HOUR_MS = 3_600_000
/** Longest window in hours: three months; longer ones are said in days. */
const HOURS_MAX = 2_160

const length = z.int('Give a whole number.').min(0, 'Give 0 or more.')
const duration = z.discriminatedUnion('unit', [
  z.strictObject({ unit: z.literal('hours'), count: length.min(1).max(HOURS_MAX) }),
  z.strictObject({ unit: z.literal('days'), count: length.max(DAYS_MAX) }),
])

/** How far apart two things may lie: to the hour, or in spans of 24 hours. */
export const spanSchema = z.discriminatedUnion('unit', [
  z.strictObject({ unit: z.literal('hours'), count: length.min(1).max(HOURS_MAX) }),
  z.strictObject({ unit: z.literal('days'), count: length.min(1).max(DAYS_MAX) }),
])
export type Span = z.output<typeof spanSchema>

/**
 * On the wire. Days are calendar days in the organization's zone, as everywhere in rules: `last 7 days` is today and
 * the seven days before. Hours run to the millisecond.
 */
export const windowSchema = z.union([
  z.strictObject({ last: duration }),
  z.strictObject({ before: duration }),
  z
    .strictObject({
      betweenDaysAgo: z.strictObject({ from: length.max(DAYS_MAX), to: length.max(DAYS_MAX) }),
    })
    .refine(({ betweenDaysAgo: { from, to } }) => from >= to, 'The first number is the longer ago.'),
  z
    .strictObject({ from: dayValue.optional(), to: dayValue.optional() })
    .refine(({ from, to }) => from !== undefined || to !== undefined, 'Give a first or a last day.')
    .refine(
      ({ from, to }) => from === undefined || to === undefined || from <= to,
      'The first day must not be after the last.',
    ),
])
export type Window = z.output<typeof windowSchema>

/** After how long something in the past crosses an edge of a moving window. */
type Edge = { unit: 'hours' | 'days'; count: number }

/** A window at a moment. */
export interface Bounds {
  /** Inclusive; null is open. */
  from: Date | null
  /** Exclusive; null is open. */
  to: Date | null
  edges: readonly Edge[]
  /** ` in the last 7 days`, with its leading space; empty for ever. */
  phrase: Words
}

const EVER: Bounds = { from: null, to: null, edges: [], phrase: { en: '', fr: '' } }

/** The window as it stands now; undefined is for ever. */
export function boundsOf(window: Window | undefined, clock: Clock): Bounds {
  if (window === undefined) return EVER
  if ('last' in window) return lastBounds(window.last, clock)
  if ('before' in window) return beforeBounds(window.before, clock)
  if ('betweenDaysAgo' in window) {
    const { from, to } = window.betweenDaysAgo
    return {
      from: startOfDay(addDays(clock.today, -from), clock.timeZone),
      to: startOfDay(addDays(clock.today, 1 - to), clock.timeZone),
      edges: [
        { unit: 'days', count: from + 1 },
        { unit: 'days', count: to },
      ],
      phrase: {
        en: ` between ${daysText(from, 'en')} and ${daysText(to, 'en')} ago`,
        fr: ` il y a entre ${daysText(to, 'fr')} et ${daysText(from, 'fr')}`,
      },
    }
  }
  const { from, to } = window
  return {
    from: from === undefined ? null : startOfDay(from, clock.timeZone),
    to: to === undefined ? null : startOfDay(addDays(to, 1), clock.timeZone),
    edges: [],
    phrase: { en: rangePhrase(from, to, 'en'), fr: rangePhrase(from, to, 'fr') },
  }
}

function lastBounds({ unit, count }: Edge, clock: Clock): Bounds {
  if (unit === 'hours')
    return {
      from: new Date(clock.now.getTime() - count * HOUR_MS),
      to: null,
      edges: [{ unit, count }],
      phrase: {
        en: ` in the last ${hoursText(count, 'en')}`,
        fr: ` au cours des dernières ${hoursText(count, 'fr')}`,
      },
    }
  return {
    from: startOfDay(addDays(clock.today, -count), clock.timeZone),
    to: null,
    edges: [{ unit, count: count + 1 }],
    phrase:
      count === 0
        ? { en: ' today', fr: ' aujourd’hui' }
        : {
            en: ` today or in the ${daysText(count, 'en')} before`,
            fr: ` aujourd’hui ou dans les ${daysText(count, 'fr')} qui précèdent`,
          },
  }
}

function beforeBounds({ unit, count }: Edge, clock: Clock): Bounds {
  if (unit === 'hours')
    return {
      from: null,
      to: new Date(clock.now.getTime() - count * HOUR_MS),
      edges: [{ unit, count }],
      phrase: {
        en: ` more than ${hoursText(count, 'en')} ago`,
        fr: ` il y a plus de ${hoursText(count, 'fr')}`,
      },
    }
  return {
    from: null,
    to: startOfDay(addDays(clock.today, -count), clock.timeZone),
    edges: [{ unit, count: count + 1 }],
    phrase: { en: ` more than ${daysText(count, 'en')} ago`, fr: ` il y a plus de ${daysText(count, 'fr')}` },
  }
}

function rangePhrase(from: string | undefined, to: string | undefined, locale: Locale): string {
  const [first, last] = [from, to].map((day) => (day === undefined ? '' : dayText(day, locale)))
  if (to === undefined) return locale === 'fr' ? ` depuis le ${first}` : ` since ${first}`
  if (from === undefined) return locale === 'fr' ? ` jusqu’au ${last}` : ` up to ${last}`
  return locale === 'fr' ? ` du ${first} au ${last}` : ` from ${first} to ${last}`
}

/** Does an instant lie in the window? */
export function isWithin(at: Date, { from, to }: Pick<Bounds, 'from' | 'to'>): boolean {
  const instant = at.getTime()
  return (from === null || instant >= from.getTime()) && (to === null || instant < to.getTime())
}

/** The window over an SQL expression of type timestamptz, each part led by `and`. */
export function boundsSql(q: SqlText, at: string, { from, to }: Pick<Bounds, 'from' | 'to'>): string {
  const after = from === null ? '' : ` and ${at} >= ${q.param(from, 'timestamptz')}`
  const before = to === null ? '' : ` and ${at} < ${q.param(to, 'timestamptz')}`
  return after + before
}

/**
 * The next instant at which something that happened crosses an edge of the window, as SQL.
 * @param earliest  makes the expression of the earliest instant at or after a bound among what is looked at
 */
export function windowFlips(
  q: SqlText,
  { edges }: Bounds,
  clock: Clock,
  earliest: (from: Date) => string,
): string[] {
  return edges.map((edge) => {
    const { unit, count } = edge
    const first = earliest(new Date(notYetAcross(edge, clock)))
    if (unit === 'hours')
      return `(${first} + ${q.param(count * HOUR_MS + 1, 'numeric')}::float8 * interval '1 millisecond')`
    const zone = q.param(clock.timeZone, 'text')
    return `(((${first} at time zone ${zone})::date + ${count})::timestamp at time zone ${zone})`
  })
}

/** The same in memory, over instants in their order. */
export function windowFlipsAt({ edges }: Bounds, clock: Clock, ats: readonly number[]): number {
  let next = NEVER
  for (const edge of edges) {
    const bound = notYetAcross(edge, clock)
    const first = ats.find((at) => at >= bound)
    if (first !== undefined) next = Math.min(next, acrossAt(edge, first, clock))
  }
  return next
}

/**
 * When a count of what lies in the window changes an answer, over the instants in the window, in their order. Out of a
 * window that only moves away things go one by one, and nothing comes in: most of their leavings change nothing.
 */
export function countFlipsAt(
  edge: Edge,
  clock: Clock,
  ats: readonly number[],
  holds: (count: number) => boolean,
): number {
  const now = holds(ats.length)
  for (const [n, at] of ats.entries()) if (holds(ats.length - n - 1) !== now) return acrossAt(edge, at, clock)
  return NEVER
}

/** The edge over which things leave a window that nothing enters but by happening; null for any other window. */
export const leavingEdge = ({ edges: [edge, ...others], to }: Bounds): Edge | null =>
  edge === undefined || others.length > 0 || to !== null ? null : edge

/** When something that happened at an instant crosses an edge. */
const acrossAt = ({ unit, count }: Edge, at: number, { timeZone }: Clock): number =>
  unit === 'hours' ? at + count * HOUR_MS + 1 : startOfDayNumber(dayNumberOf(at, timeZone) + count, timeZone)

/** Since when what happened has not crossed an edge yet. */
const notYetAcross = ({ unit, count }: Edge, { now, today, timeZone }: Clock): number =>
  unit === 'hours'
    ? now.getTime() - count * HOUR_MS
    : startOfDayNumber(dayNumber(today) + 1 - count, timeZone)

/** A span in milliseconds. */
export const spanMs = ({ unit, count }: Span): number => count * (unit === 'hours' ? HOUR_MS : 24 * HOUR_MS)

/** `24 hours`, `3 days`. */
export const spanText = ({ unit, count }: Span, locale: Locale): string =>
  unit === 'hours' ? hoursText(count, locale) : daysText(count, locale)
