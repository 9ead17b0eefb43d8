/** What a campaign says on each channel: what its author can set, what is shown before, and what arrives outside. */
import { simpleParser } from 'mailparser'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { testContacts } from '../testing/audience.ts'
import { harness } from '../testing/harness.ts'
import type { TestOrganization } from '../testing/organization.ts'
import { startSmtpSink } from '../testing/smtp-sink.ts'

const mails = new Map<string, Buffer>()
const sink = await startSmtpSink({ onMail: ({ to }, mail) => void mails.set(to, mail) })
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })
afterAll(() => sink.close())
let org: TestOrganization
beforeEach(async () => {
  org = await h.organization()
})

const preview = async (source: object) =>
  (await org.viewer.post('/api/content/message-preview', { source })).body
const kept = async (content: object, channel: string) => {
  const { body } = await org.editor.post('/api/campaigns', { name: 'Said', channels: [channel], content })
  return (await org.viewer.get(`/api/campaigns/${body.id}`)).body.content[channel]
}

describe('e-mail', () => {
  test('CS-002.1 FR-003.1 FR-003.6 CS-002.7 arrives with its subject, HTML and own text, sender and reply-to, filled from the profile', async () => {
    await testContacts(org.systemCtx, { emails: ['ada@example.net'], firstName: 'Ada' })
    const { body } = await org.editor.post('/api/campaigns', {
      name: 'Said',
      audience: { include: { rule: { all: [] } } },
      content: {
        email: {
          subject: 'News for {{ contact.first_name }}',
          fromName: 'Atelier Nord',
          fromEmail: 'hello@atelier.example',
          replyTo: 'answers@atelier.example',
          format: 'html',
          body: '<html><body><p>Dear <b>{{ contact.first_name }}</b></p></body></html>',
          text: 'Dear {{ contact.first_name }}, in plain words',
        },
      },
    })
    await org.editor.post(`/api/campaigns/${body.id}/launch`)
    await h.drain()
    const mail = await simpleParser(mails.get('ada@example.net') ?? '')
    expect(mail.subject).toBe('News for Ada')
    expect(mail.from?.value).toEqual([{ name: 'Atelier Nord', address: 'hello@atelier.example' }])
    const replyTo = mail.headerLines.find(({ key }) => key === 'reply-to')?.line
    expect(replyTo).toBe('Reply-To: answers@atelier.example')
    expect(mail.html).toContain('Dear <b>Ada</b>')
    expect(mail.text).toContain('Dear Ada, in plain words')
  })
})

describe('text messages', () => {
  test('CS-002.2 FR-003.2 MA-5.1 how many of 160 characters a text has is told while it is written, and how many parts', async () => {
    const measure = async (text: string) => (await org.viewer.post('/api/sms/measure', { text })).body
    expect(await measure('a'.repeat(160))).toMatchObject({
      units: 160,
      unitsPerPart: 160,
      parts: ['a'.repeat(160)],
    })
    expect((await measure('a'.repeat(161))).parts.map((part: string) => part.length)).toEqual([153, 8])
    expect((await preview({ channel: 'sms', text: 'Hello {{ contact.first_name }} STOP' })).message).toEqual({
      channel: 'sms',
      text: expect.stringMatching(/^Hello \S+ STOP$/),
    })
    expect(await kept({ sms: { text: 'Hello' } }, 'sms')).toMatchObject({ text: 'Hello' })
  })

  test('MA-5.1 are written in the cheap alphabet on request, values of the person with them, and otherwise as they were written', async () => {
    const sms = { text: 'L’offre “{% if contact.first_name %}Été…{% endif %}” à 10 €', smartEncoding: true }
    expect((await preview({ channel: 'sms', ...sms })).message.text).toBe('L\'offre "Été..." à 10 €')
    expect((await preview({ channel: 'sms', text: sms.text })).message.text).toBe('L’offre “Été…” à 10 €')
    expect(await kept({ sms }, 'sms')).toMatchObject(sms)
  })
})

describe('WhatsApp', () => {
  test('CS-002.3 FR-003.3 a text beyond 1,600 characters is warned of, one beyond what WhatsApp takes is refused', async () => {
    const ofLength = (length: number) => ({ channel: 'whatsapp', text: 'a'.repeat(length) })
    const warned = async (length: number): Promise<boolean> =>
      (await preview(ofLength(length))).checks.some(({ id }: { id: string }) => id === 'whatsapp_long')
    expect([await warned(1_600), await warned(1_601)]).toEqual([false, true])
    const refused = await org.viewer.post('/api/content/message-preview', { source: ofLength(4_097) })
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'source.text'])
    expect((await preview(ofLength(4_096))).message.text).toHaveLength(4_096)
  })
})

describe('in the app', () => {
  test('CS-002.4 FR-003.4 a notice has a title, a text, a link, an icon and a picture', async () => {
    const source = {
      channel: 'in_app',
      title: 'The sales have begun',
      body: 'For {{ contact.email }}',
      actionLabel: 'Look',
      actionUrl: 'https://shop.example/sale',
      iconUrl: 'https://shop.example/icon.png',
      imageUrl: 'https://shop.example/sale.png',
    }
    expect((await preview(source)).message).toEqual({
      channel: 'in_app',
      title: 'The sales have begun',
      body: expect.stringMatching(/^For \S+@\S+$/),
      action: { label: 'Look', url: expect.stringContaining('/c/') },
      iconUrl: 'https://shop.example/icon.png',
      imageUrl: 'https://shop.example/sale.png',
    })
    const { channel: _, ...content } = source
    expect(await kept({ in_app: content }, 'in_app')).toMatchObject(content)
    const checks = (await preview({ ...source, iconUrl: 'http://shop.example/icon.png' })).checks
    expect(checks).toContainEqual(expect.objectContaining({ level: 'block', field: 'iconUrl' }))
  })
})

describe('webhooks', () => {
  test('CS-002.5 FR-003.5 a call has an address, a method, headers and a body from a template, all kept as written', async () => {
    const source = {
      channel: 'webhook',
      url: 'https://hooks.example/fans',
      method: 'PUT',
      headers: [{ name: 'X-Shop', value: 'one' }],
      payload: '{"who": "{{ contact.email }}"}',
    }
    const { message } = await preview(source)
    expect(message).toMatchObject({
      url: 'https://hooks.example/fans',
      method: 'PUT',
      headers: [{ name: 'X-Shop', value: 'one' }],
    })
    expect(JSON.parse(message.body)).toEqual({ who: expect.stringContaining('@') })
    const { channel: _, ...content } = source
    expect(await kept({ webhook: content }, 'webhook')).toMatchObject(content)
    // Everybody reads a campaign: what lets a call in belongs to the provider.
    const [space, credential] = ['X Shop', 'authorization'].map((name) => [{ name, value: 'one' }])
    const made = {
      name: 'Said',
      channels: ['webhook'],
      content: { webhook: { ...content, headers: credential } },
    }
    const refused = await org.editor.post('/api/campaigns', made)
    expect([refused.status, refused.body.errors?.[0]?.path]).toEqual([400, 'content.webhook.headers.0.name'])
    for (const wrong of [{ method: 'GET' }, { headers: space }, { headers: credential }])
      expect(
        (await org.viewer.post('/api/content/message-preview', { source: { ...source, ...wrong } })).status,
      ).toBe(400)
  })
})

describe('several channels', () => {
  const said = async (channels: readonly string[], locale: 'en' | 'fr') => {
    const shop = await h.organization({ locale })
    const { body } = await shop.key.post('/api/campaigns', { name: 'Said', channels })
    const found = (await shop.key.get(`/api/campaigns/${body.id}/launch-summary`)).body.checks
    return {
      messages: found
        .filter(({ field }: { field: string }) => field.startsWith('content.'))
        .map(({ message }: { message: string }) => message),
      refused: (await shop.key.post(`/api/campaigns/${body.id}/launch`)).body.errors.map(
        ({ message }: { message: string }) => message,
      ),
    }
  }

  test('each check names its channel, before the launch and in its refusal, in the reader’s words', async () => {
    const english = await said(['sms', 'whatsapp', 'in_app'], 'en')
    for (const wanted of [
      'SMS: There is no text.',
      'WhatsApp: There is no text.',
      'In-app: There is no title.',
    ]) {
      expect(english.messages).toContain(wanted)
      expect(english.refused).toContain(wanted)
    }
    const french = await said(['sms', 'in_app'], 'fr')
    expect(french.messages).toEqual(
      expect.arrayContaining([
        'SMS\u00a0: Il n’y a pas de texte.',
        'Dans l’application\u00a0: Il n’y a pas de titre.',
      ]),
    )
  })

  test('one channel alone is not named', async () => {
    expect((await said(['sms'], 'en')).messages).toContain('There is no text.')
  })
})

test('the sentence before a launch reads as French: nobody and one in the singular, no full stop in its brackets', async () => {
  const shop = await h.organization({ locale: 'fr' })
  const { body } = await shop.key.post('/api/campaigns', {
    name: 'Dit',
    audience: { include: { rule: { all: [] } } },
  })
  const sentence = async () => (await shop.key.get(`/api/campaigns/${body.id}/launch-summary`)).body.sentence
  expect(await sentence()).toBe('Envoyer « Dit » par e-mail à 0 personne (Tout le monde) maintenant.')
  await testContacts(shop.systemCtx, { emails: ['ada@example.net', 'bob@example.net'] })
  expect(await sentence()).toContain('à 2 personnes (Tout le monde)')
})
