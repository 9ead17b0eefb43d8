/** SQL over the members of static segments. Only contacts that exist count as members. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId, SegmentId } from '../../platform/ids.ts'
import type { Rule } from '../rules/rule.ts'

/** Puts contacts on a list; ids of nobody are passed over. @returns how many were not on it before */
export async function insertMembers(
  ctx: Ctx,
  segmentId: SegmentId,
  contactIds: readonly ContactId[],
  addedBy: string,
): Promise<number> {
  const rows = await ctx.db.named(
    'segments_members_add',
    `
    insert into segment_member (org_id, segment_id, contact_id, added_at, added_by)
    select $1, $2, c.id, $4, $5
    from contact c
    where c.org_id = $1 and c.id = any($3::bigint[])
    on conflict (org_id, segment_id, contact_id) do nothing
    returning contact_id`,
    [ctx.orgId, segmentId, contactIds, ctx.now(), addedBy],
  )
  return rows.length
}

/** Takes a contact off a list. @returns false when they were not on it */
export async function deleteMember(ctx: Ctx, segmentId: SegmentId, contactId: ContactId): Promise<boolean> {
  const rows = await ctx.db.named(
    'segments_member_remove',
    'delete from segment_member where org_id = $1 and segment_id = $2 and contact_id = $3 returning contact_id',
    [ctx.orgId, segmentId, contactId],
  )
  return rows.length > 0
}

/** Copies a list. */
export async function copyMembers(
  ctx: Ctx,
  fromId: SegmentId,
  toId: SegmentId,
  addedBy: string,
): Promise<void> {
  await ctx.db.named(
    'segments_members_copy',
    `
    insert into segment_member (org_id, segment_id, contact_id, added_at, added_by)
    select $1, $3, m.contact_id, $4, $5
    from segment_member m
    where m.org_id = $1 and m.segment_id = $2`,
    [ctx.orgId, fromId, toId, ctx.now(), addedBy],
  )
}

/** Who is behind these addresses, stored as contacts are: lower-case e-mail, E.164 telephone. */
export function selectByAddress(
  ctx: Ctx,
  emails: readonly string[],
  phones: readonly string[],
): Promise<{ id: ContactId; email: string | null; phone: string | null }[]> {
  return ctx.db.named(
    'segments_contacts_by_address',
    `
    select c.id, c.email, c.phone from contact c where c.org_id = $1 and c.email = any($2::text[])
    union
    select c.id, c.email, c.phone from contact c where c.org_id = $1 and c.phone = any($3::text[])`,
    [ctx.orgId, emails, phones],
  )
}

/** Which of these contacts exist. */
export async function selectExisting(ctx: Ctx, contactIds: readonly ContactId[]): Promise<ContactId[]> {
  const rows = await ctx.db.named<{ id: ContactId }>(
    'segments_contacts_existing',
    'select c.id from contact c where c.org_id = $1 and c.id = any($2::bigint[])',
    [ctx.orgId, contactIds],
  )
  return rows.map(({ id }) => id)
}

/** Forgets a contact on every list. */
export async function deleteMemberships(ctx: Ctx, contactIds: readonly string[]): Promise<void> {
  await ctx.db.named(
    'segments_members_forget',
    'delete from segment_member where org_id = $1 and contact_id = any($2::bigint[])',
    [ctx.orgId, contactIds],
  )
}

/** Gives the memberships of contacts that were merged away to those that were kept. */
export async function moveMemberships(
  ctx: Ctx,
  mergedIds: readonly string[],
  keptIds: readonly string[],
): Promise<void> {
  await ctx.db.named(
    'segments_members_move',
    `
    insert into segment_member (org_id, segment_id, contact_id, added_at, added_by)
    select m.org_id, m.segment_id, pair.kept_id, m.added_at, m.added_by
    from unnest($2::bigint[], $3::bigint[]) as pair (merged_id, kept_id)
    join segment_member m on m.org_id = $1 and m.contact_id = pair.merged_id
    on conflict (org_id, segment_id, contact_id) do nothing`,
    [ctx.orgId, mergedIds, keptIds],
  )
  await deleteMemberships(ctx, mergedIds)
}

/** A live segment as one person's archive sees it. `addedAt` is null for people who are not on the list. */
export interface MembershipOf {
  id: SegmentId
  name: string
  kind: 'dynamic' | 'static'
  rule: Rule | null
  addedAt: Date | null
}

/** Every live segment, with when the person came onto it where it is a list. */
export function selectMembershipsOf(ctx: Ctx, contactId: ContactId): Promise<MembershipOf[]> {
  return ctx.db.named(
    'segments_memberships_of',
    `
    select s.id, s.name, s.kind, s.rule, m.added_at
    from segment s
    left join segment_member m on m.org_id = $1 and m.segment_id = s.id and m.contact_id = $2
    where s.org_id = $1 and s.deleted_at is null
    order by lower(s.name), s.id`,
    [ctx.orgId, contactId],
  )
}
