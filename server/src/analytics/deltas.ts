/** Counting: figures are appended as deltas inside the transaction of the work that they count. */
import type { Ctx } from '../platform/context.ts'
import type { CampaignId, RunId } from '../platform/ids.ts'
import type { LedgerCount } from '../tracking/index.ts'
import type { MetricName } from './names.ts'
import { insertDeltas } from './queries.ts'

/** So much more (or less) of one figure. */
export interface MetricDelta {
  campaignId: CampaignId
  runId: RunId
  channel: string
  variant: number
  name: MetricName
  n: number
  /** When it happened; the present instant unless said otherwise. Booked by its UTC hour. */
  at?: Date
}

const HOUR_MS = 3_600_000

/**
 * Appends deltas. Equal ones are summed first, so that a sub-batch of a thousand messages costs a handful of rows.
 * Never updates a counter: multi-row updates by several writers deadlocked 110 times of 120 when measured.
 */
export async function addDeltas(ctx: Ctx, deltas: readonly MetricDelta[]): Promise<void> {
  const summed = new Map<string, MetricDelta & { hour: Date }>()
  for (const delta of deltas) {
    const hour = hourOf(delta.at ?? ctx.now())
    const key = [
      delta.campaignId,
      delta.runId,
      delta.channel,
      delta.variant,
      hour.getTime(),
      delta.name,
    ].join('\0')
    const known = summed.get(key)
    if (known) known.n += delta.n
    else summed.set(key, { ...delta, hour })
  }
  const rows = [...summed.values()].filter((row) => row.n !== 0)
  if (rows.length > 0) await insertDeltas(ctx, rows)
}

/** What the ledger wrote, as deltas: `addDeltas(ctx, ledgerDeltas(run, await recordHandovers(…)))`. */
export function ledgerDeltas(
  run: { campaignId: CampaignId; runId: RunId; channel: string },
  counts: readonly LedgerCount[],
): MetricDelta[] {
  return counts.map(({ state, reason, variant, n }) => ({
    campaignId: run.campaignId,
    runId: run.runId,
    channel: run.channel,
    variant,
    name: reason === '' ? state : (`${state}:${reason}` as const),
    n,
  }))
}

/** The beginning of an instant's UTC hour. */
export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS)
}
