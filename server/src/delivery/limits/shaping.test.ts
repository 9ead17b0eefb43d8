/** Limits of receivers, providers and sending domains through the real way of a message. */
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { rooms } from '../../app.ts'
import { runDueJobs } from '../../platform/jobs/index.ts'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import { testLaunch } from '../../testing/launch.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { simulate } from '../../testing/simulators/index.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'
import { runProgress } from '../index.ts'
import { receiverOf } from './receivers.ts'
import { allowanceAt, USUAL_WARMUP, warmupIntervalUs, type WarmupPlan } from './warmup.ts'

const PATIENCE_MS = 120_000

const mails: { domain: string; at: number }[] = []
const sink = await startSmtpSink({
  onMail: ({ to }) => void mails.push({ domain: to.split('@')[1] ?? '', at: h.clock.now().getTime() }),
})
const sendgrid = await simulate('sendgrid', {})
const h = await harness({
  env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` },
  egress: { allow: [`127.0.0.1:${sendgrid.port}`] },
})
const jobs = new Map(rooms.flatMap((room) => room.jobs).map((job) => [job.kind as string, job]))
afterAll(() => Promise.all([sink.close(), sendgrid.close()]))
beforeEach(() => void (mails.length = 0))

const people = (org: TestOrganization, domain: string, count: number) =>
  testContacts(org.systemCtx, { emails: Array.from({ length: count }, (_, n) => `p${n}@${domain}`) })
const to = (domain: string): number[] => mails.flatMap((mail) => (mail.domain === domain ? [mail.at] : []))

/** Lets time pass in small steps, as workers that look again and again would see it. */
async function live(ms: number, stepMs: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    h.clock.advance(stepMs)
    while ((await runDueJobs(h.platform, jobs)) > 0);
  }
}

const mostPerSecond = (instants: readonly number[]): number =>
  Math.max(...[...Map.groupBy(instants, (at) => Math.floor(at / 1_000)).values()].map(({ length }) => length))

describe('receiving domains', () => {
  test(
    'PC-38 a limit of one receiver holds evenly for its people, over all its domains, and nobody else waits for them',
    async () => {
      const org = await h.organization()
      const { status } = await org.key.put('/api/sending/limits', {
        receivers: [{ receiver: 'google', perMinute: 120 }],
      })
      expect(status).toBe(200)
      await people(org, 'gmail.com', 60)
      await people(org, 'googlemail.com', 60)
      await people(org, 'others.example', 300)
      const { runId } = await testLaunch(org.systemCtx)
      await h.drain()
      expect(to('others.example')).toHaveLength(300)
      const { expectedFinishAt, finishBound } = await runProgress(org.systemCtx, runId)
      const seconds = ((expectedFinishAt?.getTime() ?? 0) - h.clock.now().getTime()) / 1_000
      expect({ finishBound, isRight: seconds > 50 && seconds <= 60 }).toEqual({
        finishBound: { scope: 'receiver', name: 'google' },
        isRight: true,
      })
      await live(30_000, 1_000)
      const left = [...to('gmail.com'), ...to('googlemail.com')]
      expect(left.length).toBeGreaterThanOrEqual(57)
      expect(left.length).toBeLessThanOrEqual(64)
      expect(mostPerSecond(left)).toBeLessThanOrEqual(4)
      await live(35_000, 1_000)
      expect(await runProgress(org.systemCtx, runId)).toMatchObject({
        state: 'completed',
        audience: 420,
        counts: { sent: 420 },
      })
    },
    PATIENCE_MS,
  )

  test('a limit that is set while a run is under way holds for those who wait', async () => {
    const org = await h.organization()
    await people(org, 'slow.example', 300)
    await testLaunch(org.systemCtx, { timing: { limits: { perMinute: 600, perHour: null } } })
    await h.drain()
    await live(5_000, 1_000)
    await org.key.put('/api/sending/limits', { receivers: [{ receiver: 'slow.example', perMinute: 60 }] })
    await live(3_000, 1_000)
    const before = to('slow.example').length
    await live(10_000, 1_000)
    expect(to('slow.example').length - before).toBeGreaterThanOrEqual(9)
    expect(to('slow.example').length - before).toBeLessThanOrEqual(12)
  })

  test('groups know their domains in every country, and nobody else’s', () => {
    const of = (domain: string): string | null => receiverOf(domain, ['microsoft', 'google', 'example.net'])
    expect(
      ['hotmail.co.uk', 'outlook.fr', 'gmail.com', 'example.net', 'hotmail.example.com', 'mail.example'].map(
        of,
      ),
    ).toEqual(['microsoft', 'microsoft', 'google', 'example.net', null, null])
  })
})

describe('providers', () => {
  test('PC-38 a limit of a provider holds evenly for everything that leaves over it', async () => {
    const org = await h.organization()
    const added = await org.owner.post('/api/providers', {
      kind: 'sendgrid',
      name: 'Mails',
      settings: { baseUrl: sendgrid.url },
      secrets: { apiKey: sendgrid.secrets.apiKey },
    })
    await org.key.put('/api/sending/limits', {
      providers: [{ providerId: added.body.id, perMinute: 120 }],
    })
    await people(org, 'over.example', 100)
    await testLaunch(org.systemCtx)
    await testLaunch(org.systemCtx)
    await h.drain()
    await live(15_000, 1_000)
    expect(sendgrid.taken().length).toBeGreaterThanOrEqual(28)
    expect(sendgrid.taken().length).toBeLessThanOrEqual(34)
  })
})

describe('warming a sending domain up', () => {
  test(
    'each day’s allowance leaves evenly over the day and no more, and the run says so; the next day has its own; a changed plan holds at once',
    async () => {
      const org = await h.organization()
      h.clock.set('2027-02-01T10:00:00Z')
      const { body: domain } = await org.key.post('/api/sending/domains', { domain: 'shop.example' })
      const started = await org.key.put(`/api/sending/domains/${domain.id}/warmup`, { volumes: [24, 60] })
      expect(started.body).toMatchObject({
        domain: 'shop.example',
        today: { step: 1, allowed: 24, taken: 0 },
      })
      await people(org, 'warm.example', 150)
      const { runId } = await testLaunch(org.systemCtx)
      while ((await runDueJobs(h.platform, jobs)) > 0);
      // 24 today, 60 tomorrow; then the plan is over.
      expect(await runProgress(org.systemCtx, runId)).toMatchObject({
        expectedFinishAt: new Date('2027-02-02T23:00:00Z'),
        finishBound: { scope: 'sender', name: 'shop.example' },
      })
      await live(6.5 * 3_600_000, 300_000)
      // Half of what is left of the day in Paris.
      expect(to('warm.example').length).toBeGreaterThanOrEqual(10)
      expect(to('warm.example').length).toBeLessThanOrEqual(14)
      await live(6.5 * 3_600_000, 300_000)
      const first = to('warm.example').length
      expect(first).toBeGreaterThanOrEqual(22)
      expect(first).toBeLessThanOrEqual(25)
      const { body } = await org.key.get('/api/sending/warmups')
      expect(body.items).toMatchObject([{ domain: 'shop.example', today: { step: 2, allowed: 60 } }])
      await live(2 * 3_600_000, 300_000)
      expect(to('warm.example').length - first).toBeLessThanOrEqual(7)
      await org.key.delete(`/api/sending/domains/${domain.id}/warmup`)
      await live(10 * 60_000, 60_000)
      expect(to('warm.example')).toHaveLength(150)
    },
    PATIENCE_MS,
  )

  test('a day on which too many addresses do not exist is no step forward', async () => {
    const org = await h.organization()
    h.clock.set('2027-03-01T10:00:00Z')
    const { body: domain } = await org.key.post('/api/sending/domains', { domain: 'shop.example' })
    await org.key.put(`/api/sending/domains/${domain.id}/warmup`, { volumes: [1_000, 2_000] })
    await testContacts(org.systemCtx, {
      emails: ['a@fine.example', 'b@fine.example', 'refuse-550-5.1.1.c@fine.example'],
    })
    await testLaunch(org.systemCtx)
    await h.drain()
    await live(60 * 60_000, 60_000)
    await h.drain()
    h.clock.set('2027-03-02T10:00:00Z')
    await h.drain()
    const { body } = await org.key.get('/api/sending/warmups')
    expect(body.items).toMatchObject([{ today: { step: 1, allowed: 1_000 } }])
    h.clock.set('2027-03-03T10:00:00Z')
    await h.drain()
    const next = await org.key.get('/api/sending/warmups')
    expect(next.body.items).toMatchObject([{ today: { step: 2, allowed: 2_000 } }])
  })

  const plan: WarmupPlan = {
    domain: 'shop.example',
    volumes: USUAL_WARMUP,
    startedOn: '2026-03-27',
    timeZone: 'Europe/Paris',
    heldDays: 0,
  }

  test('the days are the organization’s own, also when a clock change makes one shorter', () => {
    const at = (instant: string, more: Partial<WarmupPlan> = {}) =>
      allowanceAt({ ...plan, ...more }, new Date(instant))
    expect(at('2026-03-27T22:59:59Z')).toMatchObject({ step: 1, messages: 50 })
    expect(at('2026-03-27T23:00:00Z')).toMatchObject({ step: 2, messages: 100 })
    // Sunday has 23 hours.
    expect(at('2026-03-29T12:00:00Z')?.endsAt).toEqual(new Date('2026-03-29T22:00:00Z'))
    expect(at('2026-03-30T12:00:00Z', { heldDays: 2 })).toMatchObject({ step: 2 })
    expect(at('2026-04-17T12:00:00Z')).toBeNull()
  })

  test('whatever is taken when, a day never gives more than its allowance, and never all of it at once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 0, max: 86_399 }),
        fc.nat(100_000),
        (messages, secondOfDay, taken) => {
          const endsAt = new Date('2026-05-02T00:00:00Z')
          const nowUs = (endsAt.getTime() - secondOfDay * 1_000) * 1_000
          const allowance = { on: '2026-05-01', step: 1, messages, endsAt }
          const intervalUs = warmupIntervalUs(allowance, Math.min(taken, messages - 1), nowUs)
          expect(intervalUs * messages).toBeGreaterThanOrEqual(3_600_000_000 - messages)
        },
      ),
    )
  })

  test('is read by those who may, set by those who may, and kept in the log', async () => {
    const org = await h.organization()
    const other = await h.organization()
    const { body: domain } = await org.key.post('/api/sending/domains', { domain: 'log.example' })
    const path = `/api/sending/domains/${domain.id}/warmup`
    expect((await other.key.put(path, { volumes: [1] })).status).toBe(404)
    expect((await org.key.put(path, { volumes: [0] })).status).toBe(400)
    expect((await org.key.put(path, {})).body.volumes).toEqual(USUAL_WARMUP)
    expect((await org.key.delete(path)).status).toBe(204)
    expect((await org.key.delete(path)).status).toBe(404)
    const entries = await org.systemCtx.db.query(
      "select action from audit_entry where org_id = $1 and action like 'sending_domain.warm%' order by action",
      [org.orgId],
    )
    expect(entries).toEqual([
      { action: 'sending_domain.warmed_up' },
      { action: 'sending_domain.warmup_ended' },
    ])
  })
})
