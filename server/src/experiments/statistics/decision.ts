/**
 * The rule that ends a test: an e-value at every look, one planned look at the horizon, one decision for ever.
 * Source: statistics §6
 */
import type { Period } from './adaptive.ts'
import { alphaOf, compareArms } from './compare-arms.ts'
import { fisherExact } from './fisher.ts'
import { compareProportions } from './proportions.ts'
import { MISMATCH_LOG_E, sampleRatioLogE } from './sample-ratio.ts'
import { momentsOfSums, welchTest } from './welch.ts'

/** The version that is stored with each decision; raised when the rule changes. */
export const ENGINE_VERSION = 1

/** With a horizon, the part of alpha that may end the test before it, and the part kept for each claim at it. */
const EARLY_SHARE = 0.2
const FINAL_CLAIM_SHARE = 0.4
/** Below this many buyers in an arm, means of money are no ground for a claim. */
const BUYERS_MIN = 30
/** Below this expected cell a normal curve is no ground for one either. */
const EXPECTED_CELL_MIN = 5

/** What a test is set up with. */
export interface DecisionSetup {
  metric: 'rate' | 'revenue'
  /** .90, .95 or .99. */
  confidence: number
  /** Planned weights per arm, of any sum. */
  weights: readonly number[]
  /** Arms that get nothing: they are counted, and never win. */
  holdout: readonly boolean[]
  /** Per playing arm. */
  minSample: number
  /** Of the leader; buyers where revenue is compared. */
  minConversions: number
  minRuntimeMinutes: number
  /** Of the planned last look; null for a test without an end. */
  horizonMinutes: number | null
  /** Over all arms. */
  plannedRecipients: number
  /** The usual rate (for rates). */
  baselineRate: number | null
  /** The usual mean of y² per recipient (for revenue); null takes it from the first look past the gates. */
  baselineSecondMoment: number | null
}

/** One arm at one look. People, never events. */
export interface ArmCount {
  n: number
  /** Recipients who did it; buyers for revenue. */
  successes: number
  /** Of each recipient's total; 0 for rates. */
  sum: number
  sumOfSquares: number
}

/** One look. */
export interface Look {
  /** Minutes since the launch. */
  minute: number
  arms: readonly ArmCount[]
  /** Where shares followed the evidence: the same people by the shares that they were assigned by. */
  periods?: readonly Period[]
}

/** Where a test stands. */
export type DecisionState = 'collecting' | 'blocked' | 'running' | 'winner' | 'inconclusive'

/** Why it stands there; null for a winner. */
export type DecisionReason =
  | 'srm'
  | 'min_sample'
  | 'min_runtime'
  | 'tie'
  | 'min_conversions'
  | 'not_significant'

/** The leader against another arm: at a running look the e-value's parts, at the planned last look a p-value. */
export type PairVerdict =
  | { kind: 'early'; against: number; z: number; clock: number; logE: number }
  | { kind: 'final'; against: number; test: 'z' | 'fisher' | 'welch'; p: number }

/** What one look says. */
export interface Verdict {
  minute: number
  state: DecisionState
  reason: DecisionReason | null
  /** The arm ahead; null while several are, or after a sample-ratio mismatch. */
  leader: number | null
  winner: number | null
  pairs: readonly PairVerdict[]
  sampleRatioLogE: number
}

/**
 * Judges one look.
 *
 * @param frozenSecondMoment  what an earlier look took from the data, where the setup has none
 */
export function judgeLook(
  setup: DecisionSetup,
  look: Look,
  frozenSecondMoment: number | null = null,
): Verdict {
  const logE = splitLogE(setup, look)
  const isFinal = isFinalLook(setup, look)
  const told = (state: DecisionState, rest: Partial<Verdict>): Verdict => ({
    minute: look.minute,
    state,
    reason: null,
    leader: null,
    winner: null,
    pairs: [],
    ...rest,
    sampleRatioLogE: logE,
  })
  if (logE >= MISMATCH_LOG_E) return told(isFinal ? 'inconclusive' : 'blocked', { reason: 'srm' })
  const leader = leaderOf(setup, look)
  const gate = firstClosedGate(setup, look, leader)
  if (gate !== null || leader === null)
    return told(isFinal ? 'inconclusive' : 'collecting', { reason: gate ?? 'tie', leader })
  const rivals = playing(setup).filter((arm) => arm !== leader)
  const { alpha, claim } = errorRates(setup)
  const pairs = rivals.map((against) =>
    isFinal
      ? finalClaim(setup, look, leader, against)
      : earlyClaim(setup, look, { leader, against, alpha, frozenSecondMoment }),
  )
  const isProven = pairs.every((pair) =>
    pair.kind === 'final' ? pair.p <= claim : pair.logE >= Math.log(2 / alpha),
  )
  if (isProven) return told('winner', { leader, winner: leader, pairs })
  return told(isFinal ? 'inconclusive' : 'running', { reason: 'not_significant', leader, pairs })
}

/**
 * Judges looks in their order until the first winner or inconclusive end.
 *
 * @returns one verdict per look that was needed
 */
export function judgeLooks(setup: DecisionSetup, looks: readonly Look[]): Verdict[] {
  const verdicts: Verdict[] = []
  let frozen: number | null = null
  for (const look of looks) {
    frozen ??= secondMomentToFreeze(setup, look)
    const verdict = judgeLook(setup, look, frozen)
    verdicts.push(verdict)
    if (verdict.state === 'winner' || verdict.state === 'inconclusive') break
  }
  return verdicts
}

/**
 * The mean of y² per recipient that the first look past the gates gives a test that was set up without one.
 *
 * @returns null when the setup has one, a gate is closed, or nothing was spent yet
 */
export function secondMomentToFreeze(setup: DecisionSetup, look: Look): number | null {
  if (setup.metric !== 'revenue' || setup.baselineSecondMoment !== null) return null
  if (firstClosedGate(setup, look, leaderOf(setup, look)) !== null) return null
  const arms = playing(setup).flatMap((arm) => look.arms[arm] ?? [])
  const recipients = arms.reduce((sum, arm) => sum + arm.n, 0)
  const squares = arms.reduce((sum, arm) => sum + arm.sumOfSquares, 0)
  return squares > 0 ? squares / recipients : null
}

/** Whether this look is the planned last one. */
export function isFinalLook(
  setup: Pick<DecisionSetup, 'horizonMinutes'>,
  look: Pick<Look, 'minute'>,
): boolean {
  return setup.horizonMinutes !== null && look.minute >= setup.horizonMinutes
}

/** ln E of the split: over periods their evidence adds up, each against the shares of its own. */
export function splitLogE(
  { weights }: DecisionSetup,
  { arms, periods = [{ arms, weights }] }: Pick<Look, 'arms' | 'periods'>,
): number {
  return periods.reduce(
    (sum, period) =>
      sum +
      sampleRatioLogE(
        period.arms.map((arm) => arm.n),
        period.weights,
      ),
    0,
  )
}

function playing(setup: DecisionSetup): number[] {
  return [...setup.weights.keys()].filter((arm) => setup.holdout[arm] !== true)
}

/** The one playing arm with the highest rate or mean. */
function leaderOf(setup: DecisionSetup, look: Look): number | null {
  const scored = playing(setup).map((arm) => ({ arm, score: scoreOf(setup, look.arms[arm]) }))
  const best = Math.max(...scored.map(({ score }) => score))
  const leaders = scored.filter(({ score }) => score === best)
  return leaders.length === 1 ? (leaders[0]?.arm ?? null) : null
}

function scoreOf({ metric }: DecisionSetup, arm: ArmCount | undefined): number {
  if (!arm || arm.n === 0) return 0
  return (metric === 'rate' ? arm.successes : arm.sum) / arm.n
}

function firstClosedGate(setup: DecisionSetup, look: Look, leader: number | null): DecisionReason | null {
  if (playing(setup).some((arm) => (look.arms[arm]?.n ?? 0) < setup.minSample)) return 'min_sample'
  if (look.minute < setup.minRuntimeMinutes) return 'min_runtime'
  if (leader === null) return 'tie'
  return (look.arms[leader]?.successes ?? 0) < setup.minConversions ? 'min_conversions' : null
}

/** alpha of the running looks, and the one-sided size of each claim at the horizon. */
function errorRates(setup: DecisionSetup): { alpha: number; claim: number } {
  const alpha = alphaOf(setup)
  return {
    alpha: setup.horizonMinutes === null ? alpha : EARLY_SHARE * alpha,
    claim: FINAL_CLAIM_SHARE * alpha,
  }
}

function earlyClaim(
  setup: DecisionSetup,
  look: Look,
  {
    leader,
    against,
    alpha,
    frozenSecondMoment,
  }: { leader: number; against: number; alpha: number; frozenSecondMoment: number | null },
): PairVerdict {
  const { z, clock, logEVariantBetter } = compareArms(setup, look, {
    control: against,
    variant: leader,
    alpha,
    secondMoment: frozenSecondMoment,
  })
  return { kind: 'early', against, z, clock, logE: logEVariantBetter }
}

function finalClaim(setup: DecisionSetup, look: Look, leader: number, against: number): PairVerdict {
  const [rival, ahead] = [look.arms[against] ?? NOBODY, look.arms[leader] ?? NOBODY]
  if (setup.metric === 'revenue') {
    const isEnough = Math.min(rival.successes, ahead.successes) >= BUYERS_MIN
    const moments = (arm: ArmCount) => momentsOfSums(arm.n, arm.sum, arm.sumOfSquares)
    const p = isEnough ? welchTest(moments(rival), moments(ahead), setup.confidence).pGreater : 1
    return { kind: 'final', against, test: 'welch', p }
  }
  const [one, two] = [proportionOf(rival), proportionOf(ahead)]
  const share = (one.successes + two.successes) / (one.total + two.total)
  const smallestCell = Math.min(one.total, two.total) * Math.min(share, 1 - share)
  return smallestCell < EXPECTED_CELL_MIN
    ? { kind: 'final', against, test: 'fisher', p: fisherExact(one, two).pGreater }
    : { kind: 'final', against, test: 'z', p: compareProportions(one, two).pGreater ?? 1 }
}

const NOBODY: ArmCount = { n: 0, successes: 0, sum: 0, sumOfSquares: 0 }

function proportionOf(arm: ArmCount): { successes: number; total: number } {
  return { successes: arm.successes, total: arm.n }
}
