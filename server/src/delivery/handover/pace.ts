/**
 * How many messages a sub-batch has: few enough for pause and withdrawal, many enough to cost few transactions. What a
 * message takes is kept for the next chunk of the run: where each began anew, half of all sub-batches were small ones. A
 * run that begins goes by the latest one on its channel: a thousand small campaigns each left in two.
 */
import type { Ctx } from '../../platform/context.ts'
import { keepLatest } from '../../platform/kept.ts'
import type { Platform } from '../../platform/platform.ts'
import type { HeldChunk } from './held-chunk.ts'

/** A sub-batch shall last so long. */
const BATCH_TARGET_MS = 700
const BATCH_MIN = 20
const BATCH_FIRST = 100
/** Paces that a process keeps. */
const KEPT_MAX = 400

/** Milliseconds a message, as the latest sub-batch took them: of a channel's run, and of whatever left on the channel. */
const kept = new WeakMap<Platform, Map<string, number>>()

const paceOf = (ctx: Ctx, held: HeldChunk): number | undefined => kept.get(ctx.platform)?.get(keyOfRun(held))

/** The size of a sub-batch that has so much time left in its turn. */
export function batchSize(ctx: Ctx, held: HeldChunk, room: Room): number {
  const own = paceOf(ctx, held)
  if (own !== undefined) return sizeAt(own, room)
  // On a quick channel a run that begins takes more at once; on a slow one, no less than any that begins.
  const channels = kept.get(ctx.platform)?.get(keyOfChannel(ctx, held))
  return Math.max(sizeAt(undefined, room), sizeAt(channels, room))
}

/** How long so many messages take; for ever where no pace is known yet. */
export const expectedMs = (ctx: Ctx, held: HeldChunk, count: number): number =>
  count * (paceOf(ctx, held) ?? Infinity)

/** What a sub-batch may be at most, and the time that is left for it. */
interface Room {
  most: number
  leftMs: number
}

/** How many messages at that pace; few where none is known yet. */
export function sizeAt(paceMs: number | undefined, { most, leftMs }: Room): number {
  const size = paceMs === undefined ? BATCH_FIRST : Math.round(Math.min(BATCH_TARGET_MS, leftMs) / paceMs)
  return Math.min(most, Math.max(BATCH_MIN, size))
}

/** Learns from a sub-batch. */
export function learnPace(ctx: Ctx, held: HeldChunk, count: number, lastedMs: number): void {
  const paceMs = paceAfter(paceOf(ctx, held), count, lastedMs)
  if (paceMs === undefined) return
  const paces = kept.get(ctx.platform) ?? new Map<string, number>()
  kept.set(ctx.platform, paces)
  for (const key of [keyOfRun(held), keyOfChannel(ctx, held)]) keepLatest(paces, key, paceMs, KEPT_MAX)
}

/**
 * Milliseconds a message after one more sub-batch. Of a quick small one, which the rest of a chunk is, most of the time is
 * what any would take: it never makes a run slower, and always quicker, or one that stood still once, for the database or
 * the machine, would leave in small ones for ever.
 */
export function paceAfter(knownMs: number | undefined, count: number, lastedMs: number): number | undefined {
  const paceMs = Math.max(1, lastedMs) / count
  const isTelling = count >= BATCH_FIRST || lastedMs >= BATCH_TARGET_MS / 2
  return isTelling || (knownMs !== undefined && paceMs < knownMs) ? paceMs : knownMs
}

const keyOfRun = ({ run, chunk }: HeldChunk): string => `${run.id}:${chunk.channel}`
const keyOfChannel = ({ orgId }: Ctx, { chunk }: HeldChunk): string => `${orgId}:${chunk.channel}`
