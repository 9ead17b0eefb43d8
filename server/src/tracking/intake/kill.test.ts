import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, inject, test } from 'vitest'
import { loadConfig } from '../../platform/config/index.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import { createLog } from '../../platform/log.ts'
import { createPlatform } from '../../platform/platform.ts'
import { insertOrganization } from '../../team/queries/organizations.ts'
import { cloneDatabase, dropDatabase } from '../../testing/databases.ts'
import { createSource } from '../sources/manage.ts'

const SENDERS = 6
const PER_BATCH = 20
/** Answers after which the server is killed, in the midst of the next ones. */
const ANSWERS = 60

/** Two processes start on a machine that may be busy. */
const KILL_TIMEOUT_MS = 120_000

const connection = await cloneDatabase(inject('postgres'))
const dataDir = await mkdtemp(join(tmpdir(), 'fanfare-kill-'))
const masterKey = randomBytes(32)
const env = { FANFARE_DATA_DIR: dataDir, FANFARE_LOG_LEVEL: 'silent' }
const platform = await createPlatform({
  config: loadConfig(env),
  connection,
  masterKey,
  log: createLog('silent'),
  role: 'test',
})
let server: ChildProcess | undefined

afterAll(async () => {
  server?.kill('SIGKILL')
  await platform.close()
  await dropDatabase(inject('postgres'), connection)
  await rm(dataDir, { recursive: true, force: true })
})

test(
  'NFR-002.3 a server that is killed while events arrive has lost none that it answered, and repeated ones count once',
  { timeout: KILL_TIMEOUT_MS },
  async () => {
    const now = platform.clock.now()
    const ctx = platform.systemCtx(newId<'organization'>(now))
    const { writeKey } = await inTransaction(ctx, async (ctx) => {
      await insertOrganization(ctx.db, {
        id: ctx.orgId,
        slug: 'kill',
        name: 'Kill',
        locale: 'en',
        timeZone: 'Europe/Paris',
        currency: 'EUR',
        postalAddress: null,
        isSample: false,
        now,
      })
      return createSource(ctx, { name: 'Shop', kind: 'server' })
    })
    const origin = await start()
    const answered = new Set<string>()
    const unanswered = new Set<string>()
    const sender = async (no: number): Promise<void> => {
      for (let i = 0; ; i++) {
        const mark = `${no}-${i}`
        unanswered.add(mark)
        if (!(await send(origin, writeKey, mark))) return
        unanswered.delete(mark)
        answered.add(mark)
        if (answered.size === ANSWERS) server?.kill('SIGKILL')
      }
    }
    await Promise.all(Array.from({ length: SENDERS }, (_, no) => sender(no)))
    expect(answered.size).toBeGreaterThanOrEqual(ANSWERS)
    const again = await start()
    // What was not answered is sent again, as clients do, and some of what was.
    for (const mark of [...unanswered, ...[...answered].slice(-SENDERS)])
      expect(await send(again, writeKey, mark)).toBe(true)
    const rows = await ctx.db.query<{ id: string; n: number }>(
      `select payload->>'messageId' as id, count(*)::int as n from event where org_id = $1 and type = 'track:Sent' group by 1`,
      [ctx.orgId],
    )
    const expected = [...answered, ...unanswered].flatMap((mark) =>
      Array.from({ length: PER_BATCH }, (_, n) => `${mark}-${n}`),
    )
    expect(rows.filter(({ n }) => n !== 1)).toEqual([])
    expect(rows.map(({ id }) => id).toSorted()).toEqual(expected.toSorted())
  },
)

/** @returns whether it was answered that the batch is stored */
async function send(origin: string, writeKey: string, mark: string): Promise<boolean> {
  const batch = Array.from({ length: PER_BATCH }, (_, n) => ({
    type: 'track',
    event: 'Sent',
    userId: `user-${n}`,
    messageId: `${mark}-${n}`,
  }))
  const answer = await fetch(`${origin}/v1/batch`, {
    method: 'POST',
    body: JSON.stringify({ writeKey, batch }),
  }).catch(() => null)
  return answer?.status === 200
}

async function start(): Promise<string> {
  const port = await freePort()
  const script = fileURLToPath(new URL('../../testing/api-process.ts', import.meta.url))
  const settings = { connection, masterKey: masterKey.toString('hex'), env, port }
  const child = spawn(process.execPath, [script, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  server = child
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve())
    child.once('exit', () => reject(new Error('the server ended while starting')))
  })
  return `http://127.0.0.1:${port}`
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo // it listens on a port
      probe.close(() => resolve(port))
    })
  })
}
