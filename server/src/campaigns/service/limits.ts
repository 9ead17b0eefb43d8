/** How fast a campaign leaves and what it may cost, changed at any time before its end. */
import { latestRun, limitRuns, setRunBudgets } from '../../delivery/index.ts'
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import { lockCampaign, setBudget, setTiming, type CampaignRow } from '../queries.ts'
import { allowedActions, isEnded } from '../rules.ts'
import type { Campaign } from '../schema.ts'
import { toMajor, toMinor } from '../../platform/money.ts'
import { organizationOf } from '../../team/index.ts'
import { resumeCampaign } from './lifecycle.ts'
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
    const campaign = await lockOpen(ctx, id)
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

/**
 * Sets what a campaign may cost in all, also while it runs; null: whatever it costs. A campaign that its budget stopped
 * goes on where it stopped when the new one leaves room.
 * @param budget in major units of the organization's currency
 * @throws campaigns.state_forbids when it has ended
 * Source: CB-9.1, CB-9.4
 */
export function setCampaignBudget(ctx: Ctx, id: CampaignId, budget: number | null): Promise<Campaign> {
  return inTransaction(ctx, async (ctx) => {
    const campaign = await lockOpen(ctx, id)
    const { currency } = await organizationOf(ctx)
    const budgetMinor = toMinor(budget, currency)
    const before = campaign.budgetMinor === null ? null : Number(campaign.budgetMinor)
    const spent = (await latestRun(ctx, id))?.outOfBudget ?? null
    await setBudget(ctx, id, budgetMinor)
    await setRunBudgets(ctx, id, budgetMinor)
    audit(
      ctx,
      'campaign.budget_set',
      { kind: 'campaign', id },
      { before: toMajor(before, currency), after: budget },
    )
    const isRaised = budgetMinor === null || (before !== null && budgetMinor > before)
    return campaign.status === 'paused' && spent?.scope === 'campaign' && isRaised
      ? resumeCampaign(ctx, id)
      : describeCampaign(ctx, id)
  })
}

/** @throws campaigns.state_forbids when it has ended */
async function lockOpen(ctx: Ctx, id: CampaignId): Promise<CampaignRow> {
  const campaign = await lockCampaign(ctx, id)
  if (!campaign) throw errors.not_found({ id })
  if (campaign.deletedAt || isEnded(campaign.status))
    throw errors.state_forbids(
      { id, action: 'limit', status: campaign.status },
      { extra: { state: campaign.status, allowed: allowedActions(campaign) } },
    )
  return campaign
}
