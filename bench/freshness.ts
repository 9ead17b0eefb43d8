/**
 * `npm run bench -- freshness [--rate=2000] [--seconds=20]`: how long after the answer an event is seen on the profile
 * and in a segment, while other events arrive at a steady rate. A server and a worker as processes of their own, a
 * durable embedded PostgreSQL; the database is asked every few milliseconds.
 */
import { Pool } from 'undici'
import { inTransaction } from '../server/src/platform/db/index.ts'
import type { OrgId } from '../server/src/platform/ids.ts'
import type { Platform } from '../server/src/platform/platform.ts'
import { createSegment } from '../server/src/segments/service/segments.ts'
import { freePort } from '../server/src/testing/free-port.ts'
import { createSource } from '../server/src/tracking/sources/manage.ts'
import { type Figure, bench, rate, time } from './bench.ts'
import { benchOrganization, pause, percentile, startProcess, withInstallation } from './platform.ts'

const USERS = 5_000
/** Events of one request of the steady stream. */
const PER_REQUEST = 50
const PROBE_EVERY_MS = 250
const LOOK_EVERY_MS = 5
/** A probe that has not been seen by then is counted with this. */
const GIVE_UP_MS = 30_000

export default bench({
  name: 'freshness',
  about:
    'Time from the answer to an order until it stands on the buyer’s profile, and until the buyer is in a segment of buyers, while other events arrive at a steady rate.',
  run: ({ say, option }): Promise<Figure[]> =>
    withInstallation(async ({ platform, processSettings }) => {
      const perSecond = option('rate', 2_000)
      const seconds = option('seconds', 20)
      const port = await freePort()
      const processes = [
        await startProcess('api-process.ts', { ...processSettings, port }),
        await startProcess('worker-process.ts', { ...processSettings, aheadMs: 0, slots: 4 }),
      ]
      const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 8 })
      try {
        const { orgId, writeKey, segmentId } = await prepare(platform)
        const authorization = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`
        const post = async (batch: readonly object[]): Promise<void> => {
          const answer = await pool.request({
            method: 'POST',
            path: '/v1/batch',
            headers: { authorization },
            body: JSON.stringify({ batch }),
          })
          await answer.body.dump()
          if (answer.statusCode !== 200) throw new Error(`the server answered ${answer.statusCode}`)
        }
        for (let from = 0; from < USERS; from += 500)
          await post(
            Array.from({ length: 500 }, (_, n) => ({
              type: 'identify',
              userId: `user-${from + n}`,
              messageId: `who-${from + n}`,
              traits: { email: `person.${from + n}@example.com` },
            })),
          )
        say(`${USERS} people`)

        let sent = 0
        const inFlight = new Set<Promise<void>>()
        const stream = setInterval(
          () => {
            const request = post(
              Array.from({ length: PER_REQUEST }, (_, n) => ({
                type: 'track',
                event: 'Product Viewed',
                userId: `user-${(sent + n) % USERS}`,
                messageId: `view-${sent + n}`,
                properties: { product_id: `p-${n}` },
              })),
            ).finally(() => inFlight.delete(request))
            inFlight.add(request)
            sent += PER_REQUEST
          },
          (PER_REQUEST * 1_000) / perSecond,
        )
        const startedAt = performance.now()
        const probes: Promise<Seen>[] = []
        for (let n = 0; performance.now() - startedAt < seconds * 1_000; n++) {
          const userId = `user-${n}`
          await post([
            {
              type: 'track',
              event: 'Order Completed',
              userId,
              messageId: `order-${n}`,
              properties: { order_id: `o-${n}`, revenue: 10 },
            },
          ])
          probes.push(watch(platform, orgId, `person.${n}@example.com`, segmentId))
          await pause(PROBE_EVERY_MS)
        }
        clearInterval(stream)
        const streamed = sent / ((performance.now() - startedAt) / 1_000)
        await Promise.all(inFlight)
        const seen = await Promise.all(probes)
        say(`${seen.length} orders among ${Math.round(streamed)} events/s`)
        const profile = seen.map(({ profileMs }) => profileMs)
        const membership = seen.map(({ segmentMs }) => segmentMs)
        return [
          rate('freshness_stream', streamed, 'events/s', null),
          time('freshness_profile_p50', percentile(profile, 50), 'ms', null),
          time('freshness_profile_p99', percentile(profile, 99), 'ms', null),
          time('freshness_membership_p50', percentile(membership, 50), 'ms', null),
          time('freshness_membership_p99', percentile(membership, 99), 'ms', null),
        ]
      } finally {
        for (const child of processes) child.kill('SIGKILL')
        await pool.destroy()
      }
    }),
})

interface Seen {
  profileMs: number
  segmentMs: number
}

async function prepare(platform: Platform): Promise<{ orgId: OrgId; writeKey: string; segmentId: string }> {
  const ctx = await benchOrganization(platform)
  const { writeKey } = await inTransaction(ctx, (inner) =>
    createSource(inner, { name: 'Bench', kind: 'server' }),
  )
  const segment = await createSegment(ctx, {
    name: 'Buyers',
    description: '',
    kind: 'dynamic',
    rule: { kind: 'event', event: 'track:Order Completed', operator: 'did' },
  })
  return { orgId: ctx.orgId, writeKey, segmentId: segment.id }
}

/** Asks until both are there. */
async function watch(platform: Platform, orgId: OrgId, email: string, segmentId: string): Promise<Seen> {
  const { db } = platform.systemCtx(orgId)
  const startedAt = performance.now()
  let profileMs: number | null = null
  let segmentMs: number | null = null
  while ((profileMs === null || segmentMs === null) && performance.now() - startedAt < GIVE_UP_MS) {
    const [row] = await db.query<{ hasProfile: boolean; isMember: boolean }>(
      `select exists (select from contact_profile p where p.org_id = $1 and p.contact_id = c.id and p.orders > 0) as has_profile,
         exists (select from segment_membership m where m.org_id = $1 and m.segment_id = $3 and m.contact_id = c.id) as is_member
       from contact c where c.org_id = $1 and c.email = $2`,
      [orgId, email, segmentId],
    )
    const elapsed = performance.now() - startedAt
    if (row?.hasProfile) profileMs ??= elapsed
    if (row?.isMember) segmentMs ??= elapsed
    await pause(LOOK_EVERY_MS)
  }
  return { profileMs: profileMs ?? GIVE_UP_MS, segmentMs: segmentMs ?? GIVE_UP_MS }
}
