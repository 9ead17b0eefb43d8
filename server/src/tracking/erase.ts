/** What the record forgets: of a person on demand, of everybody by the calendar. */
import { contactsPurged } from '../contacts/index.ts'
import { inTransaction } from '../platform/db/index.ts'
import { defineConsumer, forgetInEvents } from '../platform/events/index.ts'
import type { ContactId } from '../platform/ids.ts'
import { defineSchedule } from '../platform/jobs/index.ts'
import { type AccessPart, nothingToGive, rowsOf } from '../platform/rights.ts'
import type { EraseStep } from '../platform/room.ts'
import { personalProperties } from './dictionary/personal.ts'
import { ERASED_DAYS, rememberErased } from './identity/erased.ts'
import { deleteIdentities, lockIdentity, purgeErased, selectNames } from './identity/queries.ts'
import { withoutPerson } from './intake/forget.ts'
import { INCOMING_TYPES } from './intake/payload.ts'
import { purgeReceipts } from './intake/queries.ts'

/**
 * The ledger's rows stay: they say of a number that a message went out, and past counts do not change. The contact
 * that gave the number its name is erased by the room contacts, so that nothing here leads to a person any more.
 * Source: design §5 Erasure; PC-45
 */
const keepNumbers: EraseStep = async () => {}

/**
 * The ids by which a person was known go, and so does what their events say of them; that something was bought, and
 * for how much, stays. Keyed hashes of the ids stay for a while, so that a late message brings nobody back. Runs
 * before the contact's own row goes, whose address is looked for in what events hold.
 */
const eraseIdentity: EraseStep = async (ctx, contactId) => {
  await lockIdentity(ctx)
  const [contact] = await selectNames(ctx, contactId)
  const ids = await deleteIdentities(ctx, [contactId])
  await rememberErased(ctx, ids)
  const personal = await personalProperties(ctx)
  const words = [...Object.values(contact ?? {}), ...ids.userIds, ...ids.anonymousIds].filter(
    (word) => word !== null,
  )
  await forgetInEvents(
    ctx,
    contactId,
    INCOMING_TYPES.map((type) => type.replace('*', '')),
    (event) => withoutPerson(event, personal, words),
  )
}

/** How each table of this room that names a person forgets one. */
export const eraseSteps: Readonly<Record<string, EraseStep>> = {
  message: keepNumbers,
  handover_note: keepNumbers, // gone within seconds
  visitor: eraseIdentity,
  external_id: keepNumbers, // goes with the visitors, in the step above
}

/** Deleted people cannot come back: the ids by which they were known are free. */
export const purgeConsumer = defineConsumer({
  name: 'tracking.purge',
  types: [contactsPurged.type],
  handle: async (ctx, events) => {
    await lockIdentity(ctx)
    const contactIds = events.flatMap((event) => contactsPurged.payload.parse(event.payload).contactIds)
    await deleteIdentities(ctx, contactIds as ContactId[]) // the events carry database ids of contacts
  },
})

/** Days for which a repeated message is recognised. */
export const RECEIPT_DAYS = 35
const DAY_MS = 86_400_000
/** Receipts that are forgotten in one transaction. */
const PURGE_ROWS = 10_000

/** Every hour: receipts, and hashes of erased ids, that have served their purpose. */
export const forgetOldTraces = defineSchedule({
  name: 'tracking.forget_old_traces',
  everyMs: 3_600_000,
  perOrganization: true,
  handle: async (ctx) => {
    const before = (days: number): Date => new Date(ctx.now().getTime() - days * DAY_MS)
    await purgeErased(ctx, before(ERASED_DAYS))
    for (let gone = PURGE_ROWS; gone === PURGE_ROWS;)
      gone = await inTransaction(ctx, (ctx) => purgeReceipts(ctx, before(RECEIPT_DAYS), PURGE_ROWS))
  },
})

/** What this room gives into a person's archive. */
export const accessParts: Readonly<Record<string, AccessPart>> = {
  handover_note: nothingToGive({
    en: 'Messages just handed over, for seconds; the messages themselves are listed.',
    fr: 'Les messages qui viennent d’être remis, pour quelques secondes ; les messages eux-mêmes sont donnés.',
  }),
  message: rowsOf(
    'message',
    {
      en: 'Every message that was sent to you or deliberately not sent, with the reason.',
      fr: 'Chaque message qui vous a été envoyé, ou qui ne l’a délibérément pas été, avec la raison.',
    },
    'state_at, run_id, channel',
  ),
  visitor: rowsOf(
    'visitor',
    {
      en: 'Browsers and devices by which you were recognised.',
      fr: 'Les navigateurs et appareils auxquels vous avez été reconnu.',
    },
    'anonymous_id',
  ),
  external_id: rowsOf(
    'external_id',
    {
      en: 'Names under which other systems know you.',
      fr: 'Les noms sous lesquels d’autres systèmes vous connaissent.',
    },
    'user_id',
  ),
}
