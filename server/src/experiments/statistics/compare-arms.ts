/** The evidence of one look on two arms, whatever is compared and however people were assigned. */
import { compareAdaptiveRates, compareAdaptiveRevenue } from './adaptive.ts'
import type { DecisionSetup, Look } from './decision.ts'
import type { PairEvidence } from './pair-evidence.ts'
import { compareRates, plannedRateInformation } from './rate-pair.ts'
import { compareRevenue, plannedRevenueVariance } from './revenue-pair.ts'

/** What the plan said of the setup. */
type Plan = Pick<
  DecisionSetup,
  'metric' | 'weights' | 'plannedRecipients' | 'baselineRate' | 'baselineSecondMoment'
>

const NOTHING = { n: 0, successes: 0, sum: 0, sumOfSquares: 0 }

/**
 * Compares the variant with the control.
 *
 * @param secondMoment  what an earlier look took from the data, where the plan has none
 * Source: statistics §5, §9
 */
export function compareArms(
  plan: Plan,
  { arms, periods }: Pick<Look, 'arms' | 'periods'>,
  {
    control,
    variant,
    alpha,
    secondMoment,
  }: { control: number; variant: number; alpha: number; secondMoment: number | null },
): PairEvidence {
  const [base, own] = [arms[control] ?? NOTHING, arms[variant] ?? NOTHING]
  const [basePlan, ownPlan] = [plannedOf(plan, control), plannedOf(plan, variant)]
  if (plan.metric === 'revenue') {
    const moment = plan.baselineSecondMoment ?? secondMoment ?? NaN
    const planned = plannedRevenueVariance(basePlan, ownPlan, moment)
    return periods
      ? compareAdaptiveRevenue(periods, { control, variant }, planned, alpha)
      : compareRevenue(base, own, planned, alpha)
  }
  const rate = plan.baselineRate ?? NaN
  if (periods) {
    const planned = plannedRevenueVariance(basePlan, ownPlan, rate)
    return compareAdaptiveRates(periods, { control, variant }, planned, alpha)
  }
  return compareRates(
    { successes: base.successes, total: base.n },
    { successes: own.successes, total: own.n },
    plannedRateInformation(basePlan, ownPlan, rate),
    alpha,
  )
}

/** The arm's part of the planned recipients. */
export function plannedOf(
  { weights, plannedRecipients }: Pick<Plan, 'weights' | 'plannedRecipients'>,
  arm: number,
): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return (plannedRecipients * (weights[arm] ?? 0)) / total
}

/** The error rate that a confidence of .90, .95 or .99 leaves: its complement is meant exactly. */
export function alphaOf({ confidence }: Pick<DecisionSetup, 'confidence'>): number {
  return Math.round((1 - confidence) * 1e6) / 1e6
}
