/** Revenue per recipient compared at every look: the label of each purchase is a coin flip of known bias when nothing differs. */
import { evidenceOf, type PairEvidence } from './pair-evidence.ts'
import { CLOCK_SHARE } from './rate-pair.ts'

/** What an arm spent, by totals per recipient. */
export interface RevenueSums {
  /** Recipients, buyers or not. */
  n: number
  sum: number
  /** Of the squares of each recipient's total. */
  sumOfSquares: number
}

/** Around an even split the quotient below is 0/0; its series is exact there. */
const NEAR_EVEN = 1e-4

/** The evidence on two revenues. */
export interface RevenuePair extends PairEvidence {
  /** The variant's share of the recipients. */
  share: number
  /** The variance proxy of one label. */
  labelVariance: number
  /** How much more the variant brought than its share. */
  excess: number
  variance: number
}

/**
 * Compares the variant's revenue with the control's. Exact whatever the distribution: no cap, no gate is needed.
 *
 * @param plannedVariance  of `plannedRevenueVariance`, frozen at launch
 * Source: statistics §5; Kearns & Saul 1998
 */
export function compareRevenue(
  control: RevenueSums,
  variant: RevenueSums,
  plannedVariance: number,
  alpha: number,
): RevenuePair {
  const total = control.n + variant.n
  const share = total === 0 ? 0 : variant.n / total
  const labelVariance = control.n === 0 || variant.n === 0 ? 0 : varianceOfLabel(share)
  const excess = labelVariance === 0 ? 0 : (control.n / total) * variant.sum - share * control.sum
  const variance = labelVariance * (control.sumOfSquares + variant.sumOfSquares)
  const z = variance > 0 ? excess / Math.sqrt(variance) : 0
  return {
    ...evidenceOf(z, variance, plannedVariance, alpha),
    share,
    labelVariance,
    excess,
    variance,
  }
}

/**
 * The variance that a pair of arms is planned to bring.
 *
 * @param secondMoment  the usual mean of y² per recipient
 * Source: statistics §5
 */
export function plannedRevenueVariance(first: number, second: number, secondMoment: number): number {
  return CLOCK_SHARE * varianceOfLabel(second / (first + second)) * (first + second) * secondMoment
}

/** The smallest variance of a normal that dominates a coin of bias r. */
export function varianceOfLabel(share: number): number {
  const offset = share - 0.5
  if (Math.abs(offset) < NEAR_EVEN) return 0.25 - (offset * offset) / 3
  return (1 - 2 * share) / (2 * Math.log((1 - share) / share))
}
