/** What is said on each channel from now on: versions that never change, and their links. */
import { createMailVersion, createMessageVersion } from '../../content/index.ts'
import type { RunContent } from '../../delivery/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { freezeLinks } from '../../tracking/index.ts'
import type { CampaignRow } from '../queries.ts'
import { eventOf, messageOf } from '../rules.ts'
import type { Content } from '../schema.ts'

/** What one variant says; 0 where nothing is compared. */
export interface VariantContent {
  no: number
  content: Content
}

/** Freezes the contents of all variants on all channels of a campaign, channel by channel in its order. */
export async function freezeContents(
  ctx: Ctx,
  campaign: Pick<CampaignRow, 'name' | 'channels' | 'delivery' | 'trigger'>,
  variants: readonly VariantContent[],
): Promise<RunContent[]> {
  const { name, channels } = campaign
  const takes = { event: eventOf(campaign) }
  const contents: RunContent[] = []
  for (const channel of channels) {
    for (const { no, content } of variants) {
      const version =
        channel === 'email'
          ? await createMailVersion(ctx, content.email, { name, takes })
          : await createMessageVersion(ctx, messageOf(content, channel), { name, takes })
      await freezeLinks(
        ctx,
        version.id,
        version.links.map(({ index, url, label }) => ({ linkNo: index, url, label })),
      )
      const { eventProperties } = version
      contents.push({
        channel,
        variant: no,
        versionId: version.id,
        ...(eventProperties.length > 0 ? { eventProperties } : {}),
      })
    }
  }
  return contents
}
