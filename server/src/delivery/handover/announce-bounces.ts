/** Addresses that were refused are told to whoever minds them, each under its keyed hash. */
import { suppressedChannel } from '../../consent/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { announce } from '../../platform/events/index.ts'
import type { CampaignId, RunId } from '../../platform/ids.ts'
import { messageBounced } from '../../tracking/index.ts'
import type { RunChannel } from '../runs/run.ts'
import type { Bounce } from './verdicts.ts'

/** Announces bounces of one run on one channel. */
export async function announceBounces(
  ctx: Ctx,
  about: { campaignId: CampaignId; runId: RunId; channel: RunChannel },
  bounces: readonly Bounce[],
): Promise<void> {
  if (bounces.length === 0) return
  const keys = await ctx.platform.secrets.of(ctx)
  const kind = suppressedChannel(about.channel)
  for (const { class: of, reason, code, address, contactId } of bounces)
    announce(
      ctx,
      messageBounced,
      { class: of, reason, code, addressHash: keys.addressHashHex(kind, address) },
      { ...about, contactId },
    )
}
