/** Frequency caps through the real way of a message: what counts is which mails reached the server outside. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { rooms } from '../../app.ts'
import type { ContactId } from '../../platform/ids.ts'
import { runDueJobs } from '../../platform/jobs/index.ts'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import { testLaunch } from '../../testing/launch.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'
import { cancelRun, pauseRun, resumeRun, runProgress } from '../index.ts'
import { capsFor, verdictOn, type FrequencyCap } from './frequency-caps.ts'

const HOUR_MS = 3_600_000

/** How often each address was written to. */
const mails = new Map<string, number>()
const sink = await startSmtpSink({ onMail: ({ to }) => mails.set(to, (mails.get(to) ?? 0) + 1) })
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })
const jobs = new Map(rooms.flatMap((room) => room.jobs).map((job) => [job.kind as string, job]))
afterAll(() => sink.close())
beforeEach(() => mails.clear())

const ONE_A_DAY: FrequencyCap = { channel: 'email', messages: 1, windowHours: 24, onExcess: 'drop' }

async function capped(...caps: FrequencyCap[]): Promise<TestOrganization> {
  const org = await h.organization()
  const { status } = await org.key.put('/api/sending/caps', { caps })
  expect(status).toBe(200)
  return org
}

const people = (org: TestOrganization, name: string, count: number): Promise<ContactId[]> =>
  testContacts(org.systemCtx, {
    emails: Array.from({ length: count }, (_, n) => `${name}${n}@example.net`),
  })

const claimsOf = async (org: TestOrganization): Promise<number> => {
  const [row] = await org.systemCtx.db.query<{ n: number }>(
    'select count(*)::int as n from cap_claim where org_id = $1',
    [org.orgId],
  )
  return row?.n ?? 0
}

describe('one campaign after another', () => {
  test('a person who had one message today gets no second one, and the report says why; tomorrow there is room again', async () => {
    const org = await capped(ONE_A_DAY)
    await people(org, 'daily', 30)
    await testLaunch(org.systemCtx)
    await h.drain()
    h.clock.advance(23 * HOUR_MS)
    const second = await testLaunch(org.systemCtx)
    await h.drain()
    expect(await runProgress(org.systemCtx, second.runId)).toMatchObject({
      state: 'completed',
      audience: 30,
      counts: { 'skipped.capped': 30 },
    })
    h.clock.advance(HOUR_MS)
    const third = await testLaunch(org.systemCtx)
    await h.drain()
    expect((await runProgress(org.systemCtx, third.runId)).counts).toEqual({ sent: 30 })
    expect(mails.get('daily0@example.net')).toBe(2)
    expect(await claimsOf(org)).toBe(0)
  })

  test('a campaign that is deferred leaves as soon as the window has room, and its run waits for that', async () => {
    const org = await capped({ ...ONE_A_DAY, onExcess: 'defer' })
    await people(org, 'later', 20)
    await testLaunch(org.systemCtx)
    await h.drain()
    const leftAt = h.clock.now().getTime()
    h.clock.advance(2 * HOUR_MS)
    const { runId } = await testLaunch(org.systemCtx)
    await h.drain()
    const waiting = await runProgress(org.systemCtx, runId)
    expect(waiting).toMatchObject({ state: 'running', waiting: 20, counts: {} })
    expect(waiting.held).toMatchObject([{ people: 20, reason: 'frequency_cap' }])
    const until = waiting.held[0]?.until.getTime() ?? 0
    expect(until - leftAt).toBeGreaterThanOrEqual(24 * HOUR_MS)
    expect(until - leftAt).toBeLessThan(24.25 * HOUR_MS)
    h.clock.set(new Date(until).toISOString())
    await h.drain()
    expect(await runProgress(org.systemCtx, runId)).toMatchObject({
      state: 'completed',
      audience: 20,
      counts: { sent: 20 },
    })
    expect(await claimsOf(org)).toBe(0)
  })

  test('transactional messages are exempt, and are not counted', async () => {
    const org = await capped(ONE_A_DAY)
    await people(org, 'exempt', 5)
    await testLaunch(org.systemCtx, { purpose: 'transactional' })
    await h.drain()
    const marketing = await testLaunch(org.systemCtx)
    await h.drain()
    const again = await testLaunch(org.systemCtx, { purpose: 'transactional' })
    await h.drain()
    expect((await runProgress(org.systemCtx, marketing.runId)).counts).toEqual({ sent: 5 })
    expect((await runProgress(org.systemCtx, again.runId)).counts).toEqual({ sent: 5 })
  })

  test('a message that was refused gives its place back', async () => {
    const org = await capped(ONE_A_DAY)
    await testContacts(org.systemCtx, { emails: ['soft-once-550-5.6.0.back@example.net'] })
    const first = await testLaunch(org.systemCtx)
    await h.drain()
    expect((await runProgress(org.systemCtx, first.runId)).counts).toEqual({ 'failed.content': 1 })
    const second = await testLaunch(org.systemCtx)
    await h.drain()
    expect((await runProgress(org.systemCtx, second.runId)).counts).toEqual({ sent: 1 })
  })
})

describe('several at once', () => {
  test('two campaigns under way at once, handed over by several workers, never write to a person more often than the rule allows', async () => {
    const org = await capped({ ...ONE_A_DAY, messages: 2 })
    await people(org, 'race', 1_500)
    const runs = [
      await testLaunch(org.systemCtx),
      await testLaunch(org.systemCtx),
      await testLaunch(org.systemCtx),
      await testLaunch(org.systemCtx),
    ]
    const worker = async (): Promise<void> => {
      while ((await runDueJobs(h.platform, jobs)) > 0);
    }
    await Promise.all([worker(), worker(), worker(), worker()])
    await h.drain()
    expect([...mails.values()].filter((times) => times !== 2)).toEqual([])
    expect(mails.size).toBe(1_500)
    const counts = await Promise.all(runs.map(({ runId }) => runProgress(org.systemCtx, runId)))
    const sum = (name: string): number => counts.reduce((n, run) => n + (run.counts[name] ?? 0), 0)
    expect([sum('sent'), sum('skipped.capped')]).toEqual([3_000, 3_000])
    expect(await claimsOf(org)).toBe(0)
  })

  test('of two campaigns in the queue the one of higher priority wins, although the other was launched before it', async () => {
    const org = await capped(ONE_A_DAY)
    await people(org, 'prior', 40)
    const low = await testLaunch(org.systemCtx, {
      timing: { priority: 'low', limits: { perMinute: 1, perHour: null } },
    })
    const high = await testLaunch(org.systemCtx, { timing: { priority: 'high' } })
    // Both are queued before either hands over.
    await pauseRun(org.systemCtx, high.runId)
    await resumeRun(org.systemCtx, high.runId)
    await h.drain()
    for (let minute = 0; minute < 3; minute++) {
      h.clock.advance(60_000)
      await h.drain()
    }
    const [first, second] = [
      await runProgress(org.systemCtx, low.runId),
      await runProgress(org.systemCtx, high.runId),
    ]
    expect(second.counts['sent'] ?? 0).toBeGreaterThanOrEqual(38)
    expect((first.counts['sent'] ?? 0) + (second.counts['sent'] ?? 0)).toBe(40)
    expect([...mails.values()].every((times) => times === 1)).toBe(true)
  })

  test('a campaign that waits for its hour keeps its places against lower ones, and gives them up when it is cancelled', async () => {
    const org = await capped(ONE_A_DAY)
    await people(org, 'kept', 10)
    const at = new Date(h.clock.now().getTime() + 3 * HOUR_MS)
    const high = await testLaunch(org.systemCtx, {
      timing: { priority: 'high', recipientWall: wallIn('Europe/Paris', at) },
    })
    await h.drain()
    const low = await testLaunch(org.systemCtx, { timing: { priority: 'low' } })
    await h.drain()
    expect((await runProgress(org.systemCtx, low.runId)).counts).toEqual({ 'skipped.capped': 10 })
    await cancelRun(org.systemCtx, high.runId)
    const again = await testLaunch(org.systemCtx, { timing: { priority: 'low' } })
    await h.drain()
    expect((await runProgress(org.systemCtx, again.runId)).counts).toEqual({ sent: 10 })
  })

  test('a rule over all channels counts them together; whoever has had enough on one is not tried on the next', async () => {
    const org = await capped({ channel: 'any', messages: 1, windowHours: 24, onExcess: 'drop' })
    const ids = await people(org, 'any', 5)
    await org.systemCtx.db.query(
      `insert into preference (org_id, contact_id, channel, purpose, state, decided_at, event_id)
       select $1, c.id, 'in_app', 'marketing', 'granted', $2, 0 from unnest($3::bigint[]) as c (id)`,
      [org.orgId, h.clock.now(), ids],
    )
    const { runId } = await testLaunch(org.systemCtx, { channels: ['email', 'in_app'] })
    await h.drain()
    const { counts } = await runProgress(org.systemCtx, runId)
    expect(counts).toEqual({ sent: 5, 'skipped.capped': 5 })
  })
})

/** What a clock shows at an instant. */
function wallIn(zone: string, at: Date): string {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })
}

describe('the rules', () => {
  test('are read by those who may, set by those who may, and kept in the log', async () => {
    const org = await h.organization()
    expect((await org.viewer.get('/api/sending/caps')).body).toEqual({ caps: [], updatedAt: null })
    expect((await org.viewer.put('/api/sending/caps', { caps: [ONE_A_DAY] })).status).toBe(403)
    expect((await org.owner.put('/api/sending/caps', { caps: [{ ...ONE_A_DAY, messages: 0 }] })).status).toBe(
      400,
    )
    await org.owner.put('/api/sending/caps', { caps: [ONE_A_DAY] })
    expect((await org.owner.get('/api/sending/caps')).body).toMatchObject({ caps: [ONE_A_DAY] })
    const [entry] = await org.systemCtx.db.query(
      "select action from audit_entry where org_id = $1 and action = 'frequency_caps.changed'",
      [org.orgId],
    )
    expect(entry).toBeDefined()
  })

  test('hold for marketing on their own channel or on all, and never for webhooks', () => {
    const any: FrequencyCap = { ...ONE_A_DAY, channel: 'any' }
    const rules = [ONE_A_DAY, any]
    const about = { purpose: 'marketing', topic: null } as const
    expect(capsFor(rules, { channel: 'email', ...about })).toEqual(rules)
    expect(capsFor(rules, { channel: 'sms', ...about })).toEqual([any])
    expect(capsFor(rules, { channel: 'webhook', ...about })).toEqual([])
    expect(capsFor(rules, { channel: 'email', purpose: 'transactional', topic: null })).toEqual([])
    const offers: FrequencyCap = { ...any, topic: 'offers' }
    expect(capsFor([offers], { channel: 'sms', purpose: 'marketing', topic: 'offers' })).toEqual([offers])
    expect(capsFor([offers], { channel: 'sms', purpose: 'marketing', topic: 'news' })).toEqual([])
    expect(capsFor([offers], { channel: 'sms', ...about })).toEqual([])
  })

  test('of several without room the latest decides when a message leaves, and one that drops drops it', () => {
    const now = new Date('2026-12-01T10:00:00Z')
    const defer: FrequencyCap = { ...ONE_A_DAY, onExcess: 'defer' }
    const week: FrequencyCap = { ...defer, windowHours: 168 }
    const at = new Date('2026-12-01T08:07:00Z')
    expect(verdictOn([defer, week], [{ capNo: 0, nthLatestAt: at }], now)).toEqual({
      kind: 'deferred',
      until: new Date('2026-12-02T08:15:00Z'),
    })
    const both = [
      { capNo: 0, nthLatestAt: at },
      { capNo: 1, nthLatestAt: at },
    ]
    expect(verdictOn([defer, week], both, now)).toEqual({
      kind: 'deferred',
      until: new Date('2026-12-08T08:15:00Z'),
    })
    expect(verdictOn([defer, ONE_A_DAY], both, now)).toEqual({ kind: 'dropped' })
  })
})

describe('a rule about one topic', () => {
  const ONE_OFFER: FrequencyCap = { ...ONE_A_DAY, channel: 'any', topic: 'offers' }

  async function withTopics(...caps: FrequencyCap[]): Promise<TestOrganization> {
    const org = await h.organization()
    const { status } = await org.admin.put('/api/privacy/preference-center', {
      version: 0,
      design: {
        channels: ['email'],
        topics: ['offers', 'news'].map((key) => ({ key, name: { en: key, fr: key }, channels: ['email'] })),
        offersTracking: false,
        accent: null,
        logoUrl: null,
      },
    })
    expect(status).toBe(200)
    expect((await org.key.put('/api/sending/caps', { caps })).status).toBe(200)
    return org
  }

  const outcome = async (org: TestOrganization, topic?: string) => {
    const { runId } = await testLaunch(org.systemCtx, topic === undefined ? {} : { topic })
    await h.drain()
    return (await runProgress(org.systemCtx, runId)).counts
  }

  test('holds messages about it and counts them alone, whatever else is sent', async () => {
    const org = await withTopics(ONE_OFFER)
    await people(org, 'topical', 6)
    expect(await outcome(org, 'news')).toEqual({ sent: 6 })
    expect(await outcome(org)).toEqual({ sent: 6 })
    expect(await outcome(org, 'offers')).toEqual({ sent: 6 })
    expect(await outcome(org, 'offers')).toEqual({ 'skipped.capped': 6 })
    expect(await outcome(org, 'news')).toEqual({ sent: 6 })
    h.clock.advance(24 * HOUR_MS)
    expect(await outcome(org, 'offers')).toEqual({ sent: 6 })
    expect(await claimsOf(org)).toBe(0)
  })

  test('of several campaigns about it at once and many workers, everybody gets as many as the rule allows', async () => {
    const org = await withTopics(ONE_OFFER)
    await people(org, 'racing', 200)
    const launched = []
    for (const topic of ['offers', 'offers', 'news', 'offers'])
      launched.push({ topic, ...(await testLaunch(org.systemCtx, { topic })) })
    const worker = async (): Promise<void> => {
      while ((await runDueJobs(h.platform, jobs)) > 0);
    }
    await Promise.all([worker(), worker(), worker()])
    await h.drain()
    const times = [...mails].flatMap(([to, n]) => (to.startsWith('racing') ? n : []))
    expect(times).toEqual(Array.from({ length: 200 }, () => 2))
  })

  test('is asked before a launch, and is refused about a topic that nobody can choose', async () => {
    const org = await withTopics(ONE_OFFER)
    await people(org, 'asked', 4)
    await outcome(org, 'offers')
    const estimate = async (topic: string | null) =>
      (
        await org.key.post('/api/campaigns/estimate', {
          audience: { include: { rule: { all: [] } } },
          topic,
          startsAt: h.clock.now().toISOString(),
        })
      ).body.hindered
    expect(await estimate('offers')).toMatchObject([{ reason: 'capped', people: 4 }])
    expect(await estimate('news')).toEqual([])
    const refused = await org.key.put('/api/sending/caps', { caps: [{ ...ONE_OFFER, topic: 'pigeons' }] })
    expect(refused).toMatchObject({
      status: 400,
      body: { code: 'delivery.caps_invalid', errors: [{ path: 'caps.0.topic' }] },
    })
  })
})
