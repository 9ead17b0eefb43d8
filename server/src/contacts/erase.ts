/** Forgetting: one person on demand, and what has served its purpose by the calendar. */
import type { Ctx } from '../platform/context.ts'
import { inTransaction } from '../platform/db/index.ts'
import { announce } from '../platform/events/index.ts'
import type { ContactId } from '../platform/ids.ts'
import { defineSchedule } from '../platform/jobs/index.ts'
import type { EraseStep } from '../platform/room.ts'
import { CHANGE_UNDO_MS } from './changes/run.ts'
import { deleteUndoAbout, deleteUndoRows, selectExpiredUndo } from './changes/queries.ts'
import { contactsPurged } from './events.ts'
import { fileOf } from './imports/import.ts'
import { deleteImport, deleteProblems, deleteProblemsOf, selectExpiredImports } from './imports/queries.ts'
import { deleteContacts, selectContact } from './store/queries.ts'

/** Days after which a draft's file and the values that an import could not store are forgotten. */
const IMPORT_DETAILS_DAYS = 30
const DAY_MS = 86_400_000
/** Undo records that are forgotten in one transaction. */
const PURGE_ROWS = 2_000

/** The row itself, and the cells of error files that hold the person's address. */
const eraseContact: EraseStep = async (ctx, contactId) => {
  const contact = await selectContact(ctx, contactId)
  if (contact?.email) await deleteProblemsOf(ctx, contact.email)
  if (contact?.phone) await deleteProblemsOf(ctx, contact.phone)
  await deleteContacts(ctx, [contactId])
}

const eraseUndo: EraseStep = async (ctx, contactId) => {
  await deleteUndoAbout(ctx, contactId)
}

/** How each table of this room that names a person forgets one. */
export const eraseSteps: Readonly<Record<string, EraseStep>> = {
  contact: eraseContact,
  contact_undo: eraseUndo,
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
