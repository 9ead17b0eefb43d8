/** The door of platform/jobs: defining work, asking for it inside a transaction, running it. */
import type { z } from 'zod'
import type { Ctx } from '../context.ts'
import { afterCommit } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { enqueueRows } from './queries.ts'
export { createWorker, type Worker } from './worker.ts'
export { runDueJobs } from './run.ts'
export { announceSchedules, runSchedules } from './schedules.ts'
export type { JobSummary } from './queries.ts'

/** Order of service: what a person waits for goes first. */
export const LANES = ['trigger', 'transactional', 'bulk', 'background'] as const
export type Lane = (typeof LANES)[number]

/** A job that a worker holds for a while. */
export interface Lease {
  readonly jobId: string
  readonly attempt: number
  readonly owner: string
  /** True once the process drains: finish the present batch and return `later`. */
  readonly stopping: boolean
  /**
   * Proves inside the present transaction that the lease is still ours, and prolongs it. A worker that was stopped
   * for longer than its lease fails here, before its writes commit.
   * @throws jobs.lease_lost
   */
  fence(ctx: Ctx): Promise<void>
}

/** What a handler may answer: nothing when done, or when to be called again. */
export type JobOutcome = void | { again: Date }

/** A kind of job. Runs at least once and in any order: handlers are idempotent. */
export interface JobDefinition<P> {
  readonly kind: `${string}.${string}`
  readonly lane: Lane
  readonly payload: z.ZodType<P>
  /** After that many failures the job is set aside as dead, with its error. */
  readonly attemptsMax: number
  handle(ctx: Ctx, payload: P, lease: Lease): Promise<JobOutcome>
}

// A list of jobs holds payloads of many types; each handler parses its own before use.
export type AnyJob = JobDefinition<never>

/** Defines a kind of job. */
export function defineJob<P>(definition: JobDefinition<P>): JobDefinition<P> {
  return definition
}

/** A lease that somebody else has taken over meanwhile. Not a failure of the job. */
export class LeaseLost extends AppError {
  constructor(jobId: string) {
    super('jobs.lease_lost', 409, 'Another worker has taken this job over.', { detail: { jobId } })
  }
}

export interface EnqueueOptions {
  /** Two waiting jobs of one kind never share a key: the second is dropped. */
  key?: string
  dueAt?: Date
}

/** Asks for a job. Inside a transaction it exists only if the transaction commits. */
export async function enqueue<P>(
  ctx: Ctx,
  job: JobDefinition<P>,
  payload: P,
  options: EnqueueOptions = {},
): Promise<void> {
  await enqueueMany(ctx, job, [{ payload, ...options }])
}

/** Asks for several jobs of one kind in one statement. */
export async function enqueueMany<P>(
  ctx: Ctx,
  job: JobDefinition<P>,
  jobs: readonly ({ payload: P } & EnqueueOptions)[],
): Promise<void> {
  if (jobs.length === 0) return
  const now = ctx.now()
  await enqueueRows(
    ctx,
    job.kind,
    LANES.indexOf(job.lane),
    jobs.map((j) => ({ key: j.key ?? null, payload: JSON.stringify(j.payload), dueAt: j.dueAt ?? now })),
  )
  afterCommit(ctx, () => ctx.platform.hub.hint('work', ctx.orgId))
}

/** Something that recurs, once per installation or once per organization and period. */
export interface ScheduleDefinition {
  readonly name: `${string}.${string}`
  readonly everyMs: number
  /** True: `handle` is called with a ctx of each organization. False: once, with the system's. */
  readonly perOrganization: boolean
  handle(ctx: Ctx): Promise<void>
}

export function defineSchedule(definition: ScheduleDefinition): ScheduleDefinition {
  return definition
}
