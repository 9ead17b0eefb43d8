/** What frequency caps look like on the wire. */
import { z } from 'zod'
import { TOPIC_KEY } from '../../consent/schema.ts'
import { instant } from '../../platform/wire.ts'
import { CAPPED_CHANNELS, CAPS_MAX, ON_EXCESS, WINDOW_HOURS_MAX } from './frequency-caps.ts'

/** At most so many marketing messages to a person in any so many hours. */
const frequencyCap = z.object({
  /** `any`: e-mail, SMS, WhatsApp and in-app messages together. */
  channel: z.enum([...CAPPED_CHANNELS, 'any']),
  /** The key of a topic of the preference centre: only messages about it count and are held; null: all. */
  topic: z.string().regex(TOPIC_KEY).nullable().default(null),
  messages: z.number().int().min(1, 'At least one.').max(1_000, 'At most 1,000.'),
  windowHours: z.number().int().min(1, 'At least one hour.').max(WINDOW_HOURS_MAX, 'At most 30 days.'),
  /** `defer`: it leaves as soon as there is room, within a week. */
  onExcess: z.enum(ON_EXCESS).default('drop'),
})

const frequencyCaps = z.object({
  /** All of them hold; transactional messages are exempt, and are not counted. */
  caps: z.array(frequencyCap).max(CAPS_MAX, `At most ${CAPS_MAX} rules.`),
})

const frequencyCapsPage = frequencyCaps.extend({ updatedAt: instant.nullable() })

/** Routes of frequency caps. */
export const capRoutes = {
  'GET /api/sending/caps': {
    summary: 'How often a person may be written to',
    ok: frequencyCapsPage,
    permission: 'delivery.read',
  },
  'PUT /api/sending/caps': {
    summary: 'Set how often a person may be written to; what is under way keeps it at once',
    body: frequencyCaps,
    ok: frequencyCapsPage,
    permission: 'delivery.write',
  },
} as const
