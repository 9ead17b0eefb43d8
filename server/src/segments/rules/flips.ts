/**
 * When time alone changes an answer. A clause that looks at the clock says for each person the next instant at which
 * its answer may change, so that membership wakes at that instant and is never rebuilt for the passing of time.
 * Saying an instant too many costs one look; saying one too few would be a wrong member.
 */
import { type Day, DAY_MS, dayNumber, startOfDayNumber } from './days.ts'
import type { Scope } from './scope.ts'
import type { SqlText } from './sql-text.ts'

/** The next instant at which an answer may change: in SQL, an instant after now or null, and in memory. */
export interface Flips<S, A> {
  sql(operand: S, q: SqlText): string
  /** In milliseconds; `NEVER` when time changes nothing. */
  at(actual: A): number
}

/** No instant at all. */
export const NEVER = Infinity

/** An instant if it is still to come. */
export const instantAhead = (at: Date | null, { now }: Pick<Scope, 'now'>): number =>
  at !== null && at > now ? at.getTime() : NEVER

/** What days are counted in. */
export type Clock = Pick<Scope, 'now' | 'today' | 'timeZone'>

/**
 * The next beginning of a day that lies one of these numbers of days after `day`.
 * @param day  an SQL expression of type date, or null
 */
export function dayFlips(q: SqlText, day: string, offsets: readonly number[], clock: Clock): string {
  const [today, zone] = [q.param(clock.today, 'date'), q.param(clock.timeZone, 'text')]
  return least(
    offsets.map(
      (offset) =>
        `case when ${day} + ${offset} > ${today} then (${day} + ${offset})::timestamp at time zone ${zone} end`,
    ),
  )
}

/** The same in memory. */
export function dayFlipsAt(day: number, offsets: readonly number[], { today, timeZone }: Clock): number {
  const now = dayNumber(today)
  let next = NEVER
  for (const offset of offsets)
    if (day + offset > now) next = Math.min(next, startOfDayNumber(day + offset, timeZone))
  return next
}

/**
 * The number of a day as the database makes a date of it: whatever follows the last of a month is the next one's. Null
 * for what is none there either.
 */
export function realDay(day: Day): number | null {
  if (!REAL_DAY.test(day)) return null
  return dayNumberIn(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10)))
}
const REAL_DAY = /^[1-9]\d{3}-(0[1-9]|1[0-2])-/

/** How many coming anniversaries are looked at: windows are at most a year wide. */
const YEARS_AHEAD = [0, 1, 2]

/** The next days on which a window of anniversaries begins or ends to hold the one of `day`. */
export function anniversaryFlips(q: SqlText, day: string, days: number, clock: Clock): string {
  const year = Number(clock.today.slice(0, 4))
  return least([
    dayFlips(q, day, [1], clock),
    ...YEARS_AHEAD.map((ahead) => dayFlips(q, anniversary(day, year + ahead), [-days, 1], clock)),
  ])
}

/** The same in memory. */
export function anniversaryFlipsAt(day: number, days: number, clock: Clock): number {
  const year = Number(clock.today.slice(0, 4))
  return Math.min(
    dayFlipsAt(day, [1], clock),
    ...YEARS_AHEAD.map((ahead) => dayFlipsAt(anniversaryIn(year + ahead, day), [-days, 1], clock)),
  )
}

/** The same for the month of the anniversary. */
export function anniversaryMonthFlips(q: SqlText, day: string, clock: Clock): string {
  const year = Number(clock.today.slice(0, 4))
  return least(YEARS_AHEAD.map((ahead) => periodFlips(q, 'month', anniversary(day, year + ahead), clock)))
}

/** The same in memory. */
export function anniversaryMonthFlipsAt(day: number, clock: Clock): number {
  const year = Number(clock.today.slice(0, 4))
  return Math.min(
    ...YEARS_AHEAD.map((ahead) => periodFlipsAt('month', anniversaryIn(year + ahead, day), clock)),
  )
}

/** When the calendar month or year of a day begins and ends. */
export function periodFlips(q: SqlText, period: 'month' | 'year', day: string, clock: Clock): string {
  const start = `date_trunc('${period}', ${day}::timestamp)`
  return least([
    dayFlips(q, `${start}::date`, [0], clock),
    dayFlips(q, `(${start} + interval '1 ${period}')::date`, [0], clock),
  ])
}

/** The same in memory. */
export function periodFlipsAt(period: 'month' | 'year', day: number, clock: Clock): number {
  const date = new Date(day * DAY_MS)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  return period === 'month'
    ? Math.min(...[month, month + 1].map((first) => dayFlipsAt(dayNumberIn(year, first, 1), [0], clock)))
    : Math.min(...[year, year + 1].map((first) => dayFlipsAt(dayNumberIn(first, 0, 1), [0], clock)))
}

/** The next of these instants; an SQL expression, null where none lies ahead. */
const least = (instants: readonly string[]): string => `least(${instants.join(', ')})`

// Adding years clamps the 29th of February to the 28th, as anniversaries do here.
const anniversary = (day: string, year: number): string =>
  `(${day} + make_interval(years => ${year} - extract(year from ${day})::int))::date`

/** The same in memory. */
function anniversaryIn(year: number, day: number): number {
  const born = new Date(day * DAY_MS)
  const [month, date] = [born.getUTCMonth(), born.getUTCDate()]
  const same = dayNumberIn(year, month, date)
  return new Date(same * DAY_MS).getUTCMonth() === month ? same : same - 1
}

const dayNumberIn = (year: number, month: number, date: number): number =>
  Date.UTC(year, month, date) / DAY_MS
