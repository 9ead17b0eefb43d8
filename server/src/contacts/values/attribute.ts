/** Values of custom fields: from the text of a cell, and from the JSON of a call. */
import { type DateOrder, parseDay } from './date.ts'
import { type DecimalSign, parseBoolean, parseNumber } from './number.ts'
import { type Parsed, read, refused } from './reasons.ts'
import {
  ENTRY_CHARS_MAX,
  LIST_ENTRIES_MAX,
  LONG_TEXT_CHARS_MAX,
  parseChoice,
  parseList,
  parseText,
} from './text.ts'
import type { FieldType } from './fields.ts'

/** What contact.attributes holds under one key. Dates are days, `2026-11-27`. */
export type AttributeValue = string | number | boolean | string[]

/** What reading a value must know of its field. */
export interface AttributeField {
  type: FieldType
  choices: readonly string[]
}

/** How a column writes its dates and numbers. */
export interface Reading {
  dateOrder: DateOrder
  decimalSign: DecimalSign
}

/** Reads a cell, which is not empty, as a value of this field. */
export function parseAttribute(
  text: string,
  field: AttributeField,
  reading: Reading,
): Parsed<AttributeValue> {
  switch (field.type) {
    case 'text':
      return parseText(text, LONG_TEXT_CHARS_MAX)
    case 'number':
      return parseNumber(text, reading.decimalSign)
    case 'date':
      return parseDay(text, reading.dateOrder)
    case 'boolean':
      return parseBoolean(text)
    case 'choice':
      return parseChoice(text.trim(), field.choices)
    case 'list':
      return parseList(text)
  }
}

/** Checks a JSON value for this field. Text is accepted wherever a cell would be. */
export function checkAttribute(value: unknown, field: AttributeField): Parsed<AttributeValue> {
  if (typeof value === 'string')
    return parseAttribute(value, field, { dateOrder: 'dmy', decimalSign: 'point' })
  if (typeof value === 'number') {
    if (field.type !== 'number')
      return field.type === 'text' ? read(String(value)) : refused(REASON_BY_TYPE[field.type])
    return Number.isFinite(value) ? read(value) : refused('number_too_large')
  }
  if (typeof value === 'boolean')
    return field.type === 'boolean' ? read(value) : refused(REASON_BY_TYPE[field.type])
  if (!Array.isArray(value) || field.type !== 'list') return refused(REASON_BY_TYPE[field.type])
  if (value.length > LIST_ENTRIES_MAX) return refused('list_too_long')
  const entries = new Set<string>()
  for (const entry of value) {
    const parsed =
      typeof entry === 'string' ? parseText(entry, ENTRY_CHARS_MAX) : refused('character_control')
    if (!parsed.ok) return parsed
    if (parsed.value !== '') entries.add(parsed.value)
  }
  return read([...entries])
}

const REASON_BY_TYPE = {
  text: 'character_control',
  number: 'number_unknown',
  date: 'date_unknown',
  boolean: 'boolean_unknown',
  choice: 'choice_unknown',
  list: 'character_control',
} as const satisfies Record<FieldType, string>
