/** Tests and intervals of rates and means: what holds for all counts, and published examples. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chiSquareTest } from './contingency.ts'
import { adjustByCovariate } from './cuped.ts'
import { fisherExact } from './fisher.ts'
import { benjaminiHochberg, benjaminiYekutieli, bonferroni, holm } from './multiplicity.ts'
import { probabilityBest } from './probability-best.ts'
import {
  compareProportions,
  newcombeInterval,
  type Proportion,
  ratioInterval,
  wilsonInterval,
} from './proportions.ts'
import { checkSampleRatio, MISMATCH_LOG_E, sampleRatioLogE } from './sample-ratio.ts'
import { powerOf, sampleSize, smallestDetectableRate } from './sample-size.ts'
import { momentsOf, momentsOfSums, welchTest } from './welch.ts'

const proportion = (max = 100_000): fc.Arbitrary<Proportion> =>
  fc
    .tuple(fc.integer({ min: 1, max }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([total, share]) => ({ total, successes: Math.round(total * share) }))
const confidence = fc.constantFrom(0.9, 0.95, 0.99)

test('CS-006.2 a rate lies inside its interval, which lies inside 0 … 1 and widens with the confidence', () => {
  fc.assert(
    fc.property(proportion(), confidence, (arm, level) => {
      const interval = wilsonInterval(arm, level)
      const wider = wilsonInterval(arm, 0.999)
      const rate = arm.successes / arm.total
      expect(interval?.lower).toBeGreaterThanOrEqual(0)
      expect(interval?.lower).toBeLessThanOrEqual(rate)
      expect(interval?.upper).toBeGreaterThanOrEqual(rate)
      expect(interval?.upper).toBeLessThanOrEqual(1)
      expect(wider?.lower).toBeLessThanOrEqual(interval?.lower ?? 0)
      expect(wider?.upper).toBeGreaterThanOrEqual(interval?.upper ?? 0)
    }),
  )
  expect(wilsonInterval({ successes: 0, total: 0 }, 0.95)).toBeNull()
})

test('CS-006.2 exchanging two arms mirrors test and intervals', () => {
  fc.assert(
    fc.property(proportion(), proportion(), confidence, (one, two, level) => {
      const [there, back] = [compareProportions(one, two), compareProportions(two, one)]
      expect(there.z).toBeCloseTo(-back.z, 9)
      expect(there.pTwoSided).toBeCloseTo(back.pTwoSided, 12)
      const [interval, mirrored] = [newcombeInterval(one, two, level), newcombeInterval(two, one, level)]
      expect(interval?.lower).toBeCloseTo(-(mirrored?.upper ?? 0), 12)
      const [ratio, inverse] = [ratioInterval(one, two, level), ratioInterval(two, one, level)]
      const isDefined = ratio.lower !== null && inverse.upper !== null
      expect(isDefined ? (ratio.lower ?? 0) * (inverse.upper ?? 0) : 1).toBeCloseTo(1, 9)
    }),
  )
})

test('CS-006.3 for two arms the chi-square is the square of z, with the same p', () => {
  fc.assert(
    fc.property(proportion(), proportion(), (one, two) => {
      const z = compareProportions(one, two)
      const chi = chiSquareTest([one, two])
      expect(chi.degenerate).toBe(z.degenerate)
      expect(chi.chi2).toBeCloseTo(z.z ** 2, 5)
      expect(chi.p).toBeCloseTo(z.pTwoSided, 9)
    }),
  )
})

test('CS-006.3 counts of a billion keep their difference', () => {
  const one = { successes: 500_000_000, total: 1_000_000_001 }
  const two = { successes: 500_000_001, total: 1_000_000_003 }
  // (500000001 · 1000000001 − 500000000 · 1000000003) / (n₁ n₂) is exactly 1 / (n₁ n₂)
  expect(compareProportions(one, two).diff * one.total * two.total).toBeCloseTo(1, 9)
})

test('CS-006.3 Fisher’s one-sided tails overlap in the observed table, and the two-sided one is never below the smaller', () => {
  fc.assert(
    fc.property(proportion(300), proportion(300), (one, two) => {
      const { pTwoSided, pGreater, pLess } = fisherExact(one, two)
      expect(pGreater + pLess).toBeGreaterThanOrEqual(1 - 1e-9)
      expect(pTwoSided).toBeGreaterThanOrEqual(Math.min(pGreater, pLess) - 1e-12)
      expect(pTwoSided).toBeLessThanOrEqual(1)
    }),
  )
  // The lady tasting tea: 3 of 4 right by chance 17 times of 70.
  expect(fisherExact({ successes: 1, total: 4 }, { successes: 3, total: 4 }).pGreater).toBeCloseTo(
    17 / 70,
    12,
  )
})

test('CS-006.2 Newcombe’s own example is met: 56 of 70 against 48 of 80', () => {
  const interval = newcombeInterval({ successes: 48, total: 80 }, { successes: 56, total: 70 }, 0.95)
  expect(interval?.lower).toBeCloseTo(0.0524, 4)
  expect(interval?.upper).toBeCloseTo(0.3339, 4)
})

test('CS-006.3 adjusted p-values never fall below the raw ones, keep their order, and Holm lies within Bonferroni', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (p) => {
      const order = [...p.keys()].sort((a, b) => (p[a] ?? 0) - (p[b] ?? 0))
      for (const method of [holm, bonferroni, benjaminiHochberg, benjaminiYekutieli]) {
        const adjusted = method(p)
        for (const [index, value] of adjusted.entries()) {
          expect(value).toBeGreaterThanOrEqual((p[index] ?? 0) - 1e-15)
          expect(value).toBeLessThanOrEqual(1)
        }
        const sorted = order.map((index) => adjusted[index] ?? 0)
        expect(sorted).toEqual(sorted.toSorted((a, b) => a - b))
      }
      const strict = bonferroni(p)
      for (const [index, value] of holm(p).entries()) expect(value).toBeLessThanOrEqual(strict[index] ?? 1)
    }),
  )
})

test('CS-006.3 means: sums and values give one answer, and exchanging the arms mirrors it', () => {
  const values = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 2, maxLength: 60 })
  fc.assert(
    fc.property(values, values, (one, two) => {
      const sums = (list: readonly number[]) =>
        momentsOfSums(
          list.length,
          list.reduce((sum, value) => sum + value, 0),
          list.reduce((sum, value) => sum + value * value, 0),
        )
      const test = welchTest(momentsOf(one), momentsOf(two), 0.95)
      expect(welchTest(sums(one), sums(two), 0.95).p).toBeCloseTo(test.p, 6)
      const mirrored = welchTest(momentsOf(two), momentsOf(one), 0.95)
      expect(mirrored.diff).toBeCloseTo(-test.diff, 9)
      expect(mirrored.p).toBeCloseTo(test.p, 9)
    }),
  )
})

test('CS-006.3 a covariate that foretells everything leaves no spread, a constant one changes nothing', () => {
  const arm = (y: number[], x: number[]) => ({ y, x })
  const perfect = adjustByCovariate(arm([2, 4, 6], [1, 2, 3]), arm([8, 10], [4, 5]))
  expect(perfect.theta).toBeCloseTo(2, 12)
  expect(perfect.control.variance + perfect.variant.variance).toBeCloseTo(0, 12)
  const constant = adjustByCovariate(arm([1, 5], [7, 7]), arm([2, 9], [7, 7]))
  expect(constant.theta).toBe(0)
  expect(constant.control).toEqual(momentsOf([1, 5]))
})

test('CS-006.3 the people a plan asks for reach its power, and the smallest lift they show is the one planned', () => {
  const plan = { alpha: 0.05, power: 0.8, ratio: 1 }
  fc.assert(
    fc.property(
      fc.double({ min: 0.005, max: 0.5, noNaN: true }),
      fc.double({ min: 1.03, max: 1.8, noNaN: true }),
      (base, lift) => {
        const people = sampleSize(base, base * lift, plan)
        expect(powerOf(base, base * lift, people, plan)).toBeCloseTo(0.8, 9)
        expect(smallestDetectableRate(base, people, plan)).toBeCloseTo(base * lift, 7)
      },
    ),
  )
  expect(Math.ceil(sampleSize(0.2, 0.22, plan))).toBe(6510)
  expect(smallestDetectableRate(0.2, 3, plan)).toBeNull()
})

test('CS-005.5 an honest split raises no alarm, a wrong one does, and nobody may stand in an arm of weight 0', () => {
  expect(checkSampleRatio([5030, 4970], [1, 1])).toMatchObject({ mismatch: false })
  expect(sampleRatioLogE([5030, 4970], [1, 1])).toBeLessThan(MISMATCH_LOG_E)
  expect(sampleRatioLogE([5400, 4600], [1, 1])).toBeGreaterThan(MISMATCH_LOG_E)
  expect(sampleRatioLogE([10, 1], [1, 0])).toBe(Infinity)
  expect(checkSampleRatio([10, 1], [1, 0])).toMatchObject({ mismatch: true, p: 0 })
  expect(checkSampleRatio([0, 0], [1, 1])).toMatchObject({ mismatch: false, p: 1, logEvalue: null })
})

test('the probabilities to be the best sum to 1, follow the rates, and the best arm risks the least', () => {
  fc.assert(
    fc.property(fc.array(proportion(20_000), { minLength: 2, maxLength: 5 }), (arms) => {
      const chances = probabilityBest(arms)
      expect(chances.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5)
      const byLoss = chances.toSorted((a, b) => a.expectedLoss - b.expectedLoss)
      const means = arms.map(({ successes, total }) => (successes + 1) / (total + 2))
      expect(means[chances.indexOf(byLoss[0] ?? { probability: 0, expectedLoss: 0 })]).toBeCloseTo(
        Math.max(...means),
        4,
      )
    }),
    { numRuns: 40 },
  )
})
