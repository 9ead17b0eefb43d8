/**
 * When something happened, from what the sender's clock says. Clocks of devices are wrong, by hours or by years; the
 * server's is right. Pure.
 * Source: Segment's protocol (timestamp = receivedAt − (sentAt − originalTimestamp))
 */

/** A difference between sending and receiving that is the road's, not the clock's: the stated instant stays as it is. */
export const ROAD_MS = 5_000
/** Nothing of ours happened before; what says so has no clock. */
export const EARLIEST = new Date('2000-01-01T00:00:00.000Z')

/** ISO 8601 with a day, a time and a zone; a day alone is its beginning in UTC. */
const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i

/** Reads an instant as the protocol writes it; without a zone it is UTC. Null for anything else. */
export function readInstant(value: unknown): Date | null {
  if (typeof value !== 'string' || !ISO.test(value)) return null
  const hasZone = value.length <= 10 || /(?:Z|[+-]\d{2}:?\d{2})$/i.test(value)
  const read = new Date(hasZone ? value : `${value}Z`)
  return Number.isNaN(read.getTime()) ? null : read
}

/** When an event happened, and what the sender said where that could not be. */
export interface EventInstant {
  at: Date
  statedAt: Date | null
}

/**
 * The instant of an event. Corrected by the skew of the sender's clock when that is known and more than the road;
 * never later than it was received, never before `EARLIEST`: such an event counts as happening when it was received,
 * and what was said is kept beside it.
 */
export function eventInstant(receivedAt: Date, stated: Date | null, sentAt: Date | null): EventInstant {
  if (stated === null) return { at: receivedAt, statedAt: null }
  const skewMs = sentAt === null ? 0 : receivedAt.getTime() - sentAt.getTime()
  const at = Math.abs(skewMs) <= ROAD_MS ? stated : new Date(stated.getTime() + skewMs)
  if (at.getTime() > receivedAt.getTime() || at.getTime() < EARLIEST.getTime())
    return {
      at: receivedAt,
      statedAt: Math.abs(at.getTime() - receivedAt.getTime()) <= ROAD_MS ? null : stated,
    }
  return { at, statedAt: null }
}
