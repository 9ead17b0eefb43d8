/** The life of a campaign: schedule, launch, pause, resume, cancel, and its end. */
import { createMailVersion } from '../../content/index.ts'
import { cancelRun, latestRun, pauseRun, resumeRun, startRun } from '../../delivery/index.ts'
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { enqueue } from '../../platform/jobs/index.ts'
import { freezeLinks } from '../../tracking/index.ts'
import { errors } from '../errors.ts'
import {
  campaignCancelled,
  campaignCompleted,
  campaignFailed,
  campaignLaunched,
  campaignPaused,
  campaignResumed,
  campaignScheduled,
} from '../events.ts'
import { lockCampaign, setStatus, type CampaignRow } from '../queries.ts'
import { resolveSchedule, SCHEDULE_LEAD_MS } from '../rules.ts'
import type { Campaign, Schedule } from '../schema.ts'
import { startScheduled } from '../work.ts'
import { assertReady } from './readiness.ts'
import { describeCampaign } from './read.ts'
import { actorName, lockFor } from './state.ts'

/**
 * Plans the start, or moves it.
 * @throws campaigns.too_soon when the start lies less than five minutes ahead
 * @throws campaigns.not_ready when content or audience could not leave
 * Source: CS-008, FR-004.1, DS-CampaignService.scheduleCampaign
 */
export function scheduleCampaign(ctx: Ctx, id: CampaignId, schedule: Schedule): Promise<Campaign> {
  return inTransaction(ctx, async (ctx) => {
    const campaign = await lockFor(ctx, id, 'schedule')
    const scheduledAt = resolveSchedule(schedule)
    if (scheduledAt.getTime() < ctx.now().getTime() + SCHEDULE_LEAD_MS)
      throw errors.too_soon(
        { id },
        { problems: [{ path: 'at', message: 'Choose a time at least five minutes ahead, or launch now.' }] },
      )
    await assertReady(ctx, campaign)
    // A paused plan that is moved goes back to waiting: moving it is the wish that it leaves.
    await setStatus(ctx, id, { status: 'scheduled', by: actorName(ctx), schedule: { schedule, scheduledAt } })
    await planStart(ctx, id, scheduledAt)
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
 * Source: DS-CampaignService.launchCampaign, FR-002.6
 */
export function launchCampaign(ctx: Ctx, id: CampaignId): Promise<Campaign> {
  return inTransaction(ctx, async (ctx) => {
    const campaign = await lockFor(ctx, id, 'launch')
    await assertReady(ctx, campaign)
    await begin(ctx, campaign, ctx.now())
    return describeCampaign(ctx, id)
  })
}

/**
 * What the job does at a planned instant. A plan that was moved, paused or cancelled meanwhile is no longer this one.
 * @returns false when there was nothing to start
 */
export function startPlanned(ctx: Ctx, id: CampaignId, plannedAt: Date): Promise<boolean> {
  return inTransaction(ctx, async (ctx) => {
    const campaign = await lockCampaign(ctx, id)
    if (
      !campaign ||
      campaign.deletedAt ||
      campaign.status !== 'scheduled' ||
      campaign.scheduledAt?.getTime() !== plannedAt.getTime()
    )
      return false
    await begin(ctx, campaign, plannedAt)
    return true
  })
}

/** Stops new hand-overs within a second; what is on its way completes. Source: CS-009.1–4, DS-CampaignService.pauseCampaign */
export function pauseCampaign(ctx: Ctx, id: CampaignId): Promise<Campaign> {
  return inTransaction(ctx, async (ctx) => {
    const campaign = await lockFor(ctx, id, 'pause')
    const run = campaign.status === 'running' ? await latestRun(ctx, id) : null
    if (run) await pauseRun(ctx, run.id)
    await setStatus(ctx, id, { status: 'paused', by: actorName(ctx), pausedFrom: campaign.status })
    audit(ctx, 'campaign.paused', { kind: 'campaign', id }, { from: campaign.status })
    announce(ctx, campaignPaused, { campaignId: id }, { campaignId: id })
    return describeCampaign(ctx, id)
  })
}

/**
 * Goes back to where it was paused: a run continues with those it has not reached.
 * @throws campaigns.schedule_passed when it was waiting for a start that has gone by
 * Source: CS-009.5–6, DS-CampaignService.resumeCampaign
 */
export function resumeCampaign(ctx: Ctx, id: CampaignId): Promise<Campaign> {
  return inTransaction(ctx, async (ctx) => {
    const campaign = await lockFor(ctx, id, 'resume')
    const status = campaign.pausedFrom ?? 'running'
    if (status === 'scheduled') {
      if (!campaign.scheduledAt || campaign.scheduledAt <= ctx.now()) throw errors.schedule_passed({ id })
      await assertReady(ctx, campaign)
      await planStart(ctx, id, campaign.scheduledAt)
    }
    const run = status === 'running' ? await latestRun(ctx, id) : null
    if (run) await resumeRun(ctx, run.id)
    await setStatus(ctx, id, { status, by: actorName(ctx) })
    audit(ctx, 'campaign.resumed', { kind: 'campaign', id }, { to: status })
    announce(ctx, campaignResumed, { campaignId: id }, { campaignId: id })
    return describeCampaign(ctx, id)
  })
}

/** Stops for good; those not reached stay unreached. Source: CS-008.7 */
export function cancelCampaign(ctx: Ctx, id: CampaignId): Promise<Campaign> {
  return inTransaction(ctx, async (ctx) => {
    const campaign = await lockFor(ctx, id, 'cancel')
    const run = await latestRun(ctx, id)
    if (run) await cancelRun(ctx, run.id)
    await setStatus(ctx, id, { status: 'cancelled', by: actorName(ctx) })
    audit(ctx, 'campaign.cancelled', { kind: 'campaign', id }, { from: campaign.status })
    announce(ctx, campaignCancelled, { campaignId: id }, { campaignId: id })
    return describeCampaign(ctx, id)
  })
}

/** Delivery has handed over everything. Source: DS-CampaignService.completeCampaign */
export async function completeCampaign(ctx: Ctx, id: CampaignId): Promise<void> {
  const campaign = await lockCampaign(ctx, id)
  // A run paused at its very end completes what is in flight: the campaign is then complete, too.
  if (!campaign || (campaign.status !== 'running' && campaign.status !== 'paused')) return
  await setStatus(ctx, id, { status: 'completed', by: actorName(ctx), completedAt: ctx.now() })
  audit(ctx, 'campaign.completed', { kind: 'campaign', id })
  announce(ctx, campaignCompleted, { campaignId: id }, { campaignId: id })
}

/** Delivery could reach nobody, for a reason on our side. */
export async function failCampaign(ctx: Ctx, id: CampaignId, reason: string): Promise<void> {
  const campaign = await lockCampaign(ctx, id)
  if (!campaign || (campaign.status !== 'running' && campaign.status !== 'paused')) return
  await setStatus(ctx, id, { status: 'failed', by: actorName(ctx), completedAt: ctx.now() })
  audit(ctx, 'campaign.failed', { kind: 'campaign', id }, { reason })
  announce(ctx, campaignFailed, { campaignId: id, reason }, { campaignId: id })
}

async function begin(ctx: Ctx, campaign: CampaignRow, plannedAt: Date): Promise<void> {
  const { id } = campaign
  const version = await createMailVersion(ctx, campaign.content.email, { name: campaign.name })
  const links = version.links.map(({ index, url, label }) => ({ linkNo: index, url, label }))
  await freezeLinks(ctx, version.id, links)
  const run = await startRun(ctx, {
    campaignId: id,
    channel: 'email',
    purpose: 'marketing',
    audience: campaign.audience,
    versionId: version.id,
    plannedAt,
  })
  await setStatus(ctx, id, { status: 'running', by: actorName(ctx), launchedAt: ctx.now() })
  audit(
    ctx,
    'campaign.launched',
    { kind: 'campaign', id },
    { from: campaign.status, runId: run.id, versionId: version.id },
  )
  announce(ctx, campaignLaunched, { campaignId: id, runId: run.id }, { campaignId: id, runId: run.id })
}

/** Each plan is its own job: a moved plan's old job finds another instant and does nothing. */
function planStart(ctx: Ctx, id: CampaignId, scheduledAt: Date): Promise<void> {
  return enqueue(
    ctx,
    startScheduled,
    { campaignId: id, plannedAt: scheduledAt.toISOString() },
    { key: `${id}:${scheduledAt.toISOString()}`, dueAt: scheduledAt },
  )
}
