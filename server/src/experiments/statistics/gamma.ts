/** The gamma function's logarithm and the incomplete gamma integrals, to full double accuracy far into the tails. */

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI)
/** From here on Stirling's series below is exact to a double's last digit. */
const STIRLING_FROM = 15
/** Far more terms than any argument within a double's range needs. */
const TERMS_MAX = 1_000_000
const EPSILON = 2 ** -53
/** Stands for zero in a continued fraction, where dividing by it must stay finite. */
const TINY = 1e-300

/**
 * ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π]: what Stirling's formula leaves.
 *
 * @param x  above 0
 * Source: Abramowitz & Stegun 6.1.41
 */
export function stirlingRemainder(x: number): number {
  if (x < STIRLING_FROM) return shiftedLogGamma(x) - ((x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI)
  const w = 1 / (x * x)
  return (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w * (1 / 1188 - (w * 691) / 360_360))))) / x
}

/**
 * ln Γ(x).
 *
 * @param x  above 0
 * Source: Abramowitz & Stegun 6.1.15, 6.1.41
 */
export function logGamma(x: number): number {
  return x < STIRLING_FROM
    ? shiftedLogGamma(x)
    : (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + stirlingRemainder(x)
}

/** Steps up to where the series holds: Γ(x) = Γ(x + n) / (x (x + 1) … (x + n − 1)). */
function shiftedLogGamma(x: number): number {
  let product = 1
  let shifted = x
  while (shifted < STIRLING_FROM) {
    product *= shifted
    shifted += 1
  }
  return (
    (shifted - 0.5) * Math.log(shifted) -
    shifted +
    HALF_LOG_TWO_PI +
    stirlingRemainder(shifted) -
    Math.log(product)
  )
}

/** Both tails of a distribution at one point, as natural logarithms; each is computed directly, never as 1 − the other. */
export interface LogTails {
  lower: number
  upper: number
}

/**
 * ln P(a, x) and ln Q(a, x), the regularized incomplete gamma integrals.
 *
 * @param a  above 0
 * @param x  at least 0
 * Source: Abramowitz & Stegun 6.5.29 (series), 6.5.31 (continued fraction)
 */
export function logIncompleteGamma(a: number, x: number): LogTails {
  if (x <= 0) return { lower: -Infinity, upper: 0 }
  if (x === Infinity) return { lower: 0, upper: -Infinity }
  const front = logGammaFront(a, x)
  if (x < a + 1) {
    const lower = front + Math.log(gammaSeries(a, x))
    return { lower, upper: logOfRest(lower) }
  }
  const upper = front + Math.log(gammaFraction(a, x))
  return { lower: logOfRest(upper), upper }
}

/** ln(1 − exp(logOther)), without losing digits at either end. */
export function logOfRest(logOther: number): number {
  if (logOther >= 0) return -Infinity
  return logOther > -Math.LN2 ? Math.log(-Math.expm1(logOther)) : Math.log1p(-Math.exp(logOther))
}

/** ln of xᵃ e⁻ˣ / Γ(a), for large a as a deviation from its peak, where the plain form loses digits. */
function logGammaFront(a: number, x: number): number {
  if (a < STIRLING_FROM) return a * Math.log(x) - x - logGamma(a)
  return -peakDeviance(a, x) + 0.5 * Math.log(a) - HALF_LOG_TWO_PI - stirlingRemainder(a)
}

/**
 * x − a − a ln(x/a) ≥ 0, also where x and a nearly agree.
 *
 * Source: C. Loader, "Fast and accurate computation of binomial probabilities", 2000
 */
export function peakDeviance(a: number, x: number): number {
  const share = (x - a) / (x + a)
  if (Math.abs(share) > 0.1) return x - a - a * Math.log(x / a)
  // ln(x/a) = 2 artanh(share); the leading parts cancel by hand, the rest is a quickly falling series.
  const square = share * share
  let power = share
  let sum = (x - a) * share
  for (let k = 3; k < TERMS_MAX; k += 2) {
    power *= square
    const next = sum - (2 * a * power) / k
    if (next === sum) break
    sum = next
  }
  return sum
}

function gammaSeries(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; n < TERMS_MAX; n += 1) {
    term *= x / (a + n)
    sum += term
    if (term < sum * EPSILON) break
  }
  return sum
}

/** By Lentz's rule, as modified by Thompson and Barnett. */
function gammaFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1 / TINY
  let d = 1 / (b === 0 ? TINY : b)
  let value = d
  for (let n = 1; n < TERMS_MAX; n += 1) {
    const numerator = -n * (n - a)
    b += 2
    d = numerator * d + b
    if (Math.abs(d) < TINY) d = TINY
    c = b + numerator / c
    if (Math.abs(c) < TINY) c = TINY
    d = 1 / d
    const factor = d * c
    value *= factor
    if (Math.abs(factor - 1) < 2 * EPSILON) break
  }
  return value
}
