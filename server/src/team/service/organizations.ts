/** Organizations: creating them, telling and changing their settings. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction, personTransaction } from '../../platform/db/index.ts'
import { newId, type OrgId, type PersonId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import { insertMembership } from '../queries/memberships.ts'
import {
  findOrganization,
  insertOrganization,
  organizationsOfPerson,
  updateOrganization,
  type Organization,
  type OrganizationSettings,
} from '../queries/organizations.ts'
import { findPerson, rememberOrganization } from '../queries/people.ts'
import { activateOrganization } from '../queries/sessions.ts'
import { changesBetween } from '../rules/changes.ts'
import { slugOf } from '../rules/slug.ts'
import { actingIn, personOf } from './acting.ts'

/** A person who belongs to that many creates no more: one account must not fill an installation. */
const ORGANIZATIONS_MAX = 50

/** The organization that the ctx acts for. @throws team.organization_not_found */
export async function organizationOf(ctx: Ctx): Promise<Organization> {
  const organization = await findOrganization(ctx.db, ctx.orgId)
  if (!organization) throw errors.organization_not_found({ id: ctx.orgId })
  return organization
}

/**
 * Writes a new organization with its first owner; the ctx must act for it, inside a transaction. Its audit entry
 * opens its log, so that the platform's loops know the organization from its first moment.
 */
export async function foundOrganization(
  ctx: Ctx,
  settings: OrganizationSettings,
  owner: PersonId,
  { isSample = false }: { isSample?: boolean } = {},
): Promise<void> {
  await insertOrganization(ctx.db, {
    ...settings,
    id: ctx.orgId,
    slug: slugOf(settings.name, ctx.orgId),
    isSample,
    now: ctx.now(),
  })
  await insertMembership(ctx, owner, 'owner')
  audit(ctx, 'organization.created', { kind: 'organization', id: ctx.orgId }, { ...settings })
}

/** Creates another organization, owned by the caller, who works in it from now on. @throws team.organizations_too_many */
export async function createOrganization(
  ctx: Ctx,
  settings: OrganizationSettings,
  tokenHash: Buffer | null,
  options: { isSample?: boolean } = {},
): Promise<Organization> {
  const personId = personOf(ctx)
  const own = await personTransaction(ctx.platform.database, personId, (db) =>
    organizationsOfPerson(db, personId),
  )
  if (own.length >= ORGANIZATIONS_MAX) throw errors.organizations_too_many()
  const orgId: OrgId = newId<'organization'>(ctx.now())
  return inTransaction(actingIn(ctx, orgId, { kind: 'member', id: personId, role: 'owner' }), async (ctx) => {
    if (!(await findPerson(ctx.db, personId))) throw errors.session_not_found()
    await foundOrganization(ctx, settings, personId, options)
    if (tokenHash) await activateOrganization(ctx.db, tokenHash, orgId)
    await rememberOrganization(ctx.db, personId, orgId)
    return organizationOf(ctx)
  })
}

export function changeOrganization(ctx: Ctx, settings: OrganizationSettings): Promise<Organization> {
  return inTransaction(ctx, async (ctx) => {
    const before = await organizationOf(ctx)
    const changes = changesBetween({ ...before }, { ...settings })
    if (changes === null) return before
    await updateOrganization(ctx.db, ctx.orgId, settings, ctx.now())
    audit(ctx, 'organization.changed', { kind: 'organization', id: ctx.orgId }, changes)
    return organizationOf(ctx)
  })
}
