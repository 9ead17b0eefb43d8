/** Routes call verbs. What belongs to HTTP alone stands here: the cookie, and which browser asks. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { verifyAudit } from '../platform/audit/index.ts'
import type { Ctx } from '../platform/context.ts'
import { ID_KINDS, toWire, type IdKind, type PersonId } from '../platform/ids.ts'
import { handle } from '../platform/room.ts'
import { authenticate, sessionTokenHash } from './authenticate.ts'
import { errors } from './errors.ts'
import type { AuditEntry } from './queries/audit-entries.ts'
import { sessionCookieName } from './rules/session-limits.ts'
import { routes } from './schema.ts'
import { changeProfile } from './service/account.ts'
import { apiKeysOf, createApiKey, revokeApiKey } from './service/api-keys.ts'
import { auditLog } from './service/audit-log.ts'
import { installationFacts } from './service/installation.ts'
import {
  acceptInvitation,
  invite,
  openInvitations,
  readInvitation,
  resendInvitation,
  revokeInvitation,
} from './service/invitations.ts'
import { changeRole, leaveOrganization, membersOf, removeMember } from './service/members.ts'
import { changeOrganization, createOrganization, organizationOf } from './service/organizations.ts'
import { changePassword, forgetPassword, resetPassword } from './service/passwords.ts'
import {
  beginSecondFactor,
  confirmSecondFactor,
  describeSecondFactor,
  renewRecoveryCodes,
  turnOffSecondFactor,
} from './service/second-factor.ts'
import {
  describeSession,
  endOtherSessions,
  endSession,
  ownSessions,
  signOut,
  switchOrganization,
  type Browser,
  type OpenedSession,
} from './service/sessions.ts'
import { setUpInBrowser } from './service/setup.ts'
import { provideSecondFactor, signIn, type SignInOutcome } from './service/sign-in.ts'

interface Signed {
  status: 'signed_in' | 'second_factor'
  challenge: string | null
}

export const handlers = handle(routes, {
  'GET /api/setup': (ctx) => installationFacts(ctx),
  'POST /api/setup': async (ctx, { body, request, reply }) =>
    keep(ctx, reply, await setUpInBrowser(ctx, body, browserOf(ctx, request))),

  'POST /api/auth/sign-in': async (ctx, { body, request, reply }) =>
    outcome(ctx, reply, () => signIn(ctx, body, browserOf(ctx, request))),
  'POST /api/auth/second-factor': async (ctx, { body, request, reply }) =>
    outcome(ctx, reply, () => provideSecondFactor(ctx, body, browserOf(ctx, request))),
  'POST /api/auth/sign-out': async (ctx, { request, reply }) => {
    await signOut(ctx, sessionTokenHash(ctx.platform, request))
    reply.clearCookie(cookieName(ctx), cookieOptions(ctx))
  },
  'POST /api/auth/forgot-password': async (ctx, { body }) => {
    await forgetPassword(ctx, body.email)
    return {}
  },
  'POST /api/auth/reset-password': (ctx, { body }) => resetPassword(ctx, body),

  'GET /api/session': (ctx) => describeSession(ctx),
  'POST /api/session/organization': (ctx, { body, request }) =>
    switchOrganization(ctx, body.organizationId, sessionTokenHash(ctx.platform, request)),
  'PATCH /api/account': (ctx, { body }) => changeProfile(ctx, body),
  'POST /api/account/password': (ctx, { body, request }) =>
    changePassword(ctx, body, sessionTokenHash(ctx.platform, request)),
  'GET /api/account/sessions': async (ctx, { request }) => ({
    items: await ownSessions(ctx, sessionTokenHash(ctx.platform, request)),
  }),
  'DELETE /api/account/sessions/:id': (ctx, { params }) => endSession(ctx, params.id),
  'POST /api/account/sessions/end-others': (ctx, { request }) =>
    endOtherSessions(ctx, sessionTokenHash(ctx.platform, request)),
  'GET /api/account/second-factor': (ctx) => describeSecondFactor(ctx),
  'POST /api/account/second-factor': (ctx, { body }) => beginSecondFactor(ctx, body.password),
  'POST /api/account/second-factor/confirm': async (ctx, { body }) => ({
    recoveryCodes: await confirmSecondFactor(ctx, body.code),
  }),
  'POST /api/account/second-factor/recovery-codes': async (ctx, { body }) => ({
    recoveryCodes: await renewRecoveryCodes(ctx, body.password),
  }),
  'POST /api/account/second-factor/turn-off': (ctx, { body }) => turnOffSecondFactor(ctx, body.password),
  'POST /api/account/leave': (ctx, { body }) => leaveOrganization(ctx, body.organizationId),

  'POST /api/organizations': (ctx, { body, request }) =>
    createOrganization(ctx, body, sessionTokenHash(ctx.platform, request)),
  'GET /api/organization': (ctx) => organizationOf(ctx),
  'PATCH /api/organization': (ctx, { body }) => changeOrganization(ctx, body),

  'GET /api/members': async (ctx) => ({ items: await membersOf(ctx) }),
  'PATCH /api/members/:personId': (ctx, { params, body }) => changeRole(ctx, params.personId, body.role),
  'DELETE /api/members/:personId': (ctx, { params }) => removeMember(ctx, params.personId),

  'GET /api/invitations': async (ctx) => ({ items: await openInvitations(ctx) }),
  'POST /api/invitations': (ctx, { body }) => invite(ctx, body),
  'POST /api/invitations/:id/resend': (ctx, { params }) => resendInvitation(ctx, params.id),
  'DELETE /api/invitations/:id': (ctx, { params }) => revokeInvitation(ctx, params.id),
  'GET /api/invitations/accept/:token': (ctx, { params }) => readInvitation(ctx, params.token),
  'POST /api/invitations/accept/:token': async (ctx, { params, body, request, reply }) => {
    const acceptance = {
      name: body.name,
      password: body.password,
      signedIn: await signedInPerson(ctx, request),
    }
    const opened = await acceptInvitation(ctx, params.token, acceptance, browserOf(ctx, request))
    return opened ? keep(ctx, reply, opened) : { status: 'signed_in' as const, challenge: null }
  },

  'GET /api/api-keys': async (ctx) => ({ items: await apiKeysOf(ctx) }),
  'POST /api/api-keys': (ctx, { body }) => createApiKey(ctx, body),
  'DELETE /api/api-keys/:id': (ctx, { params }) => revokeApiKey(ctx, params.id),

  'GET /api/audit': async (ctx, { query }) => {
    const { items, nextCursor } = await auditLog(ctx, query)
    return { items: items.map(entryOnWire), nextCursor }
  },
  'GET /api/audit/verification': (ctx) => verifyAudit(ctx),
})

/** The route is public: it asks by itself whether somebody is signed in. */
async function signedInPerson(ctx: Ctx, request: FastifyRequest): Promise<PersonId | null> {
  const caller = await authenticate(ctx.platform)(request)
  return caller?.personId ?? null
}

async function outcome(ctx: Ctx, reply: FastifyReply, work: () => Promise<SignInOutcome>): Promise<Signed> {
  const result = await work().catch((error: unknown) => {
    const waitS = retryAfterOf(error)
    if (waitS !== null) reply.header('retry-after', waitS)
    throw error
  })
  return result.status === 'signed_in'
    ? keep(ctx, reply, result.session)
    : { status: 'second_factor', challenge: result.challenge }
}

function retryAfterOf(error: unknown): string | null {
  const { code } = errors.too_many_attempts()
  if (!(error instanceof Error) || !('code' in error) || error.code !== code) return null
  const extra = 'extra' in error ? (error.extra as Record<string, unknown>) : {} // an AppError of this room
  return typeof extra['retryAfterS'] === 'number' ? String(extra['retryAfterS']) : null
}

/** Puts the session's token into the browser. */
function keep(ctx: Ctx, reply: FastifyReply, session: OpenedSession): Signed {
  reply.setCookie(cookieName(ctx), session.token, { ...cookieOptions(ctx), expires: session.expiresAt })
  return { status: 'signed_in', challenge: null }
}

const cookieName = (ctx: Ctx): string => sessionCookieName(ctx.platform.config.publicUrl)

function cookieOptions(ctx: Ctx): { path: string; httpOnly: true; sameSite: 'lax'; secure: boolean } {
  return {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: ctx.platform.config.publicUrl.startsWith('https:'),
  }
}

const browserOf = (ctx: Ctx, request: FastifyRequest): Browser => ({
  userAgent: request.headers['user-agent'] ?? '',
  tokenHash: sessionTokenHash(ctx.platform, request),
})

/** Ids of kinds that the wire knows leave in their wire form, others as they stand in the log. */
function entryOnWire(entry: AuditEntry) {
  const { actorKind, actorId, actorName, subjectKind, subjectId, ...rest } = entry
  return {
    ...rest,
    actor: {
      kind: actorKind,
      id: idOnWire(actorKind === 'member' ? 'person' : actorKind, actorId),
      name: actorName,
    },
    subject: { kind: subjectKind, id: idOnWire(subjectKind, subjectId) },
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function idOnWire(kind: string, id: string): string {
  if (!(kind in ID_KINDS)) return id
  const { form } = ID_KINDS[kind as IdKind] // just found to be one
  return (form === 'uuid' ? UUID : /^[1-9]\d*$/).test(id) ? toWire(kind as IdKind, id) : id
}
