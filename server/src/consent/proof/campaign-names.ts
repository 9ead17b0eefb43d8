/** The port through which a proof learns what campaigns are called: they stand several floors above. */
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId } from '../../platform/ids.ts'

/** Names of campaigns, deleted ones too as long as they are there. Set-based. */
export type CampaignNames = (ctx: Ctx, ids: readonly CampaignId[]) => Promise<ReadonlyMap<CampaignId, string>>

let registered: CampaignNames | null = null

/** Called once by the room campaigns when its door is loaded. */
export function registerCampaignNames(names: CampaignNames): void {
  registered = names
}

/** Names as far as they are known; none in a build without the room. */
export const campaignNames: CampaignNames = (ctx, ids) =>
  registered === null || ids.length === 0 ? Promise.resolve(new Map()) : registered(ctx, ids)
