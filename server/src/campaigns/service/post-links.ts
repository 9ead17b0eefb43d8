/** Tracked links of a campaign's posts and pages: tracking keeps and follows them, this room says whose campaign it is. */
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { changePostLink, createPostLink, listPostLinks, type PostLink } from '../../tracking/index.ts'
import { errors } from '../errors.ts'
import { readCampaign, type CampaignRow } from '../queries.ts'

/** @throws campaigns.not_found */
export async function linksOfPosts(ctx: Ctx, id: CampaignId): Promise<PostLink[]> {
  await known(ctx, id)
  return listPostLinks(ctx, id)
}

/** @throws campaigns.not_found, tracking.post_links_too_many, tracking.post_link_loops Source: CB-8.3, issue 5 */
export async function addPostLink(
  ctx: Ctx,
  id: CampaignId,
  wanted: Parameters<typeof createPostLink>[2],
): Promise<PostLink> {
  return createPostLink(ctx, await known(ctx, id), wanted)
}

/** @throws campaigns.not_found, tracking.post_link_not_found */
export async function editPostLink(
  ctx: Ctx,
  id: CampaignId,
  linkId: PostLink['id'],
  change: Parameters<typeof changePostLink>[3],
): Promise<PostLink> {
  await known(ctx, id)
  return changePostLink(ctx, id, linkId, change)
}

async function known(ctx: Ctx, id: CampaignId): Promise<CampaignRow> {
  const campaign = await readCampaign(ctx, id)
  if (!campaign) throw errors.not_found({ id })
  return campaign
}
