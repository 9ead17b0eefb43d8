/** How many people a comparison of two rates needs, and what a number of people can show. */
import { normalLower, normalQuantile } from './normal.ts'

/** What a plan asks for. */
export interface Plan {
  /** Two-sided, such as .05. */
  alpha: number
  /** The chance to find the difference, such as .8. */
  power: number
  /** Recipients of the variant per recipient of the control. */
  ratio: number
}

const BISECTIONS = 200

/**
 * The control's recipients that show p₂ against p₁, not rounded; the variant needs `ratio` times as many.
 *
 * Source: statistics §8; Fleiss, as R's power.prop.test(strict = FALSE)
 */
export function sampleSize(p1: number, p2: number, { alpha, power, ratio }: Plan): number {
  const { underNull, underAlternative } = spreads(p1, p2, ratio)
  const reach = -normalQuantile(alpha / 2) * underNull + normalQuantile(power) * underAlternative
  return (reach / (p2 - p1)) ** 2
}

/**
 * The chance that a test of `n1` recipients in the control finds p₂ against p₁, counting the near tail only.
 *
 * Source: statistics §8
 */
export function powerOf(
  p1: number,
  p2: number,
  n1: number,
  { alpha, ratio }: Pick<Plan, 'alpha' | 'ratio'>,
): number {
  const { underNull, underAlternative } = spreads(p1, p2, ratio)
  const gap = Math.abs(p2 - p1) * Math.sqrt(n1)
  const reach = gap + normalQuantile(alpha / 2) * underNull
  if (underAlternative === 0) return reach >= 0 ? 1 : 0
  return normalLower(reach / underAlternative)
}

/**
 * The smallest rate above p₁ that `n1` recipients in the control show with the asked power; null when even 1 is too near.
 *
 * Source: statistics §8
 */
export function smallestDetectableRate(p1: number, n1: number, plan: Plan): number | null {
  if (p1 >= 1 || powerOf(p1, 1, n1, plan) < plan.power) return null
  // Power rises with the distance.
  let [low, high] = [p1, 1]
  for (let step = 0; step < BISECTIONS; step += 1) {
    const middle = low + (high - low) / 2
    if (middle <= low || middle >= high) break
    if (powerOf(p1, middle, n1, plan) >= plan.power) high = middle
    else low = middle
  }
  return high
}

/** Standard deviations of the difference, times √n₁, without and with the difference. */
function spreads(p1: number, p2: number, ratio: number): { underNull: number; underAlternative: number } {
  const pooled = (p1 + ratio * p2) / (1 + ratio)
  return {
    underNull: Math.sqrt((1 + 1 / ratio) * pooled * (1 - pooled)),
    underAlternative: Math.sqrt(p1 * (1 - p1) + (p2 * (1 - p2)) / ratio),
  }
}
