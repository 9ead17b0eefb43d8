/** SQL over organizations. The table has no org_id: it is what an org_id points at. */
import type { Locale } from '../../platform/context.ts'
import type { Db } from '../../platform/db/index.ts'
import type { OrgId, PersonId } from '../../platform/ids.ts'
import type { Role } from '../../platform/permissions.ts'

/** What an organization can be told about itself. */
export interface OrganizationSettings {
  name: string
  locale: Locale
  /** IANA zone in which the organization plans. */
  timeZone: string
  /** ISO 4217. */
  currency: string
  /** Shown below marketing mails, as the law asks; null until given. */
  postalAddress: string | null
}

export interface Organization extends OrganizationSettings {
  id: OrgId
  isSample: boolean
  createdAt: Date
}

const COLUMNS = 'id, name, locale, time_zone, currency, postal_address, is_sample, created_at'

export async function findOrganization(db: Db, id: OrgId): Promise<Organization | undefined> {
  const [row] = await db.named<Organization>(
    'team_organization_find',
    `select ${COLUMNS} from organization where id = $1 and deleted_at is null`,
    [id],
  )
  return row
}

/** Whether anybody has set this installation up. */
export async function someOrganizationExists(db: Db): Promise<boolean> {
  const [row] = await db.named<{ found: boolean }>(
    'team_organization_any',
    'select exists (select from organization) as found',
  )
  return row?.found === true
}

/** Marks the installation as set up. @returns false when it was already */
export async function claimSetup(db: Db, now: Date): Promise<boolean> {
  const rows = await db.named(
    'team_installation_claim',
    'insert into installation (is_set_up, set_up_at) values (true, $1) on conflict (is_set_up) do nothing returning is_set_up',
    [now],
  )
  return rows.length > 0
}

export async function insertOrganization(
  db: Db,
  organization: OrganizationSettings & { id: OrgId; slug: string; isSample: boolean; now: Date },
): Promise<void> {
  await db.named(
    'team_organization_insert',
    `
    insert into organization (id, name, slug, locale, time_zone, currency, postal_address, is_sample, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
    [
      organization.id,
      organization.name,
      organization.slug,
      organization.locale,
      organization.timeZone,
      organization.currency,
      organization.postalAddress,
      organization.isSample,
      organization.now,
    ],
  )
}

export async function updateOrganization(
  db: Db,
  id: OrgId,
  settings: OrganizationSettings,
  now: Date,
): Promise<void> {
  await db.named(
    'team_organization_update',
    `
    update organization set name = $2, locale = $3, time_zone = $4, currency = $5, postal_address = $6, updated_at = $7
    where id = $1`,
    [id, settings.name, settings.locale, settings.timeZone, settings.currency, settings.postalAddress, now],
  )
}

/**
 * The organizations that a person belongs to, across tenants. The db must be one that names the person
 * (`personTransaction`): the policy `own` of membership then shows that person's rows and no others.
 */
export function organizationsOfPerson(
  db: Db,
  personId: PersonId,
): Promise<{ id: OrgId; name: string; role: Role }[]> {
  return db.named(
    'team_organizations_of_person',
    `
    select m.org_id as id, o.name, m.role from membership m join organization o on o.id = m.org_id
    where m.person_id = $1 and o.deleted_at is null order by o.name, m.org_id`,
    [personId],
  )
}
