/** What ends a test and what may follow: guardrails, fallbacks, plans. */
import { describe, expect, test } from 'vitest'
import { planTest } from './planner.ts'
import {
  type Arm,
  choiceAfter,
  evenPercents,
  guardrailBreaches,
  resolveSettings,
  setupOf,
  type Variant,
} from './rules.ts'
import { experimentSettings } from './schema.ts'

const variants: Variant[] = [1, 2, 3].map((no) => ({
  no,
  name: `${no}`,
  percent: evenPercents(3)[no - 1] ?? 0,
  isControl: false,
  content: null,
}))
const setup = setupOf(resolveSettings(experimentSettings.parse({})), variants, {
  plannedRecipients: 30_000,
  baselineRate: 0.025,
  secondMoment: null,
})
const arm = (no: number, more: Partial<Arm> = {}): Arm => ({
  no,
  n: 10_000,
  successes: 250,
  sum: 0,
  sumOfSquares: 0,
  opened: 0,
  clicked: 250,
  converted: 0,
  unsubscribed: 20,
  complained: 1,
  bounced: 100,
  ...more,
})

describe('guardrails', () => {
  test('a variant that far more people unsubscribe from or complain about is named, one that differs by chance is not', () => {
    expect(guardrailBreaches({ arms: [arm(1), arm(2), arm(3, { unsubscribed: 24 })] }, setup)).toEqual([])
    expect(guardrailBreaches({ arms: [arm(1), arm(2, { unsubscribed: 90 }), arm(3)] }, setup)).toEqual([
      { index: 1, measure: 'unsubscribed' },
    ])
    expect(guardrailBreaches({ arms: [arm(1), arm(2), arm(3, { complained: 40 })] }, setup)).toEqual([
      { index: 2, measure: 'complained' },
    ])
  })
})

describe('what the rest gets', () => {
  const settings = { fallback: 'leader' as const, autoApply: true }
  const verdict = { state: 'inconclusive' as const, winner: null, leader: 1, reason: 'not_significant' }

  test('CS-007.1 CS-007.5 the winner when there is one, the leader or the first when not, nobody without leave', () => {
    expect(choiceAfter({ ...verdict, state: 'winner', winner: 2 }, settings, variants)).toBe(3)
    expect(choiceAfter(verdict, settings, variants)).toBe(2)
    expect(choiceAfter(verdict, { ...settings, fallback: 'control' }, variants)).toBe(1)
    expect(choiceAfter(verdict, { ...settings, fallback: 'none' }, variants)).toBeNull()
    expect(
      choiceAfter({ ...verdict, state: 'winner', winner: 2 }, { ...settings, autoApply: false }, variants),
    ).toBeNull()
  })

  test('CS-005.5 after a broken split or a harmful leader nothing is chosen by itself', () => {
    for (const reason of ['srm', 'guardrail'])
      expect(choiceAfter({ ...verdict, reason }, settings, variants)).toBeNull()
  })
})

describe('planning', () => {
  const question = {
    baselineRate: 0.03,
    baselineIsOwn: true,
    recipients: 100_000,
    holdoutPercent: 10,
    testPercent: 50,
    smallestPercent: 50,
    variants: 2,
    confidence: 95,
  }

  test('the people of a variant are those who take part, less the holdout', () => {
    expect(planTest(question).recipientsPerVariant).toBe(22_500)
  })

  test('more people show smaller lifts, and the people needed for a lift show just that lift', () => {
    const few = planTest({ ...question, recipients: 20_000 }).smallestLift ?? 0
    const many = planTest({ ...question, recipients: 200_000 }).smallestLift ?? 0
    expect(many).toBeLessThan(few)
    const needed = planTest(question).needed.find(({ lift }) => lift === 0.2)?.perVariant ?? 0
    const recipients = Math.ceil((needed * 2) / 0.45)
    expect(planTest({ ...question, recipients }).smallestLift).toBeCloseTo(0.2, 3)
  })

  test('a test that can show nothing useful says what would help', () => {
    const plan = planTest({ ...question, recipients: 500, variants: 3 })
    expect(plan.advice).toEqual(['larger_share', 'fewer_variants', 'more_people'])
  })
})
