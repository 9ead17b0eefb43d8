/** What of an event stays when its person is erased. Pure. */
import type { PersonalEvent } from '../../platform/events/index.ts'
import { isPersonalByName } from '../dictionary/presets.ts'
import { incomingPayload, type IncomingPayload } from './payload.ts'

/** Which properties are personal, by type and name. */
export type PersonalProperties = ReadonlyMap<string, ReadonlySet<string>>

/**
 * An event's payload without what it says of the person: ids, circumstances, traits, properties that are personal, and
 * every other property that mentions one of the person's addresses or ids, or any e-mail address at all. That it
 * happened, when, and for how much stays.
 * @param words  addresses and ids of the person
 */
export function withoutPerson(
  event: PersonalEvent,
  personal: PersonalProperties,
  words: readonly string[],
): unknown {
  const read = incomingPayload.safeParse(event.payload)
  if (!read.success) return event.payload
  const { messageId, sourceId, money, orderId, properties, statedAt } = read.data
  const names = personal.get(event.type)
  const kept = Object.fromEntries(
    Object.entries(properties ?? {}).filter(
      ([name, value]) =>
        names?.has(name) !== true && !isPersonalByName(event.type, name) && !mentions(value, words),
    ),
  )
  const payload: IncomingPayload = {
    messageId,
    sourceId,
    ...(properties === undefined ? {} : { properties: kept }),
    ...(money === undefined ? {} : { money }),
    ...(orderId === undefined || mentions(orderId, words) ? {} : { orderId }),
    ...(statedAt === undefined ? {} : { statedAt }),
  }
  return payload
}

function mentions(value: unknown, words: readonly string[]): boolean {
  const text = (JSON.stringify(value) ?? '').toLowerCase()
  if (typeof value !== 'string' && typeof value !== 'object') return words.includes(text)
  return (
    EMAIL.test(text) ||
    words.some((word) => word.length >= WORD_CHARS_MIN && text.includes(word.toLowerCase()))
  )
}
const EMAIL = /[^\s"@]+(?:@|%40)[^\s"@]+\.[a-z]{2,}/
/** Shorter ids would be found in everything. */
const WORD_CHARS_MIN = 3
