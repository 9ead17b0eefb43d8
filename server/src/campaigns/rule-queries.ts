/** What rules of segments ask about campaigns: their names, and the runs that wrote to people. */
import type { Ctx } from '../platform/context.ts'
import type { CampaignId } from '../platform/ids.ts'
import type { NamedCampaign } from '../segments/index.ts'

/** Runs of one campaign that a rule looks at: the newest. */
const RUNS_MAX = 500

/** These campaigns with their runs. */
export function selectNamed(ctx: Ctx, ids: readonly CampaignId[]): Promise<NamedCampaign[]> {
  return ctx.db.named(
    'campaigns_named',
    `
    select c.id, c.name,
      array(select r.id from run r where r.org_id = $1 and r.campaign_id = c.id order by r.run_no desc limit $3) as run_ids
    from campaign c
    where c.org_id = $1 and c.id = any($2::uuid[]) and c.deleted_at is null`,
    [ctx.orgId, ids, RUNS_MAX],
  )
}

/** Campaigns that have been launched, newest first, by a part of their name. */
export function selectSent(ctx: Ctx, q: string, limit: number): Promise<{ id: CampaignId; name: string }[]> {
  return ctx.db.named(
    'campaigns_sent',
    `
    select id, name
    from campaign
    where org_id = $1 and deleted_at is null and launched_at is not null
      and ($2 = '' or strpos(segment_fold(name), segment_fold($2)) > 0)
    order by launched_at desc, id desc
    limit $3`,
    [ctx.orgId, q, limit],
  )
}
