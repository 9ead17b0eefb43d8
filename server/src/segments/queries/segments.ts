/** SQL over segments and what they refer to. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId, SegmentId } from '../../platform/ids.ts'
import type { Rule } from '../rules/rule.ts'

/** A segment as it is stored. */
export interface StoredSegment {
  id: SegmentId
  name: string
  description: string
  kind: 'dynamic' | 'static'
  rule: Rule | null
  size: number | null
  sizeAt: Date | null
  /** Since when membership is kept live; null when it is not. */
  followedAt: Date | null
  /** When membership was last proven to be what the rule says, and how many people had drifted. */
  checkedAt: Date | null
  drift: number | null
  createdAt: Date
  updatedAt: Date
  deletedAt: Date | null
}

/** How a list of segments is narrowed and ordered. */
export interface SegmentFilter {
  q: string | null
  kind: 'dynamic' | 'static' | null
  ids: readonly SegmentId[] | null
  deleted: boolean
  sort: 'updated' | 'name'
  /** Sort key and id of the last row before the page. */
  after: { key: string; id: string } | null
  limit: number
}

const COLUMNS =
  'id, name, description, kind, rule, size, size_at, followed_at, checked_at, drift, created_at, updated_at, deleted_at'

/** A page of segments. Two orders, each with its own index, so that each is its own statement. */
export function selectSegments(
  ctx: Ctx,
  filter: SegmentFilter,
): Promise<(StoredSegment & { sortKey: string })[]> {
  const byName = filter.sort === 'name'
  return ctx.db.named<StoredSegment & { sortKey: string }>(
    byName ? 'segments_list_by_name' : 'segments_list_by_updated',
    `
    select ${COLUMNS}, ${byName ? 'lower(name)' : 'updated_at::text'} as sort_key
    from segment
    where org_id = $1
      and (deleted_at is not null) = $2
      and ($3::text is null or strpos(segment_fold(name), segment_fold($3)) > 0)
      and ($4::text is null or kind = $4)
      and ($5::uuid[] is null or id = any($5))
      and ($6::text is null or ${byName ? '(lower(name), id) > ($6, $7::uuid)' : '(updated_at, id) < ($6::timestamptz, $7::uuid)'})
    order by ${byName ? 'lower(name), id' : 'updated_at desc, id desc'}
    limit $8`,
    [
      ctx.orgId,
      filter.deleted,
      filter.q,
      filter.kind,
      filter.ids,
      filter.after?.key ?? null,
      filter.after?.id ?? null,
      filter.limit,
    ],
  )
}

/** How many segments the same filter finds on all pages. */
export async function countSegments(ctx: Ctx, filter: SegmentFilter): Promise<number> {
  const [row] = await ctx.db.named<{ count: number }>(
    'segments_list_count',
    `
    select count(*)::int as count
    from segment
    where org_id = $1
      and (deleted_at is not null) = $2
      and ($3::text is null or strpos(segment_fold(name), segment_fold($3)) > 0)
      and ($4::text is null or kind = $4)
      and ($5::uuid[] is null or id = any($5))`,
    [ctx.orgId, filter.deleted, filter.q, filter.kind, filter.ids],
  )
  return row?.count ?? 0
}

/** One segment, deleted ones too. */
export async function selectSegment(ctx: Ctx, id: SegmentId): Promise<StoredSegment | undefined> {
  const [row] = await ctx.db.named<StoredSegment>(
    'segments_one',
    `select ${COLUMNS} from segment where org_id = $1 and id = $2`,
    [ctx.orgId, id],
  )
  return row
}

/** One segment, locked for a change. */
export async function lockSegment(ctx: Ctx, id: SegmentId): Promise<StoredSegment | undefined> {
  const [row] = await ctx.db.named<StoredSegment>(
    'segments_lock',
    `select ${COLUMNS} from segment where org_id = $1 and id = $2 for update`,
    [ctx.orgId, id],
  )
  return row
}

/** Does a live segment other than `exceptId` have this name, whatever its case? */
export async function nameIsTaken(ctx: Ctx, name: string, exceptId: SegmentId | null): Promise<boolean> {
  const rows = await ctx.db.named(
    'segments_name_taken',
    'select 1 from segment where org_id = $1 and lower(name) = lower($2) and deleted_at is null and id is distinct from $3::uuid',
    [ctx.orgId, name, exceptId],
  )
  return rows.length > 0
}

/** Adds a segment. @returns undefined when another took its name meanwhile */
export async function insertSegment(
  ctx: Ctx,
  segment: Pick<StoredSegment, 'id' | 'name' | 'description' | 'kind' | 'rule'>,
  createdBy: string,
): Promise<StoredSegment | undefined> {
  const [row] = await ctx.db.named<StoredSegment>(
    'segments_insert',
    `
    insert into segment (org_id, id, name, description, kind, rule, created_by, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
    on conflict (org_id, lower(name)) where deleted_at is null do nothing
    returning ${COLUMNS}`,
    [
      ctx.orgId,
      segment.id,
      segment.name,
      segment.description,
      segment.kind,
      segment.rule === null ? null : JSON.stringify(segment.rule),
      createdBy,
      ctx.now(),
    ],
  )
  return row
}

/** Puts a segment's changeable parts; a new rule forgets the size of the old one. The caller holds its lock. */
export async function updateSegment(
  ctx: Ctx,
  segment: Pick<StoredSegment, 'id' | 'name' | 'description' | 'rule'>,
  ruleChanged: boolean,
): Promise<void> {
  await ctx.db.named(
    'segments_update',
    `
    update segment
    set name = $3, description = $4, rule = $5, updated_at = $6,
      size = case when $7 then null else size end, size_at = case when $7 then null else size_at end
    where org_id = $1 and id = $2`,
    [
      ctx.orgId,
      segment.id,
      segment.name,
      segment.description,
      segment.rule === null ? null : JSON.stringify(segment.rule),
      ctx.now(),
      ruleChanged,
    ],
  )
}

/** Notes how many people a segment had at an instant. */
export async function updateSize(ctx: Ctx, id: SegmentId, size: number): Promise<void> {
  await ctx.db.named(
    'segments_size',
    'update segment set size = $3, size_at = $4 where org_id = $1 and id = $2',
    [ctx.orgId, id, size, ctx.now()],
  )
}

/** Marks a segment as deleted, or as live again. */
export async function updateDeleted(ctx: Ctx, id: SegmentId, deletedBy: string | null): Promise<void> {
  await ctx.db.named(
    'segments_delete',
    'update segment set deleted_at = $3, deleted_by = $4, updated_at = $5 where org_id = $1 and id = $2',
    [ctx.orgId, id, deletedBy === null ? null : ctx.now(), deletedBy, ctx.now()],
  )
}

/** Puts which segments a rule refers to. */
export async function replaceReferences(
  ctx: Ctx,
  id: SegmentId,
  targetIds: readonly SegmentId[],
): Promise<void> {
  await ctx.db.named(
    'segments_references_clear',
    'delete from segment_reference where org_id = $1 and segment_id = $2 and target_id <> all($3::uuid[])',
    [ctx.orgId, id, targetIds],
  )
  await ctx.db.named(
    'segments_references_add',
    'insert into segment_reference (org_id, segment_id, target_id) select $1, $2, unnest($3::uuid[]) on conflict (org_id, segment_id, target_id) do nothing',
    [ctx.orgId, id, targetIds],
  )
}

/** These segments and all that their rules refer to, however far. Deleted ones are left out. */
export function selectClosure(ctx: Ctx, ids: readonly SegmentId[]): Promise<StoredSegment[]> {
  return ctx.db.named<StoredSegment>(
    'segments_closure',
    `
    with recursive reached (id) as (
      select unnest($2::uuid[])
      union
      select r.target_id
      from reached join segment_reference r on r.org_id = $1 and r.segment_id = reached.id
    )
    select s.id, s.name, s.description, s.kind, s.rule, s.size, s.size_at, s.followed_at, s.checked_at, s.drift, s.created_at, s.updated_at, s.deleted_at
    from segment s
    where s.org_id = $1 and s.deleted_at is null and s.id in (select id from reached)`,
    [ctx.orgId, ids],
  )
}

/** Live segments whose rules refer to one of these. */
export function selectReferring(
  ctx: Ctx,
  ids: readonly SegmentId[],
): Promise<{ targetId: SegmentId; id: SegmentId; name: string }[]> {
  return ctx.db.named(
    'segments_referring',
    `
    select r.target_id, s.id, s.name
    from segment_reference r join segment s on s.org_id = $1 and s.id = r.segment_id
    where r.org_id = $1 and r.target_id = any($2::uuid[]) and s.deleted_at is null
    order by lower(s.name), s.id`,
    [ctx.orgId, ids],
  )
}

/** Live segments last counted before an instant, or never; the longest ago first. */
export async function selectStale(ctx: Ctx, countedBefore: Date, limit: number): Promise<SegmentId[]> {
  const rows = await ctx.db.named<{ id: SegmentId }>(
    'segments_stale',
    `
    select id
    from segment
    where org_id = $1 and deleted_at is null and (size_at is null or size_at < $2)
    order by size_at nulls first, id
    limit $3`,
    [ctx.orgId, countedBefore, limit],
  )
  return rows.map(({ id }) => id)
}

/** Live segments of the organization. */
export async function countLive(ctx: Ctx): Promise<number> {
  const [row] = await ctx.db.named<{ count: number }>(
    'segments_live',
    'select count(*)::int as count from segment where org_id = $1 and deleted_at is null',
    [ctx.orgId],
  )
  return row?.count ?? 0
}

/** A segment that a person is in. */
export interface SegmentOf {
  id: SegmentId
  name: string
  kind: 'dynamic' | 'static'
  since: Date
}

/** The segments that a person is in, by list or by followed rule. */
export function selectSegmentsOf(ctx: Ctx, contactId: ContactId, limit: number): Promise<SegmentOf[]> {
  return ctx.db.named(
    'segments_of_contact',
    `
    with belongs as (
      select m.segment_id, m.added_at as since from segment_member m where m.org_id = $1 and m.contact_id = $2
      union all
      select m.segment_id, m.entered_at from segment_membership m where m.org_id = $1 and m.contact_id = $2
    )
    select s.id, s.name, s.kind, b.since
    from belongs b join segment s on s.org_id = $1 and s.id = b.segment_id
    where s.deleted_at is null
    order by lower(s.name), s.id
    limit $3`,
    [ctx.orgId, contactId, limit],
  )
}
