/** Limits: reading and setting the organization's, and changing a campaign's while it runs. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { hurry } from '../../platform/jobs/index.ts'
import type { RunLimits } from '../timing/run-timing.ts'
import { openChunks } from '../runs/queries.ts'
import { chunkKey, deliverChunk } from '../work.ts'
import { readSendingLimits, writeRunLimits, writeSendingLimits } from './limit-queries.ts'
import type { SendingLimits } from './sending-limits.ts'

/** The organization's limits. */
export async function sendingLimitsOf(ctx: Ctx): Promise<{ limits: SendingLimits; updatedAt: Date | null }> {
  return readSendingLimits(ctx)
}

/** Sets the organization's limits: what is under way keeps them from its next sub-batch on. Source: CS-010.6, FR-007.3 */
export function setSendingLimits(
  ctx: Ctx,
  limits: SendingLimits,
): Promise<{ limits: SendingLimits; updatedAt: Date | null }> {
  return inTransaction(ctx, async (ctx) => {
    const { limits: before } = await readSendingLimits(ctx)
    await writeSendingLimits(ctx, limits, `${ctx.actor.kind}:${ctx.actor.id}`)
    audit(ctx, 'sending_limits.changed', { kind: 'organization', id: ctx.orgId }, { before, after: limits })
    return readSendingLimits(ctx)
  })
}

/** Changes the limits of a campaign's runs that have not ended; who waits for a token asks anew at once. */
export function limitRuns(ctx: Ctx, campaignId: CampaignId, limits: RunLimits): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    for (const { id } of await writeRunLimits(ctx, campaignId, limits)) {
      const chunks = await openChunks(ctx, id)
      const due = chunks.filter(({ dueAt }) => dueAt <= ctx.now())
      await hurry(
        ctx,
        deliverChunk,
        due.map(({ chunkNo }) => chunkKey(id, chunkNo)),
      )
    }
  })
}
