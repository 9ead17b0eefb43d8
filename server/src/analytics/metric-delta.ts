/** One delta, and the hour and minute in which it is booked. Pure. */
import type { CampaignId, RunId } from '../platform/ids.ts'

/** What deltas are counted under. */
export interface MetricSubject {
  campaignId: CampaignId
  runId: RunId
  channel: string
  variant?: number
}

/** So much more (or less) of one figure in one hour. */
export interface MetricDelta extends MetricSubject {
  /** A MetricName; text, because reasons are part of names. */
  name: string
  n: number
  /** When it happened; booked by its UTC hour, and for some days by its minute. */
  at: Date
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** The beginning of an instant's UTC hour. */
export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS)
}

/** The beginning of an instant's minute. */
export function minuteOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS)
}
