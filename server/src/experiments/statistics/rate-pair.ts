/** Two rates compared at every look: the always-valid test of the engine. */
import { crossDifference } from './cross-difference.ts'
import { criticalZ } from './evalue.ts'
import type { Interval } from './interval.ts'
import { evidenceOf, type PairEvidence } from './pair-evidence.ts'
import type { Proportion } from './proportions.ts'

/** Half the planned information favours stopping early; measured best between a quarter and the whole. */
export const CLOCK_SHARE = 0.5

/** The evidence on two rates. */
export interface RatePair extends PairEvidence {
  /** About the log of the rate ratio: it grows with events, whether recipients or only their answers come in. */
  information: number
  /** A confidence sequence of the difference, variant minus control, valid at every look; null before any information. */
  difference: Interval | null
}

/**
 * Compares the variant's rate with the control's.
 *
 * @param plannedInformation  of `plannedRateInformation`, frozen at launch
 * Source: statistics §5
 */
export function compareRates(
  control: Proportion,
  variant: Proportion,
  plannedInformation: number,
  alpha: number,
): RatePair {
  const total = control.total + variant.total
  const share = total === 0 ? 0 : (control.successes + variant.successes) / total
  const information =
    share === 0 || share === 1 ? 0 : ((control.total * variant.total) / total) * (share / (1 - share))
  const deviation = Math.sqrt(share * (1 - share) * (1 / control.total + 1 / variant.total))
  const diff =
    crossDifference(variant.successes, control.total, control.successes, variant.total) /
    (control.total * variant.total)
  const evidence = evidenceOf(information > 0 ? diff / deviation : 0, information, plannedInformation, alpha)
  if (evidence.clock === 0) return { ...evidence, information, difference: null }
  const reach = criticalZ(evidence.clock, alpha) * deviation
  return {
    ...evidence,
    information,
    difference: { lower: Math.max(-1, diff - reach), upper: Math.min(1, diff + reach) },
  }
}

/**
 * The information that a pair of arms is planned to bring.
 *
 * @param first     planned recipients of one arm
 * @param second    planned recipients of the other
 * @param baseline  the usual rate of the metric
 * Source: statistics §5
 */
export function plannedRateInformation(first: number, second: number, baseline: number): number {
  return CLOCK_SHARE * ((first * second) / (first + second)) * (baseline / (1 - baseline))
}
