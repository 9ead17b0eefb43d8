/** Messages between the request that brought them and the transaction that records them. Pure. */
import type { ContactId } from '../../platform/ids.ts'
import type { Message, Properties } from './message.ts'
import { amountsOf } from './money.ts'
import { type IncomingPayload, orderIdOf } from './payload.ts'
import { postSourceOf, type PostSource } from '../post-links/marks.ts'
import { receiptKey } from './receipt-key.ts'
import type { MessageKind } from './words.ts'

/**
 * A message that waits to be written. Its payload is text already: thousands wait while a batch commits, and properties
 * and circumstances are dozens of things to the collector of garbage, which their text is not (measured: a third of the
 * server's CPU went into collecting them).
 */
export interface Arrival {
  kind: MessageKind
  type: string
  at: Date
  /** Under which it is remembered; null when it has no id of the sender's. */
  key: string | null
  userId: string | null
  anonymousId: string | null
  previousId: string | null
  contactId: ContactId | null
  email: string | null
  phone: string | null
  /** What `identify` and `group` say, until it is known what of it the contact has a place for; null for others. */
  traits: Properties | null
  /** Of a track event, the properties that an amount usually stands in, with the currency; null when it has none. */
  amounts: Properties | null
  /** The post that somebody came by, as the page says; whether that campaign is here is told when it is written. */
  post: PostSource | null
  /** The event's payload in JSON, without traits, the fields that they filled, and money. */
  payload: string
}

/** Makes a message ready to wait. @param sourceId  stands in its event */
export function arrivalOf(message: Message, sourceId: string): Arrival {
  const { kind, type, at, statedAt, messageId, anonymousId, groupId, data, context } = message
  const { userId, previousId, contactId, email, phone } = message
  const isTrack = kind === 'track'
  const isTraits = kind === 'identify' || kind === 'group'
  const orderId = isTrack ? orderIdOf(data) : null
  // What is undefined is not written.
  const payload: IncomingPayload = {
    messageId,
    sourceId,
    anonymousId: anonymousId ?? undefined,
    groupId: groupId ?? undefined,
    properties: isTraits ? undefined : data,
    context: context ?? undefined,
    orderId: orderId ?? undefined,
    statedAt: statedAt?.toISOString(),
  }
  return {
    kind,
    type,
    at,
    key: message.hasOwnId ? receiptKey(sourceId, messageId) : null,
    userId,
    anonymousId,
    previousId,
    contactId,
    email,
    phone,
    traits: isTraits ? data : null,
    post: isTrack || kind === 'page' ? postSourceOf(context, data) : null,
    amounts: isTrack ? amountsOf(data) : null,
    payload: JSON.stringify(payload),
  }
}

/** The whole payload in JSON, with what became known about the message since. */
export function payloadOf(
  { payload }: Arrival,
  more: Pick<IncomingPayload, 'traits' | 'fields' | 'money'>,
): string {
  const text = JSON.stringify(more)
  return text === '{}' ? payload : `${payload.slice(0, -1)},${text.slice(1)}`
}

/** The properties of a track event, read back: only for a definition that finds its amount in an unusual one. */
export const propertiesOf = ({ payload }: Arrival): Properties =>
  (JSON.parse(payload) as IncomingPayload).properties ?? {} // `arrivalOf` wrote it
