/** Circuit breakers from the first refused address to the campaign that goes on by hand. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { passedBy, SAMPLE_MIN } from '../delivery/breakers/breaker.ts'
import { testContacts } from '../testing/audience.ts'
import { harness } from '../testing/harness.ts'
import type { TestOrganization } from '../testing/organization.ts'
import { startSmtpSink } from '../testing/smtp-sink.ts'

const mails: { to: string; text: string }[] = []
const sink = await startSmtpSink({
  onMail: ({ to }, mail) => void mails.push({ to, text: mail.toString('latin1') }),
})
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })

async function campaign(org: TestOrganization, perMinute: number | null = null): Promise<string> {
  const { body } = await org.owner.post('/api/campaigns', {
    name: 'Sale',
    audience: { include: { rule: { all: [] } } },
    timing: { perMinute },
    content: {
      email: {
        subject: 'Sale',
        fromName: 'Atelier',
        fromEmail: 'hello@breaker.example',
        format: 'html',
        body: '<p>Hello</p>',
      },
    },
  })
  return body.id
}

/** Good addresses, and after them some that do not exist. */
const people = (org: TestOrganization, good: number, gone: number, left: number) =>
  testContacts(org.systemCtx, {
    emails: [
      ...Array.from({ length: good }, (_, n) => `good${n}@${org.orgId}.example`),
      ...Array.from({ length: gone }, (_, n) => `refuse-550-5.1.1.gone${n}@${org.orgId}.example`),
      ...Array.from({ length: left }, (_, n) => `left${n}@${org.orgId}.example`),
    ],
  })

/** Hands over in steps, with breakers looking in between. */
async function live(seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 5) {
    h.clock.advance(5_000)
    await h.drain()
  }
}

const countsOf = async (org: TestOrganization, id: string): Promise<Record<string, number>> => {
  const { body } = await org.owner.get(`/api/campaigns/${id}`)
  return (await org.owner.get(`/api/runs/${body.runId}`)).body.counts
}

describe('a list with many addresses that do not exist', () => {
  test('stops its campaign, which says why and tells its author; it goes on with a reason, and only what comes then counts', async () => {
    const org = await h.organization()
    await people(org, 540, 70, 900)
    const id = await campaign(org, 6_000)
    await org.owner.post(`/api/campaigns/${id}/launch`)
    await live(50)
    const { body: stopped } = await org.owner.get(`/api/campaigns/${id}`)
    expect(stopped).toMatchObject({ status: 'paused', isTripped: true })
    expect(stopped.trouble).toContain('Too many addresses do not exist')
    const before = await countsOf(org, id)
    expect(before['sent'] ?? 0).toBeLessThan(1_440)
    await live(10)
    expect(await countsOf(org, id)).toEqual(before)
    expect(mails.filter(({ text }) => text.includes('was stopped'))).not.toEqual([])

    const refused = await org.owner.post(`/api/campaigns/${id}/resume`)
    expect({ status: refused.status, path: refused.body.errors?.[0]?.path }).toEqual({
      status: 422,
      path: 'reason',
    })
    const resumed = await org.owner.post(`/api/campaigns/${id}/resume`, { reason: 'An old list, checked.' })
    expect(resumed.body).toMatchObject({ status: 'running', isTripped: false })
    await live(60)
    expect((await org.owner.get(`/api/campaigns/${id}`)).body.status).toBe('completed')
    expect(await countsOf(org, id)).toEqual({ sent: 1_440, 'bounced.invalid_recipient': 70 })
    const [entry] = await org.systemCtx.db.query<{ change: { reason?: string } }>(
      "select change from audit_entry where org_id = $1 and action = 'campaign.resumed'",
      [org.orgId],
    )
    expect(entry?.change.reason).toBe('An old list, checked.')
  })

  test('is judged by everything that its sending domain sent within a day, however small each campaign', async () => {
    const org = await h.organization()
    await people(org, 270, 30, 0)
    const first = await campaign(org)
    await org.owner.post(`/api/campaigns/${first}/launch`)
    await h.drain()
    expect((await org.owner.get(`/api/campaigns/${first}`)).body.status).toBe('completed')
    await testContacts(org.systemCtx, {
      emails: Array.from({ length: 900 }, (_, n) => `more${n}@${org.orgId}.example`),
    })
    const second = await campaign(org, 1_800)
    await org.owner.post(`/api/campaigns/${second}/launch`)
    await live(40)
    const { body } = await org.owner.get(`/api/campaigns/${second}`)
    expect(body).toMatchObject({ status: 'paused', isTripped: true })
    const { body: run } = await org.owner.get(`/api/runs/${body.runId}`)
    expect(run.tripped).toMatchObject({ kind: 'bounces', scope: 'domain', domain: 'breaker.example' })
  })
})

describe('an organization of a thousand campaigns', () => {
  /** Runs of other campaigns that began since, and are done. */
  const manyLater = (org: TestOrganization, count: number) =>
    org.systemCtx.db.query(
      `insert into run (org_id, id, campaign_id, run_no, month, channel, purpose, state, audience, version_id, contents, reach,
        planned_at, started_at, created_at, updated_at, timing)
      select r.org_id, gen_random_uuid(), gen_random_uuid(), 1, r.month, r.channel, r.purpose, 'completed', r.audience, r.version_id,
        r.contents, r.reach, r.planned_at, $2, $2, $2, r.timing
      from (select * from run where org_id = $1 limit 1) r, generate_series(1, $3)`,
      [org.orgId, h.clock.now(), count],
    )

  test('NFR-003.1 watches also the run that began before all the others', async () => {
    const org = await h.organization()
    await people(org, 540, 70, 900)
    const id = await campaign(org, 6_000)
    await org.owner.post(`/api/campaigns/${id}/launch`)
    await live(5)
    await manyLater(org, 1_200)
    await live(45)
    const { body } = await org.owner.get(`/api/campaigns/${id}`)
    expect(body).toMatchObject({ status: 'paused', isTripped: true })
    expect((await org.owner.get(`/api/runs/${body.runId}`)).body.tripped).toMatchObject({ scope: 'run' })
  })

  test('NFR-003.1 counts everything that a sending domain sent within a day', async () => {
    const org = await h.organization()
    await people(org, 270, 30, 0)
    await org.owner.post(`/api/campaigns/${await campaign(org)}/launch`)
    await h.drain()
    h.clock.advance(1_000)
    await manyLater(org, 1_200)
    await testContacts(org.systemCtx, {
      emails: Array.from({ length: 900 }, (_, n) => `more${n}@${org.orgId}.example`),
    })
    const id = await campaign(org, 1_800)
    await org.owner.post(`/api/campaigns/${id}/launch`)
    await live(40)
    const { body } = await org.owner.get(`/api/campaigns/${id}`)
    expect(body).toMatchObject({ status: 'paused', isTripped: true })
    expect((await org.owner.get(`/api/runs/${body.runId}`)).body.tripped).toMatchObject({ scope: 'domain' })
  })
})

test('what messages one by one came to counts with their sending domain, and is known to whoever lets a campaign go on', async () => {
  const org = await h.organization()
  const { body: template } = await org.owner.post('/api/content/templates', {
    name: 'Receipt',
    source: {
      subject: 'Receipt',
      fromName: 'Atelier',
      fromEmail: 'orders@breaker.example',
      format: 'html',
      body: '<p>Hello</p>',
    },
  })
  const { status } = await org.owner.post('/api/messages', {
    messages: [
      ...Array.from({ length: 240 }, (_, n) => `direct${n}@${org.orgId}.example`),
      ...Array.from({ length: 70 }, (_, n) => `refuse-550-5.1.1.direct${n}@${org.orgId}.example`),
    ].map((email) => ({ content: { templateId: template.id }, to: { email } })),
  })
  expect(status).toBe(202)
  await h.drain()
  await people(org, 900, 0, 0)
  const id = await campaign(org, 6_000)
  await org.owner.post(`/api/campaigns/${id}/launch`)
  await live(45)
  const { body } = await org.owner.get(`/api/campaigns/${id}`)
  expect(body).toMatchObject({ status: 'paused', isTripped: true })
  const { body: run } = await org.owner.get(`/api/runs/${body.runId}`)
  expect(run.tripped).toMatchObject({ kind: 'bounces', scope: 'domain', domain: 'breaker.example', part: 70 })
  await org.owner.post(`/api/campaigns/${id}/resume`, { reason: 'Typing errors in a form, mended.' })
  await live(90)
  expect((await org.owner.get(`/api/campaigns/${id}`)).body).toMatchObject({
    status: 'completed',
    isTripped: false,
  })
})

test('a breaker needs a sample, and knows bounces and complaints', () => {
  const sample = { handedOver: 1_000, hard: 0, complained: 0, delivered: 1_000 }
  expect(passedBy({ ...sample, hard: 49 })).toBeNull()
  expect(passedBy({ ...sample, hard: 50 })).toMatchObject({ kind: 'bounces', part: 50, whole: 1_000 })
  expect(passedBy({ ...sample, complained: 2 })).toBeNull()
  expect(passedBy({ ...sample, complained: 3 })).toMatchObject({ kind: 'complaints', limitBps: 30 })
  fc.assert(
    fc.property(fc.nat(SAMPLE_MIN - 1), fc.nat(SAMPLE_MIN), (handedOver, hard) => {
      expect(passedBy({ handedOver, hard, complained: hard, delivered: handedOver })).toBeNull()
    }),
  )
})
