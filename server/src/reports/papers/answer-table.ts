/** The table that answers a question of a shared report. */
import { reportAs } from '../../campaigns/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { FileAnswer } from '../../platform/wire.ts'
import { compareCampaigns } from '../compare.ts'
import type { Question } from '../schema.ts'
import { overviewAsked } from './answer.ts'
import { comparisonTable } from './comparison.ts'
import { overviewTable } from './overview.ts'

/** As CSV, with the figures of now. @throws reports.campaign_not_found */
export async function answerTable(ctx: Ctx, question: Question): Promise<string> {
  switch (question.kind) {
    case 'overview':
      return overviewTable(await overviewAsked(ctx, question.days))
    case 'campaign': {
      const file = await reportAs(ctx, question.campaignId, { format: 'csv' })
      return file instanceof FileAnswer ? String(file.body) : ''
    }
    case 'comparison':
      return comparisonTable(await compareCampaigns(ctx, question.campaignIds))
  }
}
