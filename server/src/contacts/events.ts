/**
 * What this room announces. One event may be about many people: an import of a million contacts writes some hundred
 * events, not a million. Where it is about one person, the event's own contact id is set too, so that it stands on
 * that person's timeline.
 */
import { z } from 'zod'
import { defineEvent } from '../platform/events/index.ts'

/** Most contacts that one event names. */
export const EVENT_CONTACTS_MAX = 5_000

const contactIds = z.array(z.string()).min(1).max(EVENT_CONTACTS_MAX)

/** Where contacts came from: `manual`, `api`, `import`, `form`, `tracking`, the name of a connector… */
const source = z.string()

/** People were added. `importId` is set when an import did it. */
export const contactsCreated = defineEvent(
  'contacts.created',
  z.object({ contactIds, source, importId: z.string().nullable() }),
)

/** Values of people changed. `fields` names what changed for at least one of them; custom fields as `custom:key`. */
export const contactsUpdated = defineEvent(
  'contacts.updated',
  z.object({ contactIds, source, importId: z.string().nullable(), fields: z.array(z.string()) }),
)

/**
 * People were taken off the list. Until `restorableUntil` they may come back under the same ids
 * (`contacts.restored`), so rooms above forget them only on `contacts.purged`; null means at once.
 */
export const contactsDeleted = defineEvent(
  'contacts.deleted',
  z.object({ contactIds, restorableUntil: z.string().nullable() }),
)

/** A deletion was taken back. */
export const contactsRestored = defineEvent('contacts.restored', z.object({ contactIds }))

/** Deleted people cannot come back any more: what rooms above hold about them may go. */
export const contactsPurged = defineEvent('contacts.purged', z.object({ contactIds }))

/**
 * Two profiles became one. Rooms above move what they hold from `mergedId` to `keptId`; for consent the most
 * restrictive word wins and suppressions are never lifted.
 */
export const contactsMerged = defineEvent(
  'contacts.merged',
  z.object({ keptId: z.string(), mergedId: z.string() }),
)

/** An import came to its end. */
export const contactsImported = defineEvent(
  'contacts.imported',
  z.object({
    importId: z.string(),
    created: z.number().int(),
    updated: z.number().int(),
    unchanged: z.number().int(),
    skipped: z.number().int(),
    rejected: z.number().int(),
  }),
)
