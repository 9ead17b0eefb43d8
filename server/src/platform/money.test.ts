import { expect, test } from 'vitest'
import { minorOfMicros, toMajor, toMinor } from './money.ts'

test('amounts keep the decimals of their currency', () => {
  expect(toMinor(12.5, 'EUR')).toBe(1250)
  expect(toMinor(1250, 'JPY')).toBe(1250)
  expect(toMinor(0.1 + 0.2, 'EUR')).toBe(30)
  expect(toMajor(1250, 'EUR')).toBe(12.5)
  expect(toMajor(null, 'EUR')).toBeNull()
})

test('prices below a cent add up before they are rounded', () => {
  expect(minorOfMicros(1_000 * 700, 'EUR')).toBe(70)
  expect(minorOfMicros(4_999, 'EUR')).toBe(0)
  expect(minorOfMicros(5_000, 'EUR')).toBe(1)
  expect(minorOfMicros(-5_000, 'EUR')).toBe(-1)
  expect(minorOfMicros(1_500_000, 'JPY')).toBe(2)
})
