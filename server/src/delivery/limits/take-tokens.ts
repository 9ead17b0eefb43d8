/**
 * Asking the limits before a sub-batch: rows that all workers share, taken of per sub-batch and never per message. A chunk
 * that gets nothing comes back later, so that a throttled run holds no worker and no other run.
 */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { TimedChannel } from '../timing/sending-hours.ts'
import { capsFor, type FrequencyCap } from '../caps/frequency-caps.ts'
import type { Run } from '../runs/run.ts'
import type { RunLimits } from '../timing/run-timing.ts'
import { grant, intervalOf } from './grant.ts'
import {
  lockThrottles,
  peopleAhead,
  readRunLimits,
  readSendingLimits,
  writeThrottles,
  type PresentLimits,
  type ThrottleScope,
} from './limit-queries.ts'
import { campaignLimits, NO_LIMITS, type SendingLimits } from './sending-limits.ts'

/** What a chunk asks for. */
export interface Asked {
  run: Pick<Run, 'id' | 'campaignId' | 'purpose'>
  channel: TimedChannel
  chunkNo: number
  wanted: number
}

/** `taken`: the limits that places were taken of. `caps`: the rules that hold for each person of what leaves. */
export type Tokens =
  | { kind: 'go'; count: number; taken: readonly Limit[]; caps: readonly FrequencyCap[] }
  | { kind: 'later'; at: Date }

/** Chunks of the next so many seconds take turns; those behind them need not look yet. */
const AHEAD_SECONDS = 3
/** However long the queue, a chunk looks again after this: limits may have been lifted. */
const LOOK_AGAIN_MS = 60_000

/** Takes of every limit that holds, or says when to ask again. */
export async function takeTokens(ctx: Ctx, { run, channel, chunkNo, wanted }: Asked): Promise<Tokens> {
  const present = await readRunLimits(ctx, run.id)
  const limits = limitsFor(present, run, channel)
  const caps = present.caps === null ? NO_CAPS : capsFor(present.caps, { channel, purpose: run.purpose })
  if (limits.length === 0) return { kind: 'go', count: wanted, taken: [], caps }
  const slowestUs = Math.max(...limits.map(({ intervalUs }) => intervalUs))
  const waitMs = chunkNo > 0 ? await queueMs(ctx, run, chunkNo, slowestUs) : 0
  if (waitMs > 0) return { kind: 'later', at: new Date(ctx.now().getTime() + waitMs) }
  const taken = await takeOf(ctx, limits, wanted)
  return taken.kind === 'go' ? { ...taken, taken: limits, caps } : taken
}

/** The same for marketing messages that are asked for one by one: they share the limits of channel and organization. */
export async function takeDirectTokens(
  ctx: Ctx,
  channel: TimedChannel,
  wanted: number,
): Promise<Pick<Tokens & { kind: 'go' }, 'kind' | 'count'> | (Tokens & { kind: 'later' })> {
  const { limits } = await readSendingLimits(ctx)
  return takeOf(ctx, sharedLimits(limits, channel), wanted)
}

/** Takes places of all limits at once. */
function takeOf(
  ctx: Ctx,
  limits: readonly Limit[],
  wanted: number,
): Promise<{ kind: 'go'; count: number } | { kind: 'later'; at: Date }> {
  if (limits.length === 0) return Promise.resolve({ kind: 'go', count: wanted })
  return inTransaction(ctx, async (ctx) => {
    const nowUs = ctx.now().getTime() * 1_000
    const fresh = limits.map((limit) => ({ ...limit, freshUs: nowUs - limit.intervalUs }))
    const taken = await lockThrottles(ctx, fresh)
    const { count, takenUntilUs, againUs } = grant(
      limits.map(({ intervalUs }, n) => ({ intervalUs, takenUntilUs: taken[n] ?? null })),
      wanted,
      nowUs,
    )
    if (count === 0) return { kind: 'later', at: new Date(Math.ceil(againUs / 1_000)) }
    await writeThrottles(
      ctx,
      limits.map(({ scope, key }, n) => ({ scope, key, takenUntilUs: takenUntilUs[n] ?? nowUs })),
    )
    return { kind: 'go', count }
  })
}

/** A limit that holds. */
export interface Limit {
  scope: ThrottleScope
  key: string
  intervalUs: number
}

const NO_CAPS: readonly FrequencyCap[] = []

function limitsFor(
  { run: own, organization }: PresentLimits,
  run: Asked['run'],
  channel: TimedChannel,
): Limit[] {
  const all = organization ?? NO_LIMITS
  return [...limit('campaign', run.campaignId, campaignLimits(own, all)), ...sharedLimits(all, channel)]
}

/** The limits that everything of a channel keeps. */
const sharedLimits = (all: SendingLimits, channel: TimedChannel): Limit[] => [
  ...limit('channel', channel, all.channels[channel] ?? null),
  ...limit('organization', '', all.organization),
]

function limit(scope: ThrottleScope, key: string, limits: RunLimits | null): Limit[] {
  const intervalUs = limits && intervalOf(limits)
  return intervalUs === null ? [] : [{ scope, key, intervalUs }]
}

/** How long the people ahead of a chunk take, beyond the next seconds' worth. */
async function queueMs(ctx: Ctx, run: Asked['run'], chunkNo: number, intervalUs: number): Promise<number> {
  const ahead = await peopleAhead(ctx, run.id, chunkNo)
  const aheadMs = (ahead * intervalUs) / 1_000
  return aheadMs <= AHEAD_SECONDS * 1_000 ? 0 : Math.min(LOOK_AGAIN_MS, Math.round(aheadMs))
}
