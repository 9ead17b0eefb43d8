/** What a change replaced, field by field: kept so that it can be taken back without touching what came later. */
import type { AttributeValue } from '../values/attribute.ts'
import { STANDARD_FIELDS, type StandardField, customKeyOf } from '../values/fields.ts'
import { type ContactContent, copyContent } from './draft.ts'
import { isSameValue } from './policy.ts'

/** Values by field name: a standard field, `tags`, or `custom:key`; null for an empty one. */
export type FieldValues = Record<string, AttributeValue | null>

/** The changed fields of a contact, before and after. */
export function changedFields(update: {
  before: ContactContent
  write: { content: ContactContent }
  changed: readonly string[]
}): { before: FieldValues; after: FieldValues } {
  const before: FieldValues = {}
  const after: FieldValues = {}
  for (const field of update.changed) {
    before[field] = valueOf(update.before, field)
    after[field] = valueOf(update.write.content, field)
  }
  return { before, after }
}

/**
 * Takes a change back: every field that still holds what the change left gets its former value; what somebody has
 * written since stays. Of tags and only of them the difference is taken back: those that the change added go, those
 * that it took return.
 *
 * @returns null when nothing is left to take back
 */
export function takeBack(
  present: Readonly<ContactContent>,
  undo: { before: FieldValues; after: FieldValues },
): { content: ContactContent; changed: string[] } | null {
  const content = copyContent(present)
  const changed: string[] = []
  for (const field of Object.keys(undo.after)) {
    const [before, after, now] = [
      undo.before[field] ?? null,
      undo.after[field] ?? null,
      valueOf(present, field),
    ]
    if (field === 'tags') {
      const tags = takeBackTags(present.tags, asTags(before), asTags(after))
      if (isSameValue(tags, present.tags)) continue
      content.tags = tags
    } else {
      if (!isSame(now, after)) continue
      setValue(content, field, before)
    }
    changed.push(field)
  }
  return changed.length > 0 ? { content, changed } : null
}

/** The value of a named field; null when it is empty. */
export function valueOf(content: Readonly<ContactContent>, field: string): AttributeValue | null {
  if (field === 'tags') return content.tags
  const key = customKeyOf(field)
  if (key !== null) return content.attributes[key] ?? null
  return isStandardField(field) ? content[field] : null
}

/** Puts the value of a named field; null empties it. */
export function setValue(content: ContactContent, field: string, value: AttributeValue | null): void {
  const key = customKeyOf(field)
  if (key !== null) {
    if (value === null) delete content.attributes[key]
    else content.attributes[key] = value
  } else if (isStandardField(field) && (value === null || typeof value === 'string')) content[field] = value
}

function takeBackTags(
  present: readonly string[],
  before: readonly string[],
  after: readonly string[],
): string[] {
  const kept = present.filter((tag) => before.includes(tag) || !after.includes(tag))
  return [...kept, ...before.filter((tag) => !after.includes(tag) && !kept.includes(tag))]
}

function asTags(value: AttributeValue | null): readonly string[] {
  return Array.isArray(value) ? value : []
}

function isSame(a: AttributeValue | null, b: AttributeValue | null): boolean {
  return a === null || b === null ? a === b : isSameValue(a, b)
}

function isStandardField(field: string): field is StandardField {
  return (STANDARD_FIELDS as readonly string[]).includes(field)
}
