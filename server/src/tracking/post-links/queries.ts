/** Statements about links of posts, and how often they were followed. */
import type { Ctx } from '../../platform/context.ts'
import { systemTransaction } from '../../platform/db/index.ts'
import type { CampaignId, Id, OrgId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import type { PostPlatform } from './platforms.ts'

export type PostLinkId = Id<'post_link'>

/** A link of a post or page. */
export interface PostLinkRow {
  id: PostLinkId
  campaignId: CampaignId
  code: string
  platform: PostPlatform
  name: string
  destination: string
  /** The destination with its marks. */
  url: string
  createdAt: Date
  archivedAt: Date | null
}

const LINK = 'id, campaign_id, code, platform, name, destination, url, created_at, archived_at'

/** Those of a campaign with how often they were followed, in use first, latest first. */
export const selectPostLinks = (
  ctx: Ctx,
  campaignId: CampaignId,
  limit: number,
): Promise<(PostLinkRow & { clicks: number; machineClicks: number })[]> =>
  ctx.db.named(
    'tracking_post_links',
    `
    select ${LINK}, coalesce(h.clicks, 0)::float8 as clicks, coalesce(h.machine_clicks, 0)::float8 as machine_clicks
    from post_link l
    left join lateral (
      select sum(clicks) as clicks, sum(machine_clicks) as machine_clicks
      from post_link_hour where org_id = $1 and link_id = l.id
    ) h on true
    where l.org_id = $1 and l.campaign_id = $2
    order by l.archived_at is not null, l.created_at desc, l.id desc limit $3`,
    [ctx.orgId, campaignId, limit],
  )

export async function countPostLinks(ctx: Ctx, campaignId: CampaignId): Promise<number> {
  const [row] = await ctx.db.named<{ n: number }>(
    'tracking_post_link_count',
    'select count(*)::int as n from post_link where org_id = $1 and campaign_id = $2',
    [ctx.orgId, campaignId],
  )
  return row?.n ?? 0
}

export const insertPostLink = (
  ctx: Ctx,
  link: Omit<PostLinkRow, 'createdAt' | 'archivedAt'>,
): Promise<unknown> =>
  ctx.db.named(
    'tracking_post_link_insert',
    `
    insert into post_link (org_id, id, campaign_id, code, platform, name, destination, url, created_by, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)`,
    [
      ctx.orgId,
      link.id,
      link.campaignId,
      link.code,
      link.platform,
      link.name,
      link.destination,
      link.url,
      ctx.actor.id,
      ctx.now(),
    ],
  )

/** One link of a campaign, locked until its change is written. */
export async function lockPostLink(
  ctx: Ctx,
  campaignId: CampaignId,
  id: PostLinkId,
): Promise<PostLinkRow | undefined> {
  const [row] = await ctx.db.named<PostLinkRow>(
    'tracking_post_link_lock',
    `select ${LINK} from post_link where org_id = $1 and campaign_id = $2 and id = $3 for update`,
    [ctx.orgId, campaignId, id],
  )
  return row
}

export const updatePostLink = (
  ctx: Ctx,
  id: PostLinkId,
  link: Pick<PostLinkRow, 'name' | 'archivedAt'>,
): Promise<unknown> =>
  ctx.db.named(
    'tracking_post_link_update',
    `
    update post_link set name = $3, archived_at = $4, archived_by = $5, updated_at = $6
    where org_id = $1 and id = $2`,
    [ctx.orgId, id, link.name, link.archivedAt, link.archivedAt === null ? null : ctx.actor.id, ctx.now()],
  )

/** The link of a code, over all organizations: a code says not whose it is. */
export async function findPostLink(
  platform: Platform,
  code: string,
): Promise<{ orgId: OrgId; id: PostLinkId; url: string } | null> {
  const [row] = await systemTransaction(platform.database, (db) =>
    db.named<{ orgId: OrgId; id: PostLinkId; url: string }>(
      'tracking_post_link_of_code',
      'select org_id, id, url from post_link where code = $1',
      [code],
    ),
  )
  return row ?? null
}

/** Which of some campaigns have links of posts here: marks that name another campaign mean nothing. */
export async function selectLinkedCampaigns(
  ctx: Ctx,
  campaignIds: readonly CampaignId[],
): Promise<ReadonlySet<CampaignId>> {
  const rows = await ctx.db.named<{ campaignId: CampaignId }>(
    'tracking_linked_campaigns',
    'select distinct campaign_id from post_link where org_id = $1 and campaign_id = any($2::uuid[])',
    [ctx.orgId, campaignIds],
  )
  return new Set(rows.map(({ campaignId }) => campaignId))
}

/** All of them, a page at a time. */
export async function selectCampaignsWithLinks(
  ctx: Ctx,
  after: CampaignId | null,
  limit: number,
): Promise<CampaignId[]> {
  const rows = await ctx.db.named<{ campaignId: CampaignId }>(
    'tracking_campaigns_with_links',
    `
    select distinct campaign_id from post_link
    where org_id = $1 and ($2::uuid is null or campaign_id > $2)
    order by campaign_id limit $3`,
    [ctx.orgId, after, limit],
  )
  return rows.map(({ campaignId }) => campaignId)
}

/** How much more often links were followed in some hours. */
export interface PostLinkHour {
  linkId: PostLinkId
  hour: Date
  clicks: number
  machineClicks: number
}

/** Adds to the hours of links. Rows come in one order, so that two writers do not wait for each other. */
export const addPostLinkHours = (ctx: Ctx, rows: readonly PostLinkHour[]): Promise<unknown> =>
  ctx.db.named(
    'tracking_post_link_hours_add',
    `
    insert into post_link_hour as h (org_id, link_id, hour, clicks, machine_clicks)
    select $1, n.link_id, n.hour, n.clicks, n.machine_clicks
    from unnest($2::uuid[], $3::timestamptz[], $4::bigint[], $5::bigint[]) as n (link_id, hour, clicks, machine_clicks)
    order by n.link_id, n.hour
    on conflict (org_id, link_id, hour) do update set
      clicks = h.clicks + excluded.clicks, machine_clicks = h.machine_clicks + excluded.machine_clicks`,
    [
      ctx.orgId,
      rows.map(({ linkId }) => linkId),
      rows.map(({ hour }) => hour),
      rows.map(({ clicks }) => clicks),
      rows.map(({ machineClicks }) => machineClicks),
    ],
  )
