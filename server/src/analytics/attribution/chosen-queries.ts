/** Statements over which model is chosen. */
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId } from '../../platform/ids.ts'
import type { AttributionModel } from './models.ts'

/** The organization's choice; null before any. */
export const selectModel = async (ctx: Ctx): Promise<string | null> =>
  (
    await ctx.db.named<{ model: string }>(
      'analytics_attribution_model',
      'select model from attribution_setting where org_id = $1',
      [ctx.orgId],
    )
  )[0]?.model ?? null

export const upsertModel = (ctx: Ctx, model: AttributionModel): Promise<unknown> =>
  ctx.db.named(
    'analytics_attribution_model_upsert',
    `
    insert into attribution_setting (org_id, model, created_at, updated_at) values ($1, $2, $3, $3)
    on conflict (org_id) do update set model = excluded.model, updated_at = excluded.updated_at`,
    [ctx.orgId, model, ctx.now()],
  )

/** The choices of some campaigns; those without one are left out. */
export async function selectCampaignModels(
  ctx: Ctx,
  ids: readonly CampaignId[],
): Promise<Map<CampaignId, string>> {
  const rows = await ctx.db.named<{ campaignId: CampaignId; model: string }>(
    'analytics_campaign_models',
    `
    select campaign_id, model from conversion_rule
    where org_id = $1 and campaign_id = any($2::uuid[]) and model is not null`,
    [ctx.orgId, ids],
  )
  return new Map(rows.map(({ campaignId, model }) => [campaignId, model]))
}

export const updateCampaignModel = (
  ctx: Ctx,
  id: CampaignId,
  model: AttributionModel | null,
): Promise<unknown> =>
  ctx.db.named(
    'analytics_campaign_model_update',
    'update conversion_rule set model = $3, updated_at = $4 where org_id = $1 and campaign_id = $2',
    [ctx.orgId, id, model, ctx.now()],
  )
