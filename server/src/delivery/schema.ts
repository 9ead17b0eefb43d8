/** What delivery takes and gives on the wire: runs, the built-in mailbox, the settings that mail is sent with. */
import { z } from 'zod'
import { BUDGET_OWNERS } from '../budgets/schema.ts'
import { SEND_CHANNELS, TOPIC_KEY } from '../consent/schema.ts'
import { messageSource } from '../content/schema.ts'
import { channelRoutes } from './providers/schema.ts'
import { HELD_REASONS } from './runs/held-reasons.ts'
import { BOUND_SCOPES, RUN_STATES } from './runs/run-words.ts'
import { DMARC_ADVICE } from './sending/dmarc-advice.ts'
import { hoursRoutes } from './timing/schema.ts'
import { capRoutes } from './caps/schema.ts'
import { defineRoutes, instant, pageOf, pageQuery, raw, wireId } from '../platform/wire.ts'

export {
  PROVIDER_CHANNELS,
  PROVIDER_KINDS,
  type ProviderChannel,
  type ProviderField,
  type ProviderKind,
} from './providers/kinds.ts'
export { HELD_REASONS } from './runs/held-reasons.ts'
export { BOUND_SCOPES, RUN_STATES, WHY_KINDS } from './runs/run-words.ts'
export { provider, inboundMessage, smsMeasure } from './providers/schema.ts'

const trouble = z.object({
  /** `unreachable`, `tls`, `auth`, `rejected`, `sender_refused`, `settings`, `rate_limited` or `slow_content`: always about us or the server, never about a contact. */
  kind: z.enum([
    'unreachable',
    'tls',
    'auth',
    'rejected',
    'sender_refused',
    'settings',
    'rate_limited',
    'slow_content',
  ]),
  /** In the server's own words. */
  text: z.string(),
})

const troubleNow = trouble.extend({
  since: z.iso.datetime(),
  retryAt: z.iso.datetime(),
  times: z.number().int(),
})

const heldPeople = z.object({
  until: instant,
  people: z.number().int(),
  reason: z.enum(HELD_REASONS),
  detail: z.string().nullable(),
})

/** What a breaker found: so many of so many bounced or were complained about. */
export const trip = z.object({
  kind: z.enum(['bounces', 'complaints']),
  part: z.number().int(),
  whole: z.number().int(),
  limitBps: z.number().int(),
  /** `domain`: of everything that the sending domain sent within a day. */
  scope: z.enum(['run', 'domain']),
  channel: z.enum(SEND_CHANNELS),
  domain: z.string().nullable(),
  at: z.iso.datetime(),
})

/** How a budget stopped a run; money in millionths. */
export const outOfBudget = z.object({
  /** Whose it is: the campaign’s own, or that of the month of the organization or of a channel. */
  scope: z.enum(BUDGET_OWNERS).default('campaign'),
  currency: z.string(),
  limitMicros: z.number(),
  usedMicros: z.number(),
  /** What a message would have cost. */
  priceMicros: z.number(),
  channel: z.enum(SEND_CHANNELS),
  at: z.iso.datetime(),
})

/** Where a run stands. `audience = sum of counts + waiting + cancelled` at every look. */
export const runProgressSchema = z.object({
  id: wireId('run'),
  campaignId: wireId('campaign'),
  state: z.enum(RUN_STATES),
  isResolved: z.boolean(),
  audience: z.number().int(),
  counts: z.record(z.string(), z.number().int()),
  /** The same apart for each channel, in the campaign's order. */
  channels: z.array(
    z.object({
      channel: z.enum(SEND_CHANNELS),
      audience: z.number().int(),
      counts: z.record(z.string(), z.number().int()),
      trouble: troubleNow.nullable(),
    }),
  ),
  waiting: z.number().int(),
  deferred: z.number().int(),
  /** People who wait for an hour at which they may be written to. */
  held: z.array(heldPeople),
  cancelled: z.number().int(),
  perMinute: z.number().int().nullable(),
  /** How many a minute its limits allow; null: any number. */
  limitPerMinute: z.number().nullable(),
  expectedFinishAt: instant.nullable(),
  /** The limit that decides when; null when none does. */
  finishBound: z.object({ scope: z.enum(BOUND_SCOPES), name: z.string() }).nullable(),
  startedAt: instant,
  firstHandoverAt: instant.nullable(),
  completedAt: instant.nullable(),
  pausedAt: instant.nullable(),
  pausedBy: z.string().nullable(),
  /** Of the first channel that has any. */
  trouble: troubleNow.nullable(),
  failure: z.string().nullable(),
  /** Why a breaker stopped it; null when none did. */
  tripped: trip.nullable(),
})

const mailboxEntry = z.object({
  id: wireId('mailbox_message'),
  receivedAt: instant,
  sender: z.string(),
  recipient: z.string(),
  subject: z.string(),
  bytes: z.number().int(),
  /** Null for tests and notices. */
  runId: wireId('run').nullable(),
  contactId: wireId('contact').nullable(),
})

const mailboxMessage = mailboxEntry.extend({
  from: z.string(),
  to: z.string(),
  messageId: z.string(),
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  html: z.string().nullable(),
  text: z.string().nullable(),
  links: z.array(z.string()),
  /** As it arrived; the beginning of it when it is long. */
  source: z.string(),
})

/** Where mail goes. */
const outlet = z.object({
  /**
   * `provider`: the organization's default provider of mails. `organization`: its own mail server. `installation`: the
   * operator's. `mailbox`: it stays here.
   */
  kind: z.enum(['provider', 'organization', 'installation', 'mailbox']),
  host: z.string().nullable(),
  port: z.number().int().nullable(),
})

const HOST_PATTERN = /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/

const smtpAccount = z.object({
  host: z.string(),
  port: z.number().int(),
  security: z.enum(['tls', 'starttls', 'opportunistic', 'none']),
  username: z.string().nullable(),
  /** Whether one is stored; it is never shown. */
  hasPassword: z.boolean(),
  acceptsAnyCertificate: z.boolean(),
  heloName: z.string(),
  connectionsMax: z.number().int(),
  messagesPerConnectionMax: z.number().int(),
  updatedAt: instant,
})

/** A mail server as it is entered. */
export const smtpAccountInput = z.object({
  host: z.string().trim().regex(HOST_PATTERN, 'Enter a host name such as smtp.example.com.'),
  port: z.number().int().min(1, 'Ports begin at 1.').max(65_535, 'Ports end at 65535.').default(587),
  security: z.enum(['tls', 'starttls', 'opportunistic', 'none']).default('starttls'),
  username: z.string().trim().max(320, 'At most 320 characters.').nullable().default(null),
  /** Absent: the stored one stays. */
  password: z.string().max(1_000, 'At most 1,000 characters.').optional(),
  acceptsAnyCertificate: z.boolean().default(false),
  heloName: z
    .string()
    .trim()
    .regex(HOST_PATTERN, 'Enter the name that this system calls itself, such as mail.example.com.')
    .default('fanfare.localhost'),
  connectionsMax: z
    .number()
    .int()
    .min(1, 'At least one connection.')
    .max(100, 'At most 100 connections.')
    .default(10),
  messagesPerConnectionMax: z
    .number()
    .int()
    .min(1, 'At least one message.')
    .max(100_000, 'At most 100,000 messages.')
    .default(500),
})

const ADDRESS = z.email('Enter an address such as hello@example.com.').max(254, 'At most 254 characters.')

const sender = z.object({
  id: wireId('sender'),
  name: z.string(),
  email: z.string(),
  replyTo: z.string().nullable(),
  createdAt: instant,
})

const dnsFinding = z.object({
  kind: z.enum(['dkim', 'spf', 'dmarc', 'return_path']),
  type: z.enum(['TXT', 'MX']),
  name: z.string(),
  expected: z.string(),
  found: z.string().nullable(),
  isRight: z.boolean(),
  /** Of a key: `waiting` for its record to be seen, `signing`, or `replaced` by a newer one; otherwise null. */
  keyState: z.enum(['waiting', 'signing', 'replaced']).nullable(),
  /** When the record of a replaced key may be taken away. */
  removableAt: instant.nullable(),
})

const alignment = z.object({
  domain: z.string(),
  mode: z.enum(['relaxed', 'strict']),
  isAligned: z.boolean(),
})

const sendingDomain = z.object({
  id: wireId('sending_domain'),
  domain: z.string(),
  returnPathHost: z.string().nullable(),
  /** The records to publish. `found` and `isRight` are those of the last check. */
  records: z.array(dnsFinding),
  /** What the policy of the last check says, whether mails pass it, and what to do next. */
  dmarc: z.object({
    policy: z.enum(['none', 'quarantine', 'reject']).nullable(),
    reportsTo: z.string().nullable(),
    dkim: alignment,
    spf: alignment,
    advice: z.array(z.enum(DMARC_ADVICE)),
  }),
  /** The keys have signed for more than six months. */
  areKeysDue: z.boolean(),
  checkedAt: instant.nullable(),
  createdAt: instant,
})

const DOMAIN_PATTERN = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/

/** Messages of one call. */
export const MESSAGES_PER_CALL_MAX = 1_000
const DATA_CHARS_MAX = 20_000

/** A message as a caller asks for it. */
const askedMessage = z.object({
  /** A template of the organization (e-mail), or the content itself (the other channels). */
  content: z.union([z.object({ templateId: wireId('template') }), z.object({ source: messageSource })]),
  to: z.union([
    z.object({ contactId: wireId('contact') }),
    z.object({ email: z.string().min(3).max(254) }),
    z.object({ phone: z.string().min(3).max(40) }),
  ]),
  /** `transactional` needs no consent to marketing and respects every other bar; `marketing` needs it. */
  purpose: z.enum(['transactional', 'marketing']).default('transactional'),
  /** What a marketing message is about: the key of a topic of the preference centre; null: about anything. */
  topic: z.string().regex(TOPIC_KEY).nullable().default(null),
  /** What the content names as `data.…`. */
  data: z
    .record(z.string().max(100), z.json())
    .refine((data) => JSON.stringify(data).length <= DATA_CHARS_MAX, {
      message: `At most ${DATA_CHARS_MAX} characters.`,
    })
    .default({}),
  /** Your own name for the message: the same name makes no second one. */
  key: z.string().min(1).max(200).nullable().default(null),
})

/** Where a message stands. */
export const messageStatus = z.object({
  id: wireId('message'),
  channel: z.enum(SEND_CHANNELS),
  purpose: z.enum(['marketing', 'transactional']),
  /** What it is about: the key of a topic; null: about anything. */
  topic: z.string().nullable(),
  contactId: wireId('contact'),
  key: z.string().nullable(),
  /** `queued`, `sending`, then as in the ledger: `sent`, `delivered`, `bounced`, `failed`, `skipped`, `unknown`. */
  state: z.string(),
  reason: z.string().nullable(),
  attempts: z.number().int(),
  createdAt: instant,
  handedOverAt: instant.nullable(),
  stateAt: instant.nullable(),
  nextAttemptAt: instant.nullable(),
})

export {
  campaignTiming,
  hindrance,
  rateLimits,
  sendingHours,
  sendingLimits,
  timedChannel,
  whenAnswer,
  type CampaignTiming,
  type WhenAnswer,
} from './timing/schema.ts'

export const routes = defineRoutes({
  ...hoursRoutes,
  ...capRoutes,
  ...channelRoutes,
  'POST /api/messages': {
    summary: 'Send one message, or up to a thousand, each to one person, before everything else that waits',
    body: z.union([
      z.object({ messages: z.array(askedMessage).min(1).max(MESSAGES_PER_CALL_MAX) }),
      askedMessage,
    ]),
    bodyBytesMax: 8 * 1024 * 1024,
    ok: z.object({
      items: z.array(
        z.object({
          id: wireId('message'),
          contactId: wireId('contact'),
          /** True when a message of this key was taken in before; it is the one that is answered. */
          isRepeated: z.boolean(),
        }),
      ),
    }),
    status: 202,
    permission: 'messages.send',
  },
  'GET /api/messages/:id': {
    summary: 'Where a message stands',
    params: z.object({ id: wireId('message') }),
    ok: messageStatus,
    permission: 'messages.read',
  },
  'GET /api/runs/:id': {
    summary: 'Where a run stands: outcomes, what waits, rate, expected finish, trouble',
    params: z.object({ id: wireId('run') }),
    ok: runProgressSchema,
    permission: 'delivery.read',
  },
  'GET /api/mailbox': {
    summary: 'Mails that the built-in mailbox received, newest first',
    query: z.object({
      ...pageQuery,
      q: z.string().trim().max(200).optional(),
      runId: wireId('run').optional(),
    }),
    ok: pageOf(mailboxEntry),
    permission: 'mailbox.read',
  },
  'GET /api/mailbox/:id': {
    summary: 'One mail, taken apart: headers, HTML, text, links',
    params: z.object({ id: wireId('mailbox_message') }),
    ok: mailboxMessage,
    permission: 'mailbox.read',
  },
  'GET /api/mailbox/:id/source': {
    summary: 'The mail as it arrived',
    params: z.object({ id: wireId('mailbox_message') }),
    ok: raw('message/rfc822'),
    permission: 'mailbox.read',
  },
  'GET /api/mailbox/:id/html': {
    summary: 'The HTML part, for a sandboxed frame',
    params: z.object({ id: wireId('mailbox_message') }),
    ok: raw('text/html; charset=utf-8'),
    permission: 'mailbox.read',
  },
  'DELETE /api/mailbox': { summary: 'Empty the mailbox', permission: 'mailbox.write' },
  'GET /api/sending/outlet': { summary: 'Where mail goes', ok: outlet, permission: 'delivery.read' },
  'GET /api/sending/smtp': {
    summary: 'The organization’s own mail server; null when it has none',
    ok: z.object({ account: smtpAccount.nullable() }),
    permission: 'delivery.read',
  },
  'PUT /api/sending/smtp': {
    summary: 'Set the organization’s own mail server',
    body: smtpAccountInput,
    ok: z.object({ account: smtpAccount.nullable() }),
    permission: 'delivery.write',
  },
  'DELETE /api/sending/smtp': {
    summary: 'Go back to the installation’s mail server',
    permission: 'delivery.write',
  },
  'POST /api/sending/smtp/test': {
    summary: 'Connect, secure and sign in without sending: what is wrong, or nothing',
    body: smtpAccountInput,
    ok: z.object({ trouble: trouble.nullable() }),
    permission: 'delivery.write',
  },
  'GET /api/sending/senders': {
    summary: 'Who mails may come from',
    ok: z.object({ items: z.array(sender) }),
    permission: 'delivery.read',
  },
  'POST /api/sending/senders': {
    summary: 'Add a sender',
    body: z.object({
      name: z.string().trim().min(1, 'Enter the name that readers see.').max(120, 'At most 120 characters.'),
      email: ADDRESS,
      replyTo: ADDRESS.nullable().default(null),
    }),
    ok: sender,
    status: 201,
    permission: 'delivery.write',
  },
  'DELETE /api/sending/senders/:id': {
    summary: 'Remove a sender',
    params: z.object({ id: wireId('sender') }),
    permission: 'delivery.write',
  },
  'GET /api/sending/domains': {
    summary: 'Domains that mails are signed for',
    ok: z.object({ items: z.array(sendingDomain) }),
    permission: 'delivery.read',
  },
  'POST /api/sending/domains': {
    summary: 'Add a domain: makes its keys and names the records to publish',
    body: z.object({
      domain: z.string().trim().toLowerCase().regex(DOMAIN_PATTERN, 'Enter a domain such as example.com.'),
    }),
    ok: sendingDomain,
    status: 201,
    permission: 'delivery.write',
  },
  'POST /api/sending/domains/:id/check': {
    summary: 'Look at what the domain publishes now',
    params: z.object({ id: wireId('sending_domain') }),
    ok: sendingDomain,
    permission: 'delivery.write',
  },
  'POST /api/sending/domains/:id/renew-keys': {
    summary: 'Make new keys beside those that sign; they sign once a check finds their records',
    params: z.object({ id: wireId('sending_domain') }),
    ok: sendingDomain,
    permission: 'delivery.write',
  },
  'PUT /api/sending/domains/:id': {
    summary: 'Set the host that bounces return to; null for the sender’s own mailbox',
    params: z.object({ id: wireId('sending_domain') }),
    body: z.object({
      returnPathHost: z
        .string()
        .trim()
        .toLowerCase()
        .regex(DOMAIN_PATTERN, 'Enter a host such as bounces.example.com.')
        .nullable(),
    }),
    ok: sendingDomain,
    permission: 'delivery.write',
  },
  'DELETE /api/sending/domains/:id': {
    summary: 'Remove a domain and its keys',
    params: z.object({ id: wireId('sending_domain') }),
    permission: 'delivery.write',
  },
})
