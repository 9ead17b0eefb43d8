/** Distributions: what holds for every argument, and published values. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logBeta, logIncompleteBeta } from './beta.ts'
import { logChiSquaredTails } from './chi-squared.ts'
import { logGamma, logIncompleteGamma } from './gamma.ts'
import { logNormalUpper, normalLower, normalQuantile, normalUpper } from './normal.ts'
import { studentQuantile, studentTwoSided, studentUpper } from './student.ts'

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })

/** |a − b| in shares of b. */
const apart = (a: number, b: number): number => Math.abs(a - b) / Math.abs(b)

test('both tails of the normal curve sum to 1, and a quantile leads back to its probability', () => {
  fc.assert(
    fc.property(real(-30, 30), (x) => {
      expect(normalLower(x) + normalUpper(x)).toBeCloseTo(1, 14)
      expect(apart(normalUpper(x) || 1, Math.exp(logNormalUpper(x)) || 1)).toBeLessThan(1e-11)
    }),
  )
  fc.assert(
    fc.property(real(-300, -0.001), (exponent) => {
      const p = 10 ** exponent
      expect(apart(normalLower(normalQuantile(p)), p)).toBeLessThan(1e-11)
    }),
  )
})

test('the normal curve where its tables are best known', () => {
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 13)
  expect(normalQuantile(0)).toBe(-Infinity)
  expect(normalQuantile(1)).toBe(Infinity)
  expect(normalUpper(6)).toBeCloseTo(9.865876450377e-10, 21)
})

test('ln Γ rises by ln x with each step, ln B falls into its gammas, at any size', () => {
  fc.assert(
    fc.property(real(0.01, 1e6), (x) => {
      expect(Math.abs(logGamma(x + 1) - logGamma(x) - Math.log(x))).toBeLessThan(
        1e-13 * (1 + Math.abs(logGamma(x + 1))),
      )
    }),
  )
  fc.assert(
    fc.property(real(0.1, 1e4), real(0.1, 1e4), (a, b) => {
      // B(a + 1, b) = B(a, b) · a / (a + b)
      expect(logBeta(a + 1, b) - logBeta(a, b)).toBeCloseTo(Math.log(a / (a + b)), 9)
    }),
  )
})

test('tails of the incomplete integrals sum to 1, also far from the middle', () => {
  fc.assert(
    fc.property(real(0.1, 1e5), real(0, 3), (a, factor) => {
      const { lower, upper } = logIncompleteGamma(a, a * factor)
      expect(Math.exp(lower) + Math.exp(upper)).toBeCloseTo(1, 10)
    }),
  )
  fc.assert(
    fc.property(real(0.1, 1e4), real(0.1, 1e4), real(0, 1), (a, b, x) => {
      const { lower, upper } = logIncompleteBeta(a, b, x)
      const mirrored = logIncompleteBeta(b, a, 1 - x, x)
      expect(Math.exp(lower) + Math.exp(upper)).toBeCloseTo(1, 10)
      expect(Math.exp(mirrored.upper)).toBeCloseTo(Math.exp(lower), 10)
    }),
  )
})

test('chi-square with one degree is the normal curve squared, t with many degrees is the normal curve', () => {
  fc.assert(
    fc.property(real(0.001, 20), (x) => {
      expect(apart(Math.exp(logChiSquaredTails(x * x, 1).upper), 2 * normalUpper(x))).toBeLessThan(1e-10)
    }),
  )
  expect(apart(studentTwoSided(3, 1e7), 2 * normalUpper(3))).toBeLessThan(1e-5)
})

test('a quantile of t leads back to its probability, at any degrees of freedom', () => {
  fc.assert(
    fc.property(real(0.5, 1e5), real(1e-8, 0.499), (df, p) => {
      expect(apart(studentUpper(-studentQuantile(p, df), df), p)).toBeLessThan(1e-8)
    }),
  )
  expect(studentQuantile(0.975, 10)).toBeCloseTo(2.2281388519649385, 10)
})
