/** Shares that follow the evidence, and the test that must hold under them. */
import { expect, test } from 'vitest'
import { seededDice } from '../../testing/harness.ts'
import { compareAdaptive, thompsonShares, type Period } from './adaptive.ts'
import { judgeLook, type DecisionSetup } from './decision.ts'
import { compareProportions } from './proportions.ts'
import { compareRevenue } from './revenue-pair.ts'

test('statistics §9 before the burn-in shares stay; then the better gets more, nobody less than the floor, and all get one', () => {
  expect(
    thompsonShares([
      { successes: 9, total: 100 },
      { successes: 40, total: 99 },
    ]),
  ).toBeNull()
  const shares = thompsonShares([
    { successes: 5, total: 100 },
    { successes: 30, total: 100 },
    { successes: 5, total: 100 },
  ])
  expect(shares?.[0]).toBeCloseTo(0.05, 4)
  expect(shares?.[1]).toBeCloseTo(0.9, 4)
  expect(shares?.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6)
  const level = thompsonShares([
    { successes: 20, total: 200 },
    { successes: 20, total: 200 },
  ])
  expect(level?.[0]).toBeCloseTo(0.5, 6)
})

test('statistics §9 each period counts by the shares its people were assigned by', () => {
  const even: Period = {
    weights: [50, 50],
    arms: [
      { n: 100, successes: 10 },
      { n: 100, successes: 20 },
    ],
  }
  const tilted: Period = {
    weights: [20, 80],
    arms: [
      { n: 40, successes: 5 },
      { n: 160, successes: 40 },
    ],
  }
  const pair = { control: 0, variant: 1 }
  // U = (20 − 0.5·30) + (40 − 0.8·45) = 9; V = 30/4 + 45·(−0.6)/(2 ln 0.25) = 17.2382
  expect(compareAdaptive([even, tilted], pair, 10, 0.05).z).toBeCloseTo(
    9 / Math.sqrt(7.5 + 45 * 0.2164043),
    5,
  )
  // With one even split it is the test of money in which everybody paid one.
  const money = compareRevenue(
    { n: 100, sum: 10, sumOfSquares: 10 },
    { n: 100, sum: 20, sumOfSquares: 20 },
    10,
    0.05,
  )
  expect(compareAdaptive([even], pair, 10, 0.05).logETwoSided).toBeCloseTo(money.logETwoSided, 9)
  // Arms that grow alike in the shares of a better day are no difference, although their rates are far apart.
  const quiet = {
    weights: [80, 20],
    arms: [
      { n: 800, successes: 8 },
      { n: 200, successes: 2 },
    ],
  }
  const busy = {
    weights: [20, 80],
    arms: [
      { n: 200, successes: 40 },
      { n: 800, successes: 160 },
    ],
  }
  expect(compareAdaptive([quiet, busy], pair, 10, 0.05).z).toBeCloseTo(0, 9)
})

const BATCHES = 20
const PER_BATCH = 150
const setup: DecisionSetup = {
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
function live(rates: readonly [number, number], dice: () => number) {
  const periods: Period[] = []
  let shares = [0.5, 0.5]
  let winner: number | null = null
  let isNaivelyWon = false
  const totals = [0, 1].map(() => ({ n: 0, successes: 0 }))
  for (let batch = 1; batch <= BATCHES; batch++) {
    const arms = [0, 1].map(() => ({ n: 0, successes: 0 }))
    for (let person = 0; person < PER_BATCH; person++) {
      const arm = dice() < (shares[0] ?? 0) ? 0 : 1
      const did = dice() < rates[arm] ? 1 : 0
      for (const count of [arms[arm], totals[arm]]) {
        if (!count) continue
        count.n += 1
        count.successes += did
      }
    }
    periods.push({ weights: shares, arms })
    const counted = totals.map((count) => ({ ...count, sum: 0, sumOfSquares: 0 }))
    winner ??= judgeLook(setup, { minute: batch * 60, arms: counted, periods }).winner
    const [one, two] = totals.map(({ n, successes }) => ({ total: n, successes }))
    if (one && two) {
      isNaivelyWon ||= compareProportions(one, two).pTwoSided < 0.05
      shares = thompsonShares([one, two]) ?? shares
    }
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

test('CB-5.4 a variant that is truly better gets most of the people, and the other one is never proven', () => {
  const worlds = 20
  const dice = seededDice(12)
  const lived = Array.from({ length: worlds }, () => live([0.1, 0.2], dice))
  expect(lived.reduce((sum, { shareOfSecond }) => sum + shareOfSecond, 0) / worlds).toBeGreaterThan(0.75)
  expect(lived.filter(({ winner }) => winner === 0)).toEqual([])
})
