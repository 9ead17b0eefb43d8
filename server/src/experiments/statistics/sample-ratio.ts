/** Sample-ratio mismatch: did every arm get the share it was promised? If not, nothing else of the test can be believed. */
import { logChiSquaredTails } from './chi-squared.ts'
import { logGamma } from './gamma.ts'

/** A report calls a mismatch below this p. */
const MISMATCH_P = 0.001
/** Weight of the prior of the check at every look. */
const CONCENTRATION = 1000
/** The check at every look blocks from here: one false alarm in a thousand tests, whenever one looks. */
export const MISMATCH_LOG_E = Math.log(1000)

/** Both readings of the counts. */
export interface SampleRatio {
  /** Pearson's goodness of fit over arms of weight above 0; infinite when somebody stands in an arm of weight 0. */
  chi2: number
  df: number
  p: number
  log10P: number
  mismatch: boolean
  /** ln of the e-value, valid at every look; null where there is nothing to compare. */
  logEvalue: number | null
  /** min(1, 1/e). */
  pAnytime: number | null
}

/**
 * Compares the counts of the arms with their planned weights.
 *
 * @param observed  recipients per arm
 * @param weights   planned weights per arm, of any sum
 * Source: statistics §7; Fabijan et al., KDD 2019; Lindon & Malek, NeurIPS 2022
 */
export function checkSampleRatio(observed: readonly number[], weights: readonly number[]): SampleRatio {
  const strays = observed.some((count, arm) => count > 0 && !((weights[arm] ?? 0) > 0))
  const arms = observed
    .map((count, arm) => ({ count, weight: weights[arm] ?? 0 }))
    .filter(({ weight }) => weight > 0)
  const total = arms.reduce((sum, { count }) => sum + count, 0)
  const df = Math.max(0, arms.length - 1)
  if (strays)
    return {
      chi2: Infinity,
      df,
      p: 0,
      log10P: -Infinity,
      mismatch: true,
      logEvalue: Infinity,
      pAnytime: 0,
    }
  if (total === 0 || df === 0)
    return { chi2: 0, df, p: 1, log10P: 0, mismatch: false, logEvalue: null, pAnytime: null }
  const shares = planned(arms.map(({ weight }) => weight))
  const chi2 = arms.reduce((sum, { count }, arm) => {
    const expected = total * (shares[arm] ?? 0)
    return sum + (count - expected) ** 2 / expected
  }, 0)
  const tail = logChiSquaredTails(chi2, df).upper
  const p = Math.exp(tail)
  const logEvalue = sampleRatioLogE(
    arms.map(({ count }) => count),
    arms.map(({ weight }) => weight),
  )
  return {
    chi2,
    df,
    p,
    log10P: tail / Math.LN10,
    mismatch: p < MISMATCH_P,
    logEvalue,
    pAnytime: Math.min(1, Math.exp(-logEvalue)),
  }
}

/**
 * ln of the Dirichlet-multinomial Bayes factor against the planned weights.
 *
 * @returns infinite when somebody stands in an arm of weight 0
 * Source: statistics §7; Lindon & Malek, NeurIPS 2022
 */
export function sampleRatioLogE(observed: readonly number[], weights: readonly number[]): number {
  const shares = planned(weights)
  const total = observed.reduce((sum, count) => sum + count, 0)
  const start = logGamma(CONCENTRATION) - logGamma(CONCENTRATION + total)
  return observed.reduce((sum, count, arm) => {
    if (count === 0) return sum
    const share = shares[arm] ?? 0
    if (share === 0) return Infinity
    const prior = CONCENTRATION * share
    return sum + logGamma(prior + count) - logGamma(prior) - count * Math.log(share)
  }, start)
}

function planned(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}
