/**
 * Exact evidence of labels. When nothing differs, whoever did it stands in the variant by a coin whose bias was known as
 * they were assigned. An alternative tilts every coin's odds by one factor, so that its likelihood ratio is that of the
 * counts; the mixture over factors is an e-value at every look. A bound on the coin's variance in place of the coin
 * costs most where shares are far from even: with 5 % three times the information.
 * Source: statistics §5 (label-count process of Lindon & Malek), §9
 */
import { nodesOver } from './quadrature.ts'

/** People who did it, assigned by one coin. */
export interface Labels {
  /** The variant's share, between 0 and 1. */
  share: number
  /** In either arm. */
  both: number
  /** In the variant. */
  own: number
}

/** ln E for each side, and for both. */
export interface LabelEvidence {
  logEVariantBetter: number
  logEControlBetter: number
  logETwoSided: number
}

/** Beyond this fall below the highest point nothing is left to sum. */
const FALL_MAX = 45
const PIECES = 24
const HALVINGS = 80

/**
 * The mixture over the logarithm of the factor.
 *
 * @param deviation  of the mixing normal around no difference
 */
export function labelEvidence(labels: readonly Labels[], deviation: number): LabelEvidence {
  const own = labels.reduce((sum, one) => sum + one.own, 0)
  const logDensity = (factor: number): number =>
    labels.reduce(
      (sum, { share, both }) => sum - both * logMean(share, factor),
      own * factor - (factor * factor) / (2 * deviation * deviation),
    )
  const top = highest(labels, own, deviation)
  const peak = logDensity(top)
  const edge = (direction: number): number => {
    let reach = deviation / 64
    while (peak - logDensity(top + direction * reach) < FALL_MAX) reach *= 2
    return top + direction * reach
  }
  const [low, high] = [edge(-1), edge(1)]
  const sumOver = (from: number, to: number): number => {
    if (from >= to) return -Infinity
    const points = Array.from({ length: PIECES + 1 }, (_none, n) => from + ((to - from) * n) / PIECES)
    let sum = 0
    for (const { at, weight } of nodesOver(points)) sum += weight * Math.exp(logDensity(at) - peak)
    return peak + Math.log(sum) - Math.log(deviation) - 0.5 * Math.log(2 * Math.PI)
  }
  // A side that begins beyond the sum's edge still has its first stretch: it is never quite without weight.
  const above = sumOver(Math.max(0, low), Math.max(high, deviation / 64))
  const below = sumOver(Math.min(low, -deviation / 64), Math.min(0, high))
  return {
    logEVariantBetter: Math.LN2 + above,
    logEControlBetter: Math.LN2 + below,
    logETwoSided: Math.max(above, below) + Math.log1p(Math.exp(-Math.abs(above - below))),
  }
}

/** ln(1 − w + w·e^λ). */
function logMean(share: number, factor: number): number {
  return factor > 0
    ? factor + Math.log(share + (1 - share) * Math.exp(-factor))
    : Math.log1p(share * Math.expm1(factor))
}

/** Where the density is highest: it is concave, and falls beyond where its prior alone would turn every label. */
function highest(labels: readonly Labels[], own: number, deviation: number): number {
  const slope = (factor: number): number =>
    labels.reduce(
      (sum, { share, both }) => sum - both * Math.exp(Math.log(share) + factor - logMean(share, factor)),
      own - factor / (deviation * deviation),
    )
  const bound = (1 + labels.reduce((sum, { both }) => sum + both, 0)) * deviation * deviation
  let [low, high] = [-bound, bound]
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (low + high) / 2
    if (slope(middle) > 0) low = middle
    else high = middle
  }
  return (low + high) / 2
}
