/** The words of consent: channels, purposes, states, bases. */

/** Channels that consent is given for. `all` holds the word about every channel at once. */
export const CONSENT_CHANNELS = ['email', 'sms', 'whatsapp', 'in_app', 'all'] as const
export type ConsentChannel = (typeof CONSENT_CHANNELS)[number]

/**
 * What is agreed to. Transactional messages need no consent. Being followed by pixel or link is asked for apart from
 * receiving. Source: compliance report §3.1, §3.4 (CNIL 2026)
 */
export const CONSENT_PURPOSES = ['marketing', 'transactional', 'tracking_open', 'tracking_click'] as const
export type ConsentPurpose = (typeof CONSENT_PURPOSES)[number]

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
  'never_asked',
  'expired',
  'unconfirmed',
] as const
export type SkipReason = (typeof SKIP_REASONS)[number]

/** Every channel that messages leave on. */
export const SEND_CHANNELS = ['email', 'sms', 'whatsapp', 'in_app', 'webhook'] as const
export type SendChannel = (typeof SEND_CHANNELS)[number]

/** A channel whose addresses can be suppressed, and the column of contact that holds their hash. */
export const ADDRESS_COLUMNS = { email: 'email', sms: 'phone', whatsapp: 'phone' } as const
export type AddressChannel = keyof typeof ADDRESS_COLUMNS

/** Telephone numbers are one list, whatever travels to them. */
export const SUPPRESSION_CHANNEL: Readonly<Record<AddressChannel, 'email' | 'sms'>> = {
  email: 'email',
  sms: 'sms',
  whatsapp: 'sms',
}
