/** SQL over following segments and walking over all contacts for them. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId, SegmentId } from '../../platform/ids.ts'

/** A walk over all contacts for one segment. */
export interface Walk {
  kind: 'fill' | 'check'
  walkedThrough: string
  walkUntil: string
  suspects: ContactId[]
  suspectsPos: string
  drift: number
}

/** Begins to keep the membership of live dynamic segments, as far as `max` allows. @returns those newly followed */
export async function followMore(ctx: Ctx, max: number): Promise<SegmentId[]> {
  const rows = await ctx.db.named<{ id: SegmentId }>(
    'segments_follow_more',
    `
    update segment s
    set followed_at = $2, filled_at = null
    from (
      select id from segment
      where org_id = $1 and kind = 'dynamic' and deleted_at is null and followed_at is null
      order by created_at, id
      limit greatest(0, $3 - (select count(*) from segment where org_id = $1 and followed_at is not null and deleted_at is null))
    ) picked
    where s.org_id = $1 and s.id = picked.id
    returning s.id`,
    [ctx.orgId, ctx.now(), max],
  )
  return rows.map(({ id }) => id)
}

/** Stops keeping the membership of a segment. */
export async function unfollow(ctx: Ctx, id: SegmentId): Promise<void> {
  await ctx.db.named(
    'segments_unfollow',
    'update segment set followed_at = null, filled_at = null, checked_at = null, drift = null where org_id = $1 and id = $2',
    [ctx.orgId, id],
  )
  await deleteWalk(ctx, id)
}

/** Followed segments whose rules lead to one of these, themselves included. */
export async function selectDependants(ctx: Ctx, ids: readonly SegmentId[]): Promise<SegmentId[]> {
  const rows = await ctx.db.named<{ id: SegmentId }>(
    'segments_dependants',
    `
    with recursive reached (id) as (
      select unnest($2::uuid[])
      union
      select r.segment_id
      from reached join segment_reference r on r.org_id = $1 and r.target_id = reached.id
    )
    select s.id from segment s
    where s.org_id = $1 and s.followed_at is not null and s.deleted_at is null and s.id in (select id from reached)`,
    [ctx.orgId, ids],
  )
  return rows.map(({ id }) => id)
}

/** Begins walks anew. A check never takes the place of a filling that is under way. */
export async function startWalks(
  ctx: Ctx,
  ids: readonly SegmentId[],
  kind: Walk['kind'],
): Promise<SegmentId[]> {
  const rows = await ctx.db.named<{ segmentId: SegmentId }>(
    'segments_walks_start',
    `
    insert into segment_walk as w (org_id, segment_id, kind, walk_until, started_at, updated_at)
    select $1, s.id, $3, coalesce((select max(c.id) from contact c where c.org_id = $1), 0), $4, $4
    from segment s
    where s.org_id = $1 and s.id = any($2::uuid[])
    on conflict (org_id, segment_id) do update set
      kind = excluded.kind, walked_through = 0, walk_until = excluded.walk_until, suspects = '{}', suspects_pos = 0,
      drift = 0, started_at = excluded.started_at, updated_at = excluded.updated_at
    where excluded.kind = 'fill' or w.kind = 'check'
    returning segment_id`,
    [ctx.orgId, ids, kind, ctx.now()],
  )
  return rows.map(({ segmentId }) => segmentId)
}

/** The walk of a segment. */
export async function selectWalk(ctx: Ctx, id: SegmentId): Promise<Walk | undefined> {
  const [row] = await ctx.db.named<Walk>(
    'segments_walk',
    'select kind, walked_through, walk_until, suspects, suspects_pos, drift from segment_walk where org_id = $1 and segment_id = $2',
    [ctx.orgId, id],
  )
  return row
}

/** Notes how far a walk has come, and whom it suspects. */
export async function advanceWalk(
  ctx: Ctx,
  id: SegmentId,
  walk: Omit<Walk, 'kind' | 'walkUntil'>,
): Promise<void> {
  await ctx.db.named(
    'segments_walk_advance',
    `
    update segment_walk
    set walked_through = $3, suspects = $4, suspects_pos = $5, drift = $6, updated_at = $7
    where org_id = $1 and segment_id = $2`,
    [ctx.orgId, id, walk.walkedThrough, walk.suspects, walk.suspectsPos, walk.drift, ctx.now()],
  )
}

/** Ends a walk. */
export async function deleteWalk(ctx: Ctx, id: SegmentId): Promise<void> {
  await ctx.db.named(
    'segments_walk_delete',
    'delete from segment_walk where org_id = $1 and segment_id = $2',
    [ctx.orgId, id],
  )
}

/** Notes that a segment's membership is whole. */
export async function markFilled(ctx: Ctx, id: SegmentId): Promise<void> {
  await ctx.db.named(
    'segments_filled',
    'update segment set filled_at = $3, checked_at = $3, drift = 0 where org_id = $1 and id = $2',
    [ctx.orgId, id, ctx.now()],
  )
}

/** Notes what a full refresh found. */
export async function markChecked(ctx: Ctx, id: SegmentId, drift: number): Promise<void> {
  await ctx.db.named(
    'segments_checked',
    'update segment set checked_at = $3, drift = $4 where org_id = $1 and id = $2',
    [ctx.orgId, id, ctx.now(), drift],
  )
}

/** The end of a slice of so many contacts; the bound itself when fewer are left. */
export async function selectSliceEnd(
  ctx: Ctx,
  after: string,
  until: string,
  contacts: number,
): Promise<string> {
  const [row] = await ctx.db.named<{ id: string }>(
    'segments_slice_end',
    'select id from contact where org_id = $1 and id > $2 and id <= $3 order by id offset $4 limit 1',
    [ctx.orgId, after, until, contacts - 1],
  )
  return row?.id ?? until
}

/** How far the log goes, and how far a consumer has read it. */
export async function selectLogPositions(ctx: Ctx, consumer: string): Promise<{ end: bigint; read: bigint }> {
  const [row] = await ctx.db.named<{ end: string; read: string }>(
    'segments_log_positions',
    `
    select l.pos as end, coalesce(e.pos, 0) as read
    from org_log l left join event_cursor e on e.org_id = $1 and e.consumer = $2
    where l.org_id = $1`,
    [ctx.orgId, consumer],
  )
  return { end: BigInt(row?.end ?? 0), read: BigInt(row?.read ?? 0) }
}

/** Those of these people who are to be looked at before an instant anyway. */
export async function selectWaking(
  ctx: Ctx,
  segmentId: SegmentId,
  contactIds: readonly ContactId[],
  before: Date,
): Promise<ContactId[]> {
  const rows = await ctx.db.named<{ contactId: ContactId }>(
    'segments_waking',
    `
    select contact_id from segment_wake
    where org_id = $1 and segment_id = $2 and contact_id = any($3::bigint[]) and wake_at <= $4`,
    [ctx.orgId, segmentId, contactIds, before],
  )
  return rows.map(({ contactId }) => contactId)
}

/** Forgets some members of a segment that is not followed. @returns how many were forgotten */
export async function forgetMembers(ctx: Ctx, id: SegmentId, limit: number): Promise<number> {
  const [row] = await ctx.db.named<{ n: number }>(
    'segments_members_of_unfollowed_forget',
    `
    with wakes as (
      delete from segment_wake w
      using (select contact_id from segment_wake where org_id = $1 and segment_id = $2 limit $3) picked
      where w.org_id = $1 and w.segment_id = $2 and w.contact_id = picked.contact_id
      returning 1
    ), members as (
      delete from segment_membership m
      using (select contact_id from segment_membership where org_id = $1 and segment_id = $2 limit $3) picked
      where m.org_id = $1 and m.segment_id = $2 and m.contact_id = picked.contact_id
        and not exists (select 1 from segment s where s.org_id = $1 and s.id = $2 and s.followed_at is not null)
      returning 1
    )
    select ((select count(*) from wakes) + (select count(*) from members))::int as n`,
    [ctx.orgId, id, limit],
  )
  return row?.n ?? 0
}
