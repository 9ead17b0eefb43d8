/** The states of a message and the one direction in which they move. */
import type { CampaignId, RunId } from '../../platform/ids.ts'

/** Every state a row of the ledger may have. */
export const LEDGER_STATES = [
  'sent',
  'delivered',
  'bounced',
  'failed',
  'skipped',
  'held_out',
  'unknown',
] as const
export type LedgerState = (typeof LEDGER_STATES)[number]

/** States of messages that were handed to a provider, or may have been. */
export const HANDED_OVER_STATES = [
  'sent',
  'delivered',
  'bounced',
  'failed',
  'unknown',
] as const satisfies readonly LedgerState[]
export type HandedOverState = (typeof HANDED_OVER_STATES)[number]

/**
 * The order in which a message moves on: to the right only. A total order, so that the same provider events lead to
 * the same state in whatever order and however often they arrive. Skipped and held-out messages never move.
 * Source: design §5 Delivery
 */
export const MOVE_ORDER = [
  'unknown',
  'sent',
  'delivered',
  'failed',
  'bounced',
] as const satisfies readonly HandedOverState[]

/** Where a message stands after a provider's word. */
export function movedOn(from: LedgerState, to: HandedOverState): LedgerState {
  const rank = MOVE_ORDER.findIndex((state) => state === from)
  if (rank < 0) return from
  return MOVE_ORDER.indexOf(to) > rank ? to : from
}

/** The run in whose name rows are written. */
export interface LedgerRun {
  runId: RunId
  campaignId: CampaignId
  channel: string
  /** First day of the month that the run is booked in, `2026-11-01`. */
  month: string
}

/** Rows that a verb really wrote or moved, grouped: what counters add. */
export interface LedgerCount {
  state: LedgerState
  /** Empty for none. */
  reason: string
  variant: number
  n: number
}
