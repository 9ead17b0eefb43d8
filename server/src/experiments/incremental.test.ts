/** What a campaign itself brought, on a published test where a third of the customers got nothing. */
import { expect, test } from 'vitest'
import { incrementalOf } from './incremental.ts'
import type { Arm } from './rules.ts'

const arm = (no: number, n: number, converted: number, sum = 0, sumOfSquares = 0): Arm => ({
  no,
  n,
  converted,
  sum,
  sumOfSquares,
  successes: converted,
  opened: 0,
  clicked: 0,
  unsubscribed: 0,
  complained: 0,
  bounced: 0,
})
const nobody = arm(0, 0, 0)
const settings = { confidence: 95 } as const

test('CS-003.6 the lift against people who got nothing is a difference of rates and of money, each with its interval', () => {
  // Hillstrom: 122 of 21,306 bought without a mail, 456 of 42,694 with one of two.
  const found = incrementalOf(
    { arms: [arm(1, 21_387, 189), arm(2, 21_307, 267), arm(3, 21_306, 122)], holdout: nobody },
    { holdout: [false, false, true] },
    settings,
    (amount) => amount / 100,
  )
  expect(found?.reached).toMatchObject({ people: 42_694, converted: 456 })
  expect(found?.silent).toMatchObject({ people: 21_306, converted: 122 })
  expect(found?.conversions.difference).toBeCloseTo(456 / 42_694 - 122 / 21_306, 12)
  expect(found?.conversions.lift).toBeCloseTo(456 / 42_694 / (122 / 21_306) - 1, 12)
  expect(found?.conversions.interval?.lower).toBeGreaterThan(0.0034)
  expect(found?.conversions.interval?.upper).toBeLessThan(0.0064)
  expect(found?.conversions.p).toBeLessThan(1e-8)
})

test('CS-003.6 those held out before the split are the comparison; without anybody silent there is none', () => {
  const arms = [arm(1, 500, 20, 50_000, 9_000_000), arm(2, 500, 30, 60_000, 11_000_000)]
  const held = incrementalOf(
    { arms: [...arms, arm(3, 400, 2)], holdout: arm(0, 100, 1, 1_000, 1_000_000) },
    { holdout: [false, false, true] },
    settings,
    (amount) => amount / 100,
  )
  expect(held?.silent).toEqual({ people: 100, converted: 1, revenue: 10 })
  expect(held?.reached).toEqual({ people: 1_000, converted: 50, revenue: 1_100 })
  expect(held?.revenuePerPerson.difference).toBeCloseTo(1.1 - 0.1, 12)
  expect(held?.revenuePerPerson.interval?.lower).toBeLessThan(1)
  expect(
    incrementalOf({ arms, holdout: nobody }, { holdout: [false, false] }, settings, (amount) => amount),
  ).toBeNull()
})
