/** What a column of a file, or a field of a form, may become on a contact. */

/** The typed columns of a contact that people fill in, in the order of screens and exports. */
export const STANDARD_FIELDS = [
  'email',
  'phone',
  'firstName',
  'lastName',
  'language',
  'timeZone',
  'country',
  'city',
  'birthday',
  'subscriptionTier',
  'subscriptionStatus',
] as const
export type StandardField = (typeof STANDARD_FIELDS)[number]

/** Types of custom fields. */
export const FIELD_TYPES = ['text', 'number', 'date', 'boolean', 'choice', 'list'] as const
export type FieldType = (typeof FIELD_TYPES)[number]

/** Targets of a column that are neither a standard nor a custom field. */
export const SPECIAL_TARGETS = [
  'ignore',
  'fullName',
  'tags',
  'consent.email',
  'consent.sms',
  'consent.at',
  'consent.source',
] as const
export type SpecialTarget = (typeof SPECIAL_TARGETS)[number]

/** Where a column goes: a standard field, a special target, or `custom:` and the key of a custom field. */
export type ColumnTarget = StandardField | SpecialTarget | `custom:${string}`

/** The key of the custom field that a target names, or null. */
export function customKeyOf(target: string): string | null {
  return target.startsWith('custom:') ? target.slice('custom:'.length) : null
}
