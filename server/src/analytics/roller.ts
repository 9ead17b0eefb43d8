/** Folding deltas into figures once a second, and telling screens what moved. */
import type { Ctx } from '../platform/context.ts'
import { inTransaction, systemTransaction } from '../platform/db/index.ts'
import type { CampaignId, OrgId } from '../platform/ids.ts'
import { defineSchedule } from '../platform/jobs/index.ts'
import { campaignsMoved } from '../platform/screens.ts'
import { MINUTES_KEPT_DAYS, SERIES_NAME } from './activity-queries.ts'
import { HOUR_ADDED, HOUR_COLUMNS, HOUR_SUMS, IS_OF_HOUR } from './totals/columns.ts'

/** Deltas folded in one statement. */
const ROLL_BATCH = 20_000
const DAY_MS = 86_400_000

/** Every second, wherever deltas wait. Source: CS-011.4, FR-006.6, NFR-001.6 */
export const rollUp = defineSchedule({
  name: 'analytics.roll_up',
  everyMs: 1_000,
  perOrganization: false,
  handle: async (ctx) => {
    for (const orgId of await waitingOrganizations(ctx)) await rollOrganization(ctx.platform.systemCtx(orgId))
  },
})

async function waitingOrganizations(ctx: Ctx): Promise<OrgId[]> {
  const rows = await systemTransaction(ctx.platform.database, (db) =>
    db.named<{ orgId: OrgId }>(
      'analytics_waiting',
      'select distinct org_id from metric_delta order by org_id',
    ),
  )
  return rows.map((row) => row.orgId)
}

/** Folds what waits of one organization; safe beside another roller, each delta is taken by one. */
export async function rollOrganization(ctx: Ctx): Promise<void> {
  const campaigns = await inTransaction(ctx, (ctx) =>
    ctx.db.named<{ campaignId: CampaignId }>(
      'analytics_roll',
      `
      with due as (
        select id from metric_delta where org_id = $1 order by id limit $3 for update skip locked
      ), taken as (
        delete from metric_delta d using due where d.org_id = $1 and d.id = due.id
        returning d.campaign_id, d.run_id, d.channel, d.variant, d.hour, d.minute, d.name, d.n
      ), summed as (
        select campaign_id, run_id, channel, variant, hour, name, sum(n)::bigint as n from taken
        group by campaign_id, run_id, channel, variant, hour, name
      ), rolled as (
        insert into metric as m (org_id, campaign_id, run_id, channel, variant, hour, name, n, updated_at)
        select $1, campaign_id, run_id, channel, variant, hour, name, n, $2 from summed
        order by campaign_id, run_id, channel, variant, hour, name
        on conflict (org_id, campaign_id, run_id, channel, variant, hour, name)
          do update set n = m.n + excluded.n, updated_at = excluded.updated_at
      ), minutes as (
        insert into metric_minute as m (org_id, campaign_id, minute, name, n)
        select $1, campaign_id, minute, name, sum(n)::bigint
        from (select campaign_id, minute, ${SERIES_NAME} as name, n from taken) shown
        where name is not null
        group by campaign_id, minute, name
        order by campaign_id, minute, name
        on conflict (org_id, campaign_id, minute, name) do update set n = m.n + excluded.n
      ), hours as (
        insert into metric_of_hour as m (org_id, hour, channel, ${HOUR_COLUMNS})
        select $1, hour, channel, ${HOUR_SUMS} from summed
        where ${IS_OF_HOUR}
        group by hour, channel
        order by hour, channel
        on conflict (org_id, hour, channel) do update set ${HOUR_ADDED}
      ), figures as (
        insert into figure_of_campaign as m (org_id, campaign_id, ${HOUR_COLUMNS})
        select $1, campaign_id, ${HOUR_SUMS} from summed
        where ${IS_OF_HOUR}
        group by campaign_id
        order by campaign_id
        on conflict (org_id, campaign_id) do update set ${HOUR_ADDED}
      ), totals as (
        insert into metric_of_campaign as m (org_id, campaign_id, channel, variant, name, n)
        select $1, campaign_id, channel, variant, name, sum(n)::bigint from summed
        where name not like 'link.%'
        group by campaign_id, channel, variant, name
        order by campaign_id, channel, variant, name
        on conflict (org_id, campaign_id, channel, variant, name) do update set n = m.n + excluded.n
      )
      select distinct campaign_id from summed`,
      [ctx.orgId, ctx.now(), ROLL_BATCH],
    ),
  )
  campaignsMoved(
    ctx,
    campaigns.map(({ campaignId }) => campaignId),
  )
}

/** Every hour: minutes that no chart shows any more go; hours stay. */
export const forgetMinutes = defineSchedule({
  name: 'analytics.forget_minutes',
  everyMs: 3_600_000,
  perOrganization: true,
  handle: async (ctx) => {
    const before = new Date(ctx.now().getTime() - (MINUTES_KEPT_DAYS + 1) * DAY_MS)
    await ctx.db.named(
      'analytics_minutes_forget',
      'delete from metric_minute where org_id = $1 and minute < $2',
      [ctx.orgId, before],
    )
  },
})
