/** Counting received messages per contact, off the send path: hand-overs leave a note, and each second they are added. */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import { defineSchedule } from '../../platform/jobs/index.ts'
import { organizationsWithHandovers, takeHandovers } from '../../tracking/index.ts'
import { openFrame } from './frame.ts'
import { addReceived, refigureReceived } from './received-queries.ts'

/** Notes of one transaction; each names as many contacts as one sub-batch has. */
const NOTES_MAX = 20

/** Every second, wherever hand-overs wait. */
export const countReceived = defineSchedule({
  name: 'analytics.count_received',
  everyMs: 1_000,
  perOrganization: false,
  handle: async (ctx) => {
    for (const orgId of await organizationsWithHandovers(ctx)) {
      const own = ctx.platform.systemCtx(orgId)
      while (await countSome(own));
    }
  },
})

/** @returns whether there may be more */
function countSome(ctx: Ctx): Promise<boolean> {
  return inTransaction(ctx, async (ctx) => {
    await openFrame(ctx)
    return addSome(ctx)
  })
}

async function addSome(ctx: Ctx): Promise<boolean> {
  const notes = await takeHandovers(ctx, NOTES_MAX)
  if (notes.length > 0) await addReceived(ctx, notes)
  return notes.length === NOTES_MAX
}

/**
 * Makes the counts of these contacts anew from the ledger. What waits is added first: a hand-over that was counted after
 * its message came back would stand as the last one received. Under the frame's lock.
 */
export async function recountReceived(ctx: Ctx, contactIds: readonly ContactId[]): Promise<void> {
  if (contactIds.length === 0) return
  while (await addSome(ctx));
  await refigureReceived(ctx, contactIds)
}
