/** Campaigns that events set off, through the product: from an event that comes in to a mail that arrives. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { rooms } from '../../app.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { toWire, type ContactId } from '../../platform/ids.ts'
import { runDueJobs } from '../../platform/jobs/index.ts'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import { apiCaller, type TestOrganization } from '../../testing/organization.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'
import { followTriggers } from './follow-events.ts'
import { tendTriggered } from './switch.ts'
import { advanceConsumer, type LogEvent } from '../../platform/events/index.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** When each address got its mails, as the server outside saw it. */
const arrivals = new Map<string, string[]>()
const subjects: string[] = []
const sink = await startSmtpSink({
  onMail: ({ to }, mail) => {
    arrivals.set(to, [...(arrivals.get(to) ?? []), h.clock.now().toISOString()])
    subjects.push(/^subject: (.*?)\r?$/im.exec(mail.toString())?.[1] ?? '')
  },
})
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })
afterAll(() => sink.close())
let org: TestOrganization
beforeEach(async () => {
  h.clock.set('2027-03-01T10:00:00Z')
  arrivals.clear()
  org = await h.organization()
})

const EVERYONE = { include: { rule: { all: [] } } }
const ORDERED = { kind: 'event', event: 'track:Order Completed' }
const CONTENT = {
  email: {
    subject: 'Thank you',
    fromName: 'Atelier',
    fromEmail: 'hello@atelier.example',
    format: 'html',
    body: '<html><body><p>Hello</p></body></html>',
  },
}

interface Written {
  trigger?: Record<string, unknown>
  audience?: unknown
  timing?: unknown
}

const draft = async ({ trigger = {}, audience = EVERYONE, timing = {} }: Written = {}): Promise<string> =>
  (
    await org.key.post('/api/campaigns', {
      name: 'Thank you',
      delivery: 'triggered',
      trigger: { source: ORDERED, limit: '1h', ...trigger },
      audience,
      timing,
      content: CONTENT,
    })
  ).body.id

/** A campaign that is switched on. */
async function switchedOn(written: Written = {}): Promise<string> {
  const id = await draft(written)
  const answer = await org.key.post(`/api/campaigns/${id}/launch`)
  expect(answer.body).toMatchObject({ status: 'active' })
  await h.drain()
  return id
}

const act = async (id: string, verb: string): Promise<unknown> => {
  const answer = await org.key.post(`/api/campaigns/${id}/${verb}`)
  expect(answer.status).toBe(200)
  await h.drain()
  return answer.body.status
}

let said = 0
/** Somebody does something; the answer means that it is durable. */
async function does(
  contactId: ContactId | undefined,
  properties: Record<string, unknown> = {},
  more: Record<string, unknown> = {},
): Promise<void> {
  const { body } = await org.key.post('/api/events', {
    type: 'track',
    event: 'Order Completed',
    contactId: toWire('contact', contactId ?? ''),
    messageId: `m-${said++}`,
    properties,
    ...more,
  })
  expect(body).toMatchObject({ recorded: 1 })
}
const person = async (email: string): Promise<ContactId | undefined> =>
  (await testContacts(org.systemCtx, { emails: [email] }))[0]
const mailsTo = (email: string): string[] => arrivals.get(email) ?? []
const status = async (id: string) => (await org.key.get(`/api/campaigns/${id}/trigger`)).body
const figures = async (id: string) => (await org.key.get(`/api/campaigns/${id}/metrics`)).body
async function at(instant: string): Promise<void> {
  h.clock.set(instant)
  await h.drain()
}
async function later(ms: number): Promise<void> {
  h.clock.advance(ms)
  await h.drain()
}

describe('from an event to a mail', () => {
  test('FR-004.3 CS-004.6 KPI-6 NFR-001.4 switched on, an event sends its person one mail at once, and the report counts it', async () => {
    const ada = await person('ada@example.net')
    await person('nobody@example.net')
    const id = await switchedOn()
    await does(ada)
    await h.drain()
    expect(mailsTo('ada@example.net')).toEqual(['2027-03-01T10:00:00.000Z'])
    expect(mailsTo('nobody@example.net')).toEqual([])
    await later(2_000)
    expect(await figures(id)).toMatchObject({ handedOver: 1 })
    expect(await status(id)).toMatchObject({ enrolled: 1, waiting: 0, handedOver: 1, skipped: [] })
  })

  test('CS-004.1 CS-004.6 what happened before it was switched on sets nothing off, nor does a draft', async () => {
    const ada = await person('ada@example.net')
    await does(ada)
    const id = await draft()
    await does(ada)
    await h.drain()
    await later(1_000)
    await act(id, 'launch')
    await does(ada, {}, { timestamp: '2027-03-01T09:00:00Z' })
    await h.drain()
    expect(await status(id)).toMatchObject({ enrolled: 0 })
    expect(mailsTo('ada@example.net')).toEqual([])
  })

  test('CS-004.2 only events whose properties meet every condition set it off', async () => {
    const conditions: [filter: Record<string, unknown>, met: unknown, unmet: unknown][] = [
      [{ type: 'text', operator: 'equals', value: 'blue' }, 'Blue', 'red'],
      [{ type: 'text', operator: 'not_equals', value: 'blue' }, 'red', 'blue'],
      [{ type: 'text', operator: 'contains', value: 'sho' }, 'Red shoes', 'Red socks'],
      [{ type: 'number', operator: 'more_than', value: 50 }, 50.01, 50],
      [{ type: 'number', operator: 'less_than', value: 50 }, 49.99, 50],
      [{ type: 'text', operator: 'is_known' }, 'anything', ''],
    ]
    for (const [place, [filter, met, unmet]] of conditions.entries()) {
      const [yes, no] = [`met-${place}@example.net`, `unmet-${place}@example.net`]
      const [first, second] = [await person(yes), await person(no)]
      const id = await switchedOn({
        trigger: { source: { ...ORDERED, filters: [{ property: 'thing', ...filter }] } },
      })
      await does(first, { thing: met })
      await does(second, { thing: unmet })
      await h.drain()
      expect([filter, mailsTo(yes).length, mailsTo(no).length]).toEqual([filter, 1, 0])
      await act(id, 'cancel')
    }
  })

  test('CS-004.7 whoever is not in the audience when it happens gets nothing, and is counted', async () => {
    const ada = await person('ada@example.net')
    const id = await switchedOn({
      audience: {
        include: { rule: { kind: 'contact', field: 'country', operator: 'one_of', value: ['DE'] } },
      },
    })
    await does(ada)
    await h.drain()
    expect(mailsTo('ada@example.net')).toEqual([])
    expect(await status(id)).toMatchObject({
      enrolled: 0,
      passedOver: [{ reason: 'outside_audience', events: 1 }],
    })
  })

  test('FR-004.3 two campaigns are set off by one event, each by its own rules', async () => {
    const ada = await person('ada@example.net')
    await switchedOn()
    await switchedOn({ trigger: { delay: { count: 10, unit: 'minutes' } } })
    await does(ada)
    await h.drain()
    await later(10 * 60_000)
    expect(mailsTo('ada@example.net')).toEqual(['2027-03-01T10:00:00.000Z', '2027-03-01T10:10:00.000Z'])
  })

  test('CS-004.1 entering a segment sets it off, and being in it already does not', async () => {
    const buyers = await org.owner.post('/api/segments', {
      name: 'Buyers',
      kind: 'dynamic',
      rule: { kind: 'event', event: 'track:Order Completed', operator: 'did' },
    })
    const before = await person('before@example.net')
    await does(before)
    await h.drain()
    await later(1_000)
    const id = await switchedOn({
      trigger: { source: { kind: 'segment', segmentId: buyers.body.id } },
    })
    const ada = await person('ada@example.net')
    await does(ada)
    await h.drain()
    expect([mailsTo('before@example.net').length, mailsTo('ada@example.net').length]).toEqual([0, 1])
    expect((await status(id)).sentence).toContain('Buyers')
  })
})

describe('delays', () => {
  test('CS-004.3 FR-004.4 a day later is 24 hours later, on the night that clocks change', async () => {
    h.clock.set('2027-03-27T12:00:00Z')
    const ada = await person('ada@example.net')
    const id = await switchedOn({ trigger: { delay: { count: 1, unit: 'days' } } })
    await does(ada)
    await h.drain()
    await at('2027-03-28T11:59:59Z')
    expect(mailsTo('ada@example.net')).toEqual([])
    expect(await status(id)).toMatchObject({ waiting: 1, nextDueAt: '2027-03-28T12:00:00.000Z' })
    await at('2027-03-28T12:00:00Z')
    expect(mailsTo('ada@example.net')).toEqual(['2027-03-28T12:00:00.000Z'])
  })

  test('CS-004.3 thirty days later it leaves, and not before', async () => {
    const ada = await person('ada@example.net')
    await switchedOn({ trigger: { delay: { count: 30, unit: 'days' } } })
    await does(ada)
    await h.drain()
    await at('2027-03-31T09:59:59Z')
    expect(mailsTo('ada@example.net')).toEqual([])
    await at('2027-03-31T10:00:00Z')
    expect(mailsTo('ada@example.net')).toEqual(['2027-03-31T10:00:00.000Z'])
  })

  test('CS-004.7 whoever leaves the audience during the delay gets nothing, with that reason', async () => {
    const ada = await person('ada@example.net')
    const id = await switchedOn({
      trigger: { delay: { count: 2, unit: 'hours' } },
      audience: {
        include: { rule: { kind: 'contact', field: 'country', operator: 'one_of', value: ['FR'] } },
      },
    })
    await does(ada)
    await h.drain()
    await org.owner.patch(`/api/contacts/${toWire('contact', ada ?? '')}`, { country: 'BE' })
    await later(2 * HOUR_MS)
    expect(mailsTo('ada@example.net')).toEqual([])
    expect(await status(id)).toMatchObject({
      waiting: 0,
      handedOver: 0,
      skipped: [{ reason: 'left_audience', people: 1 }],
    })
  })

  test('PC-05 whoever withdraws during the delay gets nothing, and the ledger says why', async () => {
    const ada = await person('ada@example.net')
    const id = await switchedOn({ trigger: { delay: { count: 2, unit: 'hours' } } })
    await does(ada)
    await h.drain()
    await org.owner.post(`/api/contacts/${toWire('contact', ada ?? '')}/consents`, {
      channel: 'email',
      state: 'withdrawn',
      occurredAt: '2027-03-01T10:00:00Z',
      source: 'paper',
    })
    await later(2 * HOUR_MS)
    await later(2_000)
    expect(mailsTo('ada@example.net')).toEqual([])
    expect(await figures(id)).toMatchObject({ handedOver: 0, skipped: 1 })
  })
})

describe('limits per person', () => {
  test('CS-004.5 FR-004.5 once in 24 hours: the second event within them sends nothing, one after them does', async () => {
    const ada = await person('ada@example.net')
    const id = await switchedOn({ trigger: { limit: '24h' } })
    await does(ada)
    await does(ada)
    await h.drain()
    await later(23 * HOUR_MS)
    await does(ada)
    await h.drain()
    await later(HOUR_MS)
    await does(ada)
    await h.drain()
    expect(mailsTo('ada@example.net')).toEqual(['2027-03-01T10:00:00.000Z', '2027-03-02T10:00:00.000Z'])
    expect(await status(id)).toMatchObject({ enrolled: 2, passedOver: [{ reason: 'limited', events: 2 }] })
  })

  test('CS-004.5 once an hour: three in a day are three mails, each with its row in the ledger', async () => {
    const ada = await person('ada@example.net')
    const id = await switchedOn({ trigger: { limit: '1h' } })
    for (let n = 0; n < 3; n++) {
      await does(ada)
      await h.drain()
      await later(HOUR_MS)
    }
    expect(mailsTo('ada@example.net')).toHaveLength(3)
    expect(await figures(id)).toMatchObject({ handedOver: 3 })
  })

  test('CS-004.5 once ever is once, a year later too', async () => {
    const ada = await person('ada@example.net')
    await switchedOn({ trigger: { limit: 'ever' } })
    await does(ada)
    await h.drain()
    h.clock.advance(500 * DAY_MS)
    await h.drain()
    await does(ada)
    await h.drain()
    expect(mailsTo('ada@example.net')).toHaveLength(1)
  })
})

describe('hours', () => {
  test('CS-004.4 FR-004.7 at night it waits for the morning of the campaign’s window', async () => {
    h.clock.set('2027-03-01T23:00:00Z')
    const ada = await person('ada@example.net')
    await switchedOn({ timing: { window: { from: '09:00', to: '18:00' } } })
    await does(ada)
    await h.drain()
    expect(mailsTo('ada@example.net')).toEqual([])
    await at('2027-03-02T08:00:00Z')
    expect(mailsTo('ada@example.net')).toEqual(['2027-03-02T08:00:00.000Z'])
  })

  test('CS-004.4 what is of no use by the morning does not leave at all', async () => {
    h.clock.set('2027-03-01T23:00:00Z')
    const ada = await person('ada@example.net')
    const id = await switchedOn({
      timing: { window: { from: '09:00', to: '18:00' }, usefulHours: 2 },
    })
    await does(ada)
    await h.drain()
    await at('2027-03-02T08:00:00Z')
    await later(2_000)
    expect(mailsTo('ada@example.net')).toEqual([])
    expect(await figures(id)).toMatchObject({ handedOver: 0, skipped: 1 })
  })
})

describe('pause, resume, stop', () => {
  test('CS-009.1 CS-009.5 during a pause nothing leaves and nothing is set off; those who waited leave afterwards', async () => {
    const [ada, bob] = [await person('ada@example.net'), await person('bob@example.net')]
    const id = await switchedOn({ trigger: { delay: { count: 1, unit: 'hours' } } })
    await does(ada)
    await h.drain()
    expect(await act(id, 'pause')).toBe('paused')
    await does(bob)
    await later(2 * HOUR_MS)
    expect(mailsTo('ada@example.net')).toEqual([])
    expect(await act(id, 'resume')).toBe('active')
    await later(2 * HOUR_MS)
    expect(mailsTo('ada@example.net')).toEqual(['2027-03-01T12:00:00.000Z'])
    expect(mailsTo('bob@example.net')).toEqual([])
    await does(bob)
    await later(HOUR_MS)
    expect(mailsTo('bob@example.net')).toHaveLength(1)
  })

  test('CS-009.1 what was edited during a pause is what leaves afterwards', async () => {
    const ada = await person('ada@example.net')
    const id = await switchedOn()
    await act(id, 'pause')
    const edited = await org.key.put(`/api/campaigns/${id}`, {
      content: { email: { ...CONTENT.email, subject: 'Thank you so much' } },
    })
    expect(edited.status).toBe(200)
    await act(id, 'resume')
    subjects.length = 0
    await does(ada)
    await h.drain()
    expect(subjects).toEqual(['Thank you so much'])
  })

  test('CS-008.7 stopped for good, those who waited get nothing, and a second switch-on is refused', async () => {
    const ada = await person('ada@example.net')
    const id = await switchedOn({ trigger: { delay: { count: 1, unit: 'hours' } } })
    await does(ada)
    await h.drain()
    expect(await act(id, 'cancel')).toBe('cancelled')
    await later(2 * HOUR_MS)
    expect(mailsTo('ada@example.net')).toEqual([])
    expect(await status(id)).toMatchObject({ skipped: [{ reason: 'campaign_cancelled', people: 1 }] })
    expect((await org.key.post(`/api/campaigns/${id}/launch`)).status).toBe(409)
  })
})

describe('exactly once', () => {
  const logOf = (): Promise<LogEvent[]> =>
    org.systemCtx.db.query<LogEvent>(
      'select org_id, seq, recorded_at, at, type, version, contact_id, campaign_id, run_id, channel, payload from event where org_id = $1 order by seq',
      [org.orgId],
    )

  test('FR-004.3 the log read again, before and after the hand-over, sends nobody a second mail', async () => {
    const ada = await person('ada@example.net')
    const id = await switchedOn({ trigger: { limit: '1h' } })
    await does(ada)
    const replay = async (): Promise<void> => {
      const events = await logOf()
      await inTransaction(org.systemCtx, (ctx) => followTriggers.handle(ctx, events))
    }
    await replay()
    await replay()
    await h.drain()
    await replay()
    await h.drain()
    expect(mailsTo('ada@example.net')).toHaveLength(1)
    expect(await status(id)).toMatchObject({ enrolled: 1 })
  })

  test('FR-004.3 a reader that dies with its transaction leaves the event to the next', async () => {
    const ada = await person('ada@example.net')
    const id = await switchedOn()
    await does(ada)
    const events = await logOf()
    const dying = inTransaction(org.systemCtx, async (ctx) => {
      await followTriggers.handle(ctx, events)
      throw new Error('killed')
    })
    await expect(dying).rejects.toThrow('killed')
    expect(await status(id)).toMatchObject({ enrolled: 0 })
    await h.drain()
    expect(mailsTo('ada@example.net')).toHaveLength(1)
  })

  test('FR-004.3 of several workers that hand over at once one does, for each person', async () => {
    const people = await testContacts(org.systemCtx, {
      emails: Array.from({ length: 20 }, (_, n) => `p${n}@example.net`),
    })
    await switchedOn({ trigger: { delay: { count: 1, unit: 'minutes' } } })
    for (const contactId of people) await does(contactId)
    await h.drain()
    h.clock.advance(60_000)
    const jobs = new Map(rooms.flatMap((room) => room.jobs).map((job) => [job.kind as string, job]))
    await Promise.all([1, 2, 3].map(() => runDueJobs(h.platform, jobs)))
    await h.drain()
    expect([...arrivals.values()].map((times) => times.length)).toEqual(people.map(() => 1))
  })

  test('FR-004.3 the run of a day is closed when the day is over, and its sums hold', async () => {
    const ada = await person('ada@example.net')
    const id = await switchedOn()
    await does(ada)
    await h.drain()
    await later(DAY_MS)
    await tendTriggered(org.systemCtx)
    const runs = await org.systemCtx.db.query<{ state: string; audienceSize: number }>(
      'select state, audience_size from run where org_id = $1 order by run_no',
      [org.orgId],
    )
    expect(runs).toEqual([{ state: 'completed', audienceSize: 1 }])
    expect((await org.key.get(`/api/campaigns/${id}`)).body.status).toBe('active')
    await does(ada)
    await h.drain()
    expect(mailsTo('ada@example.net')).toHaveLength(2)
  })
})

describe('the API', () => {
  test('CS-001.1 CS-001.4 CS-014.3 a campaign is written with its trigger, listed by its type, and has no start to plan', async () => {
    const id = await draft({ trigger: { delay: { count: 2, unit: 'hours' }, limit: '7d' } })
    const { body } = await org.key.get(`/api/campaigns/${id}`)
    expect(body).toMatchObject({
      delivery: 'triggered',
      trigger: { source: ORDERED, delay: { count: 2, unit: 'hours' }, limit: '7d' },
    })
    const listed = await org.key.get('/api/campaigns?type=triggered')
    expect(listed.body.items.map((item: { id: string }) => item.id)).toEqual([id])
    expect((await org.key.get('/api/campaigns?type=scheduled')).body.items).toEqual([])
    const planned = await org.key.post(`/api/campaigns/${id}/schedule`, {
      at: '2027-04-01T09:00',
      timeZone: 'Europe/Paris',
    })
    expect(planned.status).toBe(409)
    const copy = await org.key.post(`/api/campaigns/${id}/duplicate`)
    expect(copy.body.trigger).toEqual(body.trigger)
  })

  test('CB-13.3 an earlier version comes back with the segments of its audience and of its trigger', async () => {
    const { body: segment } = await org.owner.post('/api/segments', {
      name: 'French',
      kind: 'dynamic',
      rule: { kind: 'contact', field: 'country', operator: 'one_of', value: ['FR'] },
    })
    const id = await draft({
      trigger: { source: { kind: 'segment', segmentId: segment.id } },
      audience: { include: { segmentIds: [segment.id] } },
    })
    const { body: before } = await org.key.get(`/api/campaigns/${id}`)
    h.clock.advance(HOUR_MS)
    await org.key.put(`/api/campaigns/${id}`, { trigger: null, audience: EVERYONE })
    const restored = await org.key.post(`/api/campaigns/${id}/history/1/restore`)
    expect(restored.body).toMatchObject({ trigger: before.trigger, audience: before.audience })
  })

  test('CS-004.1 without a trigger, or with conditions that mean nothing, it cannot be switched on', async () => {
    const none = await org.key.post('/api/campaigns', {
      name: 'Nothing',
      delivery: 'triggered',
      audience: EVERYONE,
      content: CONTENT,
    })
    const refused = await org.key.post(`/api/campaigns/${none.body.id}/launch`)
    expect([refused.status, refused.body.errors[0].path]).toEqual([422, 'trigger'])
    const broken = await draft({
      trigger: {
        source: { ...ORDERED, filters: [{ property: 'x', type: 'number', operator: 'sounds_like' }] },
      },
    })
    const answer = await org.key.post(`/api/campaigns/${broken}/launch`)
    expect([answer.status, answer.body.errors[0].path]).toEqual([422, 'trigger.source.filters'])
  })

  test('CS-004.2 tried on the last seven days, a trigger says whom it would have reached, and how often not', async () => {
    const [ada, bob] = [await person('ada@example.net'), await person('bob@example.net')]
    await does(ada, { total: 80 })
    await does(ada, { total: 90 })
    await does(bob, { total: 10 })
    await h.drain()
    await later(HOUR_MS)
    const filters = [{ property: 'total', type: 'number', operator: 'at_least', value: 50 }]
    const { body } = await org.owner.post('/api/campaigns/trigger-test', {
      trigger: { source: { ...ORDERED, filters }, delay: { count: 1, unit: 'hours' }, limit: '24h' },
      audience: EVERYONE,
    })
    expect(body).toMatchObject({
      looked: 3,
      matched: 2,
      enrolled: 1,
      passedOver: [{ reason: 'limited', events: 1 }],
      people: [{ name: 'Ada', at: '2027-03-01T10:00:00.000Z', dueAt: '2027-03-01T11:00:00.000Z' }],
    })
    expect(body.sentence).toContain('Order Completed')
  })

  test('a trigger or audience that asks about personal properties is tried and saved only by who may see them', async () => {
    await does(await person('ada@example.net'), { badge: 'QX-77319' })
    await h.drain()
    const personal = `/api/event-definitions/${encodeURIComponent(ORDERED.event)}/personal`
    await org.owner.post(personal, { property: 'badge', isPersonal: true })
    const { key } = (
      await org.owner.post('/api/api-keys', { name: 'Plans', scopes: ['campaigns.read', 'campaigns.write'] })
    ).body
    const planner = apiCaller(h.server, { authorization: `Bearer ${key}` })
    const filters = [{ property: 'badge', type: 'text', operator: 'starts_with', value: 'Q' }]
    const asking = { trigger: { source: { ...ORDERED, filters } } }
    const audience = { include: { rule: { kind: 'event', operator: 'did', event: ORDERED.event, filters } } }
    const asked = { trigger: { source: ORDERED }, audience }
    const refusal = { status: 403, body: { code: 'segments.property_personal' } }

    for (const body of [asking, asked])
      expect(await org.viewer.post('/api/campaigns/trigger-test', body)).toMatchObject(refusal)
    expect(await org.viewer.post('/api/campaigns/estimate', { audience })).toMatchObject(refusal)
    expect((await org.editor.post('/api/campaigns/trigger-test', asking)).body).toMatchObject({ matched: 1 })

    const path = `/api/campaigns/${await draft()}`
    for (const change of [asking, { audience }]) {
      const plan = { name: 'Thank you', delivery: 'triggered', ...change }
      expect(await planner.post('/api/campaigns', plan)).toMatchObject(refusal)
      expect(await planner.put(path, change)).toMatchObject(refusal)
      expect(await planner.post(`${path}/duplicate`, change)).toMatchObject(refusal)
      expect((await org.editor.put(path, change)).status).toBe(200)
    }
    expect((await planner.put(path, { name: 'Thanks' })).status).toBe(200)
  })

  test('FR-004.3 an event in one organization sets nothing off in another', async () => {
    const id = await switchedOn()
    const other = await h.organization()
    const [stranger] = await testContacts(other.systemCtx, { emails: ['ada@example.net'] })
    await other.key.post('/api/events', {
      type: 'track',
      event: 'Order Completed',
      contactId: toWire('contact', stranger ?? ''),
      messageId: 'other',
    })
    await h.drain()
    expect(await status(id)).toMatchObject({ enrolled: 0 })
    expect((await other.key.get(`/api/campaigns/${id}/trigger`)).status).toBe(404)
    expect(mailsTo('ada@example.net')).toEqual([])
  })

  test('only events that a campaign waits for are read of what comes in', async () => {
    const ada = await person('ada@example.net')
    const read = async (): Promise<string[]> => {
      const types: string[] = []
      const handle = async (_ctx: unknown, events: readonly LogEvent[]): Promise<void> =>
        void types.push(...events.map(({ type }) => type))
      await advanceConsumer(org.systemCtx, { ...followTriggers, handle })
      return types
    }
    await does(ada)
    expect(await read()).toEqual([])
    await switchedOn()
    await does(ada)
    await does(ada, {}, { event: 'Product Viewed' })
    expect(await read()).toEqual(['track:Order Completed'])
  })

  test('PC-45 whoever is forgotten leaves no enrolment behind', async () => {
    const ada = await person('ada@example.net')
    const id = await switchedOn({ trigger: { delay: { count: 1, unit: 'days' } } })
    await does(ada)
    await h.drain()
    expect(await status(id)).toMatchObject({ waiting: 1 })
    const step = rooms.find(({ name }) => name === 'campaigns')?.erase['campaign_enrolment']
    await inTransaction(org.systemCtx, (ctx) => step?.(ctx, ada as ContactId) ?? Promise.resolve())
    expect(await status(id)).toMatchObject({ enrolled: 0 })
  })
})
