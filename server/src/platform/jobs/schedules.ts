/** Schedules: a row each, due at its next period. Booking that period is the lock: any number of workers run it once. */
import { SYSTEM_ORG, type OrgId } from '../ids.ts'
import type { Platform } from '../platform.ts'
import type { ScheduleDefinition } from './definitions.ts'
import { bookSchedule, dueSchedules, openSchedules } from './schedule-queries.ts'

/** Runs the schedules whose period has begun; never throws. */
export async function runSchedules(
  platform: Platform,
  schedules: readonly ScheduleDefinition[],
  owner: string,
): Promise<void> {
  const byName = new Map<string, ScheduleDefinition>(schedules.map((schedule) => [schedule.name, schedule]))
  try {
    const now = platform.clock.now()
    for (const name of await dueSchedules(platform.database, now)) {
      const schedule = byName.get(name)
      if (!schedule) continue
      // Booked before the work: a crash skips one turn of a periodic task instead of repeating it at once.
      const nextAt = new Date(now.getTime() + schedule.everyMs)
      if (await bookSchedule(platform.database, name, now, nextAt, owner))
        await runSchedule(platform, schedule)
    }
  } catch (error) {
    platform.log.warn({ error }, 'schedules could not be read; trying again')
  }
}

/** Makes a worker's schedules known to the installation. */
export function announceSchedules(
  platform: Platform,
  schedules: readonly ScheduleDefinition[],
): Promise<unknown> {
  return openSchedules(
    platform.database,
    schedules.map((schedule) => schedule.name),
    platform.clock.now(),
  )
}

/** Runs one schedule now, for each organization or once. Failures are logged; the next period tries again. */
export async function runSchedule(platform: Platform, schedule: ScheduleDefinition): Promise<void> {
  const organizations: OrgId[] = schedule.perOrganization ? await platform.organizations() : [SYSTEM_ORG]
  for (const orgId of organizations) {
    const ctx = platform.systemCtx(orgId, `schedule-${schedule.name}`)
    await schedule
      .handle(ctx)
      .catch((error: unknown) =>
        ctx.log.error({ error, schedule: schedule.name }, 'a schedule failed; its next period tries again'),
      )
  }
}
