/** Membership kept live: from the commit of an event to the row of membership, while other events stream in. */
import type pg from 'pg'
import { z } from 'zod'
import { rooms } from '../../server/src/app.ts'
import { inTransaction } from '../../server/src/platform/db/index.ts'
import { announce, defineEvent } from '../../server/src/platform/events/index.ts'
import { createWorker } from '../../server/src/platform/jobs/index.ts'
import { createSegment } from '../../server/src/segments/index.ts'
import { type Figure, time } from '../bench.ts'
import { asOwner, type Installation, pause, percentile } from '../platform.ts'
import type { Made } from './data.ts'
import { publishedRules } from './rules.ts'

/** Events a second while membership is measured, and how many go into one transaction. */
const EVENTS_PER_SECOND = 2_000
const EVENTS_PER_TRANSACTION = 100

/** Fills eleven segments, then measures. */
export async function liveOf(
  { platform, connection }: Installation,
  { ctx, now, events }: Made,
  lasting: number,
  say: (line: string) => void,
): Promise<Figure[]> {
  for (const { name, rule } of publishedRules(now))
    await createSegment(ctx, { name, description: '', kind: 'dynamic', rule })
  const probe = await createSegment(ctx, {
    name: 'probe',
    description: '',
    kind: 'dynamic',
    rule: {
      kind: 'event',
      event: 'track:Probe',
      operator: 'did',
      window: { last: { count: 1, unit: 'hours' } },
    },
  })
  const worker = await createWorker(platform, {
    jobs: rooms.flatMap((room) => room.jobs).filter((job) => job.kind.startsWith('segments.')),
    consumers: rooms
      .flatMap((room) => room.consumers)
      .filter((consumer) => consumer.name === 'segments.membership'),
    schedules: [],
    slots: 1,
  })
  const began = performance.now()
  for (;;) {
    const [row] = await ctx.db.query<{ n: number }>(
      'select count(*)::int as n from segment_walk where org_id = $1',
      [ctx.orgId],
    )
    if (row?.n === 0) break
    await pause(200)
  }
  const filled = (performance.now() - began) / 1_000
  say(`eleven segments filled in ${filled.toFixed(1)} s`)
  const [range] = await ctx.db.query<{ low: string; high: string }>(
    'select min(id) as low, max(id) as high from contact where org_id = $1',
    [ctx.orgId],
  )
  const [low, high] = [Number(range?.low), Number(range?.high)]
  const page = defineEvent('page', z.record(z.string(), z.unknown()))
  const probed = defineEvent('track:Probe', z.record(z.string(), z.unknown()))
  const latencies: number[] = []
  let sent = 0
  const started = performance.now()
  const stream = async (): Promise<void> => {
    while (performance.now() - started < lasting * 1_000) {
      await inTransaction(ctx, async (inner) => {
        for (let n = 0; n < EVENTS_PER_TRANSACTION; n++)
          announce(
            inner,
            page,
            { properties: {} },
            { contactId: String(low + (((sent + n) * 7_919) % (high - low))) as never },
          )
      })
      sent += EVENTS_PER_TRANSACTION
      const ahead = (sent / EVENTS_PER_SECOND) * 1_000 - (performance.now() - started)
      if (ahead > 0) await pause(ahead)
    }
  }
  const look = async (): Promise<void> => {
    for (let n = 0; performance.now() - started < lasting * 1_000; n++) {
      const contactId = String(low + n)
      await inTransaction(ctx, async (inner) =>
        announce(inner, probed, { properties: {} }, { contactId: contactId as never }),
      )
      const at = performance.now()
      for (;;) {
        const rows = await ctx.db.query(
          'select 1 from segment_membership where org_id = $1 and segment_id = $2 and contact_id = $3',
          [ctx.orgId, probe.id, contactId],
        )
        if (rows.length > 0) break
        await pause(5)
      }
      latencies.push(performance.now() - at)
    }
  }
  await Promise.all([stream(), look()])
  const streamed = sent / ((performance.now() - started) / 1_000)
  await worker.drain(10_000)
  await asOwner(connection, (client) => undo(client, events))
  const [p50, p99] = [percentile(latencies, 50), percentile(latencies, 99)]
  say(
    `event to membership under ${Math.round(streamed)} events/s and 11 segments: p50 ${Math.round(p50)} ms, p99 ${Math.round(p99)} ms over ${latencies.length} events`,
  )
  return [
    time('segments_fill_11', filled * 1_000, 'ms', null),
    time('segments_live_p50', p50, 'ms', null),
    time('segments_live_p99', p99, 'ms', null),
  ]
}

/** Leaves kept data as they were. */
async function undo(client: pg.Client, events: number): Promise<void> {
  await client.query('truncate segment, segment_membership, segment_wake, segment_walk cascade')
  await client.query('delete from event where seq > $1', [events])
  await client.query('update org_log set pos = $1', [events])
  await client.query('update event_cursor set pos = $1', [events])
}
