/** Amounts as senders write them: exact, or none. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { minorDigits, moneyOf, toMinor } from './money.ts'

const RULE = { valueProperty: null, isOrder: false, isRefund: false, defaultCurrency: 'EUR' }
const digits = fc.constantFrom(0, 2, 3)
const minor = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 })

/** An amount in minor units as a decimal text. */
function written(amount: number, places: number): string {
  const text = String(Math.abs(amount)).padStart(places + 1, '0')
  const sign = amount < 0 ? '-' : ''
  return places === 0 ? sign + text : `${sign}${text.slice(0, -places)}.${text.slice(-places)}`
}

describe('amounts', () => {
  test('CS-013.5 whatever is written exactly is read exactly, with or without spare zeros', () => {
    fc.assert(
      fc.property(minor, digits, fc.nat({ max: 6 }), (amount, places, zeros) => {
        const text = written(amount, places)
        const spare = zeros === 0 ? '' : places === 0 ? `.${'0'.repeat(zeros)}` : '0'.repeat(zeros)
        expect(toMinor(text + spare, places)).toBe(amount === 0 ? 0 : amount)
      }),
      { numRuns: 500 },
    )
  })

  test('CS-013.5 a number means the decimal that it is written as, never its binary neighbour', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000_000_000, max: 100_000_000_000 }), digits, (amount, places) => {
        // JSON brings 1.15 as a binary number a little below: by multiplication it would be 114.
        expect(toMinor(Number(written(amount, places)), places)).toBe(amount === 0 ? 0 : amount)
      }),
      { numRuns: 500 },
    )
  })

  test('CS-013.5 more digits than the currency has are rounded half away from zero, so a refund mirrors its order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000_000 }),
        fc.integer({ min: 1, max: 6 }),
        digits,
        (units, more, places) => {
          const text = written(units, places + more)
          const scale = 10n ** BigInt(more)
          const expected = Number((BigInt(units) * 2n + scale) / (scale * 2n))
          expect(toMinor(text, places)).toBe(expected)
          expect(toMinor(`-${text}`, places)).toBe(expected === 0 ? 0 : -expected)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('NFR-004.6 whatever comes is an amount in whole minor units or none, and never an error', () => {
    fc.assert(
      fc.property(fc.anything(), digits, (value, places) => {
        const amount = toMinor(value, places)
        expect(amount === null || Number.isSafeInteger(amount)).toBe(true)
      }),
      { numRuns: 1_000 },
    )
    const broken = ['1e5', '1,50', '12.', '.5', '0x10', '١٢', 'NaN', '', ' ', '9'.repeat(16)]
    expect(broken.filter((text) => toMinor(text, 2) !== null)).toEqual([])
  })

  test('CS-013.5 the amount of an event is that of its products when it has none, and no other property replaces a broken one', () => {
    const price = fc.integer({ min: 0, max: 1_000_000 })
    fc.assert(
      fc.property(
        fc.array(fc.record({ price, quantity: fc.integer({ min: 0, max: 20 }) }), {
          minLength: 1,
          maxLength: 8,
        }),
        (lines) => {
          const products = lines.map((line) => ({ ...line, price: written(line.price, 2) }))
          const sum = lines.reduce((total, line) => total + line.price * line.quantity, 0)
          expect(moneyOf({ products }, { ...RULE, isOrder: true })).toEqual({
            amountMinor: sum,
            currency: 'EUR',
          })
          expect(moneyOf({ products }, RULE)).toBeNull()
          expect(moneyOf({ products: [...products, {}] }, { ...RULE, isOrder: true })).toBeNull()
        },
      ),
    )
    expect(moneyOf({ revenue: 'free', total: 5 }, RULE)).toBeNull()
    expect(moneyOf({ revenue: '', total: 5 }, RULE)).toEqual({ amountMinor: 500, currency: 'EUR' })
  })

  test('CS-013.5 each currency has its own digits; an unknown one is no money', () => {
    expect(['EUR', 'JPY', 'KWD', 'XYZ'].map(minorDigits)).toEqual([2, 0, 3, null])
    expect(moneyOf({ revenue: 12, currency: 'jpy' }, RULE)).toEqual({ amountMinor: 12, currency: 'JPY' })
    expect(moneyOf({ revenue: 12, currency: 'points' }, RULE)).toBeNull()
    expect(moneyOf({ revenue: -12 }, RULE)).toBeNull()
    expect(moneyOf({ revenue: -12 }, { ...RULE, isRefund: true })).toEqual({
      amountMinor: 1_200,
      currency: 'EUR',
    })
  })
})
