/** SQL over memberships, in the organization that the ctx acts for. */
import type { Ctx, Locale } from '../../platform/context.ts'
import type { OrgId, PersonId } from '../../platform/ids.ts'
import type { Role } from '../../platform/permissions.ts'

/** The role of a person in the ctx's organization; undefined for strangers and in deleted organizations. */
export async function findRole(ctx: Ctx, personId: PersonId): Promise<Role | undefined> {
  const [row] = await ctx.db.named<{ role: Role }>(
    'team_membership_role',
    `
    select m.role from membership m join organization o on o.id = m.org_id
    where m.org_id = $1 and m.person_id = $2 and o.deleted_at is null`,
    [ctx.orgId, personId],
  )
  return row?.role
}

export async function insertMembership(ctx: Ctx, personId: PersonId, role: Role): Promise<boolean> {
  const rows = await ctx.db.named<{ orgId: OrgId }>(
    'team_membership_insert',
    `
    insert into membership (org_id, person_id, role, created_at, updated_at) values ($1, $2, $3, $4, $4)
    on conflict (org_id, person_id) do nothing returning org_id`,
    [ctx.orgId, personId, role, ctx.now()],
  )
  return rows.length > 0
}

/** A member as the others see them. */
export interface Member {
  personId: PersonId
  name: string
  email: string
  role: Role
  hasSecondFactor: boolean
  joinedAt: Date
}

const MEMBER = `
  select m.person_id, p.name, p.email, m.role, m.created_at as joined_at,
    exists (select from two_factor t where t.person_id = p.id and t.confirmed_at is not null) as has_second_factor
  from membership m join person p on p.id = m.person_id`

/** The organization's members, in order of name. */
export function listMembers(ctx: Ctx, limit: number): Promise<Member[]> {
  return ctx.db.named(
    'team_member_list',
    `${MEMBER} where m.org_id = $1 order by lower(p.name), m.person_id limit $2`,
    [ctx.orgId, limit],
  )
}

export async function findMember(ctx: Ctx, personId: PersonId): Promise<Member | undefined> {
  const [row] = await ctx.db.named<Member>(
    'team_member_find',
    `${MEMBER} where m.org_id = $1 and m.person_id = $2`,
    [ctx.orgId, personId],
  )
  return row
}

/** Locks the organization's owners, so that two of them cannot leave at once, and says who they are. */
export async function lockOwners(ctx: Ctx): Promise<PersonId[]> {
  const rows = await ctx.db.named<{ personId: PersonId }>(
    'team_member_owners',
    `
    select person_id from membership where org_id = $1 and role = 'owner' order by person_id for update`,
    [ctx.orgId],
  )
  return rows.map((row) => row.personId)
}

export async function updateRole(ctx: Ctx, personId: PersonId, role: Role): Promise<void> {
  await ctx.db.named(
    'team_membership_role_set',
    'update membership set role = $3, updated_at = $4 where org_id = $1 and person_id = $2',
    [ctx.orgId, personId, role, ctx.now()],
  )
}

export async function deleteMembership(ctx: Ctx, personId: PersonId): Promise<void> {
  await ctx.db.named(
    'team_membership_delete',
    'delete from membership where org_id = $1 and person_id = $2',
    [ctx.orgId, personId],
  )
}

/** A person and the owners, as notices address them; a handful. */
export function findNotified(
  ctx: Ctx,
  personId: string | null,
): Promise<{ personId: PersonId; name: string; email: string; locale: Locale }[]> {
  return ctx.db.named(
    'team_member_notified',
    `
    select m.person_id, p.name, p.email, p.locale
    from membership m join person p on p.id = m.person_id
    where m.org_id = $1 and (m.role = 'owner' or m.person_id = $2::uuid) and p.disabled_at is null
    order by m.person_id limit 20`,
    [ctx.orgId, personId],
  )
}

/** Members by their ids; whoever has left or is locked out is not there. */
export function findMembers(
  ctx: Ctx,
  personIds: readonly string[],
): Promise<{ personId: PersonId; name: string; email: string; locale: Locale }[]> {
  return ctx.db.named(
    'team_members_by_id',
    `
    select m.person_id, p.name, p.email, p.locale
    from membership m join person p on p.id = m.person_id
    where m.org_id = $1 and m.person_id = any($2::uuid[]) and p.disabled_at is null
    order by m.person_id`,
    [ctx.orgId, personIds],
  )
}
