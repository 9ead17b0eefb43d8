/** Who calls: the API key of the Authorization header, or else the session of the cookie. */
import type { FastifyRequest } from 'fastify'
import type { Authenticate, Caller } from '../platform/http/index.ts'
import { SYSTEM_ORG } from '../platform/ids.ts'
import type { Platform } from '../platform/platform.ts'
import { findUsableKey, touchKey } from './queries/api-keys.ts'
import { findRole } from './queries/memberships.ts'
import { findSession, touchSession } from './queries/sessions.ts'
import { SESSION_IDLE_MS, SESSION_TOUCH_MS, sessionCookieName } from './rules/session-limits.ts'
import { hashToken, readApiKey, sameHash } from './rules/tokens.ts'

/** The last use of a key is written at most that often: a read should not cost a write. */
const KEY_TOUCH_MS = 5 * 60_000

/** Recognises callers. A request with an Authorization header is judged by it alone, whatever cookies it carries. */
export function authenticate(platform: Platform): Authenticate {
  return (request, { isUse } = USE) => {
    const header = request.headers.authorization
    if (header === undefined) return bySession(platform, request, isUse)
    const key = /^Bearer\s+(\S+)$/i.exec(header)?.[1]
    return key === undefined ? Promise.resolve(null) : byApiKey(platform, key, isUse)
  }
}

const USE = { isUse: true }

/** The hash of the session token that a request carries; null without one. */
export function sessionTokenHash(platform: Platform, request: FastifyRequest): Buffer | null {
  const token = request.cookies[sessionCookieName(platform.config.publicUrl)]
  return token === undefined ? null : hashToken(token)
}

async function byApiKey(platform: Platform, key: string, isUse: boolean): Promise<Caller | null> {
  const named = readApiKey(key)
  if (!named) return null
  const ctx = platform.systemCtx(named.orgId)
  const found = await findUsableKey(ctx, named.prefix)
  if (!found || !sameHash(found.keyHash, hashToken(key))) return null
  const notedAfter = ctx.now().getTime() - KEY_TOUCH_MS
  if (isUse && (found.lastUsedAt?.getTime() ?? 0) < notedAfter) await touchKey(ctx, found.id)
  return {
    personId: null,
    orgId: named.orgId,
    actor: { kind: 'api_key', id: found.id, scopes: found.scopes },
    locale: found.locale,
    by: 'api_key',
  }
}

async function bySession(
  platform: Platform,
  request: FastifyRequest,
  isUse: boolean,
): Promise<Caller | null> {
  const tokenHash = sessionTokenHash(platform, request)
  if (!tokenHash) return null
  const { db } = platform.systemCtx(SYSTEM_ORG)
  const now = platform.clock.now()
  const session = await findSession(db, tokenHash, now, new Date(now.getTime() - SESSION_IDLE_MS))
  if (!session) return null
  if (isUse && session.seenAt.getTime() < now.getTime() - SESSION_TOUCH_MS)
    await touchSession(db, session.id, now)
  const { personId, activeOrganizationId: orgId, locale } = session
  const role = orgId === null ? undefined : await findRole(platform.systemCtx(orgId), personId)
  // A membership that ended leaves the person signed in, in no organization.
  if (orgId === null || role === undefined)
    return { personId, orgId: null, actor: null, locale, by: 'session' }
  return { personId, orgId, actor: { kind: 'member', id: personId, role }, locale, by: 'session' }
}
