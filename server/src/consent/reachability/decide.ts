/** May this contact be written to? The reading in memory, for one contact whose facts are at hand. */
import type { ConsentState, SendPurpose, SkipReason, SuppressionReason, SuppressionScope } from '../words.ts'

/** What is known about one contact and channel. */
export interface ReachabilityFacts {
  hasAddress: boolean
  /** False for a webhook: it calls a system of the organization's own, about which nobody is asked. */
  isAsked?: boolean
  suppression: { reason: SuppressionReason; scope: SuppressionScope; expiresAt: Date | null } | null
  /** The word about this channel and marketing; null when there is none. */
  own: { state: ConsentState; expiresAt: Date | null; decidedAt?: Date } | null
  /** The word about all channels at once. */
  everywhere: { state: ConsentState } | null
  /** The word about this channel and the topic of the message; null when there is none, or no topic. */
  about?: { state: ConsentState; expiresAt: Date | null; decidedAt: Date } | null
}

/** @returns the first reason that applies, or null when the contact may be written to */
export function whyUnreachable(facts: ReachabilityFacts, purpose: SendPurpose, now: Date): SkipReason | null {
  if (!facts.hasAddress) return 'no_address'
  const suppression = suppressionInForce(facts, purpose, now)
  if (suppression !== null && suppression !== 'unsubscribe') return `suppressed_${suppression}`
  if (purpose === 'transactional') return null
  if (facts.everywhere?.state === 'withdrawn' || facts.everywhere?.state === 'denied') return 'opted_out'
  const { about = null, own, isAsked = true } = facts
  if (!isAsked) return null
  if (about?.state === 'withdrawn' || about?.state === 'denied') return 'topic_refused'
  if (about?.state === 'granted' && suppression === null && !hasLeftSince(own, about.decidedAt))
    return about.expiresAt !== null && about.expiresAt <= now ? 'expired' : null
  if (suppression !== null || own?.state === 'withdrawn') return 'withdrawn'
  if (own === null) return 'never_asked'
  if (own.state === 'denied') return 'denied'
  if (own.state === 'pending') return 'unconfirmed'
  if (own.state === 'expired' || (own.expiresAt !== null && own.expiresAt <= now)) return 'expired'
  return null
}

/** A word about a topic is the narrower one: it decides, unless the person has left the whole channel since. */
const hasLeftSince = (own: ReachabilityFacts['own'], since: Date): boolean =>
  (own?.state === 'withdrawn' || own?.state === 'denied') &&
  (own.decidedAt === undefined || own.decidedAt >= since)

function suppressionInForce(
  facts: ReachabilityFacts,
  purpose: SendPurpose,
  now: Date,
): SuppressionReason | null {
  const found = facts.suppression
  if (found === null || (found.expiresAt !== null && found.expiresAt <= now)) return null
  return purpose === 'marketing' || found.scope === 'all' ? found.reason : null
}
