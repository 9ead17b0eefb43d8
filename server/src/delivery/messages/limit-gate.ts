/**
 * The limits that messages one by one keep: those of campaigns. Transactional ones take their places before everybody else,
 * so that no campaign at full speed keeps them waiting, and wait where a limit lets nobody go.
 * Source: design §5 Throttle; CS-010.1, FR-007
 */
import type { Ctx } from '../../platform/context.ts'
import type { Line } from '../channels/line.ts'
import { receiversOf } from '../handover/queries.ts'
import { giveBack } from '../limits/give-back.ts'
import type { DirectLimits } from '../limits/limit-queries.ts'
import { receiverOf } from '../limits/receivers.ts'
import { takeFirstTokens, takeWayTokens, type Limit } from '../limits/take-tokens.ts'
import type { DirectMessage } from './queries.ts'

/** However long the queue, a message asks again after this: limits may have been lifted. */
const ASK_AGAIN_MS = 60_000

/** A group as its limits let it go. */
export interface WithinLimits<M> {
  group: M[]
  /** Who waits, the first of them for the next place, the others for those after it. */
  waiting: { message: M; until: Date }[]
  /** Places of those who turned out not to leave go back. */
  giveBackUnused(left: ReadonlySet<M>): Promise<void>
}

/** Takes places for messages of one content and purpose, in their order. */
export async function withinLimits<M extends DirectMessage>(
  ctx: Ctx,
  present: DirectLimits,
  line: Line,
  messages: readonly M[],
): Promise<WithinLimits<M>> {
  const way = { providerId: line.providerId ?? null, senderDomain: line.senderDomain ?? null }
  const granted: { messages: readonly M[]; taken: readonly Limit[] }[] = []
  const waiting: { message: M; until: Date }[] = []
  for (const [receiver, ofReceiver] of await byReceiver(ctx, present, messages)) {
    const [first] = ofReceiver
    if (!first) continue
    const take = first.purpose === 'transactional' ? takeFirstTokens : takeWayTokens
    const { channel } = first
    const tokens = await take(ctx, present, { channel, receiver, way, wanted: ofReceiver.length })
    granted.push({ messages: ofReceiver.slice(0, tokens.count), taken: tokens.taken })
    const nowMs = ctx.now().getTime()
    const nextMs = Math.max(tokens.at.getTime(), nowMs + 1)
    const untilMs = (place: number): number =>
      Math.min(nextMs + (place * tokens.intervalUs) / 1_000, Math.max(nextMs, nowMs + ASK_AGAIN_MS))
    for (const [place, message] of ofReceiver.slice(tokens.count).entries())
      waiting.push({ message, until: new Date(untilMs(place)) })
  }
  const going = new Set(granted.flatMap((part) => part.messages))
  return {
    group: messages.filter((message) => going.has(message)),
    waiting,
    giveBackUnused: async (left) => {
      for (const { messages, taken } of granted)
        await giveBack(ctx, taken, messages.filter((message) => !left.has(message)).length)
    },
  }
}

/** Those of receivers with a limit apart, so that nobody waits with them. */
async function byReceiver<M extends DirectMessage>(
  ctx: Ctx,
  { organization }: DirectLimits,
  messages: readonly M[],
): Promise<ReadonlyMap<string | null, readonly M[]>> {
  const names = organization.receivers.map(({ receiver }) => receiver)
  if (names.length === 0 || messages[0]?.channel !== 'email') return new Map([[null, messages]])
  const found = await receiversOf(
    ctx,
    messages.map(({ contactId }) => contactId),
  )
  const receivers = new Map(
    found.flatMap(({ domain, contactIds }) =>
      contactIds.map((contactId) => [contactId, receiverOf(domain, names)] as const),
    ),
  )
  return Map.groupBy(messages, ({ contactId }) => receivers.get(contactId) ?? null)
}
