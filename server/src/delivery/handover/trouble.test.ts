/** Rests between tries, by dice that a seed decides. */
import { expect, test } from 'vitest'
import { inTransaction } from '../../platform/db/index.ts'
import { seededDice } from '../../testing/dice.ts'
import { harness } from '../../testing/harness.ts'
import { testLaunch } from '../../testing/launch.ts'
import { readRun } from '../runs/queries.ts'
import type { Run } from '../runs/run.ts'
import { noteTrouble } from './trouble.ts'

const h = await harness()

test('DS-campaign-errors.2 rests of runs that one outage stopped spread over a fifth of the pause, the same for the same seed, and never longer', async () => {
  const org = await h.organization()
  const { runId } = await testLaunch(org.systemCtx)
  const rests = async (seed: number): Promise<number[]> => {
    const ctx = { ...org.systemCtx, random: seededDice(seed) }
    const found: number[] = []
    for (let n = 0; n < 20; n++)
      found.push(
        await inTransaction(ctx, async (ctx) => {
          const run: Run | null = await readRun(ctx, runId)
          if (!run) throw new Error('the run is there')
          const again = await noteTrouble(ctx, { ...run, troubles: {} }, 'email', {
            kind: 'unreachable',
            text: 'away',
          })
          return again.getTime() - h.clock.now().getTime()
        }),
      )
    return found
  }
  const first = await rests(1)
  expect(await rests(1)).toEqual(first)
  expect(await rests(2)).not.toEqual(first)
  expect(Math.max(...first)).toBeLessThanOrEqual(5_000)
  expect(Math.min(...first)).toBeGreaterThanOrEqual(4_000)
  expect(new Set(first).size).toBeGreaterThan(15)
})
