/**
 * Runs that people are added to as they come: campaigns that are set off by what people do. The same road as all others:
 * consent, suppression, hours and caps are asked as they are added and again at the hand-over, the ledger has one row for
 * each, and the run ends with the same sums.
 */
import { type EventData, keepEventData } from '../../content/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { assert } from '../../platform/errors.ts'
import type { ContactId, RunId } from '../../platform/ids.ts'
import { enqueueMany } from '../../platform/jobs/index.ts'
import { completeRun } from '../runs/complete-run.ts'
import { addToAudience, closeFedRun, lockRun } from '../runs/queries.ts'
import { isUnderWay } from '../runs/run.ts'
import { chunkJob, deliverChunk } from '../work.ts'
import { resolveSlice } from './queries.ts'
import { bookSlice } from './resolve-run.ts'

/** People added at once. */
export const FEED_MAX = 2_000

/** Somebody waits for each of these: they leave before campaigns that were planned. */
const AT_ONCE = { ...deliverChunk, lane: 'transactional' as const }

export interface Feed {
  /** Whoever is in the audience at this moment; nobody who was added to this run before. */
  contactIds: readonly ContactId[]
  /** After that their messages are of no use; null: never. */
  usefulUntil: Date | null
  /** What the events said that set their messages off, as far as the run's contents name it. */
  eventData?: readonly { contactId: ContactId; data: EventData }[]
}

/**
 * Adds people to a run: chunks for those who may be written to, ledger rows with the reason for the others, in the
 * caller's transaction.
 * @throws AssertionError unless the run is fed, open and under way
 * Source: FR-004.3
 */
export function feedRun(
  ctx: Ctx,
  id: RunId,
  { contactIds, usefulUntil, eventData = [] }: Feed,
): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    assert(contactIds.length <= FEED_MAX, 'few enough people at once')
    const run = await lockRun(ctx, id)
    assert(
      run !== null && run.isFed && run.resolvedAt === null && isUnderWay(run.state),
      'the run takes people',
    )
    const timing = { ...run.timing, usefulUntil: usefulUntil?.toISOString() ?? null }
    const slice = await resolveSlice(ctx, { ...run, timing }, { contactIds, chunkSize: FEED_MAX })
    if (eventData.length > 0) await keepEventData(ctx, id, eventData)
    await addToAudience(ctx, id, await bookSlice(ctx, run, slice))
    await enqueueMany(
      ctx,
      AT_ONCE,
      slice.chunks.map((chunk) => chunkJob(id, chunk)),
    )
  })
}

/** Nobody is added any more: the run ends with the last of its messages. Does nothing to a run that has ended. */
export async function closeRun(ctx: Ctx, id: RunId): Promise<void> {
  await closeFedRun(ctx, id)
  await completeRun(ctx, id)
}
