/** The wire of this room. */
import { z } from 'zod'
import { commaList, day, defineRoutes, instant, pageOf, pageQuery, raw, wireId } from '../platform/wire.ts'
import { CHANGE_STATES, SELECTED_IDS_MAX, bulkAction } from './changes/change.ts'
import { ENCODINGS } from './csv/encoding.ts'
import { SEPARATORS } from './csv/tokenizer.ts'
import { IMPORT_STATES } from './imports/import.ts'
import { columnMapping, importChoices, importOptions } from './imports/options.ts'
import { SORTS } from './list/queries.ts'
import { contactFilter } from './list/filter.ts'
import { POLICIES } from './store/policy.ts'
import { FIELD_TYPES } from './values/fields.ts'
import { ENTRY_CHARS_MAX, LIST_ENTRIES_MAX } from './values/text.ts'

const attributeValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])
const count = z.number().int()

/** A person, as the API gives them. Custom fields stand in `attributes` under their keys. */
export const contact = z.object({
  id: wireId('contact'),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  language: z.string().nullable(),
  timeZone: z.string().nullable(),
  country: z.string().nullable(),
  city: z.string().nullable(),
  birthday: day.nullable(),
  subscriptionTier: z.string().nullable(),
  subscriptionStatus: z.string().nullable(),
  tags: z.array(z.string()),
  attributes: z.record(z.string(), attributeValue),
  /** `manual`, `api`, `import`, the name of a connector… */
  source: z.string(),
  importId: wireId('contact_import').nullable(),
  createdAt: instant,
  updatedAt: instant,
})

const text = z.string().max(2_000).nullable().optional()
const attributeInput = z
  .union([
    z.string().max(5_000),
    z.number(),
    z.boolean(),
    z.array(z.string().max(ENTRY_CHARS_MAX)).max(LIST_ENTRIES_MAX),
  ])
  .nullable()

/** What a caller may say of a person. null or empty text clears a field, what is absent stays. */
export const contactInput = z.object({
  email: text,
  phone: text,
  firstName: text,
  lastName: text,
  language: text,
  timeZone: text,
  country: text,
  city: text,
  birthday: text,
  subscriptionTier: text,
  subscriptionStatus: text,
  tags: z.array(z.string().max(ENTRY_CHARS_MAX)).max(LIST_ENTRIES_MAX).optional(),
  attributes: z.record(z.string().max(63), attributeInput).optional(),
})

const truth = z.codec(z.enum(['true', 'false']), z.boolean(), {
  decode: (written) => written === 'true',
  encode: (value) => (value ? 'true' : 'false'),
})
const word = z.string().trim().min(1).max(200)
const words = commaList(word).optional()

/** A filter in a query string; lists are separated by commas and mean "one of". */
const filterQuery = {
  q: z.string().max(200).optional(),
  /** The zone of the reader, by which a phone number that begins with 0 is understood. */
  timeZone: z.string().max(100).optional(),
  tags: words,
  withoutTags: words,
  countries: commaList(z.string().regex(/^[A-Z]{2}$/)).optional(),
  languages: commaList(z.string().regex(/^[a-z]{2}$/)).optional(),
  subscriptionTiers: words,
  subscriptionStatuses: words,
  sources: words,
  importId: wireId('contact_import').optional(),
  hasEmail: truth.optional(),
  hasPhone: truth.optional(),
  createdFrom: instant.optional(),
  createdBefore: instant.optional(),
  /** `key:value` of a custom field. */
  attribute: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,62}:/, 'Write key:value.')
    .max(300)
    .optional(),
}

const contactIds = z.array(wireId('contact')).min(1).max(SELECTED_IDS_MAX)

/** The same filter in a body, with ids of the wire. */
const filterBody = contactFilter.extend({ importId: wireId('contact_import').optional() })

/** People named one by one, or all that a filter names but a few. */
export const selection = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ids'), ids: contactIds }),
  z.object({
    kind: z.literal('matching'),
    filter: filterBody,
    except: z.array(wireId('contact')).max(SELECTED_IDS_MAX).default([]),
  }),
])

/** A change to many, how far it is, and until when it can be taken back. */
export const change = z.object({
  id: wireId('bulk_change'),
  action: bulkAction,
  state: z.enum(CHANGE_STATES),
  total: count,
  done: count,
  changed: count,
  kept: count,
  createdAt: instant,
  undoUntil: instant,
})

/** A field of the organization's own. */
export const customField = z.object({
  id: wireId('custom_field'),
  key: z.string(),
  name: z.string(),
  type: z.enum(FIELD_TYPES),
  choices: z.array(z.string()),
  position: z.number().int(),
  archivedAt: instant.nullable(),
})

const fieldName = z.string().trim().min(1).max(100)
const choices = z.array(z.string().trim().min(1).max(ENTRY_CHARS_MAX)).max(200)

/** What was found in one column of a file. */
const columnFound = z.object({
  name: z.string(),
  target: z.string(),
  because: z.enum(['header', 'values', 'nothing']),
  dateOrder: columnMapping.shape.dateOrder,
  decimalSign: columnMapping.shape.decimalSign,
  isDateOrderProven: z.boolean(),
  isDecimalSignProven: z.boolean(),
  typeSuggested: z.enum(FIELD_TYPES),
  examples: z.array(z.string()),
})

/** An uploaded file on its way into contacts. */
export const contactImport = z.object({
  id: wireId('contact_import'),
  fileName: z.string(),
  fileBytes: count,
  encoding: z.enum(ENCODINGS),
  separator: z.enum(SEPARATORS),
  hasHeader: z.boolean(),
  /** Where phone numbers without country code seem to be dialled from. */
  defaultCountry: z.string().nullable(),
  columns: z.array(columnFound),
  options: importOptions.nullable(),
  state: z.enum(IMPORT_STATES),
  bytesDone: count,
  rowsDone: count,
  created: count,
  updated: count,
  unchanged: count,
  skipped: count,
  rejected: count,
  problems: count,
  consentRecorded: count,
  consentUnproven: count,
  suppressed: count,
  removed: count,
  restored: count,
  kept: count,
  failure: z.string().nullable(),
  createdAt: instant,
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  undoUntil: instant.nullable(),
})

/** How often something could not be stored, in a sentence of the reader's language. */
const reasonCount = z.object({ reason: z.string(), sentence: z.string(), column: z.string(), count })
const problemShown = z.object({
  row: count,
  column: z.string(),
  value: z.string(),
  reason: z.string(),
  sentence: z.string(),
  isRow: z.boolean(),
})
const fieldValues = z.record(z.string(), attributeValue.nullable())

/** What an import would do with the first rows, or with all of a small file. */
export const importPreview = z.object({
  rows: count,
  isWholeFile: z.boolean(),
  share: z.number(),
  created: count,
  updated: count,
  unchanged: count,
  skipped: count,
  rejected: count,
  consentGranted: count,
  consentDenied: count,
  consentUnproven: count,
  examples: z.array(
    z.object({
      rowNumber: count,
      outcome: z.enum(['created', 'updated', 'unchanged', 'skipped']),
      before: fieldValues.nullable(),
      after: fieldValues,
      changed: z.array(z.string()),
    }),
  ),
  problems: z.array(problemShown),
  reasons: z.array(reasonCount),
})

const contactParams = z.object({ id: wireId('contact') })
const importParams = z.object({ id: wireId('contact_import') })

/** The routes of this room. */
export const routes = defineRoutes({
  'GET /api/contacts': {
    summary: 'List contacts: search by beginning of e-mail, name or phone, filter, sort',
    query: z.object({ ...pageQuery, ...filterQuery, sort: z.enum(SORTS).default('-createdAt') }),
    ok: pageOf(contact),
    permission: 'contacts.read',
  },
  'POST /api/contacts': {
    summary: 'Add a contact',
    body: contactInput,
    ok: contact,
    status: 201,
    permission: 'contacts.write',
  },
  'POST /api/contacts/upsert': {
    summary: 'Add or update up to 1,000 contacts, matched by e-mail address, else by phone',
    body: z.object({
      contacts: z.array(contactInput).min(1).max(1_000),
      policy: z.enum(POLICIES).default('update'),
    }),
    ok: z.object({
      results: z.array(
        z.object({
          id: wireId('contact').nullable(),
          outcome: z.enum(['created', 'updated', 'unchanged', 'skipped', 'rejected']),
          problems: z.array(z.object({ path: z.string(), reason: z.string(), message: z.string() })),
        }),
      ),
    }),
    permission: 'contacts.write',
    bodyBytesMax: 8 * 1024 * 1024,
  },
  'GET /api/contacts/count': {
    summary: 'How many contacts a filter names, however many they are',
    query: z.object(filterQuery),
    ok: z.object({ count }),
    permission: 'contacts.read',
  },
  'GET /api/contacts/tags': {
    summary: 'Tags in use, by their beginning',
    query: z.object({ q: z.string().max(ENTRY_CHARS_MAX).default(''), limit: pageQuery.limit }),
    ok: z.object({ items: z.array(z.string()) }),
    permission: 'contacts.read',
  },
  'GET /api/contacts/export': {
    summary: 'Contacts as CSV, those of a filter or those named',
    query: z.object({
      ...filterQuery,
      ids: commaList(wireId('contact')).optional(),
      bom: truth.default(true),
    }),
    ok: raw('text/csv; charset=utf-8'),
    permission: 'contacts.export',
  },
  'POST /api/contacts/changes': {
    summary: 'Change many contacts at once: tags, a field, delete',
    body: z.object({ action: bulkAction, selection }),
    ok: change,
    status: 202,
    permission: 'contacts.write',
  },
  'GET /api/contacts/changes/:id': {
    summary: 'How far a change is',
    params: z.object({ id: wireId('bulk_change') }),
    ok: change,
    permission: 'contacts.read',
  },
  'POST /api/contacts/changes/:id/undo': {
    summary: 'Take a change back',
    params: z.object({ id: wireId('bulk_change') }),
    ok: change,
    status: 202,
    permission: 'contacts.write',
  },
  'GET /api/contacts/fields': {
    summary: 'Custom fields',
    query: z.object({ archived: truth.default(false) }),
    ok: z.object({ items: z.array(customField) }),
    permission: 'contacts.read',
  },
  'POST /api/contacts/fields': {
    summary: 'Add a custom field',
    body: z.object({
      name: fieldName,
      type: z.enum(FIELD_TYPES),
      choices: choices.optional(),
      key: z
        .string()
        .regex(/^[a-z][a-z0-9_]{0,49}$/, 'Small letters, digits and underscores.')
        .optional(),
    }),
    ok: customField,
    status: 201,
    permission: 'contacts.write',
  },
  'PATCH /api/contacts/fields/:id': {
    summary: 'Rename a custom field, change its choices, archive it',
    params: z.object({ id: wireId('custom_field') }),
    body: z.object({
      name: fieldName.optional(),
      choices: choices.optional(),
      position: z.number().int().min(0).max(10_000).optional(),
      isArchived: z.boolean().optional(),
    }),
    ok: customField,
    permission: 'contacts.write',
  },
  'GET /api/contacts/imports': {
    summary: 'Imports, latest first',
    query: z.object(pageQuery),
    ok: pageOf(contactImport),
    permission: 'contacts.read',
  },
  'POST /api/contacts/imports': {
    summary: 'Upload a CSV file as the part "file"; it is looked at, nothing is imported yet',
    query: z.object({ timeZone: z.string().max(100).optional() }),
    multipart: true,
    ok: contactImport,
    status: 201,
    permission: 'contacts.import',
  },
  'GET /api/contacts/imports/:id': {
    summary: 'An import: what was found, what was decided, how far it is',
    params: importParams,
    ok: contactImport,
    permission: 'contacts.read',
  },
  'PATCH /api/contacts/imports/:id': {
    summary: 'Read the file differently: encoding, separator, header',
    params: importParams,
    body: z.object({
      encoding: z.enum(ENCODINGS).optional(),
      separator: z.enum(SEPARATORS).optional(),
      hasHeader: z.boolean().optional(),
      defaultCountry: z
        .string()
        .regex(/^[A-Z]{2}$/)
        .nullable()
        .default(null),
    }),
    ok: contactImport,
    permission: 'contacts.import',
  },
  'DELETE /api/contacts/imports/:id': {
    summary: 'Discard a file that was not imported',
    params: importParams,
    permission: 'contacts.import',
  },
  'POST /api/contacts/imports/:id/preview': {
    summary: 'What the import would do; nothing is written',
    params: importParams,
    body: importChoices.prefault({}),
    ok: importPreview,
    permission: 'contacts.import',
  },
  'POST /api/contacts/imports/:id/start': {
    summary: 'Start the import',
    params: importParams,
    body: importChoices.prefault({}),
    ok: contactImport,
    status: 202,
    permission: 'contacts.import',
  },
  'POST /api/contacts/imports/:id/resume': {
    summary: 'Go on with an import that failed',
    params: importParams,
    ok: contactImport,
    status: 202,
    permission: 'contacts.import',
  },
  'POST /api/contacts/imports/:id/cancel': {
    summary: 'Stop a running import; what it did stays and can be undone',
    params: importParams,
    ok: contactImport,
    permission: 'contacts.import',
  },
  'POST /api/contacts/imports/:id/undo': {
    summary: 'Take a whole import back',
    params: importParams,
    ok: contactImport,
    status: 202,
    permission: 'contacts.import',
  },
  'GET /api/contacts/imports/:id/problems': {
    summary: 'What could not be stored, counted by reason and column',
    params: importParams,
    ok: z.object({ reasons: z.array(reasonCount), first: z.array(problemShown) }),
    permission: 'contacts.read',
  },
  'GET /api/contacts/imports/:id/problems.csv': {
    summary: 'The file of errors: row, column, value, reason',
    params: importParams,
    ok: raw('text/csv; charset=utf-8'),
    permission: 'contacts.read',
  },
  'GET /api/contacts/:id': {
    summary: 'A contact',
    params: contactParams,
    ok: contact,
    permission: 'contacts.read',
  },
  'PATCH /api/contacts/:id': {
    summary: 'Change a contact',
    params: contactParams,
    body: contactInput,
    ok: contact,
    permission: 'contacts.write',
  },
  'DELETE /api/contacts/:id': {
    summary: 'Delete a contact; the answer is the change, which can be undone',
    params: contactParams,
    ok: change,
    permission: 'contacts.delete',
  },
  'POST /api/contacts/:id/merge': {
    summary: 'Merge another contact into this one',
    params: contactParams,
    body: z.object({
      mergedId: wireId('contact'),
      fromMerged: z.array(z.string().max(80)).max(300).default([]),
    }),
    ok: contact,
    permission: 'contacts.write',
  },
  'GET /api/contacts/:id/timeline': {
    summary: 'What happened to a contact, latest first',
    params: contactParams,
    query: z.object(pageQuery),
    ok: pageOf(
      z.object({
        id: wireId('event'),
        at: instant,
        type: z.string(),
        campaignId: wireId('campaign').nullable(),
        channel: z.string().nullable(),
      }),
    ),
    permission: 'contacts.read',
  },
})
