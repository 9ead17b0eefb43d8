/** Takes a whole import back, batch by batch: whom it brought goes, unless somebody has touched them since; what it changed returns. */
import { z } from 'zod'
import type { Ctx } from '../../platform/context.ts'
import { afterCommit, inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import { toWire } from '../../platform/ids.ts'
import { type JobOutcome, defineJob } from '../../platform/jobs/index.ts'
import { selectUndo } from '../changes/queries.ts'
import { takeBackStep } from '../changes/run.ts'
import { contactsDeleted } from '../events.ts'
import { deleteContacts } from '../store/queries.ts'
import type { ContactImport, ImportId } from './import.ts'
import { advanceUndo, lockCreatedBy, lockImport, selectUndoCursor, updateState } from './queries.ts'

/** Contacts of one step: one transaction. */
const STEP_CONTACTS = 2_000

/** Runs the undo of an import to its end. */
export const undoImportJob = defineJob({
  kind: 'contacts.undo_import',
  lane: 'bulk',
  payload: z.object({ importId: z.string() }),
  attemptsMax: 5,
  handle: async (ctx, payload, lease): Promise<JobOutcome> => {
    for (;;) {
      const isDone = await inTransaction(ctx, async (ctx) => {
        await lease.fence(ctx)
        const found = await lockImport(ctx, payload.importId as ImportId) // written by undoImport
        return found?.state === 'undoing' ? undoStep(ctx, found) : true
      })
      if (isDone) return
      if (lease.stopping) return { again: ctx.now() }
    }
  },
})

/** First the people whom the import brought, then what it changed. @returns whether it was the last step */
async function undoStep(ctx: Ctx, found: ContactImport): Promise<boolean> {
  const cursor = await selectUndoCursor(ctx, found.id)
  const created = await lockCreatedBy(ctx, found, cursor, STEP_CONTACTS)
  if (created.length > 0) {
    // Every row of an import carries the instant at which it began; whoever was changed later carries another.
    const untouched = created.filter(
      (contact) => contact.updatedAt.getTime() === found.startedAt?.getTime() && !contact.hasHistory,
    )
    const contactIds = untouched.map(({ id }) => id)
    await deleteContacts(ctx, contactIds)
    if (contactIds.length > 0) announce(ctx, contactsDeleted, { contactIds, restorableUntil: null })
    await advanceUndo(ctx, found.id, {
      fromCursor: cursor,
      toCursor: created.at(-1)?.id ?? cursor,
      removed: contactIds.length,
      restored: 0,
      kept: created.length - contactIds.length,
    })
    publish(ctx, found)
    return false
  }
  // Records that are done with are forgotten, so the next step finds the next ones.
  const undos = await selectUndo(ctx, found.id, '0', STEP_CONTACTS)
  const { restored, kept } = await takeBackStep(ctx, found.id, undos)
  await advanceUndo(ctx, found.id, { fromCursor: cursor, toCursor: cursor, removed: 0, restored, kept })
  const isDone = undos.length < STEP_CONTACTS
  if (isDone) await updateState(ctx, found.id, 'undone')
  publish(ctx, found)
  return isDone
}

function publish(ctx: Ctx, found: ContactImport): void {
  afterCommit(ctx, () =>
    ctx.platform.hub.publish(ctx.orgId, 'contacts.import', { id: toWire('contact_import', found.id) }),
  )
}
