/** Means of two arms compared without assuming equal variances: revenue per recipient, zeros included. */
import type { Interval } from './interval.ts'
import { logStudentTwoSided, studentQuantile, studentUpper } from './student.ts'

/** A sample in three figures. */
export interface Moments {
  n: number
  mean: number
  /** With n − 1; 0 below two values. */
  variance: number
}

/** Moments of values, in two passes so that large values do not cancel. */
export function momentsOf(values: readonly number[]): Moments {
  const n = values.length
  if (n === 0) return { n, mean: 0, variance: 0 }
  const rough = values.reduce((sum, value) => sum + value, 0) / n
  const correction = values.reduce((sum, value) => sum + (value - rough), 0) / n
  const mean = rough + correction
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { n, mean, variance: n < 2 ? 0 : squares / (n - 1) }
}

/** Moments of an arm whose sum and sum of squares were kept. */
export function momentsOfSums(n: number, sum: number, sumOfSquares: number): Moments {
  if (n === 0) return { n, mean: 0, variance: 0 }
  const mean = sum / n
  return { n, mean, variance: n < 2 ? 0 : Math.max(0, sumOfSquares - sum * mean) / (n - 1) }
}

/** Welch's test, variant minus control. */
export interface MeanTest {
  /** An arm with fewer than two values, or no spread at all: t and what hangs on it are null. */
  degenerate: boolean
  diff: number
  se: number | null
  t: number | null
  df: number | null
  p: number
  log10P: number | null
  /** P(T ≥ t): small when the variant is better. */
  pGreater: number
  interval: Interval | null
}

/**
 * Tests whether two means differ, as a fixed-sample test.
 *
 * @param confidence  of the interval, such as .95
 * Source: statistics §4; Welch 1947, Satterthwaite 1946
 */
export function welchTest(control: Moments, variant: Moments, confidence: number): MeanTest {
  const diff = variant.mean - control.mean
  const isTooSmall = control.n < 2 || variant.n < 2
  const [first, second] = [control.variance / control.n, variant.variance / variant.n]
  const se = Math.sqrt(first + second)
  if (isTooSmall || !(se > 0)) {
    const isCertain = !isTooSmall && diff !== 0
    return {
      degenerate: true,
      diff,
      se: null,
      t: null,
      df: null,
      p: isCertain ? 0 : 1,
      log10P: null,
      pGreater: isCertain && diff > 0 ? 0 : 1,
      interval: null,
    }
  }
  const t = diff / se
  // Shares of the variance, not the variances: the squares of tiny ones would vanish.
  const [shareOne, shareTwo] = [first / (first + second), second / (first + second)]
  const df = 1 / (shareOne ** 2 / (control.n - 1) + shareTwo ** 2 / (variant.n - 1))
  const logP = logStudentTwoSided(t, df)
  const reach = -studentQuantile((1 - confidence) / 2, df) * se
  return {
    degenerate: false,
    diff,
    se,
    t,
    df,
    p: Math.exp(logP),
    log10P: logP / Math.LN10,
    pGreater: studentUpper(t, df),
    interval: { lower: diff - reach, upper: diff + reach },
  }
}
