/** What screens of several rooms listen to. The browser's side: web/src/platform/live.ts. */
import type { Ctx } from './context.ts'
import { afterCommit } from './db/index.ts'
import { toWire, type CampaignId } from './ids.ts'

/**
 * Says to screens, after the commit, that campaigns moved: their state, their figures, or what keeps them. Whoever changes
 * what they show says so: a word of somebody else's that comes a moment earlier would leave them as they were, for ever.
 */
export const campaignsMoved = (ctx: Ctx, ids: readonly CampaignId[]): void =>
  afterCommit(ctx, () => {
    if (ids.length === 0) return
    const { hub } = ctx.platform
    const data = { at: ctx.now().toISOString() }
    for (const id of ids) hub.publish(ctx.orgId, `campaign:${toWire('campaign', id)}`, data)
    hub.publish(ctx.orgId, 'campaigns', data)
  })
