/**
 * Cron expressions of five fields, read as calendars: which days, and which times of a day. What an expression means on
 * the nights of a clock change is not decided here. Pure.
 */

/** A parsed expression. */
export interface Cron {
  /** Minutes from midnight at which something is planned on a matching day, ascending. */
  minutes: readonly number[]
  matches(day: Temporal.PlainDate): boolean
}

/** A campaign that runs more often than this on a day is a mistake. */
export const TIMES_PER_DAY_MAX = 48

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const MACROS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
}

/**
 * Reads `minute hour day-of-month month day-of-week`: lists, ranges, steps, names of months and weekdays, `L` for the
 * last day of a month, and the usual macros. As in cron, a day matches by either of its two fields when both are given.
 * @returns null when it is no expression, or names more than 48 times a day
 */
export function parseCron(expression: string): Cron | null {
  const text = expression.trim().toLowerCase()
  const fields = (MACROS[text] ?? text).split(/\s+/)
  const [minute, hour, dayOfMonth, month, weekday] = fields
  if (fields.length !== 5 || !minute || !hour || !dayOfMonth || !month || !weekday) return null
  const minutes = numbersOf(minute, 0, 59)
  const hours = numbersOf(hour, 0, 23)
  const isLast = dayOfMonth === 'l'
  const days = isLast ? new Set<number>() : numbersOf(dayOfMonth, 1, 31)
  const months = numbersOf(named(month, MONTHS, 1), 1, 12)
  const weekdays = numbersOf(named(weekday, WEEKDAYS, 0), 0, 7)
  if (!minutes || !hours || !days || !months || !weekdays) return null
  if (minutes.size * hours.size > TIMES_PER_DAY_MAX) return null
  if (weekdays.has(7)) weekdays.add(0)
  const anyDay = dayOfMonth.startsWith('*')
  const anyWeekday = weekday.startsWith('*')
  return {
    minutes: [...hours].flatMap((h) => [...minutes].map((m) => h * 60 + m)).toSorted((a, b) => a - b),
    matches: (day) => {
      if (!months.has(day.month)) return false
      const byDay = isLast ? day.day === day.daysInMonth : days.has(day.day)
      const byWeekday = weekdays.has(day.dayOfWeek % 7)
      return anyDay || anyWeekday ? byDay && byWeekday : byDay || byWeekday
    },
  }
}

/** Names become numbers, whole words only. */
function named(field: string, names: readonly string[], first: number): string {
  return field.replaceAll(/[a-z]+/g, (word) => {
    const at = names.indexOf(word)
    return at < 0 ? word : String(at + first)
  })
}

function numbersOf(field: string, least: number, most: number): Set<number> | null {
  const numbers = new Set<number>()
  for (const part of field.split(',')) {
    const match = /^(\*|\d{1,2}(?:-\d{1,2})?)(?:\/(\d{1,2}))?$/.exec(part)
    if (!match) return null
    const [, range = '', stepText] = match
    const step = stepText === undefined ? 1 : Number(stepText)
    const [fromText, toText] = range === '*' ? [String(least), String(most)] : range.split('-')
    const from = Number(fromText)
    // `5/10` counts from 5 to the end, as cron does.
    const to = toText !== undefined ? Number(toText) : stepText === undefined ? from : most
    if (step < 1 || from < least || to > most || from > to) return null
    for (let n = from; n <= to; n += step) numbers.add(n)
  }
  return numbers
}
