/** Pearson's chi-square on variants × (did, did not): does any variant differ? */
import { logChiSquaredTails } from './chi-squared.ts'
import { crossDifference } from './cross-difference.ts'
import type { Proportion } from './proportions.ts'

/** The test on r variants. */
export interface ContingencyTest {
  /** A row or a column is empty: nothing can be told, p is 1. */
  degenerate: boolean
  df: number
  chi2: number
  p: number
  log10P: number
  /** The smallest expected cell; below 5 the test is unreliable. Null when degenerate. */
  minExpected: number | null
  cramersV: number | null
  /** With Yates' correction, for two variants only. */
  yates: { chi2: number; p: number } | null
}

/**
 * Tests whether any of the variants' rates differs from the others.
 *
 * @param arms  at least two
 * Source: statistics §4; Pearson 1900; Yates 1934, with |O−E| reduced by at most itself
 */
export function chiSquareTest(arms: readonly Proportion[]): ContingencyTest {
  const df = arms.length - 1
  const total = sumOf(arms.map((arm) => arm.total))
  const successes = sumOf(arms.map((arm) => arm.successes))
  const isPair = arms.length === 2
  if (arms.some((arm) => arm.total === 0) || successes === 0 || successes === total)
    return {
      degenerate: true,
      df,
      chi2: 0,
      p: 1,
      log10P: 0,
      minExpected: null,
      cramersV: null,
      yates: isPair ? { chi2: 0, p: 1 } : null,
    }
  const share = successes / total
  const statistic = (correction: number): number =>
    sumOf(
      arms.map((arm) => {
        const gap = Math.abs(crossDifference(arm.successes, total, successes, arm.total)) / total
        const deviation = gap - Math.min(correction, gap)
        return (deviation * deviation) / (arm.total * share * (1 - share))
      }),
    )
  const chi2 = statistic(0)
  const tail = logChiSquaredTails(chi2, df).upper
  const corrected = isPair ? statistic(0.5) : null
  return {
    degenerate: false,
    df,
    chi2,
    p: Math.exp(tail),
    log10P: tail / Math.LN10,
    minExpected: Math.min(...arms.map((arm) => arm.total * Math.min(share, 1 - share))),
    cramersV: Math.sqrt(chi2 / total),
    yates:
      corrected === null ? null : { chi2: corrected, p: Math.exp(logChiSquaredTails(corrected, df).upper) },
  }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
