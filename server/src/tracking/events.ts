/**
 * What the record announces. Facts about messages; each event also carries campaign, run, channel and, where it is
 * about one person, the contact, as its subject.
 */
import { z } from 'zod'
import { defineEvent } from '../platform/events/index.ts'
import { HANDED_OVER_STATES } from './ledger/states.ts'

/** Why a hit is taken for a machine's. */
export const MACHINE_REASONS = [
  'head_request',
  'user_agent',
  'apple_privacy',
  'prefetch',
  'too_fast',
  'many_links',
] as const
export type MachineReason = (typeof MACHINE_REASONS)[number]

const hit = {
  variant: z.number().int(),
  /** True when a program fetched it. Kept beside the human ones, never counted with them. Source: FR-006.2 */
  machine: z.boolean(),
  reasons: z.array(z.enum(MACHINE_REASONS)),
  /** Family of the program, never its full name. */
  agent: z.string(),
  /** The caller's neighbourhood, /24 or /48. */
  addressPrefix: z.string().nullable(),
}

/** The open pixel of a message was fetched, by a contact who consents to that. */
export const messageOpened = defineEvent('message.opened', z.object(hit))

/** A link of a message was followed. */
export const messageClicked = defineEvent(
  'message.clicked',
  z.object({ ...hit, versionId: z.string(), linkNo: z.number().int() }),
)

/** Earlier clicks turned out to be a machine's: what counted them takes them back. */
export const messageClicksReclassified = defineEvent(
  'message.clicks_reclassified',
  z.object({
    variant: z.number().int(),
    reason: z.enum(MACHINE_REASONS),
    clicks: z.array(z.object({ linkNo: z.number().int(), seq: z.string() })),
  }),
)

/**
 * Messages moved on in the ledger after a provider's later word. One event for all messages of a batch that moved
 * alike: counters follow it, and whoever needs single people reads the ids.
 */
export const messagesMoved = defineEvent(
  'message.moved',
  z.object({
    from: z.enum(HANDED_OVER_STATES),
    to: z.enum(HANDED_OVER_STATES),
    reason: z.string(),
    /** With which reason it stood where it stood; older events do not say. */
    wasReason: z.string().optional(),
    variant: z.number().int(),
    contactIds: z.array(z.string()),
  }),
)

/** A receiving server refused an address for good, or for too long. `hard` suppresses it at once. */
export const messageBounced = defineEvent(
  'message.bounced',
  z.object({
    class: z.enum(['hard', 'soft']),
    reason: z.string(),
    /** SMTP and enhanced code, for people. */
    code: z.string(),
    /** Keyed hash of the address, hex: the contact may have another one by now. */
    addressHash: z.string(),
  }),
)

/** A person told their mailbox provider that a message is unwanted. */
export const messageComplained = defineEvent(
  'message.complained',
  z.object({
    variant: z.number().int(),
    /** Where the report came from: `arf`, the name of a provider. */
    source: z.string(),
    /** Keyed hash of the address, hex; null when the report named none and ours was found by the message. */
    addressHash: z.string().nullable(),
  }),
)

/** A person unsubscribed by the link or the button of a message. Once per person and message. */
export const messageUnsubscribed = defineEvent(
  'message.unsubscribed',
  z.object({
    variant: z.number().int(),
    by: z.enum(['one_click', 'page']),
    /** Key of the topic that alone was left; absent when the whole channel was. */
    topic: z.string().optional(),
  }),
)

/**
 * A person answered a message: by a text to the number that it came from, by a mail that names it. Words that end,
 * begin or explain a subscription are no answers. Source: MA-5.3, FR-006.1
 */
export const messageReplied = defineEvent('message.replied', z.object({ variant: z.number().int() }))

/**
 * Events of one number belong to another person from now on: a visitor was identified, or two profiles became one.
 * What is kept per person is to be reckoned anew for both.
 */
export const contactEventsMoved = defineEvent(
  'contact.events_moved',
  z.object({ fromId: z.string(), toId: z.string() }),
)
