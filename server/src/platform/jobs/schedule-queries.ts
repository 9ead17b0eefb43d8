/** All SQL of the schedule table. */
import { systemTransaction, type Database } from '../db/index.ts'

/** Makes the schedules known; a new one is due at once. */
export const openSchedules = (database: Database, names: readonly string[], now: Date): Promise<unknown> =>
  systemTransaction(database, (db) =>
    db.named(
      'platform_schedule_open',
      `
    insert into schedule (name, due_at) select n, $2 from unnest($1::text[]) as n on conflict (name) do nothing`,
      [names, now],
    ),
  )

export const dueSchedules = async (database: Database, now: Date): Promise<string[]> =>
  (
    await systemTransaction(database, (db) =>
      db.named<{ name: string }>(
        'platform_schedule_due',
        'select name from schedule where due_at <= $1 order by due_at, name',
        [now],
      ),
    )
  ).map((row) => row.name)

/** Books the next period; false when another worker was first. */
export const bookSchedule = async (
  database: Database,
  name: string,
  now: Date,
  nextAt: Date,
  owner: string,
): Promise<boolean> =>
  (
    await systemTransaction(database, (db) =>
      db.named(
        'platform_schedule_book',
        'update schedule set due_at = $3, booked_by = $4 where name = $1 and due_at <= $2 returning name',
        [name, now, nextAt, owner],
      ),
    )
  ).length > 0
