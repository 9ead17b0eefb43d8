/**
 * How often a person may be written to: so many messages in a rolling window, on one channel or on all together, about one
 * topic or about anything. Pure.
 * Source: design §5 Frequency caps
 */
import type { Purpose, RunChannel } from '../runs/run.ts'

/** Channels whose messages count. A webhook calls a system of the organization's own: it writes to nobody. */
export const CAPPED_CHANNELS = ['email', 'sms', 'whatsapp', 'in_app'] as const
export type CappedChannel = (typeof CAPPED_CHANNELS)[number]

/** What becomes of a message too many. */
export const ON_EXCESS = ['drop', 'defer'] as const

/** A rule: at most so many messages within any window of so many hours. */
export interface FrequencyCap {
  channel: CappedChannel | 'any'
  /** Only messages about this topic count and are held; null, and in rules of earlier versions absent: all. */
  topic?: string | null
  messages: number
  windowHours: number
  /** `defer`: it leaves as soon as the window has room again. */
  onExcess: (typeof ON_EXCESS)[number]
}

/** Rules of an organization at most. */
export const CAPS_MAX = 10
/** Thirty days: longer windows would need messages that the queue has forgotten. */
export const WINDOW_HOURS_MAX = 30 * 24
/** So long a message may be deferred; after that it is no longer the one that was meant. */
export const DEFER_HOURS_MAX = 7 * 24

/** Which of two messages a person gets when there is room for one. */
export const PRIORITIES = ['low', 'normal', 'high'] as const
export type Priority = (typeof PRIORITIES)[number]

/** As a number, greater for those that win. */
export const rankOf = (priority: Priority): number => PRIORITIES.indexOf(priority)

/** The reason of messages that were one too many. */
export const CAPPED = 'capped'

/** The rules that hold for messages of a channel, purpose and topic. Transactional ones are exempt, and are not counted. */
export function capsFor(
  caps: readonly FrequencyCap[],
  message: { channel: RunChannel; purpose: Purpose; topic: string | null },
): FrequencyCap[] {
  const { channel, purpose, topic } = message
  if (purpose === 'transactional' || channel === 'webhook') return []
  return caps.filter(
    (cap) =>
      (cap.channel === 'any' || cap.channel === channel) &&
      ((cap.topic ?? null) === null || cap.topic === topic),
  )
}

/** The channels whose messages a set of rules counts. */
export const countedChannels = (caps: readonly FrequencyCap[]): readonly CappedChannel[] =>
  caps.some(({ channel }) => channel === 'any')
    ? CAPPED_CHANNELS
    : [...new Set(caps.flatMap(({ channel }) => (channel === 'any' ? [] : [channel])))]

/** A rule that has no room left for a person. */
export interface FullCap {
  /** Its place in the list of rules. */
  capNo: number
  /** The message after whose window there is room again. */
  nthLatestAt: Date
}

/** What follows for a person's message from the rules that have no room for it. */
export function verdictOn(
  caps: readonly FrequencyCap[],
  full: readonly FullCap[],
  now: Date,
): { kind: 'dropped' } | { kind: 'deferred'; until: Date } {
  let untilMs = now.getTime()
  for (const { capNo, nthLatestAt } of full) {
    const cap = caps[capNo]
    if (!cap || cap.onExcess === 'drop') return { kind: 'dropped' }
    // The window is open at its early end: exactly one window later there is room.
    untilMs = Math.max(untilMs, nthLatestAt.getTime() + cap.windowHours * HOUR_MS)
  }
  return { kind: 'deferred', until: new Date(Math.ceil(untilMs / SLOT_MS) * SLOT_MS) }
}

const HOUR_MS = 3_600_000
/** People who are deferred to the same quarter of an hour leave together. */
const SLOT_MS = 15 * 60_000
