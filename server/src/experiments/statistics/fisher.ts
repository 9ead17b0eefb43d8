/** Fisher's exact test on two rates, for counts too small for a normal curve. */
import { peakDeviance, stirlingRemainder } from './gamma.ts'
import type { Proportion } from './proportions.ts'

/** Tables within this share of the observed probability count as no more probable, as R and SciPy take it. */
const SLACK = 1e-7
/** A term this small beside the sum so far changes nothing any more. */
const NEGLIGIBLE = 1e-18
const LOG_TWO_PI = Math.log(2 * Math.PI)

/** The exact test, variant against control. */
export interface ExactTest {
  pTwoSided: number
  /** Small when the variant is better. */
  pGreater: number
  /** Small when the variant is worse. */
  pLess: number
  /** The variant's odds over the control's in the sample; null for 0/0. */
  oddsRatio: number | null
}

/**
 * Tests two rates given the number of all who did it.
 *
 * Source: Fisher 1934; Loader 2000 for the probabilities
 */
export function fisherExact(control: Proportion, variant: Proportion): ExactTest {
  const table = tableOf(control, variant)
  const observed = variant.successes
  return {
    pTwoSided: twoSided(table, observed),
    pGreater: upperTail(table, observed),
    pLess: lowerTail(table, observed),
    oddsRatio: oddsRatio(control, variant),
  }
}

/** The variant's successes follow a hypergeometric law: `successes` of `n1 + n2` people did it, who fell where? */
interface Table {
  n1: number
  n2: number
  successes: number
  lowest: number
  highest: number
}

function tableOf(control: Proportion, variant: Proportion): Table {
  const successes = control.successes + variant.successes
  return {
    n1: control.total,
    n2: variant.total,
    successes,
    lowest: Math.max(0, successes - control.total),
    highest: Math.min(successes, variant.total),
  }
}

function twoSided(table: Table, observed: number): number {
  const limit = logProbability(table, observed) + Math.log1p(SLACK)
  const mode = modeOf(table)
  // The law has one peak: on each side the tables that count are those from some first one outward.
  const isRare = (x: number): boolean => logProbability(table, x) <= limit
  const firstAbove = firstOf(mode, table.highest, isRare)
  const lastBelow = -firstOf(-mode, -table.lowest, (x) => isRare(-x))
  if (lastBelow >= firstAbove) return 1
  return Math.min(1, sumDown(table, lastBelow) + sumUp(table, firstAbove))
}

/** The first whole x from `from` to `to` with `holds`, once true for ever true; `to` + 1 when none. */
function firstOf(from: number, to: number, holds: (x: number) => boolean): number {
  let [low, high] = [from, to + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}

function upperTail(table: Table, x: number): number {
  return x > modeOf(table) ? sumUp(table, x) : 1 - sumDown(table, x - 1)
}

function lowerTail(table: Table, x: number): number {
  return x < modeOf(table) ? sumDown(table, x) : 1 - sumUp(table, x + 1)
}

/** P(X ≥ from) by steps away from the peak. */
function sumUp(table: Table, from: number): number {
  if (from > table.highest) return 0
  const start = Math.max(from, table.lowest)
  let term = 1
  let sum = 1
  for (let x = start; x < table.highest && term > sum * NEGLIGIBLE; x += 1) {
    term *= ratio(table, x)
    sum += term
  }
  return Math.exp(logProbability(table, start) + Math.log(sum))
}

/** P(X ≤ from) by steps away from the peak. */
function sumDown(table: Table, from: number): number {
  if (from < table.lowest) return 0
  const start = Math.min(from, table.highest)
  let term = 1
  let sum = 1
  for (let x = start; x > table.lowest && term > sum * NEGLIGIBLE; x -= 1) {
    term /= ratio(table, x - 1)
    sum += term
  }
  return Math.exp(logProbability(table, start) + Math.log(sum))
}

/** P(x + 1) / P(x). */
function ratio({ n1, n2, successes }: Table, x: number): number {
  return ((n2 - x) * (successes - x)) / ((x + 1) * (n1 - successes + x + 1))
}

function modeOf({ n1, n2, successes, lowest, highest }: Table): number {
  return Math.min(highest, Math.max(lowest, Math.floor(((successes + 1) * (n2 + 1)) / (n1 + n2 + 2))))
}

/** Three binomial probabilities at one common rate, which cancels: each keeps its digits at any size. */
function logProbability({ n1, n2, successes }: Table, x: number): number {
  const total = n1 + n2
  return (
    logBinomial(x, n2, successes, total) +
    logBinomial(successes - x, n1, successes, total) -
    logBinomial(successes, total, successes, total)
  )
}

/** ln of the binomial probability of x of n at the rate successes/total. Source: Loader 2000 */
function logBinomial(x: number, n: number, successes: number, total: number): number {
  const [p, q] = [successes / total, (total - successes) / total]
  if (x === 0) return n === 0 || p === 0 ? 0 : n * Math.log1p(-p)
  if (x === n) return q === 0 ? 0 : n * Math.log(p)
  return (
    factorialRemainder(n) -
    factorialRemainder(x) -
    factorialRemainder(n - x) -
    peakDeviance(x, n * p) -
    peakDeviance(n - x, n * q) -
    0.5 * (LOG_TWO_PI + Math.log(x) + Math.log1p(-x / n))
  )
}

/** ln n! less Stirling's (n + ½) ln n − n + ½ ln 2π. */
function factorialRemainder(n: number): number {
  return n === 0 ? 0 : stirlingRemainder(n)
}

function oddsRatio(control: Proportion, variant: Proportion): number | null {
  const upper = variant.successes * (control.total - control.successes)
  const lower = (variant.total - variant.successes) * control.successes
  if (upper === 0 && lower === 0) return null
  return upper / lower
}
