import { expect, test } from 'vitest'
import type { Ctx } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { testPlatform } from '../../testing/test-platform.ts'
import type { HeldChunk } from './held-chunk.ts'
import { batchSize, learnPace, paceAfter, sizeAt } from './pace.ts'

const ROOM = { most: 1_000, leftMs: 1_000 }
/** A transaction takes 30 ms and a message 0.1. */
const usualMs = (count: number): number => 30 + count / 10

/** Sizes of sub-batches of a run, each of which lasts as long as it is said. */
function sizesOf(...lasting: ((count: number) => number)[]): number[] {
  let paceMs: number | undefined
  return lasting.map((lastsMs) => {
    const size = sizeAt(paceMs, ROOM)
    paceMs = paceAfter(paceMs, size, lastsMs(size))
    return size
  })
}

test('a run leaves in few large sub-batches as soon as its pace is known', () => {
  expect(sizesOf(usualMs, usualMs, usualMs)).toEqual([100, 1_000, 1_000])
})

test('a run that stood still for once is quick again', () => {
  const stoodStillMs = (): number => 5_000
  expect(sizesOf(stoodStillMs, usualMs, usualMs, usualMs)).toEqual([100, 20, 438, 1_000])
})

test('a slow run leaves in small ones, and the rest of a chunk does not slow a quick one down', () => {
  const slowMs = (count: number): number => 20 * count
  expect(sizesOf(slowMs, slowMs, slowMs)).toEqual([100, 35, 35])
  const paceMs = paceAfter(undefined, 1_000, usualMs(1_000))
  expect(paceAfter(paceMs, 40, usualMs(40))).toBe(paceMs)
})

test('NFR-003.1 a run that begins on a quick channel goes by its pace at once, and on a slow one by none', async () => {
  const { platform, clock } = await testPlatform()
  const heldOf = (runId: string, channel: string): HeldChunk =>
    ({ run: { id: runId }, chunk: { channel } }) as unknown as HeldChunk // nothing else is looked at
  const org = (): Ctx => platform.systemCtx(newId<'organization'>(clock.now()))
  const [ctx, elsewhere] = [org(), org()]
  learnPace(ctx, heldOf('first', 'email'), 500, 100)
  learnPace(ctx, heldOf('slow', 'sms'), 100, 5_000)
  const sizeOf = (of: Ctx, channel: string): number => batchSize(of, heldOf('new', channel), ROOM)
  expect([sizeOf(ctx, 'email'), sizeOf(ctx, 'sms'), sizeOf(elsewhere, 'email')]).toEqual([1_000, 100, 100])
})
