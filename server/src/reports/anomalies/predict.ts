/**
 * Where the rate of one more run would lie, judging by those of earlier ones. Pure.
 *
 * Each run has a rate of its own; rates vary from run to run by an unknown spread around an unknown centre. Both are
 * integrated over on a grid, so that few or small runs make the range wide instead of wrong. Nobody knows the shape of
 * that variation: it is tried as a normal distribution of log-odds and as a beta distribution, and the less surprising
 * answer of the two is given.
 * Source: beta-binomial and logistic-normal predictive distributions, Gelman et al., Bayesian Data Analysis, §5.3
 */
import { logIncompleteBeta } from '../../experiments/index.ts'

/** How many did it, of how many. */
export interface Count {
  part: number
  whole: number
}

/** What was to be expected, and how far into the tails a count lies. */
export interface Prediction {
  /** Chance of so many or more, and of so few or fewer, in a run like the earlier ones. */
  upper: number
  lower: number
  /** The middle of the expected rate, and where 95 of 100 runs lie. */
  median: number
  low: number
  high: number
}

/**
 * Counts are taken as if they were no larger than this: a rate is never held to be known better than to 5 %, and a
 * difference that small is nobody's alarm.
 */
const COUNTED_MAX = 400
const STEP = 0.05
const MARGIN = 3
const CENTRES = 17
const NEGLIGIBLE = 1e-12
const LOG_NEGLIGIBLE = -300
/** Relative spread between runs that is thought possible, in even steps of its logarithm. */
const SPREADS = Array.from({ length: 12 }, (_, at) => 0.03 * (0.9 / 0.03) ** (at / 11))
type Shape = 'normal' | 'beta'

/** @param peers  earlier runs, at least two; the caller says how many are enough */
export function predictCount(peers: readonly Count[], own: Count): Prediction {
  // The rarer of doing and not doing is what spreads are relative to.
  const isFlipped = sumOf(peers, 'part') * 2 > sumOf(peers, 'whole')
  const turned = (count: Count): Count => (isFlipped ? { ...count, part: count.whole - count.part } : count)
  const [others, mine] = [peers.map(turned).map(bounded), bounded(turned(own))]
  const both = (['normal', 'beta'] as const).map((shape) => predictBy(shape, others, mine))
  const widest = {
    upper: Math.max(...both.map(({ upper }) => upper)),
    lower: Math.max(...both.map(({ lower }) => lower)),
    median: (both[0]?.median ?? 0) / 2 + (both[1]?.median ?? 0) / 2,
    low: Math.min(...both.map(({ low }) => low)),
    high: Math.max(...both.map(({ high }) => high)),
  }
  if (!isFlipped) return widest
  return {
    upper: widest.lower,
    lower: widest.upper,
    median: 1 - widest.median,
    low: 1 - widest.high,
    high: 1 - widest.low,
  }
}

function predictBy(shape: Shape, peers: readonly Count[], own: Count): Prediction {
  const seen = peers.map(logOddsOf)
  const grid = gridOver([...seen, logOddsOf(own)])
  const likelihoods = peers.map((peer) => likelihoodOver(grid, peer))
  const weighed = hypotheses(seen).map(({ centre, spread }) => {
    const density = densityOver(grid, shape, centre, spread)
    let log = 0
    for (const likelihood of likelihoods) log += Math.log(dot(likelihood, density) + Number.MIN_VALUE)
    return { density, log }
  })
  const best = Math.max(...weighed.map(({ log }) => log))
  const expected = new Float64Array(grid.size)
  for (const { density, log } of weighed) {
    const weight = Math.exp(log - best)
    if (weight > NEGLIGIBLE) addTimes(expected, density, weight)
  }
  const shares = shared(expected)
  const tails = Array.from(grid.z, (z) => tailsOf(own, z))
  return {
    upper: dot(
      shares,
      Float64Array.from(tails, ({ upper }) => upper),
    ),
    lower: dot(
      shares,
      Float64Array.from(tails, ({ lower }) => lower),
    ),
    median: quantileOf(grid, shares, 0.5),
    low: quantileOf(grid, shares, 0.025),
    high: quantileOf(grid, shares, 0.975),
  }
}

/** Log-odds in even steps, with the logarithms of the rate and of its rest. */
interface Grid {
  size: number
  z: Float64Array
  logP: Float64Array
  logQ: Float64Array
}

function gridOver(seen: readonly number[]): Grid {
  const from = Math.min(...seen) - MARGIN
  const size = Math.ceil((Math.max(...seen) + MARGIN - from) / STEP) + 1
  const z = Float64Array.from({ length: size }, (_, at) => from + at * STEP)
  return {
    size,
    z,
    logP: z.map((one) => -Math.log1p(Math.exp(-one))),
    logQ: z.map((one) => -Math.log1p(Math.exp(one))),
  }
}

/** Centres about the mean of what was seen, as far as chance could have moved it, with every spread. */
function hypotheses(seen: readonly number[]): { centre: number; spread: number }[] {
  const mean = seen.reduce((sum, z) => sum + z, 0) / seen.length
  const variance = seen.reduce((sum, z) => sum + (z - mean) ** 2, 0) / Math.max(1, seen.length - 1)
  const reach = (8 * Math.sqrt(variance + 0.01)) / Math.sqrt(seen.length)
  return Array.from({ length: CENTRES }, (_, at) => mean - reach + (2 * reach * at) / (CENTRES - 1)).flatMap(
    (centre) => SPREADS.map((spread) => ({ centre, spread })),
  )
}

/** Per point of the grid, summing to 1. */
function densityOver(grid: Grid, shape: Shape, centre: number, spread: number): Float64Array {
  const mean = expit(centre)
  // Both shapes have the same relative spread about the same centre.
  const total = Math.max(0.5, (1 - mean) / (mean * spread ** 2) - 1)
  return shape === 'normal'
    ? shared(exponentials(grid.z.map((z) => -0.5 * ((z - centre) / spread) ** 2)))
    : shared(exponentials(weighted(grid, mean * total, (1 - mean) * total)))
}

const likelihoodOver = (grid: Grid, { part, whole }: Count): Float64Array =>
  exponentials(weighted(grid, part, whole - part))

/** a·ln p + b·ln(1 − p) at each point. */
function weighted({ size, logP, logQ }: Grid, a: number, b: number): Float64Array {
  const logs = new Float64Array(size)
  for (let at = 0; at < size; at++) logs[at] = a * (logP[at] ?? 0) + b * (logQ[at] ?? 0)
  return logs
}

/** Exponentials relative to the greatest; what is too small to matter is 0. */
function exponentials(logs: Float64Array): Float64Array {
  let top = -Infinity
  for (const log of logs) if (log > top) top = log
  return logs.map((log) => (log - top < LOG_NEGLIGIBLE ? 0 : Math.exp(log - top)))
}

function shared(weights: Float64Array): Float64Array {
  let sum = 0
  for (const weight of weights) sum += weight
  return weights.map((weight) => weight / sum)
}

/** Chances of at least and of at most so many, at one rate. */
function tailsOf({ part, whole }: Count, z: number): { upper: number; lower: number } {
  const [p, q] = [expit(z), expit(-z)]
  const upper = part <= 0 ? 1 : Math.exp(logIncompleteBeta(part, whole - part + 1, p, q).lower)
  const lower = part >= whole ? 1 : Math.exp(logIncompleteBeta(part + 1, whole - part, p, q).upper)
  return { upper, lower }
}

function quantileOf({ z }: Grid, shares: Float64Array, wanted: number): number {
  let sum = 0
  const at = shares.findIndex((share) => (sum += share) >= wanted)
  return expit(z.at(at) ?? 0)
}

function bounded({ part, whole }: Count): Count {
  const scale = Math.min(1, COUNTED_MAX / Math.max(1, part))
  return { part: part * scale, whole: whole * scale }
}

/** Log-odds of a count, half a case on either side so that none and all are finite, too. */
export const logOddsOf = ({ part, whole }: Count): number => Math.log((part + 0.5) / (whole - part + 0.5))
const expit = (z: number): number => 1 / (1 + Math.exp(-z))
const sumOf = (counts: readonly Count[], key: keyof Count): number =>
  counts.reduce((sum, count) => sum + count[key], 0)

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0)
  return sum
}

function addTimes(to: Float64Array, what: Float64Array, times: number): void {
  for (let at = 0; at < to.length; at++) to[at] = (to[at] ?? 0) + times * (what[at] ?? 0)
}
