/** Figures of a campaign as they travel. Their routes stand in campaigns, which knows whose campaign it is. */
import { z } from 'zod'
import { instant, pageOf, wireId } from '../platform/wire.ts'
import { ENGAGEMENTS } from './names.ts'

const count = z.number().int()

/** A share with what it is a share of; `ratio` is null when there was nothing to divide by. */
const rate = z.object({ part: count, whole: count, ratio: z.number().nullable() })

/** People, and how often, by people and by machines apart. Source: FR-006.2 */
const engagement = z.object({ people: count, times: count, machinePeople: count, machineTimes: count })

const byReason = z.array(z.object({ reason: z.string(), people: count }))

/** Everything counted of a campaign over all its runs. `audience = handedOver + skipped + heldOut + waiting`. */
export const figures = z.object({
  audience: count,
  skipped: count,
  skippedByReason: byReason,
  heldOut: count,
  /** Accepted by a server or provider, or possibly so. */
  handedOver: count,
  /** Handed over and not returned. */
  delivered: count,
  /** Handed over with a pixel, because the reader agreed to one: what opens can be seen of. */
  measured: count,
  bounced: count,
  bouncedByReason: byReason,
  failed: count,
  failedByReason: byReason,
  /** Handed over without an answer: may have arrived, possibly twice. */
  unknown: count,
  opened: engagement,
  clicked: engagement,
  unsubscribed: count,
  complained: count,
  rates: z.object({
    delivery: rate,
    bounce: rate,
    open: rate,
    click: rate,
    clickToOpen: rate,
    unsubscribe: rate,
    complaint: rate,
  }),
  /** True when fewer than 95 % of what was handed over stayed delivered. Source: CS-011.6 */
  isDeliveryLow: z.boolean(),
})
export type Figures = z.output<typeof figures>

/** One hour of a campaign. */
export const hourFigures = z.object({
  hour: instant,
  sent: count,
  opened: count,
  clicked: count,
  unsubscribed: count,
})
export type HourFigures = z.output<typeof hourFigures>

/** What happened over time, without holes: as fine as it is readable. Source: CS-012.2 */
export const activity = z.object({
  /** Length of each point, from its `at` on. */
  stepMinutes: count,
  points: z.array(z.object({ at: instant, sent: count, opened: count, clicked: count, unsubscribed: count })),
})
export type Activity = z.output<typeof activity>

/** One link of what was said on a channel. */
export const linkFigures = z.object({
  channel: z.string(),
  linkNo: count,
  url: z.string(),
  label: z.string(),
  people: count,
  times: count,
  machineTimes: count,
  share: z.number().nullable(),
})
export type LinkFigures = z.output<typeof linkFigures>

/** What a list of people may be asked of: a state of the ledger, or something that people did. */
export const PEOPLE_OF = [
  'skipped',
  'held_out',
  'sent',
  'delivered',
  'bounced',
  'failed',
  'unknown',
  ...ENGAGEMENTS,
] as const
export type PeopleOf = (typeof PEOPLE_OF)[number]

/** A person behind a number. */
export const personBehind = z.object({
  contactId: wireId('contact'),
  email: z.string().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  /** Of the message; null for what people did. */
  channel: z.string().nullable(),
  reason: z.string().nullable(),
  at: instant.nullable(),
})
export type PersonBehind = z.output<typeof personBehind>

export const peoplePage = pageOf(personBehind)
