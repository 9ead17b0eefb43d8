/** Words about runs that screens know too. */

/** States of a run. */
export const RUN_STATES = ['resolving', 'running', 'paused', 'completed', 'cancelled', 'failed'] as const

/** Which limits keep a run busy. */
export const BOUND_SCOPES = ['campaign', 'channel', 'organization', 'provider', 'receiver', 'sender'] as const
export type BoundScope = (typeof BOUND_SCOPES)[number]

/** How a person stands in a run. */
export const WHY_KINDS = [
  /** It ended: `state` and `reason` say how. */
  'outcome',
  /** It waits for its turn. */
  'waiting',
  /** It waits for an hour at which the person may be written to. */
  'held',
  /** The provider refused it for now. */
  'refused_for_now',
  'paused',
  /** The channel rests for trouble of its own. */
  'resting',
  /** The run was cancelled before. */
  'not_reached',
  'not_in_audience',
  /** The person belongs to the audience now, and did not when it was resolved. */
  'joined_later',
  /** The audience is still being put together. */
  'being_resolved',
] as const
