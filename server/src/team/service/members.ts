/** Members: who works here, in which role, and who no longer does. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { OrgId, PersonId } from '../../platform/ids.ts'
import type { Role } from '../../platform/permissions.ts'
import { errors } from '../errors.ts'
import {
  deleteMembership,
  findMember,
  findRole,
  listMembers,
  lockOwners,
  updateRole,
  type Member,
} from '../queries/memberships.ts'
import { deleteSessionsIn } from '../queries/sessions.ts'
import { actingIn, personOf, refuseRole } from './acting.ts'
import { recheckStreams } from './streams.ts'

/** More than that is no team; the list is not paged. */
const MEMBERS_LISTED_MAX = 1_000

export function membersOf(ctx: Ctx): Promise<Member[]> {
  return listMembers(ctx, MEMBERS_LISTED_MAX)
}

/** @throws team.member_not_found, team.role_above_own, team.role_above_key, team.last_owner */
export function changeRole(ctx: Ctx, personId: PersonId, role: Role): Promise<Member> {
  return inTransaction(ctx, async (ctx) => {
    const owners = await lockOwners(ctx)
    const member = await findMember(ctx, personId)
    if (!member) throw errors.member_not_found({ personId })
    refuseRole(ctx, role)
    refuseRole(ctx, member.role)
    if (member.role === role) return member
    if (member.role === 'owner' && owners.length === 1) throw errors.last_owner()
    await updateRole(ctx, personId, role)
    audit(
      ctx,
      'member.role_changed',
      { kind: 'person', id: personId },
      { before: { role: member.role }, after: { role } },
    )
    return { ...member, role }
  })
}

/** Removes a member and ends their sessions here. @throws team.member_not_found, team.role_above_own, team.role_above_key, team.last_owner */
export function removeMember(ctx: Ctx, personId: PersonId): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const owners = await lockOwners(ctx)
    const member = await findMember(ctx, personId)
    if (!member) throw errors.member_not_found({ personId })
    refuseRole(ctx, member.role)
    if (member.role === 'owner' && owners.length === 1) throw errors.last_owner()
    await deleteMembership(ctx, personId)
    await deleteSessionsIn(ctx.db, personId, ctx.orgId)
    recheckStreams(ctx, [ctx.orgId])
    audit(ctx, 'member.removed', { kind: 'person', id: personId }, { role: member.role })
  })
}

/** Leaves an organization by oneself; one's session stays, in no organization. @throws team.last_owner */
export async function leaveOrganization(ctx: Ctx, orgId: OrgId): Promise<void> {
  const personId = personOf(ctx)
  const role = await findRole(actingIn(ctx, orgId), personId)
  if (role === undefined) throw errors.organization_forbidden({ orgId })
  await inTransaction(actingIn(ctx, orgId, { kind: 'member', id: personId, role }), async (ctx) => {
    const owners = await lockOwners(ctx)
    if (role === 'owner' && owners.length === 1) throw errors.last_owner()
    await deleteMembership(ctx, personId)
    recheckStreams(ctx, [ctx.orgId])
    audit(ctx, 'member.left', { kind: 'person', id: personId }, { role })
  })
}
