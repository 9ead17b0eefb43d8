/** What a campaign does with its test: contents per variant, the choice carried out, the end held back until then. */
import {
  chooseByHand,
  experimentById,
  hasRest,
  noteApplied,
  reportMetrics,
  restSplit,
  resultsOf,
  type ExperimentResults,
  type ReportedMetrics,
  type VariantId,
} from '../../experiments/index.ts'
import { pauseRun, startRun } from '../../delivery/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { ExperimentId } from '../../platform/ids.ts'
import { lockCampaign, type CampaignRow } from '../queries.ts'
import { runTiming } from '../rules.ts'
import type { Campaign } from '../schema.ts'
import { sayToAll } from '../triggered/switch.ts'
import { contentOfVariant } from './variant-content.ts'
import { freezeContents } from '../service/freeze.ts'
import { completeCampaign } from '../service/lifecycle.ts'
import { replaceContent } from '../service/plan.ts'
import { describeCampaign } from '../service/read.ts'

/** States of a campaign in which the rest can still be reached. */
const UNDER_WAY: readonly CampaignRow['status'][] = ['running', 'paused', 'active']

/**
 * Carries a decision out: the chosen content becomes the campaign's, and goes to everybody who is left; in a
 * campaign that events set off, to everybody from now on.
 *
 * @returns false when there is nothing to carry out: no choice, or done already
 * Source: CB-5.5, CS-007.5
 */
export async function carryOut(ctx: Ctx, id: ExperimentId): Promise<boolean> {
  const test = await experimentById(ctx, id)
  const no = test.decision?.chosen ?? null
  const variant = test.variants.find((candidate) => candidate.no === no)
  const campaign = await lockCampaign(ctx, test.campaignId)
  if (!campaign || !variant || test.appliedAt !== null || test.split === null) return false
  const content = contentOfVariant(campaign.content, variant)
  await replaceContent(ctx, campaign, content)
  await noteApplied(ctx, test, variant.no)
  if (campaign.delivery === 'triggered') {
    if (UNDER_WAY.includes(campaign.status)) await sayToAll(ctx, campaign, content)
  } else if (hasRest(test.settings) && UNDER_WAY.includes(campaign.status)) {
    const contents = await freezeContents(ctx, campaign, [{ no: variant.no, content }])
    const run = await startRun(ctx, {
      campaignId: campaign.id,
      contents,
      reach: campaign.reach,
      topic: campaign.topic,
      purpose: 'marketing',
      audience: campaign.audience,
      plannedAt: ctx.now(),
      timing: runTiming(campaign, ctx.now(), null),
      split: restSplit(test.split, variant.no),
    })
    if (campaign.status === 'paused') await pauseRun(ctx, run.id)
  } else await completeCampaign(ctx, campaign.id)
  return true
}

/** A test was decided by its rule: carries the choice out, or ends a campaign that has nobody left to reach. */
export async function followDecision(ctx: Ctx, id: ExperimentId): Promise<void> {
  if (await carryOut(ctx, id)) return
  const test = await experimentById(ctx, id)
  await completeCampaign(ctx, test.campaignId)
}

/**
 * Gives a variant to everybody who is left: the proven winner, or another one with a stated reason.
 * Source: CB-5.5, TK-8.4, DS-CampaignService.applyWinner
 */
export function applyWinner(
  ctx: Ctx,
  id: ExperimentId,
  choice: { letter: VariantId | null; reason: string | null },
): Promise<Campaign> {
  return inTransaction(ctx, async (ctx) => {
    const { campaignId } = await experimentById(ctx, id)
    // The campaign first, as everywhere: two who act at once wait for each other in one order.
    await lockCampaign(ctx, campaignId)
    await chooseByHand(ctx, id, choice)
    await carryOut(ctx, id)
    return describeCampaign(ctx, campaignId)
  })
}

/** Figures from elsewhere for one variant, and what the test says then. Source: TK-8.2 */
export async function trackVariant(
  ctx: Ctx,
  id: ExperimentId,
  letter: VariantId,
  metrics: ReportedMetrics,
): Promise<ExperimentResults> {
  await reportMetrics(ctx, id, letter, metrics)
  return resultsOf(ctx, id)
}
