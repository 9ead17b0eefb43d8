/**
 * More than can be written: the database stands still while requests keep coming. What is taken is bounded, whoever is
 * turned away is told when to come back, and nothing that was answered is missing afterwards.
 */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { inTransaction } from '../../platform/db/index.ts'
import { served } from '../../testing/served.ts'
import { lockIdentity } from '../identity/queries.ts'

/** Three times what a server takes at once (32 MB). */
const REQUESTS = 260
const BODY_BYTES = 400_000
const TAKEN_MAX = Math.floor((32 * 1024 * 1024) / BODY_BYTES)
const PER_REQUEST = 10
/** The bodies that are taken, a copy of each as text, what they become, and what the collector has not yet swept. */
const GROWTH_BYTES_MAX = 200 * 1024 * 1024
/** Two processes on a machine that may be busy. */
const FLOOD_TIMEOUT_MS = 120_000

const { ctx, writeKey, start } = await served('flood')

test(
  'NFR-002.3 a flood is told to come back before memory grows, and nothing that was answered is lost',
  { timeout: FLOOD_TIMEOUT_MS },
  async () => {
    const { origin, process: server } = await start()
    expect((await send(origin, 'warm')).status).toBe(200)
    const before = await residentBytes(server.pid)
    const marks = Array.from({ length: REQUESTS }, (_, n) => `flood-${n}`)
    const held = Promise.withResolvers<void>()
    const free = Promise.withResolvers<void>()
    // Whoever holds this lock decides who is who: until it is free no batch is written.
    const standstill = inTransaction(ctx, async (ctx) => {
      await lockIdentity(ctx)
      held.resolve()
      await free.promise
    })
    await held.promise
    const refused: string[] = []
    const waits = new Set<string | null>()
    const turnedAway = Promise.withResolvers<void>()
    const answers = marks.map(async (mark) => {
      const answer = await send(origin, mark)
      if (answer.status === 429) {
        refused.push(mark)
        waits.add(answer.headers.get('retry-after'))
        if (refused.length >= REQUESTS - TAKEN_MAX) turnedAway.resolve()
      }
      return { mark, status: answer.status }
    })
    // Those beyond the bound are answered while all others still wait.
    await turnedAway.promise
    const grown = (await residentBytes(server.pid)) - before
    free.resolve()
    await standstill
    const settled = await Promise.all(answers)
    const taken = settled.filter(({ status }) => status === 200).map(({ mark }) => mark)
    expect(new Set(settled.map(({ status }) => status))).toEqual(new Set([200, 429]))
    expect(waits).toEqual(new Set(['1']))
    expect(taken.length).toBeLessThanOrEqual(TAKEN_MAX)
    expect(grown).toBeLessThan(GROWTH_BYTES_MAX)
    // They come back as they were told, a few at a time.
    while (refused.length > 0) {
      const again = refused.splice(0, 40)
      expect(await Promise.all(again.map(async (mark) => (await send(origin, mark)).status))).toEqual(
        again.map(() => 200),
      )
    }
    const rows = await ctx.db.query<{ id: string; n: number }>(
      `select payload->>'messageId' as id, count(*)::int as n from event where org_id = $1 and type = 'track:Sent' group by 1`,
      [ctx.orgId],
    )
    expect(rows.filter(({ n }) => n !== 1)).toEqual([])
    expect(new Set(rows.map(({ id }) => id))).toEqual(
      new Set(
        ['warm', ...marks].flatMap((mark) => Array.from({ length: PER_REQUEST }, (_, n) => `${mark}-${n}`)),
      ),
    )
  },
)

/** A request as large as told, most of it blanks: what is bounded is bytes, and the test need not store them. */
function send(origin: string, mark: string): Promise<Response> {
  const batch = Array.from({ length: PER_REQUEST }, (_, n) => ({
    type: 'track',
    event: 'Sent',
    userId: `user-${n}`,
    messageId: `${mark}-${n}`,
  }))
  return fetch(`${origin}/v1/batch`, {
    method: 'POST',
    body: JSON.stringify({ writeKey, batch }).padEnd(BODY_BYTES),
  })
}

/** What a process holds in memory, by the kernel's own account; 0 where the system keeps none. */
async function residentBytes(pid: number | undefined): Promise<number> {
  if (process.platform !== 'linux') return 0
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s*(\d+) kB/.exec(status)?.[1] ?? 0) * 1024
}
