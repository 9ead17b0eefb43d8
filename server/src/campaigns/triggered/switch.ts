/** Switching a campaign that events set off on, on again after a pause, and off for good. Source: CS-004.6, CS-009 */
import { closeRun } from '../../delivery/index.ts'
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { campaignLaunched } from '../events.ts'
import { setStatus, type CampaignRow } from '../queries.ts'
import { freezeContents } from '../service/freeze.ts'
import { actorName } from '../service/state.ts'
import { openFedRun, dayOf } from './hand-over.ts'
import { wakeFor } from './follow-events.ts'
import {
  armTrigger,
  nextDue,
  readTrigger,
  removeSettled,
  setFedRun,
  skipWaiting,
  staleFedRuns,
} from './queries.ts'

/** Settled enrolments are kept so long; where a limit is “once ever” for as long as the campaign is not over. */
const SETTLED_KEPT_DAYS = 400
const REMOVE_BATCH = 10_000

/** Events set the campaign off from this instant on. In the caller's transaction. */
export async function switchOn(ctx: Ctx, campaign: CampaignRow): Promise<void> {
  const { id } = campaign
  const contents = await freezeContents(ctx, campaign, [{ no: 0, content: campaign.content }])
  await armTrigger(ctx, id, contents, campaign.version)
  const runId = await openFedRun(ctx, campaign, contents)
  await setStatus(ctx, id, { status: 'active', by: actorName(ctx), launchedAt: ctx.now() })
  audit(ctx, 'campaign.launched', { kind: 'campaign', id }, { from: campaign.status, runId, contents })
  announce(ctx, campaignLaunched, { campaignId: id, runId }, { campaignId: id, runId })
}

/** Goes on after a pause: with what is written now, for events from now on and for those who wait. */
export async function switchOnAgain(ctx: Ctx, campaign: CampaignRow): Promise<void> {
  const { id, version } = campaign
  const before = await readTrigger(ctx, id)
  if (before?.contentsVersion === version) await armTrigger(ctx, id, before.contents, version)
  else {
    const contents = await freezeContents(ctx, campaign, [{ no: 0, content: campaign.content }])
    if (before?.runId) await closeRun(ctx, before.runId)
    await armTrigger(ctx, id, contents, version)
    await setFedRun(ctx, id, null)
  }
  const next = await nextDue(ctx, id)
  if (next) await wakeFor(ctx, next)
}

/** Nobody is reached any more, those who wait included. */
export const switchOff = (ctx: Ctx, id: CampaignId): Promise<unknown> =>
  skipWaiting(ctx, id, 'campaign_cancelled')

/** Ends the runs of days that are over, wakes whoever a lost job left waiting, and forgets what is long settled. */
export async function tendTriggered(ctx: Ctx): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    for (const { campaignId, runId } of await staleFedRuns(ctx, dayOf(ctx.now()))) {
      await closeRun(ctx, runId)
      await setFedRun(ctx, campaignId, null)
    }
    const next = await nextDue(ctx)
    if (next) await wakeFor(ctx, next)
    await removeSettled(ctx, new Date(ctx.now().getTime() - SETTLED_KEPT_DAYS * 24 * 3_600_000), REMOVE_BATCH)
  })
}
