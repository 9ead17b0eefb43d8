/** Variance reduction by what was known of each recipient before the test. */
import { type Moments, momentsOf } from './welch.ts'

/** An arm's outcomes and, in the same order, its recipients' covariate from before the assignment. */
export interface CovariateArm {
  y: readonly number[]
  x: readonly number[]
}

/** Both arms after the adjustment, ready for Welch's test. */
export interface Adjusted {
  /** The pooled slope of y on x; 0 for a constant covariate. */
  theta: number
  control: Moments
  variant: Moments
}

/**
 * Takes from each outcome what the covariate foretold: y − θ (x − mean x), with one θ for both arms.
 *
 * Source: statistics §9; Deng, Xu, Kohavi, Walker, WSDM 2013
 */
export function adjustByCovariate(control: CovariateArm, variant: CovariateArm): Adjusted {
  const x = [...control.x, ...variant.x]
  const y = [...control.y, ...variant.y]
  const [ofX, ofY] = [momentsOf(x), momentsOf(y)]
  const covariance =
    x.reduce((sum, value, index) => sum + (value - ofX.mean) * ((y[index] ?? 0) - ofY.mean), 0) /
    (x.length - 1)
  const theta = ofX.variance > 0 ? covariance / ofX.variance : 0
  const adjust = (arm: CovariateArm): Moments =>
    momentsOf(arm.y.map((value, index) => value - theta * ((arm.x[index] ?? 0) - ofX.mean)))
  return { theta, control: adjust(control), variant: adjust(variant) }
}
