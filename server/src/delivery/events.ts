/** What delivery tells rooms above. */
import { z } from 'zod'
import { defineEvent } from '../platform/events/index.ts'
import { outOfBudget, trip } from './schema.ts'

/** Every contact of a run's audience has an outcome. */
export const runCompleted = defineEvent(
  'run.completed',
  z.object({ audience: z.number().int(), counts: z.record(z.string(), z.number().int()) }),
)

/** A breaker stopped a run: too many of its messages, or of its sending domain's, bounced or were complained about. */
export const runTripped = defineEvent('run.tripped', trip)

/** The budget of its campaign pays for no further message: the run rests until it is raised. */
export const runOutOfBudget = defineEvent('run.out_of_budget', outOfBudget)

/** A run can reach nobody for a reason on our side, and has ended. */
export const runFailed = defineEvent('run.failed', z.object({ reason: z.string() }))
