/** A provider that stands in for another keeps its own limit: what counts is when messages reached it. */
import { afterAll, describe, expect, test } from 'vitest'
import { rooms } from '../../app.ts'
import { runDueJobs } from '../../platform/jobs/index.ts'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import { testLaunch } from '../../testing/launch.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { simulate } from '../../testing/simulators/index.ts'
import { runProgress } from '../index.ts'

const PER_MINUTE = 60
const START = new Date('2026-12-01T10:00:00Z')
const now = (): Date => h.clock.now()
const first = await simulate('sendgrid', { now })
const spare = await simulate('mailgun', { now })
const h = await harness({ egress: { allow: [first, spare].map(({ port }) => `127.0.0.1:${port}`) } })
const jobs = new Map(rooms.flatMap((room) => room.jobs).map((job) => [job.kind as string, job]))
afterAll(() => Promise.all([first.close(), spare.close()]))

/** An organization whose default provider is not reached, unless one that is reached is given, with another behind it. */
async function organization(
  limits: { perMinute: number } | null,
  settings: { baseUrl: string } = { baseUrl: 'http://127.0.0.1:1' },
): Promise<TestOrganization> {
  h.clock.set(START)
  const org = await h.organization()
  await org.owner.post('/api/providers', {
    kind: 'sendgrid',
    name: 'Down',
    settings,
    secrets: { apiKey: first.secrets.apiKey },
  })
  const { body } = await org.owner.post('/api/providers', {
    kind: 'mailgun',
    name: 'Spare',
    settings: { baseUrl: spare.url, domain: 'mg.shop.example' },
    secrets: { apiKey: spare.secrets.apiKey, signingKey: spare.secrets.eventKey },
  })
  await org.owner.put(`/api/providers/${body.id}/rank`, { rank: 1 })
  const { status } = await org.owner.put('/api/sending/limits', {
    providers: limits ? [{ providerId: body.id, ...limits }] : [],
  })
  expect(status).toBe(200)
  return org
}

const named = (domain: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `p${n}@${domain}`)

/** Asks for transactional mails one by one. */
async function ask(org: TestOrganization, emails: readonly string[]): Promise<void> {
  const { body } = await org.owner.post('/api/content/templates', {
    name: 'Receipt',
    source: {
      subject: 'Receipt',
      fromName: 'Atelier Test',
      fromEmail: 'orders@shop.example',
      format: 'html',
      body: '<p>Hello</p>',
    },
  })
  const { status } = await org.owner.post('/api/messages', {
    messages: emails.map((email) => ({ content: { templateId: body.id }, to: { email } })),
  })
  expect(status).toBe(202)
}

/** Seconds after the start at which mails to a domain were taken. */
const secondsOf = (domain: string): number[] =>
  spare
    .taken()
    .filter(({ to }) => to.endsWith(`@${domain}`))
    .map(({ at }) => (new Date(at).getTime() - START.getTime()) / 1_000)

/** Lets time pass in small steps, as workers that look again and again would see it. */
async function live(seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 1) {
    h.clock.advance(1_000)
    while ((await runDueJobs(h.platform, jobs)) > 0);
  }
}

describe('while the default provider is not reached', () => {
  test('CS-010.2 NFR-002.3 a campaign goes on over the other at the pace of its limit', async () => {
    const org = await organization({ perMinute: PER_MINUTE })
    await testContacts(org.systemCtx, { emails: named('campaign.example', 90) })
    const { runId } = await testLaunch(org.systemCtx)
    await h.drain()
    await live(59)
    const { length } = secondsOf('campaign.example')
    expect(length).toBeGreaterThanOrEqual(PER_MINUTE - 3)
    expect(length).toBeLessThanOrEqual(PER_MINUTE + 2)
    await live(40)
    expect(await runProgress(org.systemCtx, runId)).toMatchObject({
      state: 'completed',
      counts: { sent: 90 },
    })
  })

  test('CS-010.2 FR-007.6 two campaigns over the other share its limit', async () => {
    const org = await organization({ perMinute: PER_MINUTE })
    await testContacts(org.systemCtx, { emails: named('shared.example', 40) })
    await testLaunch(org.systemCtx)
    await testLaunch(org.systemCtx)
    await h.drain()
    await live(29)
    const { length } = secondsOf('shared.example')
    expect(length).toBeGreaterThanOrEqual(PER_MINUTE / 2 - 3)
    expect(length).toBeLessThanOrEqual(PER_MINUTE / 2 + 2)
  })

  test('CS-010.2 messages one by one wait for the limit of the other, and all leave', async () => {
    const org = await organization({ perMinute: PER_MINUTE })
    await ask(org, named('single.example', 20))
    await h.drain()
    await live(9)
    expect(secondsOf('single.example').length).toBeLessThanOrEqual(12)
    await live(16)
    expect(secondsOf('single.example')).toHaveLength(20)
  })

  test('PC-38 messages one by one do not wait behind a campaign that the other takes at full speed', async () => {
    const org = await organization({ perMinute: PER_MINUTE })
    await testContacts(org.systemCtx, { emails: named('hot.example', 200) })
    await testLaunch(org.systemCtx)
    await h.drain()
    await live(10)
    await ask(org, named('urgent.example', 10))
    await live(15)
    expect(secondsOf('urgent.example')).toHaveLength(10)
    expect(secondsOf('urgent.example').length + secondsOf('hot.example').length).toBeLessThanOrEqual(28)
  })

  test('NFR-002.3 without a limit of its own the other takes everything at once', async () => {
    const org = await organization(null)
    await testContacts(org.systemCtx, { emails: named('free.example', 90) })
    await testLaunch(org.systemCtx)
    await h.drain()
    expect(secondsOf('free.example')).toHaveLength(90)
  })
})

test('NFR-002.3 a default provider that is back has its own speed again at once', async () => {
  const org = await organization({ perMinute: PER_MINUTE }, { baseUrl: first.url })
  await testContacts(org.systemCtx, { emails: named('back.example', 90) })
  first.setFaults({ serverError: 1 })
  await testLaunch(org.systemCtx)
  await h.drain()
  await live(5)
  expect(secondsOf('back.example').length).toBeLessThanOrEqual(8)
  first.setFaults({})
  await live(5)
  const taken = first.taken().filter(({ to }) => to.endsWith('@back.example'))
  expect(taken.length + secondsOf('back.example').length).toBe(90)
})
