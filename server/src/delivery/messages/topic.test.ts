/** A marketing message that is sent by itself may be about a topic, and obeys what people said about it. */
import { expect, test } from 'vitest'
import { recordConsents } from '../../consent/index.ts'
import type { ContactId } from '../../platform/ids.ts'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { startSmtpSink } from '../../testing/smtp-sink.ts'

const mails = new Map<string, string>()
const sink = await startSmtpSink({ onMail: ({ to }, mail) => mails.set(to, mail.toString('latin1')) })
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })

async function organizationWithTopic(): Promise<{ org: TestOrganization; templateId: string }> {
  const org = await h.organization()
  await org.admin.put('/api/privacy/preference-center', {
    version: 0,
    design: {
      channels: ['email'],
      topics: [{ key: 'sales', name: { en: 'Sales', fr: 'Sales' }, channels: ['email'] }],
      offersTracking: false,
      accent: null,
      logoUrl: null,
    },
  })
  const { body } = await org.key.post('/api/content/templates', {
    name: 'Sales',
    source: {
      subject: 'Sales',
      fromName: 'Atelier Test',
      fromEmail: 'news@shop.example',
      format: 'html',
      body: '<p>Hello</p><p><a href="{{ unsubscribe_url }}">Unsubscribe</a></p>',
    },
  })
  return { org, templateId: body.id }
}

test('PC-03 CS-018.1 a marketing message about a topic obeys the word about it, and its link leaves that topic', async () => {
  const { org, templateId } = await organizationWithTopic()
  const names = ['keen', 'bored', 'narrow', 'silent']
  const [keen, bored, narrow] = await testContacts(org.systemCtx, {
    emails: names.map((name) => `${name}@example.net`),
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
  const about = (name: string, topic: string | null) => ({
    content: { templateId },
    to: { email: `${name}@example.net` },
    purpose: 'marketing',
    topic,
  })
  const { status, body } = await org.key.post('/api/messages', {
    messages: [...names.map((name) => about(name, 'sales')), about('bored', null)],
  })
  expect(status).toBe(202)
  await h.drain()
  const states = await Promise.all(
    body.items.map(async ({ id }: { id: string }) => (await org.key.get(`/api/messages/${id}`)).body),
  )
  expect(states).toMatchObject([
    { topic: 'sales', state: 'sent' },
    { topic: 'sales', state: 'skipped', reason: 'topic_refused' },
    { topic: 'sales', state: 'sent' },
    { topic: 'sales', state: 'skipped', reason: 'never_asked' },
    { topic: null, state: 'sent' },
  ])
  const link = /https?:[^"\s]+\/u\/[^"\s>]+/.exec(
    (mails.get('narrow@example.net') ?? '').replaceAll('=\r\n', ''),
  )
  const page = await h.request({ url: new URL(link?.[0] ?? '').pathname })
  expect(page.body).toContain('Plus rien sur « Sales »')
})

test('CS-018.1 a topic that nobody is offered is refused, and so is one of a transactional message', async () => {
  const { org, templateId } = await organizationWithTopic()
  const message = { content: { templateId }, to: { email: 'somebody@example.net' } }
  const { status, body } = await org.key.post('/api/messages', {
    messages: [
      { ...message, purpose: 'marketing', topic: 'gossip' },
      { ...message, purpose: 'transactional', topic: 'sales' },
    ],
  })
  expect(status).toBe(400)
  expect(body.errors.map(({ path }: { path: string }) => path)).toEqual([
    'messages.0.topic',
    'messages.1.topic',
  ])
})
