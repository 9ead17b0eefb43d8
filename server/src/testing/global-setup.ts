/** Once per test run: a PostgreSQL (embedded, or the one that DATABASE_URL names) with a migrated template database. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate, type Connection } from '../platform/db/index.ts'
import { createLog } from '../platform/log.ts'
import { startPostgres } from '../platform/postgres/index.ts'
import { onDatabase } from './databases.ts'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const log = createLog('warn')
  const external = process.env['DATABASE_URL']
  const dataDir = await mkdtemp(join(tmpdir(), 'fanfare-postgres-'))
  const embedded = external === undefined ? await startPostgres({ dataDir, log, temporary: true }) : null
  const connection: Connection = embedded?.connection ?? { connectionString: external ?? '' }
  const template = `template_${process.pid}`
  const client = new pg.Client({ ...connection })
  await client.connect()
  await client.query(`drop database if exists ${template} with (force)`)
  await client.query(`create database ${template}`)
  await migrate(onDatabase(connection, template), log)
  project.provide('postgres', { connection, template })
  return async () => {
    await client.query(`drop database if exists ${template} with (force)`)
    await client.end()
    await embedded?.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}
