/** What the room consent announces. */
import { z } from 'zod'
import { defineEvent } from '../platform/events/index.ts'
import { CONSENT_CHANNELS, CONSENT_PURPOSES, CONSENT_STATES, SUPPRESSION_REASONS } from './words.ts'

/** The word in force changed: for one person (then the event is about that contact) or for many alike. */
export const consentChanged = defineEvent(
  'consent.changed',
  z.object({
    channel: z.enum(CONSENT_CHANNELS),
    purpose: z.enum(CONSENT_PURPOSES),
    /** The topic that the word is about; null for marketing about anything. */
    topic: z.string().nullable().default(null),
    state: z.enum(CONSENT_STATES),
    source: z.string(),
    contactIds: z.array(z.string()),
  }),
)

/** An address came onto the list of those never to be used. Its hash only. */
export const addressSuppressed = defineEvent(
  'consent.address_suppressed',
  z.object({
    channel: z.enum(['email', 'sms']),
    addressHash: z.string(),
    reason: z.enum(SUPPRESSION_REASONS),
  }),
)

/** A member took an address off the list. */
export const suppressionLifted = defineEvent(
  'consent.suppression_lifted',
  z.object({ channel: z.enum(['email', 'sms']), addressHash: z.string() }),
)

/** A person was erased everywhere. The numbers name nobody any more; whoever holds a copy outside is to erase it. */
export const personErased = defineEvent(
  'consent.person_erased',
  z.object({ contactIds: z.array(z.string()) }),
)
