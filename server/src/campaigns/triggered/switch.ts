/** Switching a campaign that events set off on, on again after a pause, and off for good. Source: CS-004.6, CS-009 */
import { closeRun, type RunContent } from '../../delivery/index.ts'
import { drawSplit, experimentOf, startExperiment, type Experiment } from '../../experiments/index.ts'
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import type { CampaignId, RunId } from '../../platform/ids.ts'
import { contentsOf, variantsThatLeave } from '../ab-test/variant-content.ts'
import { campaignLaunched } from '../events.ts'
import { lockCampaign, setStatus, type CampaignRow } from '../queries.ts'
import type { Content } from '../schema.ts'
import { freezeContents } from '../service/freeze.ts'
import { actorName } from '../service/state.ts'
import { openFedRun, dayOf, testIn } from './hand-over.ts'
import { wakeFor } from './follow-events.ts'
import {
  armTrigger,
  nextDue,
  readTrigger,
  removeSettled,
  setContents,
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
  const { runId, contents } = await begin(ctx, campaign)
  await setStatus(ctx, id, { status: 'active', by: actorName(ctx), launchedAt: ctx.now() })
  audit(ctx, 'campaign.launched', { kind: 'campaign', id }, { from: campaign.status, runId, contents })
  announce(ctx, campaignLaunched, { campaignId: id, runId }, { campaignId: id, runId })
}

/** Arms the trigger with what is written now, opens a run, and begins a test that was set up. */
async function begin(ctx: Ctx, campaign: CampaignRow): Promise<{ runId: RunId; contents: RunContent[] }> {
  const { id, content, version } = campaign
  const test = await draftTest(ctx, id)
  const split = test && drawSplit(ctx, test)
  const variants = test && variantsThatLeave(content, test.variants)
  const contents = await freezeContents(ctx, campaign, variants ? contentsOf(variants) : [{ no: 0, content }])
  await armTrigger(ctx, id, contents, version)
  const runId = await openFedRun(ctx, campaign, contents, split)
  if (test && split && variants)
    await startExperiment(ctx, test.id, { runId, split, recipients: null, variants })
  return { runId, contents }
}

async function draftTest(ctx: Ctx, id: CampaignId): Promise<Experiment | null> {
  const test = await experimentOf(ctx, id)
  return test?.state === 'draft' ? test : null
}

/**
 * Goes on after a pause: with what is written now, for events from now on and for those who wait. A test that is
 * under way goes on with what its variants said when it began.
 */
export async function switchOnAgain(ctx: Ctx, campaign: CampaignRow): Promise<void> {
  const { id, version } = campaign
  const before = await readTrigger(ctx, id)
  if (await draftTest(ctx, id)) {
    if (before?.runId) await closeRun(ctx, before.runId)
    await begin(ctx, campaign)
  } else if (before?.contentsVersion === version) await armTrigger(ctx, id, before.contents, version)
  else {
    const test = await testIn(ctx, id, before?.contents ?? [])
    const contents = await freezeContents(
      ctx,
      campaign,
      test
        ? contentsOf(variantsThatLeave(campaign.content, test.variants))
        : [{ no: 0, content: campaign.content }],
    )
    if (before?.runId) await closeRun(ctx, before.runId)
    await armTrigger(ctx, id, contents, version)
    await setFedRun(ctx, id, null)
  }
  const next = await nextDue(ctx, id)
  if (next) await wakeFor(ctx, next)
}

/** A test has ended: from now on everybody gets this content, those who wait included. In the caller's transaction. */
export async function sayToAll(ctx: Ctx, campaign: CampaignRow, content: Content): Promise<void> {
  const { id } = campaign
  const contents = await freezeContents(ctx, campaign, [{ no: 0, content }])
  const before = await readTrigger(ctx, id)
  if (before?.runId) await closeRun(ctx, before.runId)
  const now = await lockCampaign(ctx, id)
  await setContents(ctx, id, contents, now?.version ?? campaign.version)
  await setFedRun(ctx, id, null)
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
