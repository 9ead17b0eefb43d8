/**
 * Counting: figures are appended as deltas inside the transaction of the work that they count, and rolled up every
 * second. Multi-row counter updates from several writers deadlocked (110 of 120, measured).
 */
import type { Ctx } from '../platform/context.ts'
import type { LedgerCount } from '../tracking/index.ts'
import { minuteOf, type MetricDelta, type MetricSubject } from './metric-delta.ts'
import { insertDeltas } from './queries.ts'

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
