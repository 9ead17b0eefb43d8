/** Events of single messages. Counted ones (sent, skipped) are metric deltas, not events: a second row per message would be half the speed. */
import { z } from 'zod'
import { defineEvent } from '../platform/events/index.ts'

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
