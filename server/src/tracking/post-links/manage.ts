/** Links of posts and pages: made, renamed, put away. Rooms above say whose campaign they are of. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { newId, newSecret, type CampaignId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import { linkOrigin } from '../link-domain/link-domain.ts'
import { markedUrl } from './marks.ts'
import type { PostPlatform } from './platforms.ts'
import {
  countPostLinks,
  insertPostLink,
  lockPostLink,
  selectPostLinks,
  updatePostLink,
  type PostLinkId,
  type PostLinkRow,
} from './queries.ts'

/** Links of one campaign, those put away with them. */
export const POST_LINKS_MAX = 200
/** Shorter than any code of a message, so that one can never be taken for the other. */
export const POST_CODE_CHARS = 10

/** A link as its campaign shows it. */
export interface PostLink extends PostLinkRow {
  /** Under our address, or the organization's domain for links: what a post carries. */
  shortUrl: string
  /** By people. */
  clicks: number
  /** By programs, previews of platforms among them. */
  machineClicks: number
}

/** Those of a campaign, in use first. */
export async function listPostLinks(ctx: Ctx, campaignId: CampaignId): Promise<PostLink[]> {
  const origin = await linkOrigin(ctx)
  const rows = await selectPostLinks(ctx, campaignId, POST_LINKS_MAX)
  return rows.map((row) => ({ ...row, shortUrl: `${origin}/s/${row.code}` }))
}

/** @throws tracking.post_links_too_many, tracking.post_link_loops */
export function createPostLink(
  ctx: Ctx,
  campaign: { id: CampaignId; name: string },
  { destination, platform, name }: { destination: string; platform: PostPlatform; name: string },
): Promise<PostLink> {
  return inTransaction(ctx, async (ctx) => {
    const origin = await linkOrigin(ctx)
    if ([origin, ctx.platform.config.trackingUrl].some((own) => isShortLinkOf(own, destination)))
      throw errors.post_link_loops()
    if ((await countPostLinks(ctx, campaign.id)) >= POST_LINKS_MAX)
      throw errors.post_links_too_many({ max: POST_LINKS_MAX })
    const row = {
      id: newId<'post_link'>(ctx.now()),
      campaignId: campaign.id,
      code: newCode(),
      platform,
      name,
      destination,
      url: markedUrl(destination, { campaignId: campaign.id, campaignName: campaign.name, platform, name }),
    }
    await insertPostLink(ctx, row)
    audit(
      ctx,
      'post_link.created',
      { kind: 'campaign', id: campaign.id },
      { id: row.id, platform, name, destination },
    )
    return {
      ...row,
      createdAt: ctx.now(),
      archivedAt: null,
      shortUrl: `${origin}/s/${row.code}`,
      clicks: 0,
      machineClicks: 0,
    }
  })
}

/**
 * Renames a link, puts it away or takes it back. Its address stays as it is, and one that was put away still leads on:
 * it stands in posts. @throws tracking.post_link_not_found
 */
export function changePostLink(
  ctx: Ctx,
  campaignId: CampaignId,
  id: PostLinkId,
  change: { name?: string | undefined; isArchived?: boolean | undefined },
): Promise<PostLink> {
  return inTransaction(ctx, async (ctx) => {
    const before = await lockPostLink(ctx, campaignId, id)
    if (!before) throw errors.post_link_not_found({ id })
    const { isArchived = before.archivedAt !== null } = change
    const after = {
      name: change.name ?? before.name,
      archivedAt: isArchived ? (before.archivedAt ?? ctx.now()) : null,
    }
    await updatePostLink(ctx, id, after)
    audit(
      ctx,
      'post_link.changed',
      { kind: 'campaign', id: campaignId },
      { id, from: { name: before.name, archivedAt: before.archivedAt }, to: after },
    )
    const changed = (await listPostLinks(ctx, campaignId)).find((link) => link.id === id)
    if (!changed) throw errors.post_link_not_found({ id })
    return changed
  })
}

/** A link that leads to one of ours would count twice, and could lead in circles. */
function isShortLinkOf(origin: string, destination: string): boolean {
  const url = new URL(destination)
  return url.host === new URL(origin).host && url.pathname.startsWith('/s/')
}

/** Letters and digits only: telephones end a link before a dash that stands last. */
const newCode = (): string => newSecret().replaceAll(/[-_]/g, '').slice(0, POST_CODE_CHARS)
