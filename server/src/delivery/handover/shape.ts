/**
 * Receiving domains with a limit: their people leave a chunk for chunks of their own, once, when it is taken up. What is
 * left is handed over without waiting for any of them.
 * Source: design §5 Throttle, per receiving domain
 */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import { enqueueMany } from '../../platform/jobs/index.ts'
import { receiverOf } from '../limits/receivers.ts'
import { addToAudience, lockRun } from '../runs/queries.ts'
import { chunkKey, deliverChunk } from '../work.ts'
import type { HeldChunk } from './held-chunk.ts'
import { insertChunk, markShaped, receiversOf, saveProgress } from './queries.ts'

/** The receivers that a chunk was shaped by, as one word. */
export const shapeOf = (receivers: readonly string[]): string => receivers.join(' ')

/** Takes the people of these receivers out of a chunk. */
export async function shapeChunk(ctx: Ctx, held: HeldChunk, receivers: readonly string[]): Promise<void> {
  const { chunk, run, lease } = held
  const waiting = chunk.contactIds.slice(chunk.doneCount)
  const groups = new Map<string, ContactId[]>()
  for (const { domain, contactIds } of await receiversOf(ctx, waiting)) {
    const receiver = receiverOf(domain, receivers)
    if (receiver !== null) groups.set(receiver, [...(groups.get(receiver) ?? []), ...contactIds])
  }
  const moved = new Set([...groups.values()].flat())
  const rest = waiting.filter((id) => !moved.has(id))
  await inTransaction(ctx, async (ctx) => {
    await lease.fence(ctx)
    await markShaped(ctx, run.id, chunk.chunkNo, shapeOf(receivers))
    if (moved.size === 0) return
    await moveOut(ctx, held, groups)
    await saveProgress(ctx, run.id, chunk.chunkNo, {
      doneCount: 0,
      contactIds: rest,
      deferredIds: chunk.deferredIds,
      unknownIds: chunk.unknownIds,
      fallbackIds: chunk.fallbackIds,
      counts: chunk.counts,
      waiting: rest.length + chunk.deferredIds.length,
      deferred: chunk.deferredIds.length,
    })
  })
  chunk.shapedBy = shapeOf(receivers)
  if (moved.size === 0) return
  chunk.doneCount = 0
  chunk.contactIds = rest
}

async function moveOut(
  ctx: Ctx,
  { chunk: { channel, variant, place }, run: { id: runId } }: HeldChunk,
  groups: ReadonlyMap<string, readonly ContactId[]>,
): Promise<void> {
  const run = await lockRun(ctx, runId)
  if (!run) return
  let { chunksMade } = run
  const made: number[] = []
  for (const [receiver, contactIds] of groups) {
    chunksMade += 1
    await insertChunk(ctx, runId, {
      chunkNo: chunksMade,
      channel,
      variant,
      contactIds,
      place,
      receiver,
      dueAt: ctx.now(),
    })
    made.push(chunksMade)
  }
  const { audienceSize, tallies } = run
  await addToAudience(ctx, runId, { chunksMade, audienceSize, tallies })
  await enqueueMany(
    ctx,
    deliverChunk,
    made.map((chunkNo) => ({ payload: { runId, chunkNo }, key: chunkKey(runId, chunkNo) })),
  )
}
