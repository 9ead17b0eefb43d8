/** Numbers, money and time as the reader writes them. Pure; `useFormat` binds them to language and zone. */
import { useMemo } from 'react'
import { useLocale } from 'react-aria-components'
import { useTimeZone } from './i18n/zone.ts'

/** Shown wherever there is no value: never 0, never an empty cell. */
export const none = '—'

/** An amount as the API gives it: integer minor units and an ISO 4217 code. */
export interface Money {
  amountMinor: number
  currency: string
}

/** An instant as the API gives it (ISO 8601 in UTC), or one that the page made. */
export type Instant = string | Date | number

/** The formatters of one locale and zone. */
export type Format = ReturnType<typeof formatter>

/** The formatters for the reader: their language and region, the organization's zone. */
export function useFormat(): Format {
  const { locale } = useLocale()
  const timeZone = useTimeZone()
  return useMemo(() => formatter(locale, timeZone), [locale, timeZone])
}

/** Digits of a percentage. */
const digitsOf = (ratio: number): number => (Math.abs(ratio) < 0.02 ? 2 : 1)

/**
 * Makes the formatters of a locale and zone.
 *
 * Every one takes `null` and `undefined` for "there is none" and answers with a dash.
 */
export function formatter(locale: string, timeZone: string) {
  const number = (value: Maybe<number>, options?: Intl.NumberFormatOptions) =>
    isNone(value) ? none : numbers(locale, options).format(value)
  const percent = (ratio: Maybe<number>, digits = 1) =>
    isNone(ratio) ? none : numbers(locale, { style: 'percent', maximumFractionDigits: digits }).format(ratio)
  const moment = (value: Maybe<Instant>, options: Intl.DateTimeFormatOptions) =>
    isNone(value) ? none : formatDate(locale, new Date(value), { timeZone, ...options })

  return {
    locale,
    timeZone,
    /** 48,210 · 48 210 */
    number,
    /** 48K · 48 k: for axes and tiles where room is short */
    compact: (value: Maybe<number>) => number(value, { notation: 'compact', maximumFractionDigits: 1 }),
    /** 0.421 → 42.1% · 42,1 % */
    percent,
    /** The ends of an interval of ratios, with as many digits as tell them apart: 3.9–4.5% · 0,15–0,31 % */
    percentRange: (low: number, high: number) => {
      const digits = digitsOf(high)
      const exactly = { minimumFractionDigits: digits, maximumFractionDigits: digits }
      return `${number(low * 100, exactly)}–${number(high, { style: 'percent', ...exactly })}`
    },
    /** A ratio beside such an interval: a few per mille would round to next to nothing. */
    finePercent: (ratio: Maybe<number>) => percent(ratio, isNone(ratio) ? 1 : digitsOf(ratio)),
    /** `part / whole` as percent; a dash when the whole is 0, for a rate of nothing is not 0. */
    rate: (part: Maybe<number>, whole: Maybe<number>, digits = 1) =>
      isNone(part) || isNone(whole) || whole === 0 ? none : percent(part / whole, digits),
    /** Difference of two ratios in points: +3.1 */
    points: (difference: Maybe<number>) =>
      number(isNone(difference) ? null : difference * 100, {
        signDisplay: 'exceptZero',
        maximumFractionDigits: 1,
      }),
    /** Integer minor units with currency: €1,234.50 · 1 234,50 € */
    money: (value: Maybe<Money>) => (isNone(value) ? none : formatMoney(locale, value)),
    /** 27 Nov 2026 · 27 nov. 2026 */
    date: (value: Maybe<Instant>) => moment(value, { dateStyle: 'medium' }),
    /** A calendar day without zone (`2026-11-27`). */
    day: (value: Maybe<string>) =>
      isNone(value)
        ? none
        : formatDate(locale, new Date(`${value}T00:00:00Z`), { dateStyle: 'medium', timeZone: 'UTC' }),
    /** 09:00 */
    time: (value: Maybe<Instant>) => moment(value, { timeStyle: 'short' }),
    /** 27 Nov 2026, 09:00 */
    dateTime: (value: Maybe<Instant>) => moment(value, { dateStyle: 'medium', timeStyle: 'short' }),
    /** 27 Nov 2026, 09:00 GMT+1: where the zone matters; give `zone` to show another than the organization's. */
    dateTimeZone: (value: Maybe<Instant>, zone?: string) =>
      moment(value, {
        year: 'numeric',
        month: 'short',
        day: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
        timeZoneName: 'short',
        ...(zone ? { timeZone: zone } : {}),
      }),
    /** 2 minutes ago · dans 3 jours, counted from `now` */
    relative: (value: Maybe<Instant>, now: Instant = Date.now()) =>
      isNone(value) ? none : formatRelative(locale, new Date(value).getTime() - new Date(now).getTime()),
    /** 14 min · 1 hr, 5 min: the two largest units */
    duration: (milliseconds: Maybe<number>) =>
      isNone(milliseconds) ? none : formatDuration(locale, milliseconds),
    /** 1.2 MB */
    bytes: (value: Maybe<number>) => (isNone(value) ? none : formatBytes(locale, value)),
    /** Email, SMS and in-app */
    list: (items: readonly string[]) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(items),
  }
}

type Maybe<T> = T | null | undefined

function isNone<T>(value: Maybe<T>): value is null | undefined {
  return value === null || value === undefined
}

function formatMoney(locale: string, { amountMinor, currency }: Money): string {
  const format = numbers(locale, { style: 'currency', currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(amountMinor / 10 ** digits)
}

/** What `Intl` writes, but for the first of a month in French, which is an ordinal: 1er déc. 2026. */
function formatDate(locale: string, at: Date, options: Intl.DateTimeFormatOptions): string {
  const text = dates(locale, options).format(at)
  return locale.startsWith('fr') ? text.replace(/\b1(?= \D)/, '1er') : text
}

const relativeUnits = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const

function formatRelative(locale: string, difference: number): string {
  const [unit, size] =
    relativeUnits.find(([, size]) => Math.abs(difference) >= size) ?? (['second', 1_000] as const)
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.trunc(difference / size), unit)
}

const durationUnits = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const

function formatDuration(locale: string, milliseconds: number): string {
  const parts: string[] = []
  let rest = Math.max(0, milliseconds)
  for (const [unit, size] of durationUnits) {
    const count = Math.floor(rest / size)
    rest -= count * size
    const isLast = unit === 'second' && parts.length === 0
    if (count > 0 || isLast)
      parts.push(numbers(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(count))
    if (parts.length === 2) break
  }
  return parts.join(' ')
}

function formatBytes(locale: string, value: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3))
  const unit = units[power] ?? 'byte'
  return numbers(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }).format(
    value / 1000 ** power,
  )
}

// Intl objects cost ~50 µs to make; a table of 100 rows would make thousands.
const numberFormats = new Map<string, Intl.NumberFormat>()
const dateFormats = new Map<string, Intl.DateTimeFormat>()

function numbers(locale: string, options?: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options)
  let format = numberFormats.get(key)
  if (!format) numberFormats.set(key, (format = new Intl.NumberFormat(locale, options)))
  return format
}

function dates(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options)
  let format = dateFormats.get(key)
  if (!format) dateFormats.set(key, (format = new Intl.DateTimeFormat(locale, options)))
  return format
}
