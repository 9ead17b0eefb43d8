/** Two rates compared by the pooled z test, and the intervals of rates, of their difference and of their ratio. */
import { crossDifference } from './cross-difference.ts'
import type { Interval } from './interval.ts'
import { logNormalUpper, normalQuantile, normalUpper } from './normal.ts'

/** How many did it, of how many. */
export interface Proportion {
  /** Those who did; whole, at most `total`. */
  successes: number
  total: number
}

/** The pooled two-proportion z test, variant minus control. */
export interface ProportionTest {
  /** Nobody or everybody did it: nothing can be told; z is 0 and p is 1. */
  degenerate: boolean
  z: number
  pTwoSided: number
  /** For display where p is below the smallest double. */
  log10P: number
  /** P(Z ≥ z): small when the variant is better; null when degenerate. */
  pGreater: number | null
  diff: number
  /** p₂/p₁ − 1; null where the control's rate is 0. */
  relativeLift: number | null
  sePooled: number
  seUnpooled: number
}

/**
 * Tests whether two rates differ, as a fixed-sample test: valid for one look planned beforehand.
 *
 * @param control  of at least one person, as is the variant
 * Source: statistics §4; Fleiss, Statistical Methods for Rates and Proportions
 */
export function compareProportions(control: Proportion, variant: Proportion): ProportionTest {
  const [p1, p2] = [rateOf(control), rateOf(variant)]
  const diff = differenceOf(control, variant)
  const pooled = (control.successes + variant.successes) / (control.total + variant.total)
  const relativeLift = p1 > 0 ? diff / p1 : null
  const sePooled = Math.sqrt(pooled * (1 - pooled) * (1 / control.total + 1 / variant.total))
  const seUnpooled = Math.sqrt((p1 * (1 - p1)) / control.total + (p2 * (1 - p2)) / variant.total)
  if (!(sePooled > 0))
    return {
      degenerate: true,
      z: 0,
      pTwoSided: 1,
      log10P: 0,
      pGreater: null,
      diff,
      relativeLift,
      sePooled,
      seUnpooled,
    }
  const z = diff / sePooled
  const logP = Math.min(0, Math.LN2 + logNormalUpper(Math.abs(z)))
  return {
    degenerate: false,
    z,
    pTwoSided: Math.min(1, 2 * normalUpper(Math.abs(z))),
    log10P: logP / Math.LN10,
    pGreater: normalUpper(z),
    diff,
    relativeLift,
    sePooled,
    seUnpooled,
  }
}

/**
 * Wilson's score interval of one rate, without correction; exactly 0 at none and exactly 1 at all.
 *
 * @param confidence  such as .95
 * @returns also the centre; null for an empty arm
 * Source: Wilson 1927
 */
export function wilsonInterval(
  { successes, total }: Proportion,
  confidence: number,
): (Interval & { centre: number }) | null {
  if (total <= 0) return null
  const z = zOf(confidence)
  const square = z * z
  const p = successes / total
  const centre = (p + square / (2 * total)) / (1 + square / total)
  const reach = (z * Math.sqrt((p * (1 - p)) / total + square / (4 * total * total))) / (1 + square / total)
  const upper = successes === total ? 1 : centre + reach
  // The product of both bounds is known, which keeps the lower one's digits where the difference would cancel.
  const lower = successes === 0 ? 0 : (p * p) / (1 + square / total) / (centre + reach)
  return { lower, upper, centre }
}

/** Of intervals that are shown for reading. */
export const READING_CONFIDENCE = 0.95

/**
 * Where a share of people truly lies, for reading (Wilson); null of nobody. People cannot be more than all, nor fewer
 * than none: late words of providers may say so for a moment.
 */
export function shareInterval(part: number, whole: number): { low: number; high: number } | null {
  const successes = Math.max(0, Math.min(part, whole))
  const found = wilsonInterval({ successes, total: whole }, READING_CONFIDENCE)
  return found && { low: found.lower, high: found.upper }
}

/**
 * The interval of a difference of rates, variant minus control: square-and-add of the two Wilson intervals.
 *
 * Source: Newcombe, Stat. Med. 17 (1998) 873, method 10
 */
export function newcombeInterval(
  control: Proportion,
  variant: Proportion,
  confidence: number,
): Interval | null {
  const first = wilsonInterval(control, confidence)
  const second = wilsonInterval(variant, confidence)
  if (!first || !second) return null
  const diff = differenceOf(control, variant)
  const [p1, p2] = [rateOf(control), rateOf(variant)]
  return {
    lower: diff - Math.hypot(p2 - second.lower, first.upper - p1),
    upper: diff + Math.hypot(second.upper - p2, p1 - first.lower),
  }
}

/** The ratio of two rates with its interval; what is undefined at a zero count is null. */
export interface RatioInterval {
  /** p₂/p₁; the relative lift is this less 1. */
  ratio: number | null
  seLog: number | null
  lower: number | null
  upper: number | null
}

/**
 * The ratio of the variant's rate to the control's, with Katz's log interval.
 *
 * Source: Katz et al. 1978
 */
export function ratioInterval(control: Proportion, variant: Proportion, confidence: number): RatioInterval {
  const [p1, p2] = [rateOf(control), rateOf(variant)]
  const ratio = p1 > 0 ? p2 / p1 : null
  if (ratio === null || !(ratio > 0)) return { ratio, seLog: null, lower: null, upper: null }
  const seLog = Math.sqrt(logVariance(control) + logVariance(variant))
  const reach = Math.exp(zOf(confidence) * seLog)
  return { ratio, seLog, lower: ratio / reach, upper: ratio * reach }
}

/** The two-sided quantile of a confidence, from its small tail: 1 − .999… must not round to nothing. */
export function zOf(confidence: number): number {
  if (confidence !== latest.confidence) latest = { confidence, z: -normalQuantile((1 - confidence) / 2) }
  return latest.z
}
/** A list asks for one confidence thousands of times, and finding its quantile is nine tenths of an interval (16 µs). */
let latest = { confidence: Number.NaN, z: Number.NaN }

/** 1/x − 1/n, as one fraction. */
function logVariance({ successes, total }: Proportion): number {
  return (total - successes) / (successes * total)
}

/** The observed rate; NaN for an empty arm. */
function rateOf({ successes, total }: Proportion): number {
  return successes / total
}

/** p₂ − p₁ by one exact numerator: two nearly equal quotients would cancel. */
function differenceOf(control: Proportion, variant: Proportion): number {
  return (
    crossDifference(variant.successes, control.total, control.successes, variant.total) /
    (control.total * variant.total)
  )
}
