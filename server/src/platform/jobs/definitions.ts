/** What a room writes to define its work: jobs, leases, schedules. */
import type { z } from 'zod'
import type { Ctx } from '../context.ts'
import { AppError } from '../errors.ts'

/** Order of service: what a person waits for goes first. */
export const LANES = ['trigger', 'transactional', 'bulk', 'background'] as const
export type Lane = (typeof LANES)[number]

/** A job that a worker holds for a while. */
export interface Lease {
  readonly jobId: string
  readonly attempt: number
  /** True once the process drains: finish the present batch and return `later`. */
  readonly stopping: boolean
  /**
   * Proves inside the present transaction that the lease is still ours, and that half of it is left at least. A worker
   * that was stopped for longer than its lease fails here, before its writes commit.
   * @throws jobs.lease_lost
   */
  fence(ctx: Ctx): Promise<void>
  /**
   * Gives the job's key free while it runs: from here on the same work may be asked for again. For jobs that take
   * everything that waits: whoever comes after the last look is then sure of another job.
   */
  releaseKey(ctx: Ctx): Promise<void>
}

/** What a handler may answer: nothing when done, or when to be called again. */
export type JobOutcome = void | { again: Date }

/** A kind of work as those who ask for it know it: what it is called, how urgent it is, what it needs to know. */
export interface WorkDefinition<P> {
  readonly kind: `${string}.${string}`
  readonly lane: Lane
  readonly payload: z.ZodType<P>
  /** After that many failures the job is set aside as dead, with its error. */
  readonly attemptsMax: number
  /** What shares an organization's turn with others of its lane, such as a run; absent: all of the lane. */
  readonly part?: (payload: P) => string
}

/** A kind of job with its handler. Runs at least once and in any order: handlers are idempotent. */
export interface JobDefinition<P> extends WorkDefinition<P> {
  handle(ctx: Ctx, payload: P, lease: Lease): Promise<JobOutcome>
}

// A list of jobs holds payloads of many types; each handler parses its own before use.
export type AnyJob = JobDefinition<never>

/** A job definition as a room's list holds it. */
export function anyJob<P>(job: JobDefinition<P>): AnyJob {
  return job as unknown as AnyJob // the engine parses each payload with the job's own schema before the call
}

/** Defines work apart from its handler, for verbs that ask for a job which calls verbs in turn. */
export function defineWork<P>(definition: WorkDefinition<P>): WorkDefinition<P> {
  return definition
}

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
