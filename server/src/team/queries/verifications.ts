/** SQL over single-use secrets: mailed password resets, and passwords that wait for a second factor. */
import type { Db } from '../../platform/db/index.ts'
import type { PersonId } from '../../platform/ids.ts'

export type VerificationPurpose = 'password_reset' | 'second_factor'

export async function insertVerification(
  db: Db,
  verification: {
    tokenHash: Buffer
    purpose: VerificationPurpose
    personId: PersonId
    now: Date
    expiresAt: Date
  },
): Promise<void> {
  await db.named(
    'team_verification_insert',
    `
    insert into verification (token_hash, purpose, person_id, created_at, expires_at) values ($1, $2, $3, $4, $5)`,
    [
      verification.tokenHash,
      verification.purpose,
      verification.personId,
      verification.now,
      verification.expiresAt,
    ],
  )
}

/** Counts an attempt and gives the person, while the secret is unused, unexpired and not tried too often. */
export async function tryVerification(
  db: Db,
  verification: { tokenHash: Buffer; purpose: VerificationPurpose; attemptsMax: number; now: Date },
): Promise<PersonId | undefined> {
  const [row] = await db.named<{ personId: PersonId }>(
    'team_verification_try',
    `
    update verification set attempts = attempts + 1
    where token_hash = $1 and purpose = $2 and used_at is null and expires_at > $3 and attempts < $4
    returning person_id`,
    [verification.tokenHash, verification.purpose, verification.now, verification.attemptsMax],
  )
  return row?.personId
}

/** Uses a secret up. @returns false when somebody else just did */
export async function useVerification(db: Db, tokenHash: Buffer, now: Date): Promise<boolean> {
  const rows = await db.named(
    'team_verification_use',
    'update verification set used_at = $2 where token_hash = $1 and used_at is null returning person_id',
    [tokenHash, now],
  )
  return rows.length > 0
}

/** Uses up every open secret of a person and purpose. */
export async function voidVerifications(
  db: Db,
  personId: PersonId,
  purpose: VerificationPurpose,
  now: Date,
): Promise<void> {
  await db.named(
    'team_verification_void',
    'update verification set used_at = $3 where person_id = $1 and purpose = $2 and used_at is null',
    [personId, purpose, now],
  )
}

/** How many secrets a person was given since an instant. */
export async function countVerifications(
  db: Db,
  personId: PersonId,
  purpose: VerificationPurpose,
  since: Date,
): Promise<number> {
  const [row] = await db.named<{ count: number }>(
    'team_verification_count',
    `
    select count(*)::int as count from verification
    where person_id = $1 and purpose = $2 and created_at > $3`,
    [personId, purpose, since],
  )
  return row?.count ?? 0
}

export async function purgeVerifications(db: Db, before: Date): Promise<void> {
  await db.named('team_verification_purge', 'delete from verification where expires_at < $1', [before])
}
