/** Calendar days and instants as exports write them. */
import { type Parsed, read, refused } from './reasons.ts'
import { fold } from './text.ts'

/** Which comes first where both readings are possible, as in 03/04/2026. */
export type DateOrder = 'dmy' | 'mdy'

const MONTHS: Readonly<Record<string, number>> = monthNumbers([
  ['jan', 'january', 'janv', 'janvier'],
  ['feb', 'february', 'fev', 'fevr', 'fevrier'],
  ['mar', 'march', 'mars'],
  ['apr', 'april', 'avr', 'avril'],
  ['may', 'mai'],
  ['jun', 'june', 'juin'],
  ['jul', 'july', 'juil', 'juillet'],
  ['aug', 'august', 'aout'],
  ['sep', 'sept', 'september', 'septembre'],
  ['oct', 'october', 'octobre'],
  ['nov', 'november', 'novembre'],
  ['dec', 'december', 'decembre'],
])

const ISO = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:$|[T ])/
const NUMBERS = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:$|[T ,])/
const DAY_FIRST_NAME = /^(?:[a-z]+,? )?(\d{1,2})(?:er|st|nd|rd|th)?[- ]([a-z]+)\.?,?[- ](\d{4})\b/
const MONTH_FIRST_NAME = /^(?:[a-z]+,? )?([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b/
const NO_YEAR = /^\d{1,2}[-/.]\d{1,2}$/
const TIME = /[T ,]\s?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s?(am|pm)?\s?(z|utc|gmt|[+-]\d{2}:?\d{2})?$/i

/** Two-digit years from this one on belong to the last century: `30` is 1930, `29` is 2029. Source: POSIX, Excel. */
const CENTURY_PIVOT = 30
const YEAR_MIN = 1900
const YEAR_MAX = 2200

/** Reads a calendar day and gives it as `2026-11-27`; a time of day behind it is dropped. */
export function parseDay(text: string, order: DateOrder): Parsed<string> {
  const written = text.trim()
  const iso = ISO.exec(written)
  if (iso) return day(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  const numbers = NUMBERS.exec(written)
  if (numbers) {
    const [first, second] = [Number(numbers[1]), Number(numbers[2])]
    const year = fullYear(numbers[3] ?? '')
    return order === 'dmy' ? day(year, second, first) : day(year, first, second)
  }
  const plain = fold(written)
  const named = DAY_FIRST_NAME.exec(plain)
  const month = named ? MONTHS[named[2] ?? ''] : undefined
  if (named && month) return day(Number(named[3]), month, Number(named[1]))
  const monthFirst = MONTH_FIRST_NAME.exec(plain)
  const leadingMonth = monthFirst ? MONTHS[monthFirst[1] ?? ''] : undefined
  if (monthFirst && leadingMonth) return day(Number(monthFirst[3]), leadingMonth, Number(monthFirst[2]))
  return refused(NO_YEAR.test(written) ? 'date_no_year' : 'date_unknown')
}

/**
 * Reads an instant. A text without zone is read as UTC, a day without time as its noon in UTC, so that it stays that
 * day in nearly every zone.
 */
export function parseInstant(text: string, order: DateOrder): Parsed<Date> {
  const epoch = /^\d{10}(\d{3})?$/.exec(text.trim())
  if (epoch) return read(new Date(Number(epoch[0]) * (epoch[1] === undefined ? 1000 : 1)))
  const parsed = parseDay(text, order)
  if (!parsed.ok) return parsed
  const time = TIME.exec(text.trim())
  if (!time) return read(new Date(`${parsed.value}T12:00:00Z`))
  const half = time[4]?.toLowerCase()
  const hour = half === undefined ? Number(time[1]) : (Number(time[1]) % 12) + (half === 'pm' ? 12 : 0)
  const zone = time[5] && /^[+-]/.test(time[5]) ? `${time[5].slice(0, 3)}:${time[5].slice(-2)}` : 'Z'
  const instant = new Date(`${parsed.value}T${pad(hour)}:${time[2]}:${time[3] ?? '00'}${zone}`)
  return Number.isNaN(instant.getTime()) ? refused('date_unknown') : read(instant)
}

/**
 * The order that a column's values prove: `dmy` once a first number above 12 is seen, `mdy` once a second one is.
 * @returns null when every value reads both ways
 */
export function dateOrderOf(values: Iterable<string>): DateOrder | null {
  let dmy = 0
  let mdy = 0
  for (const value of values) {
    const numbers = NUMBERS.exec(value.trim())
    if (!numbers) continue
    if (Number(numbers[1]) > 12) dmy++
    else if (Number(numbers[2]) > 12) mdy++
  }
  if (dmy === mdy) return null
  return dmy > mdy ? 'dmy' : 'mdy'
}

function day(year: number, month: number, dayOfMonth: number): Parsed<string> {
  if (
    year < YEAR_MIN ||
    year > YEAR_MAX ||
    month < 1 ||
    month > 12 ||
    dayOfMonth < 1 ||
    dayOfMonth > daysIn(year, month)
  ) {
    return refused('date_impossible')
  }
  return read(`${year}-${pad(month)}-${pad(dayOfMonth)}`)
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function fullYear(digits: string): number {
  const year = Number(digits)
  if (digits.length === 4) return year
  return year < CENTURY_PIVOT ? 2000 + year : 1900 + year
}

function pad(number: number): string {
  return number < 10 ? `0${number}` : String(number)
}

function monthNumbers(names: readonly (readonly string[])[]): Record<string, number> {
  return Object.fromEntries(names.flatMap((spellings, i) => spellings.map((name) => [name, i + 1])))
}
