/** People who told the provider to stop: their word is written down as if they had told us. */
import { recordConsents } from '../../consent/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId, ContactId } from '../../platform/ids.ts'
import type { RunChannel } from '../runs/run.ts'

/** A refusal because of a stop, and the campaign whose message was refused, if it was one's. */
export interface OptOut {
  contactId: ContactId
  channel: RunChannel
  campaignId: CampaignId | null
  text: string
}

/** Runs in the transaction that records the refusals. Source: CS-017.2 */
export async function withdrawOptOuts(ctx: Ctx, optOuts: readonly OptOut[]): Promise<void> {
  const told = optOuts.flatMap(({ contactId, channel, campaignId, text }) =>
    // Nobody stops a webhook at a provider.
    channel === 'webhook'
      ? []
      : [
          {
            contactId,
            channel,
            campaignId,
            reason: text,
            purpose: 'marketing' as const,
            state: 'withdrawn' as const,
          },
        ],
  )
  if (told.length > 0) await recordConsents(ctx, { source: 'inbound' }, told)
}
