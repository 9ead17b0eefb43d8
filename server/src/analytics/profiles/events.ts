/** What this room announces about profiles. */
import { z } from 'zod'
import { defineEvent } from '../../platform/events/index.ts'

/** Contacts that one event names at most. */
export const CHANGED_CONTACTS_MAX = 5_000

/**
 * Figures of contacts have changed and can be read: what listens to behaviour through figures follows this, and not the
 * events that moved them.
 */
export const profilesChanged = defineEvent(
  'profiles.changed',
  z.object({ contactIds: z.array(z.string()).min(1).max(CHANGED_CONTACTS_MAX) }),
)
