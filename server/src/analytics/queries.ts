/** Statements over counters. */
import type { Ctx } from '../platform/context.ts'
import { hourOf, type MetricDelta } from './metric-delta.ts'

/** Appends rows; nobody waits for anybody. `at` is the beginning of a minute. */
export const insertDeltas = (ctx: Ctx, rows: readonly MetricDelta[]): Promise<unknown[]> =>
  ctx.db.named(
    'analytics_deltas_insert',
    `
    insert into metric_delta (org_id, campaign_id, run_id, channel, variant, hour, minute, name, n)
    select $1, d.campaign_id, d.run_id, d.channel, d.variant, d.hour, d.minute, d.name, d.n
    from unnest($2::uuid[], $3::uuid[], $4::text[], $5::smallint[], $6::timestamptz[], $7::timestamptz[], $8::text[],
      $9::bigint[]) as d (campaign_id, run_id, channel, variant, hour, minute, name, n)`,
    [
      ctx.orgId,
      rows.map((row) => row.campaignId),
      rows.map((row) => row.runId),
      rows.map((row) => row.channel),
      rows.map((row) => row.variant ?? 0),
      rows.map((row) => hourOf(row.at)),
      rows.map((row) => row.at),
      rows.map((row) => row.name),
      rows.map((row) => row.n),
    ],
  )
