/**
 * `npm run bench -- freshness [--rate=2000] [--seconds=20] [--contacts=100000] [--segments=100]`: how long after the answer
 * an event is seen on the profile and in a segment, while other events arrive at a steady rate; with one segment
 * followed, and with many. A server and a worker as processes of their own, a durable embedded PostgreSQL; the database
 * is asked every few milliseconds.
 */
import { Pool } from 'undici'
import { rooms } from '../server/src/app.ts'
import type { Ctx } from '../server/src/platform/context.ts'
import { inTransaction } from '../server/src/platform/db/index.ts'
import { freeLoopbackPort } from '../server/src/platform/supervisor/ports.ts'
import { createSegment, type Rule } from '../server/src/segments/index.ts'
import { createSource } from '../server/src/tracking/sources/manage.ts'
import { type Figure, bench, rate, time } from './bench.ts'
import { manyRules } from './freshness/rules.ts'
import {
  asOwner,
  cpuOf,
  type Installation,
  pause,
  percentile,
  startProcess,
  withInstallation,
} from './platform.ts'
import { peopleAndEvents } from './segments/data.ts'

/** People whom the stream is about, of all contacts. */
const STREAMED = 5_000
/** People who buy while we look; nobody knows them before. */
const BUYERS = 2_000
/** Events that each contact has done before. */
const EVENTS_PER_CONTACT = 5
/** Events of one request of the steady stream. */
const PER_REQUEST = 50
const PROBE_EVERY_MS = 250
const LOOK_EVERY_MS = 5
/** A probe that has not been seen by then is counted with this. */
const GIVE_UP_MS = 30_000
const BUYER: Rule = { kind: 'event', event: 'track:Order Completed', operator: 'did' }

export default bench({
  name: 'freshness',
  about:
    'Time from the answer to an order until it stands on the buyer’s profile, and until the buyer is in a segment of buyers, while other events arrive at a steady rate: with that segment alone, and with a hundred followed.',
  run: ({ say, option }): Promise<Figure[]> =>
    withInstallation(async (installation) => {
      const port = await freeLoopbackPort()
      const { ctx, writeKey } = await prepare(installation, option('contacts', 100_000))
      const segment = await createSegment(ctx, dynamic('Buyers', BUYER))
      const { processSettings } = installation
      const processes = [
        await startProcess('api-process.ts', { ...processSettings, port }),
        await startProcess('worker-process.ts', { ...processSettings, aheadMs: 0, slots: 4 }),
      ]
      const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 8 })
      try {
        const stream: Stream = {
          ctx,
          segmentId: segment.id,
          perSecond: option('rate', 2_000),
          seconds: option('seconds', 20),
          post: poster(pool, writeKey),
          cpu: () =>
            cpuOf(
              installation,
              processes.flatMap(({ pid }) => pid ?? []),
            ),
          say,
        }
        await introduce(stream)
        await filled(ctx)
        const alone = await measure(stream, 'alone')
        const figures = [
          rate('freshness_stream', alone.streamed, 'events/s', null),
          time('freshness_profile_p50', percentile(alone.profileMs, 50), 'ms', null),
          time('freshness_profile_p99', percentile(alone.profileMs, 99), 'ms', null),
          time('freshness_membership_p50', percentile(alone.segmentMs, 50), 'ms', null),
          time('freshness_membership_p99', percentile(alone.segmentMs, 99), 'ms', null),
        ]
        const segments = option('segments', 100)
        if (segments <= 1) return figures
        const rules = manyRules()
        for (let n = 0; n < segments - 1; n++)
          await createSegment(ctx, dynamic(`Rule ${n + 1}`, rules[n % rules.length] ?? BUYER))
        await filled(ctx)
        const many = await measure(stream, 'among many')
        return [
          ...figures,
          rate(`freshness_stream_${segments}`, many.streamed, 'events/s', null),
          time(`freshness_membership_${segments}_p50`, percentile(many.segmentMs, 50), 'ms', null),
          time(`freshness_membership_${segments}_p99`, percentile(many.segmentMs, 99), 'ms', null),
        ]
      } finally {
        for (const child of processes) child.kill('SIGKILL')
        await pool.destroy()
      }
    }),
})

const dynamic = (name: string, rule: Rule) => ({ name, description: '', kind: 'dynamic' as const, rule })

interface Stream {
  ctx: Ctx
  segmentId: string
  perSecond: number
  seconds: number
  post: (batch: readonly object[]) => Promise<void>
  /** CPU time so far of the two processes with this one, and of the database. */
  cpu: () => Promise<{ node: number; postgres: number }>
  say: (line: string) => void
}

/** Contacts with a past that every consumer has read. */
async function prepare(
  installation: Installation,
  contacts: number,
): Promise<{ ctx: Ctx; writeKey: string }> {
  const events = contacts * EVENTS_PER_CONTACT
  const { ctx, now } = await peopleAndEvents(installation, contacts, events)
  await asOwner(installation.connection, (client) =>
    client.query(
      `insert into event_cursor (org_id, consumer, pos, updated_at)
       select $1, consumer, $3, $2 from unnest($4::text[]) as c (consumer) on conflict do nothing`,
      [ctx.orgId, now, events, rooms.flatMap(({ consumers }) => consumers.map(({ name }) => name))],
    ),
  )
  const { writeKey } = await inTransaction(ctx, (inner) =>
    createSource(inner, { name: 'Bench', kind: 'server' }),
  )
  return { ctx, writeKey }
}

function poster(pool: Pool, writeKey: string): Stream['post'] {
  const authorization = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`
  return async (batch) => {
    const answer = await pool.request({
      method: 'POST',
      path: '/v1/batch',
      headers: { authorization },
      body: JSON.stringify({ batch }),
    })
    await answer.body.dump()
    if (answer.statusCode !== 200) throw new Error(`the server answered ${answer.statusCode}`)
  }
}

/** Says by which ids the people of the stream and the buyers are known. */
async function introduce({ post, say }: Stream): Promise<void> {
  const known = Array.from({ length: STREAMED }, (_, n) => [`user-${n}`, `c${n + 1}@example.net`])
  const buyers = Array.from({ length: BUYERS }, (_, n) => [`buyer-${n}`, buyerEmail(n)])
  const all = [...known, ...buyers].map(([userId, email]) => ({
    type: 'identify',
    userId,
    messageId: `who-${userId}`,
    traits: { email },
  }))
  for (let from = 0; from < all.length; from += 500) await post(all.slice(from, from + 500))
  say(`${all.length} people introduced`)
}

const buyerEmail = (n: number): string => `buyer.${n}@example.com`

/** Waits until every followed segment holds its people. */
async function filled(ctx: Ctx): Promise<void> {
  for (;;) {
    const [row] = await ctx.db.query<{ n: number }>(
      'select count(*)::int as n from segment where org_id = $1 and filled_at is null',
      [ctx.orgId],
    )
    if (row?.n === 0) return
    await pause(200)
  }
}

interface Measured {
  streamed: number
  profileMs: number[]
  segmentMs: number[]
}

let [sent, bought] = [0, 0]

/** Streams, and has somebody buy every so often. */
async function measure(
  { ctx, segmentId, perSecond, seconds, post, cpu, say }: Stream,
  name: string,
): Promise<Measured> {
  const inFlight = new Set<Promise<void>>()
  const [before, cpuBefore, startedAt] = [sent, await cpu(), performance.now()]
  const stream = setInterval(
    () => {
      const request = post(
        Array.from({ length: PER_REQUEST }, (_, n) => ({
          type: 'track',
          event: 'Product Viewed',
          userId: `user-${(sent + n) % STREAMED}`,
          messageId: `view-${sent + n}`,
          properties: { path: `/p/${n}` },
        })),
      ).finally(() => inFlight.delete(request))
      inFlight.add(request)
      sent += PER_REQUEST
    },
    (PER_REQUEST * 1_000) / perSecond,
  )
  const probes: Promise<Seen>[] = []
  const { watch } = watcher(ctx, segmentId)
  while (performance.now() - startedAt < seconds * 1_000) {
    const n = bought++
    await post([
      {
        type: 'track',
        event: 'Order Completed',
        userId: `buyer-${n}`,
        messageId: `order-${n}`,
        properties: { order_id: `o-${n}`, revenue: 10 },
      },
    ])
    probes.push(watch(buyerEmail(n)))
    await pause(PROBE_EVERY_MS)
  }
  clearInterval(stream)
  const lasted = (performance.now() - startedAt) / 1_000
  const used = await cpu()
  await Promise.all(inFlight)
  const seen = await Promise.all(probes)
  const [profileMs, segmentMs] = [seen.map((one) => one.profileMs), seen.map((one) => one.segmentMs)]
  const streamed = (sent - before) / lasted
  say(
    `${name}: ${seen.length} orders among ${Math.round(streamed)} events/s; membership p50 ${Math.round(percentile(segmentMs, 50))}, p99 ${Math.round(percentile(segmentMs, 99))} ms; ` +
      `cores used: Node ${((used.node - cpuBefore.node) / lasted / 1e6).toFixed(2)}, PostgreSQL ${((used.postgres - cpuBefore.postgres) / lasted / 1e6).toFixed(2)}`,
  )
  return { streamed, profileMs, segmentMs }
}

interface Seen {
  profileMs: number
  segmentMs: number
}

/** Somebody whose order was answered, until it is seen in both places. */
interface Waiting {
  startedAt: number
  profileMs: number | null
  segmentMs: number | null
  done: (seen: Seen) => void
}

/**
 * Looks for everybody whose order is waited for. One statement for all of them: one each would make a lag that it
 * only means to measure.
 */
function watcher({ db, orgId }: Ctx, segmentId: string) {
  const waiting = new Map<string, Waiting>()
  const look = async (): Promise<void> => {
    const rows = await db.query<{ email: string; hasProfile: boolean; isMember: boolean }>(
      `select c.email,
         exists (select from contact_profile p where p.org_id = $1 and p.contact_id = c.id and p.orders > 0) as has_profile,
         exists (select from segment_membership m where m.org_id = $1 and m.segment_id = $3 and m.contact_id = c.id) as is_member
       from contact c where c.org_id = $1 and c.email = any($2)`,
      [orgId, [...waiting.keys()], segmentId],
    )
    const [now, found] = [performance.now(), new Map(rows.map((row) => [row.email, row]))]
    for (const [email, one] of waiting) {
      const elapsed = now - one.startedAt
      if (found.get(email)?.hasProfile) one.profileMs ??= elapsed
      if (found.get(email)?.isMember) one.segmentMs ??= elapsed
      const unseen = elapsed >= GIVE_UP_MS ? GIVE_UP_MS : null
      const [profileMs, segmentMs] = [one.profileMs ?? unseen, one.segmentMs ?? unseen]
      if (profileMs === null || segmentMs === null) continue
      waiting.delete(email)
      one.done({ profileMs, segmentMs })
    }
  }
  let looking: Promise<void> | null = null
  const lookWhileWaiting = async (): Promise<void> => {
    while (waiting.size > 0) {
      await look()
      await pause(LOOK_EVERY_MS)
    }
    looking = null
  }
  return {
    /** Waits until somebody's order is seen. */
    watch: (email: string): Promise<Seen> =>
      new Promise<Seen>((done) => {
        waiting.set(email, { startedAt: performance.now(), profileMs: null, segmentMs: null, done })
        looking ??= lookWhileWaiting()
      }),
  }
}
