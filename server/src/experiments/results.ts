/** What a test says, for reading: every figure of it is computed here, nothing decides here. Pure. */
import type { ConversionRule } from '../analytics/index.ts'
import type { TestCounts } from './arms.ts'
import { countsMessages, USUAL_COUNTS } from './conversions.ts'
import { peopleFor } from './planner.ts'
import { incrementalOf } from './incremental.ts'
import type { ExperimentRow } from './queries.ts'
import { type Arm, guardrailBreaches, letterOf, resolveSettings, type ResolvedSettings } from './rules.ts'
import type { ExperimentResults, ReportedMetrics } from './schema.ts'
import { pointsIn, POINTS } from './split.ts'
import { chancesOf } from './statistics/adaptive.ts'
import { alphaOf, plannedOf } from './statistics/compare-arms.ts'
import { chiSquareTest } from './statistics/contingency.ts'
import { splitLogE, type DecisionSetup } from './statistics/decision.ts'
import { fisherExact } from './statistics/fisher.ts'
import { holm } from './statistics/multiplicity.ts'
import {
  compareProportions,
  newcombeInterval,
  ratioInterval,
  wilsonInterval,
} from './statistics/proportions.ts'
import { compareRates, plannedRateInformation } from './statistics/rate-pair.ts'
import { checkSampleRatio, MISMATCH_LOG_E } from './statistics/sample-ratio.ts'
import { momentsOfSums, welchTest } from './statistics/welch.ts'
import { studentQuantile } from './statistics/student.ts'

const EXPECTED_CELL_MIN = 5
const NOTHING_REPORTED: ReportedMetrics = { impressions: 0, clicks: 0, conversions: 0, revenue: 0 }

/** Tells everything of a test. `majorOf` turns minor units into the currency's own. */
export function describeResults(
  row: ExperimentRow,
  counts: TestCounts,
  setup: DecisionSetup,
  money: { currency: string; majorOf: (amountMinor: number) => number },
): ExperimentResults {
  const settings = resolveSettings(row.settings, row)
  const { arms, holdout } = counts
  const counted = row.counts ?? USUAL_COUNTS
  const playing = arms.filter((_arm, index) => setup.holdout[index] !== true)
  const chances = probabilitiesOf(playing, setup)
  const isAdaptive = settings.allocation === 'thompson'
  const comparisons = isAdaptive ? [] : compareAll(row, arms, setup, settings, money.majorOf)
  const leader = leaderOf(playing, settings)
  return {
    testId: row.id,
    campaignId: row.campaignId,
    name: row.name,
    status: ({ draft: 'draft', running: 'running', decided: 'completed', stopped: 'cancelled' } as const)[
      row.state
    ],
    settings: { ...settings, windowMinutes: row.windowMinutes ?? settings.windowMinutes },
    currency: money.currency,
    startedAt: row.launchedAt,
    completedAt: row.decidedAt,
    lookedAt: row.lookedAt,
    verdict:
      row.verdict === null
        ? null
        : {
            state: row.verdict.state,
            reason: row.verdict.reason,
            leaderId: row.verdict.leader === null ? null : letterOf(row.verdict.leader),
            minute: row.verdict.minute,
          },
    variants: row.variants.map((variant, index) => {
      const arm = arms[index]
      return {
        ...headOf(variant),
        ...(arm ? measuresOf(arm, money.majorOf) : measuresOf(holdout, money.majorOf)),
        ...(arm ? valueOf(arm, settings, money.majorOf) : { value: null, interval: null }),
        probabilityBest: chances.get(variant.no)?.probability ?? null,
        reported: row.reported[String(variant.no)] ?? NOTHING_REPORTED,
      }
    }),
    holdout: { people: holdout.n, converted: holdout.converted, revenue: money.majorOf(holdout.sum) },
    // Whoever gets no message can neither open nor click: a lift over them would say nothing.
    incremental: countsMessages(counted) ? null : incrementalOf(counts, setup, settings, money.majorOf),
    comparisons,
    adaptive: isAdaptive ? adaptiveOf(row) : null,
    chiSquare: isAdaptive
      ? null
      : chiSquareOf(canSilentAct(settings, counted) ? arms.filter(({ n }) => n > 0) : playing, settings),
    sampleRatio: sampleRatioOf(counts, setup),
    guardrails: guardrailBreaches(counts, setup).map(({ index, measure }) => ({
      variantId: letterOf(row.variants[index]?.no ?? 1),
      measure,
    })),
    sample: sampleOf(playing, settings, isAdaptive ? null : leader),
    stake: stakeOf(row, playing, settings, leader, money.majorOf),
    decision: decisionOf(row),
  }
}

function headOf(variant: ExperimentRow['variants'][number]) {
  return {
    id: letterOf(variant.no),
    name: variant.name,
    percent: variant.percent,
    isControl: variant.isControl,
  }
}

function measuresOf(arm: Arm, majorOf: (amount: number) => number) {
  return {
    recipients: arm.n,
    opened: arm.opened,
    clicked: arm.clicked,
    converted: arm.converted,
    revenue: majorOf(arm.sum),
    unsubscribed: arm.unsubscribed,
    complained: arm.complained,
    bounced: arm.bounced,
  }
}

/** The metric's value of an arm with its fixed-sample interval. */
function valueOf(arm: Arm, { metric, confidence }: ResolvedSettings, majorOf: (amount: number) => number) {
  if (arm.n === 0) return { value: null, interval: null }
  if (metric !== 'revenue') {
    const interval = wilsonInterval({ successes: arm.successes, total: arm.n }, confidence / 100)
    return {
      value: arm.successes / arm.n,
      interval: interval && { lower: interval.lower, upper: interval.upper },
    }
  }
  const { mean, variance, n } = momentsOfSums(arm.n, arm.sum, arm.sumOfSquares)
  if (n < 2 || variance === 0) return { value: majorOf(mean), interval: null }
  const reach = -studentQuantile((1 - confidence / 100) / 2, n - 1) * Math.sqrt(variance / n)
  return {
    value: majorOf(mean),
    interval: { lower: majorOf(Math.max(0, mean - reach)), upper: majorOf(mean + reach) },
  }
}

function probabilitiesOf(playing: readonly Arm[], { metric }: DecisionSetup) {
  const chances = chancesOf(metric, playing) ?? []
  return new Map(
    playing.flatMap((arm, index) => {
      const chance = chances[index]
      return chance ? [[arm.no, chance] as const] : []
    }),
  )
}

function leaderOf(playing: readonly Arm[], { metric }: ResolvedSettings): Arm | null {
  const score = (arm: Arm): number =>
    arm.n === 0 ? 0 : (metric === 'revenue' ? arm.sum : arm.successes) / arm.n
  const best = Math.max(...playing.map(score))
  const leaders = playing.filter((arm) => score(arm) === best)
  return leaders.length === 1 ? (leaders[0] ?? null) : null
}

/** Can people who get nothing do what the metric counts? */
const canSilentAct = ({ metric }: ResolvedSettings, counted: ConversionRule['matches']): boolean =>
  (metric === 'conversion' || metric === 'revenue') && !countsMessages(counted)

/**
 * Every variant against the silent control where that can do anything, and those that play against the first of them.
 * Each family of comparisons is adjusted by itself.
 */
function compareAll(
  row: ExperimentRow,
  arms: readonly Arm[],
  setup: DecisionSetup,
  settings: ResolvedSettings,
  majorOf: (amount: number) => number,
): ExperimentResults['comparisons'] {
  const first = setup.holdout.indexOf(false)
  const silent = canSilentAct(settings, row.counts ?? USUAL_COUNTS) ? setup.holdout.indexOf(true) : -1
  const families = [
    ...(silent < 0 ? [] : [{ base: silent, others: arms.filter((_arm, index) => index !== silent) }]),
    { base: first, others: arms.filter((_arm, index) => index !== first && setup.holdout[index] !== true) },
  ]
  return families.flatMap(({ base, others }) => {
    const control = arms[base]
    if (!control || control.n === 0) return []
    const present = others.filter(({ n }) => n > 0)
    const compared = present.map((arm) => compareTwo(control, arm, settings, majorOf))
    const adjusted = holm(compared.map(({ classicalP }) => classicalP))
    // Looks follow those that play: what was noted at each is of the first of them.
    const isFollowed = base === first
    return compared.map((comparison, index) => {
      const no = present[index]?.no ?? 0
      return {
        ...comparison,
        variantId: letterOf(no),
        againstId: letterOf(control.no),
        classicalPAdjusted: adjusted[index] ?? 1,
        anytimeP: isFollowed ? (row.smallestP[String(no)] ?? null) : null,
        intervalSoFar: isFollowed && settings.metric !== 'revenue' ? soFarOf(arms, base, no, setup) : null,
      }
    })
  })
}

function compareTwo(
  control: Arm,
  variant: Arm,
  { metric, confidence }: ResolvedSettings,
  majorOf: (amount: number) => number,
) {
  const level = confidence / 100
  if (metric === 'revenue') {
    const test = welchTest(
      momentsOfSums(control.n, control.sum, control.sumOfSquares),
      momentsOfSums(variant.n, variant.sum, variant.sumOfSquares),
      level,
    )
    const base = control.sum / control.n
    return {
      difference: majorOf(test.diff),
      interval: test.interval && { lower: majorOf(test.interval.lower), upper: majorOf(test.interval.upper) },
      lift: base > 0 ? test.diff / base : null,
      liftInterval: null,
      statistic: test.t,
      classicalTest: 'welch' as const,
      classicalP: test.p,
    }
  }
  const one = { successes: control.successes, total: control.n }
  const two = { successes: variant.successes, total: variant.n }
  const z = compareProportions(one, two)
  const share = (one.successes + two.successes) / (one.total + two.total)
  const isSmall = Math.min(one.total, two.total) * Math.min(share, 1 - share) < EXPECTED_CELL_MIN
  const ratio = ratioInterval(one, two, level)
  return {
    difference: z.diff,
    interval: newcombeInterval(one, two, level),
    lift: ratio.ratio === null ? null : ratio.ratio - 1,
    liftInterval:
      ratio.lower === null || ratio.upper === null
        ? null
        : { lower: ratio.lower - 1, upper: ratio.upper - 1 },
    statistic: isSmall ? null : z.z,
    classicalTest: isSmall ? ('fisher' as const) : ('z' as const),
    classicalP: isSmall ? fisherExact(one, two).pTwoSided : z.pTwoSided,
  }
}

function soFarOf(arms: readonly Arm[], base: number, no: number, setup: DecisionSetup) {
  const index = arms.findIndex((arm) => arm.no === no)
  const [control, variant] = [arms[base], arms[index]]
  if (!control || !variant) return null
  return compareRates(
    { successes: control.successes, total: control.n },
    { successes: variant.successes, total: variant.n },
    plannedRateInformation(plannedOf(setup, base), plannedOf(setup, index), setup.baselineRate ?? NaN),
    alphaOf(setup),
  ).difference
}

function chiSquareOf(playing: readonly Arm[], { metric }: ResolvedSettings): ExperimentResults['chiSquare'] {
  if (metric === 'revenue' || playing.length < 2) return null
  const { degenerate, chi2, df, p } = chiSquareTest(
    playing.map((arm) => ({ successes: arm.successes, total: arm.n })),
  )
  return degenerate ? null : { chi2, df, p }
}

/** The shares in force, of those who take part. */
function adaptiveOf(row: ExperimentRow): ExperimentResults['adaptive'] {
  const { split, variants, sharesAt, smallestP } = row
  return {
    since: sharesAt,
    shares: variants.map(({ no, percent }) => ({
      variantId: letterOf(no),
      percent: split === null ? percent : (pointsIn(split, no) * 100) / POINTS,
      anytimeP: smallestP[String(no)] ?? null,
    })),
  }
}

function sampleRatioOf(
  { arms, periods }: TestCounts,
  setup: DecisionSetup,
): ExperimentResults['sampleRatio'] {
  if (periods) {
    // Together the runs follow no one split: each is held against its own, and their evidence adds up.
    const logE = splitLogE(setup, { arms, periods })
    return { p: Math.min(1, Math.exp(-logE)), isBlocked: logE >= MISMATCH_LOG_E }
  }
  const { p, logEvalue } = checkSampleRatio(
    arms.map((arm) => arm.n),
    setup.weights,
  )
  return { p, isBlocked: logEvalue !== null && logEvalue >= MISMATCH_LOG_E }
}

function sampleOf(
  playing: readonly Arm[],
  settings: ResolvedSettings,
  leader: Arm | null,
): ExperimentResults['sample'] {
  const soFar = Math.min(...playing.map((arm) => arm.n))
  const second = playing
    .filter((arm) => arm !== leader && arm.n > 0)
    .toSorted((a, b) => b.successes / b.n - a.successes / a.n)[0]
  const [high, low] = [leader ? leader.successes / leader.n : NaN, second ? second.successes / second.n : NaN]
  const isKnown = settings.metric !== 'revenue' && high > low && low > 0 && high < 1
  return {
    soFar: Number.isFinite(soFar) ? soFar : 0,
    minimum: settings.minSample,
    needed: isKnown ? Math.max(settings.minSample, peopleFor(low, high, settings.confidence)) : null,
  }
}

function stakeOf(
  row: ExperimentRow,
  playing: readonly Arm[],
  settings: ResolvedSettings,
  leader: Arm | null,
  majorOf: (amount: number) => number,
): ExperimentResults['stake'] {
  const tested = row.split?.ranges.reduce((sum, { from, to }) => sum + to - from, 0) ?? 0
  const waiting =
    tested > 0 && row.appliedAt === null
      ? Math.round(((row.plannedRecipients ?? 0) * (POINTS - tested)) / tested)
      : 0
  if (!leader || waiting === 0) return { waiting, expectedLoss: null }
  if (settings.metric === 'revenue') {
    const worst = Math.min(...playing.map((arm) => (arm.n === 0 ? 0 : arm.sum / arm.n)))
    return { waiting, expectedLoss: majorOf(Math.round((leader.sum / leader.n - worst) * waiting)) }
  }
  const rates = playing.map((arm) => (arm.n === 0 ? 0 : arm.successes / arm.n))
  return { waiting, expectedLoss: Math.round((Math.max(...rates) - Math.min(...rates)) * waiting) }
}

function decisionOf(row: ExperimentRow): ExperimentResults['decision'] {
  const { decision, decidedAt, decidedBy } = row
  if (decision === null || decidedAt === null) return null
  return {
    result: decision.result,
    reason: decision.reason,
    winnerId: decision.winner === null ? null : letterOf(decision.winner),
    chosenId: decision.chosen === null ? null : letterOf(decision.chosen),
    statedReason: decision.statedReason,
    at: decidedAt,
    by: decidedBy ?? '',
    appliedAt: row.appliedAt,
  }
}
