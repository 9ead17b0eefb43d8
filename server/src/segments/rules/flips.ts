/**
 * When time alone changes an answer. A clause that looks at the clock says for each person the next instant at which
 * its answer may change, so that membership wakes at that instant and is never rebuilt for the passing of time.
 * Saying an instant too many costs one look; saying one too few would be a wrong member.
 */
import type { Scope } from './scope.ts'
import type { SqlText } from './sql-text.ts'

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

/** The same for the month of the anniversary. */
export function anniversaryMonthFlips(q: SqlText, day: string, clock: Clock): string {
  const year = Number(clock.today.slice(0, 4))
  return least(
    YEARS_AHEAD.flatMap((ahead) => {
      const month = `date_trunc('month', ${anniversary(day, year + ahead)}::timestamp)`
      return [
        dayFlips(q, `${month}::date`, [0], clock),
        dayFlips(q, `(${month} + interval '1 month')::date`, [0], clock),
      ]
    }),
  )
}

/** The next of these instants; an SQL expression, null where none lies ahead. */
export const least = (instants: readonly string[]): string => `least(${instants.join(', ')})`

// Adding years clamps the 29th of February to the 28th, as anniversaries do here.
const anniversary = (day: string, year: number): string =>
  `(${day} + make_interval(years => ${year} - extract(year from ${day})::int))::date`
