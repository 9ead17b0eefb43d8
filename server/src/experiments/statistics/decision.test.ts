/** The rule that ends a test: its gates in their order, its error rates, and that nothing undoes it. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { experimentSettings } from '../schema.ts'
import { type DecisionSetup, judgeLook, judgeLooks, type Look, secondMomentToFreeze } from './decision.ts'
import { anytimeP, criticalZ, kappa, oneSidedLogE, twoSidedLogE } from './evalue.ts'
import { compareRates, plannedRateInformation } from './rate-pair.ts'
import { compareRevenue } from './revenue-pair.ts'

const SETUP: DecisionSetup = {
  metric: 'rate',
  confidence: 0.95,
  weights: [1, 1],
  holdout: [false, false],
  minSample: 1000,
  minConversions: 30,
  minRuntimeMinutes: 180,
  horizonMinutes: 1440,
  plannedRecipients: 20_000,
  baselineRate: 0.025,
  baselineSecondMoment: null,
}

const rates = (minute: number, ...arms: [n: number, x: number][]): Look => ({
  minute,
  arms: arms.map(([n, successes]) => ({ n, successes, sum: 0, sumOfSquares: 0 })),
})

test('CS-007.4 DS-minimum-sample-sizes.1 DS-minimum-sample-sizes.3 unless told otherwise, a variant needs 1,000 recipients and the leader 30 conversions', () => {
  const { minSample, minConversions } = experimentSettings.parse({})
  const setup = { ...SETUP, minSample, minConversions }
  expect(judgeLook(setup, rates(200, [999, 0], [999, 400]))).toMatchObject({ reason: 'min_sample' })
  expect(judgeLook(setup, rates(200, [1_000, 0], [1_000, 29]))).toMatchObject({ reason: 'min_conversions' })
  expect(judgeLook(setup, rates(200, [1_000, 0], [1_000, 400]))).toMatchObject({ state: 'winner' })
})

test('CS-007.3 FR-005.4 the certainty asked for is 90, 95 or 99 %, and more of it asks for a larger difference', () => {
  const confidences = [90, 95, 99]
  expect(confidences.map((confidence) => experimentSettings.parse({ confidence }).confidence)).toEqual(
    confidences,
  )
  for (const confidence of [0, 80, 94.9, 100])
    expect(experimentSettings.safeParse({ confidence }).success).toBe(false)
  const needed = confidences.map((percent) => {
    for (let more = 0; more <= 200; more++) {
      const { winner } = judgeLook(
        { ...SETUP, confidence: percent / 100 },
        rates(200, [10_000, 300], [10_000, 300 + more]),
      )
      if (winner !== null) return more
    }
    return null
  })
  expect(needed).not.toContain(null)
  expect(needed).toEqual([...new Set(needed)].toSorted((a, b) => Number(a) - Number(b)))
})

test('CS-007.4 CB-5.4 no winner is named below the minimum sample, before the minimum time, or with too few conversions', () => {
  const clear: [number, number][] = [
    [10_000, 200],
    [10_000, 400],
  ]
  expect(judgeLook(SETUP, rates(200, ...clear))).toMatchObject({ state: 'winner', winner: 1 })
  expect(judgeLook({ ...SETUP, minSample: 10_001 }, rates(200, ...clear))).toMatchObject({
    state: 'collecting',
    reason: 'min_sample',
  })
  expect(judgeLook(SETUP, rates(179, ...clear))).toMatchObject({ reason: 'min_runtime', leader: 1 })
  expect(judgeLook({ ...SETUP, minConversions: 401 }, rates(200, ...clear))).toMatchObject({
    state: 'collecting',
    reason: 'min_conversions',
  })
  expect(judgeLook(SETUP, rates(200, [10_000, 300], [10_000, 300]))).toMatchObject({
    state: 'collecting',
    reason: 'tie',
    leader: null,
  })
})

test('CB-5.4 a difference that chance explains ends inconclusive at the horizon, never with a winner', () => {
  const looks = [200, 400, 800, 1440, 2000].map((minute) => rates(minute, [10_000, 300], [10_000, 310]))
  const verdicts = judgeLooks(SETUP, looks)
  expect(verdicts.map(({ state }) => state)).toEqual(['running', 'running', 'running', 'inconclusive'])
  expect(verdicts.at(-1)).toMatchObject({ reason: 'not_significant', leader: 1, winner: null })
})

test('CS-005.5 a split that is not the planned one blocks every winner', () => {
  const skewed: [number, number][] = [
    [10_000, 200],
    [9000, 400],
  ]
  expect(judgeLook(SETUP, rates(400, ...skewed))).toMatchObject({ state: 'blocked', reason: 'srm' })
  expect(judgeLook(SETUP, rates(1440, ...skewed))).toMatchObject({ state: 'inconclusive', reason: 'srm' })
})

test('CS-005.4 the arm that gets nothing is counted and never wins', () => {
  const setup: DecisionSetup = {
    ...SETUP,
    weights: [1, 1, 1],
    holdout: [false, false, true],
    plannedRecipients: 30_000,
  }
  const verdict = judgeLook(setup, rates(400, [10_000, 200], [10_000, 400], [10_000, 900]))
  expect(verdict).toMatchObject({ state: 'winner', winner: 1 })
  expect(verdict.pairs.map(({ against }) => against)).toEqual([0])
})

test('CB-5.4 a winner must beat every other variant, not only one of them', () => {
  const setup = { ...SETUP, weights: [1, 1, 1], holdout: [false, false, false], plannedRecipients: 30_000 }
  const close = judgeLook(setup, rates(400, [10_000, 200], [10_000, 400], [10_000, 395]))
  expect(close).toMatchObject({ state: 'running', reason: 'not_significant', leader: 1 })
})

test('CS-007.4 revenue without history is measured by the first look past the gates, and by that one for ever', () => {
  const setup: DecisionSetup = { ...SETUP, metric: 'revenue', minConversions: 30 }
  const look = (minute: number, factor: number): Look => ({
    minute,
    arms: [
      { n: 10_000, successes: 100, sum: 500_000 * factor, sumOfSquares: 3_000_000_000 * factor },
      { n: 10_000, successes: 120, sum: 640_000 * factor, sumOfSquares: 4_000_000_000 * factor },
    ],
  })
  expect(secondMomentToFreeze(setup, look(10, 1))).toBeNull()
  expect(secondMomentToFreeze(setup, look(200, 1))).toBeCloseTo(7_000_000_000 / 20_000, 6)
  const [, second] = judgeLooks(setup, [look(200, 1), look(300, 2)])
  const alone = judgeLook(setup, look(300, 2), 7_000_000_000 / 20_000)
  expect(second?.pairs).toEqual(alone.pairs)
})

test('fewer than thirty buyers in an arm never prove a difference in revenue', () => {
  const setup: DecisionSetup = { ...SETUP, metric: 'revenue', minConversions: 5, baselineSecondMoment: 100 }
  const verdict = judgeLook(setup, {
    minute: 1440,
    arms: [
      { n: 10_000, successes: 29, sum: 2900, sumOfSquares: 290_000 },
      { n: 10_000, successes: 200, sum: 20_000, sumOfSquares: 2_000_000 },
    ],
  })
  expect(verdict).toMatchObject({ state: 'inconclusive', pairs: [{ test: 'welch', p: 1 }] })
})

test('the verdict depends on counts alone: the order of the arms changes nothing but their numbers', () => {
  const arm = fc.tuple(fc.integer({ min: 900, max: 20_000 }), fc.double({ min: 0, max: 0.4, noNaN: true }))
  fc.assert(
    fc.property(arm, arm, fc.integer({ min: 0, max: 2000 }), ([n1, r1], [n2, r2], minute) => {
      const [one, two]: [number, number][] = [
        [n1, Math.round(n1 * r1)],
        [n2, Math.round(n2 * r2)],
      ] as [[number, number], [number, number]] // two pairs, as written
      const weights = [n1, n2]
      const there = judgeLook({ ...SETUP, weights }, rates(minute, one, two))
      const back = judgeLook({ ...SETUP, weights: weights.toReversed() }, rates(minute, two, one))
      const mirrored = (index: number | null) => (index === null ? null : 1 - index)
      expect(back).toMatchObject({
        state: there.state,
        reason: there.reason,
        winner: mirrored(there.winner),
        leader: mirrored(there.leader),
      })
    }),
  )
})

test('an e-value passes 1/alpha exactly at the critical z, and its p is never above 1', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 1000, noNaN: true }),
      fc.constantFrom(0.1, 0.05, 0.01),
      (clock, alpha) => {
        expect(twoSidedLogE(criticalZ(clock, alpha), clock)).toBeCloseTo(-Math.log(alpha), 8)
        expect(anytimeP(oneSidedLogE(-5, clock))).toBe(1)
      },
    ),
  )
  expect(kappa(0.05)).toBeCloseTo(7.9362, 4)
})

test('rates: both one-sided e-values average the two-sided one, and an arm without events says nothing', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 999 }), (x1, x2) => {
      const pair = compareRates({ successes: x1, total: 1000 }, { successes: x2, total: 1000 }, 30, 0.05)
      // In shares of the two-sided one: each alone may be above the largest double.
      const shares =
        Math.exp(pair.logEVariantBetter - pair.logETwoSided) +
        Math.exp(pair.logEControlBetter - pair.logETwoSided)
      expect(shares / 2).toBeCloseTo(1, 6)
      expect(pair.difference?.lower).toBeLessThanOrEqual((x2 - x1) / 1000)
    }),
  )
  const nothing = compareRates({ successes: 0, total: 0 }, { successes: 3, total: 10 }, 30, 0.05)
  expect(nothing).toMatchObject({ pAnytime: 1, logETwoSided: 0, difference: null })
  expect(plannedRateInformation(10_000, 10_000, 0.03)).toBeCloseTo(77.3196, 3)
})

test('revenue: what one arm gains the other loses', () => {
  const money = fc.integer({ min: 0, max: 1_000_000 })
  fc.assert(
    fc.property(
      money,
      money,
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 1, max: 5000 }),
      (one, two, n1, n2) => {
        const arm = (n: number, sum: number) => ({ n, sum, sumOfSquares: sum * 40 })
        const there = compareRevenue(arm(n1, one), arm(n2, two), 1e8, 0.05)
        const back = compareRevenue(arm(n2, two), arm(n1, one), 1e8, 0.05)
        expect(there.z).toBeCloseTo(-back.z, 7)
        expect(there.logEVariantBetter).toBeCloseTo(back.logEControlBetter, 7)
      },
    ),
  )
})
