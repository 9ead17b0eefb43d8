/** The port through which the report becomes a paper: what is written on it is known in the room reports, a floor above. */
import type { Ctx } from '../../platform/context.ts'
import { assert } from '../../platform/errors.ts'
import type { CampaignId } from '../../platform/ids.ts'

/** The report of a campaign as a tagged PDF in the ctx's language. */
export type ReportPaper = (ctx: Ctx, id: CampaignId) => Promise<Buffer>

let registered: ReportPaper | null = null

/** Called once by the room reports when its door is loaded. */
export function registerReportPaper(paper: ReportPaper): void {
  registered = paper
}

/** Asks whoever has registered. */
export function reportPaper(ctx: Ctx, id: CampaignId): Promise<Buffer> {
  assert(registered, 'the room reports writes papers')
  return registered(ctx, id)
}
