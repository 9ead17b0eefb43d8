/**
 * Plans that repeat: wall times by a calendar, resolved to instants late. Each planned wall time happens exactly once: a
 * time that a clock change skips moves forward, one that it repeats is its first. Pure.
 * Source: design §5 Time; CS-008.1–3, FR-004.1, FR-004.2
 */
import { parseCron } from './cron.ts'
import { nthWeekday } from './holidays.ts'
import { fromClock } from './spans.ts'

/** How a plan repeats. `every`: each so many days, weeks, months. */
export type Repeat =
  | { kind: 'daily'; every: number }
  /** 1 Monday … 7 Sunday. */
  | { kind: 'weekly'; every: number; weekdays: readonly number[] }
  /** Days that a month lacks become its last: the 31st is the 28th in February. */
  | { kind: 'monthly'; every: number; day: number }
  /** The nth weekday of the month; -1 the last. */
  | { kind: 'monthly_weekday'; every: number; nth: number; weekday: number }
  | { kind: 'cron'; expression: string }

/** Whose clock reads the wall time: the plan's zone, or each recipient's own. */
export type PlanClock = 'zone' | 'recipient'

export interface Recurrence {
  /** First day and time, `2027-03-27T09:00`. A cron expression has its own times, from this one on. */
  at: string
  timeZone: string
  clock: PlanClock
  /** Null: once. */
  repeat: Repeat | null
  /** Last day, `YYYY-MM-DD`; null: without end. */
  endsOn: string | null
}

/** One planned occurrence. */
export interface Occurrence {
  /** The wall time that is planned, `2027-03-28T02:30`. */
  wall: string
  /** When it happens; with the clock of recipients, when the first of them anywhere reads it. */
  at: Date
}

/** A plan that names no day within this time has none. */
const HORIZON_DAYS = 9 * 366
/** The zone whose clock shows a wall time before all others. */
const FIRST_ZONE = 'Etc/GMT-14'

/** The instant at which a wall time is read on a clock. A gap moves forward, an overlap takes the first. */
export function instantOf(wall: string, timeZone: string): Date {
  const zoned = Temporal.PlainDateTime.from(wall).toZonedDateTime(timeZone, { disambiguation: 'compatible' })
  return new Date(zoned.epochMilliseconds)
}

/** The zone by whose clock a run of this plan begins. */
export const startZone = ({ clock, timeZone }: Pick<Recurrence, 'clock' | 'timeZone'>): string =>
  clock === 'recipient' ? FIRST_ZONE : timeZone

/**
 * The next occurrences after an instant, soonest first.
 * @param limit at most so many; fewer when the plan ends
 */
export function occurrencesAfter(plan: Recurrence, after: Date, limit: number): Occurrence[] {
  const zone = startZone(plan)
  const found: Occurrence[] = []
  // A day earlier, because a skipped time may belong to the day before.
  const from = Temporal.Instant.fromEpochMilliseconds(after.getTime())
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .subtract({ days: 1 })
  for (const wall of wallTimes(plan, from)) {
    const at = instantOf(wall, zone)
    // Two wall times of a gap may be one instant: that is one occurrence.
    if (at <= after || at.getTime() === found.at(-1)?.at.getTime()) continue
    found.push({ wall, at })
    if (found.length >= limit) break
  }
  return found
}

/** Planned wall times from a day on, in order. */
function* wallTimes(plan: Recurrence, from: Temporal.PlainDate): Generator<string> {
  const start = Temporal.PlainDateTime.from(plan.at)
  const startDay = start.toPlainDate()
  if (plan.repeat === null) {
    yield plan.at
    return
  }
  const calendar = calendarOf(plan.repeat, startDay)
  if (!calendar) return
  const minutes = calendar.minutes ?? [fromClock(plan.at.slice(11, 16))]
  const end = plan.endsOn === null ? null : Temporal.PlainDate.from(plan.endsOn)
  let day = Temporal.PlainDate.compare(from, startDay) < 0 ? startDay : from
  for (let step = 0; step < HORIZON_DAYS; step++, day = day.add({ days: 1 })) {
    if (end && Temporal.PlainDate.compare(day, end) > 0) return
    if (!calendar.matches(day)) continue
    for (const minute of minutes) {
      const wall = day.toPlainDateTime().add({ minutes: minute })
      if (Temporal.PlainDateTime.compare(wall, start) >= 0) yield wall.toString({ smallestUnit: 'minute' })
    }
  }
}

interface Calendar {
  matches(day: Temporal.PlainDate): boolean
  /** Times of a matching day; absent: the time of the plan's start. */
  minutes?: readonly number[]
}

function calendarOf(repeat: Repeat, start: Temporal.PlainDate): Calendar | null {
  const monthsSince = (day: Temporal.PlainDate): number =>
    (day.year - start.year) * 12 + day.month - start.month
  switch (repeat.kind) {
    case 'daily':
      return { matches: (day) => daysBetween(start, day) % repeat.every === 0 }
    case 'weekly': {
      const monday = start.subtract({ days: start.dayOfWeek - 1 })
      const weekdays = new Set(repeat.weekdays)
      return {
        matches: (day) =>
          weekdays.has(day.dayOfWeek) && Math.floor(daysBetween(monday, day) / 7) % repeat.every === 0,
      }
    }
    case 'monthly':
      return {
        matches: (day) =>
          monthsSince(day) % repeat.every === 0 && day.day === Math.min(repeat.day, day.daysInMonth),
      }
    case 'monthly_weekday':
      return {
        matches: (day) =>
          monthsSince(day) % repeat.every === 0 &&
          day.dayOfWeek === repeat.weekday &&
          nthWeekday(day.year, day.month, repeat.weekday, repeat.nth).equals(day),
      }
    case 'cron':
      return parseCron(repeat.expression)
  }
}

const daysBetween = (from: Temporal.PlainDate, to: Temporal.PlainDate): number => from.until(to).days
