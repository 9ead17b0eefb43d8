/**
 * `npm run bench -- ingest [--events=200000] [--batch=100] [--connections=32]`: events through the Segment protocol, as
 * the official clients write them, to a server process and a durable embedded PostgreSQL; every answer comes after the
 * commit. Over 8 connections, too: then the server and the database wait for one another. Beside it, in the same run: the
 * same rows by a loop of set-based inserts without any server, and one commit per event on as many connections. Then
 * single messages, and the server is killed while they arrive.
 */
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { Pool } from 'undici'
import { inTransaction, type Connection } from '../server/src/platform/db/index.ts'
import type { OrgId } from '../server/src/platform/ids.ts'
import type { Platform } from '../server/src/platform/platform.ts'
import { freeLoopbackPort } from '../server/src/platform/supervisor/ports.ts'
import { createSource } from '../server/src/tracking/sources/manage.ts'
import { type Figure, bench, rate, time } from './bench.ts'
import {
  asOwner,
  benchOrganization,
  type Installation,
  peakMegabytes,
  percentile,
  startProcess,
  taken,
  withInstallation,
} from './platform.ts'

const USERS = 10_000
/** Rows of one statement of the raw loop: as many as one of our transactions takes. */
const RAW_BATCH = 2_000
/** Commits of the peer that commits each event. */
const SINGLE_COMMITS = 8_000
const KILLS = 3
/** Senders that the database and the server take in turns rather than together. */
const FEW_CONNECTIONS = 8

export default bench({
  name: 'ingest',
  about:
    'Events through the Segment protocol, durable before the answer: batches as the Node client sends them, over 32 connections and over 8, then single messages; beside a loop of set-based inserts of the same rows without a server, and beside one commit per event. Kills the server while events arrive and counts what was answered and is not there.',
  run: ({ say, option }): Promise<Figure[]> =>
    withInstallation(async (installation) => {
      const events = option('events', 200_000)
      const perBatch = option('batch', 100)
      const connections = option('connections', 32)
      const { platform } = installation
      const port = await freeLoopbackPort()
      const start = (): Promise<ChildProcess> =>
        startProcess('api-process.ts', { ...installation.processSettings, port })
      let server = await start()
      try {
        const ctx = await benchOrganization(platform)
        const { writeKey } = await inTransaction(ctx, (inner) =>
          createSource(inner, { name: 'Bench', kind: 'server' }),
        )
        const authorization = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`
        const origin = `http://127.0.0.1:${port}`

        const raw = await rawLoop(installation, events)
        say(`raw loop: ${Math.round(raw.perSecond)} events/s, ${raw.cpuMicros.toFixed(1)} µs of CPU an event`)
        const apart = await commitPerEvent(installation, connections)
        say(
          `one commit per event: ${Math.round(apart.perSecond)} events/s, ${apart.cpuMicros.toFixed(1)} µs of CPU an event`,
        )

        // The first batch makes ten thousand people; what is measured is what comes day by day.
        await load(origin, authorization, bodies(USERS, 500, 'warm', true), 2)
        await load(origin, authorization, bodies(USERS, 500, 'warm-events', false), 2)
        say('people made')
        const measured = async (list: readonly string[], lanes: number, count: number): Promise<Loaded> => {
          const [ours, of] = [process.cpuUsage(), await installation.cpuMicros(server.pid)]
          const run = await load(origin, authorization, list, lanes)
          const own = process.cpuUsage(ours)
          const used = (await installation.cpuMicros(server.pid)) - of - own.user - own.system
          return { ...run, perSecond: count / run.seconds, cpuMicros: used / count }
        }
        const batched = await measured(bodies(events, perBatch, 'batch', false), connections, events)
        say(
          `batches of ${perBatch}: ${Math.round(batched.perSecond)} events/s, ${batched.cpuMicros.toFixed(1)} µs of CPU an event`,
        )
        await expectCount(platform, ctx.orgId, 'batch', events)
        const few = await measured(bodies(events, perBatch, 'few', false), FEW_CONNECTIONS, events)
        say(`the same over ${FEW_CONNECTIONS} connections: ${Math.round(few.perSecond)} events/s`)
        await expectCount(platform, ctx.orgId, 'few', events)

        const singles = Math.min(events, 40_000)
        const one = await measured(bodies(singles, 1, 'single', false), 256, singles)
        say(
          `single messages: ${Math.round(one.perSecond)} events/s, ${one.cpuMicros.toFixed(1)} µs of CPU an event`,
        )
        await expectCount(platform, ctx.orgId, 'single', singles)

        const peak = await peakMegabytes(server.pid ?? 0)
        let lost = 0
        let answered = 0
        for (let kill = 0; kill < KILLS; kill++) {
          const acknowledged = await killed(origin, authorization, `kill${kill}`, perBatch, server)
          answered += acknowledged.length * perBatch
          server = await start()
          lost += await missing(platform, ctx.orgId, acknowledged, perBatch)
        }
        say(`killed ${KILLS} times: ${answered} events answered, ${lost} of them lost`)
        if (lost > 0) throw new Error(`${lost} acknowledged events are lost`)

        return [
          rate('ingest_batch', batched.perSecond, 'events/s', raw.perSecond),
          time('ingest_batch_cpu', batched.cpuMicros, 'µs/event', raw.cpuMicros),
          time('ingest_batch_p50', percentile(batched.times, 50), 'ms', null),
          time('ingest_batch_p99', percentile(batched.times, 99), 'ms', null),
          rate('ingest_batch_few', few.perSecond, 'events/s', raw.perSecond),
          time('ingest_batch_few_p99', percentile(few.times, 99), 'ms', null),
          rate('ingest_single', one.perSecond, 'events/s', apart.perSecond),
          time('ingest_single_cpu', one.cpuMicros, 'µs/event', apart.cpuMicros),
          time('ingest_single_p50', percentile(one.times, 50), 'ms', null),
          time('ingest_single_p99', percentile(one.times, 99), 'ms', null),
          time('ingest_peak_rss', peak, 'MB', null),
          rate('ingest_killed_answered', answered, 'events', null),
          rate('ingest_killed_lost', lost, 'events', null),
        ]
      } finally {
        server.kill('SIGKILL')
      }
    }),
})

/** What a load came to: time of each request in ms, and CPU of server and database. */
interface Loaded {
  seconds: number
  times: number[]
  perSecond: number
  cpuMicros: number
}

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

/** What a raw loop came to, CPU of this process and the database. */
interface Raw {
  perSecond: number
  cpuMicros: number
}

const RAW_TABLE = 'create table raw_event (like event including defaults, primary key (org_id, seq))'

/** Inserts of rows as they lie in the log, into a table of the same columns with its primary key. */
function rawLoop(installation: Installation, events: number): Promise<Raw> {
  return asOwner(installation.connection, async (client) => {
    await client.query(RAW_TABLE)
    const orgId = randomUUID()
    const { seconds, cpuMicros } = await taken(installation, async () => {
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
    })
    await client.query('drop table raw_event')
    return { perSecond: events / seconds, cpuMicros: cpuMicros / events }
  })
}

/** One row, one commit, over some connections at once. */
async function commitPerEvent(installation: Installation, connections: number): Promise<Raw> {
  const connection: Connection = installation.connection
  await asOwner(connection, (client) => client.query(RAW_TABLE))
  const pool = new pg.Pool({ ...connection, max: connections })
  const orgId = randomUUID()
  let next = 0
  const writer = async (): Promise<void> => {
    for (let n = next++; n < SINGLE_COMMITS; n = next++)
      await pool.query({
        name: 'raw_one',
        text: `insert into raw_event (org_id, seq, recorded_at, at, type, contact_id, payload) values ($1, $2, $3, $3, 'track:Product Viewed', $4, $5)`,
        values: [orgId, n, new Date(), n % USERS, message(n, 'raw', false)],
      })
  }
  const { seconds, cpuMicros } = await taken(installation, () =>
    Promise.all(Array.from({ length: connections }, writer)),
  )
  await pool.end()
  await asOwner(connection, (client) => client.query('drop table raw_event'))
  return { perSecond: SINGLE_COMMITS / seconds, cpuMicros: cpuMicros / SINGLE_COMMITS }
}
