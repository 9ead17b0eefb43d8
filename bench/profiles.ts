/**
 * `npm run bench -- profiles [--contacts=1000000] [--events=5000000] [--folded=300000]`: what contacts have become, kept
 * current from the log and made anew from it, on a durable embedded PostgreSQL; beside one raw `group by contact_id`
 * over the same events, which only counts and sums.
 */
import { z } from 'zod'
import { rooms } from '../server/src/app.ts'
import { followProfiles } from '../server/src/analytics/profiles/consumer.ts'
import { rebuildProfiles } from '../server/src/analytics/index.ts'
import type { Ctx } from '../server/src/platform/context.ts'
import { type Connection, inTransaction } from '../server/src/platform/db/index.ts'
import { advanceConsumer, announce, defineEvent } from '../server/src/platform/events/index.ts'
import { type ContactId, newId } from '../server/src/platform/ids.ts'
import { type Figure, bench, rate, time } from './bench.ts'
import { asOwner, pause, percentile, taken, withInstallation } from './platform.ts'

/** Events a second while latency is measured, and for how long. */
const LOAD_PER_SECOND = 2_000
const LOAD_SECONDS = 20
const BATCH = 100

const visited = defineEvent('page', z.object({}))
const bought = defineEvent('track:Order Completed', z.record(z.string(), z.unknown()))

export default bench({
  name: 'profiles',
  about:
    'Profiles of contacts (orders, engagement, scores, hours) kept current from the log by its consumer, event → profile under 2,000 events/s, and rebuilt from the log for everybody; beside a raw group-by over the same events.',
  run: ({ say, option }): Promise<Figure[]> =>
    withInstallation(async (installation) => {
      const { platform, connection } = installation
      const measured = (work: () => Promise<unknown>): ReturnType<typeof taken> => taken(installation, work)
      const [contacts, events] = [option('contacts', 1_000_000), option('events', 5_000_000)]
      const folded = Math.min(events, option('folded', 300_000))
      const ctx = platform.systemCtx(newId<'organization'>(platform.clock.now()))
      if (rooms.length === 0) throw new Error('the house has rooms')
      const seeded = await measured(() => seed(connection, ctx.orgId, contacts, events))
      say(`${contacts} contacts, ${events} events in ${seeded.seconds.toFixed(0)} s`)

      const raw = await measured(() => rawGroup(connection, ctx.orgId))
      const rawCpu = raw.cpuMicros / events
      say(
        `raw group-by: ${Math.round(events / raw.seconds)} events/s, ${rawCpu.toFixed(2)} µs of CPU an event`,
      )

      await setPosition(connection, ctx.orgId, events - folded)
      const fold = await measured(async () => {
        while (await advanceConsumer(ctx, followProfiles));
      })
      const foldCpu = fold.cpuMicros / folded
      say(
        `kept current: ${Math.round(folded / fold.seconds)} events/s, ${foldCpu.toFixed(1)} µs of CPU an event: ${((foldCpu * LOAD_PER_SECOND) / 10_000).toFixed(0)} % of a core at ${LOAD_PER_SECOND} events/s`,
      )

      const latencies = await underLoad(ctx, contacts)
      const [p50, p99] = [percentile(latencies, 50), percentile(latencies, 99)]
      say(
        `event → profile at ${LOAD_PER_SECOND} events/s: p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`,
      )

      let different = 0
      const rebuild = await measured(async () => {
        ;({ different } = await rebuildProfiles(ctx))
      })
      say(
        `rebuilt ${contacts} contacts from ${events} events in ${rebuild.seconds.toFixed(0)} s, ${different} different (those whose events the bench left out of keeping current)`,
      )
      const again = await measured(async () => {
        ;({ different } = await rebuildProfiles(ctx))
      })
      if (different > 0) throw new Error(`a second rebuild found ${different} different`)
      return [
        rate('profiles_kept_current', folded / fold.seconds, 'events/s', events / raw.seconds),
        time('profiles_kept_current_cpu', foldCpu, 'µs/event', rawCpu),
        time('profiles_latency_p50', p50, 'ms', null),
        time('profiles_latency_p99', p99, 'ms', null),
        time('profiles_rebuild', rebuild.seconds, 's', raw.seconds),
        time('profiles_rebuild_again', again.seconds, 's', raw.seconds),
      ]
    }),
})

/** Half visits, a quarter of events of their own, the rest orders, refunds, opens and clicks; most about few people. */
function seed(connection: Connection, orgId: string, contacts: number, events: number): Promise<void> {
  return asOwner(connection, async (client) => {
    await client.query(
      `insert into organization (id, name, slug, locale, time_zone, currency, created_at, updated_at)
       values ($1, 'Bench', 'bench', 'en', 'Europe/Paris', 'EUR', now(), now())`,
      [orgId],
    )
    await client.query(
      `insert into event_definition (org_id, type, name, role, first_seen_at, last_seen_at, created_at, updated_at)
       values ($1, 'track:Order Completed', 'Order Completed', 'purchase', now(), now(), now(), now()),
         ($1, 'track:Order Refunded', 'Order Refunded', 'refund', now(), now(), now(), now())`,
      [orgId],
    )
    await client.query(
      `insert into contact (org_id, id, email, source, created_at, updated_at)
       select $1, n, 'p' || n || '@example.com', 'bench', now(), now() from generate_series(1, $2::int) n`,
      [orgId, contacts],
    )
    await client.query(
      `insert into event (org_id, seq, recorded_at, at, type, contact_id, run_id, channel, payload)
       select $1, n, now(), now() - (abs(hashint4(n)) % 31536000) * interval '1 second',
         (array['page', 'page', 'page', 'page', 'page', 'track:Video Watched', 'track:Video Watched', 'track:Video Watched',
           'track:Order Completed', 'message.opened'])[1 + n % 10],
         1 + (power(abs(hashint4(n + 7)) % 1000000 / 1000000.0, 2) * $2)::bigint,
         case when n % 10 = 9 then ('00000000-0000-4000-8000-' || lpad((n % 50)::text, 12, '0'))::uuid end,
         case when n % 10 = 9 then 'email' end,
         case when n % 10 = 8 then jsonb_build_object('orderId', 'o' || n, 'money', jsonb_build_object('amountMinor', n % 20000, 'currency', 'EUR'))
           when n % 10 = 9 then '{"machine": false, "variant": 0}'::jsonb else '{"properties": {}}'::jsonb end
       from generate_series(1, $3::int) n`,
      [orgId, contacts - 1, events],
    )
    await client.query(`insert into org_log (org_id, pos) values ($1, $2)`, [orgId, events])
    await client.query('analyze')
  })
}

const rawGroup = (connection: Connection, orgId: string): Promise<unknown> =>
  asOwner(connection, (client) =>
    client.query(
      `create temporary table raw_profile as
       select contact_id, count(*) as events, count(*) filter (where type = 'track:Order Completed') as orders,
         sum((payload #>> '{money,amountMinor}')::bigint) as revenue, min(at) as first_at, max(at) as last_at
       from event where org_id = $1 group by contact_id`,
      [orgId],
    ),
  )

const setPosition = (connection: Connection, orgId: string, pos: number): Promise<unknown> =>
  asOwner(connection, (client) =>
    client.query(
      `insert into event_cursor (org_id, consumer, pos, updated_at) values ($1, 'analytics.profiles', $2, now())`,
      [orgId, pos],
    ),
  )

/** Events come in as fast as asked while the consumer reads; a batch is there when its last event's profile says so. */
async function underLoad(ctx: Ctx, contacts: number): Promise<number[]> {
  const batches = (LOAD_PER_SECOND * LOAD_SECONDS) / BATCH
  const waiting: { seq: bigint; at: number }[] = []
  const latencies: number[] = []
  let isWriting = true
  const reader = (async () => {
    while (isWriting || waiting.length > 0) {
      const more = await advanceConsumer(ctx, followProfiles)
      const position = await positionOf(ctx)
      const now = performance.now()
      while (waiting[0] !== undefined && waiting[0].seq <= position)
        latencies.push(now - (waiting.shift()?.at ?? now))
      if (!more) await pause(5)
    }
  })()
  const from = performance.now()
  for (let n = 0; n < batches; n++) {
    const due = from + (n * BATCH * 1_000) / LOAD_PER_SECOND
    const wait = due - performance.now()
    if (wait > 0) await pause(wait)
    const at = performance.now()
    await inTransaction(ctx, async (ctx) => {
      for (let i = 0; i < BATCH; i++) {
        const contactId = String(1 + (((n * BATCH + i) * 7_919) % contacts)) as ContactId
        if (i % 10 === 0)
          announce(
            ctx,
            bought,
            { orderId: `l${n}-${i}`, money: { amountMinor: 1_000, currency: 'EUR' } },
            { contactId },
          )
        else announce(ctx, visited, {}, { contactId })
      }
    })
    waiting.push({ seq: await endOf(ctx), at })
  }
  isWriting = false
  await reader
  return latencies
}

async function positionOf(ctx: Ctx): Promise<bigint> {
  const [row] = await ctx.db.query<{ pos: string }>(
    `select pos from event_cursor where org_id = $1 and consumer = 'analytics.profiles'`,
    [ctx.orgId],
  )
  return BigInt(row?.pos ?? 0)
}

/** The last event of ours: what the consumer itself announces lies behind it. */
async function endOf(ctx: Ctx): Promise<bigint> {
  const [row] = await ctx.db.query<{ seq: string }>(
    `select seq from event where org_id = $1 and type in ('page', 'track:Order Completed') order by seq desc limit 1`,
    [ctx.orgId],
  )
  return BigInt(row?.seq ?? 0)
}
