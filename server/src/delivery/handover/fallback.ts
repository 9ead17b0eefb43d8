/** Reaching everybody once: who was not reached on one channel is tried on the next that was not tried yet. */
import { addDeltas } from '../../analytics/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { ContactId, RunId } from '../../platform/ids.ts'
import { enqueueMany } from '../../platform/jobs/index.ts'
import { channelsUntried } from '../resolve/queries.ts'
import { addToAudience, lockRun } from '../runs/queries.ts'
import { addTally, channelsOf, metricSubject, type Run } from '../runs/run.ts'
import { slotsOfContacts } from '../timing/slots.ts'
import { chunkJob, deliverChunk } from '../work.ts'
import { insertChunk, type Chunk } from './queries.ts'
import type { Judgement } from './verdicts.ts'

/** Reasons that hold on every channel: trying another would only say the same again. */
const EVERYWHERE: ReadonlySet<string> = new Set(['opted_out', 'contact_deleted', 'suppressed_erasure'])

/** Whom the next channel is for: refused, bounced or no longer allowed on this one. */
export function fallbacksOf(run: Run, chunk: Chunk, { rows }: Pick<Judgement, 'rows'>): ContactId[] {
  // Second hand-overs may have arrived the first time.
  if (run.reach !== 'first' || channelsOf(run).length === 1 || chunk.chunkNo < 0) return []
  return rows.flatMap(({ contactId, state, reason }) =>
    (state === 'skipped' || state === 'bounced' || state === 'failed') && !EVERYWHERE.has(reason ?? '')
      ? [contactId]
      : [],
  )
}

/**
 * Freezes chunks of the next channel for those whom a chunk did not reach. Runs in the transaction that ends the pass.
 * Each is one more message that the run means to send, of the variant that the people were given.
 */
export async function tryNextChannel(
  ctx: Ctx,
  runId: RunId,
  variant: number,
  ids: readonly ContactId[],
): Promise<void> {
  if (ids.length === 0) return
  const run = await lockRun(ctx, runId)
  if (!run) return
  const next = await channelsUntried(ctx, run, ids)
  const tallies = { ...run.tallies }
  let { chunksMade, audienceSize } = run
  const made: { chunkNo: number; dueAt: Date }[] = []
  for (const { channel, contactIds } of next) {
    audienceSize += contactIds.length
    addTally(tallies, channel, { audience: contactIds.length, counts: {} })
    // People who are dropped on this channel are dropped by its hand-over, which looks at the hours as well.
    for (const { slot, contactIds: ids } of await slotsOfContacts(ctx, run, channel, contactIds)) {
      chunksMade += 1
      const { dueAt, place } = slot
      await insertChunk(ctx, runId, {
        chunkNo: chunksMade,
        channel,
        variant,
        contactIds: ids,
        dueAt,
        place,
      })
      made.push({ chunkNo: chunksMade, dueAt })
    }
    await addDeltas(ctx, metricSubject(run, channel, variant), { audience: contactIds.length })
  }
  if (made.length === 0) return
  await addToAudience(ctx, runId, { chunksMade, audienceSize, tallies })
  await enqueueMany(
    ctx,
    deliverChunk,
    made.map((chunk) => chunkJob(runId, chunk)),
  )
}
