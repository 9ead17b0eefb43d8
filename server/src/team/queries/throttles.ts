/** SQL over failed attempts. Keys are keyed hashes: the table names nobody. */
import type { Db } from '../../platform/db/index.ts'

/** The latest instant until which one of these keys must wait; null when none must. */
export async function blockedUntil(db: Db, keys: readonly Buffer[], now: Date): Promise<Date | null> {
  const [row] = await db.named<{ until: Date | null }>(
    'team_throttle_read',
    `
    select max(blocked_until) as until from sign_in_throttle where key = any ($1) and blocked_until > $2`,
    [keys, now],
  )
  return row?.until ?? null
}

/** Counts one more failure; after a long pause counting starts anew. @returns failures so far */
export async function countFailure(db: Db, key: Buffer, now: Date, forgottenBefore: Date): Promise<number> {
  const [row] = await db.named<{ failures: number }>(
    'team_throttle_count',
    `
    insert into sign_in_throttle (key, failures, updated_at) values ($1, 1, $2)
    on conflict (key) do update set updated_at = excluded.updated_at,
      failures = case when sign_in_throttle.updated_at < $3 then 1 else sign_in_throttle.failures + 1 end
    returning failures`,
    [key, now, forgottenBefore],
  )
  return row?.failures ?? 1
}

export async function blockUntil(db: Db, key: Buffer, until: Date): Promise<void> {
  await db.named('team_throttle_block', 'update sign_in_throttle set blocked_until = $2 where key = $1', [
    key,
    until,
  ])
}

export async function forgetFailures(db: Db, keys: readonly Buffer[]): Promise<void> {
  await db.named('team_throttle_forget', 'delete from sign_in_throttle where key = any ($1)', [keys])
}

export async function purgeThrottles(db: Db, before: Date): Promise<void> {
  await db.named('team_throttle_purge', 'delete from sign_in_throttle where updated_at < $1', [before])
}
