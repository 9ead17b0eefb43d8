/** SQL over people. A person exists once, in however many organizations they work. */
import type { Locale } from '../../platform/context.ts'
import type { Db } from '../../platform/db/index.ts'
import type { OrgId, PersonId } from '../../platform/ids.ts'

export interface Person {
  id: PersonId
  email: string
  name: string
  locale: Locale
  passwordHash: string | null
  disabledAt: Date | null
  lastOrganizationId: OrgId | null
}

const COLUMNS = 'id, email, name, locale, password_hash, disabled_at, last_organization_id'

export async function findPerson(db: Db, id: PersonId): Promise<Person | undefined> {
  const [row] = await db.named<Person>('team_person_find', `select ${COLUMNS} from person where id = $1`, [
    id,
  ])
  return row
}

/** @param emailKey the address as `emailKeyOf` compares it */
export async function findPersonByEmail(db: Db, emailKey: string): Promise<Person | undefined> {
  const [row] = await db.named<Person>(
    'team_person_find_by_email',
    `select ${COLUMNS} from person where email_key = $1`,
    [emailKey],
  )
  return row
}

/** @returns false when the address is taken */
export async function insertPerson(
  db: Db,
  person: Omit<Person, 'disabledAt' | 'lastOrganizationId'> & { emailKey: string; now: Date },
): Promise<boolean> {
  const rows = await db.named(
    'team_person_insert',
    `
    insert into person (id, email, email_key, name, locale, password_hash, password_changed_at, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $7, $7) on conflict (email_key) do nothing returning id`,
    [person.id, person.email, person.emailKey, person.name, person.locale, person.passwordHash, person.now],
  )
  return rows.length > 0
}

export async function updatePerson(
  db: Db,
  id: PersonId,
  profile: { name: string; locale: Locale },
  now: Date,
): Promise<void> {
  await db.named(
    'team_person_update',
    'update person set name = $2, locale = $3, updated_at = $4 where id = $1',
    [id, profile.name, profile.locale, now],
  )
}

export async function updatePassword(db: Db, id: PersonId, passwordHash: string, now: Date): Promise<void> {
  await db.named(
    'team_person_password',
    'update person set password_hash = $2, password_changed_at = $3, updated_at = $3 where id = $1',
    [id, passwordHash, now],
  )
}

/** Remembers where a person worked last: the next sign-in begins there. */
export async function rememberOrganization(db: Db, id: PersonId, orgId: OrgId): Promise<void> {
  await db.named('team_person_organization', 'update person set last_organization_id = $2 where id = $1', [
    id,
    orgId,
  ])
}
