/** What settings come to, and what a verdict makes of a test. Pure. */
import { hash } from 'node:crypto'
import type { ExperimentSettings, Metric, VariantId } from './schema.ts'
import { VARIANT_IDS } from './schema.ts'
import {
  allotPoints,
  pointsIn,
  pointsOf,
  POINTS,
  type FieldAssignment,
  type PointRange,
  type Split,
} from './split.ts'
import { thompsonShares, type Period } from './statistics/adaptive.ts'
import { compareArms } from './statistics/compare-arms.ts'
import type { ArmCount, DecisionSetup, Verdict } from './statistics/decision.ts'

const HOUR = 60
const DAY = 24 * HOUR

/** Source: statistics §3 (windows), §6 (minimum run times), §2 (how long early answers mislead) */
const METRIC_TIMES: Readonly<
  Record<Metric, { minRuntimeMinutes: number; horizonMinutes: number; windowMinutes: number }>
> = {
  open: { minRuntimeMinutes: 4 * HOUR, horizonMinutes: DAY, windowMinutes: DAY },
  click: { minRuntimeMinutes: 3 * HOUR, horizonMinutes: DAY, windowMinutes: 3 * DAY },
  conversion: { minRuntimeMinutes: 12 * HOUR, horizonMinutes: 3 * DAY, windowMinutes: 7 * DAY },
  revenue: { minRuntimeMinutes: DAY, horizonMinutes: 7 * DAY, windowMinutes: 7 * DAY },
}

/** The usual rate where an organization has no history of its own. Source: statistics §5 */
export const USUAL_RATES: Readonly<Record<Metric, number>> = {
  open: 0.2,
  click: 0.025,
  conversion: 0.01,
  revenue: 0.01,
}

/** Settings without gaps. */
export type ResolvedSettings = ExperimentSettings & {
  minRuntimeMinutes: number
  /** Null: the test has no planned end. */
  horizonMinutes: number | null
  windowMinutes: number
}

/**
 * Fills what was left to the metric. A test never ends before it may decide; one whose people come one by one has no
 * planned end, so that all of its error rate is spent on the looks.
 * Source: statistics §6
 */
export function resolveSettings(
  settings: ExperimentSettings,
  { isContinuous }: { isContinuous: boolean } = { isContinuous: false },
): ResolvedSettings {
  const usual = METRIC_TIMES[settings.metric]
  const horizonMinutes = isContinuous ? null : (settings.horizonMinutes ?? usual.horizonMinutes)
  return {
    ...settings,
    horizonMinutes,
    minRuntimeMinutes: Math.min(
      settings.minRuntimeMinutes ?? usual.minRuntimeMinutes,
      horizonMinutes ?? Number.POSITIVE_INFINITY,
    ),
    windowMinutes: settings.windowMinutes ?? usual.windowMinutes,
  }
}

/** A variant as its row has it. `no` counts from 1 and is what ledger and figures call it. */
export interface Variant {
  no: number
  name: string
  percent: number
  isControl: boolean
  /** Its own content per channel; null is the campaign's. Only the room that directs campaigns reads it. */
  content: unknown
}

/** A variant's letter. */
export function letterOf(no: number): VariantId {
  return VARIANT_IDS[no - 1] ?? 'A'
}

/** The number behind a letter. */
export function numberOf(letter: VariantId): number {
  return VARIANT_IDS.indexOf(letter) + 1
}

/** Equal shares that sum to 100. Source: CB-5.2 */
export function evenPercents(count: number): number[] {
  return pointsOf(
    Array.from({ length: count }, () => 100 / count),
    POINTS,
  ).map((points) => (points * 100) / POINTS)
}

/** How the people of the test are split. Those outside of it wait for the winner. Source: CS-005.3, CS-005.4 */
export function splitOf(
  settings: Pick<ExperimentSettings, 'holdoutPercent' | 'testPercent' | 'assignment'>,
  variants: readonly Variant[],
  salts: Split['salts'],
): Split {
  const tested = Math.round((settings.testPercent * POINTS) / 100)
  const points = pointsOf(
    variants.map((variant) => variant.percent),
    tested,
  )
  return {
    salts,
    holdoutPoints: Math.round((settings.holdoutPercent * POINTS) / 100),
    notesHoldout: true,
    ranges: allotPoints(
      [],
      variants.map(({ no }, index) => ({ variant: no, points: points[index] ?? 0 })),
    ),
    silentVariants: variants.filter((variant) => variant.isControl).map((variant) => variant.no),
    ...(settings.assignment ? { byField: assignedBy(settings.assignment, variants) } : {}),
  }
}

function assignedBy(
  { field, texts }: NonNullable<ExperimentSettings['assignment']>,
  variants: readonly Variant[],
): FieldAssignment {
  return {
    key: field,
    texts: texts.flatMap((text, index) => {
      const variant = variants[index]?.no
      return variant === undefined ? [] : [{ md5: hash('md5', text), variant }]
    }),
  }
}

/** The second part of a test: everybody who was left out gets one variant, whoever took part nothing more. */
export function restSplit(split: Split, variant: number): Split {
  return { ...split, notesHoldout: false, silentVariants: [], ranges: restOf(split, variant) }
}

function restOf({ ranges }: Split, variant: number): PointRange[] {
  const shares = [
    ...ranges.reduce(
      (sums, { variant: no, from, to }) => sums.set(no, (sums.get(no) ?? 0) + to - from),
      new Map<number, number>(),
    ),
  ]
  const used = shares.reduce((sum, [, points]) => sum + points, 0)
  const all = allotPoints(
    ranges.map((range) => ({ ...range, variant: -range.variant })),
    [...shares.map(([no, points]) => ({ variant: -no, points })), { variant, points: POINTS - used }],
  )
  return all.filter((range) => range.variant > 0)
}

/** Is anybody left who did not take part? */
export function hasRest(settings: Pick<ExperimentSettings, 'testPercent'>): boolean {
  return settings.testPercent < 100
}

/** Shares that move less than this stay: each change begins another run. */
const POINTS_WORTH_MOVING = 100

/**
 * The split from now on, where shares follow the evidence. A control keeps its share: only what sends something moves.
 *
 * @returns null when it stays: the burn-in is not over, or no share would move by a whole per cent
 * Source: statistics §9
 */
export function followedSplit(
  split: Split,
  arms: readonly Arm[],
  { metric, holdout }: Pick<DecisionSetup, 'metric' | 'holdout'>,
): Split | null {
  const playing = arms.filter((_arm, index) => holdout[index] !== true)
  const silent = arms.filter((_arm, index) => holdout[index] === true)
  const shares = thompsonShares(metric, playing)
  if (shares === null) return null
  const kept = silent.map(({ no }) => ({ variant: no, points: pointsIn(split, no) }))
  const points = pointsOf(
    shares.map((share) => share * 100),
    POINTS - kept.reduce((sum, one) => sum + one.points, 0),
  )
  const wanted = playing.map(({ no }, index) => ({ variant: no, points: points[index] ?? 0 }))
  const isMoved = wanted.some(
    ({ variant, points: own }) => Math.abs(own - pointsIn(split, variant)) >= POINTS_WORTH_MOVING,
  )
  return isMoved ? { ...split, ranges: allotPoints(split.ranges, [...wanted, ...kept]) } : null
}

/** What a look counts of one variant, in minor units. */
export interface Arm extends ArmCount {
  no: number
  opened: number
  clicked: number
  converted: number
  unsubscribed: number
  complained: number
  bounced: number
}

/** What a look counts of the people who were assigned by the same shares. */
export interface ArmPeriod extends Period {
  arms: readonly Arm[]
}

/** The rule's setup for a test. */
export function setupOf(
  settings: ResolvedSettings,
  variants: readonly Variant[],
  frozen: { plannedRecipients: number; baselineRate: number; secondMoment: number | null },
): DecisionSetup {
  return {
    metric: settings.metric === 'revenue' ? 'revenue' : 'rate',
    confidence: settings.confidence / 100,
    weights: variants.map((variant) => variant.percent),
    holdout: variants.map((variant) => variant.isControl),
    minSample: settings.minSample,
    minConversions: settings.minConversions,
    minRuntimeMinutes: settings.minRuntimeMinutes,
    horizonMinutes: settings.horizonMinutes,
    plannedRecipients: frozen.plannedRecipients,
    baselineRate: frozen.baselineRate,
    baselineSecondMoment: frozen.secondMoment,
  }
}

/** Measures that speak against a winner. Source: statistics §3 */
export const GUARDRAILS = ['unsubscribed', 'complained', 'bounced'] as const
export type Guardrail = (typeof GUARDRAILS)[number]

/** One chance in twenty to veto a harmless variant over all looks. */
const GUARDRAIL_ALPHA = 0.05
const GUARDRAIL_RATES: Readonly<Record<Guardrail, number>> = {
  unsubscribed: 0.002,
  complained: 0.0005,
  bounced: 0.01,
}

/** Playing variants that are worse than another by a measure that matters, at this look. */
export function guardrailBreaches(
  { arms, periods }: { arms: readonly Arm[]; periods?: readonly ArmPeriod[] },
  setup: DecisionSetup,
): { index: number; measure: Guardrail }[] {
  const playing = [...arms.keys()].filter((index) => setup.holdout[index] !== true)
  return GUARDRAILS.flatMap((measure) => {
    const counted = (of: readonly Arm[]) => of.map((arm) => ({ ...arm, successes: arm[measure] }))
    const look = {
      arms: counted(arms),
      ...(periods ? { periods: periods.map((period) => ({ ...period, arms: counted(period.arms) })) } : {}),
    }
    const plan = { ...setup, metric: 'rate' as const, baselineRate: GUARDRAIL_RATES[measure] }
    const isWorse = (control: number, variant: number): boolean => {
      const asked = { control, variant, alpha: GUARDRAIL_ALPHA, secondMoment: null }
      // "Better" by its rate is worse for people.
      return compareArms(plan, look, asked).logEVariantBetter >= Math.log(1 / GUARDRAIL_ALPHA)
    }
    return playing
      .filter((index) => playing.some((other) => other !== index && isWorse(other, index)))
      .map((index) => ({ index, measure }))
  })
}

/** What the rest gets after a verdict that ends the test; null waits for a person. Source: statistics §6 */
export function choiceAfter(
  verdict: Pick<Verdict, 'state' | 'winner' | 'leader'> & { reason: string | null },
  settings: Pick<ExperimentSettings, 'fallback' | 'autoApply'>,
  variants: readonly Variant[],
): number | null {
  if (!settings.autoApply) return null
  const at = (index: number | null) => (index === null ? null : (variants[index]?.no ?? null))
  if (verdict.state === 'winner') return at(verdict.winner)
  // A broken split or a harmful leader: nothing of this test may choose.
  if (verdict.reason === 'srm' || verdict.reason === 'guardrail' || settings.fallback === 'none') return null
  const original = variants.find((variant) => !variant.isControl)?.no ?? null
  return settings.fallback === 'leader' ? (at(verdict.leader) ?? original) : original
}
