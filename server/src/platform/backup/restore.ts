/** Restores a backup into an empty database and an empty data directory, or changes nothing. */
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { Readable, pipeline as pipeThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdDecompress } from 'node:zlib'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { AppError, assert } from '../errors.ts'
import { migrate, type Connection } from '../db/index.ts'
import type { Log } from '../log.ts'
import {
  backupEnd,
  backupHeader,
  frames,
  parsed,
  sectionEnd,
  sectionHeader,
  unreadable,
  type BackupHeader,
  type Frame,
} from './format.ts'
import { quoted } from './tables.ts'

/** Where a backup comes from and goes to. Database and data directory must be empty. */
export interface RestoreOptions {
  connection: Connection
  dataDir: string
  source: string
  log: Log
}

/** What was restored. */
export interface RestoreReport {
  header: BackupHeader
  tables: number
  rows: number
  files: number
}

/**
 * Restores a backup: the schema as it was, the rows, the files, then the migrations that are newer than the backup.
 * @throws platform.restore_not_empty, platform.backup_unreadable, platform.backup_too_new, platform.migration_changed
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreReport> {
  const { connection, log } = options
  await makeEmpty(connection)
  const input = frames(readBytes(options.source))
  const header = parsed(backupHeader, (await next(input, 'backup')).payload)
  const applied = await migrate(connection, log, { only: new Set(header.migrations.map(({ name }) => name)) })
  assertSameSchema(header, applied)
  const report: RestoreReport = { header, tables: 0, rows: 0, files: 0 }
  const client = new pg.Client({ ...connection, application_name: 'fanfare restore' })
  await client.connect()
  try {
    await client.query('begin')
    await client.query('set local row_security = off')
    await client.query('set local statement_timeout = 0')
    await restoreSections(client, input, options.dataDir, report)
    await client.query('commit')
    await client.query('analyze')
  } catch (error) {
    await client.query('rollback').catch(() => undefined) // the first error is the one to tell
    throw error
  } finally {
    await client.end()
  }
  await migrate(connection, log)
  return report
}

/**
 * The database must hold nothing. Tables of a Fanfare that was never set up (a start without set-up, a restore that
 * failed) are nothing: they are dropped, because the backup's own schema may be older.
 */
async function makeEmpty(connection: Connection): Promise<void> {
  const client = new pg.Client({ ...connection })
  await client.connect()
  try {
    const tables = await client.query<{ name: string }>(
      `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`,
    )
    if (tables.rowCount === 0) return
    if (!(await isUnusedFanfare(client, tables.rows))) throw notEmpty()
    await client.query('drop schema public cascade')
    await client.query('create schema public')
  } finally {
    await client.end()
  }
}

async function isUnusedFanfare(client: pg.Client, tables: readonly { name: string }[]): Promise<boolean> {
  const has = (name: string): boolean => tables.some((table) => table.name === name)
  if (!has('schema_migration') || !has('org_log')) return false
  // Every organization writes to its log when it is founded; policies must not hide one.
  await client.query('set row_security = off')
  const found = await client.query('select 1 from org_log limit 1')
  return found.rowCount === 0
}

function notEmpty(): AppError {
  return new AppError(
    'platform.restore_not_empty',
    409,
    'The database is not empty. A backup is restored into a new one: name an empty folder in FANFARE_DATA_DIR, or an empty database in DATABASE_URL.',
  )
}

function assertSameSchema(header: BackupHeader, applied: readonly string[]): void {
  const missing = header.migrations.find(({ name }) => !applied.includes(name))
  if (missing)
    throw new AppError(
      'platform.backup_too_new',
      409,
      `The backup was made by a newer Fanfare (it has the migration ${missing.name}). Restore it with that version or a later one.`,
    )
}

async function restoreSections(
  client: pg.Client,
  input: AsyncGenerator<Frame>,
  dataDir: string,
  report: RestoreReport,
): Promise<void> {
  for (let sections = 0; ; sections++) {
    const { value: found, done } = await input.next()
    if (done) throw unreadable()
    if (found.kind === 'backup end') {
      if (parsed(backupEnd, found.payload).sections !== sections) throw unreadable()
      return
    }
    if (found.kind !== 'section') throw unreadable()
    const section = parsed(sectionHeader, found.payload)
    const counted = { expected: 0 }
    const data = sectionData(input, counted)
    switch (section.kind) {
      case 'table': {
        const rows = await restoreTable(client, section.table, section.columns, data)
        if (rows !== counted.expected) throw unreadable()
        report.tables += 1
        report.rows += rows
        break
      }
      case 'partition':
        await assertNothing(data)
        // Both texts match the patterns of the format; neither can be a parameter here.
        await client.query(
          `create table if not exists ${quoted(section.name)} partition of ${quoted(section.table)} ${section.bound}`,
        )
        break
      case 'sequence':
        await assertNothing(data)
        await restoreSequence(client, section.table, section.column, section.next)
        break
      case 'file':
        await restoreFile(dataDir, section.path, data)
        report.files += 1
        break
    }
  }
}

async function restoreTable(
  client: pg.Client,
  table: string,
  columns: readonly string[],
  data: AsyncGenerator<Buffer>,
): Promise<number> {
  // Migrations may have written rows of their own, which the backup brings again.
  await client.query(`delete from ${quoted(table)}`)
  const copy = client.query(copyFrom(`copy ${quoted(table)} (${columns.map(quoted).join(', ')}) from stdin`))
  await pipeline(Readable.from(data), copy)
  return copy.rowCount
}

async function restoreSequence(
  client: pg.Client,
  table: string,
  column: string,
  value: string,
): Promise<void> {
  await client.query('select setval(pg_get_serial_sequence($1, $2), $3::bigint, false)', [
    `public.${quoted(table)}`,
    column,
    value,
  ])
}

async function restoreFile(dataDir: string, path: string, data: AsyncGenerator<Buffer>): Promise<void> {
  const target = normalize(join(dataDir, path))
  assert(target.startsWith(normalize(`${dataDir}/`)), 'a file of a backup lies inside the data directory')
  await mkdir(dirname(target), { recursive: true, mode: path.startsWith('keys/') ? 0o700 : 0o755 })
  await pipeline(Readable.from(data), createWriteStream(target, { mode: 0o600 }))
}

/** The data frames of one section; its end is read, too, and says how much there should have been. */
async function* sectionData(
  input: AsyncGenerator<Frame>,
  counted: { expected: number },
): AsyncGenerator<Buffer> {
  for (;;) {
    const { value: found, done } = await input.next()
    if (done) throw unreadable()
    if (found.kind === 'section end') {
      counted.expected = parsed(sectionEnd, found.payload).count
      return
    }
    if (found.kind !== 'data') throw unreadable()
    yield found.payload
  }
}

async function assertNothing(data: AsyncGenerator<Buffer>): Promise<void> {
  if (!(await data.next()).done) throw unreadable()
}

async function next(input: AsyncGenerator<Frame>, kind: Frame['kind']): Promise<Frame> {
  const { value: found, done } = await input.next()
  if (done || found.kind !== kind) throw unreadable()
  return found
}

async function* readBytes(source: string): AsyncGenerator<Buffer> {
  const unpacked = createZstdDecompress()
  // Its errors arrive where the bytes are read: pipeline hands them on to the last stream.
  pipeThrough(createReadStream(source), unpacked, () => undefined)
  try {
    yield* unpacked as AsyncIterable<Buffer> // bytes of a zlib stream; Node types its chunks as any
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR')
      throw new AppError(
        'platform.backup_unreadable',
        400,
        `${source} cannot be read (${code}). Name the file that fanfare backup wrote.`,
        { cause },
      )
    throw unreadable(cause)
  }
}
