/** How probable it is that each arm is the best, for reading and for Thompson sampling; never a rule to stop by. */
import { logBeta, logIncompleteBeta } from './beta.ts'
import { normalDensity, normalLower, normalUpper } from './normal.ts'
import type { Proportion } from './proportions.ts'
import { nodesOver } from './quadrature.ts'

/** The chances of one arm. */
export interface BestChance {
  /** P(this rate is the highest). */
  probability: number
  /** The rate one would expect to forgo by choosing this arm. */
  expectedLoss: number
}

/** Where the posteriors bend, in standard deviations of an arm around its mean. */
const BENDS = [0, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 12, 20, 40]

/**
 * The chances under independent Beta(1 + x, 1 + n − x) posteriors, by quadrature.
 *
 * @returns one per arm, probabilities summing to 1 within 1e-6
 * Source: statistics §9
 */
export function probabilityBest(arms: readonly Proportion[]): BestChance[] {
  const posteriors = arms.map(posteriorOf)
  const probabilities = arms.map(() => 0)
  let expectedMaximum = 0
  for (const { at, weight } of nodesOver(breakpoints(posteriors))) {
    const lower = posteriors.map(({ a, b }) => Math.exp(logIncompleteBeta(a, b, at).lower))
    for (const [arm, { a, b, logNorm }] of posteriors.entries()) {
      const density = Math.exp((a - 1) * Math.log(at) + (b - 1) * Math.log1p(-at) - logNorm)
      const others = lower.reduce((product, value, other) => (other === arm ? product : product * value), 1)
      probabilities[arm] = (probabilities[arm] ?? 0) + weight * density * others
    }
    expectedMaximum += weight * (1 - lower.reduce((product, value) => product * value, 1))
  }
  return posteriors.map(({ mean }, arm) => ({
    probability: probabilities[arm] ?? 0,
    expectedLoss: Math.max(0, expectedMaximum - mean),
  }))
}

/** What is known of one arm's mean. */
export interface MeanEstimate {
  mean: number
  /** Of the mean; above 0. */
  deviation: number
}

/**
 * The chances under independent normal posteriors of means, by quadrature.
 *
 * @returns one per arm, probabilities summing to 1 within 1e-6
 * Source: statistics §9
 */
export function probabilityBestMean(arms: readonly MeanEstimate[]): BestChance[] {
  const probabilities = arms.map(() => 0)
  const points = arms.flatMap(({ mean, deviation }) =>
    BENDS.flatMap((bend) => [mean - bend * deviation, mean + bend * deviation]),
  )
  const base = Math.min(...points)
  let expectedMaximum = base
  for (const { at, weight } of nodesOver([...new Set(points)].sort((a, b) => a - b))) {
    const scores = arms.map(({ mean, deviation }) => (at - mean) / deviation)
    for (const [arm, { deviation }] of arms.entries()) {
      const others = scores.reduce(
        (product, score, other) => (other === arm ? product : product * normalLower(score)),
        1,
      )
      probabilities[arm] =
        (probabilities[arm] ?? 0) + (weight * normalDensity(scores[arm] ?? 0) * others) / deviation
    }
    expectedMaximum += weight * (1 - scores.reduce((product, score) => product * (1 - normalUpper(score)), 1))
  }
  return arms.map(({ mean }, arm) => ({
    probability: probabilities[arm] ?? 0,
    expectedLoss: Math.max(0, expectedMaximum - mean),
  }))
}

interface Posterior {
  a: number
  b: number
  logNorm: number
  mean: number
  deviation: number
}

function posteriorOf({ successes, total }: Proportion): Posterior {
  const [a, b] = [1 + successes, 1 + total - successes]
  const mean = a / (a + b)
  return {
    a,
    b,
    logNorm: logBeta(a, b),
    mean,
    deviation: Math.sqrt((mean * (1 - mean)) / (a + b + 1)),
  }
}

function breakpoints(posteriors: readonly Posterior[]): number[] {
  const points = posteriors.flatMap(({ mean, deviation }) =>
    BENDS.flatMap((bend) => [mean - bend * deviation, mean + bend * deviation]),
  )
  const inside = points.filter((point) => point > 0 && point < 1)
  return [...new Set([0, ...inside, 1])].sort((a, b) => a - b)
}
