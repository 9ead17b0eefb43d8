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
import { cancelChunks, lockRun, openChunks, readRun, setRunState } from './queries.ts'
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
 * Goes on where the run stopped: the same people, nobody twice. Workers hold their job, then a chunk, then the run: what
 * they hold is asked for in the same order, or one would wait for the other for good.
 * @throws delivery.run_not_resumable unless the run is paused
 */
export function resumeRun(ctx: Ctx, id: RunId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const found = await readRun(ctx, id)
    const asked = found?.state === 'paused' ? await askForJobs(ctx, id, []) : []
    const run = await lockRun(ctx, id)
    if (!run) throw errors.run_not_found({ id })
    if (run.state === 'completed') return
    if (run.state !== 'paused') throw errors.run_not_resumable({ id, state: run.state })
    await setRunState(ctx, id, run.resolvedAt === null && !run.isFed ? 'resolving' : 'running')
    if (run.tripped) await forgiveRun(ctx, run)
    if (run.outOfBudget) await setOutOfBudget(ctx, id, null)
    // Chunks that were made before the run was locked.
    await askForJobs(ctx, id, asked)
  })
}

/** @returns the numbers of the open chunks, all of which have a job then */
async function askForJobs(ctx: Ctx, id: RunId, asked: readonly number[]): Promise<number[]> {
  // Resolving ends by completing a run without chunks, so it is asked for in either case.
  if (asked.length === 0) await enqueue(ctx, resolveRun, { runId: id }, { key: id })
  const chunks = await openChunks(ctx, id)
  const known = new Set(asked)
  await enqueueMany(
    ctx,
    deliverChunk,
    chunks.filter(({ chunkNo }) => !known.has(chunkNo)).map((chunk) => chunkJob(id, chunk)),
  )
  return chunks.map(({ chunkNo }) => chunkNo)
}

/**
 * Ends a run for good; those not reached stay unreached. Chunks come before the run, as in the hands of workers.
 * @throws delivery.run_not_cancellable when it has already ended
 */
export function cancelRun(ctx: Ctx, id: RunId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const found = await readRun(ctx, id)
    if (found && found.state !== 'completed') await cancelChunks(ctx, id)
    const run = await lockRun(ctx, id)
    if (!run) throw errors.run_not_found({ id })
    if (run.state === 'completed' || run.state === 'cancelled') return
    if (run.state === 'failed') throw errors.run_not_cancellable({ id })
    // Those that were made before the run was locked.
    await cancelChunks(ctx, id)
    await releaseRun(ctx, id)
    await setRunState(ctx, id, 'cancelled', { stoppedBy: ctx.actor.id, completedAt: ctx.now() })
  })
}
