/** Whom and where a verb acts for, when that is not simply its ctx. */
import type { Actor, Ctx } from '../../platform/context.ts'
import { httpErrors } from '../../platform/http/index.ts'
import { SYSTEM_ORG, type OrgId, type PersonId } from '../../platform/ids.ts'
import type { Role } from '../../platform/permissions.ts'
import { errors } from '../errors.ts'
import { mayManageRole } from '../rules/roles.ts'

/** The same request, acting in an organization that was just found out. */
export function actingIn(ctx: Ctx, orgId: OrgId, actor: Actor = ctx.actor): Ctx {
  const { requestId, locale, addressPrefix } = ctx
  return ctx.platform.ctx(orgId, actor, { requestId, locale, addressPrefix })
}

/** The same request, acting on the installation: what is sealed for people lies under its keys. */
export function onInstallation(ctx: Ctx): Ctx {
  return actingIn(ctx, SYSTEM_ORG)
}

/** The person who calls. @throws request.not_permitted for keys and workers: these verbs are about oneself */
export function personOf(ctx: Ctx): PersonId {
  if (ctx.actor.kind !== 'member') throw httpErrors.not_permitted()
  return ctx.actor.id as PersonId // a member's actor id is the id of the person, set by `authenticate`
}

/** Refuses a role that the caller may not give or take. @throws team.role_above_own, team.role_above_key */
export function refuseRole({ actor }: Ctx, role: Role): void {
  if (mayManageRole(actor, role)) return
  throw role === 'owner' ? errors.role_above_own() : errors.role_above_key({ role })
}
