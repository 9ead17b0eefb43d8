/** What the room consent takes and gives. */
import { z } from 'zod'
import { defineRoutes, instant, pageOf, pageQuery, raw, wireId } from '../platform/wire.ts'
import {
  CONSENT_BASES,
  CONSENT_CHANNELS,
  CONSENT_PURPOSES,
  CONSENT_STATES,
  SEND_CHANNELS,
  SKIP_REASONS,
  SUPPRESSION_REASONS,
  SUPPRESSION_SCOPES,
  TOPIC_KEY,
} from './words.ts'
import { centerDesign } from './center/design.ts'

export { localized, textIn, type Localized } from './center/words.ts'
export { topic } from './center/design.ts'
export { CONSENT_PURPOSES, PERSON_CHANNELS, SEND_CHANNELS, TOPIC_KEY } from './words.ts'

/** Longest sentence kept as a wording, and longest remark. */
const WORDING_CHARS_MAX = 4_000
const NOTE_CHARS_MAX = 500
const ADDRESS_CHARS_MAX = 320
/** Addresses of a list in one call. */
export const LIST_BATCH_MAX = 5_000
/** As many addresses as long as they may be. */
const LIST_BYTES_MAX = 2 * 1024 * 1024

const tokenParams = z.object({ token: z.string() })
const contactParams = z.object({ id: wireId('contact') })

/** The word in force about one channel and purpose. No entry means that the person was never asked. */
export const preference = z.object({
  channel: z.enum(CONSENT_CHANNELS),
  purpose: z.enum(CONSENT_PURPOSES),
  /** The topic that the word is about; null for marketing about anything and for other purposes. */
  topic: z.string().nullable(),
  state: z.enum(CONSENT_STATES),
  decidedAt: instant,
  expiresAt: instant.nullable(),
})

/** One entry of the append-only history. */
export const consentEvent = z.object({
  id: wireId('consent_event'),
  channel: z.enum(CONSENT_CHANNELS),
  purpose: z.enum(CONSENT_PURPOSES),
  topic: z.string().nullable(),
  state: z.enum(CONSENT_STATES),
  basis: z.enum(CONSENT_BASES),
  /** When the person said it, and when we wrote it down. */
  occurredAt: instant,
  recordedAt: instant,
  expiresAt: instant.nullable(),
  /** Where: the kind (`form`, `import`, `member`…), which one, and its version or what the file says. */
  source: z.object({ kind: z.string(), id: z.string().nullable(), version: z.string().nullable() }),
  /** The sentence that was shown, and the SHA-256 of its language and text. */
  wording: z.object({ text: z.string(), locale: z.string(), hash: z.string() }).nullable(),
  actor: z.object({ kind: z.string(), id: z.string().nullable() }),
  addressPrefix: z.string().nullable(),
  campaignId: wireId('campaign').nullable(),
  reason: z.string().nullable(),
})
export type ConsentEvent = z.output<typeof consentEvent>

/** An address never to be used. Its name on the wire is its channel and keyed hash. */
export const SUPPRESSION_ID = /^(email|sms)-[0-9a-f]{32}$/

/** An entry of the suppression list. It holds no address; `contact` names whose it is, where that is known. */
export const suppression = z.object({
  id: z.string().regex(SUPPRESSION_ID),
  channel: z.enum(['email', 'sms']),
  reason: z.enum(SUPPRESSION_REASONS),
  scope: z.enum(SUPPRESSION_SCOPES),
  source: z.string(),
  note: z.string(),
  contact: z.object({ id: wireId('contact'), name: z.string() }).nullable(),
  createdAt: instant,
  expiresAt: instant.nullable(),
  /** Whether a member may lift it. */
  isLiftable: z.boolean(),
})
export type SuppressionEntry = z.output<typeof suppression>

/** A list of addresses that was brought from elsewhere. */
const suppressionImport = z.object({
  id: wireId('suppression_import'),
  source: z.string(),
  note: z.string(),
  scope: z.enum(SUPPRESSION_SCOPES),
  /** Entries that it made or strengthened. */
  added: z.number().int(),
  createdBy: z.string(),
  createdAt: instant,
  undoneAt: instant.nullable(),
  undoneBy: z.string().nullable(),
})

/** What a batch of a list would do, or did. */
const listOutcome = z.object({
  emails: z.number().int(),
  phones: z.number().int(),
  /** Those that bring nothing new. */
  alreadyListed: z.number().int(),
  /** Those that belong to a contact. */
  contacts: z.number().int(),
  /** Those that could not be read, with some as they were written. */
  unreadable: z.object({ count: z.number().int(), examples: z.array(z.string()) }),
})

const addressBatch = z.object({
  addresses: z
    .array(z.string().trim().min(1).max(ADDRESS_CHARS_MAX))
    .min(1, 'Give at least one address.')
    .max(LIST_BATCH_MAX, `At most ${LIST_BATCH_MAX} in one call; send longer lists in several.`),
})

/** What may be sent to a person now, and why not. */
const reachability = z.object({
  channel: z.enum(SEND_CHANNELS),
  /** Null when marketing may be sent. */
  marketing: z.enum(SKIP_REASONS).nullable(),
  /** Null when transactional messages may be sent. */
  transactional: z.enum(SKIP_REASONS).nullable(),
})

/** Everything about one person's consent. */
export const consentOverview = z.object({
  preferences: z.array(preference),
  suppressions: z.array(suppression),
  reachability: z.array(reachability),
  /** Oldest first. */
  history: z.array(consentEvent),
})
export type ConsentOverview = z.output<typeof consentOverview>

/** A word of the ledger of all people, with whose it is. */
export const ledgerEntry = consentEvent.extend({
  contact: z.object({ id: wireId('contact'), name: z.string() }),
})
export type LedgerEntry = z.output<typeof ledgerEntry>

/** Longest time that may be chosen: a century means as long as it is there. */
const KEEP_DAYS_MAX = 36_500

/** How long something is kept; null for as long as it is there. */
const retentionRule = z.object({
  subject: z.string(),
  keepDays: z.number().int().nullable(),
  keepDaysMin: z.number().int(),
  updatedBy: z.string().nullable(),
  updatedAt: instant.nullable(),
  appliedAt: instant.nullable(),
  /** Removed by this rule since it was made. */
  removed: z.number().int(),
})

/** A request for access or erasure. After an erasure `contact` is null. */
export const privacyRequest = z.object({
  id: wireId('privacy_request'),
  kind: z.enum(['access', 'erasure']),
  /** `open` waits for a member, `running` for the worker. */
  state: z.enum(['open', 'running', 'completed', 'rejected']),
  contactId: wireId('contact'),
  /** The person's present name; null once they are gone. */
  contactName: z.string().nullable(),
  note: z.string(),
  receivedAt: instant,
  /** One month after it was received (GDPR 12(3)). */
  dueAt: instant,
  isOverdue: z.boolean(),
  createdBy: z.string(),
  createdAt: instant,
  startedBy: z.string().nullable(),
  startedAt: instant.nullable(),
  endedBy: z.string().nullable(),
  endedAt: instant.nullable(),
  rejectedBecause: z.string().nullable(),
  /**
   * The archive of an access request, while it can be fetched: `url` opens without an account, until `expiresAt`; null for
   * those who may not fetch the archive themselves (`privacy.write`).
   */
  archive: z.object({ bytes: z.number().int(), expiresAt: instant, url: z.string().nullable() }).nullable(),
  downloads: z.number().int(),
  downloadedAt: instant.nullable(),
  /** After an erasure: where members' own words still name the person, table by table. */
  mentions: z.array(z.object({ table: z.string(), rows: z.number().int() })).nullable(),
})
/** A version of the preference centre; 0 is what is shown before the first. */
export const preferenceCenter = z.object({
  version: z.number().int(),
  design: centerDesign,
  createdBy: z.string().nullable(),
  createdAt: instant.nullable(),
})
const requestParams = z.object({ id: wireId('privacy_request') })

/** The routes of consent. */
export const routes = defineRoutes({
  'GET /u/:token': {
    summary: 'The unsubscribe page of a message. Looking at it changes nothing.',
    params: tokenParams,
    ok: raw('text/html; charset=utf-8'),
    permission: 'public',
    crossOrigin: true,
  },
  'POST /u/:token': {
    summary: 'Unsubscribes at once (RFC 8058): urlencoded or multipart, without cookie, origin or redirect.',
    params: tokenParams,
    ok: raw('text/html; charset=utf-8'),
    permission: 'public',
    multipart: true,
    crossOrigin: true,
  },
  'GET /preferences/:token': {
    summary: 'The preference page of a person.',
    params: tokenParams,
    ok: raw('text/html; charset=utf-8'),
    permission: 'public',
    crossOrigin: true,
  },
  'POST /preferences/:token': {
    summary: 'Saves what a person chose on their preference page; in effect at once.',
    params: tokenParams,
    ok: raw('text/html; charset=utf-8'),
    permission: 'public',
    multipart: true,
    crossOrigin: true,
  },
  'GET /api/contacts/:id/consents': {
    summary: 'What a contact agreed to: in force, reachable, and the whole history with wordings.',
    params: contactParams,
    ok: consentOverview,
    permission: 'consent.read',
  },
  'POST /api/contacts/:id/consents': {
    summary: 'Records a word that a contact gave elsewhere, with its date and source.',
    params: contactParams,
    body: z.object({
      channel: z.enum(CONSENT_CHANNELS),
      purpose: z.enum(CONSENT_PURPOSES).default('marketing'),
      /** About one topic only; a topic's key. */
      topic: z.string().regex(TOPIC_KEY).optional(),
      state: z.enum(['granted', 'denied', 'withdrawn']),
      basis: z.enum(CONSENT_BASES).default('consent'),
      /** When it was said; never in the future. */
      occurredAt: instant,
      /** Where it was said: a paper form, a telephone call, the name of a page. */
      source: z.string().trim().min(1, 'Say where the person said it.').max(NOTE_CHARS_MAX),
      expiresAt: instant.optional(),
      wording: z
        .object({ text: z.string().min(1).max(WORDING_CHARS_MAX), locale: z.enum(['en', 'fr']) })
        .optional(),
      reason: z.string().trim().max(NOTE_CHARS_MAX).optional(),
    }),
    ok: consentOverview,
    status: 201,
    permission: 'consent.write',
  },
  'GET /api/contacts/:id/proof': {
    summary:
      'The proof of a contact’s consent: history with wordings, messages sent and skipped, and the state of the audit chain.',
    params: contactParams,
    ok: z.object({
      contactId: wireId('contact'),
      createdAt: instant,
      consents: z.array(consentEvent.extend({ campaignName: z.string().nullable() })),
      preferences: z.array(preference),
      suppressions: z.array(suppression),
      messages: z.array(
        z.object({
          campaignId: wireId('campaign'),
          campaignName: z.string().nullable(),
          runId: wireId('run'),
          channel: z.string(),
          state: z.string(),
          reason: z.string().nullable(),
          handedOverAt: instant.nullable(),
          stateAt: instant,
        }),
      ),
      /** Present when there were more messages than one answer holds. */
      messagesOmitted: z.boolean(),
      auditChain: z.object({ verdict: z.enum(['ok', 'broken']), entries: z.number().int() }),
    }),
    permission: 'consent.read',
  },
  'GET /api/contacts/:id/proof.csv': {
    summary: 'The same proof as a table, in the order in which it happened.',
    params: contactParams,
    ok: raw('text/csv; charset=utf-8'),
    permission: 'consent.read',
  },
  'GET /api/contacts/:id/proof.pdf': {
    summary: 'The same proof as a tagged document for people, in English or French.',
    params: contactParams,
    query: z.object({ locale: z.enum(['en', 'fr']).optional() }),
    ok: raw('application/pdf'),
    permission: 'consent.read',
  },
  'GET /api/consents': {
    summary: 'The consent ledger: what people said, latest first.',
    query: z.object({
      ...pageQuery,
      channel: z.enum(CONSENT_CHANNELS).optional(),
      state: z.enum(CONSENT_STATES).optional(),
      /** Words that came of one campaign, such as who left through it and why. */
      campaignId: wireId('campaign').optional(),
      /** Marketing leaves out what may be measured of somebody. */
      purpose: z.enum(CONSENT_PURPOSES).optional(),
    }),
    ok: pageOf(ledgerEntry),
    permission: 'consent.read',
  },
  'GET /api/consents/reasons': {
    summary: 'Why people left, by how many: of one campaign, or of all.',
    query: z.object({ campaignId: wireId('campaign').optional() }),
    ok: z.object({
      items: z.array(
        z.object({
          /** What they chose or wrote; null for those who gave none. */
          reason: z.string().nullable(),
          people: z.number().int(),
        }),
      ),
    }),
    permission: 'consent.read',
  },
  'GET /api/suppressions': {
    summary: 'Addresses never to be used, latest first; or the one entry of an address.',
    query: z.object({
      ...pageQuery,
      channel: z.enum(['email', 'sms']).optional(),
      reason: z.enum(SUPPRESSION_REASONS).optional(),
      /** A whole e-mail address or telephone number: looked up by its keyed hash. */
      address: z.string().trim().min(3).max(ADDRESS_CHARS_MAX).optional(),
    }),
    ok: pageOf(suppression),
    permission: 'consent.read',
  },
  'POST /api/suppressions': {
    summary: 'Puts an address on the suppression list.',
    body: z.object({
      channel: z.enum(['email', 'sms']).default('email'),
      address: z.string().trim().min(3).max(ADDRESS_CHARS_MAX),
      scope: z.enum(SUPPRESSION_SCOPES).default('all'),
      note: z.string().trim().max(NOTE_CHARS_MAX).default(''),
    }),
    ok: suppression,
    status: 201,
    permission: 'suppression.write',
  },
  'POST /api/suppressions/preview': {
    summary: 'What a list of addresses would do to the suppression list. Nothing is written down.',
    body: addressBatch,
    ok: listOutcome,
    permission: 'suppression.write',
    bodyBytesMax: LIST_BYTES_MAX,
  },
  'GET /api/suppressions/imports': {
    summary: 'Lists of addresses that were brought from elsewhere, the latest first.',
    ok: z.object({ items: z.array(suppressionImport) }),
    permission: 'consent.read',
  },
  'POST /api/suppressions/imports': {
    summary: 'Begins a list of addresses never to be used. Where it is from and why must be said.',
    body: z.object({
      source: z.string().trim().min(3, 'Say where the list is from.').max(NOTE_CHARS_MAX),
      note: z.string().trim().min(3, 'Say why they are never to be used.').max(NOTE_CHARS_MAX),
      scope: z.enum(SUPPRESSION_SCOPES).default('all'),
    }),
    ok: suppressionImport,
    status: 201,
    permission: 'suppression.write',
  },
  'POST /api/suppressions/imports/:id/addresses': {
    summary: 'Suppresses addresses of a list; they are hashed at once and kept as hashes only.',
    params: z.object({ id: wireId('suppression_import') }),
    body: addressBatch,
    ok: listOutcome.extend({ added: z.number().int() }),
    permission: 'suppression.write',
    bodyBytesMax: LIST_BYTES_MAX,
  },
  'POST /api/suppressions/imports/:id/undo': {
    summary: 'Takes a list back: its entries that have no stronger reason since.',
    params: z.object({ id: wireId('suppression_import') }),
    ok: z.object({ lifted: z.number().int() }),
    permission: 'suppression.write',
  },
  'DELETE /api/suppressions/:id': {
    summary: 'Takes an address off the suppression list, for a stated reason.',
    params: z.object({ id: z.string().regex(SUPPRESSION_ID) }),
    query: z.object({
      reason: z.string().trim().min(3, 'Say why: it is kept in the audit log.').max(NOTE_CHARS_MAX),
    }),
    permission: 'suppression.write',
  },
  'GET /api/privacy/requests': {
    summary: 'Requests of people for access and erasure, latest first.',
    query: z.object({
      ...pageQuery,
      kind: z.enum(['access', 'erasure']).optional(),
      state: z.enum(['open', 'running', 'completed', 'rejected']).optional(),
      contactId: wireId('contact').optional(),
    }),
    ok: pageOf(privacyRequest),
    permission: 'privacy.read',
  },
  'POST /api/privacy/requests': {
    summary:
      'Writes down what a person asked for. An archive is made at once, by the worker; an erasure waits to be carried out.',
    body: z.object({
      kind: z.enum(['access', 'erasure']),
      contactId: wireId('contact'),
      /** When the person asked; now unless given. */
      receivedAt: instant.optional(),
      note: z.string().trim().max(NOTE_CHARS_MAX).default(''),
    }),
    ok: privacyRequest,
    status: 201,
    permission: 'privacy.write',
  },
  'GET /api/privacy/requests/:id': {
    summary: 'One request; with the link to its archive while there is one, for those who may fetch it.',
    params: requestParams,
    ok: privacyRequest,
    permission: 'privacy.read',
  },
  'POST /api/privacy/requests/:id/carry-out': {
    summary: 'Carries a request out: erases the person everywhere, or makes the archive anew.',
    params: requestParams,
    ok: privacyRequest,
    status: 202,
    permission: 'privacy.write',
  },
  'POST /api/privacy/requests/:id/reject': {
    summary: 'Turns a request down, for a stated reason.',
    params: requestParams,
    body: z.object({
      reason: z.string().trim().min(3, 'Say why: it is kept with the request.').max(NOTE_CHARS_MAX),
    }),
    ok: privacyRequest,
    permission: 'privacy.write',
  },
  'GET /api/privacy/requests/:id/archive': {
    summary: 'Downloads the archive of an access request: a ZIP of JSON and CSV. Every download is audited.',
    params: requestParams,
    ok: raw('application/zip'),
    permission: 'privacy.write',
  },
  'GET /privacy/archives/:token': {
    summary: 'The archive behind the person’s own link, until it expires.',
    params: tokenParams,
    ok: raw('application/zip'),
    permission: 'public',
    crossOrigin: true,
  },
  'POST /api/contacts/:id/erase': {
    summary: 'Erases a contact everywhere, as the right to erasure demands. It cannot be taken back.',
    params: contactParams,
    body: z.object({ note: z.string().trim().max(NOTE_CHARS_MAX).default('') }),
    ok: privacyRequest,
    status: 202,
    permission: 'privacy.write',
  },
  'GET /api/privacy/preference-center': {
    summary: 'The preference centre in force: texts, topics, channels, colours.',
    ok: preferenceCenter,
    permission: 'privacy.read',
  },
  'GET /api/privacy/preference-center/versions': {
    summary: 'Every version of the preference centre, the latest first.',
    ok: z.object({ items: z.array(preferenceCenter) }),
    permission: 'privacy.read',
  },
  'PUT /api/privacy/preference-center': {
    summary: 'Makes a new version of the preference centre, in force at once.',
    body: z.strictObject({
      /** The version that the change was made from; 0 for the first. */
      version: z.number().int().min(0),
      design: centerDesign,
    }),
    ok: preferenceCenter,
    permission: 'privacy.write',
  },
  'POST /api/privacy/preference-center/preview': {
    summary: 'The page as a design would show it.',
    body: z.strictObject({ design: centerDesign, locale: z.enum(['en', 'fr']).default('en') }),
    ok: z.object({ html: z.string() }),
    permission: 'privacy.read',
  },
  'GET /api/privacy/retention': {
    summary: 'What can be forgotten by age, and for how long each is kept; null keeps it.',
    ok: z.object({ items: z.array(retentionRule) }),
    permission: 'privacy.read',
  },
  'PUT /api/privacy/retention': {
    summary: 'Decides how long something is kept. Applied every night.',
    body: z.strictObject({
      subject: z.string().min(1).max(60),
      keepDays: z.number().int().min(1).max(KEEP_DAYS_MAX).nullable(),
    }),
    ok: z.object({ items: z.array(retentionRule) }),
    permission: 'privacy.write',
  },
  'POST /api/privacy/retention/preview': {
    summary: 'Counts what a rule would remove if it were applied now. Removes nothing.',
    body: z.strictObject({
      subject: z.string().min(1).max(60),
      keepDays: z.number().int().min(1).max(KEEP_DAYS_MAX),
    }),
    ok: z.object({
      subject: z.string(),
      keepDays: z.number().int(),
      before: instant,
      count: z.number().int(),
      /** True when there are more than were counted. */
      isAtLeast: z.boolean(),
    }),
    permission: 'privacy.read',
  },
  'POST /api/privacy/retention/apply': {
    summary: 'Asks the worker to apply the rules now.',
    status: 202,
    permission: 'privacy.write',
  },
  'GET /api/privacy/log': {
    summary:
      'The compliance log: entries of the audit chain about consent, rights and retention, latest first.',
    query: z.object(pageQuery),
    ok: pageOf(
      z.object({
        seq: z.string(),
        at: instant,
        actorKind: z.string(),
        actorId: z.string(),
        /** Null for the person concerned, for the system, and for members who are gone. */
        actorName: z.string().nullable(),
        action: z.string(),
        subjectKind: z.string(),
        subjectId: z.string(),
        /** Null once what it named was erased: the chain keeps a commitment to it. */
        change: z.unknown(),
        hash: z.string(),
      }),
    ),
    permission: 'audit.read',
  },
  'GET /api/privacy/log.csv': {
    summary: 'The whole compliance log as CSV; its last line is the verdict on the chain.',
    ok: raw('text/csv; charset=utf-8'),
    permission: 'audit.read',
  },
})
