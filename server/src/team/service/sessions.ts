/** Sessions: opening them, ending them, working in another organization. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction, personTransaction } from '../../platform/db/index.ts'
import { newId, newSecret, type OrgId, type PersonId } from '../../platform/ids.ts'
import { permissionsOf, type Role } from '../../platform/permissions.ts'
import { errors } from '../errors.ts'
import { findRole } from '../queries/memberships.ts'
import { organizationsOfPerson, type Organization } from '../queries/organizations.ts'
import { findPerson, rememberOrganization, type Person } from '../queries/people.ts'
import {
  activateOrganization,
  deleteSession,
  deleteSessionByToken,
  deleteSessionsOf,
  findSession,
  insertSession,
  listSessions,
  type SessionId,
  type SessionItem,
  type SessionRow,
} from '../queries/sessions.ts'
import { findTwoFactor } from '../queries/two-factors.ts'
import { SESSION_ABSOLUTE_MS, SESSION_IDLE_MS } from '../rules/session-limits.ts'
import { hashToken } from '../rules/tokens.ts'
import { actingIn, personOf } from './acting.ts'
import { installationFacts, type InstallationFacts } from './installation.ts'
import { organizationOf } from './organizations.ts'
import { closeStreamsOf } from './streams.ts'

const USER_AGENT_MAX = 200
const SESSIONS_LISTED_MAX = 100

/** The browser that signs in. */
export interface Browser {
  userAgent: string
  /** The session it brings along, which ends: a session never outlives a sign-in. */
  tokenHash: Buffer | null
}

/** What a fresh session is: its token, for the cookie only. */
export interface OpenedSession {
  token: string
  expiresAt: Date
}

/**
 * Opens a session of a person who has proved themselves, in the organization where they worked last.
 * Source: ASVS 7.2.3 (160 random bits), 7.2.4 (a new token at each sign-in)
 */
export async function openSession(ctx: Ctx, person: Person, browser: Browser): Promise<OpenedSession> {
  const organizations = await organizationsOf(ctx, person.id)
  const active =
    organizations.find(({ id }) => id === person.lastOrganizationId) ?? organizations.at(0) ?? null
  const token = newSecret()
  const expiresAt = new Date(ctx.now().getTime() + SESSION_ABSOLUTE_MS)
  const id = newId<'session'>(ctx.now())
  const acting =
    active === null ? ctx : actingIn(ctx, active.id, { kind: 'member', id: person.id, role: active.role })
  await inTransaction(acting, async (ctx) => {
    if (browser.tokenHash) closeStreamsOf(ctx, await deleteSessionByToken(ctx.db, browser.tokenHash))
    await insertSession(ctx.db, {
      id,
      tokenHash: hashToken(token),
      personId: person.id,
      activeOrganizationId: active?.id ?? null,
      userAgent: browser.userAgent.slice(0, USER_AGENT_MAX),
      addressPrefix: ctx.addressPrefix,
      now: ctx.now(),
      expiresAt,
    })
    audit(ctx, 'session.started', { kind: 'person', id: person.id }, { sessionId: id })
  })
  return { token, expiresAt }
}

/** Who is signed in, as the screens need it. */
export interface SessionView {
  person: Person
  organization: Organization | null
  role: Role | null
  permissions: string[]
  organizations: { id: OrgId; name: string; role: Role }[]
  secondFactor: boolean
  installation: InstallationFacts
}

export async function describeSession(ctx: Ctx): Promise<SessionView> {
  const personId = personOf(ctx)
  const person = await findPerson(ctx.db, personId)
  if (!person) throw errors.session_not_found()
  const organizations = await organizationsOf(ctx, personId)
  const active = organizations.find(({ id }) => id === ctx.orgId) ?? null
  return {
    person,
    organization: active ? await organizationOf(ctx) : null,
    role: active?.role ?? null,
    permissions: active ? permissionsOf(active.role) : [],
    organizations,
    secondFactor: (await findTwoFactor(ctx.db, personId))?.confirmedAt instanceof Date,
    installation: await installationFacts(ctx),
  }
}

/** @throws team.organization_forbidden when the person does not belong to it, or there is none */
export async function switchOrganization(ctx: Ctx, orgId: OrgId, tokenHash: Buffer | null): Promise<void> {
  const personId = personOf(ctx)
  const role = await findRole(actingIn(ctx, orgId), personId)
  if (role === undefined || tokenHash === null) throw errors.organization_forbidden({ orgId })
  await inTransaction(actingIn(ctx, orgId, { kind: 'member', id: personId, role }), async (ctx) => {
    await activateOrganization(ctx.db, tokenHash, orgId)
    await rememberOrganization(ctx.db, personId, orgId)
    audit(ctx, 'session.switched', { kind: 'person', id: personId }, {})
  })
}

/** Ends the session with this token; ending none is as good. */
export async function signOut(ctx: Ctx, tokenHash: Buffer | null): Promise<void> {
  if (!tokenHash) return
  const now = ctx.now()
  const session = await findSession(ctx.db, tokenHash, now, new Date(now.getTime() - SESSION_IDLE_MS))
  const acting = session ? await actingAs(ctx, session) : ctx
  await inTransaction(acting, async (ctx) => {
    const ended = await deleteSessionByToken(ctx.db, tokenHash)
    // One that had run out before has ended already, and by nobody.
    if (!session || ended.length === 0) return
    closeStreamsOf(ctx, ended)
    audit(ctx, 'session.ended', { kind: 'person', id: session.personId }, { sessionId: session.id })
  })
}

/** The same request, acting as the person of a session in the organization where they work, if they do in any. */
async function actingAs(ctx: Ctx, { personId, activeOrganizationId: orgId }: SessionRow): Promise<Ctx> {
  const role = orgId === null ? undefined : await findRole(actingIn(ctx, orgId), personId)
  if (orgId === null || role === undefined) return ctx
  return actingIn(ctx, orgId, { kind: 'member', id: personId, role })
}

export function ownSessions(ctx: Ctx, currentHash: Buffer | null): Promise<SessionItem[]> {
  const now = ctx.now()
  return listSessions(ctx.db, {
    personId: personOf(ctx),
    currentHash,
    now,
    seenAfter: new Date(now.getTime() - SESSION_IDLE_MS),
    limit: SESSIONS_LISTED_MAX,
  })
}

/** @throws team.session_not_found */
export function endSession(ctx: Ctx, id: SessionId): Promise<void> {
  const personId = personOf(ctx)
  return inTransaction(ctx, async (ctx) => {
    const ended = await deleteSession(ctx.db, personId, id)
    if (ended.length === 0) throw errors.session_not_found({ id })
    closeStreamsOf(ctx, ended)
    audit(ctx, 'session.ended', { kind: 'person', id: personId }, { sessionId: id })
  })
}

export function endOtherSessions(ctx: Ctx, currentHash: Buffer | null): Promise<void> {
  const personId = personOf(ctx)
  return inTransaction(ctx, async (ctx) => {
    const ended = await deleteSessionsOf(ctx.db, personId, currentHash)
    if (ended.length === 0) return
    closeStreamsOf(ctx, ended)
    audit(ctx, 'session.others_ended', { kind: 'person', id: personId }, { ended: ended.length })
  })
}

function organizationsOf(ctx: Ctx, personId: PersonId): Promise<{ id: OrgId; name: string; role: Role }[]> {
  return personTransaction(ctx.platform.database, personId, (db) => organizationsOfPerson(db, personId))
}
