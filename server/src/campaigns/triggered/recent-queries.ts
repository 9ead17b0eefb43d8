/** SQL of what happened lately, for trying a trigger. */
import type { Ctx } from '../../platform/context.ts'
import type { LogEvent } from '../../platform/events/index.ts'
import type { ContactId, SegmentId } from '../../platform/ids.ts'

/** The newest events of a type. */
export const recentEvents = (ctx: Ctx, type: string, since: Date, limit: number): Promise<LogEvent[]> =>
  ctx.db.named<LogEvent>(
    'campaigns_recent_events',
    `
    select org_id, seq, recorded_at, at, type, version, contact_id, campaign_id, run_id, channel, payload
    from event
    where org_id = $1 and type = $2 and at >= $3
    order by at desc, seq desc
    limit $4`,
    [ctx.orgId, type, since, limit],
  )

/** What people are called. */
export const namesOf = async (ctx: Ctx, ids: readonly ContactId[]): Promise<ReadonlyMap<ContactId, string>> =>
  new Map(
    (
      await ctx.db.named<{ id: ContactId; name: string }>(
        'campaigns_names_of',
        `
        select id, coalesce(nullif(trim(concat_ws(' ', first_name, last_name)), ''), email, phone, '') as name
        from contact where org_id = $1 and id = any($2::bigint[])`,
        [ctx.orgId, ids],
      )
    ).map(({ id, name }) => [id, name]),
  )

/** A segment whose entries are to set a campaign off; null when it is gone. */
export async function readListened(
  ctx: Ctx,
  id: SegmentId,
): Promise<{ name: string; followedAt: Date | null } | null> {
  const [row] = await ctx.db.named<{ name: string; followedAt: Date | null }>(
    'campaigns_read_listened',
    'select name, followed_at from segment where org_id = $1 and id = $2 and deleted_at is null',
    [ctx.orgId, id],
  )
  return row ?? null
}

/** Who came into a segment lately and still is in it; those of its first filling did not come in. */
export const recentEntries = (
  ctx: Ctx,
  segmentId: SegmentId,
  since: Date,
  limit: number,
): Promise<{ contactId: ContactId; at: Date }[]> =>
  ctx.db.named(
    'campaigns_recent_entries',
    `
    select m.contact_id, m.entered_at as at
    from segment s
    join segment_membership m on m.org_id = $1 and m.segment_id = s.id
    where s.org_id = $1 and s.id = $2 and m.entered_at >= $3 and m.entered_at > s.filled_at
    order by m.entered_at desc, m.contact_id
    limit $4`,
    [ctx.orgId, segmentId, since, limit],
  )
