import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { testPlatform } from '../../testing/test-platform.ts'
import { inTransaction, systemTransaction } from '../db/index.ts'
import { newId, type OrgId } from '../ids.ts'
import { LeaseLost } from './definitions.ts'
import { LEASE_MS, claimJobs, runJob } from './run.ts'
import {
  announceSchedules,
  anyJob,
  createWorker,
  defineJob,
  defineSchedule,
  enqueue,
  enqueueMany,
  runDueJobs,
  runSchedules,
  type JobDefinition,
  type Lease,
} from './index.ts'
import { duePairs } from './queries.ts'
import type { DueWork } from './turns.ts'

const { platform, clock } = await testPlatform()
const newOrg = (): OrgId => newId<'organization'>(clock.now())
let kinds = 0

function testJob(
  handle: JobDefinition<{ n: number }>['handle'],
  attemptsMax = 3,
): JobDefinition<{ n: number }> {
  kinds += 1
  return defineJob({
    kind: `test.kind_${kinds}`,
    lane: 'bulk',
    payload: z.object({ n: z.number() }),
    attemptsMax,
    handle,
  })
}
const byKind = (...jobs: JobDefinition<{ n: number }>[]): Map<string, ReturnType<typeof anyJob>> =>
  new Map(jobs.map((job) => [job.kind, anyJob(job)]))
const statesOf = async (orgId: OrgId): Promise<string[]> =>
  (
    await systemTransaction(platform.database, (db) =>
      db.query<{ state: string }>('select state from work where org_id = $1 order by id', [orgId]),
    )
  ).map((row) => row.state)

/** What waits of an organization's bulk lane, and what was held too long. */
const ready = (orgId: OrgId): DueWork => ({ orgId, lane: 2, part: '', isLapsed: false })
const lapsed = (orgId: OrgId): DueWork => ({ ...ready(orgId), isLapsed: true })

describe('jobs', () => {
  test('NFR-002.2 a job exists only if its transaction commits', async () => {
    const orgId = newOrg()
    const job = testJob(async () => undefined)
    await expect(
      inTransaction(platform.systemCtx(orgId), async (ctx) => {
        await enqueue(ctx, job, { n: 1 })
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await statesOf(orgId)).toEqual([])
  })

  test('a worker that slept past its lease does not pass for the holder when its own process claimed the job anew meanwhile', async () => {
    const orgId = newOrg()
    let turns = 0
    let isFenced = false
    const job = testJob(async (_ctx, _payload, lease) => {
      turns += 1
      if (turns > 1) return { again: clock.now() }
      clock.advance(LEASE_MS + 1_000)
      const [taken] = await claimJobs(platform, lapsed(orgId), 'another', 1)
      if (!taken) throw new Error('the job was not taken over')
      // The other one waits for what the sleeper has in its hands, and gives the job back.
      await runJob(platform, byKind(job), taken, () => false)
      const [own] = await claimJobs(platform, ready(orgId), 'sleeper', 1)
      expect(own).toMatchObject({ attempt: 1 })
      await inTransaction(platform.systemCtx(orgId), (ctx) => lease.fence(ctx)).catch((error: unknown) => {
        isFenced = error instanceof LeaseLost
        throw error
      })
    })
    await enqueue(platform.systemCtx(orgId), job, { n: 1 })
    const [claimed] = await claimJobs(platform, ready(orgId), 'sleeper', 1)
    if (!claimed) throw new Error('the job was not claimed')
    await runJob(platform, byKind(job), claimed, () => false)
    expect([turns, isFenced]).toEqual([2, true])
    await systemTransaction(platform.database, (db) =>
      db.query('delete from work where org_id = $1', [orgId]),
    )
  })

  test('a second waiting job of the same key is dropped, and allowed again once the first has ended', async () => {
    const orgId = newOrg()
    const job = testJob(async () => undefined)
    const ctx = platform.systemCtx(orgId)
    await enqueue(ctx, job, { n: 1 }, { key: 'same' })
    await enqueue(ctx, job, { n: 2 }, { key: 'same' })
    expect(await statesOf(orgId)).toEqual(['ready'])
    await runDueJobs(platform, byKind(job))
    await enqueue(ctx, job, { n: 3 }, { key: 'same' })
    expect(await statesOf(orgId)).toEqual(['done', 'ready'])
  })

  test('NFR-003.4 many claimers share the work: each job is claimed once', async () => {
    const orgId = newOrg()
    const job = testJob(async () => undefined)
    await enqueueMany(
      platform.systemCtx(orgId),
      job,
      Array.from({ length: 100 }, (_, n) => ({ payload: { n } })),
    )
    const claims = await Promise.all(
      Array.from({ length: 10 }, (_, i) => claimJobs(platform, ready(orgId), `worker ${i}`, 20)),
    )
    const ids = claims.flat().map((claimed) => claimed.id)
    expect(ids).toHaveLength(100)
    expect(new Set(ids).size).toBe(100)
    await systemTransaction(platform.database, (db) =>
      db.query('delete from work where org_id = $1', [orgId]),
    )
  })

  test('NFR-002.3 a job whose worker was killed is claimed again when its lease ends, within 30 s', async () => {
    const orgId = newOrg()
    const job = testJob(async () => undefined)
    await enqueue(platform.systemCtx(orgId), job, { n: 1 })
    await claimJobs(platform, ready(orgId), 'killed', 1)
    clock.advance(LEASE_MS - 1_000)
    for (const due of [ready(orgId), lapsed(orgId)])
      expect(await claimJobs(platform, due, 'next', 1)).toEqual([])
    clock.advance(2_000)
    expect(LEASE_MS + 1_000).toBeLessThanOrEqual(30_000)
    expect((await duePairs(platform.database, clock.now())).some((pair) => pair.orgId === orgId)).toBe(true)
    expect(await claimJobs(platform, lapsed(orgId), 'next', 1)).toMatchObject([{ attempt: 2 }])
    await systemTransaction(platform.database, (db) =>
      db.query('delete from work where org_id = $1', [orgId]),
    )
  })

  test('a worker that slept past its lease can neither write behind the fence nor end the job', async () => {
    const orgId = newOrg()
    let leaseOfSleeper: Lease | null = null
    const job = testJob(async (_ctx, _payload, lease) => {
      leaseOfSleeper = lease
      // What a stopped process misses: its lease ends and another worker takes over.
      clock.advance(LEASE_MS + 1_000)
      await claimJobs(platform, lapsed(orgId), 'successor', 1)
      await inTransaction(platform.systemCtx(orgId), (ctx) => lease.fence(ctx))
    })
    await enqueue(platform.systemCtx(orgId), job, { n: 1 })
    const [claimed] = await claimJobs(platform, ready(orgId), 'sleeper', 1)
    if (!claimed) throw new Error('the job was not claimed')
    await runJob(platform, byKind(job), claimed, () => false)
    expect(leaseOfSleeper).not.toBeNull()
    const rows = await systemTransaction(platform.database, (db) =>
      db.query('select state, lease_owner, attempt from work where org_id = $1', [orgId]),
    )
    expect(rows).toEqual([{ state: 'leased', leaseOwner: expect.stringMatching(/^successor\./), attempt: 2 }])
    await systemTransaction(platform.database, (db) =>
      db.query('delete from work where org_id = $1', [orgId]),
    )
  })

  test('a failing job is tried again with growing pauses, then set aside with its error', async () => {
    const orgId = newOrg()
    let runs = 0
    const job = testJob(async () => {
      runs += 1
      throw new Error(`failure ${runs}`)
    }, 3)
    await enqueue(platform.systemCtx(orgId), job, { n: 1 })
    await runDueJobs(platform, byKind(job))
    expect(await runDueJobs(platform, byKind(job))).toBe(0)
    for (let i = 0; i < 4; i++) {
      clock.advance(60_000)
      await runDueJobs(platform, byKind(job))
    }
    expect(runs).toBe(3)
    const [row] = await systemTransaction(platform.database, (db) =>
      db.query<{ state: string; error: string }>('select state, error from work where org_id = $1', [orgId]),
    )
    expect(row?.state).toBe('dead')
    expect(row?.error).toContain('failure 3')
  })

  test('a worker process runs what is enqueued while it listens, and drains', async () => {
    const orgId = newOrg()
    const seen: number[] = []
    const finished = Promise.withResolvers<void>()
    const job = testJob(async (_ctx, { n }) => {
      seen.push(n)
      if (seen.length === 5) finished.resolve()
    })
    const worker = await createWorker(platform, {
      jobs: [anyJob(job)],
      consumers: [],
      schedules: [],
      slots: 2,
    })
    await enqueueMany(
      platform.systemCtx(orgId),
      job,
      [1, 2, 3, 4, 5].map((n) => ({ payload: { n } })),
    )
    await finished.promise
    expect(await worker.drain(5_000)).toBe(true)
    expect(seen.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5])
    expect(await statesOf(orgId)).toEqual(['done', 'done', 'done', 'done', 'done'])
  })
})

describe('schedules', () => {
  test('each period runs once, whoever looks', async () => {
    let runs = 0
    const schedule = defineSchedule({
      name: 'test.every_minute',
      everyMs: 60_000,
      perOrganization: false,
      handle: async () => {
        runs += 1
      },
    })
    await announceSchedules(platform, [schedule])
    await Promise.all([
      runSchedules(platform, [schedule], 'a'),
      runSchedules(platform, [schedule], 'b'),
      runSchedules(platform, [schedule], 'c'),
    ])
    expect(runs).toBe(1)
    clock.advance(59_000)
    await runSchedules(platform, [schedule], 'a')
    expect(runs).toBe(1)
    clock.advance(1_000)
    await runSchedules(platform, [schedule], 'a')
    expect(runs).toBe(2)
  })

  test('what comes round every second waits for no long task', async () => {
    const [begun, ended, looked] = [
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
      Promise.withResolvers<void>(),
    ]
    const nightly = defineSchedule({
      name: 'test.nightly',
      everyMs: 86_400_000,
      perOrganization: false,
      handle: () => {
        begun.resolve()
        return ended.promise
      },
    })
    let isNightlyUnderWay = false
    const figures = defineSchedule({
      name: 'test.figures',
      everyMs: 1_000,
      perOrganization: false,
      handle: async () => {
        if (isNightlyUnderWay) looked.resolve()
      },
    })
    const worker = await createWorker(platform, {
      jobs: [],
      consumers: [],
      schedules: [nightly, figures],
      slots: 1,
    })
    await begun.promise
    isNightlyUnderWay = true
    clock.advance(1_000)
    await looked.promise
    ended.resolve()
    expect(await worker.drain(5_000)).toBe(true)
  })
})
