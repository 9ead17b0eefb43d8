/** The words of consent: channels, purposes, states, bases. */

/** Channels that consent is given for. `all` holds the word about every channel at once. */
export const CONSENT_CHANNELS = ['email', 'sms', 'whatsapp', 'in_app', 'webhook', 'all'] as const
export type ConsentChannel = (typeof CONSENT_CHANNELS)[number]

/**
 * What is agreed to. Transactional messages need no consent. Being followed by pixel or link is asked for apart from
 * receiving. Source: compliance report §3.1, §3.4 (CNIL 2026)
 */
export const CONSENT_PURPOSES = ['marketing', 'transactional', 'tracking_open', 'tracking_click'] as const
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number]

/** A topic that an organization writes about, as its key: `news`, `early-access`. */
export const TOPIC_KEY = /^[a-z0-9][a-z0-9-]{0,39}$/

/**
 * A purpose as it is stored: marketing about one topic is a purpose of its own, beside marketing about anything.
 * So the history, its fold and its merge need no other key for topics.
 */
export type StoredPurpose = ConsentPurpose | `topic:${string}`

/** The stored purpose of marketing, about one topic or about anything. */
export const marketingAbout = (topic: string | null): StoredPurpose =>
  topic === null ? 'marketing' : `topic:${topic}`

/** A stored purpose as it travels: what for, and about which topic. */
export function purposeOnWire(stored: StoredPurpose): { purpose: ConsentPurpose; topic: string | null } {
  return isTopic(stored)
    ? { purpose: 'marketing', topic: stored.slice('topic:'.length) }
    : { purpose: stored, topic: null }
}

const isTopic = (stored: StoredPurpose): stored is `topic:${string}` => stored.startsWith('topic:')

/** `pending` waits for a double opt-in. No word at all is unknown, and unknown is not granted. */
export const CONSENT_STATES = ['granted', 'denied', 'withdrawn', 'expired', 'pending'] as const
export type ConsentState = (typeof CONSENT_STATES)[number]

/** Why the law allows it. Source: GDPR 6(1), ePrivacy 13(2) */
export const CONSENT_BASES = ['consent', 'soft_opt_in', 'legitimate_interest', 'contract'] as const
export type ConsentBasis = (typeof CONSENT_BASES)[number]

/** Where somebody said it. */
export const CONSENT_SOURCES = [
  'form',
  'import',
  'member',
  'api',
  'one_click',
  'unsubscribe_page',
  'preference_page',
  'merge',
  'inbound',
  'complaint',
] as const
export type ConsentSource = (typeof CONSENT_SOURCES)[number]

/** Why an address is never to be used. Source: compliance report §1.5 */
export const SUPPRESSION_REASONS = [
  'unsubscribe',
  'complaint',
  'hard',
  'soft_repeat',
  'manual',
  'erasure',
  'import',
] as const
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number]

/** `marketing` leaves transactional messages alone. */
export const SUPPRESSION_SCOPES = ['all', 'marketing'] as const
export type SuppressionScope = (typeof SUPPRESSION_SCOPES)[number]

/** What a run sends. */
export type SendPurpose = 'marketing' | 'transactional'

/** Why a contact gets nothing, in the order in which it is said: the first that applies. */
export const SKIP_REASONS = [
  'no_address',
  'suppressed_erasure',
  'suppressed_hard',
  'suppressed_complaint',
  'suppressed_soft_repeat',
  'suppressed_manual',
  'suppressed_import',
  'opted_out',
  'withdrawn',
  'denied',
  'topic_refused',
  'never_asked',
  'expired',
  'unconfirmed',
] as const
export type SkipReason = (typeof SKIP_REASONS)[number]

/** Every channel that messages leave on. */
export const SEND_CHANNELS = ['email', 'sms', 'whatsapp', 'in_app', 'webhook'] as const
export type SendChannel = (typeof SEND_CHANNELS)[number]

/** Channels on which a person receives something, and is asked about. A webhook calls a system, not a person. */
export const PERSON_CHANNELS = ['email', 'sms', 'whatsapp', 'in_app'] as const
export type PersonChannel = (typeof PERSON_CHANNELS)[number]

/** A channel whose addresses can be suppressed, and the column of contact that holds their hash. */
export const ADDRESS_COLUMNS = { email: 'email', sms: 'phone', whatsapp: 'phone' } as const
export type AddressChannel = keyof typeof ADDRESS_COLUMNS

/** The column of contact that holds the address for a channel; null where there is none: inside an application. */
export const addressColumn = (channel: PersonChannel): 'email' | 'phone' | null =>
  channel === 'in_app' ? null : ADDRESS_COLUMNS[channel]

/** Telephone numbers are one list, whatever travels to them. */
export const SUPPRESSION_CHANNEL: Readonly<Record<AddressChannel, 'email' | 'sms'>> = {
  email: 'email',
  sms: 'sms',
  whatsapp: 'sms',
}

/** The list that an address for a channel may stand on; null where there is none. */
export const suppressionList = (channel: PersonChannel): 'email' | 'sms' | null =>
  channel === 'in_app' ? null : SUPPRESSION_CHANNEL[channel]
