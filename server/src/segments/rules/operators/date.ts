/**
 * Operators of dates. All of them speak of calendar days in the organization's time zone, and each comes down to one
 * window of days, which both readings test. "In the last 7 days" is today and the seven days before it; "more than 7
 * days ago" is everything earlier, so that the two never overlap and leave nobody between them.
 */
import {
  addDays,
  anniversaryMonthWindow,
  anniversaryWindow,
  type Day,
  type DayWindow,
  isInWindow,
  periodOf,
} from '../days.ts'
import {
  anniversaryFlips,
  anniversaryFlipsAt,
  anniversaryMonthFlips,
  anniversaryMonthFlipsAt,
  type Clock,
  dayFlips,
  dayFlipsAt,
  type Flips,
  NEVER,
  periodFlips,
  periodFlipsAt,
  realDay,
} from '../flips.ts'
import type { SqlText } from '../sql-text.ts'
import { defineOperator, type Operator, type Test } from '../operator.ts'
import { dayRangeValue, daysOfYearValue, daysValue, dayValue, noValue } from '../values.ts'
import { daysText, dayText, type Words } from '../words.ts'
import { knownOperators } from './shared.ts'

/** A date in SQL, whatever it is stored as. */
export interface DaySql {
  /** On or after this day. */
  from(day: Day): string
  /** On or before this day. */
  to(day: Day): string
  onMonthDays(monthDays: readonly string[]): string
  known(): string
  /** The day itself, of type date. */
  day(): string
}

const within = (window: DayWindow, flips?: Flips<DaySql, Day>): Test<DaySql, Day> => ({
  sql: (operand) => {
    const parts: string[] = []
    if (window.from !== null) parts.push(operand.from(window.from))
    if (window.to !== null) parts.push(operand.to(window.to))
    if (window.monthDays !== null) parts.push(operand.onMonthDays(window.monthDays))
    return `(${parts.join(' and ')})`
  },
  matches: (actual) => isInWindow(actual, window),
  ...(flips ? { flips } : {}),
})

/** When a window moves past a day: both readings, over the day itself. */
const flipping = (
  sql: (q: SqlText, day: string) => string,
  at: (day: number) => number,
): Flips<DaySql, Day> => ({
  sql: (operand, q) => sql(q, operand.day()),
  at: (actual) => {
    const day = realDay(actual)
    return day === null ? NEVER : at(day)
  },
})

const days = (from: Day | null, to: Day | null): Test<DaySql, Day> => within({ from, to, monthDays: null })

/** Days that move with the clock: `offsets` are the days after the value on which the answer changes. */
const moving = (
  from: Day | null,
  to: Day | null,
  offsets: readonly number[],
  clock: Clock,
): Test<DaySql, Day> =>
  within(
    { from, to, monthDays: null },
    flipping(
      (q, day) => dayFlips(q, day, offsets, clock),
      (day) => dayFlipsAt(day, offsets, clock),
    ),
  )
/** An anniversary that falls on today or one of the days after it. */
const anniversaryWithin = (count: number, clock: Clock): Test<DaySql, Day> =>
  within(
    anniversaryWindow(clock.today, count),
    flipping(
      (q, day) => anniversaryFlips(q, day, count, clock),
      (day) => anniversaryFlipsAt(day, count, clock),
    ),
  )
const known: Test<DaySql, Day> = { sql: (operand) => operand.known(), matches: () => true }

/** How a date's anniversary is spoken of, up to the word that says when. */
type Anniversary = (subject: Words) => Words

const anniversaryOperators = (anniversary: Anniversary): Readonly<Record<string, Operator<DaySql, Day>>> => ({
  anniversary_today: defineOperator({
    label: { en: 'has its anniversary today', fr: 'a son anniversaire aujourd’hui' },
    input: 'none',
    value: noValue,
    test: (_, clock) => anniversaryWithin(0, clock),
    phrase: (subject) => ({
      en: `${anniversary(subject).en} today`,
      fr: `${anniversary(subject).fr} aujourd’hui`,
    }),
  }),
  anniversary_in_next_days: defineOperator({
    label: { en: 'has its anniversary within … days', fr: 'a son anniversaire d’ici … jours' },
    input: 'days',
    value: daysOfYearValue,
    test: anniversaryWithin,
    phrase: (subject, count) => ({
      en: `${anniversary(subject).en} today or within ${daysText(count, 'en')}`,
      fr: `${anniversary(subject).fr} aujourd’hui ou d’ici ${daysText(count, 'fr')}`,
    }),
  }),
  anniversary_this_month: defineOperator({
    label: { en: 'has its anniversary this month', fr: 'a son anniversaire ce mois-ci' },
    input: 'none',
    value: noValue,
    test: (_, clock) =>
      within(
        anniversaryMonthWindow(clock.today),
        flipping(
          (q, day) => anniversaryMonthFlips(q, day, clock),
          (day) => anniversaryMonthFlipsAt(day, clock),
        ),
      ),
    phrase: (subject) => ({
      en: `${anniversary(subject).en} this month`,
      fr: `${anniversary(subject).fr} ce mois-ci`,
    }),
  }),
})

/** In the calendar month or year that it is now: its first day begins the answer, the first of the next ends it. */
function inPeriod(period: 'month' | 'year', label: Words): Operator<DaySql, Day> {
  return defineOperator({
    label,
    input: 'none',
    value: noValue,
    test: (_, clock) => {
      const { from, to } = periodOf(period, clock.today)
      return within(
        { from, to, monthDays: null },
        flipping(
          (q, day) => periodFlips(q, period, day, clock),
          (day) => periodFlipsAt(period, day, clock),
        ),
      )
    },
    phrase: (subject) => ({ en: `whose ${subject.en} ${label.en}`, fr: `dont ${subject.fr} ${label.fr}` }),
  })
}

const plainOperators: Readonly<Record<string, Operator<DaySql, Day>>> = {
  on: defineOperator({
    label: { en: 'is on', fr: 'est le' },
    input: 'day',
    value: dayValue,
    test: (day) => days(day, day),
    phrase: (subject, day) => ({
      en: `whose ${subject.en} is ${dayText(day, 'en')}`,
      fr: `dont ${subject.fr} est le ${dayText(day, 'fr')}`,
    }),
  }),
  before: defineOperator({
    label: { en: 'is before', fr: 'est avant le' },
    input: 'day',
    value: dayValue,
    test: (day) => days(null, addDays(day, -1)),
    phrase: (subject, day) => ({
      en: `whose ${subject.en} is before ${dayText(day, 'en')}`,
      fr: `dont ${subject.fr} est avant le ${dayText(day, 'fr')}`,
    }),
  }),
  after: defineOperator({
    label: { en: 'is after', fr: 'est après le' },
    input: 'day',
    value: dayValue,
    test: (day) => days(addDays(day, 1), null),
    phrase: (subject, day) => ({
      en: `whose ${subject.en} is after ${dayText(day, 'en')}`,
      fr: `dont ${subject.fr} est après le ${dayText(day, 'fr')}`,
    }),
  }),
  between: defineOperator({
    label: { en: 'is between', fr: 'est entre' },
    input: 'day_range',
    value: dayRangeValue,
    test: ({ from, to }) => days(from, to),
    phrase: (subject, { from, to }) => ({
      en: `whose ${subject.en} is between ${dayText(from, 'en')} and ${dayText(to, 'en')} (both included)`,
      fr: `dont ${subject.fr} est entre le ${dayText(from, 'fr')} et le ${dayText(to, 'fr')} (inclus)`,
    }),
  }),
  in_last_days: defineOperator({
    label: { en: 'is in the last … days', fr: 'est dans les … derniers jours' },
    input: 'days',
    value: daysValue,
    test: (count, clock) => moving(addDays(clock.today, -count), clock.today, [0, count + 1], clock),
    phrase: (subject, count) =>
      count === 0
        ? { en: `whose ${subject.en} is today`, fr: `dont ${subject.fr} est aujourd’hui` }
        : {
            en: `whose ${subject.en} is today or in the ${daysText(count, 'en')} before`,
            fr: `dont ${subject.fr} est aujourd’hui ou dans les ${daysText(count, 'fr')} qui précèdent`,
          },
  }),
  more_than_days_ago: defineOperator({
    label: { en: 'is more than … days ago', fr: 'remonte à plus de … jours' },
    input: 'days',
    value: daysValue,
    test: (count, clock) => moving(null, addDays(clock.today, -count - 1), [count + 1], clock),
    phrase: (subject, count) => ({
      en: `whose ${subject.en} is more than ${daysText(count, 'en')} ago`,
      fr: `dont ${subject.fr} remonte à plus de ${daysText(count, 'fr')}`,
    }),
  }),
  in_next_days: defineOperator({
    label: { en: 'is in the next … days', fr: 'est dans les … prochains jours' },
    input: 'days',
    value: daysValue,
    test: (count, clock) => moving(clock.today, addDays(clock.today, count), [-count, 1], clock),
    phrase: (subject, count) =>
      count === 0
        ? { en: `whose ${subject.en} is today`, fr: `dont ${subject.fr} est aujourd’hui` }
        : {
            en: `whose ${subject.en} is today or in the ${daysText(count, 'en')} after`,
            fr: `dont ${subject.fr} est aujourd’hui ou dans les ${daysText(count, 'fr')} qui suivent`,
          },
  }),
  more_than_days_ahead: defineOperator({
    label: { en: 'is more than … days ahead', fr: 'est dans plus de … jours' },
    input: 'days',
    value: daysValue,
    test: (count, clock) => moving(addDays(clock.today, count + 1), null, [-count], clock),
    phrase: (subject, count) => ({
      en: `whose ${subject.en} is more than ${daysText(count, 'en')} ahead`,
      fr: `dont ${subject.fr} est dans plus de ${daysText(count, 'fr')}`,
    }),
  }),
  this_month: inPeriod('month', { en: 'is in this month', fr: 'est dans le mois en cours' }),
  this_year: inPeriod('year', { en: 'is in this year', fr: 'est dans l’année en cours' }),
  ...knownOperators(known, {
    known: { en: 'is known', fr: 'est connue' },
    unknown: { en: 'is unknown', fr: 'n’est pas connue' },
  }),
}

/** What one can ask of a date. */
export const dateOperators: Readonly<Record<string, Operator<DaySql, Day>>> = {
  ...plainOperators,
  ...anniversaryOperators((subject) => ({
    en: `whose ${subject.en} has its anniversary`,
    fr: `dont ${subject.fr} a son anniversaire`,
  })),
}

/** What one can ask of a date of birth. */
export const birthdayOperators: Readonly<Record<string, Operator<DaySql, Day>>> = {
  ...plainOperators,
  ...anniversaryOperators(() => ({ en: 'whose birthday is', fr: 'dont l’anniversaire est' })),
}
