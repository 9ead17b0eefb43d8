/** People of a chunk who wait for another instant: they move to chunks of their own, so that nobody waits with them. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import { enqueueMany } from '../../platform/jobs/index.ts'
import { deferClaims } from '../caps/cap-queries.ts'
import { addToAudience, lockRun } from '../runs/queries.ts'
import { chunkJob, deliverChunk } from '../work.ts'
import type { HeldChunk } from './held-chunk.ts'
import { insertChunk } from './queries.ts'

/** Runs in the transaction that records the sub-batch: nobody is in two chunks, and nobody in none. */
export async function postpone(
  ctx: Ctx,
  { run: { id: runId }, chunk }: HeldChunk,
  people: readonly { contactId: ContactId; until: Date }[],
): Promise<void> {
  const run = await lockRun(ctx, runId)
  if (!run) return
  const made: { chunkNo: number; dueAt: Date }[] = []
  for (const [ms, group] of Map.groupBy(people, ({ until }) => until.getTime())) {
    const dueAt = new Date(ms)
    const chunkNo = run.chunksMade + made.length + 1
    const contactIds = group.map(({ contactId }) => contactId)
    const { channel, variant, place, receiver } = chunk
    await insertChunk(ctx, runId, {
      chunkNo,
      channel,
      variant,
      place,
      receiver,
      contactIds,
      dueAt,
      held: { reason: 'frequency_cap', detail: null },
    })
    await deferClaims(ctx, runId, channel, contactIds, dueAt)
    made.push({ chunkNo, dueAt })
  }
  const { audienceSize, tallies } = run
  await addToAudience(ctx, runId, { chunksMade: run.chunksMade + made.length, audienceSize, tallies })
  await enqueueMany(
    ctx,
    deliverChunk,
    made.map((chunk) => chunkJob(runId, chunk)),
  )
}
