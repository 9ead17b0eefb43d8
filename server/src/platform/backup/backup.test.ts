import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { testPlatform } from '../../testing/test-platform.ts'
import { emptyDatabase, dropDatabase } from '../../testing/databases.ts'
import { audit, verifyAudit } from '../audit/index.ts'
import { inTransaction, makePartitions, type Connection } from '../db/index.ts'
import { createPlatform } from '../platform.ts'
import { newId } from '../ids.ts'
import { createLog } from '../log.ts'
import { restoreBackup, writeBackup } from './index.ts'

const log = createLog('silent')
const h = await testPlatform()
const folder = mkdtempSync(join(tmpdir(), 'fanfare-backup-test-'))
const file = join(folder, 'backup.fanfare')
const fresh: Connection[] = []

async function freshDatabase(): Promise<Connection> {
  const connection = await emptyDatabase(inject('postgres'))
  fresh.push(connection)
  return connection
}

/** Each table's rows, as one digest per table. */
async function digest(connection: Connection): Promise<Record<string, string>> {
  const client = new pg.Client({ ...connection })
  await client.connect()
  const { rows: tables } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`,
  )
  const digests: Record<string, string> = {}
  for (const { name } of tables) {
    if (name === 'schema_migration') continue
    const { rows } = await client.query<{ digest: string }>(
      `select count(*) || ':' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest from ${name} t`,
    )
    digests[name] = rows[0]?.digest ?? ''
  }
  await client.end()
  return digests
}

const masterKey = randomBytes(32)
const orgId = newId<'organization'>(h.clock.now())

beforeAll(async () => {
  await makePartitions(h.connection, h.clock.now(), log)
  const platform = await createPlatform({
    config: h.platform.config,
    connection: h.connection,
    log,
    masterKey,
    role: 'test',
  })
  const ctx = platform.systemCtx(orgId)
  await inTransaction(ctx, async (ctx) =>
    audit(ctx, 'test.done', { kind: 'test', id: '1' }, { text: 'tab\there, \\N, "quotes"\n and ünïcode' }),
  )
  await platform.storage.write(orgId, 'imports/list.csv', Readable.from([Buffer.from('a,b\n')]))
  await platform.close()
  await writeBackup({
    connection: h.connection,
    dataDir: h.dataDir,
    target: file,
    withKey: true,
    now: h.clock.now(),
  })
})

afterAll(async () => {
  for (const connection of fresh) await dropDatabase(inject('postgres'), connection)
  rmSync(folder, { recursive: true, force: true })
})

describe('backup and restore', () => {
  test('brings every row of every table and every file back as it was', async () => {
    const connection = await freshDatabase()
    const dataDir = mkdtempSync(join(folder, 'data-'))
    const report = await restoreBackup({ connection, dataDir, source: file, log })
    expect(await digest(connection)).toEqual(await digest(h.connection))
    expect(report.rows).toBeGreaterThan(0)
    expect(readFileSync(join(dataDir, 'files', orgId, 'imports', 'list.csv'), 'utf8')).toBe('a,b\n')
  })

  test('a restored installation works on: the audit chain verifies and new rows get new numbers', async () => {
    const connection = await freshDatabase()
    const dataDir = mkdtempSync(join(folder, 'data-'))
    await restoreBackup({ connection, dataDir, source: file, log })
    const platform = await createPlatform({
      config: { ...h.platform.config, dataDir },
      connection,
      log,
      masterKey,
      role: 'test',
    })
    const ctx = platform.systemCtx(orgId)
    await inTransaction(ctx, async (ctx) => audit(ctx, 'test.done', { kind: 'test', id: '2' }))
    expect(await verifyAudit(ctx)).toMatchObject({ intact: true })
    await platform.close()
  })

  test('is readable by its owner only', () => {
    expect(statSync(file).mode & 0o077).toBe(0)
  })

  test('refuses a database that holds anything', async () => {
    const refused = restoreBackup({ connection: h.connection, dataDir: folder, source: file, log })
    await expect(refused).rejects.toThrow(/not empty/)
  })

  test.each([
    ['cut off', (bytes: Buffer): Buffer => bytes.subarray(0, Math.floor(bytes.length * 0.8))],
    [
      'damaged',
      (bytes: Buffer): Buffer =>
        Buffer.concat([bytes.subarray(0, 200), Buffer.alloc(16), bytes.subarray(216)]),
    ],
    ['something else', (): Buffer => Buffer.from('hello')],
  ])('refuses a file that is %s, and leaves no rows behind', async (_name, spoil) => {
    const connection = await freshDatabase()
    const spoilt = join(folder, 'spoilt')
    writeFileSync(spoilt, spoil(readFileSync(file)))
    await expect(restoreBackup({ connection, dataDir: folder, source: spoilt, log })).rejects.toThrow(
      /no whole Fanfare backup/,
    )
    const left = Object.values(await digest(connection)).filter((text) => !text.startsWith('0:'))
    expect(left).toEqual([])
  })

  test('can be tried again after it failed', async () => {
    const connection = await freshDatabase()
    const spoilt = join(folder, 'spoilt')
    writeFileSync(spoilt, readFileSync(file).subarray(0, 300))
    await expect(restoreBackup({ connection, dataDir: folder, source: spoilt, log })).rejects.toThrow(
      /no whole Fanfare backup/,
    )
    const dataDir = mkdtempSync(join(folder, 'data-'))
    await restoreBackup({ connection, dataDir, source: file, log })
    expect(await digest(connection)).toEqual(await digest(h.connection))
  })

  test('names a file that is not there', async () => {
    const refused = restoreBackup({
      connection: await freshDatabase(),
      dataDir: folder,
      source: '/nowhere',
      log,
    })
    await expect(refused).rejects.toThrow('/nowhere cannot be read')
  })

  test('writes nothing where it cannot write everything', async () => {
    const refused = writeBackup({
      connection: h.connection,
      dataDir: h.dataDir,
      target: join(folder, 'missing', 'x'),
      withKey: false,
      now: h.clock.now(),
    })
    await expect(refused).rejects.toThrow('cannot be written')
  })
})
