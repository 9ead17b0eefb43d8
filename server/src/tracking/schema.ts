/** What the room tracking answers: the addresses inside mails, and what was sent to a person. */
import { z } from 'zod'
import { BATCH_BYTES_MAX } from './intake/limits.ts'
import {
  CALLS,
  EVENT_NAME_CHARS_MAX,
  EVENT_ROLES,
  MESSAGE_KINDS,
  SOURCE_KINDS,
  VALUE_KINDS,
} from './intake/words.ts'
import { LEDGER_STATES } from './ledger/states.ts'
import { POST_PLATFORMS } from './post-links/platforms.ts'
import { defineRoutes, instant, pageOf, pageQuery, raw, wireId } from '../platform/wire.ts'

export { POST_PLATFORMS, type PostPlatform } from './post-links/platforms.ts'

const tokenParams = z.object({ token: z.string() })

/** A message of the ledger, as a person's profile lists it. */
export const contactMessage = z.object({
  campaignId: wireId('campaign'),
  runId: wireId('run'),
  channel: z.string(),
  state: z.enum(LEDGER_STATES),
  /** Why it was skipped, bounced or failed; null for none. */
  reason: z.string().nullable(),
  handedOverAt: instant.nullable(),
  stateAt: instant,
})
export type ContactMessage = z.output<typeof contactMessage>

/** A source of events, and the key under which it sends. */
export const eventSource = z.object({
  id: wireId('event_source'),
  name: z.string(),
  kind: z.enum(SOURCE_KINDS),
  /** Null for those who may not change sources, unless it stands in pages anyway. */
  writeKey: z.string().nullable(),
  createdAt: instant,
  revokedAt: instant.nullable(),
  lastEventAt: instant.nullable(),
})
export type EventSource = z.output<typeof eventSource>

/** Where short links stand, and what their domain still needs. */
export const linkDomain = z.object({
  /** Null: links stand on the installation's own address. */
  host: z.string().nullable(),
  findings: z.array(
    z.object({
      kind: z.enum(['ownership', 'cname', 'https']),
      type: z.enum(['TXT', 'CNAME', 'HTTPS']),
      name: z.string(),
      expected: z.string(),
      found: z.string().nullable(),
      isRight: z.boolean(),
    }),
  ),
  checkedAt: instant.nullable(),
  /** Null while links do not stand on it. */
  liveSince: instant.nullable(),
  /** Under which address links leave now. */
  origin: z.string(),
})

/** A name with two labels at least; the top one is no number. */
const HOST_PATTERN = /^(?=.{4,100}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/
/** Names of public shorteners: operators refuse messages with them, and nobody could own them here. */
const PUBLIC_SHORTENERS = new Set([
  'bit.ly',
  'buff.ly',
  'cutt.ly',
  'goo.gl',
  'is.gd',
  'ow.ly',
  'rb.gy',
  'rebrand.ly',
  's.id',
  'shorturl.at',
  't.co',
  't.ly',
  'tiny.cc',
  'tinyurl.com',
  'urlz.fr',
  'v.gd',
])
const linkHost = z
  .string()
  .trim()
  .toLowerCase()
  .regex(HOST_PATTERN, 'Enter a domain such as go.example.com, without https:// and path.')
  .refine(
    (host) => !PUBLIC_SHORTENERS.has(host),
    'Use a domain of your own: operators refuse public shorteners.',
  )

/** A page of the web with a name of its own: no address of a machine, nothing that a browser would run. */
const destination = z
  .string()
  .trim()
  .max(2_000)
  .refine(isPublicPage, 'Enter the address of a page, such as https://shop.example.com/sale.')

function isPublicPage(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol)) return false
  return url.username === '' && url.password === '' && HOST_PATTERN.test(url.hostname)
}

const postLinkName = z.string().trim().min(1).max(120)

/** What is asked for a link of a post or page. */
export const newPostLink = z.object({ destination, platform: z.enum(POST_PLATFORMS), name: postLinkName })

/** What may change of one: its address stands in posts. */
export const postLinkChange = z.object({
  name: postLinkName.optional(),
  isArchived: z.boolean().optional(),
})

/** A link of a post or page. */
export const postLink = z.object({
  id: wireId('post_link'),
  platform: z.enum(POST_PLATFORMS),
  name: z.string(),
  destination: z.string(),
  /** The destination with its marks (UTM). */
  url: z.string(),
  shortUrl: z.string(),
  /** By people. */
  clicks: z.number().int(),
  /** By programs, previews of platforms among them. */
  machineClicks: z.number().int(),
  createdAt: instant,
  archivedAt: instant.nullable(),
})

const sourceName = z.string().trim().min(1).max(120)

/** A message, as the Segment protocol writes it. Everything else that it carries is kept. */
const message = z.looseObject({
  type: z.enum(MESSAGE_KINDS).optional(),
  /** The name of a track event. */
  event: z.string().max(EVENT_NAME_CHARS_MAX).optional(),
  userId: z.string().optional(),
  anonymousId: z.string().optional(),
  /** A message with the same id within 35 days counts once. */
  messageId: z.string().optional(),
  timestamp: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  traits: z.record(z.string(), z.unknown()).optional(),
  context: z.record(z.string(), z.unknown()).optional(),
})

const fieldProblems = z.array(z.object({ path: z.string(), message: z.string() }))

/** A type of events in the dictionary. */
export const eventDefinition = z.object({
  /** As events carry it: `track:<name>`, `page`, `screen`, `identify`, `group`. */
  type: z.string(),
  name: z.string(),
  role: z.enum(EVENT_ROLES).nullable(),
  /** The property that holds the amount; null for revenue, total or value, whichever comes. */
  valueProperty: z.string().nullable(),
  volume: z.number().int(),
  firstSeenAt: instant,
  lastSeenAt: instant,
})
export type EventDefinition = z.output<typeof eventDefinition>

/** A type with its properties. */
export const eventDefinitionDetails = eventDefinition.extend({
  properties: z.array(
    z.object({
      name: z.string(),
      kinds: z.array(z.object({ kind: z.enum(VALUE_KINDS), count: z.number().int() })),
      isMixed: z.boolean(),
      isPersonal: z.boolean(),
      firstSeenAt: instant,
      lastSeenAt: instant,
    }),
  ),
})
export type EventDefinitionDetails = z.output<typeof eventDefinitionDetails>

const eventType = z.object({ type: z.string().max(EVENT_NAME_CHARS_MAX + 10) })

const segmentAnswer = z.object({
  success: z.literal(true),
  rejected: z.number().int().optional(),
  errors: fieldProblems.optional(),
})

/** The routes of tracking. */
export const routes = defineRoutes({
  'GET /c/:token': {
    summary: 'A link inside a message: counts the click and leads on to the stored address.',
    params: tokenParams,
    ok: raw('text/html; charset=utf-8'),
    permission: 'public',
    crossOrigin: true,
  },
  'GET /o/:token': {
    summary: 'The open pixel of a message: always the same picture; counted only with the contact’s consent.',
    params: tokenParams,
    ok: raw('image/gif'),
    permission: 'public',
    crossOrigin: true,
  },
  'GET /v/:token': {
    summary: 'A message, shown in the browser.',
    params: tokenParams,
    ok: raw('text/html; charset=utf-8'),
    permission: 'public',
    crossOrigin: true,
  },
  'POST /v1/:call': {
    summary:
      'The Segment protocol: track, identify, page, screen, group, alias, batch and their short forms. The write key comes as user of Basic authentication or as writeKey.',
    params: z.object({ call: z.enum(CALLS) }),
    body: message,
    ok: segmentAnswer,
    permission: 'public',
    intake: true,
    bodyBytesMax: BATCH_BYTES_MAX,
  },
  'POST /:call': {
    summary: 'The Segment protocol for clients that leave the version out of their address.',
    params: z.object({ call: z.enum(CALLS) }),
    body: message,
    ok: segmentAnswer,
    permission: 'public',
    intake: true,
    bodyBytesMax: BATCH_BYTES_MAX,
  },
  'GET /v1/projects/:writeKey/settings': {
    summary: 'What Segment’s browser client asks for before it starts.',
    params: z.object({ writeKey: z.string() }),
    ok: z.unknown(),
    permission: 'public',
    intake: true,
  },
  'GET /tracker.js': {
    summary: 'The browser script: page views, events and who somebody is.',
    ok: raw('text/javascript; charset=utf-8'),
    permission: 'public',
    intake: true,
  },
  'GET /s/:code': {
    summary:
      'A short link of a text message or of a post: counts the click and leads on, or to the page it stands for.',
    params: z.object({ code: z.string() }),
    ok: raw('text/html; charset=utf-8'),
    permission: 'public',
    crossOrigin: true,
  },
  'GET /s/about': {
    summary: 'Says, under a domain for short links, that it leads to this installation.',
    ok: raw('text/plain; charset=utf-8'),
    permission: 'public',
  },
  'GET /api/link-domain': {
    summary: 'The domain that short links of text messages stand on, and what it still needs.',
    ok: linkDomain,
    permission: 'tracking.read',
  },
  'PUT /api/link-domain': {
    summary: 'Sets the domain for short links. They stand on it once a check finds everything in place.',
    body: z.object({ host: linkHost }),
    ok: linkDomain,
    permission: 'tracking.write',
  },
  'DELETE /api/link-domain': {
    summary: 'Short links stand on the installation’s address again.',
    permission: 'tracking.write',
  },
  'POST /api/link-domain/check': {
    summary: 'Looks at the domain for short links now.',
    ok: linkDomain,
    permission: 'tracking.write',
  },
  'POST /api/events': {
    summary:
      'Records one event, or up to 5,000 as events: […]. Beside userId and anonymousId a message may name a contactId, an email or a phone. What is no event is left out and named.',
    body: z.union([message, z.object({ events: z.array(message) })]),
    ok: z.object({
      recorded: z.number().int(),
      duplicates: z.number().int(),
      rejected: z.number().int(),
      errors: fieldProblems,
    }),
    status: 202,
    permission: 'events.write',
    intake: true,
    bodyBytesMax: BATCH_BYTES_MAX,
  },
  'GET /api/event-sources': {
    summary: 'The sources of events, with their write keys.',
    ok: z.object({ items: z.array(eventSource) }),
    permission: 'tracking.read',
  },
  'POST /api/event-sources': {
    summary: 'Adds a source with a write key of its own.',
    body: z.object({ name: sourceName, kind: z.enum(SOURCE_KINDS) }),
    ok: eventSource,
    status: 201,
    permission: 'tracking.write',
  },
  'PATCH /api/event-sources/:id': {
    summary: 'Renames a source.',
    params: z.object({ id: wireId('event_source') }),
    body: z.object({ name: sourceName }),
    ok: eventSource,
    permission: 'tracking.write',
  },
  'POST /api/event-sources/:id/rotate-key': {
    summary: 'Gives a source another write key; the former one ends within 5 seconds.',
    params: z.object({ id: wireId('event_source') }),
    ok: eventSource,
    permission: 'tracking.write',
  },
  'DELETE /api/event-sources/:id': {
    summary: 'Ends a source: what comes under its key is refused within 5 seconds.',
    params: z.object({ id: wireId('event_source') }),
    permission: 'tracking.write',
  },
  'GET /api/event-definitions': {
    summary: 'The dictionary: every type of event that ever came, the most frequent first.',
    query: z.object({ ...pageQuery, search: z.string().max(200).optional() }),
    ok: pageOf(eventDefinition),
    permission: 'tracking.read',
  },
  'GET /api/event-definitions/:type': {
    summary: 'A type of events with its properties, the kinds of their values, and which are personal.',
    params: eventType,
    ok: eventDefinitionDetails,
    permission: 'tracking.read',
  },
  'PUT /api/event-definitions/:type': {
    summary: 'Says what a type means for money and subscriptions, and which property holds its amount.',
    params: eventType,
    body: z.object({
      role: z.enum(EVENT_ROLES).nullable(),
      valueProperty: z.string().trim().min(1).max(200).nullable(),
    }),
    ok: eventDefinitionDetails,
    permission: 'tracking.write',
  },
  'POST /api/event-definitions/:type/personal': {
    summary:
      'Says whether a property is personal: then it is forgotten when its person is erased, and hidden from whoever lacks `tracking.personal`.',
    params: eventType,
    body: z.object({ property: z.string().min(1).max(200), isPersonal: z.boolean() }),
    ok: eventDefinitionDetails,
    permission: 'tracking.write',
  },
  'GET /api/contacts/:id/messages': {
    summary: 'What was sent to a contact, or skipped and why; latest first.',
    params: z.object({ id: wireId('contact') }),
    query: z.object(pageQuery),
    ok: pageOf(contactMessage),
    permission: 'contacts.read',
  },
})
