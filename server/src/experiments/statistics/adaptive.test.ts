/** Shares that follow the evidence, and the test that must hold under them. */
import { expect, test } from 'vitest'
import { seededDice } from '../../testing/harness.ts'
import {
  chancesOf,
  compareAdaptiveRates,
  compareAdaptiveRevenue,
  thompsonShares,
  type AdaptiveArm,
  type Period,
} from './adaptive.ts'
import { judgeLook, secondMomentToFreeze, type DecisionSetup } from './decision.ts'
import { compareProportions } from './proportions.ts'
import { twoSidedLogE } from './evalue.ts'
import { labelEvidence } from './label-evidence.ts'
import { compareRevenue } from './revenue-pair.ts'

const arm = (n: number, successes: number, sum = 0, sumOfSquares = 0): AdaptiveArm => ({
  n,
  successes,
  sum,
  sumOfSquares,
})

test('statistics §9 before the burn-in shares stay; then the better gets more, nobody less than the floor, and all get one', () => {
  expect(thompsonShares('rate', [arm(100, 9), arm(99, 40)])).toBeNull()
  const shares = thompsonShares('rate', [arm(100, 5), arm(100, 30), arm(100, 5)])
  expect(shares?.[0]).toBeCloseTo(0.05, 4)
  expect(shares?.[1]).toBeCloseTo(0.9, 4)
  expect(shares?.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6)
  expect(thompsonShares('rate', [arm(200, 20), arm(200, 20)])?.[0]).toBeCloseTo(0.5, 6)
})

test('statistics §9 CS-007.2 where money is compared shares follow its mean, as sure as its spread lets one be', () => {
  // Nobody has bought anything: there is nothing to follow.
  expect(thompsonShares('revenue', [arm(200, 0), arm(200, 0)])).toBeNull()
  const level = arm(500, 50, 100_000, 2.5e8)
  expect(thompsonShares('revenue', [level, level])?.[0]).toBeCloseTo(0.5, 6)
  // Means 200 and 260, each known to within ±√(460,000/500) = 30.3 and 31.9: ahead by 1.36 deviations, P = .9136.
  const ahead = arm(500, 50, 130_000, 2.9e8)
  const chances = chancesOf('revenue', [level, ahead])
  expect(chances?.[1]?.probability).toBeCloseTo(0.9136, 2)
  expect(thompsonShares('revenue', [level, ahead])?.[1]).toBeCloseTo(
    0.05 + 0.9 * (chances?.[1]?.probability ?? 0),
    6,
  )
  expect(chances?.[1]?.expectedLoss).toBeLessThan(chances?.[0]?.expectedLoss ?? 0)
  // One buyer in the second: its spread is that of all, not the nothing that the first has shown.
  const shares = thompsonShares('revenue', [arm(150, 0), arm(150, 1, 5_000, 2.5e7)])
  expect(shares?.[0]).toBeGreaterThan(0.1)
})

test('statistics §9 each period counts by the shares its people were assigned by', () => {
  const even: Period = { weights: [50, 50], arms: [arm(100, 10), arm(100, 20)] }
  const tilted: Period = { weights: [20, 80], arms: [arm(40, 5), arm(160, 40)] }
  const pair = { control: 0, variant: 1 }
  // U = (20 − 0.5·30) + (40 − 0.8·45) = 9; V = 30/4 + 45·(−0.6)/(2 ln 0.25) = 17.2382
  const z = 9 / Math.sqrt(7.5 + 45 * 0.2164043)
  expect(compareAdaptiveRates([even, tilted], pair, 10, 0.05).z).toBeCloseTo(z, 5)
  // Where everybody paid one, money says the same, by its bound.
  const paid = ({ weights, arms }: Period): Period => ({
    weights,
    arms: arms.map(({ n, successes }) => arm(n, successes, successes, successes)),
  })
  expect(compareAdaptiveRevenue([paid(even), paid(tilted)], pair, 10, 0.05).z).toBeCloseTo(z, 5)
  // With one even split it is the plain test of money.
  const money = compareRevenue(
    { n: 100, sum: 10, sumOfSquares: 10 },
    { n: 100, sum: 20, sumOfSquares: 20 },
    10,
    0.05,
  )
  expect(compareAdaptiveRevenue([paid(even)], pair, 10, 0.05).logETwoSided).toBeCloseTo(money.logETwoSided, 9)
  // Arms that grow alike in the shares of a better day are no difference, although their rates are far apart.
  const quiet = { weights: [80, 20], arms: [arm(800, 8), arm(200, 2)] }
  const busy = { weights: [20, 80], arms: [arm(200, 40), arm(800, 160)] }
  const alike = compareAdaptiveRates([quiet, busy], pair, 10, 0.05)
  expect(alike.z).toBeCloseTo(0, 9)
  expect(alike.pAnytime).toBe(1)
})

test('statistics §5 the exact evidence of labels is the mixture’s own sum, and the normal one where counts are large', () => {
  // One coin of share w that came down as the variant: E = ∫ e^λ/(1−w+we^λ) dN(0, τ²); w = ½ is even in λ, hence 1.
  expect(labelEvidence([{ share: 0.5, both: 1, own: 1 }], 0.5).logETwoSided).toBeCloseTo(0, 9)
  // Both faces of a coin, weighted by how probable they are, sum to 1: it is an e-value.
  for (const share of [0.05, 0.3, 0.95]) {
    const faces = [0, 1, 2].map((own) => labelEvidence([{ share, both: 2, own }], 0.7).logETwoSided)
    const weights = [(1 - share) ** 2, 2 * share * (1 - share), share ** 2]
    const mean = faces.reduce((sum, logE, own) => sum + (weights[own] ?? 0) * Math.exp(logE), 0)
    expect(mean).toBeCloseTo(1, 9)
  }
  const [both, deviation] = [40_000, 0.02]
  const own = 20_300
  const variance = both / 4
  const exact = labelEvidence([{ share: 0.5, both, own }], deviation)
  expect(exact.logETwoSided).toBeCloseTo(
    twoSidedLogE((own - both / 2) / Math.sqrt(variance), deviation ** 2 * variance),
    1,
  )
  expect(exact.logEVariantBetter).toBeGreaterThan(exact.logEControlBetter)
})

const BATCHES = 20
const PER_BATCH = 150
const ofRates: DecisionSetup = {
  metric: 'rate',
  confidence: 0.95,
  weights: [50, 50],
  holdout: [false, false],
  minSample: 100,
  minConversions: 5,
  minRuntimeMinutes: 0,
  horizonMinutes: null,
  plannedRecipients: BATCHES * PER_BATCH,
  baselineRate: 0.1,
  baselineSecondMoment: null,
}

/** One world: people come in batches, each assigned by the shares of the hour; a look after every batch. */
function live(
  rates: readonly [number, number],
  dice: () => number,
  {
    setup = ofRates,
    spend = () => 1,
  }: { setup?: DecisionSetup; spend?: (dice: () => number) => number } = {},
) {
  let moment: number | null = null
  const periods: Period[] = []
  let shares = [0.5, 0.5]
  let winner: number | null = null
  let isNaivelyWon = false
  const totals = [0, 1].map(() => arm(0, 0))
  for (let batch = 1; batch <= BATCHES; batch++) {
    const arms = [0, 1].map(() => arm(0, 0))
    for (let person = 0; person < PER_BATCH; person++) {
      const given = dice() < (shares[0] ?? 0) ? 0 : 1
      const worth = dice() < rates[given] ? spend(dice) : 0
      for (const count of [arms[given], totals[given]]) {
        if (!count) continue
        count.n += 1
        count.successes += worth > 0 ? 1 : 0
        count.sum += worth
        count.sumOfSquares += worth ** 2
      }
    }
    periods.push({ weights: shares, arms })
    const look = { minute: batch * 60, arms: totals, periods }
    moment ??= secondMomentToFreeze(setup, look)
    winner ??= judgeLook(setup, look, moment).winner
    const [one, two] = totals.map(({ n, successes }) => ({ total: n, successes }))
    if (one && two) isNaivelyWon ||= compareProportions(one, two).pTwoSided < 0.05
    shares = thompsonShares(setup.metric, totals) ?? shares
  }
  return { winner, isNaivelyWon, shareOfSecond: (totals[1]?.n ?? 0) / (BATCHES * PER_BATCH) }
}

test('CB-5.4 CS-006.4 under shares that follow the evidence identical variants seldom yield a winner, where a plain test would', () => {
  const worlds = 80
  const dice = seededDice(11)
  const lived = Array.from({ length: worlds }, () => live([0.1, 0.1], dice))
  const won = lived.filter(({ winner }) => winner !== null).length / worlds
  expect(won).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / worlds))
  expect(lived.filter(({ isNaivelyWon }) => isNaivelyWon).length / worlds).toBeGreaterThan(0.15)
})

test('CB-5.4 a variant that is truly better gets most of the people, is proven in most worlds, and the other one never is', () => {
  const worlds = 40
  const dice = seededDice(12)
  const lived = Array.from({ length: worlds }, () => live([0.1, 0.2], dice))
  expect(lived.reduce((sum, { shareOfSecond }) => sum + shareOfSecond, 0) / worlds).toBeGreaterThan(0.75)
  expect(lived.filter(({ winner }) => winner === 0)).toEqual([])
  expect(lived.filter(({ winner }) => winner === 1).length / worlds).toBeGreaterThan(0.5)
})
