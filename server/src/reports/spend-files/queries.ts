/** Statements of files of spends. */
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId } from '../../platform/ids.ts'

/** Campaigns by id or by name, however it is capitalized. */
export const selectNamedCampaigns = (
  ctx: Ctx,
  { ids, names, limit }: { ids: readonly CampaignId[]; names: readonly string[]; limit: number },
): Promise<{ id: CampaignId; name: string }[]> =>
  ctx.db.named(
    'reports_named_campaigns',
    `
    select id, name from campaign
    where org_id = $1 and deleted_at is null and (id = any($2::uuid[]) or lower(name) = any($3::text[]))
    order by created_at desc, id desc limit $4`,
    [ctx.orgId, ids, names.map((name) => name.toLowerCase()), limit],
  )
