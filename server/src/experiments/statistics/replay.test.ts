/** The whole rule under a look a minute: a short, seeded form of `npm run bench -- peeking`. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { simulate, type Truth } from '../../../../bench/peeking/simulate.ts'
import { seededDice } from '../../testing/harness.ts'
import type { DecisionSetup } from './decision.ts'
import { type History, replay } from './replay.ts'

const RUNS = 300
const LIMIT = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / RUNS)
const MAILING: Omit<Truth, 'rates'> = { metric: 'rate', confidence: 0.95, perArm: 4000 }

test('CS-006.4 CB-5.4 FR-005.4 looked at each minute, identical variants seldom yield a winner, where a plain test would', () => {
  for (const rates of [
    [0.05, 0.05],
    [0.05, 0.05, 0.05],
  ]) {
    const { falseWinners, naiveFalseWinners } = simulate({ ...MAILING, rates }, RUNS, seededDice(7))
    expect(falseWinners / RUNS).toBeLessThanOrEqual(LIMIT)
    expect(naiveFalseWinners / RUNS).toBeGreaterThan(0.25)
  }
})

test('CB-5.4 a real difference is found nearly as often as by one test at the end, and sooner', () => {
  const { trueWinners, fixedEnd, meanShare } = simulate(
    { ...MAILING, rates: [0.05, 0.067] },
    RUNS,
    seededDice(8),
  )
  expect(fixedEnd / RUNS).toBeGreaterThan(0.75)
  expect((fixedEnd - trueWinners) / RUNS).toBeLessThan(0.05)
  expect(meanShare).toBeLessThan(0.9)
})

const SETUP: DecisionSetup = {
  metric: 'revenue',
  confidence: 0.9,
  weights: [1, 1],
  holdout: [false, false],
  minSample: 100,
  minConversions: 5,
  minRuntimeMinutes: 10,
  horizonMinutes: 100,
  plannedRecipients: 2000,
  baselineRate: null,
  baselineSecondMoment: 50,
}

test('outcomes of one minute decide alike in whatever order they arrive', () => {
  const outcome = fc.record({
    minute: fc.integer({ min: 1, max: 100 }),
    arm: fc.integer({ min: 0, max: 1 }),
    value: fc.integer({ min: 1, max: 50 }),
  })
  fc.assert(
    fc.property(fc.array(outcome, { minLength: 5, maxLength: 200 }), (drawn) => {
      const outcomes = drawn
        .map((one) => ({ ...one, isFirst: true, earlier: 0 }))
        .sort((a, b) => a.minute - b.minute)
      const history: History = { recipients: [1000, 1000], outcomes }
      const reordered = outcomes.toReversed().sort((a, b) => a.minute - b.minute)
      expect(replay(SETUP, { ...history, outcomes: reordered }, 100)).toEqual(replay(SETUP, history, 100))
    }),
  )
})
