/** SQL over memberships, in the organization that the ctx acts for. */
import type { Ctx } from '../../platform/context.ts'
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
