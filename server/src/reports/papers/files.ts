/** Papers and tables as files that a route answers with. */
import type { Ctx } from '../../platform/context.ts'
import { paperPdf } from '../../platform/document/index.ts'
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
  { format, ...asked }: { from?: string | undefined; to?: string | undefined; format: FileFormat },
): Promise<Overview | FileAnswer> {
  const overview = await executiveOverview(ctx, asked)
  const { from, to } = overview.period
  const name = `overview-${from}-${to}`
  switch (format) {
    case 'json':
      return overview
    case 'csv':
      return new FileAnswer('text/csv; charset=utf-8', `${name}.csv`, overviewTable(overview))
    case 'pdf':
      return new FileAnswer(
        'application/pdf',
        `${name}.pdf`,
        await paperPdf(await overviewPaper(ctx, overview)),
      )
  }
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
  const name = `money-${found.period.from}-${found.period.to}`
  switch (format) {
    case 'json':
      return found
    case 'csv':
      return new FileAnswer('text/csv; charset=utf-8', `${name}.csv`, moneyTable(found))
    case 'pdf':
      return new FileAnswer('application/pdf', `${name}.pdf`, await paperPdf(await moneyPaper(ctx, found)))
  }
}

/** The report of a campaign as a tagged PDF in the ctx's language. @throws reports.campaign_not_found */
export const campaignPdf = async (ctx: Ctx, id: CampaignId): Promise<Buffer> =>
  paperPdf(await campaignPaper(ctx, id))
