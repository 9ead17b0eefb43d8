/** Pure decisions about events that set campaigns off: when a message is due, and which events count. */
import type { LogEvent } from '../../platform/events/index.ts'
import type { CampaignId, ContactId } from '../../platform/ids.ts'
import { DELAY_UNITS, type Trigger } from './schema.ts'

const HOUR_MS = 3_600_000
const LIMIT_MS: Readonly<Record<Trigger['limit'], number>> = {
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
  ever: Number.POSITIVE_INFINITY,
}

/** An event that came in later than this after it happened sets nothing off: an app that was offline, an import. */
export const LATE_MS = 24 * HOUR_MS

/** Why an event that matched set nothing off. */
export type PassedOver = 'outside_audience' | 'limited' | 'too_late'

/** When the message of an event is due: exact time later, whatever clocks do meanwhile. Source: CS-004.3, FR-004.4 */
export const dueAt = ({ delay }: Pick<Trigger, 'delay'>, at: Date): Date =>
  new Date(at.getTime() + delay.count * DELAY_UNITS[delay.unit] * 60_000)

/** May an event set anything off? Programs' opens and clicks never, what happened before never. */
export function canTrigger(event: LogEvent, armedAt: Date): boolean {
  if (event.contactId === null || event.recordedAt < armedAt || event.at < armedAt) return false
  const { payload } = event
  return !(
    typeof payload === 'object' &&
    payload !== null &&
    'machine' in payload &&
    payload.machine === true
  )
}

/** Did the news of an event come too late for it to set anything off? */
export const isTooLate = ({ at, recordedAt }: Pick<LogEvent, 'at' | 'recordedAt'>): boolean =>
  recordedAt.getTime() - at.getTime() > LATE_MS

/** One event of one person that a trigger is meant for. */
export interface Candidate {
  campaignId: CampaignId
  eventSeq: string
  contactId: ContactId
  at: Date
}

/**
 * Which events of a person count: none sooner after the last than the limit allows. An event that happened before the
 * last one that counted counts as too soon, so that events in any order never give more than the limit.
 * @param last per person, when an event last counted
 * Source: CS-004.5, FR-004.5
 */
export function withinLimit(
  candidates: readonly Candidate[],
  limit: Trigger['limit'],
  last: ReadonlyMap<ContactId, Date>,
): { counted: Candidate[]; limited: Candidate[] } {
  const lastMs = new Map([...last].map(([contactId, at]) => [contactId, at.getTime()]))
  const counted: Candidate[] = []
  const limited: Candidate[] = []
  const inOrder = candidates.toSorted((a, b) => a.at.getTime() - b.at.getTime())
  for (const candidate of inOrder) {
    const before = lastMs.get(candidate.contactId)
    if (before !== undefined && candidate.at.getTime() - before < LIMIT_MS[limit]) limited.push(candidate)
    else {
      lastMs.set(candidate.contactId, candidate.at.getTime())
      counted.push(candidate)
    }
  }
  return { counted, limited }
}

/** Everybody's first; who comes a second time has their turn in another run. */
export function oncePerPerson<E extends { contactId: ContactId }>(enrolments: readonly E[]): E[] {
  const seen = new Set<ContactId>()
  return enrolments.filter(({ contactId }) => !seen.has(contactId) && seen.add(contactId))
}
