/** Made-up tests with a known truth: a mailing whose answers come in over a day, looked at each minute. */
import { compareProportions } from '../../server/src/experiments/statistics/proportions.ts'
import type { DecisionSetup } from '../../server/src/experiments/statistics/decision.ts'
import { type History, type Outcome, replay } from '../../server/src/experiments/statistics/replay.ts'
import { momentsOfSums, welchTest } from '../../server/src/experiments/statistics/welch.ts'

const HORIZON_MINUTES = 1440
/** Half of those who answer do so within this time. */
const MEDIAN_DELAY_MINUTES = 180

/** The truth of a made-up test. */
export interface Truth {
  metric: 'rate' | 'revenue'
  confidence: number
  /** Recipients per arm on average. */
  perArm: number
  /** The chance per recipient and arm to do it (or to buy) within the day. */
  rates: readonly number[]
  /** What was spent; drawn from for revenue. */
  baskets?: readonly number[]
}

/** How many runs ended how. */
export interface Tally {
  runs: number
  /** A winner that is not the one best arm; where several are best, any winner. */
  falseWinners: number
  trueWinners: number
  /** Runs in which a fixed-sample test at the same level, looked at each minute, finds a difference between equally good arms. */
  naiveFalseWinners: number
  /** Runs in which one fixed-sample test at the end proves the first arm worse than the best. */
  fixedEnd: number
  /** Mean share of the day until the decision. */
  meanShare: number
}

/** Plays `runs` tests. */
export function simulate(truth: Truth, runs: number, dice: () => number): Tally {
  const setup = setupOf(truth)
  const best = bestArm(truth)
  const tally = { runs, falseWinners: 0, trueWinners: 0, naiveFalseWinners: 0, fixedEnd: 0, meanShare: 0 }
  for (let run = 0; run < runs; run += 1) {
    const history = drawHistory(truth, dice)
    const { winner, minute } = replay(setup, history, HORIZON_MINUTES)
    if (winner !== null && winner === best) tally.trueWinners += 1
    if (winner !== null && winner !== best) tally.falseWinners += 1
    if (peeksToAFalseWinner(truth, history)) tally.naiveFalseWinners += 1
    if (provesAtTheEnd(truth, history)) tally.fixedEnd += 1
    tally.meanShare += minute / HORIZON_MINUTES / runs
  }
  return tally
}

function setupOf({ metric, confidence, perArm, rates, baskets = [] }: Truth): DecisionSetup {
  const usual = rates[0] ?? 0
  const squares = baskets.reduce((sum, basket) => sum + basket * basket, 0) / Math.max(1, baskets.length)
  return {
    metric,
    confidence,
    weights: rates.map(() => 1),
    holdout: rates.map(() => false),
    minSample: 1000,
    minConversions: 30,
    minRuntimeMinutes: 180,
    horizonMinutes: HORIZON_MINUTES,
    plannedRecipients: perArm * rates.length,
    baselineRate: usual,
    baselineSecondMoment: metric === 'revenue' ? usual * squares : null,
  }
}

function bestArm({ rates }: Truth): number | null {
  const top = Math.max(...rates)
  const bests = [...rates.keys()].filter((arm) => rates[arm] === top)
  return bests.length === 1 ? (bests[0] ?? null) : null
}

function drawHistory({ perArm, rates, baskets }: Truth, dice: () => number): History {
  const recipients = rates.map(() => 0)
  for (let person = 0; person < perArm * rates.length; person += 1) {
    const arm = Math.floor(dice() * rates.length)
    recipients[arm] = (recipients[arm] ?? 0) + 1
  }
  const outcomes: Outcome[] = recipients.flatMap((count, arm) =>
    Array.from({ length: drawBinomial(count, rates[arm] ?? 0, dice) }, () => ({
      minute: drawMinute(dice),
      arm,
      isFirst: true,
      value: baskets ? (baskets[Math.floor(dice() * baskets.length)] ?? 0) : 0,
      earlier: 0,
    })),
  )
  return { recipients, outcomes: outcomes.sort((a, b) => a.minute - b.minute) }
}

/** By the gaps between successes, so that rare ones cost little. */
function drawBinomial(count: number, rate: number, dice: () => number): number {
  if (rate <= 0) return 0
  const logMiss = Math.log1p(-rate)
  let successes = 0
  for (let at = gap(); at <= count; at += gap()) successes += 1
  return successes

  function gap(): number {
    return Math.floor(Math.log(1 - dice()) / logMiss) + 1
  }
}

/** Answers come quickly at first, then ever more slowly; those after the day do not count. */
function drawMinute(dice: () => number): number {
  for (;;) {
    const share = dice()
    const minute = Math.ceil((MEDIAN_DELAY_MINUTES * share) / (1 - share))
    if (minute <= HORIZON_MINUTES) return minute
  }
}

function peeksToAFalseWinner(truth: Truth, { recipients, outcomes }: History): boolean {
  const top = Math.max(...truth.rates)
  const ties = [...truth.rates.keys()].filter((arm) => truth.rates[arm] === top)
  const alpha = 1 - truth.confidence
  const sums = recipients.map(() => ({ ...NOTHING }))
  let next = 0
  for (let minute = 1; minute <= HORIZON_MINUTES; minute += 1) {
    const before = next
    for (let outcome = outcomes[next]; outcome && outcome.minute <= minute; outcome = outcomes[next]) {
      const arm = sums[outcome.arm]
      if (arm) {
        arm.successes += 1
        arm.sum += outcome.value
        arm.squares += outcome.value * outcome.value
      }
      next += 1
    }
    if (next === before) continue
    const [first, ...others] = ties.map((arm) => ({ total: recipients[arm] ?? 0, ...NOTHING, ...sums[arm] }))
    if (first && others.some((other) => pTwoSided(truth, first, other) < alpha)) return true
  }
  return false
}

const NOTHING = { successes: 0, sum: 0, squares: 0 }

interface Arm {
  total: number
  successes: number
  sum: number
  squares: number
}

function pTwoSided({ metric, confidence }: Truth, one: Arm, two: Arm): number {
  return metric === 'rate' ? compareProportions(one, two).pTwoSided : welch(one, two, confidence).p
}

function welch(one: Arm, two: Arm, confidence: number) {
  const moments = ({ total, sum, squares }: Arm) => momentsOfSums(total, sum, squares)
  return welchTest(moments(one), moments(two), confidence)
}

function provesAtTheEnd(truth: Truth, { recipients, outcomes }: History): boolean {
  const best = bestArm(truth)
  if (best === null || best === 0) return false
  const armOf = (arm: number) => {
    const own = outcomes.filter((outcome) => outcome.arm === arm)
    return {
      total: recipients[arm] ?? 0,
      successes: own.length,
      sum: own.reduce((sum, { value }) => sum + value, 0),
      squares: own.reduce((sum, { value }) => sum + value * value, 0),
    }
  }
  const [control, variant] = [armOf(0), armOf(best)]
  const half = (1 - truth.confidence) / 2
  if (truth.metric === 'rate') return (compareProportions(control, variant).pGreater ?? 1) <= half
  return welch(control, variant, truth.confidence).pGreater <= half
}
