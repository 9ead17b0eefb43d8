/** What delivery takes and gives on the wire about providers, what they tell, what people write, and inboxes. */
import { z } from 'zod'
import { defineRoutes, instant, pageOf, pageQuery, raw, wireId } from '../../platform/wire.ts'
import { SMS_CHARACTERS_MAX } from '../../content/schema.ts'
import { PROVIDER_CHANNELS, PROVIDER_KIND_NAMES } from './kinds.ts'

/** One call of a provider: some tell of a thousand events at once. */
export const HOOK_BYTES_MAX = 5 * 1024 * 1024
/** Messages that one call marks as read. */
export const INBOX_READ_MAX = 200

const providerKind = z.enum(PROVIDER_KIND_NAMES)
const words = z.record(z.string().max(40), z.string().max(5_000, 'At most 5,000 characters.'))

/** A provider, as it is shown. */
export const provider = z.object({
  id: wireId('provider'),
  channel: z.enum(PROVIDER_CHANNELS),
  kind: providerKind,
  name: z.string(),
  settings: words,
  /** Which secrets are kept; none is ever shown. */
  secretsKept: z.array(z.string()),
  /** 0: takes what the channel sends; 1: takes what the first cannot; null: kept aside. */
  rank: z.union([z.literal(0), z.literal(1)]).nullable(),
  health: z.enum(['untried', 'taking', 'troubled']),
  takenAt: instant.nullable(),
  /** What went wrong of late, newest first. */
  errors: z.array(z.object({ kind: z.string(), text: z.string(), at: z.string(), times: z.number().int() })),
  limits: z.object({
    perCall: z.number().int(),
    perSecond: z.number().nullable(),
    bytesMax: z.number().int().nullable(),
  }),
  /** Where it is to tell its events. */
  hookUrl: z.string().nullable(),
  /** Events that it told and that we do not know. */
  unknownEvents: z.array(
    z.object({ type: z.string(), times: z.number().int(), example: z.string(), lastAt: instant }),
  ),
  updatedAt: instant,
})

const providerName = z.string().trim().min(1, 'Enter a name.').max(120, 'At most 120 characters.')
const providerInput = z.object({
  kind: providerKind,
  name: providerName,
  settings: words.default({}),
  secrets: words.default({}),
})

const inboxMessage = z.object({
  token: z.string(),
  title: z.string(),
  body: z.string(),
  actionLabel: z.string().nullable(),
  actionUrl: z.string().nullable(),
  iconUrl: z.string().nullable(),
  imageUrl: z.string().nullable(),
  createdAt: instant,
  readAt: instant.nullable(),
})
const inboxKeyParam = z.object({ key: z.string().max(200) })

/** What somebody wrote. */
export const inboundMessage = z.object({
  id: wireId('inbound_message'),
  channel: z.enum(['sms', 'whatsapp']),
  contactId: wireId('contact').nullable(),
  sender: z.string(),
  text: z.string(),
  /** What it was read as. */
  intent: z.enum(['stop', 'start', 'help', 'unclear', 'none']),
  receivedAt: instant,
})

/** How a text travels as SMS. */
export const smsMeasure = z.object({
  encoding: z.enum(['gsm7', 'ucs2']),
  /** Septets or UTF-16 units. */
  units: z.number().int(),
  unitsPerPart: z.number().int(),
  parts: z.array(z.string()),
  offending: z.array(
    z.object({
      character: z.string(),
      codePoint: z.string(),
      count: z.number().int(),
      replacement: z.string().nullable(),
    }),
  ),
})

const hookParams = z.object({ organization: wireId('organization'), provider: wireId('provider') })

/** The routes of this part. */
export const channelRoutes = defineRoutes({
  'GET /api/providers': {
    summary: 'Who takes messages: providers of all channels, how they fare, what they told last',
    ok: z.object({ items: z.array(provider) }),
    permission: 'delivery.read',
  },
  'POST /api/providers': {
    summary: 'Add a provider; the first of a channel becomes its default',
    body: providerInput,
    ok: provider,
    status: 201,
    permission: 'delivery.write',
  },
  'PUT /api/providers/:id': {
    summary: 'Change name and settings of a provider; secrets that are left out stay',
    params: z.object({ id: wireId('provider') }),
    body: providerInput.omit({ kind: true }),
    ok: provider,
    permission: 'delivery.write',
  },
  'PUT /api/providers/:id/rank': {
    summary: 'Make a provider its channel’s default (0) or fallback (1), or keep it aside (null)',
    params: z.object({ id: wireId('provider') }),
    body: z.object({ rank: z.union([z.literal(0), z.literal(1)]).nullable() }),
    ok: provider,
    permission: 'delivery.write',
  },
  'POST /api/providers/:id/test': {
    summary: 'Hand one message over, and say what came of it',
    params: z.object({ id: wireId('provider') }),
    body: z.object({ to: z.string().trim().max(2_000) }),
    ok: z.object({ outcome: z.enum(['sent', 'refused', 'unsent', 'unknown']), text: z.string() }),
    permission: 'delivery.write',
  },
  'DELETE /api/providers/:id': {
    summary: 'Remove a provider and its secrets',
    params: z.object({ id: wireId('provider') }),
    permission: 'delivery.write',
  },
  'GET /hooks/:organization/:provider': {
    summary: 'A provider asks whether it reaches us',
    params: hookParams,
    ok: raw('text/plain; charset=utf-8'),
    permission: 'public',
    intake: true,
  },
  'POST /hooks/:organization/:provider': {
    summary: 'A provider tells what became of messages, or what people wrote; signed by it',
    params: hookParams,
    body: z.unknown(),
    ok: raw('text/plain; charset=utf-8'),
    permission: 'public',
    intake: true,
    bodyBytesMax: HOOK_BYTES_MAX,
  },
  'POST /hooks/mail': {
    summary: 'A mail server hands over a mail that came back; believed as far as the signed token in it goes',
    body: z.unknown(),
    permission: 'public',
    intake: true,
    bodyBytesMax: HOOK_BYTES_MAX,
  },
  'GET /api/sending/alerts': {
    summary: 'Receivers that refuse a sending domain, and until when nothing more goes to them',
    ok: z.object({
      items: z.array(
        z.object({
          domain: z.string(),
          receiver: z.string(),
          reason: z.string(),
          text: z.string(),
          times: z.number().int(),
          firstAt: instant,
          lastAt: instant,
          heldUntil: instant,
        }),
      ),
    }),
    permission: 'delivery.read',
  },
  'POST /api/sending/alerts/end': {
    summary: 'Say that it is put right: hand-over to this receiver goes on at once',
    body: z.object({ domain: z.string().max(253), receiver: z.string().max(253) }),
    permission: 'delivery.write',
  },
  'POST /api/sms/measure': {
    summary:
      'How a text travels as SMS: alphabet, parts, the characters that cost it, and a cheaper spelling',
    body: z.object({ text: z.string().max(SMS_CHARACTERS_MAX, `At most ${SMS_CHARACTERS_MAX} characters.`) }),
    ok: smsMeasure.extend({ smart: smsMeasure.extend({ text: z.string() }) }),
    permission: 'content.read',
  },
  'GET /api/inbound': {
    summary: 'What people wrote, newest first, and what it was read as',
    query: z.object(pageQuery),
    ok: pageOf(inboundMessage),
    permission: 'contacts.read',
  },
  'POST /api/contacts/:id/inbox-key': {
    summary: 'The key with which this person’s browser reads their in-app messages',
    params: z.object({ id: wireId('contact') }),
    ok: z.object({ key: z.string(), url: z.string() }),
    permission: 'contacts.write',
    answerIsSecret: true,
  },
  'GET /inbox.js': {
    summary: 'The script that shows an inbox on a page of yours',
    ok: raw('text/javascript; charset=utf-8'),
    permission: 'public',
    intake: true,
  },
  'GET /inbox/:key': {
    summary: 'In-app messages of a person, newest first',
    params: inboxKeyParam,
    ok: z.object({ items: z.array(inboxMessage), unread: z.number().int() }),
    permission: 'public',
    intake: true,
  },
  'GET /inbox/:key/stream': {
    summary: 'Server-sent events: something changed in the inbox',
    params: inboxKeyParam,
    ok: raw('text/event-stream; charset=utf-8'),
    permission: 'public',
    intake: true,
  },
  'POST /inbox/:key/read': {
    summary: 'Mark messages as read',
    params: inboxKeyParam,
    body: z.object({ tokens: z.array(z.string().max(64)).max(INBOX_READ_MAX) }),
    permission: 'public',
    intake: true,
  },
})
