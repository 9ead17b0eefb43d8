/**
 * Values inside a JSON object, such as an organization's own fields or the properties of an event. Each expression
 * first looks at the type found there, so that a value of an unexpected type is unknown and never an error for the
 * whole list.
 */
import type { Day } from './days.ts'
import type { DaySql } from './operators/date.ts'
import type { ListSql } from './operators/list.ts'
import type { TextSql } from './operators/text.ts'
import type { SqlText } from './sql-text.ts'

/** One value in SQL: the expression that gives it as JSON, and the one that gives it as text. */
export interface JsonSql {
  value: string
  text: string
}

type JsonType = 'string' | 'number' | 'boolean' | 'array'

const typed = ({ value }: JsonSql, type: JsonType, read: string): string =>
  `(case when jsonb_typeof(${value}) = '${type}' then ${read} end)`

/** A text in SQL; null when the value is none. */
export const textSql = (json: JsonSql): string => typed(json, 'string', json.text)
/** The same, folded for comparisons. */
export const foldedSql = (json: JsonSql): TextSql => ({ folded: `segment_fold(${textSql(json)})` })
/** A number in SQL; null when the value is none. */
export const numberSql = (json: JsonSql): string => typed(json, 'number', `(${json.value})::numeric`)
/** A yes or no in SQL; null when the value is none. */
export const booleanSql = (json: JsonSql): string => typed(json, 'boolean', `(${json.value})::boolean`)

/** A list of texts in SQL. */
export const listSql = (json: JsonSql, q: SqlText): ListSql => ({
  hasAny: (values) => typed(json, 'array', `(${json.value}) ?| ${q.param(values, 'text[]')}`),
  hasAll: (values) => typed(json, 'array', `(${json.value}) ?& ${q.param(values, 'text[]')}`),
  hasSome: () => typed(json, 'array', `jsonb_array_length(${json.value}) > 0`),
})

/** How a day may be written: alone, or at the head of an instant such as `2026-11-27T10:00:00Z`. */
export type DayForm = 'day' | 'instant'

const DAY_TEXT = '\\d{4}-\\d{2}-\\d{2}'
const DAY_SQL: Readonly<Record<DayForm, string>> = { day: `^${DAY_TEXT}$`, instant: `^${DAY_TEXT}` }
const DAY_MATCH: Readonly<Record<DayForm, RegExp>> = {
  day: new RegExp(DAY_SQL.day),
  instant: new RegExp(DAY_SQL.instant),
}
/** Months and years that arithmetic takes; others are no days. */
const REAL_MONTH = '(0[1-9]|1[0-2])'

/** A day in SQL. Days compare as text in the C collation: no cast that one malformed value could break. */
export function jsonDaySql(json: JsonSql, q: SqlText, form: DayForm = 'day'): DaySql {
  const value = `(substring(${textSql(json)} from '${DAY_SQL[form]}') collate "C")`
  return {
    from: (day) => `${value} >= ${q.param(day, 'text')}`,
    to: (day) => `${value} <= ${q.param(day, 'text')}`,
    onMonthDays: (monthDays) => `substr(${value}, 6) = any(${q.param(monthDays, 'text[]')})`,
    known: () => `${value} is not null`,
    day: () =>
      `(case when ${value} ~ '^[1-9]\\d{3}-${REAL_MONTH}-' then make_date(substr(${value}, 1, 4)::int, substr(${value}, 6, 2)::int, 1) + (substr(${value}, 9, 2)::int - 1) end)`,
  }
}

/** A value as text; null when it is none, or empty. */
export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null
/** A value as a number; null when it is none. */
export const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : null)
/** A value as yes or no; null when it is neither. */
export const booleanOf = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null)
/** A value as a list of texts; null when it is none. */
export const listOf = (value: unknown): readonly string[] | null =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : null
/** A value as a day; null when it is none. */
export function jsonDayOf(value: unknown, form: DayForm = 'day'): Day | null {
  const text = textOf(value)
  return text === null ? null : (DAY_MATCH[form].exec(text)?.[0] ?? null)
}
