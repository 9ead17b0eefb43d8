/** Calendar days in the organization's time zone, and the windows of days that date conditions speak of. */

/** A calendar day, `2026-11-27`. Days compare as text. */
export type Day = string

/** The first and last day that a rule may name; wide enough for birthdays and safe in both readings. */
export const DAY_MIN: Day = '1000-01-01'
export const DAY_MAX: Day = '2999-12-31'

/** Days that match: within bounds (inclusive, null is open) and, if given, on one of these `MM-DD`. */
export interface DayWindow {
  from: Day | null
  to: Day | null
  monthDays: readonly string[] | null
}

/** Milliseconds of a day without change of clocks: what numbers of days are counted in. */
export const DAY_MS = 86_400_000
/** Days whose beginnings are remembered, of each zone. */
const BEGINNINGS_MAX = 10_000
const beginnings = new Map<string, Map<number, number>>()

/** A day as a number that days can be added to: those since 1 January 1970. */
export const dayNumber = (day: Day): number => Date.parse(day) / DAY_MS

/** The number of the day that an instant falls on. Asked of many events at a time: zones are looked up once a day. */
export function dayNumberOf(instantMs: number, timeZone: string): number {
  let day = Math.floor(instantMs / DAY_MS)
  while (instantMs < startOfDayNumber(day, timeZone)) day--
  while (instantMs >= startOfDayNumber(day + 1, timeZone)) day++
  return day
}

/** The instant at which a day begins, in milliseconds. */
export function startOfDayNumber(day: number, timeZone: string): number {
  const ofZone = beginnings.get(timeZone) ?? new Map<number, number>()
  const known = ofZone.get(day)
  if (known !== undefined) return known
  const begins = startOfDay(dayNumbered(day), timeZone).getTime()
  if (ofZone.size >= BEGINNINGS_MAX) ofZone.clear()
  beginnings.set(timeZone, ofZone.set(day, begins))
  return begins
}

const dayNumbered = (day: number): Day => Temporal.PlainDate.from('1970-01-01').add({ days: day }).toString()

/** The day that an instant falls on. */
export function dayOf(instant: Date, timeZone: string): Day {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .toString()
}

/** The instant at which a day begins; where midnight does not exist, the first instant after it. */
export function startOfDay(day: Day, timeZone: string): Date {
  return new Date(Temporal.PlainDate.from(day).toZonedDateTime(timeZone).epochMilliseconds)
}

/** The day `days` later, or earlier when negative. */
export function addDays(day: Day, days: number): Day {
  return Temporal.PlainDate.from(day).add({ days }).toString()
}

/** Does the day lie in the window? */
export function isInWindow(day: Day, window: DayWindow): boolean {
  if (window.from !== null && day < window.from) return false
  if (window.to !== null && day > window.to) return false
  return window.monthDays === null || window.monthDays.includes(day.slice(5))
}

/**
 * Anniversaries that fall on today or within the next `days` days. The original day itself is no anniversary.
 * Whoever was born on 29 February celebrates on the 28th in common years, as month ends clamp everywhere here.
 */
export function anniversaryWindow(today: Day, days: number): DayWindow {
  const monthDays = new Set<string>()
  const first = Temporal.PlainDate.from(today)
  for (let ahead = 0; ahead <= days; ahead++) {
    const day = first.add({ days: ahead })
    monthDays.add(day.toString().slice(5))
    if (day.month === 2 && day.day === 28 && !day.inLeapYear) monthDays.add('02-29')
  }
  return { from: null, to: addDays(today, -1), monthDays: [...monthDays] }
}

/** Anniversaries that fall in the month of today, whether gone or to come. */
export function anniversaryMonthWindow(today: Day): DayWindow {
  const month = today.slice(5, 7)
  const monthDays = Array.from({ length: 31 }, (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`)
  return { from: null, to: addDays(`${today.slice(0, 7)}-01`, -1), monthDays }
}

/** The first and last day of the month or year that a day lies in. */
export function periodOf(period: 'month' | 'year', day: Day): { from: Day; to: Day } {
  const from = Temporal.PlainDate.from(day).with(period === 'month' ? { day: 1 } : { month: 1, day: 1 })
  const to = from.add(period === 'month' ? { months: 1 } : { years: 1 }).subtract({ days: 1 })
  return { from: from.toString(), to: to.toString() }
}

/** Years completed since a day of birth; below zero before it. Whoever was born on 29 February turns on the 28th. */
export function ageOn(today: Day, born: Day): number {
  const [now, birth] = [Temporal.PlainDate.from(today), Temporal.PlainDate.from(born)]
  const years = now.year - birth.year
  return Temporal.PlainDate.compare(birth.add({ years }), now) > 0 ? years - 1 : years
}
