/** What this room announces about profiles. */
import { z } from 'zod'
import { defineEvent } from '../../platform/events/index.ts'

/** Contacts that one event names at most. */
export const CHANGED_CONTACTS_MAX = 5_000

/**
 * What of a profile moves together. A visit changes activity alone (days, score, and with the day the lifetime value),
 * an order the figures of money, a message received, opened or answered those of messages.
 */
export const PROFILE_PARTS = ['activity', 'money', 'messages'] as const
export type ProfilePart = (typeof PROFILE_PARTS)[number]

/**
 * Figures of contacts have changed and can be read: what listens to behaviour through figures follows this, and not the
 * events that moved them. Without `parts`, all of them may have changed.
 */
export const profilesChanged = defineEvent(
  'profiles.changed',
  z.object({
    contactIds: z.array(z.string()).min(1).max(CHANGED_CONTACTS_MAX),
    parts: z.array(z.enum(PROFILE_PARTS)).min(1).optional(),
  }),
)
