/** The mixture e-value: evidence that stays valid at every look, whenever one stops. */
import { logNormalLower } from './normal.ts'

/**
 * The clock's value at which a test of this error rate needs the smallest z.
 *
 * Source: statistics §5
 */
export function kappa(alpha: number): number {
  const doubled = -2 * Math.log(alpha)
  return doubled + Math.log1p(doubled)
}

/**
 * ln E for "they differ": a Gaussian mixture of likelihood ratios. Under no difference E passes 1/a once in all looks
 * with a chance of at most a.
 *
 * @param clock  ν ≥ 0, grows with the information
 * Source: statistics §5; Robbins 1970; Ville 1939
 */
export function twoSidedLogE(z: number, clock: number): number {
  return -0.5 * Math.log1p(clock) + (z * z * clock) / (2 * (1 + clock))
}

/**
 * ln E⁺ for "the difference is above 0".
 *
 * Source: statistics §5
 */
export function oneSidedLogE(z: number, clock: number): number {
  return Math.LN2 + twoSidedLogE(z, clock) + logNormalLower(z * Math.sqrt(clock / (1 + clock)))
}

/** min(1, 1/E): the smallest over all looks is valid whenever one stops. */
export function anytimeP(logE: number): number {
  return Math.min(1, Math.exp(-logE))
}

/**
 * The |z| from which E ≥ 1/alpha; infinite before there is any information.
 *
 * Source: statistics §5
 */
export function criticalZ(clock: number, alpha: number): number {
  return Math.sqrt(((1 + clock) / clock) * (-2 * Math.log(alpha) + Math.log1p(clock)))
}
