/** What an action makes of a contact, and of a value that somebody typed. Pure. */
import { parseDay } from '../values/date.ts'
import { parseEmail } from '../values/email.ts'
import { type AttributeValue, checkAttribute, type AttributeField } from '../values/attribute.ts'
import { type StandardField, customKeyOf } from '../values/fields.ts'
import { parsePhone } from '../values/phone.ts'
import { parseCountry, parseLanguage, parseTimeZone } from '../values/place.ts'
import { type Parsed, read, refused } from '../values/reasons.ts'
import { LIST_ENTRIES_MAX, SHORT_TEXT_CHARS_MAX, parseText } from '../values/text.ts'
import { type ContactContent, copyContent } from '../store/draft.ts'
import { unite } from '../store/policy.ts'
import { setValue, valueOf } from '../store/revision.ts'
import type { BulkAction } from './change.ts'

/** An action whose value has been checked against its field; deleting changes no content. */
export type CheckedAction =
  | Exclude<BulkAction, { kind: 'set_field' | 'delete' }>
  | { kind: 'set_field'; field: string; value: AttributeValue | null }

/** The content after an action, or null when it changes nothing. */
export function applyAction(
  content: Readonly<ContactContent>,
  action: CheckedAction,
): { content: ContactContent; changed: string[] } | null {
  const next = copyContent(content)
  switch (action.kind) {
    case 'add_tags': {
      const tags = unite(content.tags, action.tags)
      if (tags === content.tags) return null
      next.tags = tags.slice(0, LIST_ENTRIES_MAX)
      return { content: next, changed: ['tags'] }
    }
    case 'remove_tags': {
      next.tags = content.tags.filter((tag) => !action.tags.includes(tag))
      return next.tags.length === content.tags.length ? null : { content: next, changed: ['tags'] }
    }
    case 'set_field': {
      if (JSON.stringify(valueOf(content, action.field)) === JSON.stringify(action.value)) return null
      setValue(next, action.field, action.value)
      return { content: next, changed: [action.field] }
    }
  }
}

/** What checking a typed value must know. */
export interface CheckContext {
  customFields: ReadonlyMap<string, AttributeField>
  /** Where a number without country code is dialled from, or null. */
  defaultCountry: string | null
  /** Today, `2026-11-27`: nobody is born later. */
  today: string
}

/**
 * Checks a value that a person or a program gives for a field, and gives its stored form; empty text and null empty
 * the field.
 */
export function checkValue(
  field: string,
  value: unknown,
  about: CheckContext,
): Parsed<AttributeValue | null> {
  if (value === null || value === undefined || (typeof value === 'string' && value.trim() === ''))
    return read(null)
  const key = customKeyOf(field)
  if (key !== null) {
    const definition = about.customFields.get(key)
    return definition ? checkAttribute(value, definition) : refused('choice_unknown')
  }
  if (typeof value !== 'string') return refused('character_control')
  return checkStandard(field as StandardField, value, about) // callers pass fields of the schema
}

function checkStandard(field: StandardField, value: string, about: CheckContext): Parsed<string> {
  switch (field) {
    case 'email':
      return parseEmail(value)
    case 'phone':
      return parsePhone(value, about.defaultCountry)
    case 'country':
      return parseCountry(value)
    case 'language':
      return parseLanguage(value)
    case 'timeZone':
      return parseTimeZone(value)
    case 'birthday': {
      const day = parseDay(value, 'dmy')
      return day.ok && day.value > about.today ? refused('date_future') : day
    }
    case 'firstName':
    case 'lastName':
    case 'city':
    case 'subscriptionTier':
    case 'subscriptionStatus':
      return parseText(value, SHORT_TEXT_CHARS_MAX)
  }
}
