/**
 * Campaigns, which lie in a room above this one: rules may ask about them by name and by the runs that wrote to people.
 * That room registers one source when it is loaded.
 */
import type { Ctx } from '../platform/context.ts'
import type { CampaignId, RunId } from '../platform/ids.ts'

/** A campaign as rules refer to it. */
export interface NamedCampaign {
  id: CampaignId
  name: string
  /** Its runs, newest first, as many as a rule looks at. */
  runIds: readonly RunId[]
}

/** What the room above answers. */
export interface CampaignSource {
  /** These campaigns; those that are gone are left out. */
  named(ctx: Ctx, ids: readonly CampaignId[]): Promise<NamedCampaign[]>
  /** Campaigns that have written to anybody, newest first, by a part of their name. */
  find(ctx: Ctx, q: string, limit: number): Promise<Pick<NamedCampaign, 'id' | 'name'>[]>
}

/** Without a room above there is no campaign. */
let source: CampaignSource = { named: () => Promise.resolve([]), find: () => Promise.resolve([]) }

/** Registers where campaigns are found. */
export function registerCampaigns(answering: CampaignSource): void {
  source = answering
}

/** Where campaigns are found. */
export const campaignSource = (): CampaignSource => source
