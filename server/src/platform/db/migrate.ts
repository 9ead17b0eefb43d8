/** Migrations: plain SQL files, forward only, in the order of their names, under a lock. */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import pg from 'pg'
import { AppError } from '../errors.ts'
import type { Log } from '../log.ts'
import { APP_ROLE, type Connection } from './pool.ts'

const MIGRATIONS = new URL('../../../migrations/', import.meta.url)

/** Any number will do, as long as every installation uses the same. */
const LOCK = 7_262_001

/** The oldest PostgreSQL that our statements run on (server_version_num). */
const SERVER_VERSION_MIN = 150_000

export interface MigrateOptions {
  /** Only these are applied: a restore makes the schema as it was when the backup was made. */
  only?: ReadonlySet<string>
}

/**
 * Brings the schema up to date; several processes may call it at once, one does the work.
 * @returns names of the migrations that were applied
 * @throws platform.migration_changed when an applied file was edited afterwards
 */
export async function migrate(
  connection: Connection,
  log: Log,
  options: MigrateOptions = {},
): Promise<string[]> {
  const client = new pg.Client({ ...connection, application_name: 'fanfare migrate' })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK])
    await checkServer(client)
    await prepare(client)
    return await applyPending(client, log, options.only)
  } finally {
    await client.end()
  }
}

/** Names of the migrations that this database has not had yet. A database without our tables has had none. */
export async function pendingMigrations(connection: Connection): Promise<string[]> {
  const client = new pg.Client({ ...connection, application_name: 'fanfare migrations' })
  await client.connect()
  try {
    const known = await client.query<{ is_there: boolean }>(
      "select to_regclass('public.schema_migration') is not null as is_there",
    )
    const applied = known.rows[0]?.is_there
      ? (await client.query<{ name: string }>('select name from schema_migration')).rows.map(
          (row) => row.name,
        )
      : []
    const names = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql'))
    return names.filter((name) => !applied.includes(name)).toSorted()
  } finally {
    await client.end()
  }
}

async function checkServer(client: pg.Client): Promise<void> {
  const version = await client.query<{ version: number; label: string }>(
    "select current_setting('server_version_num')::int as version, current_setting('server_version') as label",
  )
  const server = version.rows[0]
  if (server && server.version < SERVER_VERSION_MIN)
    throw new AppError(
      'platform.database_too_old',
      503,
      `PostgreSQL ${server.label} is too old: Fanfare needs 15 or newer. Upgrade the server that DATABASE_URL names.`,
    )
}

async function prepare(client: pg.Client): Promise<void> {
  // Two installations on one server share the role; the second finds it there.
  await client.query(
    `do $$ begin create role ${APP_ROLE} nologin; exception when duplicate_object or unique_violation then null; end $$`,
  )
  await client.query(
    `do $$ begin execute format('grant ${APP_ROLE} to %I', current_user); exception when others then null; end $$`,
  )
  await client.query(`grant usage on schema public to ${APP_ROLE}`)
  await client.query(
    'create table if not exists schema_migration (name text primary key, checksum text not null, applied_at timestamptz not null default now())',
  )
}

async function applyPending(client: pg.Client, log: Log, only?: ReadonlySet<string>): Promise<string[]> {
  const applied = new Map(
    (
      await client.query<{ name: string; checksum: string }>('select name, checksum from schema_migration')
    ).rows.map((row) => [row.name, row.checksum]),
  )
  const names = (await readdir(MIGRATIONS))
    .filter((name) => name.endsWith('.sql') && (only === undefined || only.has(name)))
    .toSorted()
  const done: string[] = []
  for (const name of names) {
    const text = await readFile(new URL(name, MIGRATIONS), 'utf8')
    const checksum = createHash('sha256').update(text).digest('hex')
    const known = applied.get(name)
    if (known !== undefined && known !== checksum)
      throw new AppError(
        'platform.migration_changed',
        503,
        `Migration ${name} was changed after it had been applied here. Restore the released file, or start with an empty data directory.`,
      )
    if (known !== undefined) continue
    await client.query('begin')
    await client.query(text)
    await client.query('insert into schema_migration (name, checksum) values ($1, $2)', [name, checksum])
    await client.query('commit')
    log.debug({ migration: name }, 'migration applied')
    done.push(name)
  }
  if (done.length > 0) await grant(client)
  return done
}

/** The application may read and write rows, never definitions; the audit chain it may only lengthen. */
async function grant(client: pg.Client): Promise<void> {
  await client.query(`grant select, insert, update, delete on all tables in schema public to ${APP_ROLE}`)
  await client.query(`grant usage on all sequences in schema public to ${APP_ROLE}`)
  await client.query(`revoke insert, update, delete on schema_migration from ${APP_ROLE}`)
  await client.query(`revoke update, delete on audit_entry from ${APP_ROLE}`)
  await client.query(`grant update (change, salt) on audit_entry to ${APP_ROLE}`)
  // Policies stand on the parents: a partition reached directly would answer every organization.
  const partitions = await client.query<{ name: string }>(
    "select inhrelid::regclass::text as name from pg_inherits join pg_class c on c.oid = inhrelid where c.relkind = 'r'",
  )
  for (const { name } of partitions.rows) await client.query(`revoke all on ${name} from ${APP_ROLE}`)
}
