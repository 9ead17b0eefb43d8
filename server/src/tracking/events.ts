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

const moved = z.object({
  /** Null when the message never had another state. */
  from: z.enum(HANDED_OVER_STATES).nullable(),
  reason: z.string(),
  variant: z.number().int(),
  /** All people of a batch whose messages moved alike. */
  contactIds: z.array(z.string()),
})

/** A provider took messages over after all, whose hand-over had been unknown. */
export const messageSent = defineEvent('message.sent', moved)
/** Messages arrived. */
export const messageDelivered = defineEvent('message.delivered', moved)
/** A message came back. One event per person. */
export const messageBounced = defineEvent('message.bounced', moved)
/** A message could not be delivered, for a reason that is not the person's. One event per person. */
export const messageFailed = defineEvent('message.failed', moved)

/** A person told their mailbox provider that a message is unwanted. */
export const messageComplained = defineEvent(
  'message.complained',
  z.object({ variant: z.number().int(), source: z.string() }),
)

/** A person unsubscribed by the link or the button of a message. Once per person and message. */
export const messageUnsubscribed = defineEvent(
  'message.unsubscribed',
  z.object({ variant: z.number().int(), by: z.enum(['one_click', 'page']) }),
)
