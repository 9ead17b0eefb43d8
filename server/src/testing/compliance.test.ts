/** Consent from the file to the mailbox and back, as an outsider checks it: what left is what the mail server saw. */
import { simpleParser, type ParsedMail } from 'mailparser'
import { beforeEach, expect, test } from 'vitest'
import { recordConsents, withdraw } from '../consent/index.ts'
import { toWire, type ContactId } from '../platform/ids.ts'
import { testContacts } from './audience.ts'
import { harness } from './harness.ts'
import type { TestOrganization } from './organization.ts'
import { startSmtpSink } from './smtp-sink.ts'

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const SCANNER = 'Barracuda Sentinel (EE)'
const LINKS = 12

const received = new Map<string, Buffer[]>()
/** Called with every mail as it arrives: a test may act while a campaign is being sent. */
let whileArriving: ((arrived: number) => Promise<void>) | null = null
const sink = await startSmtpSink({
  onMail: ({ to }, mail) => {
    received.set(to, [...(received.get(to) ?? []), mail])
    void whileArriving?.(received.size)
  },
})
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })
beforeEach(() => {
  received.clear()
  whileArriving = null
})

const addresses = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${name}${n}@example.net`)

async function launched(org: TestOrganization, more: Record<string, unknown> = {}): Promise<string> {
  const links = Array.from(
    { length: LINKS },
    (_, n) => `<p><a href="https://shop.example/p/${n}">Product ${n}</a></p>`,
  )
  const { body } = await org.editor.post('/api/campaigns', {
    name: 'Noël',
    audience: { include: { rule: { all: [] } } },
    content: {
      email: {
        subject: 'Hello {{ contact.first_name | default: "you" }}',
        fromName: 'Atelier',
        fromEmail: 'hello@shop.example',
        format: 'html',
        body: `<html><body><p>Hello</p>${links.join('')}</body></html>`,
      },
    },
    ...more,
  })
  const answer = await org.editor.post(`/api/campaigns/${body.id}/launch`)
  expect(answer.status).toBe(200)
  return body.id
}
async function reportOf(org: TestOrganization, campaign: string) {
  await h.drain()
  return (await org.viewer.get(`/api/campaigns/${campaign}/report`)).body
}
async function mailTo(address: string): Promise<ParsedMail> {
  const [mail] = received.get(address) ?? []
  expect(mail, `a mail to ${address}`).toBeDefined()
  return simpleParser(mail ?? '')
}
const linksIn = (mail: ParsedMail, pattern: RegExp): string[] => [
  ...new Set(String(mail.html).match(pattern) ?? []),
]
const pathOf = (url: string): string => new URL(url).pathname
const oneClickUrl = (mail: ParsedMail): string =>
  /<(https?:[^>]+)>/.exec(String(headerLine(mail, 'list-unsubscribe')))?.[1] ?? ''
const headerLine = (mail: ParsedMail, key: string): string =>
  mail.headerLines.find((header) => header.key === key)?.line ?? ''

test('PC-03 MA-9.3 GOAL-4 of 100 people exactly the 40 who agreed get the mail, and the report splits the others by reason', async () => {
  const org = await h.organization()
  await testContacts(org.systemCtx, { emails: addresses('granted', 40) })
  await testContacts(org.systemCtx, { emails: addresses('denied', 20), consent: 'denied' })
  await testContacts(org.systemCtx, { emails: addresses('silent', 20), consent: null })
  await testContacts(org.systemCtx, { emails: addresses('gone', 10), consent: 'withdrawn' })
  const implied = await testContacts(org.systemCtx, { emails: addresses('implied', 10), consent: null })
  const yesterday = new Date(h.clock.now().getTime() - 86_400_000)
  await recordConsents(
    org.systemCtx,
    { source: 'import' },
    implied.map((contactId) => ({
      contactId,
      channel: 'email' as const,
      purpose: 'marketing' as const,
      state: 'granted' as const,
      basis: 'soft_opt_in' as const,
      occurredAt: new Date(yesterday.getTime() - 86_400_000),
      expiresAt: yesterday,
    })),
  )
  const campaign = await launched(org)
  const { figures } = await reportOf(org, campaign)
  expect([...received.keys()].toSorted()).toEqual(addresses('granted', 40).toSorted())
  expect(figures).toMatchObject({ audience: 100, handedOver: 40, skipped: 60 })
  expect(
    new Map(
      figures.skippedByReason.map((part: { reason: string; people: number }) => [part.reason, part.people]),
    ),
  ).toEqual(
    new Map([
      ['denied', 20],
      ['never_asked', 20],
      ['withdrawn', 10],
      ['expired', 10],
    ]),
  )
})

test('PC-03 CS-018.1 CS-017.2 a campaign about a topic passes by whoever refused it, and its link leaves that topic alone', async () => {
  const org = await h.organization()
  const topic = (key: string, name: string) => ({ key, name: { en: name, fr: name }, channels: ['email'] })
  await org.admin.put('/api/privacy/preference-center', {
    version: 0,
    design: {
      channels: ['email'],
      topics: [topic('news', 'News'), topic('sales', 'Sales')],
      offersTracking: false,
      accent: null,
      logoUrl: null,
    },
  })
  const [keen, bored, narrow, silent] = await testContacts(org.systemCtx, {
    emails: ['keen', 'bored', 'narrow', 'silent'].map((name) => `${name}@example.net`),
    consent: null,
  })
  const say = (
    contactId: ContactId | undefined,
    purpose: 'marketing' | 'topic:sales',
    state: 'granted' | 'withdrawn',
  ) =>
    recordConsents(org.systemCtx, { source: 'form' }, [
      { contactId: contactId as ContactId, channel: 'email', purpose, state }, // four were made
    ])
  await say(keen, 'marketing', 'granted')
  await say(bored, 'marketing', 'granted')
  await say(bored, 'topic:sales', 'withdrawn')
  await say(narrow, 'topic:sales', 'granted')

  const { body: estimate } = await org.viewer.post('/api/campaigns/estimate', {
    audience: { include: { rule: { all: [] } } },
    topic: 'sales',
  })
  expect(estimate).toMatchObject({
    recipients: 2,
    withheld: [
      { reason: 'never_asked', people: 1 },
      { reason: 'topic_refused', people: 1 },
    ],
  })
  const sales = await launched(org, { topic: 'sales' })
  const { figures } = await reportOf(org, sales)
  expect([...received.keys()].toSorted()).toEqual(['keen@example.net', 'narrow@example.net'])
  expect(figures.skippedByReason).toEqual([
    { reason: 'never_asked', people: 1 },
    { reason: 'topic_refused', people: 1 },
  ])

  const page = pathOf(linksIn(await mailTo('keen@example.net'), /https?:[^"]+\/u\/[^"]+/)[0] ?? '')
  expect((await h.request({ url: page })).body).toContain('Plus rien sur « Sales »')
  const left = await h.request({
    method: 'POST',
    url: page,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'leave=topic&reason=too_many',
  })
  expect(left.body).toContain('D’autres thèmes peuvent encore vous parvenir.')
  expect((await reportOf(org, sales)).figures.unsubscribed).toBe(1)

  received.clear()
  h.clock.advance(1_000)
  await launched(org, { topic: 'sales' })
  await h.drain()
  expect([...received.keys()]).toEqual(['narrow@example.net'])
  received.clear()
  await launched(org, { topic: 'news' })
  await h.drain()
  expect([...received.keys()].toSorted()).toEqual(['bored@example.net', 'keen@example.net'])
  expect(silent).toBeDefined()
})

test('PC-13 CS-018.1 the button of a mailbox program leaves everything, whatever the mail was about', async () => {
  const org = await h.organization()
  await org.admin.put('/api/privacy/preference-center', {
    version: 0,
    design: {
      channels: ['email'],
      topics: [{ key: 'sales', name: { en: 'Sales' }, channels: ['email'] }],
      offersTracking: false,
      accent: null,
      logoUrl: null,
    },
  })
  await testContacts(org.systemCtx, { emails: ['gone@example.net'] })
  await launched(org, { topic: 'sales' })
  await h.drain()
  await h.request({
    method: 'POST',
    url: pathOf(oneClickUrl(await mailTo('gone@example.net'))),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'List-Unsubscribe=One-Click',
  })
  received.clear()
  await launched(org)
  await launched(org, { topic: 'sales' })
  await h.drain()
  expect([...received.keys()]).toEqual([])
})

test('CS-018.1 a campaign about a topic that nobody is offered any more does not leave, and says what to do', async () => {
  const org = await h.organization()
  const { body } = await org.editor.post('/api/campaigns', {
    name: 'Noël',
    topic: 'gone',
    audience: { include: { rule: { all: [] } } },
  })
  const { body: summary } = await org.viewer.get(`/api/campaigns/${body.id}/launch-summary`)
  expect(summary.checks).toContainEqual(
    expect.objectContaining({ id: 'topic_offered', level: 'block', field: 'topic' }),
  )
  const answer = await org.editor.post(`/api/campaigns/${body.id}/launch`)
  expect(answer.body.errors).toContainEqual(expect.objectContaining({ path: 'topic' }))
})

test('PC-04 MA-9.2 whoever withdraws while a campaign is being sent gets nothing any more, and counts as withdrawn', async () => {
  const org = await h.organization()
  const people = await testContacts(org.systemCtx, { emails: addresses('queue', 3_000) })
  const leaving = people.slice(-100)
  const withdrawals: Promise<unknown>[] = []
  whileArriving = async (arrived) => {
    if (arrived < 50 || withdrawals.length > 0) return
    withdrawals.push(
      ...leaving.map((contactId) =>
        withdraw(
          org.systemCtx,
          { source: 'preference_page' },
          { contactId, channels: ['email'], purpose: 'marketing' },
        ),
      ),
    )
  }
  const campaign = await launched(org)
  const { figures } = await reportOf(org, campaign)
  await Promise.all(withdrawals)
  const reached = leaving.filter((_, n) => received.has(`queue${3_000 - 100 + n}@example.net`))
  expect(reached).toEqual([])
  expect(figures).toMatchObject({
    handedOver: 2_900,
    skipped: 100,
    skippedByReason: [{ reason: 'withdrawn', people: 100 }],
  })
})

test('PC-11 PC-13 CS-017.2 CS-017.3 CS-017.4 FR-006.4 the address in the header unsubscribes at once, and the report counts it once', async () => {
  const org = await h.organization()
  const [contactId] = await testContacts(org.systemCtx, { emails: ['leaving@example.net'] })
  const campaign = await launched(org)
  await h.drain()
  const mail = await mailTo('leaving@example.net')
  expect(headerLine(mail, 'list-unsubscribe-post')).toBe('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
  const url = oneClickUrl(mail)
  expect(String(mail.html)).toContain(url)
  expect(mail.text).toContain(url)
  const post = () =>
    h.request({
      method: 'POST',
      url: pathOf(url),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'List-Unsubscribe=One-Click',
    })
  expect([(await post()).statusCode, (await post()).statusCode]).toEqual([200, 200])
  expect((await reportOf(org, campaign)).figures.unsubscribed).toBe(1)
  received.clear()
  const { figures } = await reportOf(org, await launched(org))
  expect(received.size).toBe(0)
  expect(figures.skippedByReason).toEqual([{ reason: 'withdrawn', people: 1 }])
  const behind = await org.viewer.get(`/api/campaigns/${campaign}/people?of=unsubscribed`)
  expect(behind.body.items).toMatchObject([{ contactId: toWire('contact', contactId ?? '0') }])
})

test('CS-017.5 CS-017.7 who left through a campaign is listed, with the reasons that were given', async () => {
  const org = await h.organization()
  const people = addresses('reason', 4)
  await testContacts(org.systemCtx, { emails: people })
  const campaign = await launched(org)
  await h.drain()
  const leave = async (address: string, payload: string) =>
    h.request({
      method: 'POST',
      url: pathOf(oneClickUrl(await mailTo(address))),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload,
    })
  await leave(people[0] ?? '', 'reason=too_many')
  await leave(people[1] ?? '', 'reason=too_many')
  await leave(people[2] ?? '', 'List-Unsubscribe=One-Click')
  const reasons = await org.viewer.get(`/api/consents/reasons?campaignId=${campaign}`)
  expect(reasons.body.items).toEqual([
    { reason: 'too_many', people: 2 },
    { reason: null, people: 1 },
  ])
  const preferences = linksIn(await mailTo(people[3] ?? ''), /https?:[^"]+\/preferences\/[^"]+/)[0] ?? ''
  await h.request({
    method: 'POST',
    url: pathOf(preferences),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'do=save&email=yes',
  })
  const listed = await org.viewer.get(
    `/api/consents?campaignId=${campaign}&state=withdrawn&purpose=marketing`,
  )
  // Whoever only wants less to be measured has not left.
  expect(listed.body.items).toHaveLength(3)
  expect((await org.viewer.get(`/api/consents/reasons?campaignId=${campaign}`)).body.items).toHaveLength(2)
  const { body: other } = await org.editor.post('/api/campaigns', { name: 'Not yet sent' })
  expect((await org.viewer.get(`/api/consents/reasons?campaignId=${other.id}`)).body.items).toEqual([])
})

test('PC-05 CS-018.5 what waits for its day is not sent to whoever has stopped everything meanwhile, and says why', async () => {
  const org = await h.organization()
  const [stopping] = (await testContacts(org.systemCtx, {
    emails: ['stopping@example.net', 'staying@example.net'],
  })) as [ContactId]
  const { body } = await org.editor.post('/api/campaigns', {
    name: 'In three days',
    audience: { include: { rule: { all: [] } } },
    content: {
      email: {
        subject: 'Later',
        fromName: 'Atelier',
        fromEmail: 'hello@shop.example',
        format: 'html',
        body: '<html><body><p>Later</p></body></html>',
      },
    },
  })
  const day = new Date(h.clock.now().getTime() + 3 * 86_400_000).toISOString().slice(0, 10)
  const planned = await org.editor.post(`/api/campaigns/${body.id}/schedule`, {
    at: `${day}T11:00`,
    timeZone: 'Europe/Paris',
  })
  expect(planned.status).toBe(200)
  h.clock.advance(86_400_000)
  await withdraw(
    org.systemCtx,
    { source: 'preference_page' },
    { contactId: stopping, channels: ['all'], purpose: 'marketing' },
  )
  h.clock.advance(4 * 86_400_000)
  await h.drain()
  expect([...received.keys()]).toEqual(['staying@example.net'])
  const { body: messages } = await org.key.get(`/api/contacts/${toWire('contact', stopping)}/messages`)
  expect(messages.items).toMatchObject([{ state: 'skipped', reason: 'opted_out' }])
})

test('PC-17 CS-016.2 the link of a deleted campaign works 400 days later', async () => {
  const org = await h.organization()
  const [contactId] = await testContacts(org.systemCtx, { emails: ['patient@example.net'] })
  const campaign = await launched(org)
  await h.drain()
  const url = oneClickUrl(await mailTo('patient@example.net'))
  expect((await org.key.delete(`/api/campaigns/${campaign}`)).status).toBeLessThan(300)
  h.clock.advance(400 * 86_400_000)
  await h.drain()
  expect((await org.key.get(`/api/campaigns/${campaign}`)).status).toBe(404)
  const answer = await h.request({
    method: 'POST',
    url: pathOf(url),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'List-Unsubscribe=One-Click',
  })
  expect(answer.statusCode).toBe(200)
  const { body } = await org.key.get(`/api/contacts/${toWire('contact', contactId ?? '0')}/consents`)
  expect(body.reachability).toContainEqual({ channel: 'email', marketing: 'withdrawn', transactional: null })
})

test('PC-18 a mail holds a pixel only for those who agreed to one; after a withdrawal it answers and is not kept', async () => {
  const org = await h.organization()
  const [silent, open] = (await testContacts(org.systemCtx, {
    emails: ['silent@example.net', 'open@example.net'],
  })) as [ContactId, ContactId]
  const following = { contactId: open, channel: 'email' as const, purpose: 'tracking_open' as const }
  await recordConsents(org.systemCtx, { source: 'form' }, [{ ...following, state: 'granted' }])
  const campaign = await launched(org)
  await h.drain()
  const pixels = async (address: string): Promise<string[]> =>
    linksIn(await mailTo(address), /https?:[^"\s]+\/o\/[^"\s]+\.gif/g)
  expect(await pixels('silent@example.net')).toEqual([])
  const [pixel = ''] = await pixels('open@example.net')
  h.clock.advance(60_000)
  const fetchPixel = () => h.request({ url: pathOf(pixel), headers: { 'user-agent': BROWSER } })
  const before = await fetchPixel()
  expect((await reportOf(org, campaign)).figures.opened).toMatchObject({ people: 1, times: 1 })
  await withdraw(org.systemCtx, { source: 'preference_page' }, { ...following, channels: ['email'] })
  const after = await fetchPixel()
  expect(after.rawPayload.equals(before.rawPayload)).toBe(true)
  expect((await reportOf(org, campaign)).figures.opened).toMatchObject({ people: 1, times: 1 })
  expect((await org.viewer.get(`/api/campaigns/${campaign}/people?of=opened`)).body.items).toMatchObject([
    { contactId: toWire('contact', open) },
  ])
  expect(silent).not.toBe(open)
})

test('PC-24 PC-25 a scanner that opens and follows everything is no reader, and unsubscribes nobody', async () => {
  const org = await h.organization()
  const [contactId] = (await testContacts(org.systemCtx, { emails: ['guarded@example.net'] })) as [ContactId]
  await recordConsents(org.systemCtx, { source: 'form' }, [
    { contactId, channel: 'email', purpose: 'tracking_open', state: 'granted' },
  ])
  const campaign = await launched(org)
  await h.drain()
  const mail = await mailTo('guarded@example.net')
  h.clock.advance(2_000)
  const clicks = linksIn(mail, /https?:[^"\s]+\/c\/[\w-]+/g)
  expect(clicks).toHaveLength(LINKS)
  for (const url of [...clicks, oneClickUrl(mail), ...linksIn(mail, /https?:[^"\s]+\/o\/[\w-]+\.gif/g)])
    await h.request({ url: pathOf(url), headers: { 'user-agent': SCANNER } })
  const { figures, links } = await reportOf(org, campaign)
  expect(figures.clicked).toEqual({ people: 0, times: 0, machinePeople: 1, machineTimes: LINKS })
  expect(figures.opened).toMatchObject({ people: 0, times: 0, machinePeople: 1 })
  expect(figures).toMatchObject({ unsubscribed: 0, rates: { click: { part: 0, whole: 1, ratio: 0 } } })
  expect(
    links.every(
      (link: { people: number; machineTimes: number }) => link.people === 0 && link.machineTimes === 1,
    ),
  ).toBe(true)
  h.clock.advance(60_000)
  await h.request({ url: pathOf(clicks[4] ?? ''), headers: { 'user-agent': BROWSER } })
  const after = await reportOf(org, campaign)
  expect(after.figures.clicked).toMatchObject({ people: 1, times: 1 })
  expect(after.links[0]).toMatchObject({ url: 'https://shop.example/p/4', people: 1, times: 1, share: 1 })
})

test('PC-23 FR-002.3 a suppressed address stays so through an import that claims consent, and the import says so', async () => {
  const org = await h.organization()
  await org.admin.post('/api/suppressions', { address: 'Foo.Bar@EXAMPLE.com' })
  const boundary = 'boundary'
  const file =
    'email,consent,consent date,consent source\nfoo.bar@example.com,yes,2026-01-02,shop\nfine@example.net,yes,2026-01-02,shop\n'
  const uploaded = await h.request({
    method: 'POST',
    url: '/api/contacts/imports?timeZone=Europe/Paris',
    headers: { ...org.editor.headers, 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload: `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="people.csv"\r\ncontent-type: text/csv\r\n\r\n${file}\r\n--${boundary}--\r\n`,
  })
  const found = uploaded.json<{
    id: string
    columns: { target: string; dateOrder: string; decimalSign: string }[]
  }>()
  const columns = found.columns.map(({ target, dateOrder, decimalSign }) => ({
    target,
    dateOrder,
    decimalSign,
  }))
  await org.editor.post(`/api/contacts/imports/${found.id}/start`, { columns, policy: 'update' })
  await h.drain()
  expect((await org.viewer.get(`/api/contacts/imports/${found.id}`)).body).toMatchObject({
    state: 'completed',
    consentRecorded: 2,
    suppressed: 1,
  })
  const { figures } = await reportOf(org, await launched(org))
  expect([...received.keys()]).toEqual(['fine@example.net'])
  expect(figures.skippedByReason).toEqual([{ reason: 'suppressed_manual', people: 1 }])
})
