/** The standard normal distribution, each tail computed directly so that it keeps its digits at any distance. */

const SQRT_TWO_PI = Math.sqrt(2 * Math.PI)
const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI)
/** Below it the series is quick and loses nothing; above it the continued fraction is. */
const SERIES_UNTIL = 3
const EPSILON = 2 ** -53
const TERMS_MAX = 1000
const STEPS_MAX = 60

/** The density. */
export function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x) / SQRT_TWO_PI
}

/** P(Z ≤ x). */
export function normalLower(x: number): number {
  return normalUpper(-x)
}

/**
 * P(Z ≥ x).
 *
 * Source: Abramowitz & Stegun 26.2.11 (series), 26.2.14 (continued fraction)
 */
export function normalUpper(x: number): number {
  if (x < 0) return 1 - normalUpper(-x)
  if (x === Infinity) return 0
  return x < SERIES_UNTIL ? 0.5 - normalDensity(x) * centreSeries(x) : normalDensity(x) * millsRatio(x)
}

/** ln P(Z ≥ x), also where the probability itself is below the smallest double. */
export function logNormalUpper(x: number): number {
  if (x < -1) return Math.log1p(-normalUpper(-x))
  if (x < SERIES_UNTIL) return Math.log(normalUpper(x))
  return -0.5 * x * x - HALF_LOG_TWO_PI + Math.log(millsRatio(x))
}

/** ln P(Z ≤ x). */
export function logNormalLower(x: number): number {
  return logNormalUpper(-x)
}

/**
 * The x with P(Z ≤ x) = q.
 *
 * Newton's steps on the logarithm of the tail, which is concave: they close in from one side, whatever the start.
 *
 * @param q  0 … 1; the ends give infinities
 */
export function normalQuantile(q: number): number {
  if (q > 0.5) return upperQuantile(1 - q)
  return q === 0.5 ? 0 : -upperQuantile(q)
}

/** The x ≥ 0 with P(Z ≥ x) = p, for p ≤ ½. */
function upperQuantile(p: number): number {
  if (p <= 0) return Infinity
  const target = Math.log(p)
  let x = Math.sqrt(-2 * Math.log(2 * p))
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const logTail = logNormalUpper(x)
    const slope = -Math.exp(-0.5 * x * x - HALF_LOG_TWO_PI - logTail)
    const next = Math.max(0, x - (logTail - target) / slope)
    if (Math.abs(next - x) <= 4 * EPSILON * next) return next
    x = next
  }
  return x
}

/** (P(Z ≤ x) − ½) / density, for 0 ≤ x: every term is positive. */
function centreSeries(x: number): number {
  let term = x
  let sum = x
  for (let n = 3; n < TERMS_MAX; n += 2) {
    term *= (x * x) / n
    sum += term
    if (term < sum * EPSILON) break
  }
  return sum
}

/** P(Z ≥ x) / density, for x well above 0: 1/(x + 1/(x + 2/(x + 3/(x + …)))). */
function millsRatio(x: number): number {
  let c = x
  let d = 0
  let value = x
  for (let n = 1; n < TERMS_MAX; n += 1) {
    d = 1 / (x + n * d)
    c = x + n / c
    const factor = c * d
    value *= factor
    if (Math.abs(factor - 1) < 2 * EPSILON) break
  }
  return 1 / value
}
