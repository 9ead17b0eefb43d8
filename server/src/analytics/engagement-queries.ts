/** Statements over what single people did. */
import type { Ctx } from '../platform/context.ts'
import type { CampaignId, ContactId, RunId } from '../platform/ids.ts'
import type { Engagement } from './names.ts'

/** So much more for one person and message. */
export interface EngagementRow {
  runId: RunId
  contactId: ContactId
  channel: string
  campaignId: CampaignId
  variant: number
  changes: Partial<Record<Engagement, number>>
}

type After = Record<Engagement, number>

/** Adds, and answers what stands there now, keyed `run:contact:channel`. One row per key in the call. */
export async function addEngagements(ctx: Ctx, rows: readonly EngagementRow[]): Promise<Map<string, After>> {
  if (rows.length === 0) return new Map()
  const column = (name: Engagement): number[] => rows.map((row) => row.changes[name] ?? 0)
  const after = await ctx.db.named<{
    runId: RunId
    contactId: ContactId
    channel: string
    opened: number
    machineOpened: number
    clicked: number
    machineClicked: number
    replied: number
    unsubscribed: number
    complained: number
    converted: number
  }>(
    'analytics_add_engagements',
    `
    insert into engagement as e (org_id, run_id, contact_id, channel, campaign_id, variant, opened, machine_opened, clicked, machine_clicked,
      replied, unsubscribed, complained, converted, updated_at)
    select $1, r.run_id, r.contact_id, r.channel, r.campaign_id, r.variant, r.opened, r.machine_opened, r.clicked, r.machine_clicked,
      r.replied, r.unsubscribed, r.complained, r.converted, $2
    from unnest($3::uuid[], $4::bigint[], $5::text[], $6::uuid[], $7::smallint[], $8::int[], $9::int[], $10::int[], $11::int[], $12::int[], $13::int[],
      $14::int[], $15::int[])
      as r (run_id, contact_id, channel, campaign_id, variant, opened, machine_opened, clicked, machine_clicked, replied, unsubscribed, complained,
        converted)
    order by r.run_id, r.contact_id, r.channel
    on conflict (org_id, run_id, contact_id, channel) do update set
      opened = e.opened + excluded.opened, machine_opened = e.machine_opened + excluded.machine_opened,
      clicked = e.clicked + excluded.clicked, machine_clicked = e.machine_clicked + excluded.machine_clicked,
      replied = e.replied + excluded.replied, unsubscribed = e.unsubscribed + excluded.unsubscribed, complained = e.complained + excluded.complained,
      converted = e.converted + excluded.converted, updated_at = excluded.updated_at
    returning e.run_id, e.contact_id, e.channel, e.opened, e.machine_opened, e.clicked, e.machine_clicked, e.replied, e.unsubscribed, e.complained, e.converted`,
    [
      ctx.orgId,
      ctx.now(),
      rows.map((row) => row.runId),
      rows.map((row) => row.contactId),
      rows.map((row) => row.channel),
      rows.map((row) => row.campaignId),
      rows.map((row) => row.variant),
      column('opened'),
      column('machine_opened'),
      column('clicked'),
      column('machine_clicked'),
      column('replied'),
      column('unsubscribed'),
      column('complained'),
      column('converted'),
    ],
  )
  return new Map(
    after.map((row) => [
      `${row.runId}:${row.contactId}:${row.channel}`,
      {
        opened: row.opened,
        machine_opened: row.machineOpened,
        clicked: row.clicked,
        machine_clicked: row.machineClicked,
        replied: row.replied,
        unsubscribed: row.unsubscribed,
        complained: row.complained,
        converted: row.converted,
      },
    ]),
  )
}

/** So much more for one person and link of one channel's content. */
export interface LinkEngagementRow {
  runId: RunId
  channel: string
  linkNo: number
  contactId: ContactId
  clicked: number
  machineClicked: number
}

/** Adds, and answers human clicks now, keyed `run:channel:link:contact`. One row per key in the call. */
export async function addLinkEngagements(
  ctx: Ctx,
  rows: readonly LinkEngagementRow[],
): Promise<Map<string, number>> {
  if (rows.length === 0) return new Map()
  const after = await ctx.db.named<
    Pick<LinkEngagementRow, 'runId' | 'channel' | 'linkNo' | 'contactId' | 'clicked'>
  >(
    'analytics_add_link_engagements',
    `
    insert into link_engagement as e (org_id, run_id, channel, link_no, contact_id, clicked, machine_clicked)
    select $1, r.run_id, r.channel, r.link_no, r.contact_id, r.clicked, r.machine_clicked
    from unnest($2::uuid[], $3::text[], $4::smallint[], $5::bigint[], $6::int[], $7::int[])
      as r (run_id, channel, link_no, contact_id, clicked, machine_clicked)
    order by r.run_id, r.channel, r.link_no, r.contact_id
    on conflict (org_id, run_id, channel, link_no, contact_id) do update set
      clicked = e.clicked + excluded.clicked, machine_clicked = e.machine_clicked + excluded.machine_clicked
    returning e.run_id, e.channel, e.link_no, e.contact_id, e.clicked`,
    [
      ctx.orgId,
      rows.map((row) => row.runId),
      rows.map((row) => row.channel),
      rows.map((row) => row.linkNo),
      rows.map((row) => row.contactId),
      rows.map((row) => row.clicked),
      rows.map((row) => row.machineClicked),
    ],
  )
  return new Map(after.map((row) => [linkKey(row), row.clicked]))
}

/** A person and a link of one channel's content, as a key. */
export const linkKey = ({
  runId,
  channel,
  linkNo,
  contactId,
}: Pick<LinkEngagementRow, 'runId' | 'channel' | 'linkNo' | 'contactId'>): string =>
  `${runId}:${channel}:${linkNo}:${contactId}`

/** People who did something with the messages of some runs, in order of their ids. */
export const selectEngaged = async (
  ctx: Ctx,
  runIds: readonly RunId[],
  engagement: Engagement,
  { channel, after, limit }: { channel: string | null; after: ContactId | null; limit: number },
): Promise<ContactId[]> =>
  (
    await ctx.db.query<{ contactId: ContactId }>(
      `
      select distinct contact_id from engagement
      where org_id = $1 and run_id = any($2::uuid[]) and contact_id > $3 and ${engagement} > 0
        and ($5::text is null or channel = $5)
      order by contact_id limit $4`,
      [ctx.orgId, runIds, after ?? 0, limit, channel],
    )
  ).map((row) => row.contactId)

/**
 * People who followed one link. Each channel's content numbers its own links: with a channel only those who clicked in
 * its message.
 */
export const selectClickersOf = async (
  ctx: Ctx,
  runIds: readonly RunId[],
  linkNo: number,
  { channel, after, limit }: { channel: string | null; after: ContactId | null; limit: number },
): Promise<ContactId[]> =>
  (
    await ctx.db.named<{ contactId: ContactId }>(
      'analytics_clickers_of_link',
      `
      select distinct l.contact_id from link_engagement l
      where l.org_id = $1 and l.run_id = any($2::uuid[]) and l.link_no = $3 and l.contact_id > $4 and l.clicked > 0
        and ($5::text is null or l.channel = $5)
      order by l.contact_id limit $6`,
      [ctx.orgId, runIds, linkNo, after ?? 0, channel, limit],
    )
  ).map((row) => row.contactId)

/** Forgets what a person did; the counts stay. */
export async function forgetEngagement(ctx: Ctx, contactId: ContactId): Promise<void> {
  await ctx.db.named(
    'analytics_forget_engagement',
    'delete from engagement where org_id = $1 and contact_id = $2',
    [ctx.orgId, contactId],
  )
}

export async function forgetLinkEngagement(ctx: Ctx, contactId: ContactId): Promise<void> {
  await ctx.db.named(
    'analytics_forget_link_engagement',
    'delete from link_engagement where org_id = $1 and contact_id = $2',
    [ctx.orgId, contactId],
  )
}
