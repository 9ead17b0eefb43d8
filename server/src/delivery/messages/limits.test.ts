/** Messages one by one under limits, beside campaigns at full speed: what counts is when they reached the server outside. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { rooms } from '../../app.ts'
import { runDueJobs } from '../../platform/jobs/index.ts'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import { testLaunch } from '../../testing/launch.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { simulate } from '../../testing/simulators/index.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'

const mails: { to: string; at: number }[] = []
const sink = await startSmtpSink({
  onMail: ({ to }) => void mails.push({ to, at: h.clock.now().getTime() }),
})
const sendgrid = await simulate('sendgrid', {})
const h = await harness({
  env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` },
  egress: { allow: [`127.0.0.1:${sendgrid.port}`] },
})
const jobs = new Map(rooms.flatMap((room) => room.jobs).map((job) => [job.kind as string, job]))
afterAll(() => Promise.all([sink.close(), sendgrid.close()]))
beforeEach(() => void (mails.length = 0))

const to = (domain: string): number[] =>
  mails.flatMap((mail) => (mail.to.endsWith(`@${domain}`) ? [mail.at] : []))
const people = (org: TestOrganization, domain: string, count: number) =>
  testContacts(org.systemCtx, { emails: named(domain, count) })
const named = (domain: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `p${n}@${domain}`)

async function ask(
  org: TestOrganization,
  purpose: 'marketing' | 'transactional',
  emails: readonly string[],
): Promise<void> {
  const { body } = await org.key.post('/api/content/templates', {
    name: 'Receipt',
    source: {
      subject: 'Receipt',
      fromName: 'Atelier Test',
      fromEmail: 'orders@shop.example',
      format: 'html',
      body: '<p>Hello</p>',
    },
  })
  const { status } = await org.key.post('/api/messages', {
    messages: emails.map((email) => ({ content: { templateId: body.id }, to: { email }, purpose })),
  })
  expect(status).toBe(202)
}

/** Lets time pass in small steps, as workers that look again and again would see it. */
async function live(ms: number, stepMs = 1_000): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    h.clock.advance(stepMs)
    while ((await runDueJobs(h.platform, jobs)) > 0);
  }
}

test('PC-38 beyond a provider’s limit transactional messages wait, evenly, and every one before a hot campaign', async () => {
  const org = await h.organization()
  const added = await org.owner.post('/api/providers', {
    kind: 'sendgrid',
    name: 'Mails',
    settings: { baseUrl: sendgrid.url },
    secrets: { apiKey: sendgrid.secrets.apiKey },
  })
  await org.key.put('/api/sending/limits', { providers: [{ providerId: added.body.id, perMinute: 60 }] })
  await people(org, 'hot.example', 200)
  await testLaunch(org.systemCtx)
  await h.drain()
  await live(5_000)
  const takenOf = (domain: string): number =>
    sendgrid.taken().filter((mail) => JSON.stringify(mail).includes(`@${domain}`)).length
  const hotBefore = takenOf('hot.example')
  expect(hotBefore).toBeGreaterThanOrEqual(4)
  await ask(org, 'transactional', named('urgent.example', 20))
  while ((await runDueJobs(h.platform, jobs)) > 0);
  expect(takenOf('urgent.example')).toBeGreaterThanOrEqual(1)
  await live(10_000)
  expect(takenOf('urgent.example')).toBeGreaterThanOrEqual(10)
  expect(takenOf('urgent.example')).toBeLessThanOrEqual(13)
  expect(takenOf('hot.example') - hotBefore).toBeLessThanOrEqual(1)
  await live(15_000)
  expect(takenOf('urgent.example')).toBe(20)
  expect(takenOf('hot.example')).toBeGreaterThan(hotBefore)
  expect(sendgrid.taken().length).toBeLessThanOrEqual(36)
})

test('PC-38 a receiver’s limit holds for transactional messages to it, and nobody else waits with them', async () => {
  const org = await h.organization()
  await org.key.put('/api/sending/limits', { receivers: [{ receiver: 'google', perMinute: 60 }] })
  await ask(org, 'transactional', [...named('gmail.com', 30), ...named('others.example', 30)])
  await h.drain()
  expect(to('others.example')).toHaveLength(30)
  await live(10_000)
  expect(to('gmail.com').length).toBeGreaterThanOrEqual(10)
  expect(to('gmail.com').length).toBeLessThanOrEqual(13)
  await live(25_000)
  expect(to('gmail.com')).toHaveLength(30)
})

describe('a domain that is warmed up', () => {
  test('counts transactional messages in its day without keeping them waiting; marketing ones share what is left', async () => {
    const org = await h.organization()
    h.clock.set('2027-02-01T10:00:00Z')
    const { body: domain } = await org.key.post('/api/sending/domains', { domain: 'shop.example' })
    await org.key.put(`/api/sending/domains/${domain.id}/warmup`, { volumes: [24, 60] })
    await ask(org, 'transactional', named('now.example', 20))
    await h.drain()
    expect(to('now.example')).toHaveLength(20)
    const { body } = await org.key.get('/api/sending/warmups')
    expect(body.items).toMatchObject([{ today: { allowed: 24, taken: 20 } }])
    await people(org, 'later.example', 10)
    await ask(org, 'marketing', named('later.example', 10))
    while ((await runDueJobs(h.platform, jobs)) > 0);
    await live(12.9 * 3_600_000, 300_000)
    expect(to('later.example').length).toBeGreaterThanOrEqual(3)
    expect(to('later.example').length).toBeLessThanOrEqual(4)
  })

  test('counts nobody of its day who turned out not to be written to', async () => {
    const org = await h.organization()
    h.clock.set('2027-03-01T10:00:00Z')
    const { body: domain } = await org.key.post('/api/sending/domains', { domain: 'shop.example' })
    await org.key.put(`/api/sending/domains/${domain.id}/warmup`, { volumes: [24, 60] })
    const gone = 'refuse-550-5.1.1.gone@away.example'
    await ask(org, 'transactional', [gone])
    await h.drain()
    await ask(org, 'transactional', [...Array<string>(5).fill(gone), ...named('reached.example', 2)])
    await h.drain()
    expect(to('reached.example')).toHaveLength(2)
    const { body } = await org.key.get('/api/sending/warmups')
    // The first to whom nobody answers, and the two who were reached.
    expect(body.items).toMatchObject([{ today: { allowed: 24, taken: 3 } }])
  })
})
