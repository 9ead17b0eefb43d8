/**
 * The way out of a channel: its default provider, and behind it the one that takes what the first cannot. Adapters
 * are kept per process for as long as the settings stand.
 */
import type { Ctx } from '../../platform/context.ts'
import type { Platform } from '../../platform/platform.ts'
import { apiTransport } from '../channels/api/api-transport.ts'
import { REGION_NOT_ALLOWED, SENDER_REFUSED, type VendorAdapter } from '../channels/api/vendor.ts'
import type { StandIn } from '../channels/line.ts'
import type { Handover } from '../channels/outcome.ts'
import { watchSome, type LookedUp, type Transport } from '../channels/transport.ts'
import { giveBack } from '../limits/give-back.ts'
import { readDirectLimits } from '../limits/limit-queries.ts'
import { takeProviderTokens, type DirectTokens } from '../limits/take-tokens.ts'
import { adapterOf, type ChannelAdapter } from './adapters.ts'
import type { ProviderChannel } from './kinds.ts'
import type { OpenProvider, Provider, ProviderError, ProviderId } from './provider.ts'
import { noteHealth, rankedProviders, readProvider } from './queries.ts'
import { opened } from './service.ts'

/**
 * Messages of one sub-batch. Looking at them, arming and recording costs 5 ms a sub-batch, however small it is; with 2,000
 * mails to share calls a worker held 310 MB. A killed process leaves a log of each of them; a machine that goes down
 * leaves as many unknown ones.
 */
const BATCH_MAX = 1_000
/** Errors kept for people. */
const ERRORS_KEPT = 10
/** Health is written at most so often while all is well. */
const HEALTH_EVERY_MS = 30_000

/** A channel's transport over its providers. */
export interface ProviderOutlet<Message> {
  transport: Transport<Message>
  batchMax: number
  providerId: ProviderId
  standIn?: StandIn
}

type MessageOf<Channel extends ProviderChannel> =
  Extract<ChannelAdapter, { channel: Channel }>['adapter'] extends VendorAdapter<infer Message>
    ? Message
    : never

/** The outlet of a channel; null when it has no provider. */
export async function providerOutlet<Channel extends ProviderChannel>(
  ctx: Ctx,
  channel: Channel,
): Promise<ProviderOutlet<MessageOf<Channel>> | null> {
  const ranked = await rankedProviders(ctx, channel)
  const open = await Promise.all(ranked.map((provider) => opened(ctx, provider)))
  const [first, second] = open.map((provider) => ({ provider, adapter: adapterFor<Channel>(ctx, provider) }))
  if (!first) return null
  const primary = watched(ctx, first.provider, first.adapter)
  const alone = { transport: primary, batchMax: BATCH_MAX, providerId: first.provider.id }
  if (!second) return alone
  const providerId = second.provider.id
  const spare = withinItsLimit(ctx, providerId, watched(ctx, second.provider, second.adapter))
  return {
    ...alone,
    transport: withFallback(unasking(ctx, providerId, primary), spare, providerId),
    standIn: { providerId, isAsked: () => wasAskedLately(ctx, providerId) },
  }
}

/** A stand-in that was given nothing for so long is out of use, whether the first was asked for anything since or not. */
const ASKED_LATELY_MS = 30_000
const askedAt = new WeakMap<Platform, Map<ProviderId, number>>()

function askedIn({ platform }: Ctx): Map<ProviderId, number> {
  const known = askedAt.get(platform) ?? new Map<ProviderId, number>()
  askedAt.set(platform, known)
  return known
}

const wasAskedLately = (ctx: Ctx, id: ProviderId): boolean =>
  ctx.now().getTime() - (askedIn(ctx).get(id) ?? 0) < ASKED_LATELY_MS

/** A first that takes messages again is offered as many as before, until it leaves some to its stand-in. */
const unasking = <Message>(
  ctx: Ctx,
  standInId: ProviderId,
  transport: Transport<Message>,
): Transport<Message> => ({
  ...transport,
  deliver: async (messages, stop, watch) => {
    const outcomes = await transport.deliver(messages, stop, watch)
    if (outcomes.some(({ kind }) => kind === 'sent')) askedIn(ctx).delete(standInId)
    return outcomes
  },
})

/**
 * What a stand-in is given keeps its own limit: places were taken of the first's, and nobody knew then that it would be asked.
 * Those without a place are not offered; each is told when its own is free.
 */
function withinItsLimit<Message>(
  ctx: Ctx,
  providerId: ProviderId,
  transport: Transport<Message>,
): Transport<Message> {
  return {
    ...transport,
    deliver: async (messages, stop, watch) => {
      askedIn(ctx).set(providerId, ctx.now().getTime())
      const tokens = await placesFor(ctx, providerId, messages.length)
      // Without an answer of the limit nothing is offered; what the first has taken of the same sub-batch is not lost by it.
      if (tokens === null) return messages.map((): Handover => ({ kind: 'unsent', trouble: null }))
      const outcomes =
        tokens.count === 0 ? [] : await transport.deliver(messages.slice(0, tokens.count), stop, watch)
      await giveBackUnsent(ctx, tokens, outcomes)
      const untilMs = (place: number): number =>
        tokens.at.getTime() + Math.min((place * tokens.intervalUs) / 1_000, ASK_AGAIN_MS)
      const waiting = messages
        .slice(tokens.count)
        .map((_, place): Handover => ({ kind: 'unsent', trouble: null, until: new Date(untilMs(place)) }))
      return [...outcomes, ...waiting]
    },
  }
}

async function placesFor(ctx: Ctx, providerId: ProviderId, wanted: number): Promise<DirectTokens | null> {
  try {
    const { organization } = await readDirectLimits(ctx)
    return await takeProviderTokens(ctx, organization, providerId, wanted)
  } catch (error) {
    ctx.log.warn({ error, providerId }, 'the limit of a provider could not be asked')
    return null
  }
}

/** Places that stay taken make the limit slower for a moment, and nothing else. */
async function giveBackUnsent(
  ctx: Ctx,
  { taken }: DirectTokens,
  outcomes: readonly Handover[],
): Promise<void> {
  try {
    await giveBack(ctx, taken, outcomes.filter(({ kind }) => kind === 'unsent').length)
  } catch (error) {
    ctx.log.warn({ error }, 'places of a limit could not be given back')
  }
}

/** However long the queue, a message asks again after this: limits may have been lifted. */
const ASK_AGAIN_MS = 60_000

/** One provider's transport, whatever its rank: for trying it out. */
export function transportOf<Channel extends ProviderChannel>(
  ctx: Ctx,
  provider: OpenProvider & { channel: Channel },
): Transport<MessageOf<Channel>> {
  return watched(ctx, provider, adapterFor<Channel>(ctx, provider))
}

/** The provider's row says its channel, and the table of kinds agrees with it. */
const adapterFor = <Channel extends ProviderChannel>(
  ctx: Ctx,
  provider: OpenProvider,
): VendorAdapter<MessageOf<Channel>> => adapterOf(ctx, provider).adapter as VendorAdapter<MessageOf<Channel>>

/** What the first could not even begin, for trouble of its own, the second is given; and whom the first may not reach. */
export function withFallback<Message>(
  first: Transport<Message>,
  second: Transport<Message>,
  secondId: string,
): Transport<Message> {
  return {
    tellsBegin: first.tellsBegin && second.tellsBegin,
    ...((first.lookUp || second.lookUp) && {
      lookUp: (messages, since, stop) => askBoth(first, second, { messages, since, stop }),
    }),
    deliver: async (messages, stop, watch) => {
      const outcomes = await first.deliver(messages, stop, watch)
      const left = outcomes.flatMap((outcome, index) => (mayReachElsewhere(outcome) ? index : []))
      if (left.length === 0 || stop.aborted) return outcomes
      const again = await second.deliver(
        left.flatMap((index) => messages[index] ?? []),
        stop,
        watchSome(watch, left),
      )
      left.forEach((index, position) => {
        const [before, outcome] = [outcomes[index], again[position]]
        // When the second takes nothing either, the first's trouble is what people must put right.
        if (outcome && outcome.kind !== 'unsent') outcomes[index] = { ...outcome, via: secondId }
        else if (outcome?.until && before?.kind === 'unsent')
          outcomes[index] = { ...before, until: outcome.until }
      })
      return outcomes
    },
  }
}

const mayReachElsewhere = (outcome: Handover): boolean =>
  outcome.kind === 'unsent'
    ? outcome.trouble !== null
    : outcome.kind === 'refused' &&
      (outcome.verdict === REGION_NOT_ALLOWED || outcome.verdict === SENDER_REFUSED)

/** Either may have taken a message: a yes of one is enough, and without an answer of either nothing is known. */
async function askBoth<Message>(
  first: Transport<Message>,
  second: Transport<Message>,
  { messages, since, stop }: { messages: readonly Message[]; since: Date; stop: AbortSignal },
): Promise<LookedUp[]> {
  const [one, other] = await Promise.all(
    [first, second].map(async (transport) => transport.lookUp?.(messages, since, stop)),
  )
  return messages.map((_, index) => {
    const words = [one?.[index], other?.[index]].filter((word) => word !== undefined)
    const said = (kind: LookedUp['kind']): LookedUp | undefined => words.find((word) => word.kind === kind)
    return said('taken') ?? said('unanswered') ?? { kind: 'not_listed' }
  })
}

/** A transport that notes how its provider fares. */
function watched<Message>(ctx: Ctx, provider: Provider, adapter: VendorAdapter<Message>): Transport<Message> {
  const transport = apiTransport({ egress: ctx.platform.egress, now: () => ctx.now() }, adapter)
  return {
    ...transport,
    deliver: async (messages, stop, watch) => {
      const outcomes = await transport.deliver(messages, stop, watch)
      await noteOutcomes(ctx, provider, outcomes)
      return outcomes.map((outcome) =>
        outcome.kind === 'refused' ? { ...outcome, by: provider.name } : outcome,
      )
    },
  }
}

/** Noted when something failed, and now and then while nothing does. A note that fails costs no message. */
async function noteOutcomes(ctx: Ctx, provider: Provider, outcomes: readonly Handover[]): Promise<void> {
  const fresh = errorsIn(ctx, outcomes)
  const hasTaken = outcomes.some(({ kind }) => kind === 'sent')
  const last = notedAt.get(ctx.platform)?.get(provider.id) ?? 0
  const now = ctx.now().getTime()
  if (fresh.length === 0 && (!hasTaken || now - last < HEALTH_EVERY_MS)) return
  const noted = notedAt.get(ctx.platform) ?? new Map<string, number>()
  notedAt.set(ctx.platform, noted)
  noted.set(provider.id, now)
  try {
    const before = (await readProvider(ctx, provider.id))?.errors ?? []
    await noteHealth(ctx, provider.id, { hasTaken, errors: merged(fresh, before) })
  } catch (error) {
    ctx.log.warn({ error, providerId: provider.id }, 'the health of a provider could not be noted')
  }
}
const notedAt = new WeakMap<Platform, Map<string, number>>()

function errorsIn(ctx: Ctx, outcomes: readonly Handover[]): ProviderError[] {
  const at = ctx.now().toISOString()
  const found = outcomes.flatMap((outcome): ProviderError[] => {
    if (outcome.kind === 'unsent' && outcome.trouble)
      return [{ kind: outcome.trouble.kind, text: outcome.trouble.text, at, times: 1 }]
    if (outcome.kind === 'refused') return [{ kind: 'refused', text: outcome.reply.text, at, times: 1 }]
    return []
  })
  return merged(found, [])
}

/** Newest first; the same word again counts up. */
function merged(fresh: readonly ProviderError[], before: readonly ProviderError[]): ProviderError[] {
  const byWord = new Map<string, ProviderError>()
  for (const error of [...fresh, ...before]) {
    const word = `${error.kind}\0${error.text}`
    const known = byWord.get(word)
    byWord.set(word, known ? { ...known, times: known.times + error.times } : error)
  }
  return [...byWord.values()].slice(0, ERRORS_KEPT)
}
