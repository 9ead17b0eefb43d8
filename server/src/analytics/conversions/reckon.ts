/** Setting what counts for a campaign, and reckoning conversions anew from the log. */
import { z } from 'zod'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { defineJob, enqueue, type JobOutcome } from '../../platform/jobs/index.ts'
import { advanceConversions, countedTypes } from './consumer.ts'
import { firstSentAt, selectEvents, selectRules, upsertRule } from './queries.ts'
import { selectRoles } from '../profiles/setting-queries.ts'
import type { ConversionRule } from './rules.ts'

/** Events reckoned in one transaction. */
const SLICE = 2_000
const ATTEMPTS_MAX = 10

/**
 * Says what counts for a campaign. When it says otherwise than before, what has happened since the first message is
 * credited anew, in the background.
 * Source: CS-013.1, CS-013.2, CB-10.3
 */
export async function setConversionRule(
  ctx: Ctx,
  campaignId: CampaignId,
  rule: ConversionRule,
): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    if (!(await upsertRule(ctx, campaignId, rule))) return
    if ((await firstSentAt(ctx, campaignId)) !== null)
      await enqueue(ctx, creditCampaignAgain, { campaignId }, { key: campaignId })
  })
}

/** What a campaign says of it; null when it says nothing and USUAL_RULE holds. */
export async function conversionRuleOf(ctx: Ctx, campaignId: CampaignId): Promise<ConversionRule | null> {
  return (await selectRules(ctx)).get(campaignId) ?? null
}

/** Credits everything since a campaign's first message anew. Repeating it changes nothing. */
export const creditCampaignAgain = defineJob({
  kind: 'analytics.credit_campaign_again',
  lane: 'bulk',
  payload: z.object({ campaignId: z.string() }),
  attemptsMax: ATTEMPTS_MAX,
  handle: async (ctx, payload, lease): Promise<JobOutcome> => {
    const since = await firstSentAt(ctx, payload.campaignId as CampaignId) // written by setConversionRule
    if (since === null) return
    const { isDone } = await reckonSince(ctx, since, () => lease.stopping)
    if (!isDone) return { again: ctx.now() }
  },
})

/**
 * Reckons every conversion of the organization from the log. @returns how many were credited otherwise than they
 * should have been: none, unless something was lost
 */
export async function rebuildConversions(ctx: Ctx): Promise<number> {
  return (await reckonSince(ctx, new Date(0), () => false)).changed
}

async function reckonSince(
  ctx: Ctx,
  since: Date,
  isStopped: () => boolean,
): Promise<{ changed: number; isDone: boolean }> {
  const types = [...Object.keys(await selectRoles(ctx)), ...countedTypes(await selectRules(ctx))]
  let changed = 0
  for (let after = '0'; ;) {
    if (isStopped()) return { changed, isDone: false }
    const last = await inTransaction(ctx, async (ctx) => {
      const events = await selectEvents(ctx, types, { after, since, limit: SLICE })
      changed += await advanceConversions(ctx, events)
      return events.length < SLICE ? null : (events.at(-1)?.seq ?? null)
    })
    if (last === null) return { changed, isDone: true }
    after = last
  }
}
