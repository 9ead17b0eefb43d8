/**
 * Asking the limits before a sub-batch: rows that all workers share, taken of per sub-batch and never per message. A chunk
 * that gets nothing comes back later, so that a throttled run holds no worker and no other run.
 */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { TimedChannel } from '../timing/sending-hours.ts'
import { capsFor, type FrequencyCap } from '../caps/frequency-caps.ts'
import type { ProviderId } from '../providers/provider.ts'
import type { Run } from '../runs/run.ts'
import type { RunLimits } from '../timing/run-timing.ts'
import { aheadUsOf, grant, intervalOf, portionOf } from './grant.ts'
import {
  lockThrottles,
  peopleAhead,
  writeThrottles,
  type DirectLimits,
  type PresentLimits,
  type TakenSoFar,
  type ThrottleScope,
} from './limit-queries.ts'
import { campaignLimits, type SendingLimits } from './sending-limits.ts'
import { allowanceAt, warmupIntervalUs, type Allowance } from './warmup.ts'

/** What a chunk asks for. */
export interface Asked {
  run: Pick<Run, 'id' | 'campaignId' | 'purpose' | 'topic'>
  channel: TimedChannel
  chunkNo: number
  /** The receiving domain, or group, that all of its people belong to; null: any. */
  receiver: string | null
  wanted: number
  way: SendingWay
}

/** How it leaves. */
export interface SendingWay {
  providerId: ProviderId | null
  /** The sending domain that its mails are signed for. */
  senderDomain: string | null
  /** Who is given at present what that provider cannot take: it takes places of its own limit when it is offered something. */
  standInId?: ProviderId | null
}

/** `taken`: the limits that places were taken of. `caps`: the rules that hold for each person of what leaves. */
export type Tokens =
  | { kind: 'go'; count: number; taken: readonly Limit[]; caps: readonly FrequencyCap[] }
  | { kind: 'later'; at: Date }

/** Chunks of the next so many seconds take turns; those behind them need not look yet. */
const AHEAD_SECONDS = 3
/** However long the queue, a chunk looks again after this: limits may have been lifted. */
const LOOK_AGAIN_MS = 60_000

const NO_CAPS: readonly FrequencyCap[] = []

/** Takes of every limit that holds, or says when to ask again. */
export async function takeTokens(ctx: Ctx, asked: Asked, present: PresentLimits): Promise<Tokens> {
  const { run, channel, wanted } = asked
  const limits = limitsFor(present, asked, ctx.now())
  const { purpose, topic } = run
  const caps = present.caps === null ? NO_CAPS : capsFor(present.caps, { channel, purpose, topic })
  // Whoever is going to be given little is offered little, and chunks behind do not look in vain meanwhile.
  const ahead = providerLimit(present.organization, asked.way.standInId ?? null)
  if (limits.length + ahead.length === 0) return { kind: 'go', count: wanted, taken: [], caps }
  const slowestUs = Math.max(...[...limits, ...ahead].map(({ intervalUs }) => intervalUs))
  const waitMs = asked.chunkNo > 0 ? await queueMs(ctx, asked, slowestUs) : 0
  if (waitMs > 0) return { kind: 'later', at: new Date(ctx.now().getTime() + waitMs) }
  const most = Math.min(wanted, ...ahead.map(({ intervalUs }) => portionOf(intervalUs)))
  const taken = await takeOf(ctx, limits, most)
  return taken.kind === 'go' ? { ...taken, taken: limits, caps } : taken
}

/** `at`: when asking for more is worth it, of a limit that lets `intervalUs` pass between two messages. */
type Taken =
  | { kind: 'go'; count: number; at: Date; intervalUs: number }
  | { kind: 'later'; at: Date; intervalUs: number }

/** What messages that are asked for one by one leave by. */
export interface DirectAsked {
  channel: TimedChannel
  receiver: string | null
  wanted: number
  way: SendingWay
}

/** What was taken for some of them. */
export interface DirectTokens {
  count: number
  taken: readonly Limit[]
  /** For those who got none: when to ask again, and the time between two of them. */
  at: Date
  intervalUs: number
}

/** For marketing messages one by one, before they are held: of the limits that everything of a channel keeps. */
export const takeSharedTokens = (
  ctx: Ctx,
  present: DirectLimits,
  { channel, wanted }: Pick<DirectAsked, 'channel' | 'wanted'>,
): Promise<DirectTokens> => takeDirect(ctx, sharedLimits(present.organization, channel), wanted, 'usual')

/** For marketing messages one by one that have theirs of the shared limits: of what only their way keeps. */
export const takeWayTokens = (ctx: Ctx, present: DirectLimits, asked: DirectAsked): Promise<DirectTokens> =>
  takeDirect(ctx, wayLimits(present, asked, ctx.now()), asked.wanted, 'usual')

/**
 * For transactional ones: they keep the same limits, and come before all campaigns. A domain that is warmed up counts them
 * in its day and never keeps them waiting: a password is not asked for tomorrow.
 */
export const takeFirstTokens = (ctx: Ctx, present: DirectLimits, asked: DirectAsked): Promise<DirectTokens> =>
  takeDirect(
    ctx,
    [...sharedLimits(present.organization, asked.channel), ...wayLimits(present, asked, ctx.now())],
    asked.wanted,
    'first',
  )

/** For messages that are offered to a provider because another cannot take them: of its own limit. */
export const takeProviderTokens = (
  ctx: Ctx,
  organization: SendingLimits,
  providerId: ProviderId,
  wanted: number,
): Promise<DirectTokens> => takeDirect(ctx, providerLimit(organization, providerId), wanted, 'usual')

async function takeDirect(
  ctx: Ctx,
  limits: readonly Limit[],
  wanted: number,
  lane: Lane,
): Promise<DirectTokens> {
  const tokens = await takeOf(ctx, limits, wanted, lane)
  const { at, intervalUs } = tokens
  return { count: tokens.kind === 'go' ? tokens.count : 0, taken: limits, at, intervalUs }
}

/** `first`: before everybody else. */
type Lane = 'first' | 'usual'

/** Takes places of all limits at once. */
function takeOf(ctx: Ctx, limits: readonly Limit[], wanted: number, lane: Lane = 'usual'): Promise<Taken> {
  if (limits.length === 0) return Promise.resolve({ kind: 'go', count: wanted, at: ctx.now(), intervalUs: 0 })
  return inTransaction(ctx, async (ctx) => {
    const nowUs = ctx.now().getTime() * 1_000
    const rows = await lockThrottles(
      ctx,
      limits.map((limit) => ({ ...limit, freshUs: nowUs - limit.intervalUs })),
    )
    const asked = limits.map((limit, n) => ofToday(limit, rows[n], nowUs))
    const isAsked = ({ allowance }: Limit): boolean => lane === 'usual' || allowance === null
    const holding = asked.filter(isAsked)
    const intervalUs = Math.max(0, ...holding.map((limit) => limit.intervalUs))
    const most = Math.min(wanted, ...holding.map(({ left }) => left))
    const spent = holding.find(({ left }) => left <= 0)
    if (spent?.allowance) return { kind: 'later', at: soonOr(ctx, spent.allowance.endsAt), intervalUs }
    const granted = grant(
      holding.map((limit) => (lane === 'first' ? { ...limit, aheadUs: aheadUsOf(limit.intervalUs) } : limit)),
      most,
      nowUs,
    )
    const { count } = granted
    const at = new Date(Math.ceil(granted.againUs / 1_000))
    if (count === 0) return { kind: 'later', at, intervalUs }
    await writeThrottles(
      ctx,
      asked.map((limit) => ({
        scope: limit.scope,
        key: limit.key,
        takenUntilUs: isAsked(limit)
          ? (granted.takenUntilUs[holding.indexOf(limit)] ?? nowUs)
          : countedUntilUs(limit, count, nowUs),
        countedOn: limit.allowance?.on ?? null,
        counted: limit.allowance ? limit.counted + count : 0,
      })),
    )
    return { kind: 'go', count, at, intervalUs }
  })
}

/** What is counted without having been asked delays whoever asks by one place at most. */
const countedUntilUs = (
  { intervalUs, takenUntilUs }: { intervalUs: number; takenUntilUs: number | null },
  count: number,
  nowUs: number,
): number =>
  Math.min(
    Math.max(takenUntilUs ?? 0, nowUs - intervalUs) + count * intervalUs,
    nowUs + aheadUsOf(intervalUs),
  )

/** A plan may be changed before its day ends. */
const soonOr = (ctx: Ctx, at: Date): Date =>
  new Date(Math.min(at.getTime(), ctx.now().getTime() + LOOK_AGAIN_MS))

/** A limit that holds. */
export interface Limit {
  scope: ThrottleScope
  key: string
  intervalUs: number
  /** Of a day; null where a limit knows no days. */
  allowance: Allowance | null
}

/** A limit with what is taken of it; of an allowance, what is left leaves evenly over the rest of its day. */
function ofToday(
  limit: Limit,
  row: TakenSoFar | undefined,
  nowUs: number,
): Limit & { takenUntilUs: number | null; counted: number; left: number } {
  const { allowance } = limit
  const takenUntilUs = row?.takenUntilUs ?? null
  if (!allowance) return { ...limit, takenUntilUs, counted: 0, left: Number.POSITIVE_INFINITY }
  const counted = row?.countedOn === allowance.on ? row.counted : 0
  const intervalUs = warmupIntervalUs(allowance, counted, nowUs)
  return { ...limit, intervalUs, takenUntilUs, counted, left: allowance.messages - counted }
}

function limitsFor(present: PresentLimits, asked: Asked, now: Date): Limit[] {
  const { run: own, organization: all } = present
  const { run, channel } = asked
  return [
    ...limit('campaign', run.campaignId, campaignLimits(own, all)),
    ...sharedLimits(all, channel),
    ...wayLimits(present, asked, now),
  ]
}

/** The limits of who takes messages, who receives them, and who sends them. */
function wayLimits(
  { organization: all, warmups }: DirectLimits,
  { receiver, way }: Pick<DirectAsked, 'receiver' | 'way'>,
  now: Date,
): Limit[] {
  const ofReceiver = all.receivers.find((candidate) => candidate.receiver === receiver)
  return [
    ...providerLimit(all, way.providerId),
    ...limit('receiver', receiver ?? '', ofReceiver ?? null),
    ...warmupLimit(warmups, way.senderDomain, now),
  ]
}

/** The limit of one provider; none where there is no provider, or no limit. */
const providerLimit = ({ providers }: SendingLimits, id: ProviderId | null): Limit[] =>
  id === null ? [] : limit('provider', id, providers.find(({ providerId }) => providerId === id) ?? null)

/** The limits that everything of a channel keeps. */
const sharedLimits = (all: SendingLimits, channel: TimedChannel): Limit[] => [
  ...limit('channel', channel, all.channels[channel] ?? null),
  ...limit('organization', '', all.organization),
]

function limit(scope: ThrottleScope, key: string, limits: RunLimits | null): Limit[] {
  const intervalUs = limits && intervalOf(limits)
  return intervalUs === null ? [] : [{ scope, key, intervalUs, allowance: null }]
}

function warmupLimit(warmups: PresentLimits['warmups'], senderDomain: string | null, now: Date): Limit[] {
  const plan = warmups?.find(({ domain }) => domain === senderDomain)
  const allowance = plan ? allowanceAt(plan, now) : null
  if (!plan || !allowance) return []
  const intervalUs = warmupIntervalUs(allowance, 0, now.getTime() * 1_000)
  return [{ scope: 'sender', key: plan.domain, intervalUs, allowance }]
}

/** How long the people ahead of a chunk take, beyond the next seconds' worth. */
async function queueMs(ctx: Ctx, { run, chunkNo, receiver }: Asked, intervalUs: number): Promise<number> {
  const ahead = await peopleAhead(ctx, run.id, { chunkNo, receiver })
  const aheadMs = (ahead * intervalUs) / 1_000
  return aheadMs <= AHEAD_SECONDS * 1_000 ? 0 : Math.min(LOOK_AGAIN_MS, Math.round(aheadMs))
}
