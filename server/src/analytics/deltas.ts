/**
 * Counting: figures are appended as deltas inside the transaction of the work that they count, and rolled up every
 * second. Multi-row counter updates from several writers deadlocked (110 of 120, measured).
 */
import type { Ctx } from '../platform/context.ts'
import type { CampaignId, RunId } from '../platform/ids.ts'
import type { LedgerCount } from '../tracking/index.ts'
import { insertDeltas } from './queries.ts'

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

/** Appends one delta per name of one subject: `{ sent: 998, 'bounced.hard': 2 }`. Zeros are left out. */
export function addDeltas(
  ctx: Ctx,
  subject: MetricSubject,
  counts: Readonly<Record<string, number>>,
): Promise<void> {
  const at = ctx.now()
  return appendDeltas(
    ctx,
    Object.entries(counts).map(([name, n]) => ({ ...subject, name, n, at })),
  )
}

/** Appends deltas of many subjects. Equal ones are summed first: a thousand messages cost a handful of rows. */
export async function appendDeltas(ctx: Ctx, deltas: readonly MetricDelta[]): Promise<void> {
  const summed = new Map<string, MetricDelta>()
  for (const delta of deltas) {
    const at = minuteOf(delta.at)
    const key = [
      delta.campaignId,
      delta.runId,
      delta.channel,
      delta.variant ?? 0,
      at.getTime(),
      delta.name,
    ].join('\0')
    summed.set(key, { ...delta, at, n: delta.n + (summed.get(key)?.n ?? 0) })
  }
  const rows = [...summed.values()].filter((row) => row.n !== 0)
  if (rows.length > 0) await insertDeltas(ctx, rows)
}

/** What the ledger wrote, as counts for `addDeltas`, apart per variant. */
export function ledgerDeltas(
  subject: MetricSubject,
  counts: readonly LedgerCount[],
  at: Date,
): MetricDelta[] {
  return counts.map(({ state, reason, variant, n }) => ({
    ...subject,
    variant,
    name: reason === '' ? state : `${state}.${reason}`,
    n,
    at,
  }))
}

/** The beginning of an instant's UTC hour. */
export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS)
}

/** The beginning of an instant's minute. */
export function minuteOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS)
}
