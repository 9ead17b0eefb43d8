/** Numbers, money and time as the reader of a paper writes them. */
import type { Locale } from '../../platform/context.ts'
import { dateInWords } from '../../platform/in-words.ts'

/** Shown wherever there is no value: never 0, never an empty cell. */
export const NONE = '—'

/** A rate of a few per mille would round to next to nothing: below this, two digits are said. */
const SMALL = 0.02

/** The formatters of one reader. */
export type Say = ReturnType<typeof sayer>

/** @param zone  IANA zone of the organization; @param currency  ISO 4217 */
export function sayer(locale: Locale, zone: string, currency: string) {
  const number = (value: number | null, options: Intl.NumberFormatOptions = {}): string =>
    value === null ? NONE : new Intl.NumberFormat(locale, options).format(value)
  const moment = (at: Date | null, options: Intl.DateTimeFormatOptions): string =>
    at === null ? NONE : dateInWords(locale, at, { timeZone: zone, ...options })
  const percent = (
    ratio: number | null,
    digits = ratio !== null && Math.abs(ratio) < SMALL ? 2 : 1,
  ): string => number(ratio, { style: 'percent', maximumFractionDigits: digits })
  return {
    locale,
    zone,
    number,
    percent,
    /** In major units, whole ones where they are many. */
    money: (amount: number | null, of = currency): string =>
      number(amount, {
        style: 'currency',
        currency: of,
        ...(amount !== null && Math.abs(amount) >= 10_000 ? { maximumFractionDigits: 0 } : {}),
      }),
    /** The same to the minor unit, for what is added up. */
    exactMoney: (amount: number | null, of = currency): string =>
      number(amount, { style: 'currency', currency: of }),
    /** 4.1–5.3 %. */
    range: (interval: { low: number; high: number } | null): string => {
      if (interval === null) return NONE
      const digits = interval.high < SMALL ? 2 : 1
      const exactly = { minimumFractionDigits: digits, maximumFractionDigits: digits }
      return `${number(interval.low * 100, exactly)}–${number(interval.high, { style: 'percent', ...exactly })}`
    },
    /** In points of a rate, with its sign. */
    points: (difference: number | null): string =>
      difference === null
        ? NONE
        : number(difference * 100, { maximumFractionDigits: 2, signDisplay: 'exceptZero' }),
    date: (at: Date | null): string => moment(at, { dateStyle: 'medium' }),
    dateTime: (at: Date | null): string => moment(at, { dateStyle: 'medium', timeStyle: 'short' }),
    /** For the axis of a chart whose points are so long. */
    pointOf: (at: Date, stepMinutes: number): string =>
      stepMinutes >= 1_440
        ? moment(at, { day: 'numeric', month: 'short' })
        : moment(at, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }),
    /** A calendar day, which lies in no zone. */
    day: (on: string): string => calendar(locale, on, { day: 'numeric', month: 'short', year: 'numeric' }),
    /** The same without its year, for an axis. */
    shortDay: (on: string): string => calendar(locale, on, { day: 'numeric', month: 'short' }),
  }
}

const calendar = (locale: Locale, on: string, options: Intl.DateTimeFormatOptions): string =>
  dateInWords(locale, new Date(`${on}T12:00:00Z`), { timeZone: 'UTC', ...options })
