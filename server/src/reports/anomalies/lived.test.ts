/** Alarms as they come about: mails over SMTP, events over the API, counters by their consumers, then the look and its cause. */
import { afterAll, beforeEach, expect, test } from 'vitest'
import { toWire, type ContactId } from '../../platform/ids.ts'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const sink = await startSmtpSink()
afterAll(() => sink.close())
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })
let org: TestOrganization
beforeEach(async () => {
  // Ever later: what runs by the clock has been booked ahead.
  h.clock.set(new Date(Math.ceil(h.clock.now().getTime() / DAY_MS) * DAY_MS + 10 * HOUR_MS).toISOString())
  org = await h.organization({ postalAddress: '1 rue de la Paix, Paris' })
})

const LIST = '/api/analytics/anomalies'
const everybody = { include: { rule: { all: [] } } }
const mail = {
  subject: 'News',
  fromName: 'Atelier',
  fromEmail: 'hello@atelier.example',
  format: 'html',
  body: '<html><body><p>News</p><p><a href="https://atelier.example/shop">Shop</a></p></body></html>',
}
async function later(ms: number): Promise<void> {
  h.clock.advance(ms)
  await h.drain()
}

async function send(): Promise<string> {
  const { body } = await org.editor.post('/api/campaigns', {
    name: 'News',
    audience: everybody,
    content: { email: mail },
  })
  expect((await org.editor.post(`/api/campaigns/${body.id}/launch`)).status).toBe(200)
  await h.drain()
  return body.id
}

test('CB-8.5 mails that one receiver refuses become an alarm that names the receiver', async () => {
  await testContacts(org.systemCtx, {
    emails: Array.from({ length: 110 }, (_none, n) => `fan${n}@${n % 2 ? 'one' : 'two'}.example`),
  })
  for (let run = 0; run < 9; run++) {
    await send()
    await later(6 * HOUR_MS)
  }
  expect((await org.key.get(LIST)).body.items).toEqual([])
  await testContacts(org.systemCtx, {
    emails: Array.from({ length: 30 }, (_none, n) => `refuse-550-5.1.1.${n}@gone.example`),
  })
  const id = await send()
  await later(6 * HOUR_MS)
  const { items } = (await org.key.get(LIST)).body
  expect(items).toMatchObject([
    {
      campaignId: id,
      direction: 'high',
      whole: 140,
      usual: { runs: 9 },
      cause: { kind: 'receiver', label: 'gone.example' },
    },
  ])
  expect(items[0].likelyCause).toBe(
    'It comes from the receiver gone.example (100%, 30 / 30); without it the rest is as usual.',
  )
}, 120_000)

/** A campaign that orders set off, once a person a week, with nine days of forty orders behind it. */
async function nineDays(): Promise<string> {
  const { body } = await org.editor.post('/api/campaigns', {
    name: 'Thank you',
    delivery: 'triggered',
    trigger: { source: { kind: 'event', event: 'track:Order Completed' }, limit: '30d' },
    audience: everybody,
    content: { email: mail },
  })
  expect((await org.editor.post(`/api/campaigns/${body.id}/launch`)).body).toMatchObject({ status: 'active' })
  const people = (name: string) =>
    testContacts(org.systemCtx, {
      emails: Array.from({ length: 40 }, (_none, n) => `${name}${n}@people.example`),
    })
  for (let day = 0; day < 9; day++) {
    await order(await people(`day${day}x`))
    await later(DAY_MS)
  }
  return body.id
}

let said = 0
async function order(people: readonly ContactId[]): Promise<void> {
  const { body } = await org.key.post('/api/events', {
    events: people.map((contactId) => ({
      type: 'track',
      event: 'Order Completed',
      contactId: toWire('contact', contactId),
      messageId: `order-${said++}`,
    })),
  })
  expect(body).toMatchObject({ recorded: people.length })
  h.clock.advance(1_000)
  await h.drain()
}

test('CB-8.5 a day on which no event sets a campaign off is an alarm the next morning, once, and says that no event came', async () => {
  const id = await nineDays()
  expect((await org.key.get(LIST)).body.items).toEqual([])
  // The tenth day went by in silence, from its first hour to its last.
  await later(DAY_MS)
  const { items } = (await org.key.get(LIST)).body
  expect(items).toMatchObject([
    {
      campaignId: id,
      metric: 'volume',
      direction: 'low',
      part: 0,
      usual: { runs: 9 },
      cause: { kind: 'no_events' },
    },
  ])
  expect(items[0].headline).toBe('Unusually few messages sent')
  expect(items[0].likelyCause).toMatch(/^No event that sets this campaign off arrived/)
  expect((await org.key.get(`${LIST}?locale=fr`)).status).toBe(200)
  // The silence goes on: it has been said.
  await later(DAY_MS)
  expect((await org.key.get(LIST)).body.items).toHaveLength(1)
}, 120_000)

test('CB-8.5 where events come and set nothing off, the alarm says why they do not', async () => {
  await nineDays()
  const known = await org.systemCtx.db.query<{ id: ContactId }>(
    `select id from contact where org_id = $1 order by id limit 40`,
    [org.orgId],
  )
  await order(known.map(({ id }) => id))
  await later(DAY_MS)
  const { items } = (await org.key.get(LIST)).body
  expect(items).toMatchObject([
    { metric: 'volume', part: 0, cause: { kind: 'passed_over', label: 'limited' } },
  ])
  expect(items[0].likelyCause).toBe(
    'Events arrived and set nothing off: 40 of 40 because their people had got it too recently.',
  )
}, 120_000)
