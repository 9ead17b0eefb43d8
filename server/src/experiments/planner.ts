/** Before a launch: what the people at hand can show, and how many would be needed. Pure. Source: statistics §8 */
import type { PlanResult } from './schema.ts'
import { sampleSize, smallestDetectableRate } from './statistics/sample-size.ts'

const POWER = 0.8
/** One planned look and the looks before it share the error rate; a tenth more people make up for it. */
const HYBRID_FACTOR = 1.1
const LIFTS = [0.05, 0.1, 0.2, 0.3]
/** Lifts above this are rare: a test that can show nothing smaller is hardly worth it. */
const LIFT_SENSIBLE_MAX = 0.3

/** What a plan starts from. */
export interface PlanQuestion {
  baselineRate: number
  baselineIsOwn: boolean
  /** Whom the whole campaign would reach. */
  recipients: number
  holdoutPercent: number
  testPercent: number
  /** The share of the smallest variant that plays, in per cent of the test. */
  smallestPercent: number
  variants: number
  confidence: number
}

/** Answers it. */
export function planTest(question: PlanQuestion): PlanResult {
  const { baselineRate, confidence } = question
  const plan = { alpha: Math.round((100 - confidence) * 1e4) / 1e6, power: POWER, ratio: 1 }
  const tested = (question.recipients * (100 - question.holdoutPercent) * question.testPercent) / 10_000
  const recipientsPerVariant = Math.floor((tested * question.smallestPercent) / 100)
  const rate =
    recipientsPerVariant > 0
      ? smallestDetectableRate(baselineRate, recipientsPerVariant / HYBRID_FACTOR, plan)
      : null
  const smallestLift = rate === null ? null : (rate - baselineRate) / baselineRate
  return {
    baselineRate,
    baselineIsOwn: question.baselineIsOwn,
    recipientsPerVariant,
    smallestLift,
    needed: LIFTS.filter((lift) => baselineRate * (1 + lift) < 1).map((lift) => ({
      lift,
      perVariant: peopleFor(baselineRate, baselineRate * (1 + lift), confidence),
    })),
    advice: smallestLift !== null && smallestLift <= LIFT_SENSIBLE_MAX ? [] : adviceFor(question),
  }
}

/** Recipients per variant that show one rate against another by the whole rule. */
export function peopleFor(one: number, other: number, confidence: number): number {
  const plan = { alpha: Math.round((100 - confidence) * 1e4) / 1e6, power: POWER, ratio: 1 }
  return Math.ceil(sampleSize(one, other, plan) * HYBRID_FACTOR)
}

function adviceFor({ testPercent, variants }: PlanQuestion): PlanResult['advice'] {
  return [
    ...(testPercent < 100 ? (['larger_share'] as const) : []),
    ...(variants > 2 ? (['fewer_variants'] as const) : []),
    'more_people' as const,
  ]
}
