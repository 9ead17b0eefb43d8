/** By which model money is read: the campaign's choice, else the organization's. All models stay counted side by side. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { ATTRIBUTION_MODELS, type AttributionModel } from './models.ts'
import { selectCampaignModels, selectModel, updateCampaignModel, upsertModel } from './chosen-queries.ts'

/** How an organization reads that has chosen nothing. Source: CS-013.3, CB-10.2 */
const USUAL_MODEL: AttributionModel = 'last'

/** How the organization reads its money. */
export const organizationModel = async (ctx: Ctx): Promise<AttributionModel> =>
  known(await selectModel(ctx)) ?? USUAL_MODEL

/** Chooses it. Figures are counted by every model already: nothing is reckoned anew. */
export function chooseModel(ctx: Ctx, model: AttributionModel): Promise<{ model: AttributionModel }> {
  return inTransaction(ctx, async (ctx) => {
    const from = await organizationModel(ctx)
    await upsertModel(ctx, model)
    audit(
      ctx,
      'analytics.attribution_model_chosen',
      { kind: 'organization', id: ctx.orgId },
      { from, to: model },
    )
    return { model }
  })
}

/** The choice of one campaign; null where the organization's holds. */
export const campaignModel = async (ctx: Ctx, id: CampaignId): Promise<AttributionModel | null> =>
  known((await selectCampaignModels(ctx, [id])).get(id) ?? null)

/** Chooses for a campaign that has a conversion rule of its own. */
export const setCampaignModel = (
  ctx: Ctx,
  id: CampaignId,
  model: AttributionModel | null,
): Promise<unknown> => updateCampaignModel(ctx, id, model)

/** By which model each of some campaigns is read. */
export async function modelsOf(
  ctx: Ctx,
  ids: readonly CampaignId[],
): Promise<(id: CampaignId) => AttributionModel> {
  const usual = await organizationModel(ctx)
  const own = await selectCampaignModels(ctx, ids)
  return (id) => known(own.get(id) ?? null) ?? usual
}

/** One that is still there. */
const known = (model: string | null): AttributionModel | null =>
  ATTRIBUTION_MODELS.find((one) => one === model) ?? null
