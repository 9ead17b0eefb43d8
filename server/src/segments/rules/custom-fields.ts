/** The organization's own fields. Values lie in `contact.attributes`, a JSON object. */
import { defineField, type Field } from './field.ts'
import {
  booleanOf,
  booleanSql,
  foldedSql,
  jsonDayOf,
  jsonDaySql,
  type JsonSql,
  listOf,
  listSql,
  numberOf,
  numberSql,
  textOf,
  textSql,
} from './json-value.ts'
import { booleanOperators } from './operators/boolean.ts'
import { choiceOperators } from './operators/choice.ts'
import { dateOperators } from './operators/date.ts'
import { listOperators } from './operators/list.ts'
import { decimalSql, numberOperators } from './operators/number.ts'
import { textOperators } from './operators/text.ts'
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

const jsonAt = (q: SqlText, key: string): JsonSql => {
  const param = q.param(key, 'text')
  const object = q.column('attributes')
  return { value: `${object} -> ${param}`, text: `${object} ->> ${param}` }
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
        sql: (q) => foldedSql(jsonAt(q, key)),
        read: ({ attributes }) => textOf(attributes[key]),
      })
    case 'number':
      return defineField({
        ...names,
        operators: numberOperators,
        show: (value, locale) => numberText(Number(value), locale),
        sql: (q) => decimalSql(q, numberSql(jsonAt(q, key))),
        read: ({ attributes }) => numberOf(attributes[key]),
      })
    case 'date':
      return defineField({
        ...names,
        operators: dateOperators,
        show: quoted,
        sql: (q) => jsonDaySql(jsonAt(q, key), q),
        read: ({ attributes }) => jsonDayOf(attributes[key]),
      })
    case 'boolean':
      return defineField({
        ...names,
        operators: booleanOperators,
        show: quoted,
        sql: (q) => booleanSql(jsonAt(q, key)),
        read: ({ attributes }) => booleanOf(attributes[key]),
      })
    case 'choice':
      return defineField({
        ...names,
        operators: choiceOperators,
        show: quoted,
        options: () => custom.choices.map((choice) => ({ value: choice, label: { en: choice, fr: choice } })),
        sql: (q) => {
          const value = textSql(jsonAt(q, key))
          return {
            isOneOf: (values) => `${value} = any(${q.param(values, 'text[]')})`,
            known: () => `${value} <> ''`,
          }
        },
        read: ({ attributes }) => {
          const actual = textOf(attributes[key])
          return actual === null ? null : { text: actual, isOneOf: (values) => values.includes(actual) }
        },
      })
    case 'list':
      return defineField({
        ...names,
        operators: listOperators,
        show: quoted,
        options: () => custom.choices.map((choice) => ({ value: choice, label: { en: choice, fr: choice } })),
        sql: (q) => listSql(jsonAt(q, key), q),
        read: ({ attributes }) => listOf(attributes[key]),
      })
  }
}
