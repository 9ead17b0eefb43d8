/** Credit rules: sums exact to the minor unit, whatever the touches. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ATTRIBUTION_MODELS, CREDIT_RULES, creditConversion } from './models.ts'

const DAY = 86_400_000
const NOW = 1_767_225_600_000
const touches = fc.array(
  fc.integer({ min: -40 * DAY, max: DAY }).map((offset) => ({ at: NOW + offset })),
  { maxLength: 40 },
)

test('CS-013.3 CS-013.4 every model gives away exactly what the conversion was worth, in whole minor units', () => {
  fc.assert(
    fc.property(touches, fc.integer({ min: 0, max: 1e12 }), (met, amountMinor) => {
      const { order, models } = creditConversion(met, { at: NOW, amountMinor }, CREDIT_RULES)
      if (!models) return
      for (const model of ATTRIBUTION_MODELS) {
        const { weights, amountsMinor } = models[model]
        expect(amountsMinor).toHaveLength(order.length)
        expect(amountsMinor.every((amount) => Number.isInteger(amount) && amount >= 0)).toBe(true)
        expect(amountsMinor.reduce((sum, amount) => sum + amount, 0)).toBe(amountMinor)
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
      }
    }),
  )
})

test('CS-013.2 touches count from the first to the last instant of the window, in the order they happened', () => {
  const at = (...offsets: number[]) => offsets.map((offset) => ({ at: NOW + offset }))
  const { order } = creditConversion(
    at(0, -7 * DAY, -7 * DAY - 1, 1, -DAY, -DAY),
    { at: NOW, amountMinor: 100 },
    CREDIT_RULES,
  )
  expect(order).toEqual([1, 4, 5, 0])
})

test('CS-013.4 the models differ as they are named', () => {
  const met = [-4, -2, 0].map((days) => ({ at: NOW + days * DAY }))
  const credit = creditConversion(met, { at: NOW, amountMinor: 1000 }, { ...CREDIT_RULES, halfLifeDays: 2 })
  expect(credit.models?.first.amountsMinor).toEqual([1000, 0, 0])
  expect(credit.models?.last.amountsMinor).toEqual([0, 0, 1000])
  expect(credit.models?.linear.amountsMinor).toEqual([334, 333, 333])
  expect(credit.models?.position.amountsMinor).toEqual([400, 200, 400])
  // 1/4, 1/2 and 1, of 7/4 together
  expect(credit.models?.timeDecay.amountsMinor).toEqual([143, 286, 571])
})

test('CS-013.3 a conversion that no touch explains stays, unattributed', () => {
  expect(creditConversion([], { at: NOW, amountMinor: 5 }, CREDIT_RULES)).toEqual({ order: [], models: null })
})

test('CS-013.4 touches long before the half-life still share: the weights never vanish all at once', () => {
  const credit = creditConversion(
    [{ at: NOW - 29 * DAY }, { at: NOW - 29 * DAY + 1 }],
    { at: NOW, amountMinor: 100 },
    { windowDays: 30, halfLifeDays: 0.01, position: [0.4, 0.4] },
  )
  expect(credit.models?.timeDecay.amountsMinor).toEqual([50, 50])
})
