/** The life of a campaign: schedule, launch, pause, resume, cancel, and its end. */
import {
  cancelRun,
  haltRun,
  latestRun,
  openRunIds,
  pauseRun,
  resumeRun,
  startRun,
  budgetSentence,
  campaignsOutOf,
  type OutOfBudget,
  tripSentence,
  type Trip,
} from '../../delivery/index.ts'
import type { BudgetOwner } from '../../budgets/index.ts'
import { drawSplit, experimentOf, startExperiment, stopExperiment } from '../../experiments/index.ts'
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import type { CampaignId, RunId } from '../../platform/ids.ts'
import { enqueue } from '../../platform/jobs/index.ts'
import { tellOutOfBudget, tellStopped } from '../work.ts'
import {
  campaignCancelled,
  campaignCompleted,
  campaignFailed,
  campaignLaunched,
  campaignPaused,
  campaignResumed,
  campaignScheduled,
} from '../events.ts'
import { errors } from '../errors.ts'
import { lockCampaign, setStatus, type CampaignRow } from '../queries.ts'
import { runTiming, waitsAs, willRepeat } from '../rules.ts'
import type { Campaign, Schedule } from '../schema.ts'
import { isHeldOpen } from '../ab-test/held-open.ts'
import { contentsOf, variantsThatLeave } from '../ab-test/variant-content.ts'
import { switchOff, switchOn, switchOnAgain } from '../triggered/switch.ts'
import { freezeContents } from './freeze.ts'
import { assertReady, estimateAudience } from './readiness.ts'
import { firstStartOf, planStart, resumePlan } from './planning.ts'
import { describeCampaign } from './read.ts'
import { actorName, lockFor } from './state.ts'

/**
 * Plans the start, or moves it.
 * @throws campaigns.too_soon when the start lies less than five minutes ahead
 * @throws campaigns.no_start, campaigns.cron_invalid when the plan names no start
 * @throws campaigns.not_ready when content or audience could not leave
 * Source: CS-008, FR-004.1, DS-CampaignService.scheduleCampaign
 */
export function scheduleCampaign(ctx: Ctx, id: CampaignId, schedule: Schedule): Promise<Campaign> {
  return inTransaction(ctx, async (ctx) => {
    const campaign = await lockFor(ctx, id, 'schedule')
    const first = await firstStartOf(ctx, id, schedule)
    const scheduledAt = first.at
    await assertReady(ctx, campaign)
    await setStatus(ctx, id, {
      status: waitsAs(campaign, schedule),
      by: actorName(ctx),
      schedule: { schedule, scheduledAt, plannedFor: first.wall },
    })
    await planStart(ctx, id, schedule, scheduledAt)
    audit(
      ctx,
      'campaign.scheduled',
      { kind: 'campaign', id },
      { from: campaign.status, schedule, scheduledAt, before: campaign.schedule },
    )
    announce(
      ctx,
      campaignScheduled,
      { campaignId: id, scheduledAt: scheduledAt.toISOString() },
      { campaignId: id },
    )
    return describeCampaign(ctx, id)
  })
}

/**
 * Starts the campaign now: content and audience are frozen, delivery begins.
 * @throws campaigns.changed_since when `version`, which somebody has looked at, is not the present one
 * @throws campaigns.not_ready when content or audience could not leave
 * Source: DS-CampaignService.launchCampaign, FR-002.6
 */
export function launchCampaign(
  ctx: Ctx,
  id: CampaignId,
  { version }: { version?: number | undefined } = {},
): Promise<Campaign> {
  return inTransaction(ctx, async (ctx) => {
    const campaign = await lockFor(ctx, id, 'launch')
    if (version !== undefined && version !== campaign.version)
      throw errors.changed_since({ id }, { extra: { version: campaign.version } })
    await assertReady(ctx, campaign)
    if (campaign.delivery === 'triggered') await switchOn(ctx, campaign)
    else await begin(ctx, campaign, ctx.now())
    return describeCampaign(ctx, id)
  })
}

/** Stops new hand-overs within a second; what is on its way completes. Source: CS-009.1–4, DS-CampaignService.pauseCampaign */
export function pauseCampaign(ctx: Ctx, id: CampaignId): Promise<Campaign> {
  return inTransaction(ctx, async (ctx) => {
    const campaign = await lockFor(ctx, id, 'pause')
    for (const runId of await openRunIds(ctx, id)) await pauseRun(ctx, runId)
    await setStatus(ctx, id, { status: 'paused', by: actorName(ctx), pausedFrom: campaign.status })
    audit(ctx, 'campaign.paused', { kind: 'campaign', id }, { from: campaign.status })
    announce(ctx, campaignPaused, { campaignId: id }, { campaignId: id })
    return describeCampaign(ctx, id)
  })
}

/**
 * Goes back to where it was paused: a run continues with those it has not reached.
 * @param because  why it may go on, needed and kept where a breaker stopped it
 * @throws campaigns.schedule_passed when it was waiting for a start that has gone by
 * @throws campaigns.reason_needed
 * Source: CS-009.5–6, DS-CampaignService.resumeCampaign
 */
export function resumeCampaign(ctx: Ctx, id: CampaignId, because: string | null = null): Promise<Campaign> {
  return inTransaction(ctx, async (ctx) => {
    const campaign = await lockFor(ctx, id, 'resume')
    if (because === null && (await latestRun(ctx, id))?.isTripped)
      throw errors.reason_needed(
        { id },
        { problems: [{ path: 'reason', message: 'Say why it may go on. The reason is kept in the log.' }] },
      )
    const from = campaign.pausedFrom ?? 'running'
    const isTriggered = campaign.delivery === 'triggered'
    if (from === 'scheduled' || isTriggered) await assertReady(ctx, campaign)
    const next = await resumePlan(ctx, campaign)
    const runIds = await openRunIds(ctx, id)
    for (const runId of runIds) await resumeRun(ctx, runId)
    const status = from === 'active' && next === null && !isTriggered ? 'completed' : from
    await setStatus(ctx, id, { status, by: actorName(ctx) })
    if (isTriggered) await switchOnAgain(ctx, campaign)
    audit(
      ctx,
      'campaign.resumed',
      { kind: 'campaign', id },
      { to: status, ...(because === null ? {} : { reason: because }) },
    )
    announce(ctx, campaignResumed, { campaignId: id }, { campaignId: id })
    return describeCampaign(ctx, id)
  })
}

/** Stops for good; those not reached stay unreached. Source: CS-008.7 */
export function cancelCampaign(ctx: Ctx, id: CampaignId): Promise<Campaign> {
  return inTransaction(ctx, async (ctx) => {
    const campaign = await lockFor(ctx, id, 'cancel')
    for (const runId of await openRunIds(ctx, id)) await cancelRun(ctx, runId)
    if (campaign.delivery === 'triggered') await switchOff(ctx, id)
    const test = await experimentOf(ctx, id)
    if (test) await stopExperiment(ctx, test.id)
    await setStatus(ctx, id, { status: 'cancelled', by: actorName(ctx) })
    audit(ctx, 'campaign.cancelled', { kind: 'campaign', id }, { from: campaign.status })
    announce(ctx, campaignCancelled, { campaignId: id }, { campaignId: id })
    return describeCampaign(ctx, id)
  })
}

/**
 * Delivery has handed over everything of a run. A campaign that will run again rests until then.
 * Source: DS-CampaignService.completeCampaign
 */
export async function completeCampaign(ctx: Ctx, id: CampaignId): Promise<void> {
  const campaign = await lockCampaign(ctx, id)
  // A run paused at its very end completes what is in flight: the campaign is then complete, too.
  if (!campaign || (campaign.status !== 'running' && campaign.status !== 'paused')) return
  // The run of a day is over, what sets it off is not.
  if (campaign.delivery === 'triggered') return
  if ((await openRunIds(ctx, id)).length > 0) return
  // A test that is not decided, or whose choice still has to go out, is not the end.
  if (await isHeldOpen(ctx, id)) return
  if (willRepeat(campaign)) {
    const isPaused = campaign.status === 'paused'
    await setStatus(ctx, id, {
      status: isPaused ? 'paused' : 'active',
      by: isPaused ? campaign.statusBy : actorName(ctx),
      pausedFrom: isPaused ? 'active' : null,
    })
    return
  }
  await setStatus(ctx, id, { status: 'completed', by: actorName(ctx), completedAt: ctx.now() })
  audit(ctx, 'campaign.completed', { kind: 'campaign', id })
  announce(ctx, campaignCompleted, { campaignId: id }, { campaignId: id })
}

/** Delivery could reach nobody, for a reason on our side. */
export async function failCampaign(ctx: Ctx, id: CampaignId, reason: string): Promise<void> {
  const campaign = await lockCampaign(ctx, id)
  if (!campaign) return
  const isUnderWay =
    campaign.delivery === 'triggered'
      ? campaign.status === 'active'
      : campaign.status === 'running' || campaign.status === 'paused'
  if (!isUnderWay) return
  // What failed once would fail at each planned start: it waits until somebody has looked.
  if (willRepeat(campaign)) return holdCampaign(ctx, campaign, reason)
  await setStatus(ctx, id, { status: 'failed', by: actorName(ctx), completedAt: ctx.now() })
  audit(ctx, 'campaign.failed', { kind: 'campaign', id }, { reason })
  announce(ctx, campaignFailed, { campaignId: id, reason }, { campaignId: id })
}

/** A breaker stopped its run: the campaign rests until a person lets it go on, and its author is told. */
export async function tripCampaign(ctx: Ctx, id: CampaignId, trip: Trip): Promise<void> {
  const campaign = await lockCampaign(ctx, id)
  if (!campaign || (campaign.status !== 'running' && campaign.status !== 'active')) return
  await holdCampaign(ctx, campaign, tripSentence('en', trip))
  await enqueue(ctx, tellStopped, { campaignId: id, trip })
}

/** Its budget is used up: the campaign rests until it is raised, and its author is told. */
export async function stopForBudget(ctx: Ctx, id: CampaignId, why: OutOfBudget): Promise<void> {
  const campaign = await lockCampaign(ctx, id)
  if (!campaign || (campaign.status !== 'running' && campaign.status !== 'active')) return
  await holdCampaign(ctx, campaign, budgetSentence('en', why))
  await enqueue(ctx, tellOutOfBudget, { campaignId: id, why })
}

/** A budget of months was raised: what it stopped goes on, and rests again where another one is used up. */
export async function goOnAfterRaise(ctx: Ctx, scope: BudgetOwner): Promise<void> {
  for (const id of await campaignsOutOf(ctx, scope)) {
    const campaign = await lockCampaign(ctx, id)
    if (campaign?.status === 'paused' && !campaign.deletedAt) await resumeCampaign(ctx, id)
  }
}

/** Pauses a campaign for a reason that a person must look at. */
async function holdCampaign(ctx: Ctx, campaign: CampaignRow, reason: string): Promise<void> {
  const { id } = campaign
  for (const runId of await openRunIds(ctx, id)) await haltRun(ctx, runId)
  await setStatus(ctx, id, {
    status: 'paused',
    by: actorName(ctx),
    pausedFrom:
      campaign.delivery === 'triggered' || (willRepeat(campaign) && (await openRunIds(ctx, id)).length === 0)
        ? 'active'
        : 'running',
    reason,
  })
  audit(ctx, 'campaign.paused', { kind: 'campaign', id }, { from: campaign.status, reason })
  announce(ctx, campaignPaused, { campaignId: id, reason }, { campaignId: id })
}

/**
 * Starts a run of the campaign: content and audience are frozen for it.
 * @param recipientWall the wall time that each recipient's own clock must show; null: everybody is due at once
 * @returns the run's id
 */
export async function begin(
  ctx: Ctx,
  campaign: CampaignRow,
  plannedAt: Date,
  recipientWall: string | null = null,
): Promise<RunId> {
  const { id } = campaign
  const latest = await experimentOf(ctx, id)
  const test = latest?.state === 'draft' ? latest : null
  const split = test ? drawSplit(ctx, test) : null
  // Asked before anything happens: what a test plans for must not depend on what comes of it.
  const recipients = test ? (await estimateAudience(ctx, campaign)).recipients : 0
  const variants = test ? variantsThatLeave(campaign.content, test.variants) : null
  const contents = await freezeContents(
    ctx,
    campaign,
    variants ? contentsOf(variants) : [{ no: 0, content: campaign.content }],
  )
  const run = await startRun(ctx, {
    campaignId: id,
    contents,
    reach: campaign.reach,
    topic: campaign.topic,
    timing: runTiming(campaign, plannedAt, recipientWall),
    purpose: 'marketing',
    audience: campaign.audience,
    plannedAt,
    split,
  })
  if (test && split && variants)
    await startExperiment(ctx, test.id, { runId: run.id, split, recipients, variants })
  await setStatus(ctx, id, { status: 'running', by: actorName(ctx), launchedAt: ctx.now() })
  audit(
    ctx,
    'campaign.launched',
    { kind: 'campaign', id },
    { from: campaign.status, runId: run.id, contents },
  )
  announce(ctx, campaignLaunched, { campaignId: id, runId: run.id }, { campaignId: id, runId: run.id })
  return run.id
}
