/** Writes a backup: every table in one snapshot, then the files of the data directory. Fanfare may go on running. */
import { createReadStream, createWriteStream } from 'node:fs'
import { readdir, rename, rm, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress } from 'node:zlib'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { AppError } from '../errors.ts'
import type { Connection } from '../db/index.ts'
import { frame, type BackupHeader } from './format.ts'
import { copiedPartitions, copiedSequences, copiedTables, quoted, type CopiedTable } from './tables.ts'

/** What to back up and where to. */
export interface BackupOptions {
  connection: Connection
  dataDir: string
  /** The file to write; it appears when it is whole. */
  target: string
  /** Whether keys/master.key goes in. */
  withKey: boolean
  now: Date
}

/** What a backup holds. */
export interface BackupReport {
  tables: number
  rows: number
  files: number
  bytes: number
}

/** Folders and files of the data directory that are data. The database has its own part, caches come again. */
const FILES = ['files', 'audit-checkpoints', 'fanfare.config.json']
const KEY_FILES = ['keys']

/**
 * Writes a backup.
 * @throws platform.backup_impossible when the database's user may not read every organization's rows
 */
export async function writeBackup(options: BackupOptions): Promise<BackupReport> {
  const report: BackupReport = { tables: 0, rows: 0, files: 0, bytes: 0 }
  const client = new pg.Client({ ...options.connection, application_name: 'fanfare backup' })
  await client.connect()
  const partial = `${options.target}.partial`
  try {
    await client.query('begin isolation level repeatable read, read only')
    // Row-level policies would leave rows out in silence; this makes them an error.
    await client.query('set local row_security = off')
    await client.query('set local statement_timeout = 0')
    await pipeline(
      Readable.from(contents(client, options, report)),
      createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
      createWriteStream(partial, { mode: 0o600 }),
    )
    await rename(partial, options.target)
    report.bytes = (await stat(options.target)).size
    return report
  } catch (error) {
    await rm(partial, { force: true })
    throw explained(error, options.target)
  } finally {
    await client.end()
  }
}

async function* contents(
  client: pg.Client,
  options: BackupOptions,
  report: BackupReport,
): AsyncGenerator<Buffer> {
  const { rows: migrations } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from schema_migration order by name',
  )
  const header: BackupHeader = {
    format: 'fanfare-backup',
    version: 1,
    createdAt: options.now.toISOString(),
    migrations,
    hasKey: options.withKey,
  }
  yield frame('backup', header)
  let sections = 0
  for (const partition of await copiedPartitions(client)) {
    yield frame('section', { kind: 'partition', ...partition })
    yield frame('section end', { count: 0 })
    sections += 1
  }
  for (const table of await copiedTables(client)) {
    yield* tableSection(client, table, report)
    sections += 1
  }
  for (const sequence of await copiedSequences(client)) {
    yield frame('section', { kind: 'sequence', ...sequence })
    yield frame('section end', { count: 0 })
    sections += 1
  }
  for (const path of await filesOf(options.dataDir, options.withKey ? [...FILES, ...KEY_FILES] : FILES)) {
    yield* fileSection(options.dataDir, path, report)
    sections += 1
  }
  yield frame('backup end', { sections })
}

async function* tableSection(
  client: pg.Client,
  table: CopiedTable,
  report: BackupReport,
): AsyncGenerator<Buffer> {
  const columns = table.columns.map(quoted).join(', ')
  yield frame('section', { kind: 'table', table: table.name, columns: table.columns })
  const copy = client.query(copyTo(`copy (select ${columns} from ${quoted(table.name)}) to stdout`))
  for await (const bytes of copy) yield frame('data', bytes)
  yield frame('section end', { count: copy.rowCount })
  report.tables += 1
  report.rows += copy.rowCount
}

async function* fileSection(dataDir: string, path: string, report: BackupReport): AsyncGenerator<Buffer> {
  let count = 0
  yield frame('section', { kind: 'file', path })
  for await (const bytes of createReadStream(join(dataDir, path)) as AsyncIterable<Buffer>) {
    count += bytes.length
    yield frame('data', bytes)
  }
  yield frame('section end', { count })
  report.files += 1
}

/** Paths below the data directory, with slashes. A folder that does not exist holds nothing. */
async function filesOf(dataDir: string, roots: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const root of roots) {
    const path = join(dataDir, root)
    const kind = await stat(path).catch(() => null)
    if (kind?.isFile()) found.push(root)
    if (!kind?.isDirectory()) continue
    for (const entry of await readdir(path, { recursive: true, withFileTypes: true }))
      if (entry.isFile())
        found.push(relative(dataDir, join(entry.parentPath, entry.name)).split(sep).join('/'))
  }
  return found.toSorted()
}

function explained(error: unknown, target: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new AppError(
      'platform.backup_failed',
      503,
      `The disk of ${target} is full: free some space or write the backup elsewhere.`,
      { cause: error },
    )
  if (code === 'EACCES' || code === 'ENOENT' || code === 'EROFS')
    return new AppError(
      'platform.backup_failed',
      503,
      `${target} cannot be written: name a file in a folder that exists and that this user may write.`,
      { cause: error },
    )
  // insufficient_privilege, also what row_security = off says
  if (code === '42501')
    return new AppError(
      'platform.backup_impossible',
      503,
      'The user of DATABASE_URL may not read the rows of every organization. Run the backup as a superuser or a role with BYPASSRLS, or use pg_dump as one.',
      { cause: error },
    )
  return error
}
