/** Papers and tables as files that a route answers with. */
import type { Ctx } from '../../platform/context.ts'
import { paperPdf } from '../../platform/document/index.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { FileAnswer } from '../../platform/wire.ts'
import { compareCampaigns, compareChannels } from '../compare.ts'
import { executiveOverview } from '../overview.ts'
import type { Comparison, FileFormat, Overview } from '../schema.ts'
import { campaignPaper } from './campaign.ts'
import { comparisonPaper, comparisonTable } from './comparison.ts'
import { overviewPaper } from './overview.ts'

/** The comparison in the format asked for. @throws reports.campaign_not_found */
export async function comparisonAs(
  ctx: Ctx,
  { ids, by, format }: { ids: readonly CampaignId[]; by: 'campaign' | 'channel'; format: FileFormat },
): Promise<Comparison | FileAnswer> {
  const comparison = await (by === 'channel' ? compareChannels(ctx, ids) : compareCampaigns(ctx, ids))
  const name = `comparison-${ctx.now().toISOString().slice(0, 10)}`
  switch (format) {
    case 'json':
      return comparison
    case 'csv':
      return new FileAnswer('text/csv; charset=utf-8', `${name}.csv`, comparisonTable(comparison))
    case 'pdf':
      return new FileAnswer(
        'application/pdf',
        `${name}.pdf`,
        await paperPdf(await comparisonPaper(ctx, comparison, by)),
      )
  }
}

/** The overview in the format asked for. @throws reports.period_invalid */
export async function overviewAs(
  ctx: Ctx,
  { format, ...asked }: { from?: string | undefined; to?: string | undefined; format: 'json' | 'pdf' },
): Promise<Overview | FileAnswer> {
  const overview = await executiveOverview(ctx, asked)
  if (format === 'json') return overview
  const { from, to } = overview.period
  return new FileAnswer(
    'application/pdf',
    `overview-${from}-${to}.pdf`,
    await paperPdf(await overviewPaper(ctx, overview)),
  )
}

/** The report of a campaign as a tagged PDF in the ctx's language. @throws reports.campaign_not_found */
export const campaignPdf = async (ctx: Ctx, id: CampaignId): Promise<Buffer> =>
  paperPdf(await campaignPaper(ctx, id))
