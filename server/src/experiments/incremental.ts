/**
 * What the campaign itself brought: everybody who was written to against those who, by lot, were not. Credit after a
 * touch counts people who would have bought anyway; this does not. Pure.
 * Source: statistics §11
 */
import type { TestCounts } from './arms.ts'
import type { Arm, ResolvedSettings } from './rules.ts'
import type { ExperimentResults } from './schema.ts'
import { compareProportions, newcombeInterval, ratioInterval } from './statistics/proportions.ts'
import type { DecisionSetup } from './statistics/decision.ts'
import { momentsOfSums, welchTest } from './statistics/welch.ts'

/** Null where nobody was held out. Amounts in major units; intervals of the test's confidence, for one look. */
export function incrementalOf(
  { arms, holdout }: TestCounts,
  setup: Pick<DecisionSetup, 'holdout'>,
  { confidence }: Pick<ResolvedSettings, 'confidence'>,
  majorOf: (amountMinor: number) => number,
): ExperimentResults['incremental'] {
  // Those held out before the split are all silent; without them, the control is.
  const silent = holdout.n > 0 ? holdout : summed(arms.filter((_arm, index) => setup.holdout[index] === true))
  const reached = summed(arms.filter((_arm, index) => setup.holdout[index] !== true))
  if (silent.n === 0 || reached.n === 0) return null
  const level = confidence / 100
  const [one, two] = [silent, reached].map((arm) => ({ successes: arm.converted, total: arm.n })) as [
    { successes: number; total: number },
    { successes: number; total: number },
  ] // two in, two out
  const rates = compareProportions(one, two)
  const ratio = ratioInterval(one, two, level)
  const money = welchTest(
    momentsOfSums(silent.n, silent.sum, silent.sumOfSquares),
    momentsOfSums(reached.n, reached.sum, reached.sumOfSquares),
    level,
  )
  const each = (arm: Totals) => ({
    people: arm.n,
    converted: arm.converted,
    revenue: majorOf(arm.sum),
  })
  return {
    reached: each(reached),
    silent: each(silent),
    conversions: {
      difference: rates.diff,
      interval: bounds(newcombeInterval(one, two, level)),
      lift: ratio.ratio === null ? null : ratio.ratio - 1,
      liftInterval:
        ratio.lower === null || ratio.upper === null
          ? null
          : { lower: ratio.lower - 1, upper: ratio.upper - 1 },
      p: rates.pTwoSided,
    },
    revenuePerPerson: {
      difference: majorOf(money.diff),
      interval: money.interval && {
        lower: majorOf(money.interval.lower),
        upper: majorOf(money.interval.upper),
      },
      p: money.p,
    },
  }
}

type Totals = Pick<Arm, 'n' | 'converted' | 'sum' | 'sumOfSquares'>

const summed = (arms: readonly Totals[]): Totals =>
  arms.reduce<Totals>(
    (total, arm) => ({
      n: total.n + arm.n,
      converted: total.converted + arm.converted,
      sum: total.sum + arm.sum,
      sumOfSquares: total.sumOfSquares + arm.sumOfSquares,
    }),
    { n: 0, converted: 0, sum: 0, sumOfSquares: 0 },
  )

const bounds = (interval: { lower: number; upper: number } | null) =>
  interval && { lower: interval.lower, upper: interval.upper }
