/** What the event said that set a campaign off, in the words of its messages: from the event to the mail and its links. */
import { afterAll, beforeEach, expect, test } from 'vitest'
import { rooms } from '../../app.ts'
import { recordConsents } from '../../consent/index.ts'
import { upsertContacts } from '../../contacts/index.ts'
import { toWire, type ContactId } from '../../platform/ids.ts'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import { apiCaller, type ApiCaller, type TestOrganization } from '../../testing/organization.ts'
import { simulate } from '../../testing/simulators/index.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'

const mails: { to: string; subject: string; text: string }[] = []
const sink = await startSmtpSink({
  onMail: ({ to }, mail) => {
    const text = mail
      .toString()
      .replaceAll(/=\r?\n/g, '')
      .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    mails.push({ to, text, subject: /^subject: (.*?)\r?$/im.exec(text)?.[1] ?? '' })
  },
})
const twilio = await simulate('twilio', { now: () => h.clock.now() })
const h = await harness({
  env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` },
  egress: { allow: [`127.0.0.1:${twilio.port}`] },
})
afterAll(() => Promise.all([sink.close(), twilio.close()]))
let org: TestOrganization
beforeEach(async () => {
  h.clock.set('2027-03-01T10:00:00Z')
  mails.length = 0
  org = await h.organization()
})

const ORDERED = 'track:Order Completed'
const BODY = `<html><body><p>{{ event.note | default: "no note" }}</p>
<p>{{ event["Full name"] | default: "you" }}{% for item in event.items %} [{{ item.name }}]{% endfor %}</p>
<a href="https://shop.example/p/{{ event.sku }}?by=mail">Look</a></body></html>`

let said = 0
async function does(contactId: ContactId | undefined, properties: Record<string, unknown>): Promise<void> {
  const { body } = await org.key.post('/api/events', {
    type: 'track',
    event: 'Order Completed',
    contactId: toWire('contact', contactId ?? ''),
    messageId: `m-${said++}`,
    properties,
  })
  expect(body).toMatchObject({ recorded: 1 })
  await h.drain()
}

const written = (more: { email?: object; trigger?: object; delivery?: string } = {}) => ({
  name: 'Thank you',
  delivery: 'triggered',
  trigger: { source: { kind: 'event', event: ORDERED }, limit: '24h', ...more.trigger },
  audience: { include: { rule: { all: [] } } },
  ...(more.delivery ? { delivery: more.delivery } : {}),
  content: {
    email: {
      subject: 'Your {{ event.product | default: "order" }}',
      fromName: 'Atelier',
      fromEmail: 'hello@atelier.example',
      format: 'html',
      body: BODY,
      ...more.email,
    },
  },
})
const draft = async (more?: Parameters<typeof written>[0]): Promise<string> =>
  (await org.key.post('/api/campaigns', written(more))).body.id

/** Somebody has done it before, so that the dictionary knows what such events say. */
async function known(): Promise<void> {
  const [before] = await testContacts(org.systemCtx, { emails: ['before@example.net'] })
  const first = {
    product: 'Hat',
    sku: 'H1',
    note: 'none',
    'Full name': 'Bo',
    items: [{ name: 'Hat' }],
    secret: 'x',
  }
  await does(before, first)
  h.clock.advance(1_000)
}

test('FR-004.3 CS-002.7 a mail says what the event said that set it off, escaped as values of contacts are, and its links too', async () => {
  await known()
  const [ada] = await testContacts(org.systemCtx, { emails: ['ada@example.net'] })
  const id = await draft()
  expect((await org.key.post(`/api/campaigns/${id}/launch`)).body).toMatchObject({ status: 'active' })
  await does(ada, {
    product: 'Lamp',
    sku: 'A/1&x',
    note: '<b>Hi</b>',
    items: [{ name: 'Lamp' }, { name: 'Bulb' }],
    secret: 'never kept',
  })
  expect(mails).toHaveLength(1)
  const [{ subject, text } = { subject: '', text: '' }] = mails
  expect(subject).toBe('Your Lamp')
  expect(text).toContain('<p>&lt;b&gt;Hi&lt;/b&gt;</p>')
  expect(text).toContain('<p>you [Lamp] [Bulb]</p>')
  const token = /\/c\/([\w-]+)/.exec(text)?.[1] ?? ''
  const followed = await h.request({ method: 'GET', url: `/c/${token}` })
  expect(followed.headers['location']).toBe('https://shop.example/p/A%2F1%26x?by=mail')
  const rows = await org.systemCtx.db.query<{ data: Record<string, unknown> }>(
    'select data from event_data where org_id = $1',
    [org.systemCtx.orgId],
  )
  expect(rows.map(({ data }) => Object.keys(data).toSorted())).toEqual([['items', 'note', 'product', 'sku']])
})

test('FR-004.5 of several events within the limit of a person, the message says what the first one said', async () => {
  await known()
  const [ada] = await testContacts(org.systemCtx, { emails: ['ada@example.net'] })
  const id = await draft({ trigger: { delay: { count: 2, unit: 'hours' } } })
  await org.key.post(`/api/campaigns/${id}/launch`)
  await does(ada, { product: 'Lamp' })
  h.clock.advance(60_000)
  await does(ada, { product: 'Chair' })
  h.clock.advance(2 * 3_600_000)
  await h.drain()
  expect(mails.map(({ subject }) => subject)).toEqual(['Your Lamp'])
})

test('PC-45 what an event said is forgotten with its person, also where it was kept with a message', async () => {
  await known()
  const [ada] = await testContacts(org.systemCtx, { emails: ['ada@example.net'] })
  await org.key.post(`/api/campaigns/${await draft()}/launch`)
  await does(ada, { product: 'Lamp' })
  const kept = () =>
    org.systemCtx.db.query('select 1 from event_data where org_id = $1 and contact_id = $2', [
      org.systemCtx.orgId,
      ada,
    ])
  expect(await kept()).toHaveLength(1)
  await rooms
    .find(({ name }) => name === 'content')
    ?.erase['event_data']?.(org.systemCtx, ada ?? ('' as ContactId))
  expect(await kept()).toEqual([])
})

test('FR-003.7 a property that such events never had is named before the launch, with the one that was meant; without an event none is known', async () => {
  await known()
  const id = await draft({ email: { subject: 'Your {{ event.produkt }}' } })
  const refused = await org.key.post(`/api/campaigns/${id}/launch`)
  expect(refused.status).toBe(422)
  expect(JSON.stringify(refused.body)).toContain('event.produkt')
  const summary = (await org.key.get(`/api/campaigns/${id}/launch-summary`)).body
  expect(summary.checks).toContainEqual(
    expect.objectContaining({
      id: 'compiles',
      level: 'block',
      hint: expect.stringContaining('event.product'),
    }),
  )
  const planned = await draft({ delivery: 'scheduled' })
  expect((await org.key.get(`/api/campaigns/${planned}/launch-summary`)).body.ready).toBe(false)
})

test('CS-002.7 properties are offered by name, missed fallbacks are told, and a preview says whose values it shows', async () => {
  const source = written().content.email
  const preview = async (event: string) =>
    (await org.key.post('/api/content/preview', { source, event })).body
  expect(await preview(ORDERED)).toMatchObject({ mail: null, event: null })
  await known()
  const offered = (await org.key.get(`/api/content/variables?event=${encodeURIComponent(ORDERED)}`)).body
    .items
  expect(offered).toContainEqual({ name: 'event.product', type: 'text', optional: true, label: 'product' })
  expect(await preview(ORDERED)).toMatchObject({
    mail: { subject: 'Your Hat' },
    event: { values: 'latest', at: '2027-03-01T10:00:00.000Z' },
  })
  const { checks } = (await org.key.post('/api/content/preflight', { source, event: ORDERED })).body
  expect(checks).not.toContainEqual(expect.objectContaining({ level: 'block', id: 'compiles' }))
  const bare = { ...source, subject: 'Your {{ event.product }}' }
  const told = (await org.key.post('/api/content/preflight', { source: bare, event: ORDERED })).body.checks
  expect(told).toContainEqual(
    expect.objectContaining({ id: 'variables_fallback', level: 'warn', params: { name: 'event.product' } }),
  )
})

test('CS-002.7 FR-003.6 text messages and webhook calls name the event, too, each escaped for its place', async () => {
  await known()
  const preview = async (source: object) =>
    (await org.key.post('/api/content/message-preview', { source, event: ORDERED })).body
  expect(
    await preview({ channel: 'sms', text: 'Your {{ event.product | default: "order" }} Reply STOP' }),
  ).toMatchObject({ message: { text: 'Your Hat Reply STOP' }, event: { values: 'latest' } })
  const [eve] = await testContacts(org.systemCtx, { emails: ['eve@example.net'] })
  h.clock.advance(1_000)
  await does(eve, { product: 'A "quoted" hat' })
  const payload = '{"product":"{{ event.product }}"}'
  expect(await preview({ channel: 'webhook', url: 'https://hooks.example/x', payload })).toMatchObject({
    message: { body: '{"product":"A \\"quoted\\" hat"}' },
  })
  expect(await preview({ channel: 'in_app', title: 'Your {{ event.product }}', body: 'Look' })).toMatchObject(
    { message: { title: 'Your A "quoted" hat' } },
  )
  expect(
    await preview({ channel: 'whatsapp', template: 'order', variables: ['{{ event.product }}'] }),
  ).toMatchObject({ message: { template: { variables: ['A "quoted" hat'] } } })
})

test('what is marked as personal stands in no preview and no test of somebody who may not see it', async () => {
  await known()
  const personal = `/api/event-definitions/${encodeURIComponent(ORDERED)}/personal`
  await org.owner.post(personal, { property: 'product', isPersonal: true })
  const [contact] = (await org.viewer.get('/api/contacts')).body.items
  const source = { ...written().content.email, subject: '{{ event.product }} {{ event.sku }}' }
  const sms = { channel: 'sms', text: '{{ event.product }} {{ event.sku }} Reply STOP' }
  const shownTo = async (caller: ApiCaller) => {
    const asked = { event: ORDERED, as: { contactId: contact.id } }
    const mail = await caller.post('/api/content/preview', { ...asked, source })
    const message = await caller.post('/api/content/message-preview', { ...asked, source: sms })
    return [mail.body.mail.subject, message.body.message.text, mail.body.event.values]
  }
  expect(await shownTo(org.viewer)).toEqual(['Example H1', 'Example H1 Reply STOP', 'own'])
  expect(await shownTo(org.editor)).toEqual(['Hat H1', 'Hat H1 Reply STOP', 'own'])
  const { key } = (
    await org.owner.post('/api/api-keys', { name: 'Tests', scopes: ['content.write', 'contacts.read'] })
  ).body
  const byKey = apiCaller(h.server, { authorization: `Bearer ${key}` })
  await byKey.post('/api/content/test-send', { source, event: ORDERED, to: ['me@atelier.example'] })
  expect(mails.map(({ subject }) => subject)).toEqual(['[Test] Example H1'])
})

/** People with telephones who agreed to text messages. */
async function withPhones(count: number): Promise<{ id: ContactId; phone: string }[]> {
  const phones = Array.from({ length: count }, (_, n) => `+336130${10_001 + n}`)
  const made = await upsertContacts(
    org.systemCtx,
    phones.map((phone) => ({ phone })),
    { source: 'api', policy: 'skip' },
  )
  const people = made.flatMap(({ contactId }, n) =>
    contactId === null ? [] : [{ id: contactId, phone: phones[n] ?? '' }],
  )
  await recordConsents(
    org.systemCtx,
    { source: 'member' },
    people.map(({ id }) => ({
      contactId: id,
      channel: 'sms' as const,
      purpose: 'marketing' as const,
      state: 'granted' as const,
      occurredAt: h.clock.now(),
    })),
  )
  return people
}

test('FR-003.7 FR-005.1 each variant of a triggered text message names properties of its own, everybody’s those of their own event', async () => {
  await known()
  await org.owner.post('/api/providers', {
    kind: 'twilio',
    name: 'Twilio',
    settings: { baseUrl: twilio.url, accountSid: 'AC1', from: '+15005550006' },
    secrets: { authToken: twilio.secrets.apiKey },
  })
  const people = await withPhones(12)
  const text = (said: string) => ({ sms: { text: `${said} STOP 36111` } })
  const { body } = await org.key.post('/api/campaigns', {
    name: 'Thank you',
    delivery: 'triggered',
    channels: ['sms'],
    trigger: { source: { kind: 'event', event: ORDERED }, limit: '24h' },
    audience: { include: { rule: { all: [] } } },
    content: text('Your {{ event.product }}'),
  })
  const saved = await org.key.post(`/api/campaigns/${body.id}/ab-test`, {
    variants: [{}, { content: text('Note: {{ event.note }}') }],
  })
  expect(saved.status).toBe(201)
  expect((await org.key.post(`/api/campaigns/${body.id}/launch`)).body).toMatchObject({ status: 'active' })
  await h.drain()
  h.clock.advance(1_000)
  for (const [n, { id }] of people.entries()) await does(id, { product: `Lamp ${n}`, note: `number ${n}` })
  await h.drain()
  const said = new Map(twilio.taken().map(({ to, excerpt }) => [to, excerpt]))
  const ways = people.map(({ phone }, n) => {
    const own = [`Your Lamp ${n} STOP 36111`, `Note: number ${n} STOP 36111`]
    return own.indexOf(said.get(phone) ?? '')
  })
  expect(ways).not.toContain(-1)
  expect(new Set(ways)).toEqual(new Set([0, 1]))
  const kept = await org.systemCtx.db.query<{ names: string }>(
    'select distinct array_to_string(array(select jsonb_object_keys(data) order by 1), $2) as names from event_data where org_id = $1',
    [org.systemCtx.orgId, ' '],
  )
  expect(kept).toEqual([{ names: 'note product' }])
})
