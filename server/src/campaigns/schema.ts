/** What the room campaigns takes and gives. */
import { z } from 'zod'
import {
  figures as analyticsFigures,
  activity,
  conversionFilter,
  hourFigures,
  linkFigures,
  PEOPLE_OF,
  peoplePage,
  ATTRIBUTION_MODELS,
  TOUCH_KINDS,
} from '../analytics/schema.ts'
import {
  inAppSource,
  mailCheck,
  mailSource,
  smsSource,
  webhookSource,
  writtenWebhook,
  whatsappSource,
} from '../content/schema.ts'
import { BUDGET_OWNERS } from '../budgets/schema.ts'
import { campaignTiming, rateLimits, whenAnswer } from '../delivery/schema.ts'
import {
  experimentResults,
  experimentSettings,
  planResult,
  reportedMetrics,
  selfTest,
  VARIANT_IDS,
  variantHead,
} from '../experiments/schema.ts'
import { LOCALES } from '../platform/context.ts'
import { controlRoutes } from './control/schema.ts'
import { trigger, triggerRoutes } from './triggered/schema.ts'
import { commaList, day, defineRoutes, instant, pageOf, pageQuery, raw, wireId } from '../platform/wire.ts'
import { audienceSchema } from '../segments/schema.ts'
import { newPostLink, postLink, postLinkChange } from '../tracking/schema.ts'
import { TOPIC_KEY } from '../consent/schema.ts'

/** States of a campaign. Source: CB-1.4, design §2 */
export const CAMPAIGN_STATUSES = [
  'draft',
  'scheduled',
  'active',
  'running',
  'paused',
  'completed',
  'cancelled',
  'failed',
] as const
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number]

/** What a campaign is for. Source: CB-1.2 */
export const CAMPAIGN_TYPES = ['ppv', 'subscription', 'promotion', 'engagement', 'retention'] as const

/** How it leaves. Source: CS-001.1 */
export const DELIVERIES = ['scheduled', 'triggered'] as const

/** Channels that a campaign can use. Source: CS-002, CS-014.4 */
export const CHANNELS = ['email', 'sms', 'whatsapp', 'in_app', 'webhook'] as const
export type Channel = (typeof CHANNELS)[number]

/** What may be done to a campaign, besides looking. */
export const ACTIONS = [
  'edit',
  'schedule',
  'launch',
  'pause',
  'resume',
  'cancel',
  'archive',
  'unarchive',
  'delete',
  'restore',
  'duplicate',
] as const
export type CampaignAction = (typeof ACTIONS)[number]

const NAME_LENGTH_MAX = 200
const DESCRIPTION_LENGTH_MAX = 2_000
const GOALS_MAX = 10

const name = z
  .string()
  .trim()
  .min(1, 'Give the campaign a name.')
  .max(NAME_LENGTH_MAX, `At most ${NAME_LENGTH_MAX} characters.`)

/** A goal in the author's words, with the figure that would meet it. Source: CB-1.1 */
const goal = z.object({
  name: z.string().trim().min(1).max(120),
  target: z.number().nonnegative().nullable().default(null),
})

/** What it is about: the key of a topic of the preference centre; null: about anything. Source: CS-018.1 */
const topic = z.string().regex(TOPIC_KEY, 'Small letters, digits and hyphens, at most 40.').nullable()

const every = z.number().int().min(1, 'At least 1.').max(52, 'At most 52.').default(1)
const weekday = z.number().int().min(1).max(7)

/** How a plan repeats. Weekdays: 1 Monday … 7 Sunday. Source: CS-008.2 */
export const repeat = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('daily'), every }),
  z.object({
    kind: z.literal('weekly'),
    every,
    weekdays: z.array(weekday).min(1, 'Choose at least one day.').max(7),
  }),
  /** A day that a month lacks becomes its last. */
  z.object({ kind: z.literal('monthly'), every, day: z.number().int().min(1).max(31) }),
  z.object({
    kind: z.literal('monthly_weekday'),
    every,
    /** -1: the last. */
    nth: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(-1)]),
    weekday,
  }),
  /** Minute, hour, day of the month, month, weekday; at most 48 times a day. */
  z.object({ kind: z.literal('cron'), expression: z.string().trim().min(1).max(200) }),
])

/** When a campaign leaves: a wall time and its zone, resolved late. Source: CS-008, design §5 Time */
export const schedule = z.object({
  /** First day and time. A cron expression has times of its own, from this one on. */
  at: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, {
      error: 'Write a day and a time like 2026-11-27T09:00.',
      abort: true,
    })
    .refine(isDateTime, 'There is no such day or time.'),
  timeZone: z.string().min(1).max(64).refine(isTimeZone, 'Not a time zone. Use a name like Europe/Paris.'),
  /** Whose clock reads the time: `zone`, the one above; `recipient`, each recipient’s own. */
  clock: z.enum(['zone', 'recipient']).default('zone'),
  /** Null: once. */
  repeat: repeat.nullable().default(null),
  /** Last day on which it may run; null: without end. */
  endsOn: day.nullable().default(null),
  /** So long before each start its author gets a mail; null: none. */
  remindMinutes: z
    .number()
    .int()
    .min(5, 'At least five minutes.')
    .max(7 * 24 * 60, 'At most a week.')
    .nullable()
    .default(null),
})
export type Schedule = z.output<typeof schedule>
export type ScheduleInput = z.input<typeof schedule>

/** A plan that is being written; of a campaign that ran already, what has begun does not begin once more. */
const scheduleAsked = schedule.extend({ campaignId: wireId('campaign').optional() })
export type ScheduleAsked = z.output<typeof scheduleAsked>

/** A plan in words, with its next runs. */
const plannedRuns = z.object({
  sentence: z.string(),
  next: z.array(
    z.object({
      at: instant,
      /** The wall time that is planned, `2027-03-28T02:30`. */
      plannedFor: z.string(),
      text: z.string(),
      /** What a clock change makes of it, and when it begins where clocks show that time already. */
      note: z.string().nullable(),
    }),
  ),
})
export type PlannedRuns = z.output<typeof plannedRuns>

/** What became of one planned instant of a campaign that repeats. */
const occurrence = z.object({
  plannedAt: instant,
  plannedFor: z.string(),
  state: z.enum(['started', 'missed', 'paused']),
  runId: wireId('run').nullable(),
})

/** What is said on each channel; those that the campaign does not use keep their drafts. Source: CS-002 */
export const content = z.object({
  email: mailSource.prefault({}),
  sms: smsSource.prefault({}),
  whatsapp: whatsappSource.prefault({}),
  in_app: inAppSource.prefault({}),
  webhook: webhookSource.prefault({}),
})
export type Content = z.output<typeof content>

/** The parts of a campaign that its author writes. */
export const plan = z.object({
  name,
  description: z.string().max(DESCRIPTION_LENGTH_MAX).default(''),
  type: z.enum(CAMPAIGN_TYPES).default('promotion'),
  delivery: z.enum(DELIVERIES).default('scheduled'),
  channels: z.array(z.enum(CHANNELS)).min(1).max(CHANNELS.length).default(['email']),
  goals: z.array(goal).max(GOALS_MAX).default([]),
  startsOn: day.nullable().default(null),
  endsOn: day.nullable().default(null),
  /** In major units of the organization's currency. */
  budget: z.number().nonnegative().max(1e12).nullable().default(null),
  audience: audienceSchema.prefault({}),
  /** On all channels that may reach a person, or once, on the first that may. */
  reach: z.enum(['all', 'first']).default('all'),
  topic: topic.default(null),
  content: content.prefault({}),
  /** Its hours, limits and caps. */
  timing: campaignTiming.prefault({}),
  /** What sets it off, where its delivery is triggered; null until that is chosen. */
  trigger: trigger.nullable().default(null),
})
export type Plan = z.output<typeof plan>

/** Any subset of a plan, for edits. */
const planEdit = z.object({
  name: name.optional(),
  description: z.string().max(DESCRIPTION_LENGTH_MAX).optional(),
  type: z.enum(CAMPAIGN_TYPES).optional(),
  delivery: z.enum(DELIVERIES).optional(),
  channels: z.array(z.enum(CHANNELS)).min(1).max(CHANNELS.length).optional(),
  goals: z.array(goal).max(GOALS_MAX).optional(),
  startsOn: day.nullable().optional(),
  endsOn: day.nullable().optional(),
  budget: z.number().nonnegative().max(1e12).nullable().optional(),
  audience: audienceSchema.optional(),
  reach: z.enum(['all', 'first']).optional(),
  topic: topic.optional(),
  /** Channels that are left out stay as they are. */
  content: z
    .object({
      email: mailSource.optional(),
      sms: smsSource.optional(),
      whatsapp: whatsappSource.optional(),
      in_app: inAppSource.optional(),
      webhook: writtenWebhook.optional(),
    })
    .optional(),
  timing: campaignTiming.optional(),
  trigger: trigger.nullable().optional(),
})
export type PlanEdit = z.output<typeof planEdit>

const actor = z.object({ kind: z.string(), id: z.string(), name: z.string().nullable() })

/** Figures of a campaign over all its runs; rates are null where nothing was attempted. */
const figures = z.object({
  sent: z.number().int(),
  openRate: z.number().nullable(),
  clickRate: z.number().nullable(),
})

const summary = z.object({
  id: wireId('campaign'),
  name: z.string(),
  type: z.enum(CAMPAIGN_TYPES),
  delivery: z.enum(DELIVERIES),
  status: z.enum(CAMPAIGN_STATUSES),
  channels: z.array(z.enum(CHANNELS)),
  scheduledAt: instant.nullable(),
  launchedAt: instant.nullable(),
  completedAt: instant.nullable(),
  createdAt: instant,
  updatedAt: instant,
  deletedAt: instant.nullable(),
  archivedAt: instant.nullable(),
  figures,
})
export type CampaignSummary = z.output<typeof summary>

const campaign = summary.extend({
  description: z.string(),
  goals: z.array(goal),
  startsOn: day.nullable(),
  endsOn: day.nullable(),
  budget: z.number().nullable(),
  currency: z.string(),
  audience: audienceSchema,
  reach: z.enum(['all', 'first']),
  topic,
  content,
  timing: campaignTiming,
  trigger: trigger.nullable(),
  schedule: schedule.nullable(),
  /** Null without a plan. */
  planned: plannedRuns.nullable(),
  version: z.number().int(),
  pausedFrom: z.enum(CAMPAIGN_STATUSES).nullable(),
  statusAt: instant,
  /** Why it is paused when nobody paused it. */
  statusReason: z.string().nullable(),
  statusBy: actor,
  clonedFrom: wireId('campaign').nullable(),
  runId: wireId('run').nullable(),
  /** Why delivery does not go on at the moment, in a sentence; null when it does or need not. */
  trouble: z.string().nullable(),
  /** Did a breaker stop it? Then going on needs a reason. */
  isTripped: z.boolean(),
  /** Did a budget stop it? It goes on when that is raised. */
  isOutOfBudget: z.boolean(),
  /** Whose budget that was: its own, or that of the month of the organization or of a channel. */
  outOfBudgetOf: z.enum(BUDGET_OWNERS).nullable(),
  /** The highest share of its own budget that was passed: 75, 90 or 100 percent, and when that was seen. Source: CB-9.3 */
  budgetAlert: z.object({ percent: z.number().int(), at: instant }).nullable(),
  /** What the campaign's state allows; what the caller's role allows is another question. */
  allowed: z.array(z.enum(ACTIONS)),
})
export type Campaign = z.output<typeof campaign>

const withheld = z.array(z.object({ reason: z.string(), people: z.number().int() }))

/** How many of an audience would get a message, and why the others would not. Source: CS-003, FR-002.5 */
const estimate = z.object({
  matching: z.number().int(),
  recipients: z.number().int(),
  withheld,
  /** Per channel, in the campaign's order. */
  channels: z.array(z.object({ channel: z.enum(CHANNELS), recipients: z.number().int(), withheld })),
  /** Of the recipients: whom sending hours and frequency caps would keep from it, or from getting it at once. */
  hindered: z.array(
    z.object({
      channel: z.enum(CHANNELS),
      outcome: z.enum(['skipped', 'delayed']),
      reason: z.string(),
      people: z.number().int(),
      /** So far the truth may lie off, 19 times of 20; 0 when everybody was looked at. */
      margin: z.number().int(),
      /** When the last of them would get it; null when they get nothing. */
      until: instant.nullable(),
    }),
  ),
})

/** One thing to know or to put right before launch. */
const check = z.object({ ...mailCheck.shape, id: z.string(), field: z.string() })

const bestHours = z.object({
  /** Whose hours are known: of those who were active last, 20,000 at most. */
  people: z.number().int().nonnegative(),
  /** From so many people on an hour is proposed: a handful would decide by chance. */
  peopleMin: z.number().int(),
  /** How many of them have opened or clicked in each hour of their own day, from midnight on. */
  hours: z.array(z.number().int().nonnegative()).length(24),
  /** The hour in which more of them have than in any other. Null while too few people are known. */
  best: z
    .object({
      /** 0 to 23. */
      hour: z.number().int().min(0).max(23),
      /** When it is that hour next by the organization's clock, at least an hour from now; a wall time, like `2026-11-27T18:00`. */
      next: z.string(),
    })
    .nullable(),
})

const launchSummary = z.object({
  sentence: z.string(),
  estimate,
  checks: z.array(check),
  ready: z.boolean(),
  /** What the messages would cost at most, at present prices; null where they cost nothing, or nobody can know. */
  cost: z.object({ amount: z.number(), currency: z.string() }).nullable(),
  /** Empty when mail leaves; otherwise says that it stays in the built-in mailbox. */
  notice: z.string().nullable(),
})

const revision = z.object({ version: z.number().int(), savedAt: instant, savedBy: actor, name: z.string() })

/** Where the sending stands. Source: CS-010.7, CS-011 */
const sending = z.object({
  runId: wireId('run'),
  state: z.string(),
  /** False while people are still being added to the audience. */
  isResolved: z.boolean(),
  waiting: z.number().int(),
  deferred: z.number().int(),
  cancelled: z.number().int(),
  perMinute: z.number().int().nullable(),
  expectedFinishAt: instant.nullable(),
  startedAt: instant,
  firstHandoverAt: instant.nullable(),
  completedAt: instant.nullable(),
  trouble: z.string().nullable(),
  /** Per channel: how much waits is in the run; here what keeps it. */
  channels: z.array(
    z.object({
      channel: z.enum(CHANNELS),
      audience: z.number().int(),
      handedOver: z.number().int(),
      skipped: z.number().int(),
      trouble: z.string().nullable(),
    }),
  ),
})

/** The live report: the same before, during and after. Source: CS-011, CS-012 */
const report = z.object({
  campaignId: wireId('campaign'),
  name: z.string(),
  status: z.enum(CAMPAIGN_STATUSES),
  updatedAt: instant,
  /** Null before the first launch. */
  sending: sending.nullable(),
  figures: analyticsFigures,
  /** Apart for each channel that anything was counted of. Source: CS-012.1 */
  channels: z.array(z.object({ channel: z.enum(CHANNELS), figures: analyticsFigures })),
  /** Over time, as fine as it is readable; what the chart shows. */
  activity,
  hours: z.array(hourFigures),
  links: z.array(
    linkFigures.extend({
      /** Where the share truly lies, with 95 % confidence. No link is usual: another campaign's is another link. */
      interval: z.object({ low: z.number(), high: z.number() }).nullable(),
    }),
  ),
})
export type Report = z.output<typeof report>

/** What counts as a conversion of a campaign. Amounts in major units of the organization's currency. Source: CS-013 */
const conversionRule = z.object({
  /** How many days back a message may lie. Source: CS-013.2 */
  windowDays: z.number().int().min(1, 'At least 1 day.').max(30, 'At most 30 days.').default(7),
  touches: z.array(z.enum(TOUCH_KINDS)).min(1).max(TOUCH_KINDS.length).default(['clicked']),
  counts: z
    .array(
      z.object({
        /** A click or an engagement (a click or an open by a person) counts for its own message, once. */
        kind: z.enum(['purchase', 'subscription', 'event', 'click', 'engagement']),
        /** For kind `event`: its name, as it is sent. */
        event: z.string().trim().max(200).default(''),
        filters: z.array(conversionFilter).max(10).default([]),
        /** What one is worth when the event names no amount. */
        value: z.number().min(0).max(1e9).nullable().default(null),
      }),
    )
    .min(1, 'Say what counts.')
    .max(5, 'At most 5 kinds.')
    .refine(
      (counts) => counts.every(({ kind, event }) => kind !== 'event' || event !== ''),
      'Name the event.',
    ),
  /** By which model the campaign's money is read; null: as the organization reads it. Source: CB-10.2 */
  model: z.enum(ATTRIBUTION_MODELS).nullable().default(null),
})
export type ConversionRuleInput = z.output<typeof conversionRule>

/** What a variant says on some channels; the campaign's content stands for the others. Source: CS-005.2 */
export const abTestContent = z.object({
  email: mailSource.optional(),
  sms: smsSource.optional(),
  whatsapp: whatsappSource.optional(),
  in_app: inAppSource.optional(),
  webhook: webhookSource.optional(),
})

/** How a test is written. Sources: CB-5.1, CS-005, CS-007 */
export const abTestInput = z.object({
  name: z.string().trim().min(1).max(NAME_LENGTH_MAX).optional(),
  variants: z
    .array(
      z.object({
        name: z.string().trim().min(1).max(120).optional(),
        /** Of those who take part; equal shares when nobody says one. */
        percent: z.number().min(0).max(100).optional(),
        isControl: z.boolean().default(false),
        content: abTestContent.extend({ webhook: writtenWebhook.optional() }).nullable().optional(),
      }),
    )
    .min(2, 'A test compares at least two variants.')
    .max(VARIANT_IDS.length, `A test compares at most ${VARIANT_IDS.length} variants.`)
    .default([{ isControl: false }, { isControl: false }]),
  /** Shares by letter, in place of `percent`. */
  trafficSplit: z.partialRecord(z.enum(VARIANT_IDS), z.number().min(0).max(100)).optional(),
  settings: experimentSettings.prefault({}),
})
export type AbTestInput = z.output<typeof abTestInput>

/** A test as the composer has it. */
const abTest = z.object({
  testId: wireId('experiment'),
  campaignId: wireId('campaign'),
  name: z.string(),
  status: z.enum(['draft', 'running', 'completed', 'cancelled']),
  settings: experimentSettings,
  variants: z.array(variantHead.extend({ content: abTestContent.nullable() })),
})
export type AbTest = z.output<typeof abTest>

const idParams = z.object({ id: wireId('campaign') })
const testParams = z.object({ testId: wireId('experiment') })
const changed = { params: idParams, ok: campaign }

export type { DeadLetter, Desk, Why } from './control/schema.ts'

export const routes = defineRoutes({
  ...controlRoutes,
  ...triggerRoutes,
  'GET /api/campaigns': {
    summary: 'List campaigns, filtered, sorted, by pages',
    query: z.object({
      ...pageQuery,
      status: commaList(z.enum(CAMPAIGN_STATUSES)).optional(),
      /** A purpose (ppv, promotion…) or a delivery (scheduled, triggered): both words are in use. */
      type: commaList(z.enum([...CAMPAIGN_TYPES, ...DELIVERIES])).optional(),
      channel: commaList(z.enum(CHANNELS)).optional(),
      q: z.string().max(NAME_LENGTH_MAX).optional(),
      sort: z
        .enum(['createdAt', '-createdAt', 'scheduledAt', '-scheduledAt', 'name', '-name'])
        .default('-createdAt'),
      from: day.optional(),
      to: day.optional(),
      show: z.enum(['present', 'archived', 'deleted']).default('present'),
    }),
    ok: pageOf(summary),
    permission: 'campaigns.read',
  },
  'POST /api/campaigns': {
    summary: 'Create a draft',
    body: plan.extend({ content: content.extend({ webhook: writtenWebhook.prefault({}) }).prefault({}) }),
    ok: campaign,
    status: 201,
    permission: 'campaigns.write',
  },
  'GET /api/campaigns/:id': {
    summary: 'One campaign with its plan and state',
    ...changed,
    permission: 'campaigns.read',
  },
  'PUT /api/campaigns/:id': {
    summary: 'Edit the plan; with `version`, refused when somebody saved meanwhile',
    params: idParams,
    body: planEdit.extend({ version: z.number().int().optional() }),
    bodyBytesMax: 4 * 1024 * 1024,
    ok: campaign,
    permission: 'campaigns.write',
  },
  'DELETE /api/campaigns/:id': {
    summary: 'Delete, recoverable for 30 days',
    params: idParams,
    permission: 'campaigns.delete',
  },
  'POST /api/campaigns/:id/restore': {
    summary: 'Bring a deleted campaign back',
    ...changed,
    permission: 'campaigns.delete',
  },
  'POST /api/campaigns/:id/duplicate': {
    summary: 'Copy into a new draft, with changes',
    params: idParams,
    body: planEdit.prefault({}),
    ok: campaign,
    status: 201,
    permission: 'campaigns.write',
  },
  'POST /api/campaigns/:id/schedule': {
    summary: 'Plan the start at a wall time of a zone',
    ...changed,
    body: schedule,
    permission: 'campaigns.launch',
  },
  'POST /api/campaigns/schedule-preview': {
    summary: 'A plan in words, with the next five runs that come of it if it is saved now',
    body: scheduleAsked,
    ok: plannedRuns,
    permission: 'campaigns.read',
  },
  'PUT /api/campaigns/:id/limits': {
    summary: 'Set how fast this campaign leaves, also while it runs',
    params: idParams,
    body: rateLimits,
    ok: campaign,
    permission: 'campaigns.launch',
  },
  'PUT /api/campaigns/:id/budget': {
    summary: 'Set what this campaign may cost, also while it runs; one that its budget stopped goes on',
    params: idParams,
    body: z.object({ budget: z.number().nonnegative().max(1e12).nullable() }),
    ok: campaign,
    permission: 'campaigns.launch',
  },
  'POST /api/campaigns/:id/when': {
    summary: 'When this campaign’s message would leave for one contact, and why then',
    params: idParams,
    body: z.object({ contactId: wireId('contact'), channel: z.enum(CHANNELS).optional() }),
    ok: whenAnswer,
    permission: 'contacts.read',
  },
  'GET /api/campaigns/:id/occurrences': {
    summary: 'What became of the planned instants of a campaign that repeats, newest first',
    params: idParams,
    ok: z.object({ items: z.array(occurrence) }),
    permission: 'campaigns.read',
  },
  'POST /api/campaigns/:id/launch': {
    summary: 'Start now',
    ...changed,
    /** The version that was looked at: refused when another has been saved since. Without it whatever is saved leaves. */
    body: z.object({ version: z.number().int().optional() }).prefault({}),
    permission: 'campaigns.launch',
  },
  'POST /api/campaigns/:id/pause': {
    summary: 'Stop handing over; what is on its way completes',
    ...changed,
    permission: 'campaigns.launch',
  },
  'POST /api/campaigns/:id/resume': {
    summary: 'Go on where it stopped; one that a breaker stopped needs a reason, which is kept',
    ...changed,
    body: z.object({ reason: z.string().trim().min(1).max(500).optional() }).prefault({}),
    permission: 'campaigns.launch',
  },
  'POST /api/campaigns/:id/cancel': { summary: 'Stop for good', ...changed, permission: 'campaigns.launch' },
  'POST /api/campaigns/:id/archive': {
    summary: 'Move out of the list',
    ...changed,
    permission: 'campaigns.write',
  },
  'POST /api/campaigns/:id/unarchive': {
    summary: 'Move back into the list',
    ...changed,
    permission: 'campaigns.write',
  },
  'GET /api/campaigns/:id/launch-summary': {
    summary: 'What a launch would do, in a sentence, with checks',
    params: idParams,
    ok: launchSummary,
    permission: 'campaigns.read',
  },
  'GET /api/campaigns/:id/best-hours': {
    summary: 'In which hours of their own days people of the audience read, and the hour in which most did',
    params: idParams,
    ok: bestHours,
    permission: 'campaigns.read',
  },
  'POST /api/campaigns/estimate': {
    summary: 'How many of an audience would get a message, and why the others not',
    body: z.object({
      audience: audienceSchema,
      channels: z.array(z.enum(CHANNELS)).min(1).max(CHANNELS.length).default(['email']),
      reach: z.enum(['all', 'first']).default('all'),
      topic: topic.default(null),
      /** When it would leave: hours and frequency caps are asked for then. Now, unless said. */
      startsAt: instant.optional(),
    }),
    ok: estimate,
    permission: 'campaigns.read',
  },
  'GET /api/campaigns/:id/report': {
    summary:
      'The live report, of all of a campaign or of one run; as CSV, or as a tagged PDF in the caller’s language, when asked for',
    params: idParams,
    query: z
      .object({
        format: z.enum(['json', 'csv', 'pdf']).default('json'),
        locale: z.enum(LOCALES).optional(),
        runId: wireId('run').optional(),
      })
      .refine(({ format, runId }) => format === 'json' || runId === undefined, {
        path: ['runId'],
        error: 'Files are about the whole campaign. Leave the run out, or ask for JSON.',
      }),
    ok: report,
    files: ['text/csv', 'application/pdf'],
    permission: 'analytics.read',
  },
  'GET /api/campaigns/:id/metrics': {
    summary: 'The figures alone',
    params: idParams,
    ok: analyticsFigures,
    permission: 'analytics.read',
  },
  'GET /api/campaigns/:id/runs': {
    summary: 'The figures of each run of a campaign that repeats, the latest first',
    params: idParams,
    ok: z.object({
      items: z.array(z.object({ runId: wireId('run'), startedAt: instant, figures: analyticsFigures })),
    }),
    permission: 'analytics.read',
  },
  'GET /api/campaigns/:id/conversion-rule': {
    summary: 'What counts as a conversion of the campaign, and within how many days of which touch',
    params: idParams,
    ok: conversionRule.extend({ isUsual: z.boolean() }),
    permission: 'campaigns.read',
  },
  'PUT /api/campaigns/:id/conversion-rule': {
    summary: 'Says what counts; what has happened already is credited anew',
    params: idParams,
    body: conversionRule,
    ok: conversionRule.extend({ isUsual: z.boolean() }),
    permission: 'campaigns.write',
  },
  'GET /api/campaigns/:id/links': {
    summary: 'The tracked links of the campaign’s posts and pages, and how often each was followed',
    params: idParams,
    ok: z.object({ items: z.array(postLink) }),
    permission: 'campaigns.read',
  },
  'POST /api/campaigns/:id/links': {
    summary: 'Makes a tracked link for a post or page: the destination with UTM parameters, and a short one',
    params: idParams,
    body: newPostLink,
    ok: postLink,
    status: 201,
    permission: 'campaigns.write',
  },
  'PATCH /api/campaigns/:id/links/:linkId': {
    summary: 'Renames a tracked link, puts it away or takes it back; where it leads stays',
    params: idParams.extend({ linkId: wireId('post_link') }),
    body: postLinkChange,
    ok: postLink,
    permission: 'campaigns.write',
  },
  'GET /api/campaigns/:id/people': {
    summary: 'The people behind a number',
    params: idParams,
    query: z.object({
      ...pageQuery,
      of: z.enum(PEOPLE_OF),
      reason: z.string().max(80).optional(),
      channel: z.enum(CHANNELS).optional(),
      /** With `of=clicked`: those who followed this link. */
      link: z.coerce.number().int().min(1).max(32_767).optional(),
      /** Of one run. */
      runId: wireId('run').optional(),
    }),
    ok: peoplePage,
    permission: 'contacts.read',
  },
  'POST /api/campaigns/:id/ab-test': {
    summary: 'Set up a test of two to five variants, or replace one that has not begun',
    params: idParams,
    body: abTestInput,
    bodyBytesMax: 16 * 1024 * 1024,
    ok: abTest,
    status: 201,
    permission: 'campaigns.write',
  },
  'GET /api/campaigns/:id/ab-test': {
    summary: 'The test of a campaign, with the content of each variant; null when it has none',
    params: idParams,
    ok: z.object({ test: abTest.nullable() }),
    permission: 'campaigns.read',
  },
  'DELETE /api/campaigns/:id/ab-test': {
    summary: 'Take a test that has not begun away',
    params: idParams,
    permission: 'campaigns.write',
  },
  'GET /api/campaigns/:id/ab-test/plan': {
    summary: 'What the test could show with the people at hand, and how many would be needed',
    params: idParams,
    ok: planResult,
    permission: 'campaigns.read',
  },
  'POST /api/campaigns/ab-test/self-test': {
    summary: 'Try the rule on the people of the latest mailing, with labels that mean nothing',
    body: z.object({
      metric: z.enum(['open', 'click']).default('click'),
      confidence: z.union([z.literal(90), z.literal(95), z.literal(99)]).default(95),
    }),
    ok: selfTest,
    permission: 'analytics.read',
  },
  'POST /api/campaigns/ab-test/:testId/track': {
    summary: 'Add figures that others report for a variant; they are shown, never decided by',
    params: testParams,
    body: z.object({ variantId: z.enum(VARIANT_IDS), metrics: reportedMetrics }),
    ok: experimentResults,
    permission: 'campaigns.write',
  },
  'GET /api/campaigns/ab-test/:testId/results': {
    summary: 'Results of a test, with the winner when there is one',
    params: testParams,
    ok: experimentResults,
    permission: 'analytics.read',
  },
  'GET /api/campaigns/ab-test/:testId/results.csv': {
    summary: 'Results of a test as a file: one line per figure',
    params: testParams,
    ok: raw('text/csv; charset=utf-8'),
    permission: 'analytics.read',
  },
  'POST /api/campaigns/ab-test/:testId/apply-winner': {
    summary: 'Give the winner, or another variant for a stated reason, to everybody who is left',
    params: testParams,
    body: z
      .object({
        variantId: z.enum(VARIANT_IDS).nullable().default(null),
        reason: z.string().trim().max(500).nullable().default(null),
      })
      .prefault({}),
    ok: campaign,
    permission: 'campaigns.launch',
  },
  'GET /api/campaigns/:id/history': {
    summary: 'Saved versions, newest first',
    params: idParams,
    query: z.object(pageQuery),
    ok: pageOf(revision),
    permission: 'campaigns.read',
  },
  'POST /api/campaigns/:id/history/:version/restore': {
    summary: 'Make an earlier version the present plan',
    params: idParams.extend({ version: z.coerce.number().int().min(1) }),
    ok: campaign,
    permission: 'campaigns.write',
  },
})

function isDateTime(text: string): boolean {
  try {
    return Temporal.PlainDateTime.from(text).toString().startsWith(text)
  } catch {
    return false
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
