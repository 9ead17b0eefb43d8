/**
 * What happens at a planned instant: exactly one run, however many workers look and however late they are. The campaign's
 * row is locked and names the instant that is next; whoever comes second finds another one there.
 */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { campaignLaunchNear } from '../events.ts'
import { insertOccurrences, lockCampaign, readCampaign, type CampaignRow } from '../queries.ts'
import { CATCH_UP_MS, startsBetween } from '../rules.ts'
import type { CampaignStatus } from '../schema.ts'
import { begin } from './lifecycle.ts'
import { listPassed, planNext } from './planning.ts'
import { reminderMail } from './reminder-mail.ts'
import { tellAuthorOf } from './tell-author.ts'

/** States in which a campaign that repeats starts another run. */
const REPEATING: readonly CampaignStatus[] = ['scheduled', 'active', 'running']

/**
 * Starts the run of a planned instant. A plan that was moved, paused or cancelled meanwhile is no longer this one. After a
 * downtime a plan that repeats catches up with the last instant it missed, if it is not older than a day; earlier ones are
 * listed as missed. One that runs once starts however late.
 * @returns false when there was nothing to start
 * Source: CS-008.6, FR-004.1, FR-004.2
 */
export function startPlanned(ctx: Ctx, id: CampaignId, plannedAt: Date): Promise<boolean> {
  return inTransaction(ctx, async (ctx) => {
    const campaign = await lockCampaign(ctx, id)
    if (!campaign || campaign.deletedAt || campaign.scheduledAt?.getTime() !== plannedAt.getTime())
      return false
    if (campaign.schedule === null || campaign.schedule.repeat === null) {
      if (campaign.status !== 'scheduled') return false
      await begin(ctx, campaign, plannedAt, recipientWall(campaign, campaign.plannedFor))
      return true
    }
    return REPEATING.includes(campaign.status) ? startRepeated(ctx, campaign, plannedAt) : false
  })
}

async function startRepeated(ctx: Ctx, campaign: CampaignRow, plannedAt: Date): Promise<boolean> {
  const { schedule } = campaign
  if (!schedule) return false
  const planned = { at: plannedAt, wall: campaign.plannedFor ?? schedule.at }
  const later = startsBetween(schedule, new Date(plannedAt.getTime() + 1), ctx.now())
  const due = [planned, ...later]
  const last = due.at(-1) ?? planned
  const isTooLate = ctx.now().getTime() - last.at.getTime() > CATCH_UP_MS
  await listPassed(ctx, campaign, isTooLate ? due : due.slice(0, -1), 'missed')
  if (!isTooLate) {
    const runId = await begin(ctx, campaign, last.at, recipientWall(campaign, last.wall))
    await insertOccurrences(ctx, campaign.id, [
      { plannedAt: last.at, plannedFor: last.wall, state: 'started', runId },
    ])
  }
  await planNext(ctx, campaign, ctx.now() > last.at ? ctx.now() : last.at)
  return !isTooLate
}

/** The wall time that each recipient's clock must show, where that is meant. */
const recipientWall = ({ schedule }: CampaignRow, wall: string | null): string | null =>
  schedule?.clock === 'recipient' ? wall : null

/** Tells the author that the start is near, unless the plan was changed meanwhile. */
export async function remindOfStart(ctx: Ctx, id: CampaignId, plannedAt: Date): Promise<void> {
  const campaign = await readCampaign(ctx, id)
  if (
    !campaign ||
    campaign.deletedAt ||
    campaign.scheduledAt?.getTime() !== plannedAt.getTime() ||
    !REPEATING.includes(campaign.status)
  )
    return
  const near = { at: plannedAt, timeZone: campaign.schedule?.timeZone ?? 'UTC' }
  await tellAuthorOf(ctx, campaign, (locale, told) => reminderMail(locale, told, near))
  await inTransaction(ctx, async (ctx) => {
    announce(
      ctx,
      campaignLaunchNear,
      { campaignId: id, scheduledAt: plannedAt.toISOString() },
      { campaignId: id },
    )
  })
}
