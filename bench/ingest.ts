/**
 * `npm run bench -- ingest [--events=200000] [--batch=100] [--connections=8]`: events through the Segment protocol, as
 * the official clients write them, to a server process and a durable embedded PostgreSQL; every answer comes after the
 * commit. Beside it, in the same run: the same rows by a loop of set-based inserts without any server, and one commit
 * per event on as many connections. Then single messages, and the server is killed while they arrive.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { Pool } from 'undici'
import { loadConfig } from '../server/src/platform/config/index.ts'
import { inTransaction, makePartitions, migrate } from '../server/src/platform/db/index.ts'
import { newId, type OrgId } from '../server/src/platform/ids.ts'
import { createLog } from '../server/src/platform/log.ts'
import { createPlatform, type Platform } from '../server/src/platform/platform.ts'
import { startPostgres } from '../server/src/platform/postgres/index.ts'
import { insertOrganization } from '../server/src/team/queries/organizations.ts'
import { createSource } from '../server/src/tracking/sources/manage.ts'
import { type Figure, bench, rate, time } from './bench.ts'

const USERS = 10_000
/** Rows of one statement of the raw loop: as many as one of our transactions takes. */
const RAW_BATCH = 2_000
/** Commits of the peer that commits each event. */
const SINGLE_COMMITS = 8_000
const KILLS = 3

export default bench({
  name: 'ingest',
  about:
    'Events through the Segment protocol, durable before the answer: batches as the Node client sends them, then single messages; beside a loop of set-based inserts of the same rows without a server, and beside one commit per event. Kills the server while events arrive and counts what was answered and is not there.',
  async run({ say, option }): Promise<Figure[]> {
    const events = option('events', 200_000)
    const perBatch = option('batch', 100)
    const connections = option('connections', 8)
    const dataDir = await mkdtemp(join(tmpdir(), 'fanfare-bench-'))
    const log = createLog('error')
    const postgres = await startPostgres({ dataDir, log })
    await migrate(postgres.connection, log)
    await makePartitions(postgres.connection, new Date(), log)
    const masterKey = randomBytes(32)
    const env = { FANFARE_DATA_DIR: dataDir, FANFARE_LOG_LEVEL: 'error' }
    const platform = await createPlatform({
      config: loadConfig(env),
      connection: postgres.connection,
      masterKey,
      log,
      role: 'bench',
    })
    const port = await freePort()
    let server = await startServer({ connection: postgres.connection, masterKey, env, port })
    try {
      const { orgId, writeKey } = await organization(platform)
      const authorization = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`
      const origin = `http://127.0.0.1:${port}`

      const raw = await rawLoop(postgres.connection, events, postgres.pid)
      say(`raw loop: ${Math.round(raw.perSecond)} events/s, ${raw.cpuMicros.toFixed(1)} µs of CPU an event`)
      const single = await commitPerEvent(postgres.connection, connections)
      say(`one commit per event: ${Math.round(single)} events/s`)

      // The first batch makes ten thousand people; what is measured is what comes day by day.
      await load(origin, authorization, bodies(USERS, 500, 'warm', true), 2)
      say('people made')
      const before = await cpuMicros(postgres.pid, server.pid)
      const batched = await load(origin, authorization, bodies(events, perBatch, 'batch', false), connections)
      const after = await cpuMicros(postgres.pid, server.pid)
      const inBatches = (events / batched.seconds) | 0
      const cpu = (after - before) / events
      say(`batches of ${perBatch}: ${inBatches} events/s, ${cpu.toFixed(1)} µs of CPU an event`)
      await expectCount(platform, orgId, 'batch', events)

      const singles = Math.min(events, 40_000)
      const one = await load(origin, authorization, bodies(singles, 1, 'single', false), 256)
      say(`single messages: ${Math.round(singles / one.seconds)} events/s`)
      await expectCount(platform, orgId, 'single', singles)

      let lost = 0
      let answered = 0
      for (let kill = 0; kill < KILLS; kill++) {
        const run = killed(origin, authorization, `kill${kill}`, perBatch, server)
        const acknowledged = await run
        answered += acknowledged.length * perBatch
        server = await startServer({ connection: postgres.connection, masterKey, env, port })
        lost += await missing(platform, orgId, acknowledged, perBatch)
      }
      say(`killed ${KILLS} times: ${answered} events answered, ${lost} of them lost`)
      if (lost > 0) throw new Error(`${lost} acknowledged events are lost`)

      return [
        rate('ingest_batch', events / batched.seconds, 'events/s', raw.perSecond),
        time('ingest_batch_cpu', cpu, 'µs/event', raw.cpuMicros),
        time('ingest_batch_p50', percentile(batched.times, 50), 'ms', null),
        time('ingest_batch_p99', percentile(batched.times, 99), 'ms', null),
        rate('ingest_single', singles / one.seconds, 'events/s', single),
        time('ingest_single_p50', percentile(one.times, 50), 'ms', null),
        time('ingest_single_p99', percentile(one.times, 99), 'ms', null),
        rate('ingest_killed_answered', answered, 'events', null),
        rate('ingest_killed_lost', lost, 'events', null),
      ]
    } finally {
      server.kill('SIGKILL')
      await platform.close()
      await postgres.stop()
      await rm(dataDir, { recursive: true, force: true })
    }
  },
})

async function organization(platform: Platform): Promise<{ orgId: OrgId; writeKey: string }> {
  const now = platform.clock.now()
  const orgId = newId<'organization'>(now)
  const ctx = platform.systemCtx(orgId)
  const { writeKey } = await inTransaction(ctx, async (ctx) => {
    await insertOrganization(ctx.db, {
      id: orgId,
      slug: 'bench',
      name: 'Bench',
      locale: 'en',
      timeZone: 'Europe/Paris',
      currency: 'EUR',
      postalAddress: null,
      isSample: false,
      now,
    })
    return createSource(ctx, { name: 'Bench', kind: 'server' })
  })
  return { orgId, writeKey }
}

async function startServer(settings: object): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('../server/src/testing/api-process.ts', import.meta.url))
  const child = spawn(
    process.execPath,
    [script, JSON.stringify({ ...settings, masterKey: hexOf(settings) })],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve())
    child.once('exit', () => reject(new Error('the server ended while starting')))
  })
  return child
}
const hexOf = (settings: object): string =>
  'masterKey' in settings && Buffer.isBuffer(settings.masterKey) ? settings.masterKey.toString('hex') : ''

/** One message as the Node client writes it. */
const message = (i: number, mark: string, isIdentify: boolean): string =>
  `{"timestamp":"${new Date(Date.now() - (i % 1_000)).toISOString()}","integrations":{},${
    isIdentify
      ? `"type":"identify","traits":{"email":"person.${i}@example.com","firstName":"Person","plan":"pro"}`
      : `"event":"Product Viewed","type":"track","properties":{"product_id":"p-${i % 500}","price":${(i % 90) + 0.99},"currency":"EUR","category":"shoes","position":${i % 20}}`
  },"context":{"library":{"name":"@segment/analytics-node","version":"3.1.0"},"page":{"path":"/shoes","title":"Shoes","url":"https://shop.example/shoes"}},"userId":"user-${i % USERS}","messageId":"node-next-${mark}-${i}","_metadata":{"nodeVersion":"v26.10.0","jsRuntime":"node"}}`

/** Bodies of requests, made before the clock runs. */
function bodies(events: number, perBatch: number, mark: string, isIdentify: boolean): string[] {
  const list: string[] = []
  for (let from = 0; from < events; from += perBatch) {
    const messages: string[] = []
    for (let i = from; i < Math.min(events, from + perBatch); i++) messages.push(message(i, mark, isIdentify))
    list.push(perBatch === 1 ? (messages[0] ?? '') : batchOf(messages))
  }
  return list
}
const batchOf = (messages: readonly string[]): string =>
  `{"batch":[${messages.join(',')}],"sentAt":"${new Date().toISOString()}"}`

/** Sends bodies over some connections, as fast as they are answered. */
async function load(
  origin: string,
  authorization: string,
  list: readonly string[],
  connections: number,
): Promise<{ seconds: number; times: number[] }> {
  const pool = new Pool(origin, { connections, pipelining: 1 })
  const times: number[] = []
  let next = 0
  const startedAt = performance.now()
  const sender = async (): Promise<void> => {
    for (let body = list[next++]; body !== undefined; body = list[next++]) {
      const sentAt = performance.now()
      const status = await post(pool, authorization, body)
      if (status !== 200) throw new Error(`the server answered ${status}`)
      times.push(performance.now() - sentAt)
    }
  }
  await Promise.all(Array.from({ length: connections }, sender))
  const seconds = (performance.now() - startedAt) / 1000
  await pool.close()
  return { seconds, times }
}

async function post(pool: Pool, authorization: string, body: string): Promise<number> {
  const answer = await pool.request({
    method: 'POST',
    path: body.startsWith('{"batch"') ? '/v1/batch' : '/v1/track',
    headers: { 'content-type': 'application/json', authorization },
    body,
  })
  await answer.body.dump()
  return answer.statusCode
}

/** Sends batches until the server is killed in the midst of it. @returns the marks of those that were answered */
async function killed(
  origin: string,
  authorization: string,
  mark: string,
  perBatch: number,
  server: ChildProcess,
): Promise<string[]> {
  const pool = new Pool(origin, { connections: 8, pipelining: 1 })
  const answered: string[] = []
  let isDead = false
  const sender = async (no: number): Promise<void> => {
    for (let i = 0; !isDead; i++) {
      const own = `${mark}-${no}-${i}`
      const messages = Array.from({ length: perBatch }, (_, n) => message(n, own, false))
      try {
        if ((await post(pool, authorization, batchOf(messages))) === 200) answered.push(own)
      } catch {
        return // the server is gone, as intended: what it did not answer it need not hold
      }
    }
  }
  const all = Promise.all(Array.from({ length: 8 }, (_, no) => sender(no)))
  await new Promise((resolve) => setTimeout(resolve, 700 + Math.random() * 600))
  server.kill('SIGKILL')
  await new Promise((resolve) => server.once('exit', resolve))
  isDead = true
  await all
  await pool.destroy()
  return answered
}

/** How many events of these batches are not in the log exactly once. */
async function missing(
  platform: Platform,
  orgId: OrgId,
  marks: readonly string[],
  perBatch: number,
): Promise<number> {
  const [row] = await platform.systemCtx(orgId).db.query<{ n: number }>(
    `select count(*)::int as n from (
       select payload->>'messageId' as id from event where org_id = $1 and type = 'track:Product Viewed'
       group by 1 having count(*) = 1
     ) e where regexp_replace(e.id, '^node-next-(.*)-[0-9]+$', '\\1') = any($2::text[])`,
    [orgId, marks],
  )
  return marks.length * perBatch - (row?.n ?? 0)
}

async function expectCount(platform: Platform, orgId: OrgId, mark: string, expected: number): Promise<void> {
  const [row] = await platform
    .systemCtx(orgId)
    .db.query<{ n: number }>(
      `select count(*)::int as n from event where org_id = $1 and type = 'track:Product Viewed' and starts_with(payload->>'messageId', $2)`,
      [orgId, `node-next-${mark}-`],
    )
  if (row?.n !== expected) throw new Error(`${row?.n} of ${expected} events are in the log`)
}

/** Inserts of rows as they lie in the log, into a table of the same columns with its primary key. */
async function rawLoop(
  connection: pg.ClientConfig,
  events: number,
  postmasterPid: number,
): Promise<{ perSecond: number; cpuMicros: number }> {
  const client = new pg.Client(connection)
  await client.connect()
  await client.query('create table raw_event (like event including defaults, primary key (org_id, seq))')
  const orgId = randomUUID()
  const cpuBefore = await cpuMicros(postmasterPid)
  const own = process.cpuUsage()
  const startedAt = performance.now()
  for (let from = 0; from < events; from += RAW_BATCH) {
    const rows = Array.from({ length: RAW_BATCH }, (_, n) => from + n)
    await client.query({
      name: 'raw',
      text: `insert into raw_event (org_id, seq, recorded_at, at, type, contact_id, payload)
        select $1, e.seq, $2, $2, 'track:Product Viewed', e.contact_id, e.payload
        from unnest($3::bigint[], $4::bigint[], $5::jsonb[]) as e (seq, contact_id, payload)`,
      values: [
        orgId,
        new Date(),
        rows,
        rows.map((n) => n % USERS),
        rows.map((n) => message(n, 'raw', false)),
      ],
    })
  }
  const seconds = (performance.now() - startedAt) / 1000
  const used = process.cpuUsage(own)
  const cpu = (await cpuMicros(postmasterPid)) - cpuBefore + used.user + used.system
  await client.query('drop table raw_event')
  await client.end()
  return { perSecond: events / seconds, cpuMicros: cpu / events }
}

/** One row, one commit, over some connections at once. @returns events per second */
async function commitPerEvent(connection: pg.ClientConfig, connections: number): Promise<number> {
  const owner = new pg.Client(connection)
  await owner.connect()
  await owner.query('create table raw_event (like event including defaults, primary key (org_id, seq))')
  const pool = new pg.Pool({ ...connection, max: connections })
  const orgId = randomUUID()
  let next = 0
  const startedAt = performance.now()
  const writer = async (): Promise<void> => {
    for (let n = next++; n < SINGLE_COMMITS; n = next++)
      await pool.query({
        name: 'raw_one',
        text: `insert into raw_event (org_id, seq, recorded_at, at, type, contact_id, payload) values ($1, $2, $3, $3, 'track:Product Viewed', $4, $5)`,
        values: [orgId, n, new Date(), n % USERS, message(n, 'raw', false)],
      })
  }
  await Promise.all(Array.from({ length: connections }, writer))
  const seconds = (performance.now() - startedAt) / 1000
  await pool.end()
  await owner.query('drop table raw_event')
  await owner.end()
  return SINGLE_COMMITS / seconds
}

function percentile(times: readonly number[], percent: number): number {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0
}

/**
 * CPU time, in microseconds, of every process of the database and of one more. Beside other work on the machine it
 * tells more than the clock; where /proc is missing it is zero.
 */
async function cpuMicros(postmasterPid: number, pid?: number): Promise<number> {
  let ticks = 0
  for (const name of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const isCounted = [postmasterPid, pid].includes(Number(name)) || Number(fields[1]) === postmasterPid
    // Fields 14 to 17: own time, and that of children which have ended.
    if (isCounted) ticks += [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field] ?? 0), 0)
  }
  return ticks * MICROS_PER_TICK
}
/** Linux counts CPU time in hundredths of a second, whatever the machine. */
const MICROS_PER_TICK = 10_000

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
