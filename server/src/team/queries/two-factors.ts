/** SQL over second factors. */
import type { Db } from '../../platform/db/index.ts'
import type { PersonId } from '../../platform/ids.ts'

export interface TwoFactor {
  /** The TOTP secret, sealed. */
  secret: Buffer
  confirmedAt: Date | null
  lastStep: string
  recoveryCodesLeft: number
}

export async function findTwoFactor(db: Db, personId: PersonId): Promise<TwoFactor | undefined> {
  const [row] = await db.named<TwoFactor>(
    'team_two_factor_find',
    `
    select secret, confirmed_at, last_step, cardinality(recovery_hashes) as recovery_codes_left
    from two_factor where person_id = $1`,
    [personId],
  )
  return row
}

/** Begins anew, unless one is confirmed already. @returns false when it is */
export async function startTwoFactor(
  db: Db,
  personId: PersonId,
  secret: Buffer,
  now: Date,
): Promise<boolean> {
  const rows = await db.named(
    'team_two_factor_start',
    `
    insert into two_factor (person_id, secret, created_at) values ($1, $2, $3)
    on conflict (person_id) do update set secret = excluded.secret, created_at = excluded.created_at, last_step = 0
      where two_factor.confirmed_at is null
    returning person_id`,
    [personId, secret, now],
  )
  return rows.length > 0
}

export async function confirmTwoFactor(
  db: Db,
  personId: PersonId,
  recoveryHashes: readonly Buffer[],
  now: Date,
): Promise<boolean> {
  const rows = await db.named(
    'team_two_factor_confirm',
    `
    update two_factor set confirmed_at = $2, recovery_hashes = $3
    where person_id = $1 and confirmed_at is null returning person_id`,
    [personId, now, recoveryHashes],
  )
  return rows.length > 0
}

/** Uses a time step up. @returns false when it, or a later one, was used before: codes work once */
export async function useStep(db: Db, personId: PersonId, step: number): Promise<boolean> {
  const rows = await db.named(
    'team_two_factor_step',
    'update two_factor set last_step = $2 where person_id = $1 and last_step < $2 returning person_id',
    [personId, step],
  )
  return rows.length > 0
}

/** Uses a recovery code up. @returns false when there is no such code, or no longer */
export async function useRecoveryCode(db: Db, personId: PersonId, hash: Buffer): Promise<boolean> {
  const rows = await db.named(
    'team_two_factor_recover',
    `
    update two_factor set recovery_hashes = array_remove(recovery_hashes, $2)
    where person_id = $1 and $2 = any (recovery_hashes) returning person_id`,
    [personId, hash],
  )
  return rows.length > 0
}

export async function replaceRecoveryCodes(
  db: Db,
  personId: PersonId,
  hashes: readonly Buffer[],
): Promise<boolean> {
  const rows = await db.named(
    'team_two_factor_codes',
    `
    update two_factor set recovery_hashes = $2
    where person_id = $1 and confirmed_at is not null returning person_id`,
    [personId, hashes],
  )
  return rows.length > 0
}

export async function deleteTwoFactor(db: Db, personId: PersonId): Promise<boolean> {
  const rows = await db.named(
    'team_two_factor_delete',
    'delete from two_factor where person_id = $1 and confirmed_at is not null returning person_id',
    [personId],
  )
  return rows.length > 0
}
