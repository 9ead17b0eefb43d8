/** The paper that answers a question of a saved or shared report. */
import type { Ctx } from '../../platform/context.ts'
import type { Paper } from '../../platform/document/index.ts'
import { organizationOf } from '../../team/index.ts'
import { compareCampaigns } from '../compare.ts'
import { campaignOf } from '../money.ts'
import { executiveOverview } from '../overview.ts'
import { todayIn } from '../period.ts'
import type { Overview, Question } from '../schema.ts'
import { campaignPaper } from './campaign.ts'
import { comparisonPaper } from './comparison.ts'
import { overviewPaper } from './overview.ts'

/** In the ctx's language, with the figures of now. @throws reports.campaign_not_found */
export async function answerPaper(ctx: Ctx, question: Question): Promise<Paper> {
  switch (question.kind) {
    case 'overview':
      return overviewPaper(ctx, await overviewAsked(ctx, question.days))
    case 'campaign':
      return campaignPaper(ctx, question.campaignId)
    case 'comparison':
      return comparisonPaper(ctx, await compareCampaigns(ctx, question.campaignIds), 'campaign')
  }
}

/** The overview of so many whole days: today's figures are still moving. */
export async function overviewAsked(ctx: Ctx, days: number): Promise<Overview> {
  const { timeZone } = await organizationOf(ctx)
  const to = todayIn(ctx, timeZone).subtract({ days: 1 })
  const from = to.subtract({ days: days - 1 })
  return executiveOverview(ctx, { from: from.toString(), to: to.toString() })
}

/** Refuses what could not be answered. @throws reports.campaign_not_found */
export async function checkQuestion(ctx: Ctx, question: Question): Promise<void> {
  if (question.kind === 'campaign') await campaignOf(ctx, question.campaignId)
  if (question.kind === 'comparison') await compareCampaigns(ctx, question.campaignIds)
}
