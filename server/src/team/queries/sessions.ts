/** SQL over sessions. They belong to a person, not to an organization. */
import type { Locale } from '../../platform/context.ts'
import type { Db } from '../../platform/db/index.ts'
import type { Id, OrgId, PersonId } from '../../platform/ids.ts'

export type SessionId = Id<'session'>

/** A browser that is signed in, and who sits before it. */
export interface SessionRow {
  id: SessionId
  personId: PersonId
  activeOrganizationId: OrgId | null
  seenAt: Date
  locale: Locale
}

export interface NewSession {
  id: SessionId
  tokenHash: Buffer
  personId: PersonId
  activeOrganizationId: OrgId | null
  userAgent: string
  addressPrefix: string | null
  now: Date
  expiresAt: Date
}

/** A session that is neither expired nor idle for too long, of a person who is not disabled. */
export async function findSession(
  db: Db,
  tokenHash: Buffer,
  now: Date,
  seenAfter: Date,
): Promise<SessionRow | undefined> {
  const [row] = await db.named<SessionRow>(
    'team_session_find',
    `
    select s.id, s.person_id, s.active_organization_id, s.seen_at, p.locale
    from session s join person p on p.id = s.person_id
    where s.token_hash = $1 and s.expires_at > $2 and s.seen_at > $3 and p.disabled_at is null`,
    [tokenHash, now, seenAfter],
  )
  return row
}

export async function insertSession(db: Db, session: NewSession): Promise<void> {
  await db.named(
    'team_session_insert',
    `
    insert into session (id, token_hash, person_id, active_organization_id, user_agent, address_prefix, created_at, seen_at, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7, $7, $8)`,
    [
      session.id,
      session.tokenHash,
      session.personId,
      session.activeOrganizationId,
      session.userAgent,
      session.addressPrefix,
      session.now,
      session.expiresAt,
    ],
  )
}

export async function touchSession(db: Db, id: SessionId, now: Date): Promise<void> {
  await db.named('team_session_touch', 'update session set seen_at = $2 where id = $1', [id, now])
}
