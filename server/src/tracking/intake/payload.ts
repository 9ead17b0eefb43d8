/** What an event of the outside holds. Rooms above read `money`, `orderId` and `properties`. */
import { z } from 'zod'
import { defineEvent, type EventDefinition } from '../../platform/events/index.ts'
import type { Properties } from './message.ts'

/** The payload of `track:…`, `page`, `screen`, `identify` and `group`. */
export const incomingPayload = z.object({
  messageId: z.string(),
  /** Wire id of the source, or `api`. */
  sourceId: z.string(),
  anonymousId: z.string().optional(),
  groupId: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  /** What `identify` and `group` said, without what the contact's own fields hold. */
  traits: z.record(z.string(), z.unknown()).optional(),
  /** Fields of the contact that these traits filled. */
  fields: z.array(z.string()).optional(),
  context: z.record(z.string(), z.unknown()).optional(),
  orderId: z.string().optional(),
  /** The amount in minor units, never negative; what it means is the role of the event's definition. */
  money: z.object({ amountMinor: z.number().int().min(0), currency: z.string() }).optional(),
  /** What the sender said, when it could not be: see `eventInstant`. */
  statedAt: z.string().optional(),
})
export type IncomingPayload = z.output<typeof incomingPayload>

/** How the types of events from outside begin; with them a consumer reads all of them. */
export const INCOMING_TYPES = ['track:*', 'page', 'screen', 'identify', 'group'] as const

/** The definition under which an event of a type is announced. */
export const incomingEvent = (type: string): EventDefinition<IncomingPayload> =>
  defineEvent(type, incomingPayload)

const ORDER_ID_CHARS_MAX = 200

/** The order that an event is about; null when it names none. */
export function orderIdOf(properties: Properties): string | null {
  for (const name of ['order_id', 'orderId']) {
    const value = properties[name]
    if (typeof value === 'string' && value.trim() !== '') return value.trim().slice(0, ORDER_ID_CHARS_MAX)
    if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  }
  return null
}
