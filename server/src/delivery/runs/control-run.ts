/** Pausing, resuming and cancelling a run. Workers look at the run's state last before each hand-over and every 300 ms during one. */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { RunId } from '../../platform/ids.ts'
import { enqueue, enqueueMany } from '../../platform/jobs/index.ts'
import { errors } from '../errors.ts'
import { chunkJob, deliverChunk, resolveRun } from '../work.ts'
import { setOutOfBudget } from '../budget/budget-queries.ts'
import { forgiveRun } from '../breakers/watch-runs.ts'
import { releaseRun } from '../caps/cap-queries.ts'
import { cancelChunks, lockRun, openChunks, setRunState } from './queries.ts'
import { isUnderWay } from './run.ts'

/**
 * Stops new hand-overs within a second; what is under way completes.
 * @throws delivery.run_not_pausable unless the run is under way
 */
export function pauseRun(ctx: Ctx, id: RunId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const run = await lockRun(ctx, id)
    if (!run) throw errors.run_not_found({ id })
    // A run that completed in the very moment has nothing left to pause.
    if (run.state === 'completed') return
    if (!isUnderWay(run.state)) throw errors.run_not_pausable({ id, state: run.state })
    await setRunState(ctx, id, 'paused', { stoppedBy: ctx.actor.id })
  })
}

/** Pauses a run if it is under way: for reasons that may meet one that rests already. */
export function haltRun(ctx: Ctx, id: RunId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const run = await lockRun(ctx, id)
    if (run && isUnderWay(run.state)) await setRunState(ctx, id, 'paused', { stoppedBy: ctx.actor.id })
  })
}

/**
 * Goes on where the run stopped: the same people, nobody twice.
 * @throws delivery.run_not_resumable unless the run is paused
 */
export function resumeRun(ctx: Ctx, id: RunId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const run = await lockRun(ctx, id)
    if (!run) throw errors.run_not_found({ id })
    if (run.state === 'completed') return
    if (run.state !== 'paused') throw errors.run_not_resumable({ id, state: run.state })
    await setRunState(ctx, id, run.resolvedAt === null && !run.isFed ? 'resolving' : 'running')
    if (run.tripped) await forgiveRun(ctx, run)
    if (run.outOfBudget) await setOutOfBudget(ctx, id, null)
    // Resolving ends by completing a run without chunks, so it is asked for in either case.
    await enqueue(ctx, resolveRun, { runId: id }, { key: id })
    const chunks = await openChunks(ctx, id)
    await enqueueMany(
      ctx,
      deliverChunk,
      chunks.map((chunk) => chunkJob(id, chunk)),
    )
  })
}

/**
 * Ends a run for good; those not reached stay unreached.
 * @throws delivery.run_not_cancellable when it has already ended
 */
export function cancelRun(ctx: Ctx, id: RunId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const run = await lockRun(ctx, id)
    if (!run) throw errors.run_not_found({ id })
    if (run.state === 'completed' || run.state === 'cancelled') return
    if (run.state === 'failed') throw errors.run_not_cancellable({ id })
    await cancelChunks(ctx, id)
    await releaseRun(ctx, id)
    await setRunState(ctx, id, 'cancelled', { stoppedBy: ctx.actor.id, completedAt: ctx.now() })
  })
}
