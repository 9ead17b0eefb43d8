/**
 * How many messages a sub-batch has: few enough for pause and withdrawal, many enough to cost few transactions. What a
 * message takes is kept for the next chunk of the run: where each began anew, half of all sub-batches were small ones.
 */
import type { Ctx } from '../../platform/context.ts'
import type { Platform } from '../../platform/platform.ts'
import type { HeldChunk } from './held-chunk.ts'

/** A sub-batch shall last so long. */
const BATCH_TARGET_MS = 700
const BATCH_MIN = 20
const BATCH_FIRST = 100
/** Runs and channels whose pace a process keeps. */
const KEPT_MAX = 200

/** Milliseconds a message by run and channel, as the latest sub-batch took them. */
const kept = new WeakMap<Platform, Map<string, number>>()

/** The size of a sub-batch that has so much time left in its turn; a small one where no pace is known yet. */
export function batchSize(
  ctx: Ctx,
  held: HeldChunk,
  { most, leftMs }: { most: number; leftMs: number },
): number {
  const paceMs = kept.get(ctx.platform)?.get(keyOf(held))
  const size = paceMs === undefined ? BATCH_FIRST : Math.round(Math.min(BATCH_TARGET_MS, leftMs) / paceMs)
  return Math.min(most, Math.max(BATCH_MIN, size))
}

/** Learns from a sub-batch. Of a quick small one, which the rest of a chunk is, most of the time is what any would take. */
export function learnPace(ctx: Ctx, held: HeldChunk, count: number, lastedMs: number): void {
  if (count < BATCH_FIRST && lastedMs < BATCH_TARGET_MS / 2) return
  const paces = kept.get(ctx.platform) ?? new Map<string, number>()
  kept.set(ctx.platform, paces)
  const key = keyOf(held)
  // The one that was learned longest ago is forgotten first.
  paces.delete(key)
  paces.set(key, Math.max(1, lastedMs) / count)
  const [oldest] = paces.keys()
  if (paces.size > KEPT_MAX && oldest !== undefined) paces.delete(oldest)
}

const keyOf = ({ run, chunk }: HeldChunk): string => `${run.id}:${chunk.channel}`
