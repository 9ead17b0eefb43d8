/** What a person decides about an import, and what it comes down to. */
import { z } from 'zod'
import { POLICIES } from '../store/policy.ts'
import { SPECIAL_TARGETS, STANDARD_FIELDS } from '../values/fields.ts'
import { ENTRY_CHARS_MAX } from '../values/text.ts'

/** Where one column goes, and how it writes dates and numbers. */
export const columnMapping = z.object({
  target: z.union([
    z.enum([...STANDARD_FIELDS, ...SPECIAL_TARGETS]),
    z.templateLiteral(['custom:', z.string().min(1).max(63)]),
  ]),
  dateOrder: z.enum(['dmy', 'mdy']),
  decimalSign: z.enum(['comma', 'point']),
})
export type ColumnMapping = z.output<typeof columnMapping>

/** What happens with the rows of a file. */
export const importOptions = z.object({
  /** Per column of the file, in its order. */
  columns: z.array(columnMapping).min(1).max(1_000),
  policy: z.enum(POLICIES),
  /** Tags that every imported contact gets. */
  tags: z.array(z.string().trim().min(1).max(ENTRY_CHARS_MAX)).max(20).default([]),
  /** Where phone numbers without country code are dialled from; null refuses them. */
  defaultCountry: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .nullable()
    .default(null),
  /** Stated by the importer for every row whose consent column says yes, where the file has no such columns. */
  consentDate: z.iso.date().nullable().default(null),
  consentSource: z.string().trim().min(1).max(200).nullable().default(null),
})
export type ImportOptions = z.output<typeof importOptions>

/** What a caller decides; what is left out is decided as the file was understood. */
export const importChoices = importOptions.extend({
  columns: importOptions.shape.columns.optional(),
  policy: z.enum(POLICIES).default('update'),
  defaultCountry: importOptions.shape.defaultCountry.unwrap().optional(),
})
export type ImportChoices = z.output<typeof importChoices>

/** The decisions of an import: the caller's, completed by what was found in the file. */
export function decided(
  choices: ImportChoices,
  found: { columns: readonly ColumnMapping[]; defaultCountry: string | null },
): ImportOptions {
  const columns =
    choices.columns ??
    found.columns.map(({ target, dateOrder, decimalSign }) => ({ target, dateOrder, decimalSign }))
  const defaultCountry = choices.defaultCountry === undefined ? found.defaultCountry : choices.defaultCountry
  return { ...choices, columns, defaultCountry }
}
