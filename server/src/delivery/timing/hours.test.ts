/** Sending hours through the real way of a message: what counts is when it left, by the simulated clock. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { recordConsents } from '../../consent/index.ts'
import { createContact, type ContactInput } from '../../contacts/index.ts'
import { toWire, type ContactId, type RunId } from '../../platform/ids.ts'
import { harness } from '../../testing/harness.ts'
import { testLaunch, type TestLaunch } from '../../testing/launch.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { simulate, type Simulator } from '../../testing/simulators/index.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'
import { readToken } from '../../tracking/index.ts'
import { runProgress } from '../runs/run-progress.ts'
import { DEFAULT_SENDING_HOURS, NO_CAMPAIGN_HOURS, type SendingHours } from './sending-hours.ts'

const MINUTE_MS = 60_000
/** When each mail reached the server outside. */
const arrivals = new Map<string, string[]>()
const sink = await startSmtpSink({
  onMail: ({ to }) => {
    arrivals.set(to, [...(arrivals.get(to) ?? []), h.clock.now().toISOString()])
  },
})
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })
// Text messages leave to a provider outside that keeps a ledger of its own, by the simulated clock.
const twilio: Simulator = await simulate('twilio', { now: () => phones.clock.now() })
const phones = await harness({ egress: { allow: [`127.0.0.1:${twilio.port}`] } })
afterAll(async () => {
  await sink.close()
  await twilio.close()
})

let org: TestOrganization
let texting: TestOrganization
beforeEach(async () => {
  arrivals.clear()
  org = await h.organization()
  texting = await phones.organization()
  const { status } = await texting.owner.post('/api/providers', {
    kind: 'twilio',
    name: 'Twilio',
    settings: { baseUrl: twilio.url, accountSid: 'AC1', from: '+15005550006' },
    secrets: { authToken: twilio.secrets.apiKey },
  })
  if (status !== 201) throw new Error(`the provider was refused with ${status}`)
})

const quietNights = (more: Partial<SendingHours['channels']['email']> = {}): SendingHours => ({
  ...DEFAULT_SENDING_HOURS,
  channels: {
    ...DEFAULT_SENDING_HOURS.channels,
    email: { ...DEFAULT_SENDING_HOURS.channels.email, quiet: [{ from: '21:00', to: '08:00' }], ...more },
  },
})
async function setHours(of: TestOrganization, hours: SendingHours): Promise<void> {
  const { status } = await of.key.put('/api/sending/hours', { ...hours, reason: 'A test of these hours' })
  expect(status).toBe(200)
}

/** A person who agreed to every channel. */
async function person(of: TestOrganization, input: ContactInput): Promise<ContactId> {
  const { id } = await createContact(of.systemCtx, input, 'manual')
  await recordConsents(
    of.systemCtx,
    { source: 'member' },
    (['email', 'sms'] as const).map((channel) => ({
      contactId: id,
      channel,
      purpose: 'marketing' as const,
      state: 'granted' as const,
      occurredAt: of.systemCtx.now(),
    })),
  )
  return id
}

/** Lets time pass, stopping at every whole step and at the given instants. */
async function live(at: typeof h, from: string, until: string, stepMinutes = 30): Promise<void> {
  for (let ms = Date.parse(from); ms <= Date.parse(until); ms += stepMinutes * MINUTE_MS) {
    at.clock.set(new Date(ms))
    await at.drain()
  }
}

async function launchAt(
  at: typeof h,
  of: TestOrganization,
  instant: string,
  launch: TestLaunch = {},
): Promise<RunId> {
  at.clock.set(instant)
  const { runId } = await testLaunch(of.systemCtx, launch)
  await at.drain()
  return runId
}

/** When the provider took the texts of a run, as its ledger says. */
async function textsOf(of: TestOrganization, runId: RunId): Promise<string[]> {
  const read = await Promise.all(
    twilio
      .taken()
      .map(async ({ token, at }) => ({ at, read: await readToken(of.systemCtx.platform, token, 'message') })),
  )
  return read.flatMap(({ at, read: found }) => (found?.message.runId === runId ? [at] : []))
}

describe('mail', () => {
  test('PC-29 CS-018.3 a mail of the night in which clocks go forward leaves at eight, and is shown as waiting until then', async () => {
    await setHours(org, quietNights())
    await person(org, { email: 'paris@example.net', timeZone: 'Europe/Paris' })
    const runId = await launchAt(h, org, '2027-03-27T21:30:00Z')
    expect(arrivals.size).toBe(0)
    expect((await runProgress(org.systemCtx, runId)).held).toEqual([
      {
        until: new Date('2027-03-28T06:00:00Z'),
        people: 1,
        reason: 'quiet_hours',
        detail: null,
      },
    ])
    await live(h, '2027-03-27T22:00:00Z', '2027-03-28T05:30:00Z')
    h.clock.set('2027-03-28T05:59:59Z')
    await h.drain()
    expect(arrivals.size).toBe(0)
    h.clock.set('2027-03-28T06:00:00Z')
    await h.drain()
    expect(arrivals.get('paris@example.net')).toEqual(['2027-03-28T06:00:00.000Z'])
    expect(await runProgress(org.systemCtx, runId)).toMatchObject({ state: 'completed', held: [] })
  })

  test('PC-30 CS-018.3 a mail of the night in which clocks go back leaves at eight by the new clock', async () => {
    await setHours(org, quietNights())
    await person(org, { email: 'paris@example.net', timeZone: 'Europe/Paris' })
    await launchAt(h, org, '2027-10-30T20:30:00Z')
    await live(h, '2027-10-30T21:00:00Z', '2027-10-31T12:00:00Z')
    expect(arrivals.get('paris@example.net')).toEqual(['2027-10-31T07:00:00.000Z'])
  })

  test('PC-36 CS-010.4 a mail of Friday night leaves on Monday when the campaign excludes weekends', async () => {
    await setHours(org, quietNights())
    await person(org, { email: 'paris@example.net', timeZone: 'Europe/Paris' })
    await launchAt(h, org, '2027-01-08T22:30:00Z', {
      timing: { hours: { ...NO_CAMPAIGN_HOURS, skipsWeekends: true } },
    })
    await live(h, '2027-01-08T23:00:00Z', '2027-01-11T12:00:00Z', 60)
    expect(arrivals.get('paris@example.net')).toEqual(['2027-01-11T07:00:00.000Z'])
  })

  test('CS-010.3 FR-007.5 people of one run leave each in their own zone’s window', async () => {
    await person(org, { email: 'tokyo@example.net', timeZone: 'Asia/Tokyo' })
    await person(org, { email: 'paris@example.net', country: 'FR' })
    await person(org, { email: 'newyork@example.net', timeZone: 'America/New_York' })
    await person(org, { email: 'nowhere@example.net' })
    await launchAt(h, org, '2027-01-12T00:00:00Z', {
      timing: { hours: { ...NO_CAMPAIGN_HOURS, window: { from: '10:00', to: '12:00' } } },
    })
    await live(h, '2027-01-12T00:30:00Z', '2027-01-12T18:00:00Z', 60)
    await live(h, '2027-01-12T18:00:00Z', '2027-01-13T02:00:00Z', 60)
    expect(Object.fromEntries(arrivals)).toEqual({
      'tokyo@example.net': ['2027-01-12T01:30:00.000Z'],
      'paris@example.net': ['2027-01-12T09:30:00.000Z'],
      'newyork@example.net': ['2027-01-12T15:30:00.000Z'],
      'nowhere@example.net': ['2027-01-12T09:30:00.000Z'],
    })
  })

  test('CS-008.3 a plan in each recipient’s time reaches everybody when their own clock shows it', async () => {
    await person(org, { email: 'tokyo@example.net', timeZone: 'Asia/Tokyo' })
    await person(org, { email: 'paris@example.net', phone: '+33612345678' })
    await person(org, { email: 'chicago@example.net', timeZone: 'America/Chicago' })
    h.clock.set('2027-01-10T12:00:00Z')
    const { body } = await org.key.post('/api/campaigns', {
      name: 'Morning',
      audience: { include: { rule: { all: [] } } },
      content: {
        email: {
          subject: 'Hello',
          fromName: 'A',
          fromEmail: 'a@shop.example',
          format: 'html',
          body: '<p>Hello</p>',
        },
      },
    })
    const planned = await org.key.post(`/api/campaigns/${body.id}/schedule`, {
      at: '2027-01-12T09:00',
      timeZone: 'Europe/Paris',
      clock: 'recipient',
    })
    expect(planned.body).toMatchObject({ status: 'scheduled', scheduledAt: '2027-01-11T19:00:00.000Z' })
    await live(h, '2027-01-11T18:00:00Z', '2027-01-12T18:00:00Z', 60)
    expect(Object.fromEntries(arrivals)).toEqual({
      'tokyo@example.net': ['2027-01-12T00:00:00.000Z'],
      'paris@example.net': ['2027-01-12T08:00:00.000Z'],
      'chicago@example.net': ['2027-01-12T15:00:00.000Z'],
    })
    expect((await org.key.get(`/api/campaigns/${body.id}`)).body.status).toBe('completed')
  })

  test('what is of no use any more is skipped as too late, and stands in the ledger', async () => {
    await setHours(org, quietNights())
    await person(org, { email: 'paris@example.net', timeZone: 'Europe/Paris' })
    await person(org, { email: 'tokyo@example.net', timeZone: 'Asia/Tokyo' })
    const runId = await launchAt(h, org, '2027-01-12T23:30:00Z', {
      timing: { usefulUntil: '2027-01-13T05:00:00.000Z' },
    })
    await live(h, '2027-01-13T00:00:00Z', '2027-01-13T12:00:00Z', 60)
    expect([...arrivals.keys()]).toEqual(['tokyo@example.net'])
    expect(await runProgress(org.systemCtx, runId)).toMatchObject({
      state: 'completed',
      counts: { sent: 1, 'skipped.too_late': 1 },
    })
  })

  test('CS-018.3 a campaign that drops on conflict skips those in quiet hours, and nobody else', async () => {
    await setHours(org, quietNights())
    await person(org, { email: 'paris@example.net', timeZone: 'Europe/Paris' })
    await person(org, { email: 'tokyo@example.net', timeZone: 'Asia/Tokyo' })
    const runId = await launchAt(h, org, '2027-01-12T23:30:00Z', {
      timing: { hours: { ...NO_CAMPAIGN_HOURS, conflict: 'drop' } },
    })
    expect(await runProgress(org.systemCtx, runId)).toMatchObject({
      state: 'completed',
      counts: { sent: 1, 'skipped.quiet_hours': 1 },
    })
  })

  test('CS-018.3 hours that are set while a run waits hold at its hand-over, and those that are lifted let go', async () => {
    await setHours(org, quietNights())
    await person(org, { email: 'paris@example.net', timeZone: 'Europe/Paris' })
    await launchAt(h, org, '2027-01-12T22:00:00Z')
    await setHours(org, quietNights({ quiet: [{ from: '20:00', to: '10:30' }] }))
    await live(h, '2027-01-13T06:00:00Z', '2027-01-13T09:30:00Z')
    expect(arrivals.get('paris@example.net')).toEqual(['2027-01-13T09:30:00.000Z'])
  })
})

describe('text messages', () => {
  const federal: SendingHours = { ...DEFAULT_SENDING_HOURS, us: 'federal' }

  test('PC-33 MA-5.2 the federal hours of the United States end on the minute', async () => {
    await setHours(texting, federal)
    await person(texting, { phone: '+12125550100', timeZone: 'America/New_York' })
    const before = await launchAt(phones, texting, '2027-03-15T00:59:30Z', { channels: ['sms'] })
    expect(await textsOf(texting, before)).toEqual(['2027-03-15T00:59:30.000Z'])
    const after = await launchAt(phones, texting, '2027-03-15T01:00:00Z', { channels: ['sms'] })
    expect(await textsOf(texting, after)).toEqual([])
    await live(phones, '2027-03-15T01:30:00Z', '2027-03-15T14:00:00Z')
    expect(await textsOf(texting, after)).toEqual(['2027-03-15T12:00:00.000Z'])
  })

  test('PC-34 MA-5.2 a French marketing text message of Saturday night waits through Sunday and Easter Monday, unasked', async () => {
    await person(texting, { phone: '+33612345678' })
    const runId = await launchAt(phones, texting, '2027-03-27T21:30:00Z', { channels: ['sms'] })
    expect((await runProgress(texting.systemCtx, runId)).held).toMatchObject([
      { until: new Date('2027-03-30T06:00:00Z'), people: 1 },
    ])
    await live(phones, '2027-03-27T22:00:00Z', '2027-03-30T10:00:00Z', 120)
    expect(await textsOf(texting, runId)).toEqual(['2027-03-30T06:00:00.000Z'])
  })

  test('PC-35 MA-5.2 CS-018.4 on 14 July marketing waits for the next day, a transactional message leaves at once', async () => {
    await person(texting, { phone: '+33612345678' })
    const marketing = await launchAt(phones, texting, '2027-07-14T08:00:00Z', { channels: ['sms'] })
    const transactional = await launchAt(phones, texting, '2027-07-14T08:00:00Z', {
      channels: ['sms'],
      purpose: 'transactional',
    })
    expect(await textsOf(texting, transactional)).toEqual(['2027-07-14T08:00:00.000Z'])
    await live(phones, '2027-07-14T08:00:00Z', '2027-07-15T08:00:00Z', 60)
    expect(await textsOf(texting, marketing)).toEqual(['2027-07-15T06:00:00.000Z'])
  })

  test('PC-37 CS-010.3 a number of +1 whose zone nobody knows gets something only when all zones allow', async () => {
    await setHours(texting, federal)
    await person(texting, { phone: '+12125550100' })
    const runs: RunId[] = []
    for (let hour = 0; hour < 30; hour++)
      runs.push(
        await launchAt(phones, texting, new Date(Date.UTC(2027, 0, 14, hour, 10)).toISOString(), {
          channels: ['sms'],
        }),
      )
    await live(phones, '2027-01-15T06:30:00Z', '2027-01-15T20:00:00Z')
    const sent = (await Promise.all(runs.map((runId) => textsOf(texting, runId)))).flat()
    expect(sent).toHaveLength(30)
    const outside = sent.filter((at) => {
      const hour = new Date(at).getUTCHours()
      return hour >= 2 && hour < 18
    })
    expect(outside).toEqual([])
    expect(sent).toContain('2027-01-15T18:00:00.000Z')
  })
})

describe('when would this leave', () => {
  test('CS-018.3 the answer beforehand is what the hand-over then does', async () => {
    await setHours(org, quietNights())
    const id = await person(org, { email: 'paris@example.net', timeZone: 'Europe/Paris' })
    h.clock.set('2027-03-27T21:30:00Z')
    const { body } = await org.key.post('/api/sending/when', {
      contactId: toWire('contact', id),
      channel: 'email',
    })
    expect(body).toMatchObject({
      leavesAt: '2027-03-28T06:00:00.000Z',
      zoneFrom: 'own',
      because: [{ reason: 'quiet_hours' }],
      sentence:
        'Leaves Sunday, March 28, 2027 at 8:00 AM (Europe/Paris, the contact’s own zone): quiet hours.',
    })
    await testLaunch(org.systemCtx)
    await live(h, '2027-03-27T21:30:00Z', '2027-03-28T09:00:00Z')
    expect(arrivals.get('paris@example.net')).toEqual([body.leavesAt])
  })

  test('MA-5.2 legal hours are loosened only with a reason, which the log keeps', async () => {
    const refused = await org.key.put('/api/sending/hours', { ...DEFAULT_SENDING_HOURS, us: 'federal' })
    expect(refused.body).toMatchObject({ code: 'delivery.reason_needed', errors: [{ path: 'reason' }] })
    await setHours(org, { ...DEFAULT_SENDING_HOURS, us: 'federal' })
    const [entry] = await org.systemCtx.db.query<{ change: { reason: string } }>(
      `select change from audit_entry where org_id = $1 and action = 'sending_hours.changed'`,
      [org.orgId],
    )
    expect(entry?.change.reason).toBe('A test of these hours')
    const page = await org.key.get('/api/sending/hours')
    expect(page.body.legalHours.find((legal: { place: string }) => legal.place === 'FR')).toMatchObject({
      basis: 'operators',
      skipsHolidays: true,
    })
    const holidays = await org.key.get('/api/sending/holidays?country=FR&year=2027')
    expect(holidays.body.days).toHaveLength(11)
  })
})
