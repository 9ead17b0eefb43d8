/** The door of platform/jobs: defining work, asking for it inside a transaction, running it. */
export {
  LANES,
  LeaseLost,
  anyJob,
  defineJob,
  defineSchedule,
  defineWork,
  type AnyJob,
  type JobDefinition,
  type JobOutcome,
  type Lane,
  type Lease,
  type ScheduleDefinition,
  type WorkDefinition,
} from './definitions.ts'
export { enqueue, enqueueMany, hurry, type EnqueueOptions } from './enqueue.ts'
export { createWorker, type Worker } from './worker.ts'
export { runDueJobs } from './run.ts'
export { announceSchedules, runSchedules } from './schedules.ts'
