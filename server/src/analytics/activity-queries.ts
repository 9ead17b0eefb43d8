/** Statements for the chart over time. */
import type { Ctx } from '../platform/context.ts'
import type { CampaignId, RunId } from '../platform/ids.ts'

/** Days for which minutes are kept. */
export const MINUTES_KEPT_DAYS = 3

/** The series that a counter belongs to; null for those that no chart shows. Moves between states cancel out. */
export const SERIES_NAME = `case
  when split_part(name, '.', 1) in ('sent', 'delivered', 'bounced', 'unknown') then 'sent'
  when name in ('opened', 'clicked', 'unsubscribed') then name end`

/** So much of one series from an instant on. */
export interface SeriesRow {
  at: Date
  name: 'sent' | 'opened' | 'clicked' | 'unsubscribed'
  n: number
}

const rowsOf = (rows: readonly { at: Date; name: SeriesRow['name']; n: string }[]): SeriesRow[] =>
  rows.map((row) => ({ ...row, n: Number(row.n) }))

/** By the minute, with what is not rolled up yet. */
export const minutesOf = async (ctx: Ctx, campaignId: CampaignId): Promise<SeriesRow[]> =>
  rowsOf(
    await ctx.db.named(
      'analytics_activity_minutes',
      `
      select at, name, sum(n)::text as n
      from (
        select minute as at, name, n from metric_minute where org_id = $1 and campaign_id = $2
        union all
        select minute, ${SERIES_NAME}, n from metric_delta where org_id = $1 and campaign_id = $2
      ) counted
      where name is not null
      group by at, name
      having sum(n) <> 0
      order by at, name`,
      [ctx.orgId, campaignId],
    ),
  )

/** By the hour, with what is not rolled up yet; of one run, or of all. */
export const activeHoursOf = async (
  ctx: Ctx,
  campaignId: CampaignId,
  runId: RunId | null,
): Promise<SeriesRow[]> =>
  rowsOf(
    await ctx.db.named(
      'analytics_activity_hours',
      `
      select at, name, sum(n)::text as n
      from (
        select hour as at, ${SERIES_NAME} as name, n from metric where org_id = $1 and campaign_id = $2 and ($3::uuid is null or run_id = $3)
        union all
        select hour, ${SERIES_NAME}, n from metric_delta where org_id = $1 and campaign_id = $2 and ($3::uuid is null or run_id = $3)
      ) counted
      where name is not null
      group by at, name
      having sum(n) <> 0
      order by at, name`,
      [ctx.orgId, campaignId, runId],
    ),
  )
