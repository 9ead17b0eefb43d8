/** Out of sight: archive and back, delete and restore, and deletion for good after 30 days. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { campaignDeleted } from '../events.ts'
import { deletedBefore, removeCampaigns, setDate } from '../queries.ts'
import { RECOVERABLE_DAYS } from '../rules.ts'
import type { Campaign, CampaignAction } from '../schema.ts'
import { describeCampaign } from './read.ts'
import { lockFor } from './state.ts'

const PURGE_BATCH = 500

/** Hides a campaign for 30 days, then for ever. Source: CS-016, DS-CampaignService.deleteCampaign */
export function deleteCampaign(ctx: Ctx, id: CampaignId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const campaign = await lockFor(ctx, id, 'delete')
    await setDate(ctx, id, 'deleted_at', ctx.now())
    audit(ctx, 'campaign.deleted', { kind: 'campaign', id }, { name: campaign.name, status: campaign.status })
    announce(ctx, campaignDeleted, { campaignId: id }, { campaignId: id })
  })
}

/** Brings a deleted campaign back as it was. Source: CS-016.6 */
export const restoreCampaign = (ctx: Ctx, id: CampaignId): Promise<Campaign> =>
  dated(ctx, id, 'restore', 'deleted_at', null)

/** Moves an ended campaign out of the list. Source: CB-15.1 */
export const archiveCampaign = (ctx: Ctx, id: CampaignId): Promise<Campaign> =>
  dated(ctx, id, 'archive', 'archived_at', ctx.now())

/** Moves it back. */
export const unarchiveCampaign = (ctx: Ctx, id: CampaignId): Promise<Campaign> =>
  dated(ctx, id, 'unarchive', 'archived_at', null)

/** Removes what was deleted more than 30 days ago. Its ledger stays: counts and unsubscribe links outlive it. Source: CS-016.7 */
export async function purgeDeleted(ctx: Ctx): Promise<void> {
  const before = new Date(ctx.now().getTime() - RECOVERABLE_DAYS * 24 * 3_600_000)
  await inTransaction(ctx, async (ctx) => {
    const ids = await deletedBefore(ctx, before, PURGE_BATCH)
    if (ids.length === 0) return
    await removeCampaigns(ctx, ids)
    for (const id of ids) audit(ctx, 'campaign.purged', { kind: 'campaign', id })
  })
}

function dated(
  ctx: Ctx,
  id: CampaignId,
  action: CampaignAction,
  column: 'archived_at' | 'deleted_at',
  at: Date | null,
): Promise<Campaign> {
  return inTransaction(ctx, async (ctx) => {
    await lockFor(ctx, id, action)
    await setDate(ctx, id, column, at)
    audit(ctx, PAST[action] ?? `campaign.${action}`, { kind: 'campaign', id })
    return describeCampaign(ctx, id)
  })
}

const PAST: Partial<Record<CampaignAction, string>> = {
  restore: 'campaign.restored',
  archive: 'campaign.archived',
  unarchive: 'campaign.unarchived',
}
