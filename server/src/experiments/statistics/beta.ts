/** The beta function and its incomplete integral, to full double accuracy far into the tails. */
import { logGamma, type LogTails, logOfRest, stirlingRemainder } from './gamma.ts'

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI)
const LARGE = 10
const EPSILON = 2 ** -53
const TINY = 1e-300
const TERMS_MAX = 1_000_000

/**
 * ln B(a, b), also where one argument is so large that the three gamma functions would cancel each other.
 *
 * Source: Abramowitz & Stegun 6.2.2 with 6.1.41
 */
export function logBeta(a: number, b: number): number {
  const [small, large] = a < b ? [a, b] : [b, a]
  if (large < LARGE) return logGamma(small) + logGamma(large) - logGamma(small + large)
  if (small < LARGE) {
    return (
      logGamma(small) +
      stirlingRemainder(large) -
      stirlingRemainder(small + large) -
      (large - 0.5) * Math.log1p(small / large) -
      small * Math.log(small + large) +
      small
    )
  }
  return (
    HALF_LOG_TWO_PI +
    stirlingRemainder(small) +
    stirlingRemainder(large) -
    stirlingRemainder(small + large) -
    (small - 0.5) * Math.log1p(large / small) -
    large * Math.log1p(small / large) -
    0.5 * Math.log(large)
  )
}

/**
 * ln I_x(a, b) and ln(1 − I_x(a, b)), the regularized incomplete beta integral.
 *
 * @param x   0 … 1
 * @param y   1 − x, said apart because a caller near x = 1 knows it with more digits
 * Source: Abramowitz & Stegun 26.5.8 (continued fraction), 26.5.2 (reflection)
 */
export function logIncompleteBeta(a: number, b: number, x: number, y: number = 1 - x): LogTails {
  if (x <= 0) return { lower: -Infinity, upper: 0 }
  if (y <= 0) return { lower: 0, upper: -Infinity }
  const front = logBetaFront(a, b, x, y)
  if (x < (a + 1) / (a + b + 2)) {
    const lower = Math.min(0, front - Math.log(a) + Math.log(betaFraction(a, b, x)))
    return { lower, upper: logOfRest(lower) }
  }
  const upper = Math.min(0, front - Math.log(b) + Math.log(betaFraction(b, a, y)))
  return { lower: logOfRest(upper), upper }
}

/** ln of xᵃ yᵇ / B(a, b), with the logarithm of whichever of x and y is near 1 taken from the other. */
function logBetaFront(a: number, b: number, x: number, y: number): number {
  const logX = x > 0.5 ? Math.log1p(-y) : Math.log(x)
  const logY = y > 0.5 ? Math.log1p(-x) : Math.log(y)
  return a * logX + b * logY - logBeta(a, b)
}

/** By Lentz's rule, as modified by Thompson and Barnett. */
function betaFraction(a: number, b: number, x: number): number {
  let c = 1
  let d = 1 - ((a + b) * x) / (a + 1)
  if (Math.abs(d) < TINY) d = TINY
  d = 1 / d
  let value = d
  for (let m = 1; m < TERMS_MAX; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 + even * d
    if (Math.abs(d) < TINY) d = TINY
    c = 1 + even / c
    if (Math.abs(c) < TINY) c = TINY
    d = 1 / d
    value *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 + odd * d
    if (Math.abs(d) < TINY) d = TINY
    c = 1 + odd / c
    if (Math.abs(c) < TINY) c = TINY
    d = 1 / d
    const factor = d * c
    value *= factor
    if (Math.abs(factor - 1) < 2 * EPSILON) break
  }
  return value
}
