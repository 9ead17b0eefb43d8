/** The desk of a campaign while it is sent: delivery's figures beside what people did. */
import {
  cancelSendingAgain,
  deadLetters,
  latestRun,
  pauseSendingAgain,
  resumeSendingAgain,
  runDesk,
  sendAgain,
  troubleSentence,
} from '../../delivery/index.ts'
import type { RunDesk, SendAgain } from '../../delivery/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { auditLog } from '../../team/index.ts'
import { errors } from '../errors.ts'
import { readCampaign, type CampaignRow } from '../queries.ts'
import { allowedActions, isEnded } from '../rules.ts'
import type { DeadLetter, Desk } from '../schema.ts'
import { DESK_ACTS } from './schema.ts'

/** Entries of the audit log that are read for the desk, and how many of them are shown. */
const ACTS_READ = 100
const ACTS_SHOWN = 20

/** @throws campaigns.not_found Source: CS-009.4, CS-010.7 */
export async function campaignDesk(ctx: Ctx, id: CampaignId): Promise<Desk> {
  const campaign = await readOrRefuse(ctx, id)
  const latest = await latestRun(ctx, id)
  const desk = latest && (await runDesk(ctx, latest.id))
  const { perMinute, perHour } = campaign.timing
  return {
    run: desk && runOf(ctx, desk),
    limits: { perMinute, perHour },
    canLimit: campaign.deletedAt === null && !isEnded(campaign.status),
    canSendAgain: maySendAgain(campaign),
    deadLetters: desk?.deadLetters ?? [],
    again: desk?.again ? { people: desk.again.people, pausedAt: desk.again.heldAt } : null,
    acts: await actsOf(ctx, id),
  }
}

/** A page of messages that nobody tries any more. @throws campaigns.not_found */
export async function campaignDeadLetters(
  ctx: Ctx,
  id: CampaignId,
  {
    channel,
    reason,
    ...page
  }: {
    channel?: SendAgain['channel'] | undefined
    reason?: string | undefined
    cursor?: string | undefined
    limit: number
  },
): Promise<{ items: DeadLetter[]; nextCursor: string | null }> {
  await readOrRefuse(ctx, id)
  const { items, nextCursor } = await deadLetters(ctx, id, {
    ...page,
    channel: channel ?? null,
    reason: reason ?? null,
  })
  return {
    items: items.map(({ stateAt, reason, withheldReason, ...letter }) => ({
      ...letter,
      at: stateAt,
      reason: reason === '' ? null : reason,
      withheldReason: withheldReason === '' ? null : withheldReason,
    })),
    nextCursor,
  }
}

/**
 * Tries dead letters once more.
 * @throws campaigns.not_found, campaigns.state_forbids, delivery.nothing_to_send_again
 */
export async function sendDeadLettersAgain(
  ctx: Ctx,
  id: CampaignId,
  wish: SendAgain,
): Promise<{ people: number }> {
  const campaign = await readOrRefuse(ctx, id)
  if (!maySendAgain(campaign))
    throw errors.state_forbids(
      { id, action: 'send_again', status: campaign.status },
      { extra: { state: campaign.status, allowed: allowedActions(campaign) } },
    )
  return sendAgain(ctx, id, wish)
}

const STOPS = { pause: pauseSendingAgain, resume: resumeSendingAgain, cancel: cancelSendingAgain }

/** Pauses, resumes or ends what is sent again. @throws campaigns.not_found, delivery.nothing_waits_again */
export async function stopSendingAgain(ctx: Ctx, id: CampaignId, how: keyof typeof STOPS): Promise<Desk> {
  await readOrRefuse(ctx, id)
  await STOPS[how](ctx, id)
  return campaignDesk(ctx, id)
}

/** What was stopped for good stays so. */
const maySendAgain = ({ status, deletedAt }: CampaignRow): boolean =>
  deletedAt === null && status !== 'cancelled' && status !== 'failed'

function runOf(ctx: Ctx, { channels, ...run }: RunDesk): Desk['run'] {
  return {
    ...run,
    channels: channels.map((one) => ({
      ...channelStanding(ctx, one),
      since: one.trouble && new Date(one.trouble.since),
      retryAt: one.trouble && new Date(one.trouble.retryAt),
    })),
  }
}

/** How one channel of a run stands, in the reader's words. */
export const channelStanding = (
  ctx: Ctx,
  { channel, audience, counts, trouble }: RunDesk['channels'][number],
) => ({
  channel,
  audience,
  handedOver: sumOf(counts, ['sent', 'bounced', 'failed', 'unknown']),
  skipped: sumOf(counts, ['skipped', 'held_out']),
  trouble: trouble && troubleSentence(ctx.locale, channel, trouble),
})

/** People in some states, whatever their reasons. */
const sumOf = (counts: Readonly<Record<string, number>>, states: readonly string[]): number =>
  Object.entries(counts).reduce(
    (sum, [name, n]) => (states.includes(name.split('.', 1).join('')) ? sum + n : sum),
    0,
  )

const SHOWN: ReadonlyMap<string, Desk['acts'][number]['action']> = new Map(
  DESK_ACTS.map((action) => [`campaign.${action}`, action]),
)

/** Who did what while the campaign was sent, newest first, as the audit log has it. */
async function actsOf(ctx: Ctx, id: CampaignId): Promise<Desk['acts']> {
  const { items } = await auditLog(ctx, {
    action: 'campaign.',
    subjectKind: 'campaign',
    subjectId: id,
    limit: ACTS_READ,
  })
  return items
    .flatMap(({ action, at, actorKind, actorId, actorName, change }) => {
      const shown = SHOWN.get(action)
      const limits = recordIn(change, 'after')
      return shown
        ? [
            {
              action: shown,
              at,
              by: { kind: actorKind, id: actorId, name: actorName },
              perMinute: shown === 'limited' ? numberIn(limits, 'perMinute') : null,
              perHour: shown === 'limited' ? numberIn(limits, 'perHour') : null,
              people: numberIn(change, 'people'),
              reason: textIn(change, 'reason'),
            },
          ]
        : []
    })
    .slice(0, ACTS_SHOWN)
}

type Change = Readonly<Record<string, unknown>> | null

const numberIn = (change: Change, key: string): number | null => {
  const value = change?.[key]
  return typeof value === 'number' ? value : null
}
const textIn = (change: Change, key: string): string | null => {
  const value = change?.[key]
  return typeof value === 'string' ? value : null
}
const recordIn = (change: Change, key: string): Change => {
  const value = change?.[key]
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null // read key by key, each checked
}

async function readOrRefuse(ctx: Ctx, id: CampaignId): Promise<CampaignRow> {
  const campaign = await readCampaign(ctx, id)
  if (!campaign) throw errors.not_found({ id })
  return campaign
}
