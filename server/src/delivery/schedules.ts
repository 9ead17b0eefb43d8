/** What delivery does by itself, now and then. */
import { defineSchedule, enqueueMany } from '../platform/jobs/index.ts'
import { pruneMailbox } from './mailbox/service.ts'
import { openWork } from './runs/queries.ts'
import { chunkKey, deliverChunk } from './work.ts'

/**
 * Asks again for jobs of open chunks. A job exists for each anyhow; this catches a run that was resumed in the very
 * moment in which its chunk's job ended. Keys make the repetition harmless.
 */
export const askAgain = defineSchedule({
  name: 'delivery.ask_again',
  everyMs: 15_000,
  perOrganization: true,
  handle: async (ctx) => {
    const open = await openWork(ctx)
    await enqueueMany(
      ctx,
      deliverChunk,
      open.map(({ runId, chunkNo, dueAt }) => ({
        payload: { runId, chunkNo },
        key: chunkKey(runId, chunkNo),
        dueAt,
      })),
    )
  },
})

/** Keeps the built-in mailbox within its bounds. */
export const pruneMailboxes = defineSchedule({
  name: 'delivery.prune_mailbox',
  everyMs: 60_000,
  perOrganization: true,
  handle: pruneMailbox,
})
