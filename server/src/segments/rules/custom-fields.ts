/**
 * The organization's own fields. Values lie in `contact.attributes`, a JSON object; each expression first looks at
 * the type found there, so that a value of an older type is unknown and never an error for the whole list.
 */
import { defineField, type Field } from './field.ts'
import { booleanOperators } from './operators/boolean.ts'
import { choiceOperators } from './operators/choice.ts'
import { dateOperators } from './operators/date.ts'
import { listOperators } from './operators/list.ts'
import { numberOperators } from './operators/number.ts'
import { textOperators } from './operators/text.ts'
import type { Person } from './person.ts'
import type { SqlText } from './sql-text.ts'
import { numberText, quoted } from './words.ts'

/** The types that an organization can give its fields. */
export type CustomFieldType = 'text' | 'number' | 'date' | 'boolean' | 'choice' | 'list'

/** A field of the organization's own, as the room `contacts` keeps it. */
export interface CustomField {
  key: string
  name: string
  type: CustomFieldType
  choices: readonly string[]
}

/** How a rule names a custom field: no standard field has a dot. */
export const customFieldKey = (key: string): string => `custom.${key}`

const DAY_PATTERN = '^\\d{4}-\\d{2}-\\d{2}$'
const isDay = new RegExp(DAY_PATTERN)

/** The value as SQL, when it has the JSON type expected; `read` says how to take it out. */
const typed = (
  q: SqlText,
  key: string,
  type: 'string' | 'number' | 'boolean' | 'array',
  read: (value: string, key: string) => string,
): string => {
  const param = q.param(key, 'text')
  const value = `${q.column('attributes')} -> ${param}`
  return `(case when jsonb_typeof(${value}) = '${type}' then ${read(value, param)} end)`
}

const textSql = (q: SqlText, key: string): string =>
  typed(q, key, 'string', (_, param) => `${q.column('attributes')} ->> ${param}`)

const textOf = (person: Person, key: string): string | null => {
  const value = person.attributes[key]
  return typeof value === 'string' && value !== '' ? value : null
}

/** Makes the field that rules can ask about. */
export function customField(custom: CustomField): Field {
  const { key } = custom
  const names = {
    key: customFieldKey(key),
    group: 'custom' as const,
    label: { en: custom.name, fr: custom.name },
    subject: { en: quoted(custom.name, 'en'), fr: `le champ ${quoted(custom.name, 'fr')}` },
  }
  switch (custom.type) {
    case 'text':
      return defineField({
        ...names,
        operators: textOperators,
        show: quoted,
        sql: (q) => ({ folded: `segment_fold(${textSql(q, key)})` }),
        read: (person) => textOf(person, key),
      })
    case 'number':
      return defineField({
        ...names,
        operators: numberOperators,
        show: (value, locale) => numberText(Number(value), locale),
        sql: (q) => typed(q, key, 'number', (value) => `(${value})::numeric`),
        read: (person) => {
          const value = person.attributes[key]
          return typeof value === 'number' ? value : null
        },
      })
    case 'date':
      return defineField({
        ...names,
        operators: dateOperators,
        show: quoted,
        // Days compare as text in the C collation: no cast that one malformed value could break.
        sql: (q) => {
          const value = `(substring(${textSql(q, key)} from '${DAY_PATTERN}') collate "C")`
          return {
            from: (day) => `${value} >= ${q.param(day, 'text')}`,
            to: (day) => `${value} <= ${q.param(day, 'text')}`,
            onMonthDays: (monthDays) => `substr(${value}, 6) = any(${q.param(monthDays, 'text[]')})`,
            known: () => `${value} is not null`,
          }
        },
        read: (person) => {
          const value = textOf(person, key)
          return value !== null && isDay.test(value) ? value : null
        },
      })
    case 'boolean':
      return defineField({
        ...names,
        operators: booleanOperators,
        show: quoted,
        sql: (q) => typed(q, key, 'boolean', (value) => `(${value})::boolean`),
        read: (person) => {
          const value = person.attributes[key]
          return typeof value === 'boolean' ? value : null
        },
      })
    case 'choice':
      return defineField({
        ...names,
        operators: choiceOperators,
        show: quoted,
        options: () => custom.choices.map((choice) => ({ value: choice, label: { en: choice, fr: choice } })),
        sql: (q) => {
          const value = textSql(q, key)
          return {
            isOneOf: (values) => `${value} = any(${q.param(values, 'text[]')})`,
            known: () => `${value} <> ''`,
          }
        },
        read: (person) => {
          const actual = textOf(person, key)
          return actual === null ? null : { isOneOf: (values) => values.includes(actual) }
        },
      })
    case 'list':
      return defineField({
        ...names,
        operators: listOperators,
        show: quoted,
        options: () => custom.choices.map((choice) => ({ value: choice, label: { en: choice, fr: choice } })),
        sql: (q) => ({
          hasAny: (values) => typed(q, key, 'array', (value) => `(${value}) ?| ${q.param(values, 'text[]')}`),
          hasAll: (values) => typed(q, key, 'array', (value) => `(${value}) ?& ${q.param(values, 'text[]')}`),
          hasSome: () => typed(q, key, 'array', (value) => `jsonb_array_length(${value}) > 0`),
        }),
        read: (person) => {
          const value = person.attributes[key]
          return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : null
        },
      })
  }
}
