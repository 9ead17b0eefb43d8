/** Asking for work, inside the transaction that makes it necessary. */
import type { Ctx } from '../context.ts'
import { afterCommit } from '../db/index.ts'
import { LANES, type WorkDefinition } from './definitions.ts'
import { enqueueRows, hurryRows } from './queries.ts'

export interface EnqueueOptions {
  /** Two waiting jobs of one kind never share a key: the second is dropped. */
  key?: string
  dueAt?: Date
}

/** Asks for a job. Inside a transaction it exists only if the transaction commits. */
export async function enqueue<P>(
  ctx: Ctx,
  job: WorkDefinition<P>,
  payload: P,
  options: EnqueueOptions = {},
): Promise<void> {
  await enqueueMany(ctx, job, [{ payload, ...options }])
}

/** Makes waiting jobs of a kind due now: what they wait for has changed. */
export async function hurry<P>(ctx: Ctx, job: WorkDefinition<P>, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return
  await hurryRows(ctx, job.kind, keys)
  afterCommit(ctx, () => ctx.platform.hub.hint('work', ctx.orgId))
}

/** Asks for several jobs of one kind in one statement. */
export async function enqueueMany<P>(
  ctx: Ctx,
  job: WorkDefinition<P>,
  jobs: readonly ({ payload: P } & EnqueueOptions)[],
): Promise<void> {
  if (jobs.length === 0) return
  const now = ctx.now()
  await enqueueRows(
    ctx,
    job.kind,
    LANES.indexOf(job.lane),
    jobs.map((j) => ({
      key: j.key ?? null,
      payload: JSON.stringify(j.payload),
      dueAt: j.dueAt ?? now,
      part: job.part?.(j.payload) ?? '',
    })),
  )
  afterCommit(ctx, () => ctx.platform.hub.hint('work', ctx.orgId))
}
