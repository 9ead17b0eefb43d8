/** The desk from which a run is watched: where it stands, what waits for what, what providers say, what nobody tries any more. */
import type { Ctx } from '../../platform/context.ts'
import type { RunId } from '../../platform/ids.ts'
import { saidOften, type SaidOften } from '../refusals/refusal-queries.ts'
import { readAgain, type AgainRow } from './again-queries.ts'
import { countDeadLetters, retriesOf, type DeadLetterGroup, type Retry } from './desk-queries.ts'
import { runProgress, type RunProgress } from './run-progress.ts'

/** Everything that people look at while a run is under way, and after it. */
export interface RunDesk extends RunProgress {
  retries: Retry[]
  /** What providers said to messages of this run, most often first. */
  refusals: SaidOften[]
  /** Over all runs of the campaign. */
  deadLetters: DeadLetterGroup[]
  /** What waits to be sent again of runs that have ended; null: nothing. */
  again: AgainRow | null
}

/** @throws delivery.run_not_found */
export async function runDesk(ctx: Ctx, id: RunId): Promise<RunDesk> {
  const progress = await runProgress(ctx, id)
  return {
    ...progress,
    retries: await retriesOf(ctx, id),
    refusals: await saidOften(ctx, id),
    deadLetters: await countDeadLetters(ctx, progress.campaignId),
    again: await readAgain(ctx, progress.campaignId),
  }
}
