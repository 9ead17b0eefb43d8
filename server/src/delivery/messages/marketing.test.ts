/** Marketing messages one by one keep what campaigns keep; transactional ones wait for nobody. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { rooms } from '../../app.ts'
import { runDueJobs } from '../../platform/jobs/index.ts'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import { testLaunch } from '../../testing/launch.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'
import { runProgress } from '../index.ts'
import { DEFAULT_SENDING_HOURS } from '../timing/sending-hours.ts'

const mails: { to: string; at: number }[] = []
const sink = await startSmtpSink({
  onMail: ({ to }) => void mails.push({ to, at: h.clock.now().getTime() }),
})
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })
const jobs = new Map(rooms.flatMap((room) => room.jobs).map((job) => [job.kind as string, job]))
afterAll(() => sink.close())
beforeEach(() => void (mails.length = 0))

const timesTo = (address: string): number => mails.filter(({ to }) => to === address).length

async function templateOf(org: TestOrganization): Promise<string> {
  const { body } = await org.key.post('/api/content/templates', {
    name: 'News',
    source: {
      subject: 'News',
      fromName: 'Atelier Test',
      fromEmail: 'news@shop.example',
      format: 'html',
      body: '<p>Hello</p>',
    },
  })
  return body.id
}

type Purpose = 'marketing' | 'transactional'

async function ask(org: TestOrganization, purpose: Purpose, emails: readonly string[]): Promise<string[]> {
  const templateId = await templateOf(org)
  const { status, body } = await org.key.post('/api/messages', {
    messages: emails.map((email) => ({ content: { templateId }, to: { email }, purpose })),
  })
  expect(status).toBe(202)
  return body.items.map(({ id }: { id: string }) => id)
}

const statusOf = async (org: TestOrganization, id: string | undefined) =>
  (await org.key.get(`/api/messages/${id}`)).body

/** Lets time pass in small steps, as workers that look again and again would see it. */
async function live(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1_000) {
    h.clock.advance(1_000)
    while ((await runDueJobs(h.platform, jobs)) > 0);
  }
}

describe('sending hours', () => {
  test('CS-018.3 PC-29 in quiet hours a marketing message waits for the morning, a transactional one leaves at once', async () => {
    const org = await h.organization()
    await org.key.put('/api/sending/hours', {
      ...DEFAULT_SENDING_HOURS,
      channels: {
        ...DEFAULT_SENDING_HOURS.channels,
        email: { ...DEFAULT_SENDING_HOURS.channels.email, quiet: [{ from: '21:00', to: '08:00' }] },
      },
    })
    await testContacts(org.systemCtx, { emails: ['night@example.net'] })
    h.clock.set('2027-03-27T21:30:00Z')
    const [marketing] = await ask(org, 'marketing', ['night@example.net'])
    const [transactional] = await ask(org, 'transactional', ['night@example.net'])
    await h.drain()
    expect(await statusOf(org, transactional)).toMatchObject({ state: 'sent' })
    expect(await statusOf(org, marketing)).toMatchObject({
      state: 'queued',
      nextAttemptAt: '2027-03-28T06:00:00.000Z',
    })
    h.clock.set('2027-03-28T05:59:59Z')
    await h.drain()
    expect(timesTo('night@example.net')).toBe(1)
    h.clock.set('2027-03-28T06:00:00Z')
    await h.drain()
    expect(await statusOf(org, marketing)).toMatchObject({ state: 'sent' })
  })

  test('hours that are set while messages wait hold for them, too', async () => {
    const org = await h.organization()
    await org.key.put('/api/sending/limits', { channels: { email: { perMinute: 1 } } })
    h.clock.set('2027-04-05T12:00:00Z')
    await testContacts(org.systemCtx, { emails: ['first@example.net', 'second@example.net'] })
    const ids = await ask(org, 'marketing', ['first@example.net', 'second@example.net'])
    await h.drain()
    expect(mails).toHaveLength(1)
    await org.key.put('/api/sending/hours', { ...DEFAULT_SENDING_HOURS, closedDays: ['2027-04-05'] })
    await live(70_000)
    expect(mails).toHaveLength(1)
    const states = await Promise.all(ids.map((id) => statusOf(org, id)))
    expect(states.find(({ state }) => state === 'queued')).toMatchObject({
      nextAttemptAt: '2027-04-05T22:00:00.000Z',
    })
  })
})

describe('limits', () => {
  test('FR-007.6 marketing messages leave evenly under the channel’s limit, transactional ones before them', async () => {
    const org = await h.organization()
    await org.key.put('/api/sending/limits', { channels: { email: { perMinute: 60 } } })
    const emails = Array.from({ length: 300 }, (_, n) => `even${n}@example.net`)
    await testContacts(org.systemCtx, { emails })
    await ask(org, 'marketing', emails)
    await h.drain()
    await live(10_000)
    await ask(org, 'transactional', ['urgent@example.net'])
    while ((await runDueJobs(h.platform, jobs)) > 0);
    expect(timesTo('urgent@example.net')).toBe(1)
    await live(20_000)
    const left = mails.filter(({ to }) => to.startsWith('even'))
    expect(left.length).toBeGreaterThanOrEqual(28)
    expect(left.length).toBeLessThanOrEqual(33)
    const perSecond = Map.groupBy(left, ({ at }) => Math.floor(at / 1_000))
    expect(Math.max(...[...perSecond.values()].map(({ length }) => length))).toBeLessThanOrEqual(3)
  })
})

describe('frequency caps', () => {
  test('several messages to one person in one call are counted one after the other, and campaigns count them', async () => {
    const org = await h.organization()
    await org.key.put('/api/sending/caps', {
      caps: [{ channel: 'any', messages: 2, windowHours: 24, onExcess: 'drop' }],
    })
    await testContacts(org.systemCtx, { emails: ['often@example.net'] })
    const ids = await ask(org, 'marketing', Array<string>(4).fill('often@example.net'))
    await h.drain()
    const states = await Promise.all(ids.map((id) => statusOf(org, id)))
    expect(states.filter(({ state }) => state === 'sent')).toHaveLength(2)
    expect(states.filter(({ state }) => state === 'skipped')).toHaveLength(2)
    expect(states.find(({ state }) => state === 'skipped')).toMatchObject({ reason: 'capped' })
    const { runId } = await testLaunch(org.systemCtx)
    await h.drain()
    expect((await runProgress(org.systemCtx, runId)).counts).toEqual({ 'skipped.capped': 1 })
    expect(timesTo('often@example.net')).toBe(2)
  })

  test('one too many is deferred where the rule says so, and leaves when there is room', async () => {
    const org = await h.organization()
    await org.key.put('/api/sending/caps', {
      caps: [{ channel: 'email', messages: 1, windowHours: 2, onExcess: 'defer' }],
    })
    await testContacts(org.systemCtx, { emails: ['room@example.net'] })
    const ids = await ask(org, 'marketing', ['room@example.net', 'room@example.net'])
    await h.drain()
    expect(timesTo('room@example.net')).toBe(1)
    h.clock.advance(135 * 60_000)
    await h.drain()
    expect((await Promise.all(ids.map((id) => statusOf(org, id)))).map(({ state }) => state)).toEqual([
      'sent',
      'sent',
    ])
  })
})
