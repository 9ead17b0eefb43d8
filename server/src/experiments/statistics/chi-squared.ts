/** The chi-squared distribution. */
import { logIncompleteGamma, type LogTails } from './gamma.ts'

/**
 * ln P(X ≤ x) and ln P(X ≥ x).
 *
 * @param df  degrees of freedom, above 0
 * Source: Abramowitz & Stegun 26.4.19
 */
export function logChiSquaredTails(x: number, df: number): LogTails {
  return logIncompleteGamma(df / 2, x / 2)
}
