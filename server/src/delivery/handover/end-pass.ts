/** The end of a pass over a chunk: what was refused for now waits, what is unknown is handed over once more. */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { enqueue } from '../../platform/jobs/index.ts'
import { chunkKey, deliverChunk } from '../work.ts'
import { tryNextChannel } from './fallback.ts'
import type { HeldChunk } from './held-chunk.ts'
import { endChunk, insertChunk, nextPass } from './queries.ts'
import { SECOND_HANDOVER_PAUSE_MS } from './second-handover.ts'
import { PASS_PAUSES_MS } from './verdicts.ts'

/** Room for one second chunk per pass of each chunk. */
const PASSES_PER_CHUNK = 64

/** @returns when the chunk's next pass is due; null when it has none */
export async function endPass(ctx: Ctx, { run, chunk, lease }: HeldChunk): Promise<Date | null> {
  const pauseMs = PASS_PAUSES_MS[chunk.pass]
  const dueAt =
    chunk.deferredIds.length > 0 && pauseMs !== undefined ? new Date(ctx.now().getTime() + pauseMs) : null
  await inTransaction(ctx, async (ctx) => {
    await lease.fence(ctx)
    if (chunk.unknownIds.length > 0) {
      const second = {
        chunkNo: -(chunk.chunkNo * PASSES_PER_CHUNK + chunk.pass),
        channel: chunk.channel,
        variant: chunk.variant,
        contactIds: chunk.unknownIds,
        place: chunk.place,
        dueAt: new Date(ctx.now().getTime() + SECOND_HANDOVER_PAUSE_MS[chunk.channel]),
      }
      await insertChunk(ctx, run.id, second)
      await enqueue(
        ctx,
        deliverChunk,
        { runId: run.id, chunkNo: second.chunkNo },
        { key: chunkKey(run.id, second.chunkNo), dueAt: second.dueAt },
      )
    }
    await tryNextChannel(ctx, run.id, chunk.variant, chunk.fallbackIds)
    if (dueAt)
      await nextPass(ctx, run.id, chunk.chunkNo, { no: chunk.pass + 1, contactIds: chunk.deferredIds, dueAt })
    else await endChunk(ctx, run.id, chunk.chunkNo)
  })
  return dueAt
}
