/** The door of contacts: people one may reach. */
import { anyJob } from '../platform/jobs/index.ts'
import { room } from '../platform/room.ts'
import { runChange } from './changes/run.ts'
import { accessParts, eraseSteps, forgetOldDetails } from './erase.ts'
import { runImport } from './imports/run.ts'
import { undoImportJob } from './imports/undo.ts'
import { routes } from './routes.ts'

export {
  type ConsentClaim,
  type ConsentIntake,
  type ConsentIntakeOutcome,
  type ConsentIntakePerson,
  registerConsentIntake,
} from './consent-intake.ts'
export {
  contactsCreated,
  contactsDeleted,
  contactsImported,
  contactsMerged,
  contactsPurged,
  contactsRestored,
  contactsUpdated,
} from './events.ts'
export { type Identity, identityOf } from './erase.ts'
export { detectDialect } from './csv/dialect.ts'
export { type CsvRow, RowTokenizer } from './csv/tokenizer.ts'
export { BYTE_ORDER_MARK, csvRow } from './csv/write.ts'
export { listFields, addField, type NewField } from './fields/manage.ts'
export type { CustomField } from './fields/queries.ts'
export { exportContacts, type ExportOptions } from './list/export-contacts.ts'
export type { Condition, ContactFilter } from './list/filter.ts'
export { countMatching, listContacts } from './list/list-contacts.ts'
export { mergeContacts } from './people/merge.ts'
export { findByEmail, getContact } from './people/read.ts'
export { type UpsertOptions, type UpsertOutcome, upsertContacts } from './people/upsert.ts'
export { claimNumbers, writePeople, type NumberedPerson } from './people/numbered.ts'
export { type ContactInput, createContact, updateContact } from './people/write.ts'
export type { Attributes, Contact } from './store/draft.ts'
export type { Policy } from './store/policy.ts'
export type { AttributeValue } from './values/attribute.ts'
export { parseEmail } from './values/email.ts'
export { FIELD_TYPES, type FieldType, STANDARD_FIELDS, type StandardField } from './values/fields.ts'
export { countryOfPhone, parsePhone } from './values/phone.ts'
export { COUNTRIES, countryOfZone } from './values/place.ts'
export { SHORT_TEXT_CHARS_MAX, fold } from './values/text.ts'

export {
  isZone,
  type Place,
  type PlaceFacts,
  placeOf,
  planningZone,
  type UnknownZone,
  type ZoneSource,
} from './whereabouts/place.ts'
export { PLACE_COLUMNS, type PlaceRow } from './whereabouts/queries.ts'
export { noteSeenZones, type SeenZone, whoIsSeenElsewhere, zoneNamed } from './whereabouts/seen.ts'
export { placeFactsOf, placesOf, zonesOf } from './whereabouts/zones.ts'

/** What the house runs of this room. */
export const contacts = room('contacts', {
  routes,
  jobs: [anyJob(runImport), anyJob(runChange), anyJob(undoImportJob)],
  schedules: [forgetOldDetails],
  erase: eraseSteps,
  access: accessParts,
})
