/** What is said on each channel from now on: versions that never change, and their links. */
import { createMailVersion, createMessageVersion } from '../../content/index.ts'
import type { RunContent } from '../../delivery/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { freezeLinks } from '../../tracking/index.ts'
import type { CampaignRow } from '../queries.ts'
import { messageOf } from '../rules.ts'
import type { Content } from '../schema.ts'

/** What one variant says; 0 where nothing is compared. */
export interface VariantContent {
  no: number
  content: Content
}

/** Freezes the contents of all variants on all channels of a campaign, channel by channel in its order. */
export async function freezeContents(
  ctx: Ctx,
  { name, channels }: Pick<CampaignRow, 'name' | 'channels'>,
  variants: readonly VariantContent[],
): Promise<RunContent[]> {
  const contents: RunContent[] = []
  for (const channel of channels) {
    for (const { no, content } of variants) {
      const version =
        channel === 'email'
          ? await createMailVersion(ctx, content.email, { name })
          : await createMessageVersion(ctx, messageOf(content, channel), { name })
      await freezeLinks(
        ctx,
        version.id,
        version.links.map(({ index, url, label }) => ({ linkNo: index, url, label })),
      )
      contents.push({ channel, variant: no, versionId: version.id })
    }
  }
  return contents
}
