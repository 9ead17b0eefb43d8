/** Student's t distribution with any real degrees of freedom. */
import { logBeta, logIncompleteBeta } from './beta.ts'
import { logOfRest } from './gamma.ts'
import { normalQuantile } from './normal.ts'

const STEPS_MAX = 200
const EPSILON = 2 ** -53

/**
 * ln P(|T| ≥ |t|).
 *
 * @param df  degrees of freedom, above 0
 * Source: Abramowitz & Stegun 26.7.1
 */
export function logStudentTwoSided(t: number, df: number): number {
  if (t === 0) return 0
  const square = t * t
  const whole = df + square
  return logIncompleteBeta(df / 2, 0.5, df / whole, square / whole).lower
}

/** P(|T| ≥ |t|). */
export function studentTwoSided(t: number, df: number): number {
  return Math.exp(logStudentTwoSided(t, df))
}

/** P(T ≥ t). */
export function studentUpper(t: number, df: number): number {
  const tail = 0.5 * studentTwoSided(t, df)
  return t >= 0 ? tail : 1 - tail
}

/**
 * The t with P(T ≤ t) = q.
 *
 * Newton's steps on the logarithm of the tail against ln t, where it is concave.
 *
 * @param q  strictly between 0 and 1
 */
export function studentQuantile(q: number, df: number): number {
  if (q === 0.5) return 0
  if (q < 0.5) return -upperQuantile(q, df)
  return upperQuantile(1 - q, df)
}

function upperQuantile(p: number, df: number): number {
  const target = Math.log(2 * p)
  let logT = Math.log(-normalQuantile(p))
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const t = Math.exp(logT)
    const logTail = logStudentTwoSided(t, df)
    // d ln tail / d ln t = −2 t · density / tail
    const slope = -2 * t * Math.exp(logDensity(t, df) - logTail)
    const change = (logTail - target) / slope
    logT -= change
    if (Math.abs(change) <= 4 * EPSILON) break
  }
  return Math.exp(logT)
}

function logDensity(t: number, df: number): number {
  return -0.5 * (df + 1) * Math.log1p((t * t) / df) - 0.5 * Math.log(df) - logBeta(df / 2, 0.5)
}

/** P(T ≤ t). */
export function studentLower(t: number, df: number): number {
  return t <= 0 ? 0.5 * studentTwoSided(t, df) : Math.exp(logOfRest(logStudentTwoSided(t, df) - Math.LN2))
}
