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

/** A session as its owner sees it. */
export interface SessionItem {
  id: SessionId
  userAgent: string
  addressPrefix: string | null
  createdAt: Date
  seenAt: Date
  isCurrent: boolean
}

/** Sessions that are still good, latest use first. */
export function listSessions(
  db: Db,
  list: { personId: PersonId; currentHash: Buffer | null; now: Date; seenAfter: Date; limit: number },
): Promise<SessionItem[]> {
  return db.named(
    'team_session_list',
    `
    select id, user_agent, address_prefix, created_at, seen_at, token_hash = coalesce($2, ''::bytea) as is_current
    from session where person_id = $1 and expires_at > $3 and seen_at > $4 order by seen_at desc, id limit $5`,
    [list.personId, list.currentHash, list.now, list.seenAfter, list.limit],
  )
}

export async function activateOrganization(db: Db, tokenHash: Buffer, orgId: OrgId | null): Promise<void> {
  await db.named(
    'team_session_activate',
    'update session set active_organization_id = $2 where token_hash = $1',
    [tokenHash, orgId],
  )
}

/** A session that was ended: where it worked. */
export interface EndedSession {
  activeOrganizationId: OrgId | null
}

/** @returns nothing when there is no such session */
export function deleteSessionByToken(db: Db, tokenHash: Buffer): Promise<EndedSession[]> {
  return db.named(
    'team_session_delete_token',
    'delete from session where token_hash = $1 returning active_organization_id',
    [tokenHash],
  )
}

/** @returns nothing when the person has no such session */
export function deleteSession(db: Db, personId: PersonId, id: SessionId): Promise<EndedSession[]> {
  return db.named(
    'team_session_delete',
    'delete from session where person_id = $1 and id = $2 returning active_organization_id',
    [personId, id],
  )
}

/** Ends a person's sessions, but for the one with this token. */
export function deleteSessionsOf(
  db: Db,
  personId: PersonId,
  exceptHash: Buffer | null,
): Promise<EndedSession[]> {
  return db.named(
    'team_session_delete_all',
    `
    delete from session where person_id = $1 and token_hash <> coalesce($2, ''::bytea)
    returning active_organization_id`,
    [personId, exceptHash],
  )
}

/** Ends a person's sessions in one organization: they were removed from it. */
export async function deleteSessionsIn(db: Db, personId: PersonId, orgId: OrgId): Promise<void> {
  await db.named(
    'team_session_delete_in',
    'delete from session where person_id = $1 and active_organization_id = $2',
    [personId, orgId],
  )
}

export async function purgeSessions(db: Db, now: Date, seenBefore: Date): Promise<void> {
  await db.named('team_session_purge', 'delete from session where expires_at < $1 or seen_at < $2', [
    now,
    seenBefore,
  ])
}
