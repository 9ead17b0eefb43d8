/** What the platform does for itself, again and again. The worker runs these beside the rooms' schedules. */
import { writeCheckpoint } from './audit/index.ts'
import { makePartitions } from './db/index.ts'
import { purgeIdempotencyKeys } from './http/idempotency.ts'
import { defineSchedule, type ScheduleDefinition } from './jobs/index.ts'
import { purgeEnded } from './jobs/queries.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Ended work is kept for a look back; given-up work stays until somebody has looked at it. */
const ENDED_WORK_KEPT_MS = 7 * DAY_MS

const purgeEndedWork = defineSchedule({
  name: 'platform.purge_ended_work',
  everyMs: HOUR_MS,
  perOrganization: true,
  handle: async (ctx) => {
    await purgeEnded(ctx, new Date(ctx.now().getTime() - ENDED_WORK_KEPT_MS))
  },
})

const checkpointAudit = defineSchedule({
  name: 'platform.checkpoint_audit',
  everyMs: HOUR_MS,
  perOrganization: true,
  handle: writeCheckpoint,
})

/** Partitions are made a quarter ahead; the supervisor makes the first ones before anything is written. */
const keepPartitionsAhead = defineSchedule({
  name: 'platform.make_partitions',
  everyMs: DAY_MS,
  perOrganization: false,
  handle: (ctx) => makePartitions(ctx.platform.database.connection, ctx.now(), ctx.platform.log),
})

/** The platform's own schedules. */
export const chores: readonly ScheduleDefinition[] = [
  purgeIdempotencyKeys,
  purgeEndedWork,
  checkpointAudit,
  keepPartitionsAhead,
]
