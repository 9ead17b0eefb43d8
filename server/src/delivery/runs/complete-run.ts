/** The end of a run: everybody of its audience has an outcome, and the sums prove it. */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { assert } from '../../platform/errors.ts'
import { announce } from '../../platform/events/index.ts'
import type { RunId } from '../../platform/ids.ts'
import { ledgerTotals } from '../../tracking/index.ts'
import { runCompleted, runFailed } from '../events.ts'
import { releaseRun } from '../caps/cap-queries.ts'
import { cancelChunks, chunkCounts, hasOpenChunk, lockRun, setRunState } from './queries.ts'
import { addCounts, channelsOf, countedPeople, isUnderWay, type Counts } from './run.ts'

/**
 * Completes a run that has nothing left to do; does nothing to any other. Called at the end of each chunk.
 * @throws AssertionError when audience ≠ sum of outcomes: a bug that must not pass for a finished run
 */
export async function completeRun(ctx: Ctx, runId: RunId): Promise<void> {
  if (await hasOpenChunk(ctx, runId)) return
  await inTransaction(ctx, async (ctx) => {
    const run = await lockRun(ctx, runId)
    if (run?.state !== 'running' || run.resolvedAt === null) return
    // Read again under the lock: a second hand-over may have been planned meanwhile.
    if (await hasOpenChunk(ctx, runId)) return
    const chunks = await chunkCounts(ctx, runId)
    const counts: Counts = {}
    for (const channel of channelsOf(run)) {
      const tally = run.tallies[channel]
      const ofChannel = addCounts({ ...tally?.counts }, chunks[channel] ?? {})
      assert(
        countedPeople(ofChannel) === (tally?.audience ?? 0),
        'on each channel: audience = sent + bounced + failed + skipped + held out + unknown',
      )
      addCounts(counts, ofChannel)
    }
    const ledger = await ledgerTotals(ctx, runId)
    assert(ledger.rows === run.audienceSize, 'every message of the run has one row in the ledger')
    await setRunState(ctx, runId, 'completed', { completedAt: ctx.now() })
    announce(ctx, runCompleted, { audience: run.audienceSize, counts }, { campaignId: run.campaignId, runId })
  })
}

/** Ends a run that can reach nobody for a reason on our side. What was handed over stays handed over. */
export async function failRun(ctx: Ctx, runId: RunId, reason: string): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    const run = await lockRun(ctx, runId)
    if (!run || !isUnderWay(run.state)) return
    await cancelChunks(ctx, runId)
    await releaseRun(ctx, runId)
    await setRunState(ctx, runId, 'failed', { failure: reason, completedAt: ctx.now() })
    announce(ctx, runFailed, { reason }, { campaignId: run.campaignId, runId })
  })
}
