/** Papers and tables as files that a route answers with. */
import type { Ctx } from '../../platform/context.ts'
import { paperPdf, type Paper } from '../../platform/document/index.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { FileAnswer } from '../../platform/wire.ts'
import { compareCampaigns, compareChannels } from '../compare.ts'
import { moneyBy, moneyTable } from '../money-by.ts'
import { executiveOverview } from '../overview.ts'
import type { Comparison, FileFormat, MoneyBy, MoneyPart, Overview } from '../schema.ts'
import { campaignPaper } from './campaign.ts'
import { comparisonPaper, comparisonTable } from './comparison.ts'
import { moneyPaper } from './money.ts'
import { overviewPaper, overviewTable } from './overview.ts'

/** The comparison in the format asked for. @throws reports.campaign_not_found */
export async function comparisonAs(
  ctx: Ctx,
  { ids, by, format }: { ids: readonly CampaignId[]; by: 'campaign' | 'channel'; format: FileFormat },
): Promise<Comparison | FileAnswer> {
  const comparison = await (by === 'channel' ? compareChannels(ctx, ids) : compareCampaigns(ctx, ids))
  return inFormat(format, comparison, {
    name: `comparison-${ctx.now().toISOString().slice(0, 10)}`,
    table: () => comparisonTable(comparison),
    paper: () => comparisonPaper(ctx, comparison, by),
  })
}

/** The overview in the format asked for. @throws reports.period_invalid */
export async function overviewAs(
  ctx: Ctx,
  { format, ...asked }: { from?: string | undefined; to?: string | undefined; format: FileFormat },
): Promise<Overview | FileAnswer> {
  const overview = await executiveOverview(ctx, asked)
  return inFormat(format, overview, {
    name: `overview-${overview.period.from}-${overview.period.to}`,
    table: () => overviewTable(overview),
    paper: () => overviewPaper(ctx, overview),
  })
}

/** Money told apart, in the format asked for. @throws reports.period_invalid */
export async function moneyByAs(
  ctx: Ctx,
  {
    format,
    ...asked
  }: { by: MoneyPart; from?: string | undefined; to?: string | undefined; format: FileFormat },
): Promise<MoneyBy | FileAnswer> {
  const found = await moneyBy(ctx, asked)
  return inFormat(format, found, {
    name: `money-${found.period.from}-${found.period.to}`,
    table: () => moneyTable(found),
    paper: () => moneyPaper(ctx, found),
  })
}

/** The report of a campaign as a tagged PDF in the ctx's language. @throws reports.campaign_not_found */
export const campaignPdf = async (ctx: Ctx, id: CampaignId): Promise<Buffer> =>
  paperPdf(await campaignPaper(ctx, id))

/** An answer as it is, as its table, or on paper. */
async function inFormat<Answer>(
  format: FileFormat,
  answer: Answer,
  { name, table, paper }: { name: string; table: () => string; paper: () => Promise<Paper> },
): Promise<Answer | FileAnswer> {
  switch (format) {
    case 'json':
      return answer
    case 'csv':
      return new FileAnswer('text/csv; charset=utf-8', `${name}.csv`, table())
    case 'pdf':
      return new FileAnswer('application/pdf', `${name}.pdf`, await paperPdf(await paper()))
  }
}
