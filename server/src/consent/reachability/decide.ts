/** May this contact be written to? The reading in memory, for one contact whose facts are at hand. */
import type { ConsentState, SendPurpose, SkipReason, SuppressionReason, SuppressionScope } from '../words.ts'

/** What is known about one contact and channel. */
export interface ReachabilityFacts {
  hasAddress: boolean
  suppression: { reason: SuppressionReason; scope: SuppressionScope; expiresAt: Date | null } | null
  /** The word about this channel and marketing; null when there is none. */
  own: { state: ConsentState; expiresAt: Date | null } | null
  /** The word about all channels at once. */
  everywhere: { state: ConsentState } | null
}

/** @returns the first reason that applies, or null when the contact may be written to */
export function whyUnreachable(facts: ReachabilityFacts, purpose: SendPurpose, now: Date): SkipReason | null {
  if (!facts.hasAddress) return 'no_address'
  const suppression = suppressionInForce(facts, purpose, now)
  if (suppression !== null && suppression !== 'unsubscribe') return `suppressed_${suppression}`
  if (purpose === 'transactional') return null
  if (facts.everywhere?.state === 'withdrawn' || facts.everywhere?.state === 'denied') return 'opted_out'
  if (suppression !== null || facts.own?.state === 'withdrawn') return 'withdrawn'
  if (facts.own === null) return 'never_asked'
  if (facts.own.state === 'denied') return 'denied'
  if (facts.own.state === 'pending') return 'unconfirmed'
  if (facts.own.state === 'expired' || (facts.own.expiresAt !== null && facts.own.expiresAt <= now))
    return 'expired'
  return null
}

function suppressionInForce(
  facts: ReachabilityFacts,
  purpose: SendPurpose,
  now: Date,
): SuppressionReason | null {
  const found = facts.suppression
  if (found === null || (found.expiresAt !== null && found.expiresAt <= now)) return null
  return purpose === 'marketing' || found.scope === 'all' ? found.reason : null
}
