/** What a campaign shows of what came of it, from its first mail on: judged by what readers did, through public addresses. */
import { simpleParser } from 'mailparser'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { recordConsents } from '../consent/index.ts'
import { toWire, type ContactId } from '../platform/ids.ts'
import { testContacts } from '../testing/audience.ts'
import { harness } from '../testing/harness.ts'
import type { TestOrganization } from '../testing/organization.ts'
import { simulate, SIMULATED } from '../testing/simulators/index.ts'
import { startSmtpSink } from '../testing/smtp-sink.ts'

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const MINUTE_MS = 60_000
/** Nobody is called so in any word of ours. */
const FIRST_NAME = 'Zéphyrine'

const mails = new Map<string, Buffer>()
const sink = await startSmtpSink({ onMail: ({ to }, mail) => void mails.set(to, mail) })
const sms = await simulate('twilio', {})
const h = await harness({
  env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` },
  egress: { allow: [`127.0.0.1:${sms.port}`] },
})
afterAll(() => Promise.all([sink.close(), sms.close()]))

let org: TestOrganization
beforeEach(async () => {
  mails.clear()
  org = await h.organization()
})

/** People who agree to mails and to being seen opening them. */
async function readers(...emails: string[]): Promise<ContactId[]> {
  const ids = await testContacts(org.systemCtx, { emails, firstName: FIRST_NAME })
  await recordConsents(
    org.systemCtx,
    { source: 'form' },
    ids.map((contactId) => ({ contactId, channel: 'email', purpose: 'tracking_open', state: 'granted' })),
  )
  return ids
}

async function written(more: Record<string, unknown> = {}): Promise<string> {
  const { status, body } = await org.editor.post('/api/campaigns', {
    name: 'Spring',
    audience: { include: { rule: { all: [] } } },
    content: {
      email: {
        subject: 'Hello {{ contact.first_name | default: "you" }}',
        fromName: 'Atelier',
        fromEmail: 'hello@atelier.example',
        format: 'html',
        body: '<html><body><p>Hello</p><p><a href="https://shop.example/sale">Sale</a></p></body></html>',
      },
    },
    ...more,
  })
  expect(status).toBe(201)
  return body.id
}

async function launch(id: string): Promise<void> {
  expect((await org.editor.post(`/api/campaigns/${id}/launch`)).status).toBe(200)
  await h.drain()
}

const get = async (path: string) => (await org.viewer.get(path)).body
const figuresOf = (id: string) => get(`/api/campaigns/${id}/metrics`)

/** The addresses in somebody's mail. */
async function inMailOf(email: string): Promise<{ pixel: string; link: string; leave: string }> {
  const { html, headerLines } = await simpleParser(mails.get(email) ?? '')
  const first = (pattern: RegExp): string => pattern.exec(String(html))?.[0] ?? ''
  const header = headerLines.find(({ key }) => key === 'list-unsubscribe')?.line ?? ''
  return {
    pixel: first(/https?:[^"\s]+\/o\/[\w-]+\.gif/),
    link: first(/https?:[^"\s]+\/c\/[\w-]+/),
    leave: /<(https?:[^>]+)>/.exec(header)?.[1] ?? '',
  }
}

/** A reader's browser, a minute after whatever was before. */
async function visit(url: string): Promise<void> {
  h.clock.advance(MINUTE_MS)
  const answer = await h.request({ url: new URL(url).pathname, headers: { 'user-agent': BROWSER } })
  expect(answer.statusCode).toBeLessThan(400)
  await h.drain()
}

async function leave(url: string): Promise<void> {
  await h.request({
    method: 'POST',
    url: new URL(url).pathname,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'List-Unsubscribe=One-Click',
  })
  await h.drain()
}

const buys = async (email: string, total: number): Promise<void> => {
  // A sender that is not sure repeats its message: it counts once.
  for (let time = 0; time < 2; time++)
    await org.key.post('/api/events', {
      event: 'Order Completed',
      email,
      messageId: `order-${email}`,
      properties: { total, currency: 'EUR', order_id: email },
    })
  await h.drain()
}

/** Four got a mail: one reads, follows and buys, one only opens it and leaves, one does nothing, one is not there. */
async function followed(): Promise<string> {
  await readers('ada@example.net', 'bob@example.net', 'eve@example.net', 'refuse-550-5.1.1.x@example.net')
  const id = await written()
  await org.owner.put('/api/message-prices', { prices: [{ channel: 'email', price: 0.5 }] })
  await launch(id)
  const [ada, bob] = [await inMailOf('ada@example.net'), await inMailOf('bob@example.net')]
  for (const url of [ada.pixel, ada.pixel, bob.pixel, ada.link]) await visit(url)
  await leave(bob.leave)
  await buys('ada@example.net', 30)
  return id
}

describe('figures of a campaign', () => {
  test('CB-8.1 MA-1.4 CS-012.1 CS-017.4 FR-006.1 FR-006.2 FR-006.3 FR-006.4 TK-5.1 TK-11.1 DS-CampaignAnalyticsService.trackImpression DS-CampaignAnalyticsService.trackClick DS-CampaignAnalyticsService.trackConversion DS-CampaignAnalyticsService.getCampaignMetrics what arrived, was opened, followed, bought and left is counted, each person and each message once', async () => {
    expect(await figuresOf(await followed())).toMatchObject({
      audience: 4,
      handedOver: 4,
      // Reached.
      delivered: 3,
      bounced: 1,
      // Seen: two people, three times.
      opened: { people: 2, times: 3 },
      clicked: { people: 1, times: 1 },
      converted: 1,
      unsubscribed: 1,
    })
  })

  test('CB-8.2 CS-011.3 CS-013.6 KPI-1 KPI-2 KPI-3 KPI-4 TK-5.2 each rate says of how many it is: delivered of sent, opened and clicked of delivered, converted of sent', async () => {
    expect((await figuresOf(await followed())).rates).toMatchObject({
      delivery: { part: 3, whole: 4, ratio: 0.75 },
      bounce: { part: 1, whole: 4 },
      open: { part: 2, whole: 3 },
      click: { part: 1, whole: 3 },
      conversion: { part: 1, whole: 4, ratio: 0.25 },
      unsubscribe: { part: 1, whole: 3 },
    })
  })

  test('CB-10.5 DS-model.CampaignMetric DS-model.CampaignConversion with revenue, cost, return, cost of acquisition, and each conversion with its kind, value, touch and time', async () => {
    const id = await followed()
    const roi = await get(`/api/campaigns/${id}/roi`)
    expect(roi).toMatchObject({
      revenue: 30,
      cost: { total: 2 },
      roi: 14,
      costPerAcquisition: 2,
      costPerConversion: 2,
      channels: [{ channel: 'email', conversions: 1, revenue: 30, cost: 2, roi: 14 }],
      timeToConvert: { medianMinutes: 0 },
    })
    const { figures, hours } = await get(`/api/campaigns/${id}/report`)
    expect(figures.rates.click.ratio).toBeCloseTo(1 / 3)
    expect(hours[0]).toMatchObject({ hour: expect.any(String), sent: 4 })
    const rows = await org.systemCtx.db.query(
      `select c.role, c.value_minor, c.currency, d.channel, d.touch, d.touched_at, d.converted_at
       from conversion c join conversion_credit d on d.org_id = c.org_id and d.seq = c.seq where c.org_id = $1`,
      [org.orgId],
    )
    expect(rows).toEqual([
      {
        role: 'purchase',
        valueMinor: '3000',
        currency: 'EUR',
        channel: 'email',
        touch: 'clicked',
        touchedAt: h.clock.now(),
        convertedAt: h.clock.now(),
      },
    ])
  })

  test('CS-011.1 CS-011.2 CS-011.5 CS-012.3 FR-006.6 NFR-001.6 DS-caching-strategy.3 the report moves with everything that happens, before any time has gone by, and says of when it is', async () => {
    await readers('ada@example.net', 'refuse-550-5.1.1.x@example.net')
    const id = await written()
    const report = async () => {
      const { updatedAt, figures, channels } = await get(`/api/campaigns/${id}/report`)
      expect(updatedAt).toBe(h.clock.now().toISOString())
      const { handedOver, delivered, bounced, opened, clicked, converted, unsubscribed } = figures
      for (const channel of channels) expect(channel).toMatchObject({ channel: 'email', figures })
      return [
        handedOver,
        delivered,
        bounced,
        opened.people,
        clicked.people,
        converted,
        unsubscribed,
      ] as number[]
    }
    expect(await report()).toEqual([0, 0, 0, 0, 0, 0, 0])
    await launch(id)
    expect(await report()).toEqual([2, 1, 1, 0, 0, 0, 0])
    const ada = await inMailOf('ada@example.net')
    await visit(ada.pixel)
    expect(await report()).toEqual([2, 1, 1, 1, 0, 0, 0])
    await visit(ada.link)
    expect(await report()).toEqual([2, 1, 1, 1, 1, 0, 0])
    await buys('ada@example.net', 10)
    expect(await report()).toEqual([2, 1, 1, 1, 1, 1, 0])
    await leave(ada.leave)
    expect(await report()).toEqual([2, 1, 1, 1, 1, 1, 1])
  })

  test('DS-data-privacy.1 no figure, chart, comparison, report or finding names a person', async () => {
    const id = await followed()
    const other = await written({ name: 'Summer' })
    const own = [
      'metrics',
      'runs',
      'report',
      'report?format=csv',
      'roi',
      'platforms',
      'usual',
      'links',
      'spends',
    ]
    const apart = ['channel', 'variant', 'country', 'segment', 'hour'].map((by) => `funnel?by=${by}`)
    const overall = [
      `/api/campaigns/compare?ids=${id},${other}`,
      '/api/campaigns/top-performing',
      '/api/campaigns/insights',
      '/api/analytics/overview',
      '/api/analytics/money?by=campaign',
      '/api/analytics/trends',
      '/api/analytics/journeys',
      '/api/analytics/anomalies',
      '/api/reports/history',
    ]
    for (const path of [...[...own, ...apart].map((end) => `/api/campaigns/${id}/${end}`), ...overall]) {
      const { status, body } = await org.viewer.get(path)
      expect([path, status]).toEqual([path, 200])
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      for (const name of ['ada@', 'bob@', 'example.net', FIRST_NAME]) expect(text).not.toContain(name)
    }
  })
})

describe('the whole way', () => {
  test('DS-e2e-tests.1 CB-6.1 CB-8.1 a campaign is made, planned, starts at its time, arrives, and its figures follow its readers', async () => {
    h.clock.set('2026-11-23T08:00:00Z')
    await readers('ada@example.net')
    const id = await written()
    const planned = await org.editor.post(`/api/campaigns/${id}/schedule`, {
      at: '2026-11-23T12:00',
      timeZone: 'Europe/Paris',
    })
    expect(planned.body.status).toBe('scheduled')
    await h.drain()
    expect(mails.size).toBe(0)
    h.clock.set('2026-11-23T11:00:00Z')
    await h.drain()
    expect((await get(`/api/campaigns/${id}`)).status).toBe('completed')
    const { pixel, link } = await inMailOf('ada@example.net')
    await visit(pixel)
    await visit(link)
    await buys('ada@example.net', 30)
    expect(await figuresOf(id)).toMatchObject({
      handedOver: 1,
      opened: { people: 1 },
      clicked: { people: 1 },
      converted: 1,
    })
  })

  test('DS-e2e-tests.4 CS-001.2 CS-003.7 a segment is made, people are put into it, and a campaign for it reaches them and nobody else', async () => {
    const [ada, bob] = await readers('ada@example.net', 'bob@example.net', 'eve@example.net')
    const { id: segmentId } = (await org.editor.post('/api/segments', { name: 'Friends', kind: 'static' }))
      .body
    const id = await written({ audience: { include: { segmentIds: [segmentId] } } })
    await org.editor.post(`/api/segments/${segmentId}/members`, {
      contactIds: [ada, bob].map((contactId) => toWire('contact', contactId ?? '')),
    })
    await launch(id)
    expect([...mails.keys()].toSorted()).toEqual(['ada@example.net', 'bob@example.net'])
    expect(await figuresOf(id)).toMatchObject({ audience: 2, handedOver: 2 })
  })
})

describe('delivery', () => {
  test('GOAL-1 KPI-1 where every tenth mailbox is full for the moment and one in a hundred is not there, more than 98 % of mails are delivered in the end', async () => {
    const people = Array.from({ length: 200 }, (_, n) => {
      if (n % 100 === 50) return `refuse-550-5.1.1.gone${n}@example.net`
      return n % 10 === 0 ? `soft-once-452-4.2.2.later${n}@example.net` : `person${n}@example.net`
    })
    await testContacts(org.systemCtx, { emails: people })
    const id = await written()
    await launch(id)
    expect((await figuresOf(id)).delivered).toBeLessThan(196)
    for (let minute = 0; minute < 5; minute++) {
      h.clock.advance(MINUTE_MS)
      await h.drain()
    }
    const { rates } = await figuresOf(id)
    expect(rates.delivery).toMatchObject({ part: 198, whole: 200 })
    expect(rates.delivery.ratio).toBeGreaterThan(0.98)
  })
})

describe('text messages', () => {
  test('MA-5.4 MA-5.3 FR-006.2 show how many arrived and how many followed their link; opening a text message cannot be seen, and is not claimed', async () => {
    const { body: provider } = await org.owner.post('/api/providers', {
      kind: 'twilio',
      name: 'twilio',
      settings: { baseUrl: sms.url, accountSid: 'AC1', from: '+15005550006' },
      secrets: { authToken: sms.secrets.apiKey },
    })
    for (const phone of ['+33612345611', '+33612345622']) {
      const { body: contact } = await org.owner.post('/api/contacts', { phone, firstName: FIRST_NAME })
      await org.owner.post(`/api/contacts/${contact.id}/consents`, {
        channel: 'sms',
        state: 'granted',
        occurredAt: '2026-01-05T09:00:00Z',
        source: 'paper',
      })
    }
    const text = 'Hello {{ contact.first_name }} https://shop.example/sale STOP to opt out'
    const id = await written({ channels: ['sms'], content: { sms: { text } } })
    await launch(id)
    const taken = sms.taken()
    expect(taken).toHaveLength(2)
    for (const { token, to, id: eventId } of taken) {
      const event = {
        kind: 'delivered',
        token,
        to,
        id: eventId,
        eventId,
        atMs: h.clock.now().getTime(),
      } as const
      const told = SIMULATED.twilio.event([event], `${provider.hookUrl}?m=${token}`, sms.secrets)
      const { pathname, search } = new URL(told?.url ?? '')
      await h.request({
        method: 'POST',
        url: pathname + search,
        headers: told?.headers ?? {},
        payload: told?.body ?? '',
      })
    }
    await h.drain()
    const said = taken[0]?.excerpt ?? ''
    expect(said).toContain(`Hello ${FIRST_NAME}`)
    await visit(/https?:\/\/\S+\/s\/\w+/.exec(said)?.[0] ?? '')
    const { channels } = await get(`/api/campaigns/${id}/report`)
    expect(channels).toMatchObject([
      {
        channel: 'sms',
        figures: {
          rates: {
            delivery: { part: 2, whole: 2 },
            click: { part: 1, whole: 2 },
            open: { part: 0, whole: 0, ratio: null },
          },
        },
      },
    ])
  })
})
