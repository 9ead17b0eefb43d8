/** The port through which the report becomes a paper: what is written on it is known in the room reports, a floor above. */
import type { Ctx } from '../../platform/context.ts'
import { assert } from '../../platform/errors.ts'
import type { CampaignId } from '../../platform/ids.ts'
import type { CsvLine } from './report-csv.ts'

/** The report of a campaign as a tagged PDF in the ctx's language. */
export type ReportPaper = (ctx: Ctx, id: CampaignId) => Promise<Buffer>

/** Further lines of the report's table: money, and figures apart by more than the report is. */
export type ReportLines = (ctx: Ctx, id: CampaignId) => Promise<CsvLine[]>

let registered: { paper: ReportPaper; lines: ReportLines } | null = null

/** Called once by the room reports when its door is loaded. */
export function registerReportPaper(paper: ReportPaper, lines: ReportLines): void {
  registered = { paper, lines }
}

/** Asks whoever has registered. */
export function reportPaper(ctx: Ctx, id: CampaignId): Promise<Buffer> {
  assert(registered, 'the room reports writes papers')
  return registered.paper(ctx, id)
}

/** The same for its table. */
export function reportLines(ctx: Ctx, id: CampaignId): Promise<CsvLine[]> {
  assert(registered, 'the room reports writes papers')
  return registered.lines(ctx, id)
}
