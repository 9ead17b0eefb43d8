/** Running one claimed job: its ctx, its lease, its ending. */
import type { Ctx } from '../context.ts'
import { every } from '../clock.ts'
import { assert } from '../errors.ts'
import type { Platform } from '../platform.ts'
import { LeaseLost, type AnyJob, type JobOutcome, type Lease } from './definitions.ts'
import {
  claim,
  duePairs,
  finish,
  lockLease,
  prolong,
  releaseKey,
  type ClaimedJob,
  type Ending,
} from './queries.ts'
import type { DueWork } from './turns.ts'

/** A lease outlives three missed heartbeats; after a kill the job is claimed again within this time. */
export const LEASE_MS = 20_000
const HEARTBEAT_MS = 5_000

const BACKOFF_FIRST_MS = 1_000
const BACKOFF_MAX_MS = 10 * 60_000
const ERROR_LENGTH_MAX = 2_000

export type JobsByKind = ReadonlyMap<string, AnyJob>

/** Claims that this process has made. */
let claims = 0

/**
 * Claims up to `limit` jobs of what is due. Each claim has a name of its own: who slept beyond the lease may wake while
 * the job is this process's again, at the same attempt, and must not pass for its holder.
 */
export function claimJobs(
  platform: Platform,
  due: DueWork,
  owner: string,
  limit: number,
): Promise<ClaimedJob[]> {
  const ctx = platform.systemCtx(due.orgId)
  return claim(ctx, due, `${owner}.${++claims}`, new Date(ctx.now().getTime() + LEASE_MS), limit)
}

/** Runs a claimed job to its ending; never throws. */
export async function runJob(
  platform: Platform,
  jobs: JobsByKind,
  claimed: ClaimedJob,
  isStopping: () => boolean,
): Promise<void> {
  const ctx = platform.systemCtx(claimed.orgId, `job-${claimed.id}-${claimed.attempt}`)
  const lease = leaseOf(claimed, isStopping)
  const heartbeat = every(HEARTBEAT_MS, () =>
    prolong(ctx, claimed, leaseEnd(ctx)).then(
      () => undefined,
      () => undefined,
    ),
  )
  const startedAt = ctx.now()
  try {
    const outcome = await handle(ctx, jobs, claimed, lease)
    await finish(ctx, claimed, ended(ctx, outcome))
    platform.metrics.jobRun(claimed.kind, 'done', ctx.now().getTime() - startedAt.getTime())
  } catch (error) {
    await recordFailure(ctx, jobs, claimed, error).catch((failure: unknown) =>
      ctx.log.error(
        { error: failure, jobId: claimed.id },
        'a failed job could not be recorded; its lease will run out',
      ),
    )
  } finally {
    heartbeat.stop()
  }
}

/**
 * Claims and runs everything that is due now, one job after the other. For tests with a simulated clock.
 * @returns how many jobs ran
 */
export async function runDueJobs(platform: Platform, jobs: JobsByKind, owner = 'drain'): Promise<number> {
  let count = 0
  for (const pair of await duePairs(platform.database, platform.clock.now())) {
    for (const claimed of await claimJobs(platform, pair, owner, 1)) {
      await runJob(platform, jobs, claimed, () => false)
      count += 1
    }
  }
  return count
}

function handle(ctx: Ctx, jobs: JobsByKind, claimed: ClaimedJob, lease: Lease): Promise<JobOutcome> {
  const job = jobs.get(claimed.kind)
  assert(job, `no room handles jobs of kind ${claimed.kind}`)
  return job.handle(ctx, job.payload.parse(claimed.payload), lease)
}

function leaseOf(claimed: ClaimedJob, isStopping: () => boolean): Lease {
  return {
    jobId: claimed.id,
    attempt: claimed.attempt,
    get stopping() {
      return isStopping()
    },
    fence: async (ctx) => {
      const [held] = await lockLease(ctx, claimed)
      if (!held) throw new LeaseLost(claimed.id)
      // What comes next may last: whoever is fenced has at least half a lease, whatever became of the heartbeat.
      if (held.leaseUntil.getTime() - ctx.now().getTime() < LEASE_MS / 2)
        await prolong(ctx, claimed, leaseEnd(ctx))
    },
    releaseKey: async (ctx) => void (await releaseKey(ctx, claimed)),
  }
}

const leaseEnd = (ctx: Ctx): Date => new Date(ctx.now().getTime() + LEASE_MS)

function ended(ctx: Ctx, outcome: JobOutcome): Ending {
  if (outcome === undefined) return { state: 'done', dueAt: ctx.now(), attempt: 0, error: null }
  return { state: 'ready', dueAt: outcome.again, attempt: 0, error: null }
}

async function recordFailure(ctx: Ctx, jobs: JobsByKind, claimed: ClaimedJob, error: unknown): Promise<void> {
  if (error instanceof LeaseLost) return
  const attemptsMax = jobs.get(claimed.kind)?.attemptsMax ?? 1
  const text = (error instanceof Error ? (error.stack ?? error.message) : String(error)).slice(
    0,
    ERROR_LENGTH_MAX,
  )
  const dead = claimed.attempt >= attemptsMax
  ctx.log.error(
    { error, jobId: claimed.id, kind: claimed.kind, attempt: claimed.attempt },
    dead ? 'a job failed for the last time' : 'a job failed and will be tried again',
  )
  ctx.platform.metrics.jobRun(claimed.kind, dead ? 'dead' : 'failed', 0)
  await finish(ctx, claimed, {
    state: dead ? 'dead' : 'ready',
    dueAt: new Date(ctx.now().getTime() + backoffMs(claimed.attempt, ctx.random())),
    attempt: claimed.attempt,
    error: text,
  })
}

/** Doubling, with full jitter over the upper half, so that failures of one cause do not return together. */
function backoffMs(attempt: number, dice: number): number {
  const ceiling = Math.min(BACKOFF_FIRST_MS * 2 ** (attempt - 1), BACKOFF_MAX_MS)
  return ceiling / 2 + (ceiling / 2) * dice
}
