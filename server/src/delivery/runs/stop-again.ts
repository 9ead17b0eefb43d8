/** Pausing, resuming and ending what is sent again after its run has ended. While a run is under way, its own state rules. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { CampaignId, RunId } from '../../platform/ids.ts'
import { enqueueMany } from '../../platform/jobs/index.ts'
import { errors } from '../errors.ts'
import { chunkJob, deliverChunk } from '../work.ts'
import { cancelAgain, holdAgain, lockAgain, waitingAgain } from './again-queries.ts'

/** Stops it within a second; what is under way completes. @throws delivery.nothing_waits_again */
export const pauseSendingAgain = (ctx: Ctx, campaignId: CampaignId): Promise<void> =>
  change(ctx, campaignId, 'paused', async (ctx) => {
    const runIds = await runsOf(ctx, campaignId, [false])
    await holdAgain(ctx, runIds, ctx.actor.id)
  })

/** Goes on with whoever still waits. @throws delivery.nothing_waits_again unless it rests */
export const resumeSendingAgain = (ctx: Ctx, campaignId: CampaignId): Promise<void> =>
  change(ctx, campaignId, 'resumed', async (ctx) => {
    const runIds = await runsOf(ctx, campaignId, [true])
    await holdAgain(ctx, runIds, null)
    await enqueueMany(
      ctx,
      deliverChunk,
      (await waitingAgain(ctx, runIds)).map((chunk) => chunkJob(chunk.runId, chunk)),
    )
  })

/** Ends it: whoever still waits keeps the answer that they had. @throws delivery.nothing_waits_again */
export const cancelSendingAgain = (ctx: Ctx, campaignId: CampaignId): Promise<void> =>
  change(ctx, campaignId, 'cancelled', async (ctx) => {
    const runIds = await runsOf(ctx, campaignId, [false, true])
    await cancelAgain(ctx, runIds)
    await holdAgain(ctx, runIds, null)
  })

function change(
  ctx: Ctx,
  campaignId: CampaignId,
  word: 'paused' | 'resumed' | 'cancelled',
  work: (ctx: Ctx) => Promise<void>,
): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    await work(ctx)
    audit(ctx, `campaign.again_${word}`, { kind: 'campaign', id: campaignId }, {})
  })
}

/** Of which something waits: under way (`false`), resting (`true`), or both. */
async function runsOf(ctx: Ctx, campaignId: CampaignId, held: readonly boolean[]): Promise<RunId[]> {
  const found: RunId[] = []
  for (const isHeld of held) found.push(...(await lockAgain(ctx, campaignId, isHeld)).map(({ id }) => id))
  if (found.length === 0) throw errors.nothing_waits_again({ campaignId })
  return found
}
