/** Figures of a campaign as they travel. Their routes stand in campaigns, which knows whose campaign it is. */
import { z } from 'zod'
import { instant, pageOf, pageQuery, type RouteKey, type RouteSpec, wireId } from '../platform/wire.ts'
import type { ZoneSource } from '../contacts/index.ts'
import { ATTRIBUTION_MODELS } from './attribution/models.ts'
import { ENGAGEMENTS } from './names.ts'
import { RFM_CLASSES, SPENDING_LEVELS } from './profiles/definitions.ts'
export {
  RFM_CLASSES,
  RFM_GRID,
  SPENDING_LEVELS,
  type RfmClass,
  type SpendingLevel,
} from './profiles/definitions.ts'

export { ATTRIBUTION_MODELS } from './attribution/models.ts'

const count = z.number().int()

/** A share with what it is a share of; `ratio` is null when there was nothing to divide by. */
const rate = z.object({ part: count, whole: count, ratio: z.number().nullable() })

/** What can lead to a conversion: a click by a person (the usual), an open by one, or an arrival. */
export const TOUCH_KINDS = ['clicked', 'opened', 'delivered'] as const
export type TouchKind = (typeof TOUCH_KINDS)[number]

/** What a property of an event must be like. Texts compare without case. */
export const conversionFilter = z.object({
  property: z.string().trim().min(1).max(200),
  operator: z.enum(['equals', 'not_equals', 'contains', 'at_least', 'at_most', 'exists']),
  value: z.union([z.string().max(500), z.number(), z.boolean()]).default(''),
})
export type ConversionFilter = z.output<typeof conversionFilter>

const matchParts = {
  filters: z.array(conversionFilter).max(10).default([]),
  /** What one is worth when the event names no amount, in minor units; null for nothing. */
  valueMinor: z.number().int().min(0).max(1e12).nullable().default(null),
}
/** A kind of event that counts. Source: CS-013.1, CB-10.1, CB-10.3 */
export const conversionMatch = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('purchase'), ...matchParts }),
  z.object({ kind: z.literal('subscription'), ...matchParts }),
  /** One type of event, such as `track:Signed Up`. */
  z.object({ kind: z.literal('event'), type: z.string().trim().min(1).max(210), ...matchParts }),
  /** The first click of a person in a message of the campaign; filters ask nothing of it. */
  z.object({ kind: z.literal('click'), ...matchParts }),
  /** The first click, open or reply by a person, whichever comes first. */
  z.object({ kind: z.literal('engagement'), ...matchParts }),
])
export type ConversionMatch = z.output<typeof conversionMatch>

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
  /** People who wrote back, and how often. Words that end or begin a subscription do not count. */
  replied: z.object({ people: count, times: count }),
  unsubscribed: count,
  complained: count,
  /** People of whom something credited to the campaign came. Source: CS-013.6 */
  converted: count,
  /** Side by side, per model: conversions (parts of them add up) and revenue in the organization's currency. Source: CS-013.4, CS-013.7 */
  attributed: z.array(
    z.object({ model: z.enum(ATTRIBUTION_MODELS), conversions: z.number(), revenueMinor: count }),
  ),
  rates: z.object({
    delivery: rate,
    bounce: rate,
    open: rate,
    click: rate,
    clickToOpen: rate,
    reply: rate,
    unsubscribe: rate,
    complaint: rate,
    conversion: rate,
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
  /** Of the people who clicked at all on the link's channel. */
  whole: count,
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

// What a contact has become.

/** Minor units of a currency that stands beside them. */
const minor = z.number().int()

const fifth = z.number().int().min(1).max(5)

/** Everything derived of a contact; zeros and nulls for one who did nothing yet. Source: CB-3.1, FR-002 */
export const profile = z.object({
  contactId: wireId('contact'),
  /** The organization's; all `…Minor` beside it are in it. */
  currency: z.string(),
  orders: count,
  refunds: count,
  /** Less refunds; below zero when more was given back than is known to have been paid. */
  revenueMinor: minor,
  refundedMinor: minor,
  averageOrderMinor: minor.nullable(),
  lastOrderMinor: minor.nullable(),
  firstOrderAt: instant.nullable(),
  lastOrderAt: instant.nullable(),
  firstActivityAt: instant.nullable(),
  lastActivityAt: instant.nullable(),
  engagementScore: z.number().int().min(0).max(100),
  lifetimeValueMinor: minor,
  /** Null for who never ordered, and until fifths are drawn. */
  rfm: z.object({ recency: fifth, frequency: fifth, monetary: fifth, class: z.enum(RFM_CLASSES) }).nullable(),
  spendingLevel: z.enum(SPENDING_LEVELS).nullable(),
  subscription: z
    .object({ tier: z.string().nullable(), status: z.enum(['active', 'ended']), at: instant })
    .nullable(),
  /** Messages opened and links followed, by the hour of `timeZone`, from 0 to 23. */
  bestHours: z.array(count).length(24),
  timeZone: z.string(),
  /** How the zone is known: stated, shown by the last visit, of the country or number, or the organization's. */
  timeZoneFrom: z.enum([
    'own',
    'events',
    'country',
    'phone',
    'organization',
  ] as const satisfies readonly ZoneSource[]),
  channels: z.array(
    z.object({
      channel: z.string(),
      received: count,
      opened: count,
      clicked: count,
      converted: count,
      lastReceivedAt: instant.nullable(),
      lastOpenedAt: instant.nullable(),
      lastClickedAt: instant.nullable(),
    }),
  ),
  /** Orders in other currencies, never summed. */
  otherMoney: z.array(
    z.object({ currency: z.string(), orders: count, revenueMinor: minor, refundedMinor: minor }),
  ),
  /** Null while nothing is known. */
  updatedAt: instant.nullable(),
})
export type Profile = z.output<typeof profile>

/** What entries of a history may be filtered by. */
export const HISTORY_KINDS = ['orders', 'activity', 'messages', 'consent', 'data'] as const
export type HistoryKind = (typeof HISTORY_KINDS)[number]

/** One thing that happened to or by a contact, or that was done to them. */
export const historyEntry = z.object({
  /** Unique within the history. */
  id: z.string(),
  at: instant,
  kind: z.enum(HISTORY_KINDS),
  /** The type of the event; `message` for a row of the ledger. */
  type: z.string(),
  campaignId: wireId('campaign').nullable(),
  channel: z.string().nullable(),
  /** Of a message: where it stands, and why. */
  state: z.string().nullable(),
  reason: z.string().nullable(),
  /** True for what a program did in a person's name. */
  isMachine: z.boolean(),
  money: z.object({ amountMinor: minor, currency: z.string() }).nullable(),
  /** What the event says of itself, flat. Null: personal, and not for this caller. */
  details: z.array(z.object({ name: z.string(), value: z.string().nullable() })),
})
export type HistoryEntry = z.output<typeof historyEntry>

/** The buyers of an organization by recency and by frequency with money. */
export const rfmGrid = z.object({
  currency: z.string(),
  /** Null until fifths were drawn for the first time. */
  drawnAt: instant.nullable(),
  buyers: count,
  /** Somebody bought, and no fifths were drawn since: they are within a minute. */
  isBeingDrawn: z.boolean(),
  orders: count,
  revenueMinor: minor,
  /** The 25 fields, recency from 1 (longest ago) to 5, value (mean of frequency and money) from 1 to 5. */
  fields: z.array(
    z.object({
      recency: fifth,
      value: fifth,
      class: z.enum(RFM_CLASSES),
      people: count,
      orders: count,
      revenueMinor: minor,
    }),
  ),
})
export type RfmGrid = z.output<typeof rfmGrid>

/** A buyer behind a field or a class. */
export const buyer = z.object({
  contactId: wireId('contact'),
  email: z.string().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  class: z.enum(RFM_CLASSES),
  recency: fifth,
  frequency: fifth,
  monetary: fifth,
  orders: count,
  revenueMinor: minor,
  lastOrderAt: instant.nullable(),
})
export type Buyer = z.output<typeof buyer>

/** Bounds of spending levels; below `mediumFromMinor` is low. */
export const spendingLevels = z.object({
  currency: z.string(),
  mediumFromMinor: minor,
  highFromMinor: minor,
  /** Null while the usual bounds hold. */
  setAt: instant.nullable(),
  people: z.object({ low: count, medium: count, high: count }),
})
export type SpendingLevels = z.output<typeof spendingLevels>

const contactParams = z.object({ id: wireId('contact') })

/** Largest bound; beyond it a number of JavaScript would not be exact. */
const BOUND_MAX = 1e15

export const routes = {
  'GET /api/contacts/:id/profile': {
    summary: 'What a contact has become: orders, engagement, scores',
    params: contactParams,
    ok: profile,
    permission: 'contacts.read',
  },
  'GET /api/contacts/:id/history': {
    summary: 'Everything that happened to a contact and was done to them, latest first',
    params: contactParams,
    query: z.object({ ...pageQuery, kind: z.enum(HISTORY_KINDS).optional() }),
    ok: pageOf(historyEntry),
    permission: 'contacts.read',
  },
  'GET /api/analytics/rfm': {
    summary: 'Buyers by recency, frequency and money',
    ok: rfmGrid,
    permission: 'analytics.read',
  },
  'GET /api/analytics/rfm/people': {
    summary: 'The buyers of a field or a class, by revenue',
    query: z.object({
      ...pageQuery,
      recency: z.coerce.number().int().min(1).max(5).optional(),
      value: z.coerce.number().int().min(1).max(5).optional(),
      class: z.enum(RFM_CLASSES).optional(),
    }),
    ok: pageOf(buyer),
    permission: 'contacts.read',
  },
  'GET /api/analytics/attribution': {
    summary: 'By which model the organization reads its money; all models are kept side by side',
    ok: z.object({ model: z.enum(ATTRIBUTION_MODELS) }),
    permission: 'analytics.read',
  },
  'PUT /api/analytics/attribution': {
    summary: 'Chooses the model by which money is read wherever a campaign has no choice of its own',
    body: z.object({ model: z.enum(ATTRIBUTION_MODELS) }),
    ok: z.object({ model: z.enum(ATTRIBUTION_MODELS) }),
    permission: 'budgets.write',
  },
  'GET /api/analytics/spending-levels': {
    summary: 'The bounds of spending levels, and how many contacts stand in each',
    ok: spendingLevels,
    permission: 'analytics.read',
  },
  'PUT /api/analytics/spending-levels': {
    summary: 'Sets the bounds of spending levels',
    body: z
      .object({
        mediumFromMinor: minor.min(0).max(BOUND_MAX),
        highFromMinor: minor.min(1).max(BOUND_MAX),
      })
      .refine((bounds) => bounds.highFromMinor > bounds.mediumFromMinor, {
        path: ['highFromMinor'],
        message: 'High begins above medium.',
      }),
    ok: spendingLevels,
    permission: 'segments.write',
  },
} as const satisfies Record<RouteKey, RouteSpec>
