/** Who of a test converted, and what it was worth: the campaign's own rule, refunds taken back. Pure. */
import {
  countedOfMessages,
  DEEDS_WITH_MESSAGES,
  matchOf,
  messageMatchOf,
  type ConversionRule,
} from '../analytics/index.ts'
import type { ContactId, RunId } from '../platform/ids.ts'
import { messageClicked, messageOpened, messageReplied } from '../tracking/index.ts'

/** Something that a person of the test did within their window, in the order of the log. */
export interface Happening {
  contactId: ContactId
  variant: number
  type: string
  role: string | null
  orderId: string | null
  /** Null when it names no money. */
  amountMinor: number | null
  currency: string | null
  properties: Readonly<Record<string, unknown>>
}

/** People and their money of one variant, in minor units. */
export interface ConversionCount {
  variant: number
  converted: number
  sum: number
  sumOfSquares: number
}

/** What counted before tests knew their campaigns' rules. */
export const USUAL_COUNTS: ConversionRule['matches'] = [{ kind: 'purchase', filters: [], valueMinor: null }]

/** The events that may count, or take back what did. */
export function candidatesOf(counts: ConversionRule['matches']): {
  roles: string[]
  types: string[]
  withProperties: boolean
} {
  return {
    roles: ['refund', ...counts.flatMap(({ kind }) => ROLES[kind] ?? [])],
    types: counts.flatMap((match) => (match.kind === 'event' ? [match.type] : [])),
    withProperties: counts.some(({ filters }) => filters.length > 0),
  }
}

const ROLES: Readonly<Partial<Record<ConversionRule['matches'][number]['kind'], string>>> = {
  purchase: 'purchase',
  subscription: 'subscription_started',
}

/** Somebody who opened, clicked or wrote back, as a person, within their window. */
export interface Engaged {
  contactId: ContactId
  runId: RunId
  variant: number
  opened: number
  clicked: number
  replied: number
}

/** Does anything count that people do with messages? Who gets none cannot do it. */
export const countsMessages = (counts: ConversionRule['matches']): boolean =>
  countedOfMessages({ matches: counts }).length > 0

/** Clicks, opens and replies as happenings: one for each of the rule's matches that they meet. Source: CB-10.1 */
export function happeningsOf(
  { contactId, runId, variant, opened, clicked, replied }: Engaged,
  counts: ConversionRule['matches'],
): (Happening & { runId: RunId })[] {
  const done = [
    ...(clicked > 0 ? [messageClicked.type] : []),
    ...(opened > 0 ? [messageOpened.type] : []),
    ...(replied > 0 ? [messageReplied.type] : []),
  ]
  const met = new Map(done.map((type) => [messageMatchOf({ matches: counts }, type), type]))
  return [...met].flatMap(([match, type]) =>
    match < 0
      ? []
      : [
          {
            contactId,
            runId,
            variant,
            type,
            role: null,
            orderId: null,
            amountMinor: null,
            currency: null,
            properties: {},
          },
        ],
  )
}

/**
 * Counts people who did what counts, and the money of each, never below 0. An order that is told twice is one. A refund
 * that names its order takes no more than that order brought, and all of it when it names no amount; one of an order
 * from before the message takes nothing. Money of another currency is not counted.
 *
 * Source: statistics §3, CB-10.2, CB-10.3
 */
export function countHappenings(
  happenings: readonly Happening[],
  counts: ConversionRule['matches'],
  currency: string,
): ConversionCount[] {
  const people = Map.groupBy(happenings, ({ contactId }) => contactId)
  const variants = new Map<number, ConversionCount>()
  for (const own of people.values()) {
    const worth = worthOf(own, counts, currency)
    const variant = own[0]?.variant ?? 0
    if (worth === null) continue
    const before = variants.get(variant) ?? { variant, converted: 0, sum: 0, sumOfSquares: 0 }
    variants.set(variant, {
      variant,
      converted: before.converted + 1,
      sum: before.sum + worth,
      sumOfSquares: before.sumOfSquares + worth ** 2,
    })
  }
  return [...variants.values()]
}

/** What one person's conversions were worth; null for who did not convert. */
function worthOf(
  happenings: readonly Happening[],
  counts: ConversionRule['matches'],
  currency: string,
): number | null {
  const orders = new Map<string, { orderId: string | null; worth: number }>()
  for (const [place, happening] of happenings.entries()) {
    const { type, orderId } = happening
    const isOfMessage = DEEDS_WITH_MESSAGES.has(type)
    const match =
      counts[
        isOfMessage ? messageMatchOf({ matches: counts }, type) : matchOf({ matches: counts }, happening)
      ]
    const key = JSON.stringify(orderId === null ? place : [type, orderId])
    if (match && !orders.has(key))
      orders.set(key, { orderId, worth: amountOf(happening, currency) ?? match.valueMinor ?? 0 })
  }
  if (orders.size === 0) return null
  let loose = 0
  for (const refund of happenings.filter(({ role }) => role === 'refund')) {
    const amount = amountOf(refund, currency)
    if (refund.orderId === null) loose += amount ?? 0
    const order = [...orders.values()].find(({ orderId }) => orderId !== null && orderId === refund.orderId)
    if (order) order.worth = Math.max(0, order.worth - (amount ?? order.worth))
  }
  const kept = [...orders.values()].reduce((sum, { worth }) => sum + worth, 0)
  return Math.max(0, kept - loose)
}

/** Null when the event names no money; 0 for money that is not ours to sum. */
const amountOf = (happening: Happening, currency: string): number | null =>
  happening.amountMinor === null ? null : happening.currency === currency ? happening.amountMinor : 0
