/** What is seen and done while a campaign is sent: the desk, dead letters, and one person's “why not me?”. */
import { z } from 'zod'
import {
  BOUND_SCOPES,
  HELD_REASONS,
  RUN_STATES,
  timedChannel as channel,
  WHY_KINDS,
} from '../../delivery/schema.ts'
import { instant, pageOf, pageQuery, wireId } from '../../platform/wire.ts'

const actor = z.object({ kind: z.string(), id: z.string(), name: z.string().nullable() })

/** What may be done to a campaign while it is sent; the audit log has each as `campaign.` and this. */
export const DESK_ACTS = [
  'scheduled',
  'launched',
  'paused',
  'resumed',
  'cancelled',
  'limited',
  'budget_set',
  'sent_again',
  'again_paused',
  'again_resumed',
  'again_cancelled',
  'completed',
  'failed',
] as const

/** What somebody did to a campaign while it was sent. */
const act = z.object({
  action: z.enum(DESK_ACTS),
  at: instant,
  by: actor,
  /** Of `limited`: what holds since. */
  perMinute: z.number().nullable(),
  perHour: z.number().nullable(),
  /** Of `sent_again`: how many messages. */
  people: z.number().int().nullable(),
  /** Why, where it was not a person. */
  reason: z.string().nullable(),
})

const said = z.object({
  /** Empty for a mail server. */
  provider: z.string(),
  code: z.string(),
  words: z.string(),
  attempts: z.number().int(),
  at: instant,
})

const run = z.object({
  id: wireId('run'),
  state: z.enum(RUN_STATES),
  isResolved: z.boolean(),
  /** Messages over all channels. */
  audience: z.number().int(),
  waiting: z.number().int(),
  deferred: z.number().int(),
  cancelled: z.number().int(),
  perMinute: z.number().int().nullable(),
  /** What its limits allow a minute, the organization's included; null: any number. */
  limitPerMinute: z.number().nullable(),
  expectedFinishAt: instant.nullable(),
  /** The limit that decides when; null when none does. */
  finishBound: z.object({ scope: z.enum(BOUND_SCOPES), name: z.string() }).nullable(),
  startedAt: instant,
  firstHandoverAt: instant.nullable(),
  completedAt: instant.nullable(),
  failure: z.string().nullable(),
  channels: z.array(
    z.object({
      channel,
      audience: z.number().int(),
      handedOver: z.number().int(),
      skipped: z.number().int(),
      /** What keeps it from sending now, in a sentence. */
      trouble: z.string().nullable(),
      since: instant.nullable(),
      retryAt: instant.nullable(),
    }),
  ),
  /** People who wait for an hour at which they may be written to, soonest first. */
  held: z.array(
    z.object({
      until: instant,
      people: z.number().int(),
      reason: z.enum(HELD_REASONS),
      detail: z.string().nullable(),
    }),
  ),
  /** Messages that wait for another try, soonest first. */
  retries: z.array(
    z.object({
      kind: z.enum(['refused', 'unanswered', 'again']),
      channel,
      attempt: z.number().int(),
      people: z.number().int(),
      /** Null while the pass is under way that they will be the next of. */
      nextAt: instant.nullable(),
    }),
  ),
  /** What providers said, most often first. */
  refusals: z.array(
    z.object({
      channel,
      provider: z.string(),
      code: z.string(),
      words: z.string(),
      reason: z.string(),
      isFinal: z.boolean(),
      people: z.number().int(),
      lastAt: instant,
    }),
  ),
})

/** The desk of a campaign. Source: CS-009.4, CS-010.7, CS-011 */
const desk = z.object({
  /** Null before the first launch. */
  run: run.nullable(),
  limits: z.object({ perMinute: z.number().nullable(), perHour: z.number().nullable() }),
  canLimit: z.boolean(),
  canSendAgain: z.boolean(),
  /** What nobody tries any more, over all its runs, most people first. */
  deadLetters: z.array(
    z.object({
      channel,
      /** `unknown`: its provider never answered; it may have arrived. */
      state: z.enum(['failed', 'bounced', 'unknown']),
      reason: z.string(),
      people: z.number().int(),
    }),
  ),
  /** What waits to be sent again after its run has ended; null: nothing. While a run is under way, its pause stops that too. */
  again: z.object({ people: z.number().int(), pausedAt: instant.nullable() }).nullable(),
  /** Newest first. */
  acts: z.array(act),
})
export type Desk = z.output<typeof desk>

const deadLetter = z.object({
  runId: wireId('run'),
  contactId: wireId('contact'),
  channel,
  state: z.enum(['failed', 'bounced', 'unknown']),
  reason: z.string().nullable(),
  at: instant,
  /** All null when the person was erased since. */
  email: z.string().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  provider: z.string().nullable(),
  code: z.string().nullable(),
  words: z.string().nullable(),
  attempts: z.number().int(),
  /** Why it was not sent again although somebody asked for it. */
  withheldReason: z.string().nullable(),
  isWaitingAgain: z.boolean(),
})
export type DeadLetter = z.output<typeof deadLetter>

/** How one person stands. */
const why = z.object({
  /** Null before the first launch. */
  runId: wireId('run').nullable(),
  answers: z.array(
    z.object({
      /** Null where the answer holds for all channels. */
      channel: channel.nullable(),
      kind: z.enum([...WHY_KINDS, 'would_leave', 'would_not']),
      state: z.enum(['sent', 'delivered', 'bounced', 'failed', 'skipped', 'held_out', 'unknown']).nullable(),
      reason: z.string().nullable(),
      at: instant.nullable(),
      until: instant.nullable(),
      held: z.object({ reason: z.enum(HELD_REASONS), detail: z.string().nullable() }).nullable(),
      said: said.nullable(),
      withheldReason: z.string().nullable(),
      isWaitingAgain: z.boolean(),
      trouble: z.string().nullable(),
      /** When it would leave, in words; of a campaign that has not left. */
      sentence: z.string().nullable(),
    }),
  ),
})
export type Why = z.output<typeof why>

const idParams = z.object({ id: wireId('campaign') })

/** Routes of control. */
export const controlRoutes = {
  'GET /api/campaigns/:id/desk': {
    summary: 'The sending as it is watched: rate, finish, what is held, refused, tried again; who did what',
    params: idParams,
    ok: desk,
    permission: 'campaigns.read',
  },
  'GET /api/campaigns/:id/dead-letters': {
    summary: 'Messages that nobody tries any more, with the reason and the provider’s words',
    params: idParams,
    query: z.object({
      ...pageQuery,
      channel: channel.optional(),
      reason: z.string().max(80).optional(),
    }),
    ok: pageOf(deadLetter),
    permission: 'contacts.read',
  },
  'POST /api/campaigns/:id/send-again': {
    summary:
      'Try dead letters once more; consent, suppression, hours and limits are looked at anew. Those whose provider never answered may have arrived: they are sent again only where the reason outcome_unknown is named',
    params: idParams,
    body: z
      .object({
        channel: channel.nullable().default(null),
        reason: z.string().max(80).nullable().default(null),
        /** Absent: everybody whom channel and reason leave. */
        contactIds: z.array(wireId('contact')).min(1).max(1_000).nullable().default(null),
      })
      .prefault({}),
    ok: z.object({
      /** Messages that wait now and did not before. */
      people: z.number().int(),
    }),
    permission: 'campaigns.launch',
  },
  'POST /api/campaigns/:id/send-again/pause': {
    summary: 'Stop what is sent again of runs that have ended; what is under way completes',
    params: idParams,
    ok: desk,
    permission: 'campaigns.launch',
  },
  'POST /api/campaigns/:id/send-again/resume': {
    summary: 'Go on sending again',
    params: idParams,
    ok: desk,
    permission: 'campaigns.launch',
  },
  'POST /api/campaigns/:id/send-again/cancel': {
    summary: 'End what is sent again: whoever still waits keeps the answer that they had',
    params: idParams,
    ok: desk,
    permission: 'campaigns.launch',
  },
  'GET /api/campaigns/:id/people/:contactId/why': {
    summary: 'Why a person got a message of the campaign or not, channel by channel',
    params: idParams.extend({ contactId: wireId('contact') }),
    query: z.object({
      /** Absent: the latest. */
      runId: wireId('run').optional(),
    }),
    ok: why,
    permission: 'contacts.read',
  },
} as const
