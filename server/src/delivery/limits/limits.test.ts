/** Limits through the real way of a message: what counts is when mails reached the server outside. */
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { rooms } from '../../app.ts'
import { runDueJobs } from '../../platform/jobs/index.ts'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import { testLaunch } from '../../testing/launch.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'
import { limitRuns, runProgress } from '../index.ts'
import { grant, intervalOf } from './grant.ts'

/** Ten simulated minutes are some seconds, on a busy machine many. */
const PATIENCE_MS = 240_000

/** When each mail arrived, by the simulated clock, per domain of the recipient. */
const arrivals = new Map<string, number[]>()
const sink = await startSmtpSink({
  onMail: ({ to }) => {
    const name = to.split('@')[1] ?? ''
    arrivals.set(name, [...(arrivals.get(name) ?? []), h.clock.now().getTime()])
  },
})
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })
const jobs = new Map(rooms.flatMap((room) => room.jobs).map((job) => [job.kind as string, job]))
afterAll(() => sink.close())
beforeEach(() => arrivals.clear())

const people = (org: TestOrganization, domain: string, count: number) =>
  testContacts(org.systemCtx, { emails: Array.from({ length: count }, (_, n) => `p${n}@${domain}`) })
const at = (domain: string): number[] => arrivals.get(domain) ?? []

/** Lets time pass in small steps, as workers that look again and again would see it. */
async function live(ms: number, stepMs: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    h.clock.advance(stepMs)
    while ((await runDueJobs(h.platform, jobs)) > 0);
  }
}

/** How many fall into each span of so many milliseconds from an instant on. */
function perSpan(instants: readonly number[], from: number, spanMs: number): number[] {
  const counts: number[] = []
  for (const instant of instants) {
    const span = Math.floor((instant - from) / spanMs)
    counts[span] = (counts[span] ?? 0) + 1
  }
  return Array.from(counts, (count) => count ?? 0)
}

describe('one campaign', () => {
  test(
    'PC-38 CS-010.1 CS-010.5 FR-007.1 FR-007.6 DS-rate-limiting.2 600 a minute to 6,000 people: 600 ± 5 % in every full minute, none of its seconds above 30, done in ten minutes ± 5 %',
    async () => {
      const org = await h.organization()
      await people(org, 'pc38.example', 6_000)
      h.clock.set('2026-12-01T10:00:00Z')
      const from = h.clock.now().getTime()
      const { runId } = await testLaunch(org.systemCtx, {
        timing: { limits: { perMinute: 600, perHour: null } },
      })
      await h.drain()
      await live(5 * 60_000, 1_000)
      const half = await runProgress(org.systemCtx, runId)
      const saidMinutes = ((half.expectedFinishAt?.getTime() ?? 0) - from) / 60_000
      expect({ limit: half.limitPerMinute, isRight: saidMinutes > 9.5 && saidMinutes < 10.5 }).toEqual({
        limit: 600,
        isRight: true,
      })
      // One chunk lasts for minutes: its rate is what left lately, not all that ever did.
      expect(half.perMinute).toBeGreaterThanOrEqual(540)
      expect(half.perMinute).toBeLessThanOrEqual(660)
      await live(5.5 * 60_000, 1_000)
      const instants = at('pc38.example')
      expect(instants).toHaveLength(6_000)
      const minutes = perSpan(instants, from, 60_000).slice(0, 9)
      expect(minutes.filter((count) => count < 570 || count > 630)).toEqual([])
      expect(Math.max(...perSpan(instants, from, 1_000))).toBeLessThanOrEqual(30)
      const tookMinutes = (Math.max(...instants) - from) / 60_000
      expect(tookMinutes).toBeGreaterThan(9.5)
      expect(tookMinutes).toBeLessThan(10.5)
      expect((await runProgress(org.systemCtx, runId)).state).toBe('completed')
    },
    PATIENCE_MS,
  )

  test('CS-010.2 FR-007.2 FR-007.4 of a limit per minute and one per hour the slower holds, and everybody else waits', async () => {
    const org = await h.organization()
    await people(org, 'hour.example', 300)
    const from = h.clock.now().getTime()
    const { runId } = await testLaunch(org.systemCtx, {
      timing: { limits: { perMinute: 600, perHour: 3_600 } },
    })
    await h.drain()
    await live(60_000, 1_000)
    expect(at('hour.example').length).toBeGreaterThanOrEqual(57)
    expect(at('hour.example').length).toBeLessThanOrEqual(63)
    expect(perSpan(at('hour.example'), from, 1_000).filter((count) => count > 3)).toEqual([])
    const run = await runProgress(org.systemCtx, runId)
    expect(run.waiting).toBe(300 - at('hour.example').length)
    expect(run.perMinute).toBeGreaterThanOrEqual(54)
    expect(run.perMinute).toBeLessThanOrEqual(66)
  })

  test('CS-010.1 limits of which one is misspelt are refused, and those that hold stay', async () => {
    const org = await h.organization()
    await org.key.put('/api/sending/limits', { organization: { perMinute: 300 } })
    const refused = await org.key.put('/api/sending/limits', { organisation: { perMinute: 100 } })
    expect(refused.status).toBe(400)
    expect((await org.key.get('/api/sending/limits')).body.limits.organization.perMinute).toBe(300)
  })

  test(
    'CS-010.1 a limit that is changed while the run is under way holds at once, upwards and downwards',
    async () => {
      const org = await h.organization()
      await people(org, 'live.example', 1_500)
      const { campaignId } = await testLaunch(org.systemCtx, {
        timing: { limits: { perMinute: 60, perHour: null } },
      })
      await h.drain()
      await live(10_000, 1_000)
      expect(at('live.example').length).toBeLessThanOrEqual(13)
      await limitRuns(org.systemCtx, campaignId, { perMinute: 1_200, perHour: null })
      const before = at('live.example').length
      await live(10_000, 1_000)
      expect(at('live.example').length - before).toBeGreaterThanOrEqual(180)
      await limitRuns(org.systemCtx, campaignId, { perMinute: 60, perHour: null })
      const then = at('live.example').length
      await live(10_000, 1_000)
      expect(at('live.example').length - then).toBeLessThanOrEqual(13)
    },
    PATIENCE_MS,
  )
})

describe('several', () => {
  test(
    'CS-010.6 FR-007.3 runs share their organization’s limit, whoever hands over, and no other organization waits for them',
    async () => {
      const [slow, free] = [await h.organization(), await h.organization()]
      const { status } = await slow.key.put('/api/sending/limits', {
        organization: { perMinute: 300 },
        channels: { email: { perMinute: 6_000 } },
      })
      expect(status).toBe(200)
      await people(slow, 'slow.example', 150)
      await people(free, 'free.example', 150)
      await testLaunch(slow.systemCtx)
      await testLaunch(slow.systemCtx)
      await testLaunch(free.systemCtx)
      await h.drain()
      expect(at('free.example')).toHaveLength(150)
      await live(20_000, 1_000)
      expect(at('slow.example').length).toBeGreaterThanOrEqual(95)
      expect(at('slow.example').length).toBeLessThanOrEqual(109)
    },
    PATIENCE_MS,
  )

  test('a throttled campaign holds no other: the one beside it leaves at full speed', async () => {
    const org = await h.organization()
    await people(org, 'beside.example', 200)
    await testLaunch(org.systemCtx, { timing: { limits: { perMinute: 60, perHour: null } } })
    await testLaunch(org.systemCtx)
    await h.drain()
    expect(at('beside.example').length).toBeGreaterThanOrEqual(200)
  })
})

describe('places in time', () => {
  test('FR-007.6 whatever is asked, and however late: never more than the limit and a moment’s worth, in any span of time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200_000 }),
        fc.array(
          fc.record({
            waitMs: fc.integer({ min: 0, max: 5_000 }),
            wanted: fc.integer({ min: 1, max: 1_000 }),
          }),
          {
            minLength: 1,
            maxLength: 60,
          },
        ),
        (perMinute, asks) => {
          const intervalUs = intervalOf({ perMinute, perHour: null }) ?? 1
          let nowUs = 1_800_000_000_000_000
          let takenUntilUs: number | null = null
          const taken: { atUs: number; count: number }[] = []
          for (const { waitMs, wanted } of asks) {
            nowUs += waitMs * 1_000
            const granted = grant([{ intervalUs, takenUntilUs }], wanted, nowUs)
            takenUntilUs = granted.takenUntilUs[0] ?? null
            taken.push({ atUs: nowUs, count: granted.count })
            expect(granted.count > 0 || granted.againUs >= nowUs).toBe(true)
          }
          const isKept = taken.every(({ atUs }, first) => {
            const later = taken.slice(first)
            return later.every(({ atUs: endUs }, last) => {
              const sum = later.slice(0, last + 1).reduce((total, { count }) => total + count, 0)
              return sum <= (endUs - atUs + 1_500_000) / intervalUs + 1
            })
          })
          expect(isKept).toBe(true)
        },
      ),
    )
  })
})
