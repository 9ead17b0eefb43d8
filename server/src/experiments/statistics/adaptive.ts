/**
 * Shares that follow the evidence (Thompson's rule), and the comparison that stays valid under them. A plain test of
 * rates after such an allocation finds a winner of two identical arms in a third of all cases.
 * Source: statistics §9
 */
import { evidenceOf, type PairEvidence } from './pair-evidence.ts'
import { probabilityBest } from './probability-best.ts'
import type { Proportion } from './proportions.ts'
import { varianceOfLabel } from './revenue-pair.ts'

/** No arm gets less: what looks bad early must be able to recover. */
const SHARE_FLOOR = 0.05
/** Recipients of each arm before shares move. */
const BURN_IN = 100

/**
 * The shares of the arms from now on: the floor, and the rest by how probable it is that each is the best.
 *
 * @returns null before every arm has had its burn-in
 */
export function thompsonShares(arms: readonly Proportion[]): number[] | null {
  if (arms.some(({ total }) => total < BURN_IN)) return null
  const free = 1 - arms.length * SHARE_FLOOR
  return probabilityBest(arms).map(({ probability }) => SHARE_FLOOR + free * probability)
}

/** People who were assigned by the same shares. */
export interface Period {
  /** Of the arms, of any sum: the propensities in force at the assignment. */
  weights: readonly number[]
  arms: readonly { n: number; successes: number }[]
}

/**
 * Compares two arms' rates when shares changed: who did it stands in the variant by a coin whose bias was known when
 * they were assigned, if nothing differs.
 *
 * @param planned  the variance that the pair is planned to bring, of `plannedRevenueVariance` with the usual rate
 */
export function compareAdaptive(
  periods: readonly Period[],
  { control, variant }: { control: number; variant: number },
  planned: number,
  alpha: number,
): PairEvidence {
  let [excess, variance] = [0, 0]
  for (const { weights, arms } of periods) {
    const [base, own] = [weights[control] ?? 0, weights[variant] ?? 0]
    if (base === 0 || own === 0) continue
    const share = own / (base + own)
    const both = (arms[control]?.successes ?? 0) + (arms[variant]?.successes ?? 0)
    excess += (arms[variant]?.successes ?? 0) - share * both
    variance += varianceOfLabel(share) * both
  }
  return evidenceOf(variance > 0 ? excess / Math.sqrt(variance) : 0, variance, planned, alpha)
}
