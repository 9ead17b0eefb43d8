/**
 * The worker's loops: slots that claim and run jobs fairly over organizations, readers of the event log, and
 * schedules. Every loop sleeps until a hint or its poll, whichever comes first.
 */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { every, type Timer } from '../clock.ts'
import { whenReachable } from '../db/index.ts'
import { advanceConsumer, readersBehind, type ConsumerDefinition } from '../events/index.ts'
import type { Platform } from '../platform.ts'
import { LANES, type AnyJob, type ScheduleDefinition } from './definitions.ts'
import { createDueList, type DueList } from './due-list.ts'
import { duePairs, type ClaimedJob } from './queries.ts'
import { claimJobs, runJob } from './run.ts'
import { announceSchedules, runSchedules } from './schedules.ts'
import { createSignal, type Signal } from './signal.ts'
import { createTurns } from './turns.ts'

/** How often due work is looked for when no hint comes. */
const POLL_MS = 250
/** So long one reading of what is due serves the claims of all slots. */
const DUE_FRESH_MS = 100
const SCHEDULE_POLL_MS = 500
/** Schedules that come round so often have a loop each: what people see moving waits for no nightly task. */
const OWN_LOOP_MS_MAX = 5_000
const OWN_LOOP_POLL_MS = 200
/** Lanes that people wait for. */
const URGENT_LANES = (['trigger', 'transactional'] as const).map((lane) => LANES.indexOf(lane))

export interface WorkerOptions {
  jobs: readonly AnyJob[]
  consumers: readonly ConsumerDefinition[]
  schedules: readonly ScheduleDefinition[]
  slots: number
}

export interface Worker {
  /** Stops claiming, lets running jobs end, up to `graceMs`. @returns false when some were still running */
  drain(graceMs: number): Promise<boolean>
}

/** Starts the loops of a worker process. */
export async function createWorker(platform: Platform, options: WorkerOptions): Promise<Worker> {
  await whenReachable(platform.log, () => announceSchedules(platform, options.schedules))
  const owner = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`
  const jobs = new Map(options.jobs.map((job) => [job.kind as string, job]))
  const turns = createTurns()
  let stopping = false
  const running = new Set<Promise<void>>()
  const workSignal = createSignal()
  // One for each reader: a ring that wakes the one is not lost for the other.
  const [urgentSignal, logSignal] = [createSignal(), createSignal()]
  const unsubscribe = [
    platform.hub.onHint('work', () => workSignal.raise()),
    platform.hub.onHint('log', () => {
      urgentSignal.raise()
      logSignal.raise()
    }),
  ]

  const dueIn = (freshMs: number, lanes?: readonly number[]): DueList =>
    createDueList(() => duePairs(platform.database, platform.clock.now(), lanes), turns, freshMs)
  // Whoever asks for urgent work asks each time: it is a short list, and a message may have come this moment.
  const [urgentWork, allWork] = [dueIn(0, URGENT_LANES), dueIn(DUE_FRESH_MS)]

  const slotLoop = async (work: DueList): Promise<void> => {
    while (!stopping) {
      const claimed = await claimNext(work)
      if (claimed.length === 0) await workSignal.wait(POLL_MS)
      for (const job of claimed) await track(runJob(platform, jobs, job, () => stopping))
    }
  }
  const claimNext = async (work: DueList): Promise<ClaimedJob[]> => {
    try {
      return await work.claim((due) => claimJobs(platform, due, owner, 1))
    } catch (error) {
      platform.log.warn({ error }, 'work could not be claimed; trying again')
      return []
    }
  }
  const consumerLoop = async (consumers: readonly ConsumerDefinition[], signal: Signal): Promise<void> => {
    while (!stopping) {
      const moved = await readLog(platform, consumers, () => stopping)
      if (!moved) await signal.wait(POLL_MS)
    }
  }
  const track = async (work: Promise<void>): Promise<void> => {
    running.add(work)
    await work
    running.delete(work)
  }

  // One slot serves only what people wait for, so that a bulk campaign never makes a triggered message queue.
  const loops = [
    slotLoop(urgentWork),
    ...Array.from({ length: options.slots }, () => slotLoop(allWork)),
    // Figures and segments may take their time over a batch; what an event sets off does not wait for them.
    consumerLoop(
      options.consumers.filter(({ isUrgent = false }) => isUrgent),
      urgentSignal,
    ),
    consumerLoop(
      options.consumers.filter(({ isUrgent = false }) => !isUrgent),
      logSignal,
    ),
  ]
  const scheduleLoop = (pollMs: number, schedules: readonly ScheduleDefinition[]): Timer =>
    every(pollMs, () => track(runSchedules(platform, schedules, owner)))
  const [frequent, others] = [
    options.schedules.filter(({ everyMs }) => everyMs <= OWN_LOOP_MS_MAX),
    options.schedules.filter(({ everyMs }) => everyMs > OWN_LOOP_MS_MAX),
  ]
  const timers: Timer[] = [
    ...frequent.map((schedule) => scheduleLoop(OWN_LOOP_POLL_MS, [schedule])),
    scheduleLoop(SCHEDULE_POLL_MS, others),
  ]

  return {
    drain: async (graceMs) => {
      stopping = true
      for (const timer of timers) timer.stop()
      for (const stop of unsubscribe) stop()
      workSignal.raise()
      urgentSignal.raise()
      logSignal.raise()
      return withinGrace(Promise.all([...loops, ...running]), graceMs)
    },
  }
}

/** Reads on for every organization and consumer that lags. @returns true when something moved */
async function readLog(
  platform: Platform,
  consumers: readonly ConsumerDefinition[],
  isStopping: () => boolean,
): Promise<boolean> {
  let moved = false
  try {
    for (const { orgId, consumer } of await readersBehind(platform, consumers)) {
      const { name } = consumer
      try {
        while (
          !isStopping() &&
          (await advanceConsumer(platform.systemCtx(orgId, `consumer-${name}`), consumer))
        )
          moved = true
      } catch (error) {
        platform.log.error(
          { error, consumer: name, orgId },
          'a consumer of the event log failed; it will try the same events again',
        )
      }
    }
  } catch (error) {
    platform.log.warn({ error }, 'the event log could not be read; trying again')
  }
  return moved
}

async function withinGrace(work: Promise<unknown>, graceMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), graceMs)
  })
  const ended = await Promise.race([work.then(() => true as const), late])
  clearTimeout(timer)
  return ended
}
