/** What delivery tells rooms above. */
import { z } from 'zod'
import { defineEvent } from '../platform/events/index.ts'

/** Every contact of a run's audience has an outcome. */
export const runCompleted = defineEvent(
  'run.completed',
  z.object({ audience: z.number().int(), counts: z.record(z.string(), z.number().int()) }),
)

/** A breaker stopped a run: too many of its messages, or of its sending domain's, bounced or were complained about. */
export const runTripped = defineEvent(
  'run.tripped',
  z.object({
    kind: z.enum(['bounces', 'complaints']),
    part: z.number().int(),
    whole: z.number().int(),
    limitBps: z.number().int(),
    scope: z.enum(['run', 'domain']),
    channel: z.enum(['email', 'sms', 'whatsapp', 'in_app', 'webhook']),
    domain: z.string().nullable(),
    at: z.string(),
  }),
)

/** A run can reach nobody for a reason on our side, and has ended. */
export const runFailed = defineEvent('run.failed', z.object({ reason: z.string() }))
