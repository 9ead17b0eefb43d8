/** How fast a campaign leaves, changed at any time before its end. */
import { limitRuns } from '../../delivery/index.ts'
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import { lockCampaign, setTiming } from '../queries.ts'
import { allowedActions, isEnded } from '../rules.ts'
import type { Campaign } from '../schema.ts'
import { describeCampaign } from './read.ts'

/**
 * Sets a campaign's limits; runs under way keep them from their next sub-batch on.
 * @throws campaigns.state_forbids when it has ended
 * Source: CS-010.1, CS-010.2, FR-007.1, FR-007.2
 */
export function limitCampaign(
  ctx: Ctx,
  id: CampaignId,
  limits: { perMinute: number | null; perHour: number | null },
): Promise<Campaign> {
  return inTransaction(ctx, async (ctx) => {
    const campaign = await lockCampaign(ctx, id)
    if (!campaign) throw errors.not_found({ id })
    if (campaign.deletedAt || isEnded(campaign.status))
      throw errors.state_forbids(
        { id, action: 'limit', status: campaign.status },
        { extra: { status: campaign.status, allowed: allowedActions(campaign) } },
      )
    const { perMinute, perHour } = campaign.timing
    await setTiming(ctx, id, { ...campaign.timing, ...limits })
    await limitRuns(ctx, id, limits)
    audit(
      ctx,
      'campaign.limited',
      { kind: 'campaign', id },
      { before: { perMinute, perHour }, after: limits },
    )
    return describeCampaign(ctx, id)
  })
}
