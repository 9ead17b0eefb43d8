/** A web server as a process of its own, with a database and an organization: for tests that flood it or kill it. */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, inject } from 'vitest'
import { loadConfig } from '../platform/config/index.ts'
import type { Ctx } from '../platform/context.ts'
import { inTransaction } from '../platform/db/index.ts'
import { newId } from '../platform/ids.ts'
import { createLog } from '../platform/log.ts'
import { createPlatform } from '../platform/platform.ts'
import { freeLoopbackPort } from '../platform/supervisor/ports.ts'
import { insertOrganization } from '../team/queries/organizations.ts'
import { createSource } from '../tracking/index.ts'
import { cloneDatabase, dropDatabase } from './databases.ts'

/** What such a test works with. */
export interface Served {
  /** Acts in the test's own process, on the same database. */
  ctx: Ctx
  writeKey: string
  /** Starts a server. @returns its address and its process */
  start(): Promise<{ origin: string; process: ChildProcess }>
}

/** Sets it up; servers that still run at the end are killed. Call it at the top of a test file. */
export async function served(name: string): Promise<Served> {
  const connection = await cloneDatabase(inject('postgres'))
  const dataDir = await mkdtemp(join(tmpdir(), `fanfare-${name}-`))
  const masterKey = randomBytes(32)
  const env = { FANFARE_DATA_DIR: dataDir, FANFARE_LOG_LEVEL: 'silent' }
  const platform = await createPlatform({
    config: loadConfig(env),
    connection,
    masterKey,
    log: createLog('silent'),
    role: 'test',
  })
  const running: ChildProcess[] = []
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL')
    await platform.close()
    await dropDatabase(inject('postgres'), connection)
    await rm(dataDir, { recursive: true, force: true })
  })
  const now = platform.clock.now()
  const ctx = platform.systemCtx(newId<'organization'>(now))
  const { writeKey } = await inTransaction(ctx, async (ctx) => {
    await insertOrganization(ctx.db, {
      id: ctx.orgId,
      slug: name,
      name,
      locale: 'en',
      timeZone: 'Europe/Paris',
      currency: 'EUR',
      postalAddress: null,
      isSample: false,
      now,
    })
    return createSource(ctx, { name: 'Shop', kind: 'server' })
  })
  return {
    ctx,
    writeKey,
    start: async () => {
      const port = await freeLoopbackPort()
      const child = startApi({ connection, masterKey: masterKey.toString('hex'), env, port })
      running.push(child)
      await new Promise<void>((resolve, reject) => {
        child.stdout?.once('data', () => resolve())
        child.once('exit', () => reject(new Error('the server ended while starting')))
      })
      return { origin: `http://127.0.0.1:${port}`, process: child }
    },
  }
}

function startApi(settings: object): ChildProcess {
  const script = fileURLToPath(new URL('api-process.ts', import.meta.url))
  return spawn(process.execPath, [script, JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'inherit'] })
}
