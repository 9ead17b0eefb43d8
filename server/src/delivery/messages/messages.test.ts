import { simpleParser } from 'mailparser'
import { describe, expect, test } from 'vitest'
import { recordConsents } from '../../consent/index.ts'
import { fromWire } from '../../platform/ids.ts'
import type { ContactId, RunId } from '../../platform/ids.ts'
import { harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'
import { ledgerTotals } from '../../tracking/index.ts'

const mails = new Map<string, string[]>()
const sink = await startSmtpSink({
  onMail: ({ to }, mail) => mails.set(to, [...(mails.get(to) ?? []), mail.toString('latin1')]),
})
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })

async function templateOf(
  org: TestOrganization,
  body = '<p>Order {{ data.order.id }}: {% for item in data.items %}{{ item.name }} × {{ item.count }}; {% endfor %}</p>',
): Promise<string> {
  const { body: made } = await org.owner.post('/api/content/templates', {
    name: 'Receipt',
    source: {
      subject: 'Your order {{ data.order.id }}',
      fromName: 'Atelier Test',
      fromEmail: 'orders@shop.example',
      format: 'html',
      body,
    },
  })
  return made.id
}

const DATA = { order: { id: 'A-17' }, items: [{ name: 'Tea <Earl Grey>', count: 2 }] }

describe('a message for one person', () => {
  test('leaves with the data of its caller, escaped, and says where it stands', async () => {
    const org = await h.organization()
    const templateId = await templateOf(org)
    const { status, body } = await org.key.post('/api/messages', {
      content: { templateId },
      to: { email: 'receipt@example.net' },
      data: DATA,
    })
    expect(status).toBe(202)
    const { id } = body.items[0]
    expect((await org.key.get(`/api/messages/${id}`)).body).toMatchObject({
      state: 'queued',
      channel: 'email',
    })
    await h.drain()
    expect((await org.key.get(`/api/messages/${id}`)).body).toMatchObject({
      state: 'sent',
      reason: null,
      handedOverAt: expect.any(String),
      nextAttemptAt: null,
    })
    const mail = await simpleParser(mails.get('receipt@example.net')?.[0] ?? '')
    expect(mail.subject).toBe('Your order A-17')
    expect(mail.html).toContain('Tea &lt;Earl Grey&gt; × 2;')
    expect(mails.get('receipt@example.net')).toHaveLength(1)
  })

  test('PC-06 a transactional message leaves although its reader wants no marketing, which does not', async () => {
    const org = await h.organization()
    const templateId = await templateOf(org, '<p>Hello</p>')
    const { body: contact } = await org.owner.post('/api/contacts', { email: 'optout@example.net' })
    await recordConsents(org.systemCtx, { source: 'member' }, [
      {
        contactId: fromWire('contact', contact.id) as ContactId,
        channel: 'all',
        purpose: 'marketing',
        state: 'withdrawn',
        occurredAt: h.clock.now(),
      },
    ])
    const { body } = await org.key.post('/api/messages', {
      messages: [
        { content: { templateId }, to: { contactId: contact.id }, purpose: 'marketing' },
        { content: { templateId }, to: { contactId: contact.id }, purpose: 'transactional' },
      ],
    })
    await h.drain()
    const states = await Promise.all(
      body.items.map(async ({ id }: { id: string }) => (await org.key.get(`/api/messages/${id}`)).body),
    )
    expect(states).toMatchObject([{ state: 'skipped', reason: 'opted_out' }, { state: 'sent' }])
    expect(mails.get('optout@example.net')).toHaveLength(1)
  })

  test('PC-06 PC-19 an address that bounced for good gets no transactional message either', async () => {
    const org = await h.organization()
    const templateId = await templateOf(org, '<p>Hello</p>')
    const send = async (): Promise<string> =>
      (
        await org.key.post('/api/messages', {
          content: { templateId },
          to: { email: 'refuse-550-5.1.1.gone@example.net' },
        })
      ).body.items[0].id
    const first = await send()
    await h.drain()
    expect((await org.key.get(`/api/messages/${first}`)).body).toMatchObject({
      state: 'bounced',
      reason: 'invalid_recipient',
    })
    const second = await send()
    await h.drain()
    expect((await org.key.get(`/api/messages/${second}`)).body).toMatchObject({
      state: 'skipped',
      reason: 'suppressed_hard',
    })
  })

  test('PC-20 a full mailbox is tried again with back-off', async () => {
    const org = await h.organization()
    const templateId = await templateOf(org, '<p>Hello</p>')
    const { body } = await org.key.post('/api/messages', {
      content: { templateId },
      to: { email: 'soft-once-452-4.2.2.single@example.net' },
    })
    await h.drain()
    const { id } = body.items[0]
    expect((await org.key.get(`/api/messages/${id}`)).body).toMatchObject({
      state: 'queued',
      attempts: 1,
      nextAttemptAt: new Date(h.clock.now().getTime() + 60_000).toISOString(),
    })
    h.clock.advance(60_000)
    await h.drain()
    expect((await org.key.get(`/api/messages/${id}`)).body).toMatchObject({ state: 'sent' })
  })
})

describe('what a call may be', () => {
  test('the same key makes no second message, in one call or in two', async () => {
    const org = await h.organization()
    const templateId = await templateOf(org, '<p>Hello</p>')
    const message = { content: { templateId }, to: { email: 'twice@example.net' }, key: 'order-17' }
    const first = await org.key.post('/api/messages', message)
    const again = await org.key.post('/api/messages', {
      messages: [message, { ...message, key: 'order-18' }],
    })
    expect(first.body.items[0].isRepeated).toBe(false)
    expect(again.body.items).toMatchObject([
      { id: first.body.items[0].id, isRepeated: true },
      { isRepeated: false },
    ])
    await h.drain()
    expect(mails.get('twice@example.net')).toHaveLength(2)
  })

  test('all messages of a call are taken or none, each problem named by its place', async () => {
    const org = await h.organization()
    const other = await h.organization()
    const templateId = await templateOf(org, '<p>Hello</p>')
    const { body: foreign } = await other.owner.post('/api/contacts', { email: 'foreign@example.net' })
    const answer = await org.key.post('/api/messages', {
      messages: [
        { content: { templateId }, to: { email: 'fine@example.net' } },
        { content: { templateId }, to: { email: 'not an address' } },
        { content: { templateId }, to: { contactId: foreign.id } },
      ],
    })
    expect(answer.status).toBe(400)
    expect(answer.body.errors.map(({ path }: { path: string }) => path)).toEqual([
      'messages.1.to.email',
      'messages.2.to.contactId',
    ])
    await h.drain()
    expect(mails.has('fine@example.net')).toBe(false)
    const gone = await org.key.post('/api/messages', {
      content: { templateId: await templateOf(other, '<p>Theirs</p>') },
      to: { email: 'fine@example.net' },
    })
    expect(gone.status).toBe(404)
  })

  test('what is wrong with a message is said where it is wrong, whichever of its shapes was meant', async () => {
    const org = await h.organization()
    const problems = async (message: object): Promise<unknown> =>
      (await org.key.post('/api/messages', message)).body.errors
    const source = { channel: 'sms', text: 'Your code' }
    expect(await problems({})).toEqual([{ path: '', message: 'Needs one of: messages | content + to.' }])
    expect(await problems({ content: { source }, to: { telephone: '+33612345678' } })).toEqual([
      { path: 'to', message: 'Needs one of: contactId | email | phone.' },
    ])
    expect(
      await problems({ content: { source: { ...source, text: 7 } }, to: { phone: '+33612345678' } }),
    ).toEqual([{ path: 'content.source.text', message: 'A text is expected.' }])
    expect(await problems({ messages: [{ content: { source }, to: { phone: 7 } }] })).toEqual([
      { path: 'messages.0.to.phone', message: 'A text is expected.' },
    ])
  })

  test('a changed template speaks from the next message on, equal contents are frozen once', async () => {
    const org = await h.organization()
    const templateId = await templateOf(org, '<p>Before</p>')
    const send = (): Promise<unknown> =>
      org.key.post('/api/messages', { content: { templateId }, to: { email: 'changed@example.net' } })
    await send()
    await send()
    await h.drain()
    const { body } = await org.owner.get(`/api/content/templates/${templateId}`)
    await org.owner.put(`/api/content/templates/${templateId}`, {
      name: body.name,
      source: { ...body.source, body: '<p>After</p>' },
      version: body.version,
    })
    await send()
    await h.drain()
    const texts = (mails.get('changed@example.net') ?? []).map((mail) =>
      mail.includes('After') ? 'after' : 'before',
    )
    expect(texts).toEqual(['before', 'before', 'after'])
    const [versions] = await org.systemCtx.db.query<{ n: number }>(
      'select count(*)::int as n from mail_version where org_id = $1',
      [org.orgId],
    )
    expect(versions?.n).toBe(2)
  })
})

describe('many messages', () => {
  test('are handed over in batches: a thousand in one call cost a handful of jobs and statements', async () => {
    const org = await h.organization()
    const templateId = await templateOf(org, '<p>Hello {{ data.n }}</p>')
    const messages = Array.from({ length: 1_000 }, (_, n) => ({
      content: { templateId },
      to: { email: `many${n}@example.net` },
      data: { n },
    }))
    const { body } = await org.key.post('/api/messages', { messages })
    await h.drain()
    const jobs = await org.systemCtx.db.query<{ n: number }>(
      `select count(*)::int as n from work where org_id = $1 and kind = 'delivery.send_messages'`,
      [org.orgId],
    )
    expect(jobs[0]?.n).toBeLessThan(5)
    for (let n = 0; n < 1_000; n++) expect(mails.get(`many${n}@example.net`)).toHaveLength(1)
    const last = body.items.at(-1).id
    const { rows } = await ledgerTotals(org.systemCtx, fromWire('message', last) as RunId)
    expect(rows).toBe(1)
  })

  test('several people hold batches at once and nobody gets two', async () => {
    const org = await h.organization()
    const templateId = await templateOf(org, '<p>Hello</p>')
    const ask = (from: number): Promise<unknown> =>
      org.key.post('/api/messages', {
        messages: Array.from({ length: 300 }, (_, n) => ({
          content: { templateId },
          to: { email: `parallel${from + n}@example.net` },
        })),
      })
    await Promise.all([ask(0), ask(300)])
    await Promise.all([h.drain(), h.drain()])
    for (let n = 0; n < 600; n++) expect(mails.get(`parallel${n}@example.net`)).toHaveLength(1)
  })
})
