/** Campaigns that are planned for one of the next minutes. */
import { schedule } from '../../server/src/campaigns/schema.ts'
import { scheduleCampaign } from '../../server/src/campaigns/service/lifecycle.ts'
import type { Ctx } from '../../server/src/platform/context.ts'
import type { CampaignId } from '../../server/src/platform/ids.ts'

/** Campaigns are planned at least five minutes ahead: seen from ten minutes ago, the next minute is. */
const AGO_MS = 10 * 60_000

/** Plans all of them for the first whole minute that is so far away. @returns that instant */
export async function planAt(ctx: Ctx, ids: readonly CampaignId[], aheadMs: number): Promise<Date> {
  const at = new Date(Math.ceil((Date.now() + aheadMs) / 60_000) * 60_000)
  const ago: Ctx = { ...ctx, now: () => new Date(Date.now() - AGO_MS) }
  const planned = schedule.parse({ at: at.toISOString().slice(0, 16), timeZone: 'UTC' })
  for (const id of ids) await scheduleCampaign(ago, id, planned)
  return at
}
