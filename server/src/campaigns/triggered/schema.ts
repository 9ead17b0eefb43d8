/** What a campaign says of the event that sets it off, and what is shown of those whom it set off. Source: CS-004 */
import { z } from 'zod'
import { instant, wireId } from '../../platform/wire.ts'
import { audienceSchema, eventSchema } from '../../segments/schema.ts'

/** How often one person may set a campaign off: once in this time, or once ever. Source: CS-004.5 */
export const TRIGGER_LIMITS = ['1h', '24h', '7d', '30d', 'ever'] as const

/** Units of a delay, in minutes. Exact: a day is 24 hours, also when clocks change. */
export const DELAY_UNITS = { minutes: 1, hours: 60, days: 24 * 60 } as const
/** Longest delay. Source: CS-004.3, FR-004.4 */
export const DELAY_DAYS_MAX = 30
const DELAY_MINUTES_MAX = DELAY_DAYS_MAX * DELAY_UNITS.days

/** What sets a campaign off. Source: CS-004.1, CS-004.2 */
const source = z.discriminatedUnion('kind', [
  /** An event of the dictionary, with conditions on its properties. */
  eventSchema.extend({ kind: z.literal('event') }),
  /** Coming to be in a segment whose members are kept up to date. */
  z.strictObject({ kind: z.literal('segment'), segmentId: wireId('segment') }),
])

/** What sets a campaign off, how much later its message leaves, and how often one person may. Source: CS-004 */
export const trigger = z.strictObject({
  source,
  delay: z
    .strictObject({
      count: z.int('Give a whole number.').min(0, 'Give 0 or more.').max(DELAY_MINUTES_MAX),
      unit: z.enum(['minutes', 'hours', 'days']),
    })
    .refine(
      ({ count, unit }) => count * DELAY_UNITS[unit] <= DELAY_MINUTES_MAX,
      `At most ${DELAY_DAYS_MAX} days.`,
    )
    .default({ count: 0, unit: 'minutes' }),
  limit: z.enum(TRIGGER_LIMITS).default('24h'),
})
export type Trigger = z.output<typeof trigger>

/** Where those stand whom events have set the campaign off for. */
const triggerStatus = z.object({
  /** The trigger in words; null while none is chosen. */
  sentence: z.string().nullable(),
  /** Since when events set it off; null before it is switched on. */
  armedAt: instant.nullable(),
  enrolled: z.number().int(),
  /** Of those, whose delay has not passed. */
  waiting: z.number().int(),
  /** Of those, who went on to delivery: what became of them is in the report. */
  handedOver: z.number().int(),
  /** Of those, who got nothing, by reason. */
  skipped: z.array(z.object({ reason: z.string(), people: z.number().int() })),
  /** Events that matched and set nothing off, by reason. */
  passedOver: z.array(z.object({ reason: z.string(), events: z.number().int() })),
  nextDueAt: instant.nullable(),
})
export type TriggerStatus = z.output<typeof triggerStatus>

/** What a trigger would have done lately. */
const triggerTest = z.object({
  sentence: z.string(),
  days: z.number().int(),
  /** Events of this kind that were looked at: the newest. */
  looked: z.number().int(),
  /** True when there were more than are looked at. */
  isPartial: z.boolean(),
  matched: z.number().int(),
  /** Messages that it would have meant to send. */
  enrolled: z.number().int(),
  passedOver: z.array(z.object({ reason: z.string(), events: z.number().int() })),
  /** Some of the people, newest first. */
  people: z.array(z.object({ contactId: wireId('contact'), name: z.string(), at: instant, dueAt: instant })),
})
export type TriggerTest = z.output<typeof triggerTest>

/** Routes about what sets a campaign off. */
export const triggerRoutes = {
  'GET /api/campaigns/:id/trigger': {
    summary: 'What sets a campaign off, and where those stand for whom something did',
    params: z.object({ id: wireId('campaign') }),
    ok: triggerStatus,
    permission: 'campaigns.read',
  },
  'POST /api/campaigns/trigger-test': {
    summary: 'What a trigger would have done in the last seven days: how many events, for whom',
    body: z.object({ trigger, audience: audienceSchema.prefault({}) }),
    ok: triggerTest,
    permission: 'contacts.read',
  },
} as const
