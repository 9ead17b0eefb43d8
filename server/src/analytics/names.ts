/** Names of figures. */
import type { LedgerState } from '../tracking/index.ts'
import type { AttributionModel } from './attribution/models.ts'

/** What people and programs did, counted once per person and message, and in total. */
export const ENGAGEMENTS = [
  'opened',
  'machine_opened',
  'clicked',
  'machine_clicked',
  'replied',
  'unsubscribed',
  'complained',
  'converted',
] as const
export type Engagement = (typeof ENGAGEMENTS)[number]

/** How messages of a provider to a country are counted; either is empty where there is none. */
export const billedAs = (providerId: string, country: string): `billed.${string}.${string}` =>
  `billed.${providerId}.${country}`

/**
 * - `audience`: people whom the run considered; written by delivery as it resolves.
 * - `measured`: messages handed over with a pixel, because their readers agreed to one; written by delivery.
 * - a state of the ledger, or `state.reason`, never both for one row: rows in it at present. A move takes one from the
 *   old state and adds one to the new, so that their sum is always what was handed over or skipped.
 * - an engagement: people who did it; `engagement.total`: how often.
 * - `gained`, `gained.total`: the same as `converted` of people who came by posts, under the name of the platform; apart,
 *   because they are no part of those whom messages reached.
 * - `conversions.last` and so on, per model: millionths of conversions credited; `revenue.last`: minor units of the
 *   organization's currency.
 * - `billed.<provider>.<country>`: messages handed over, by who took them and, on telephones, by the country of the number;
 *   each may be empty. Counted at the hand-over and never moved; what is priced by it is said in the room budgets.
 * - `link.3`, `link.3.total`, `link.3.machine`: people, times, and times by machines, per link.
 */
export type MetricName =
  | 'audience'
  | 'measured'
  | LedgerState
  | `${LedgerState}.${string}`
  | Engagement
  | `${Engagement}.total`
  | 'gained'
  | 'gained.total'
  | `billed.${string}.${string}`
  | `link.${number}`
  | `link.${number}.total`
  | `link.${number}.machine`
  | `conversions.${AttributionModel}`
  | `revenue.${AttributionModel}`
