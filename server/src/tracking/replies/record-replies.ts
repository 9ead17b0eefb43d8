/**
 * What people write back. A text says nothing of what it answers: it is taken for an answer to the latest message that
 * the person got on the channel. A mail names what it answers, and stands with that.
 */
import type { Ctx } from '../../platform/context.ts'
import { announce } from '../../platform/events/index.ts'
import type { CampaignId, ContactId, RunId } from '../../platform/ids.ts'
import { messageReplied } from '../events.ts'
import { selectAnswered } from './queries.ts'

/** A reply later than this after the latest message is taken for something else. */
const REPLY_WINDOW_DAYS = 7
const DAY_MS = 86_400_000
/** Providers tell whole seconds, by clocks of their own: a reply may seem that much older than what it answers. */
const SKEW_MS = 60_000

/** Something that was written to us on a channel, by one of those who have its address. */
export interface WrittenBack {
  channel: string
  contactIds: readonly ContactId[]
  at: Date
}

/** A message that was answered. */
export interface Answered {
  contactId: ContactId
  campaignId: CampaignId
  runId: RunId
  channel: string
  variant: number
}

/**
 * Announces replies to what these people last got. Where several have the address, the one who got a message last is
 * meant. What answers nothing of the last days is no reply.
 */
export async function recordReplies(ctx: Ctx, written: readonly WrittenBack[]): Promise<void> {
  if (written.length === 0) return
  const questions = written.map(({ channel, contactIds, at }) => ({
    channel,
    contactIds,
    since: new Date(at.getTime() - REPLY_WINDOW_DAYS * DAY_MS),
    until: new Date(at.getTime() + SKEW_MS),
  }))
  for (const { place, ...answered } of await selectAnswered(ctx, questions))
    announceReply(ctx, answered, written[place]?.at ?? ctx.now())
}

/** Announces a reply to a message that is known. None is later than the present instant, whatever its clock says. */
export function announceReply(ctx: Ctx, { variant, ...about }: Answered, at: Date): void {
  announce(ctx, messageReplied, { variant }, { ...about, at: at > ctx.now() ? ctx.now() : at })
}
