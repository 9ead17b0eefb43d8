/** Setting a test of contents up: variants, shares and rule, checked as one. */
import { isDeepStrictEqual } from 'node:util'
import {
  evenPercents,
  experimentById,
  type Experiment,
  experimentOf,
  letterOf,
  planExperiment,
  removeDraft,
  saveExperiment,
  type Variant,
  type PlanResult,
} from '../../experiments/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { FieldProblem } from '../../platform/errors.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import { readCampaign } from '../queries.ts'
import { abTestContent, type AbTest, type AbTestInput, type Campaign } from '../schema.ts'
import { estimateAudience } from '../service/readiness.ts'
import { lockFor } from '../service/state.ts'
import { contentOfVariant } from './variant-content.ts'

/** Shares may miss 100 by what rounding to two decimals leaves. */
const PERCENT_SLACK = 0.05

/**
 * Sets the test of a campaign up, or replaces one that has not begun. The first variant without a content of its own
 * says what the campaign says.
 *
 * @throws campaigns.test_invalid with each problem by its field
 * @throws experiments.already_begun
 * Source: CB-5.1, CB-5.2, CS-005, TK-8.1, DS-CampaignService.createABTest
 */
export function writeTest(ctx: Ctx, id: CampaignId, input: AbTestInput): Promise<AbTest> {
  return inTransaction(ctx, async (ctx) => {
    const campaign = await lockFor(ctx, id, 'edit')
    const variants = variantsOf(input)
    const problems = [
      ...problemsOf(variants, input.settings.metric),
      ...assignmentProblems(variants, input.settings),
      ...adaptiveProblems(input.settings, campaign.delivery),
      ...(campaign.delivery === 'triggered' ? triggeredProblems(input.settings) : []),
    ]
    if (problems.length > 0) throw errors.test_invalid({ id }, { problems })
    const testId = await saveExperiment(ctx, id, {
      name: input.name ?? campaign.name,
      settings: input.settings,
      variants,
    })
    return describeTest(await experimentById(ctx, testId))
  })
}

/** The latest test of a campaign with its contents; null when it has none. */
export async function readTest(ctx: Ctx, id: CampaignId): Promise<AbTest | null> {
  const campaign = await readCampaign(ctx, id)
  if (!campaign) throw errors.not_found({ id })
  const test = await experimentOf(ctx, id)
  return test && describeTest(test)
}

/**
 * Gives a copy of a campaign its test, as a draft with the same variants, shares and rule. What a variant says like the
 * copy itself stays tied to it. In the caller's transaction.
 *
 * Source: CS-015.2
 */
export async function copyTest(
  ctx: Ctx,
  original: Pick<Campaign, 'id' | 'name'>,
  copy: Pick<Campaign, 'id' | 'name' | 'content'>,
): Promise<void> {
  const test = await experimentOf(ctx, original.id)
  if (!test) return
  await saveExperiment(ctx, copy.id, {
    name: test.name === original.name ? copy.name : test.name,
    settings: test.settings,
    variants: test.variants.map((variant) => ({
      ...variant,
      content: isDeepStrictEqual(contentOfVariant(copy.content, variant), copy.content)
        ? null
        : variant.content,
    })),
  })
}

/** Takes a test that has not begun away. */
export function removeTest(ctx: Ctx, id: CampaignId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    await lockFor(ctx, id, 'edit')
    const test = await experimentOf(ctx, id)
    if (!test) throw errors.test_not_found({ id })
    await removeDraft(ctx, test.id)
  })
}

/** What the test of a campaign could show with the people it has. Source: statistics §8 */
export async function planOfTest(ctx: Ctx, id: CampaignId): Promise<PlanResult> {
  const campaign = await readCampaign(ctx, id)
  if (!campaign) throw errors.not_found({ id })
  const test = await experimentOf(ctx, id)
  if (!test) throw errors.test_not_found({ id })
  const { recipients } = await estimateAudience(ctx, campaign)
  return planExperiment(ctx, test, recipients)
}

/** A test as the composer has it. */
export function describeTest(test: Experiment): AbTest {
  return {
    testId: test.id,
    campaignId: test.campaignId,
    name: test.name,
    status: ({ draft: 'draft', running: 'running', decided: 'completed', stopped: 'cancelled' } as const)[
      test.state
    ],
    settings: test.settings,
    variants: test.variants.map((variant) => ({
      id: letterOf(variant.no),
      name: variant.name,
      percent: variant.percent,
      isControl: variant.isControl,
      content: variant.content === null ? null : abTestContent.parse(variant.content),
    })),
  }
}

function variantsOf({ variants, trafficSplit }: AbTestInput): Variant[] {
  const even = evenPercents(variants.length)
  return variants.map((variant, index) => {
    const letter = letterOf(index + 1)
    return {
      no: index + 1,
      name: variant.name ?? letter,
      percent: variant.percent ?? trafficSplit?.[letter] ?? even[index] ?? 0,
      isControl: variant.isControl,
      content: variant.isControl ? null : (variant.content ?? null),
    }
  })
}

function problemsOf(variants: readonly Variant[], metric: AbTestInput['settings']['metric']): FieldProblem[] {
  const total = variants.reduce((sum, { percent }) => sum + percent, 0)
  const controls = variants.filter((variant) => variant.isControl).length
  return [
    ...(Math.abs(total - 100) > PERCENT_SLACK
      ? [{ path: 'variants', message: `The shares sum to ${Math.round(total * 100) / 100} %, not to 100 %.` }]
      : []),
    ...(controls > 1
      ? [{ path: 'variants', message: 'One variant at most can be the control that sends nothing.' }]
      : []),
    ...(variants.length - controls < 2
      ? [{ path: 'variants', message: 'A test compares at least two variants that send something.' }]
      : []),
    ...(controls > 0 && metric !== 'conversion' && metric !== 'revenue'
      ? [
          {
            path: 'settings.metric',
            message: 'Whoever gets no message can neither open nor click: choose conversions or revenue.',
          },
        ]
      : []),
  ]
}

/** What cannot be where shares follow the evidence. Source: statistics §9 */
function adaptiveProblems(
  { allocation, assignment }: AbTestInput['settings'],
  delivery: Campaign['delivery'],
): FieldProblem[] {
  if (allocation === 'even') return []
  const refusals: [boolean, string][] = [
    [delivery !== 'triggered', 'Shares can follow the evidence only in a campaign that events set off.'],
    [assignment !== null, 'Shares cannot follow the evidence where a field says who gets what.'],
  ]
  return refusals.filter(([isSo]) => isSo).map(([, message]) => ({ path: 'settings.allocation', message }))
}

/** Whom events set a campaign off for come one by one: nobody can be set aside, and nobody knows when it is enough. */
function triggeredProblems({ testPercent, horizonMinutes }: AbTestInput['settings']): FieldProblem[] {
  return [
    ...(testPercent === 100
      ? []
      : [
          {
            path: 'settings.testPercent',
            message: 'In a campaign that events set off everybody takes part: choose 100 %.',
          },
        ]),
    ...(horizonMinutes === null
      ? []
      : [
          {
            path: 'settings.horizonMinutes',
            message: 'A test in a campaign that events set off has no planned end: leave it out.',
          },
        ]),
  ]
}

/** People who were assigned elsewhere are all of the test: there is no rest, and nobody is held out here. */
function assignmentProblems(
  variants: readonly Variant[],
  { assignment, testPercent, holdoutPercent }: AbTestInput['settings'],
): FieldProblem[] {
  if (assignment === null) return []
  return [
    ...(assignment.texts.length !== variants.length || new Set(assignment.texts).size !== variants.length
      ? [{ path: 'settings.assignment.texts', message: 'Name one text for each variant, each another.' }]
      : []),
    ...(testPercent !== 100
      ? [
          {
            path: 'settings.testPercent',
            message: 'Where a field says who gets what, everybody takes part: choose 100 %.',
          },
        ]
      : []),
    ...(holdoutPercent !== 0
      ? [
          {
            path: 'settings.holdoutPercent',
            message: 'Where a field says who gets what, a control is a variant: choose 0 %.',
          },
        ]
      : []),
  ]
}
