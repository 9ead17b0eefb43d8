/**
 * Shares that follow the evidence (Thompson's rule), and the comparisons that stay valid under them. A plain test of
 * rates after such an allocation finds a winner of two identical arms in a third of all cases.
 * Source: statistics §9
 */
import { anytimeP, kappa } from './evalue.ts'
import { labelEvidence } from './label-evidence.ts'
import { evidenceOf, type PairEvidence } from './pair-evidence.ts'
import { type BestChance, probabilityBest, probabilityBestMean } from './probability-best.ts'
import { varianceOfLabel } from './revenue-pair.ts'
import { momentsOfSums } from './welch.ts'

/** No arm gets less: what looks bad early must be able to recover. */
const SHARE_FLOOR = 0.05
/** Recipients of each arm before shares move. */
const BURN_IN = 100
/** Buyers of an arm whose own spread is taken for its own; before them it is that of all arms together. */
const SPREAD_BUYERS_MIN = 30

/** One arm at one look, or of one period. */
export interface AdaptiveArm {
  n: number
  successes: number
  /** Of each recipient's total; 0 for rates. */
  sum: number
  sumOfSquares: number
}

/**
 * The shares of the arms from now on: the floor, and the rest by how probable it is that each is the best.
 *
 * @param playing  the arms that send something
 * @returns of what the playing arms have together, summing to 1; null before every arm has had its burn-in, or while
 *          nobody has bought anything where money is compared
 */
export function thompsonShares(metric: 'rate' | 'revenue', playing: readonly AdaptiveArm[]): number[] | null {
  if (playing.some(({ n }) => n < BURN_IN)) return null
  const chances = chancesOf(metric, playing)
  if (chances === null) return null
  const free = 1 - playing.length * SHARE_FLOOR
  return chances.map(({ probability }) => SHARE_FLOOR + free * probability)
}

/**
 * How probable it is that each arm is the best, for reading and for shares.
 *
 * @returns null while there is nothing to tell by
 * Source: statistics §9
 */
export function chancesOf(metric: 'rate' | 'revenue', arms: readonly AdaptiveArm[]): BestChance[] | null {
  if (arms.length < 2 || arms.every(({ n }) => n === 0)) return null
  if (metric === 'rate') return probabilityBest(arms.map(({ n, successes }) => ({ successes, total: n })))
  if (arms.some(({ n }) => n < 2)) return null
  const add = (count: (arm: AdaptiveArm) => number): number => arms.reduce((sum, arm) => sum + count(arm), 0)
  const together = momentsOfSums(
    add(({ n }) => n),
    add(({ sum }) => sum),
    add(({ sumOfSquares }) => sumOfSquares),
  )
  if (!(together.variance > 0)) return null
  return probabilityBestMean(
    arms.map(({ n, successes, sum, sumOfSquares }) => {
      const { mean, variance } = momentsOfSums(n, sum, sumOfSquares)
      const spread = successes >= SPREAD_BUYERS_MIN && variance > 0 ? variance : together.variance
      return { mean, deviation: Math.sqrt(spread / n) }
    }),
  )
}

/** People who were assigned by the same shares. */
export interface Period {
  /** Of the arms, of any sum: the propensities in force at the assignment. */
  weights: readonly number[]
  arms: readonly AdaptiveArm[]
}

interface Pair {
  control: number
  variant: number
}

/**
 * Compares two arms' rates when shares changed: who did it stands in the variant by a coin whose bias was known when
 * they were assigned, if nothing differs. Exact: by the coins themselves.
 *
 * @param planned  the variance that the pair is planned to bring, of `plannedRevenueVariance` with the usual rate
 */
export function compareAdaptiveRates(
  periods: readonly Period[],
  pair: Pair,
  planned: number,
  alpha: number,
): PairEvidence {
  const gathered = gather(periods, pair, (arm) => [arm.successes, arm.successes])
  const evidence = evidenceOf(gathered.z, gathered.variance, planned, alpha)
  if (evidence.clock === 0) return evidence
  const labels = sharesOf(periods, pair).map(({ share, base, own }) => ({
    share,
    both: base.successes + own.successes,
    own: own.successes,
  }))
  const exact = labelEvidence(labels, Math.sqrt(kappa(alpha) / planned))
  return { ...evidence, ...exact, pAnytime: anytimeP(exact.logETwoSided) }
}

/**
 * Compares two arms' money when shares changed: each purchase's label is such a coin, whose variance is bounded.
 *
 * @param planned  the variance that the pair is planned to bring, of `plannedRevenueVariance`
 * Source: statistics §9
 */
export function compareAdaptiveRevenue(
  periods: readonly Period[],
  pair: Pair,
  planned: number,
  alpha: number,
): PairEvidence {
  const { z, variance } = gather(periods, pair, (arm) => [arm.sum, arm.sumOfSquares])
  return evidenceOf(z, variance, planned, alpha)
}

/** How much more the variant brought than its shares, over what that varies by. */
function gather(
  periods: readonly Period[],
  pair: Pair,
  amounts: (arm: AdaptiveArm) => [amount: number, squares: number],
): { z: number; variance: number } {
  let [excess, variance] = [0, 0]
  for (const { share, base, own } of sharesOf(periods, pair)) {
    const [[baseAmount, baseSquares], [ownAmount, ownSquares]] = [amounts(base), amounts(own)]
    excess += ownAmount - share * (baseAmount + ownAmount)
    variance += varianceOfLabel(share) * (baseSquares + ownSquares)
  }
  return { z: variance > 0 ? excess / Math.sqrt(variance) : 0, variance }
}

/** The variant's share of the pair in each period in which both got somebody. */
function sharesOf(
  periods: readonly Period[],
  { control, variant }: Pair,
): { share: number; base: AdaptiveArm; own: AdaptiveArm }[] {
  return periods.flatMap(({ weights, arms }) => {
    const [baseWeight, ownWeight] = [weights[control] ?? 0, weights[variant] ?? 0]
    const [base, own] = [arms[control], arms[variant]]
    if (baseWeight === 0 || ownWeight === 0 || !base || !own) return []
    return [{ share: ownWeight / (baseWeight + ownWeight), base, own }]
  })
}
