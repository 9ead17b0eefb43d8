/** What sending hours and a campaign's timing look like on the wire. */
import { z } from 'zod'
import type { ZoneSource } from '../../contacts/index.ts'
import { day, instant, wireId } from '../../platform/wire.ts'
import { PRIORITIES } from '../caps/frequency-caps.ts'
import { RECEIVER_GROUPS } from '../limits/receivers.ts'
import { USUAL_WARMUP, WARMUP_DAYS_MAX } from '../limits/warmup.ts'
import { DROP_REASONS } from './drop-reasons.ts'
import { HOURS_REASONS } from './hours.ts'
import { CONFLICTS, TIMED_CHANNELS } from './sending-hours.ts'
import { CLOCK_PATTERN } from './spans.ts'

const perMinute = z.number().int().min(1, 'At least one.').max(10_000_000).nullable().default(null)
const perHour = z.number().int().min(1, 'At least one.').max(100_000_000).nullable().default(null)

/** Messages a minute and an hour; null: no limit. Both hold; they leave evenly. Source: CS-010.1, CS-010.2, CS-010.5 */
export const rateLimits = z.object({ perMinute, perHour })

/** Providers, and receivers, that may have limits of their own. */
const LIMITED_MAX = 50
const RECEIVER_PATTERN = /^(?=.{4,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/

/** How fast an organization sends. Source: CS-010.6, FR-007.3 */
// Whoever misspells one would lift all of them: what is not known is refused.
export const sendingLimits = z.strictObject({
  organization: rateLimits.prefault({}),
  /** What campaigns keep that say nothing of their own. */
  campaign: rateLimits.prefault({}),
  channels: z
    .object({
      email: rateLimits.optional(),
      sms: rateLimits.optional(),
      whatsapp: rateLimits.optional(),
      in_app: rateLimits.optional(),
      webhook: rateLimits.optional(),
    })
    .prefault({}),
  /** What leaves over one provider. */
  providers: z
    .array(rateLimits.extend({ providerId: wireId('provider') }))
    .max(LIMITED_MAX, `At most ${LIMITED_MAX}.`)
    .default([]),
  /** Mails to one receiving domain such as `example.com`, or to a group such as `google`. */
  receivers: z
    .array(
      rateLimits.extend({
        receiver: z
          .string()
          .trim()
          .toLowerCase()
          .refine(
            (name) => name in RECEIVER_GROUPS || RECEIVER_PATTERN.test(name),
            'Enter a domain such as example.com.',
          ),
      }),
    )
    .max(LIMITED_MAX, `At most ${LIMITED_MAX}.`)
    .refine(
      (list) => new Set(list.map(({ receiver }) => receiver)).size === list.length,
      'Each receiver once.',
    )
    .default([]),
})

const sendingLimitsPage = z.object({ limits: sendingLimits, updatedAt: instant.nullable() })

/** How a sending domain is warmed up. */
const warmup = z.object({
  domain: z.string(),
  /** Messages of its first day, its second … */
  volumes: z.array(z.number().int()),
  startedOn: day,
  /** Null once the plan is over. */
  today: z.object({ step: z.number().int(), allowed: z.number().int(), taken: z.number().int() }).nullable(),
})

const clock = z.string().regex(CLOCK_PATTERN, 'Write a time like 21:00.')
const quietHours = z
  .object({
    from: clock,
    to: clock,
    /** 1 Monday … 7 Sunday, the days on which they begin; absent: every day. */
    weekdays: z.array(z.number().int().min(1).max(7)).min(1).max(7).optional(),
  })
  .refine(({ from, to }) => from !== to, 'They must end at another time than they begin.')

const channelHours = z.object({
  quiet: z.array(quietHours).max(7, 'At most seven.').default([]),
  keepsLegalHours: z.boolean().default(false),
  skipsWeekends: z.boolean().default(false),
  skipsHolidays: z.boolean().default(false),
})

const country = z.string().regex(/^[A-Z]{2}$/, 'Use a country code such as FR.')

/** An organization's sending hours. Source: CS-018.3, FR-004.7, MA-5.2 */
export const sendingHours = z.object({
  channels: z.object({
    email: channelHours,
    sms: channelHours,
    whatsapp: channelHours,
    in_app: channelHours,
    webhook: channelHours,
  }),
  us: z.enum(['federal', 'states']).default('states'),
  unknownZone: z.enum(['intersect', 'organization']).default('intersect'),
  conflict: z.enum(CONFLICTS).default('hold'),
  closedDays: z.array(day).max(400, 'At most 400 days.').default([]),
  ignoredHolidays: z.array(country).max(50).default([]),
})

const legalHours = z.object({
  place: z.string(),
  /** Hours of each day, Monday first, as `09:00–20:00`; empty on days on which nothing leaves. */
  week: z.array(z.array(z.object({ from: z.string(), to: z.string() }))),
  skipsHolidays: z.boolean(),
  basis: z.enum(['law', 'operators', 'practice', 'choice']),
  confidence: z.enum(['high', 'medium', 'low']),
  source: z.object({ en: z.string(), fr: z.string() }),
  reviewedOn: day,
})

/** The hours, and what they rest on. */
export const sendingHoursPage = z.object({
  hours: sendingHours,
  /** Null while the defaults hold. */
  updatedAt: instant.nullable(),
  legalHours: z.array(legalHours),
  /** Countries whose public holidays are known. */
  holidayCountries: z.array(z.object({ country, source: z.string(), reviewedOn: day })),
})

/** Public holidays of a country. */
export const holidayYear = z.object({
  country,
  year: z.number().int(),
  source: z.string().nullable(),
  days: z.array(z.object({ on: day, name: z.string() })),
})

/** What a campaign says of its hours and limits; null: as the organization. Source: CS-010, FR-007 */
export const campaignTiming = z.object({
  /** Hours of the day in which it leaves, by each contact's clock; may run over midnight. */
  window: z
    .object({ from: clock, to: clock })
    .refine(({ from, to }) => from !== to, 'It must end at another time than it begins.')
    .nullable()
    .default(null),
  skipsWeekends: z.boolean().nullable().default(null),
  /** Public holidays of each contact’s country. What law and operators forbid on them stays forbidden. */
  skipsHolidays: z.boolean().nullable().default(null),
  conflict: z.enum(CONFLICTS).nullable().default(null),
  coversTransactional: z.boolean().default(false),
  /** So long after its planned start its messages are of no use any more; null: they always are. */
  usefulHours: z
    .number()
    .int()
    .min(1, 'At least one hour.')
    .max(24 * 60, 'At most 60 days.')
    .nullable()
    .default(null),
  perMinute,
  perHour,
  /** Whose message a person gets when frequency caps leave room for one. */
  priority: z.enum(PRIORITIES).default('normal'),
})
export type CampaignTiming = z.output<typeof campaignTiming>

export const hindrance = z.object({
  reason: z.enum(HOURS_REASONS),
  /** A holiday's name, or the place whose hours they are. */
  detail: z.string().nullable(),
  zone: z.string(),
  on: day,
})

/** When a message to one contact would leave, and why then. */
export const whenAnswer = z.object({
  /** Null when it would be dropped. */
  leavesAt: instant.nullable(),
  dropped: z.enum(DROP_REASONS).nullable(),
  because: z.array(hindrance),
  zones: z.array(z.string()),
  zoneFrom: z.enum([
    'own',
    'events',
    'country',
    'phone',
    'organization',
  ] as const satisfies readonly ZoneSource[]),
  countries: z.array(z.string()),
  region: z.string().nullable(),
  /** In words, in the caller's language. */
  sentence: z.string(),
})
export type WhenAnswer = z.output<typeof whenAnswer>

export const timedChannel = z.enum(TIMED_CHANNELS)

/** Routes of sending hours. */
export const hoursRoutes = {
  'GET /api/sending/hours': {
    summary: 'When messages may leave: quiet hours, legal hours with their sources, weekends, holidays',
    ok: sendingHoursPage,
    permission: 'delivery.read',
  },
  'PUT /api/sending/hours': {
    summary: 'Set when messages may leave; loosening legal hours needs a reason, which is kept',
    body: sendingHours.extend({ reason: z.string().trim().max(500).optional() }),
    ok: sendingHoursPage,
    permission: 'delivery.write',
  },
  'GET /api/sending/limits': {
    summary: 'How fast messages may leave',
    ok: sendingLimitsPage,
    permission: 'delivery.read',
  },
  'PUT /api/sending/limits': {
    summary: 'Set how fast messages may leave; what is under way keeps it at once',
    body: sendingLimits,
    ok: sendingLimitsPage,
    permission: 'delivery.write',
  },
  'GET /api/sending/warmups': {
    summary: 'Sending domains that are warmed up, with the allowance of today',
    ok: z.object({ items: z.array(warmup), usualVolumes: z.array(z.number().int()) }),
    permission: 'delivery.read',
  },
  'PUT /api/sending/domains/:id/warmup': {
    summary: 'Warm a sending domain up: so many messages on its first day, its second …',
    params: z.object({ id: wireId('sending_domain') }),
    body: z.object({
      volumes: z
        .array(z.number().int().min(1, 'At least one.').max(10_000_000))
        .min(1, 'Say how many messages leave on the first day.')
        .max(WARMUP_DAYS_MAX, `At most ${WARMUP_DAYS_MAX} days.`)
        .default([...USUAL_WARMUP]),
    }),
    ok: warmup,
    permission: 'delivery.write',
  },
  'DELETE /api/sending/domains/:id/warmup': {
    summary: 'End the warm-up of a sending domain: it sends without a limit of its own',
    params: z.object({ id: wireId('sending_domain') }),
    permission: 'delivery.write',
  },
  'GET /api/sending/holidays': {
    summary: 'Public holidays of a country in a year',
    query: z.object({ country, year: z.coerce.number().int().min(2000).max(2100) }),
    ok: holidayYear,
    permission: 'delivery.read',
  },
  'POST /api/sending/when': {
    summary: 'When a message to one contact would leave, and why then',
    body: z.object({
      contactId: wireId('contact'),
      channel: timedChannel,
      purpose: z.enum(['marketing', 'transactional']).default('marketing'),
      /** When it is due; absent: now. */
      at: instant.optional(),
      timing: campaignTiming.prefault({}),
    }),
    ok: whenAnswer,
    permission: 'contacts.read',
  },
} as const
