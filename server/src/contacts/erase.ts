/** Forgetting: one person on demand, and what has served its purpose by the calendar. */
import type { Ctx } from '../platform/context.ts'
import { inTransaction } from '../platform/db/index.ts'
import { announce } from '../platform/events/index.ts'
import type { ContactId } from '../platform/ids.ts'
import { defineSchedule } from '../platform/jobs/index.ts'
import type { EraseStep } from '../platform/room.ts'
import { type AccessPart, type AccessRow, rowsOf } from '../platform/rights.ts'
import { CHANGE_UNDO_MS } from './changes/run.ts'
import {
  clearSelectionsAbout,
  deleteUndoAbout,
  deleteUndoRows,
  selectExpiredUndo,
  selectUndoAbout,
} from './changes/queries.ts'
import { contactsPurged } from './events.ts'
import { fileOf } from './imports/import.ts'
import { deleteImport, deleteProblems, deleteProblemsOf, selectExpiredImports } from './imports/queries.ts'
import { deleteContacts, selectContact } from './store/queries.ts'
import { placesOf } from './whereabouts/zones.ts'

/** Days after which a draft's file and the values that an import could not store are forgotten. */
const IMPORT_DETAILS_DAYS = 30
const DAY_MS = 86_400_000
/** Undo records that are forgotten in one transaction. */
const PURGE_ROWS = 2_000

/** What identifies a person, as this room knows or knew it. */
export interface Identity {
  /** Where the person is reached now, or was when their profile was deleted. */
  email: string | null
  phone: string | null
  /** These and former ones, which may have been a mistyped address of somebody else. */
  emails: string[]
  phones: string[]
  /** Whole names, first name first and last name first. */
  names: string[]
  /** Single names. */
  nameParts: string[]
}

/**
 * Every address and name that a contact has, and had as far as changes can still be taken back; so that a person who
 * was deleted yesterday can be erased today. Null when nothing is known under this id.
 */
export async function identityOf(ctx: Ctx, contactId: ContactId): Promise<Identity | null> {
  const present = await selectContact(ctx, contactId)
  const former = await selectUndoAbout(ctx, contactId)
  if (!present && former.length === 0) return null
  const last = present ?? former.find(({ kind }) => kind === 'deleted')?.before ?? {}
  const textIn = (field: string): string | null => {
    const value: unknown = Reflect.get(last, field)
    return typeof value === 'string' && value !== '' ? value : null
  }
  const known = [...(present ? [present] : []), ...former.flatMap(({ before, after }) => [before, after])]
  const values = (field: string): string[] =>
    [
      ...new Set(
        known
          .map((values): unknown => Reflect.get(values, field))
          .filter((value) => typeof value === 'string' && value !== ''),
      ),
    ] as string[] // the filter left texts only
  const names = known.flatMap((values) => {
    const [first, last] = ['firstName', 'lastName'].map((field): unknown => Reflect.get(values, field))
    return typeof first === 'string' && typeof last === 'string'
      ? [`${first} ${last}`, `${last} ${first}`]
      : []
  })
  return {
    email: textIn('email'),
    phone: textIn('phone'),
    emails: values('email'),
    phones: values('phone'),
    names: [...new Set(names)],
    nameParts: [...values('firstName'), ...values('lastName')],
  }
}

/** The row itself, the cells of error files that hold the person's address, and lists that were asked for by it. */
const eraseContact: EraseStep = async (ctx, contactId) => {
  const identity = await identityOf(ctx, contactId)
  const addresses = [...(identity?.emails ?? []), ...(identity?.phones ?? [])]
  for (const address of addresses) await deleteProblemsOf(ctx, address)
  if (addresses.length > 0) await clearSelectionsAbout(ctx, [...addresses, ...(identity?.names ?? [])])
  const gone = await deleteContacts(ctx, [contactId])
  if (gone.length > 0) announce(ctx, contactsPurged, { contactIds: [contactId] })
}

const eraseUndo: EraseStep = async (ctx, contactId) => {
  await deleteUndoAbout(ctx, contactId)
}

/** How each table of this room that names a person forgets one: the row last, since the others are found by it. */
export const eraseSteps: Readonly<Record<string, EraseStep>> = {
  contact: async (ctx, contactId) => {
    await eraseContact(ctx, contactId)
    await eraseUndo(ctx, contactId)
  },
  contact_undo: eraseUndo,
}

/** What this room gives into a person's archive. */
export const accessParts: Readonly<Record<string, AccessPart>> = {
  contact: {
    about: {
      en: 'Your profile, with all fields and tags.',
      fr: 'Votre profil, avec tous ses champs et étiquettes.',
    },
    read: readProfile,
  },
  contact_undo: rowsOf(
    'contact_undo',
    {
      en: 'Former values of your profile, kept for some days so that a change can be taken back.',
      fr: 'D’anciennes valeurs de votre profil, conservées quelques jours pour qu’une modification puisse être annulée.',
    },
    'change_id',
  ),
}

async function* readProfile(ctx: Ctx, contactId: ContactId): AsyncGenerator<AccessRow[]> {
  const contact = await selectContact(ctx, contactId)
  const [place] = await placesOf(ctx, [contactId])
  if (contact) yield [{ ...contact, seenTimeZone: place?.facts.seenTimeZone ?? null }]
}

/** Every hour: deletions become final, old error files and never started uploads go. */
export const forgetOldDetails = defineSchedule({
  name: 'contacts.forget_old_details',
  everyMs: 3_600_000,
  perOrganization: true,
  handle: async (ctx) => {
    while (await purgeUndo(ctx));
    const before = new Date(ctx.now().getTime() - IMPORT_DETAILS_DAYS * DAY_MS)
    for (const { id, state } of await selectExpiredImports(ctx, before)) {
      await ctx.platform.storage.remove(ctx.orgId, fileOf(id))
      await inTransaction(ctx, async (ctx) => {
        await deleteProblems(ctx, id)
        if (state === 'draft') await deleteImport(ctx, id)
      })
    }
  },
})

/** @returns whether there may be more */
function purgeUndo(ctx: Ctx): Promise<boolean> {
  return inTransaction(ctx, async (ctx) => {
    const rows = await selectExpiredUndo(ctx, new Date(ctx.now().getTime() - CHANGE_UNDO_MS), PURGE_ROWS)
    const purged: ContactId[] = rows
      .filter(({ kind }) => kind === 'deleted')
      .map(({ contactId }) => contactId)
    if (rows.length > 0) await deleteUndoRows(ctx, rows)
    if (purged.length > 0) announce(ctx, contactsPurged, { contactIds: purged })
    return rows.length === PURGE_ROWS
  })
}
