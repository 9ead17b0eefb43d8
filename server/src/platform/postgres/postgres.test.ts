import {
  chmodSync,
  chownSync,
  lstatSync,
  readlinkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { AppError } from '../errors.ts'
import { createLog } from '../log.ts'
import { startFailure } from './failures.ts'
import { startPostgres, type EmbeddedConnection, type EmbeddedPostgres } from './index.ts'

const log = createLog('silent')
const dataDir = mkdtempSync(join(tmpdir(), 'fanfare-postgres-test-'))
const clusterDir = join(dataDir, 'postgres', 'cluster')
const isRoot = process.getuid?.() === 0
const running = new Set<EmbeddedPostgres>()

async function start(): Promise<EmbeddedPostgres> {
  const server = await startPostgres({ dataDir, log })
  running.add(server)
  return server
}

async function ask<R extends pg.QueryResultRow>(connection: EmbeddedConnection, sql: string): Promise<R[]> {
  const client = new pg.Client({ ...connection })
  await client.connect()
  try {
    return (await client.query<R>(sql)).rows
  } finally {
    await client.end()
  }
}

afterAll(async () => {
  for (const server of running) await server.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

describe('the embedded PostgreSQL', () => {
  test('is made once, durable and independent of the locales of this machine', async () => {
    const server = await start()
    expect(server.adopted).toBe(false)
    const settings = await ask<{ name: string; value: string }>(
      server.connection,
      `select name, setting || coalesce(unit, '') as value from pg_settings
       where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'max_wal_size', 'checkpoint_timeout', 'listen_addresses')`,
    )
    expect(Object.fromEntries(settings.map((row) => [row.name, row.value]))).toEqual({
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      max_wal_size: '2048MB',
      checkpoint_timeout: '300s',
      listen_addresses: '',
    })
    const [database] = await ask<{ encoding: string; locale: string }>(
      server.connection,
      `select pg_encoding_to_char(encoding) as encoding, datlocale as locale from pg_database where datname = 'fanfare'`,
    )
    expect(database).toEqual({ encoding: 'UTF8', locale: 'C.UTF-8' })
  })

  test('opens its socket to its own account only', async () => {
    const server = await start()
    expect(statSync(server.connection.host).mode & 0o077).toBe(0)
  })

  test.runIf(isRoot)('never runs as root, also when we do', async () => {
    const server = await start()
    expect(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]).not.toBe('0')
  })

  test('is adopted by the next start when it was left running', async () => {
    const first = await start()
    const second = await start()
    expect(second).toMatchObject({ adopted: true, pid: first.pid, connection: first.connection })
  })

  test('NFR-002.4 NFR-002.5 keeps what was committed when it is killed, and starts again at once', async () => {
    const first = await start()
    await ask(first.connection, 'create table kept (id int)')
    await ask(first.connection, 'insert into kept select generate_series(1, 1000)')
    process.kill(first.pid, 'SIGKILL')
    await first.ended
    const second = await start()
    expect(second.adopted).toBe(false)
    expect(await ask(second.connection, 'select count(*)::int as rows from kept')).toEqual([{ rows: 1_000 }])
  })

  test('stops by itself once, however often it is asked', async () => {
    const server = await start()
    await Promise.all([server.stop(), server.stop()])
    await server.ended
    expect(() => process.kill(server.pid, 0)).toThrow(/ESRCH/)
  })

  test('does not mistake a stranger who got the number of a dead server for that server', async () => {
    const server = await start()
    const file = readFileSync(join(clusterDir, 'postmaster.pid'), 'utf8')
    process.kill(server.pid, 'SIGKILL')
    await server.ended
    writeFileSync(join(clusterDir, 'postmaster.pid'), file.replace(/^\d+/, String(process.pid)))
    const again = await start()
    expect(again.adopted).toBe(false)
    await again.stop()
    expect(process.pid).toBeGreaterThan(0) // we were not signalled
  })

  test('starts over where its making was interrupted', async () => {
    const other = mkdtempSync(join(tmpdir(), 'fanfare-postgres-test-'))
    mkdirSync(join(other, 'postgres', 'cluster.new', 'base'), { recursive: true })
    const server = await startPostgres({ dataDir: other, log, temporary: true })
    expect(await ask(server.connection, 'select 1 as one')).toEqual([{ one: 1 }])
    await server.stop()
    rmSync(other, { recursive: true, force: true })
  })

  test('finds a short place for its socket when the path of the data directory is long', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'fanfare-postgres-test-'))
    chmodSync(parent, 0o755)
    const other = join(parent, 'x'.repeat(100))
    const server = await startPostgres({ dataDir: other, log, temporary: true })
    expect(Buffer.byteLength(`${server.connection.host}/.s.PGSQL.5432`)).toBeLessThanOrEqual(107)
    expect(await ask(server.connection, 'select 1 as one')).toEqual([{ one: 1 }])
    await server.stop()
    rmSync(parent, { recursive: true, force: true })
    rmSync(server.connection.host, { recursive: true, force: true })
  })

  test('refuses a cluster of another major version and says how to move it', async () => {
    const other = mkdtempSync(join(tmpdir(), 'fanfare-postgres-test-'))
    mkdirSync(join(other, 'postgres', 'cluster'), { recursive: true })
    writeFileSync(join(other, 'postgres', 'cluster', 'PG_VERSION'), '17\n')
    if (isRoot) chownSync(join(other, 'postgres', 'cluster'), 65_534, 65_534)
    const refused = startPostgres({ dataDir: other, log, temporary: true })
    await expect(refused).rejects.toThrow(/made by PostgreSQL 17.*fanfare -- backup/)
    rmSync(other, { recursive: true, force: true })
  })

  test.runIf(isRoot)('refuses a cluster that belongs to root, and says whose it must be', async () => {
    const other = mkdtempSync(join(tmpdir(), 'fanfare-postgres-test-'))
    mkdirSync(join(other, 'postgres', 'cluster'), { recursive: true })
    await expect(startPostgres({ dataDir: other, log, temporary: true })).rejects.toThrow(/chown -R nobody/)
    rmSync(other, { recursive: true, force: true })
  })

  test.runIf(isRoot)('keeps the database elsewhere when only root gets to the data directory', async () => {
    const closed = mkdtempSync(join(tmpdir(), 'fanfare-postgres-test-'))
    const inside = join(closed, 'data')
    const first = await startPostgres({ dataDir: inside, log })
    await ask(first.connection, 'create table kept (id int)')
    await first.stop()
    expect(lstatSync(join(inside, 'postgres')).isSymbolicLink()).toBe(true)
    expect(statSync(closed).mode & 0o077).toBe(0)
    const second = await startPostgres({ dataDir: inside, log })
    expect(await ask(second.connection, 'select count(*)::int as rows from kept')).toEqual([{ rows: 0 }])
    await second.stop()
    rmSync(readlinkSync(join(inside, 'postgres')), { recursive: true, force: true })
    rmSync(closed, { recursive: true, force: true })
  })

  test('refuses a data directory that is a file', async () => {
    const file = join(dataDir, 'file')
    writeFileSync(file, '')
    await expect(startPostgres({ dataDir: file, log })).rejects.toThrow(/FANFARE_DATA_DIR/)
  })

  test.each([
    ['initdb: error: could not write: No space left on device', 'The disk that holds /data is full'],
    ['FATAL:  could not open file: Permission denied', 'chown -R'],
    [
      'error while loading shared libraries: libicui18n.so.60: cannot open shared object file',
      'node_modules',
    ],
    ['FATAL:  could not map anonymous shared memory: Cannot allocate memory', 'not enough memory'],
    ['FATAL:  something new', 'something new'],
  ])('turns "%s" into one sentence', (output, sentence) => {
    const error = startFailure(output, '/data')
    expect(error).toBeInstanceOf(AppError)
    expect(error.message).toContain(sentence)
    expect(error.message).not.toContain('\n')
  })
})
