/** Loading a campaign for a change: locked, present, and in a state that allows it. */
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import { lockCampaign, type CampaignRow } from '../queries.ts'
import { allowedActions } from '../rules.ts'
import type { CampaignAction } from '../schema.ts'

/**
 * Locks a campaign for an action.
 * @throws campaigns.not_found
 * @throws campaigns.state_forbids with what is allowed instead
 */
export async function lockFor(ctx: Ctx, id: CampaignId, action: CampaignAction): Promise<CampaignRow> {
  const campaign = await lockCampaign(ctx, id)
  if (!campaign) throw errors.not_found({ id })
  const allowed = allowedActions(campaign)
  if (!allowed.includes(action))
    throw errors.state_forbids(
      { id, action, status: campaign.status },
      { extra: { state: campaign.status, allowed } },
    )
  return campaign
}

/** The actor as it is kept beside a change. */
export const actorName = (ctx: Ctx): string => `${ctx.actor.kind}:${ctx.actor.id}`
