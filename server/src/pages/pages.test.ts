import { simpleParser, type ParsedMail } from 'mailparser'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { createContact, findByEmail } from '../contacts/index.ts'
import { withdraw } from '../consent/index.ts'
import { toWire } from '../platform/ids.ts'
import { harness } from '../testing/harness.ts'
import { testLaunch } from '../testing/launch.ts'
import type { TestOrganization } from '../testing/organization.ts'
import { startSmtpSink } from '../testing/smtp-sink.ts'
import { preticked, problemsOf } from './forms/definition.ts'
import { formDefinition, type FormDefinitionInput } from './schema.ts'

const DAY_MS = 86_400_000
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

const received = new Map<string, Buffer[]>()
const sink = await startSmtpSink({
  onMail: ({ to }, mail) => received.set(to, [...(received.get(to) ?? []), mail]),
})
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })
beforeEach(() => received.clear())

const NEWSLETTER = { en: 'Yes, write to me.', fr: 'Oui, écrivez-moi.' }
const DEFINITION = {
  title: { en: 'Our newsletter', fr: 'Notre lettre' },
  fields: [{ field: 'email', isRequired: true }, { field: 'firstName' }, { field: 'phone' }],
  boxes: [
    { key: 'news', channel: 'email', wording: NEWSLETTER },
    { key: 'sms', channel: 'sms', wording: { en: 'By text message too.', fr: 'Par SMS aussi.' } },
  ],
  doubleOptIn: false,
  tags: ['signed-up'],
} satisfies FormDefinitionInput

interface TestForm {
  id: string
  path: string
}
async function published(org: TestOrganization, more: Partial<FormDefinitionInput> = {}): Promise<TestForm> {
  const made = await org.editor.post('/api/forms', {
    name: 'Sign-up',
    definition: { ...DEFINITION, ...more },
  })
  expect(made.status).toBe(201)
  const { body } = await org.editor.post(`/api/forms/${made.body.id}/publish`)
  return { id: body.id, path: new URL(body.url).pathname }
}
const send = (form: TestForm, values: Record<string, string>, headers: Record<string, string> = {}) =>
  h.request({
    method: 'POST',
    url: form.path,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': BROWSER, ...headers },
    payload: new URLSearchParams(values).toString(),
  })
const follow = (url: string, method: 'GET' | 'HEAD' | 'POST' = 'GET', userAgent = BROWSER) =>
  h.request({
    method,
    url: new URL(url).pathname,
    headers: {
      'user-agent': userAgent,
      ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    },
  })
async function consentsOf(org: TestOrganization, email: string) {
  const contact = await findByEmail(org.systemCtx, email)
  if (!contact) return null
  return (await org.viewer.get(`/api/contacts/${toWire('contact', contact.id)}/consents`)).body
}
async function mailTo(address: string): Promise<ParsedMail> {
  const mails = received.get(address) ?? []
  expect(mails, `one mail to ${address}`).toHaveLength(1)
  return simpleParser(mails[0] ?? '')
}
const linkIn = (mail: ParsedMail): string => /https?:\S+\/f\/confirm\/[\w-]+/.exec(mail.text ?? '')?.[0] ?? ''

describe('a hosted form', () => {
  test('PC-01 MA-9.1 MA-4.3 a ticked box makes one consent event with every fact, readable by the API and never changed', async () => {
    const org = await h.organization({ name: 'Atelier Nord' })
    const form = await published(org)
    h.clock.advance(123)
    const answer = await send(form, {
      email: 'Jeanne@Example.net',
      firstName: 'Jeanne',
      consent_news: 'yes',
      lang: 'fr',
    })
    expect(answer.statusCode).toBe(200)
    const consents = await consentsOf(org, 'jeanne@example.net')
    expect(consents.history).toHaveLength(1)
    expect(consents.history[0]).toMatchObject({
      channel: 'email',
      purpose: 'marketing',
      topic: null,
      state: 'granted',
      basis: 'consent',
      occurredAt: h.clock.now().toISOString(),
      source: { kind: 'form', id: form.id, version: '1' },
      wording: { text: NEWSLETTER.fr, locale: 'fr', hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      actor: { kind: 'contact' },
    })
    expect(consents.history[0].occurredAt).toMatch(/\.\d{3}Z$/)
    expect(consents.reachability).toMatchObject([
      { channel: 'email', marketing: null },
      { channel: 'sms', marketing: 'no_address' },
      { channel: 'whatsapp', marketing: 'no_address' },
      { channel: 'in_app', marketing: 'never_asked' },
      { channel: 'webhook', marketing: null },
    ])
    const [row] = await org.systemCtx.db.query<{ org: string; contact: string }>(
      'select org_id as org, contact_id as contact from consent_event where org_id = $1',
      [org.orgId],
    )
    expect(row?.org).toBe(org.orgId)
    const contact = await findByEmail(org.systemCtx, 'jeanne@example.net')
    expect(contact).toMatchObject({
      firstName: 'Jeanne',
      tags: ['signed-up'],
      source: 'form',
      language: 'fr',
    })
    const path = `/api/contacts/${toWire('contact', contact?.id ?? '0')}/consents/${consents.history[0].id}`
    for (const tried of [
      await org.owner.delete(path),
      await org.owner.put(path, {}),
      await org.owner.patch(path, {}),
    ])
      expect(tried.status).toBe(404)
  })

  test('PC-02 a box left alone makes no event, and nobody is written to', async () => {
    const org = await h.organization()
    const form = await published(org)
    await send(form, { email: 'silent@example.net' })
    const consents = await consentsOf(org, 'silent@example.net')
    expect(consents.history).toEqual([])
    expect(consents.reachability[0]).toMatchObject({ marketing: 'never_asked' })
    await testLaunch(org.ctx)
    await h.drain()
    expect(received.size).toBe(0)
  })

  test('PC-02 who ticked nothing reads that nothing will be sent, whatever thanks the author wrote, and may go back', async () => {
    const org = await h.organization()
    const form = await published(org, {
      boxes: DEFINITION.boxes.slice(0, 1),
      thanks: { en: 'Welcome among our readers!', fr: 'Bienvenue parmi nos lecteurs !' },
    })
    const english = await send(form, { email: 'empty@example.net', lang: 'en' })
    expect(english.statusCode).toBe(200)
    expect(english.body).toContain('nothing will be sent to you')
    expect(english.body).not.toContain('Welcome')
    expect(english.body).toMatch(new RegExp(`<a href="[^"]*${form.path}\\?lang=en">Back to the form</a>`))
    const french = await send(form, { email: 'vide@example.net', lang: 'fr' })
    expect(french.body).toContain('aucune case n’était cochée')
    expect(french.body).toContain('Revenir au formulaire')

    const ticked = await send(form, { email: 'empty@example.net', lang: 'en', consent_news: 'yes' })
    expect(ticked.body).toContain('Welcome among our readers!')
    expect((await consentsOf(org, 'empty@example.net')).history).toHaveLength(1)
  })

  test('a form without a box thanks as before', async () => {
    const org = await h.organization()
    const form = await published(org, { boxes: [] })
    const answer = await send(form, { email: 'plain@example.net', lang: 'en' })
    expect(answer.body).toContain('Your details have arrived.')
    expect(answer.body).not.toContain('Back to the form')
  })

  test('PC-02 a form whose author ticks a box beforehand is refused, in whatever spelling', async () => {
    const org = await h.organization()
    const [first] = DEFINITION.boxes
    for (const box of [
      { ...first, isTicked: true },
      { ...first, checked: true },
      { ...first, default: 'yes' },
    ]) {
      const definition = { ...DEFINITION, boxes: [box] }
      expect((await org.editor.post('/api/forms', { name: 'Dark', definition })).status).toBe(400)
      const form = await published(org)
      const saved = await org.editor.put(`/api/forms/${form.id}`, { name: 'Dark', version: 1, definition })
      expect(saved.status).toBe(400)
      expect((await org.viewer.get(`/api/forms/${form.id}`)).body.version).toBe(1)
    }
    const refused = await org.editor.post('/api/forms', {
      name: 'Dark',
      definition: { ...DEFINITION, boxes: [{ ...first, isTicked: true }] },
    })
    expect(refused.body).toMatchObject({
      code: 'pages.preticked',
      errors: [{ path: 'definition.boxes.0.isTicked' }],
    })
    const form = await published(org)
    expect((await h.request({ url: form.path })).body).not.toContain('checked')
  })

  test('PC-07 each box speaks for its own channel', async () => {
    const org = await h.organization()
    const form = await published(org)
    await send(form, { email: 'both@example.net', phone: '+33612345678', consent_sms: 'yes' })
    const consents = await consentsOf(org, 'both@example.net')
    expect(consents.reachability).toMatchObject([
      { channel: 'email', marketing: 'never_asked' },
      { channel: 'sms', marketing: null },
      { channel: 'whatsapp', marketing: 'never_asked' },
      { channel: 'in_app', marketing: 'never_asked' },
      { channel: 'webhook', marketing: null },
    ])
  })

  test('is one page without script, in both languages, that others may embed', async () => {
    const org = await h.organization()
    const form = await published(org)
    const [en, fr] = [
      await h.request({ url: form.path }),
      await h.request({ url: form.path, headers: { 'accept-language': 'fr-FR,fr;q=0.9' } }),
    ]
    expect(en.body).toContain('<html lang="en">')
    expect(fr.body).toContain('<html lang="fr">')
    expect(fr.body).toContain('Notre lettre')
    expect((await h.request({ url: `${form.path}?lang=fr` })).body).toContain('Notre lettre')
    expect(en.body).not.toContain('<script')
    expect(en.body).toContain('prefers-color-scheme:dark')
    expect(en.headers['content-security-policy']).toContain('frame-ancestors *')
    expect(en.headers['x-frame-options']).toBeUndefined()
    expect(en.headers['set-cookie']).toBeUndefined()
  })

  test('MA-4.2 wrong input is named field by field, and what was typed stays', async () => {
    const org = await h.organization()
    const form = await published(org)
    const answer = await send(form, {
      email: 'not an address',
      firstName: '<b>"Ada"</b>',
      phone: '12',
      consent_news: 'yes',
      lang: 'en',
    })
    expect(answer.statusCode).toBe(400)
    expect(answer.body).toContain('This is not an e-mail address')
    expect(answer.body).toContain('This is not a telephone number')
    expect(answer.body).toContain('value="&lt;b&gt;&quot;Ada&quot;&lt;/b&gt;"')
    expect(answer.body).toContain('name="consent_news" value="yes" checked')
    expect((await org.viewer.get(`/api/forms/${form.id}/submissions`)).body.items).toEqual([])
  })

  test('MA-4.3 never overwrites what is known of an address that anybody may type', async () => {
    const org = await h.organization()
    const form = await published(org)
    await createContact(org.systemCtx, { email: 'known@example.net', firstName: 'Ada' }, 'manual')
    await send(form, { email: 'known@example.net', firstName: 'Mallory', phone: '+33612345670' })
    expect(await findByEmail(org.systemCtx, 'known@example.net')).toMatchObject({
      firstName: 'Ada',
      phone: '+33612345670',
    })
  })

  test('a consent names the version that the person had open, also when the author has changed it since', async () => {
    const org = await h.organization()
    const form = await published(org)
    const definition = {
      ...DEFINITION,
      boxes: [{ ...DEFINITION.boxes[0], wording: { en: 'Something else.', fr: 'Autre chose.' } }],
    }
    const saved = await org.editor.put(`/api/forms/${form.id}`, { name: 'Sign-up', version: 1, definition })
    expect(saved.body).toMatchObject({ version: 2, state: 'published' })
    expect(
      (await org.editor.put(`/api/forms/${form.id}`, { name: 'Late', version: 1, definition })).status,
    ).toBe(409)
    await send(form, { email: 'early@example.net', consent_news: 'yes', version: '1', lang: 'en' })
    await send(form, { email: 'late@example.net', consent_news: 'yes', lang: 'en' })
    expect((await consentsOf(org, 'early@example.net')).history[0]).toMatchObject({
      source: { version: '1' },
      wording: { text: 'Yes, write to me.' },
    })
    expect((await consentsOf(org, 'late@example.net')).history[0]).toMatchObject({
      source: { version: '2' },
      wording: { text: 'Something else.' },
    })
    const { body } = await org.viewer.get(`/api/forms/${form.id}/versions`)
    expect(body.items.map(({ version }: { version: number }) => version)).toEqual([2, 1])
  })

  test('answers only while it is published, and every wrong address alike', async () => {
    const org = await h.organization()
    const form = await published(org)
    await org.editor.post(`/api/forms/${form.id}/unpublish`)
    const closed = await h.request({ url: form.path })
    const altered = await h.request({ url: form.path.slice(0, -1) + (form.path.endsWith('A') ? 'B' : 'A') })
    const random = await h.request({ url: '/f/AAAAAAAA' })
    expect([closed.statusCode, altered.statusCode, random.statusCode]).toEqual([404, 404, 404])
    expect([altered.body, random.body]).toEqual([closed.body, closed.body])
    expect((await send(form, { email: 'x@example.net' })).statusCode).toBe(404)
  })
})

describe('double opt-in', () => {
  const doubled = { doubleOptIn: true }

  test('PC-08 MA-9.1 nothing is sent before the confirmation; it counts from then on, once; a link of eight days gives nothing', async () => {
    const org = await h.organization({ name: 'Atelier Nord' })
    const form = await published(org, doubled)
    const answer = await send(form, {
      email: 'doi@example.net',
      firstName: 'Ada',
      consent_news: 'yes',
      lang: 'en',
    })
    expect(answer.body).toContain('doi@example.net')
    await send(form, { email: 'late@example.net', consent_news: 'yes', lang: 'fr' })
    await h.drain()

    const mail = await mailTo('doi@example.net')
    expect(mail.subject).toContain('Atelier Nord')
    expect(String(mail.html)).not.toMatch(/<img|\.gif|\/o\//)
    expect(mail.text).toContain(NEWSLETTER.en)
    expect(mail.headers.get('list-unsubscribe')).toBeUndefined()
    expect((await mailTo('late@example.net')).text).toContain(NEWSLETTER.fr)
    expect((await consentsOf(org, 'doi@example.net')).reachability[0]).toMatchObject({
      marketing: 'unconfirmed',
    })
    await testLaunch(org.ctx)
    await h.drain()
    expect(received.get('doi@example.net')).toHaveLength(1)

    h.clock.advance(3_600_000)
    const confirmed = await follow(linkIn(mail))
    expect(confirmed.statusCode).toBe(200)
    expect(confirmed.body).toContain('Confirmed')
    const consents = await consentsOf(org, 'doi@example.net')
    expect(consents.history).toMatchObject([
      { state: 'pending', source: { kind: 'form', id: form.id } },
      { state: 'granted', occurredAt: h.clock.now().toISOString(), wording: { text: NEWSLETTER.en } },
    ])
    expect(await findByEmail(org.systemCtx, 'doi@example.net')).toMatchObject({
      firstName: 'Ada',
      tags: ['signed-up'],
    })
    await testLaunch(org.ctx)
    await h.drain()
    expect(received.get('doi@example.net')).toHaveLength(2)

    h.clock.advance(1_000)
    const again = await follow(linkIn(mail))
    expect(again.statusCode).toBe(200)
    expect(again.body).toContain('Already confirmed')
    expect((await consentsOf(org, 'doi@example.net')).history).toHaveLength(2)

    h.clock.advance(8 * DAY_MS)
    const [late] = received.get('late@example.net') ?? []
    const tooLate = await follow(linkIn(await simpleParser(late ?? '')))
    expect(tooLate.statusCode).toBe(410)
    expect(tooLate.body).toContain('Ce lien a expiré')
    await follow(linkIn(await simpleParser(late ?? '')), 'POST')
    await h.drain()
    const [states] = await org.systemCtx.db.query<{ states: string[] }>(
      `select array_agg(state order by id) as states from consent_event e where org_id = $1
       and contact_id = (select id from contact where org_id = $1 and email = 'late@example.net')`,
      [org.orgId],
    )
    expect(states?.states).toEqual(['pending'])
    const [held] = await org.systemCtx.db.query<{ n: number }>(
      `select count(*)::int as n from form_submission where org_id = $1 and field_values is not null`,
      [org.orgId],
    )
    expect(held?.n).toBe(0)
  })

  test('PC-15 a scanner that follows the link confirms nothing; the button of the page does', async () => {
    const org = await h.organization()
    const form = await published(org, doubled)
    await send(form, { email: 'guarded@example.net', consent_news: 'yes', lang: 'en' })
    await h.drain()
    const link = linkIn(await mailTo('guarded@example.net'))
    await follow(link, 'HEAD')
    const scanned = await follow(link, 'GET', 'Barracuda Sentinel (EE)')
    expect(scanned.body).toMatch(/<form method="post"><button/)
    expect((await consentsOf(org, 'guarded@example.net')).reachability[0]).toMatchObject({
      marketing: 'unconfirmed',
    })
    expect((await follow(link, 'POST')).body).toContain('Confirmed')
    expect((await consentsOf(org, 'guarded@example.net')).reachability[0]).toMatchObject({ marketing: null })
  })

  test('where the author wants it, people are asked once more behind the link as well', async () => {
    const org = await h.organization()
    const form = await published(org, { ...doubled, confirmBy: 'button' })
    await send(form, { email: 'careful@example.net', consent_news: 'yes' })
    await h.drain()
    const link = linkIn(await mailTo('careful@example.net'))
    await follow(link)
    expect((await consentsOf(org, 'careful@example.net')).reachability[0]).toMatchObject({
      marketing: 'unconfirmed',
    })
    await follow(link, 'POST')
    expect((await consentsOf(org, 'careful@example.net')).reachability[0]).toMatchObject({ marketing: null })
  })

  test('a fresh confirmation ends an earlier withdrawal, an unconfirmed one does not', async () => {
    const org = await h.organization()
    const form = await published(org, doubled)
    const { id } = await createContact(org.systemCtx, { email: 'back@example.net' }, 'manual')
    await withdraw(
      org.systemCtx,
      { source: 'one_click' },
      { contactId: id, channels: ['email'], purpose: 'marketing' },
    )
    h.clock.advance(1_000)
    await send(form, { email: 'back@example.net', consent_news: 'yes' })
    expect((await consentsOf(org, 'back@example.net')).reachability[0]).toMatchObject({
      marketing: 'withdrawn',
    })
    await h.drain()
    await follow(linkIn(await mailTo('back@example.net')))
    expect((await consentsOf(org, 'back@example.net')).reachability[0]).toMatchObject({ marketing: null })
  })

  test('two presses at one moment confirm once, and a changed token leads nowhere', async () => {
    const org = await h.organization()
    const form = await published(org, doubled)
    await send(form, { email: 'twice@example.net', consent_news: 'yes' })
    await h.drain()
    const link = linkIn(await mailTo('twice@example.net'))
    await Promise.all([follow(link), follow(link), follow(link, 'POST')])
    expect((await consentsOf(org, 'twice@example.net')).history).toHaveLength(2)
    const altered = link.slice(0, -1) + (link.endsWith('A') ? 'B' : 'A')
    expect((await follow(altered)).statusCode).toBe(404)
  })
})

describe('floods', () => {
  test('nobody’s mailbox is filled by a form: three mails a day and address, and a second press is the same', async () => {
    const org = await h.organization()
    const form = await published(org, { doubleOptIn: true })
    const values = { email: 'victim@example.net', consent_news: 'yes' }
    const answers = []
    for (let n = 0; n < 8; n++) {
      answers.push(await send(form, values))
      answers.push(await send(form, values))
      h.clock.advance(61_000)
    }
    await h.drain()
    expect(received.get('victim@example.net')).toHaveLength(3)
    expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`)).size).toBe(1)
    h.clock.advance(DAY_MS)
    await send(form, values)
    await h.drain()
    expect(received.get('victim@example.net')).toHaveLength(4)
  })

  test('a program that fills in what people do not see is thanked, and nothing is kept', async () => {
    const org = await h.organization()
    const form = await published(org)
    const answer = await send(form, {
      email: 'bot@example.net',
      consent_news: 'yes',
      website: 'https://spam.example',
    })
    expect(answer.statusCode).toBe(200)
    expect(await findByEmail(org.systemCtx, 'bot@example.net')).toBeNull()
  })

  test('PC-45 an address that was erased gets no mail, is not taken up again, and the page does not tell', async () => {
    const org = await h.organization()
    const form = await published(org, { doubleOptIn: true })
    const { id } = await createContact(org.systemCtx, { email: 'erased@example.net' }, 'manual')
    await org.admin.post(`/api/contacts/${toWire('contact', id)}/erase`, {})
    await h.drain()
    const [barred, other] = [
      await send(form, { email: 'erased@example.net', consent_news: 'yes' }),
      await send(form, { email: 'other.x@example.net', consent_news: 'yes' }),
    ]
    await h.drain()
    expect(barred.body.replace('erased@', 'other.x@')).toBe(other.body)
    expect([...received.keys()]).toEqual(['other.x@example.net'])
    expect(await findByEmail(org.systemCtx, 'erased@example.net')).toBeNull()
    const { body } = await org.viewer.get(`/api/forms/${form.id}/submissions`)
    expect(body.items).toMatchObject([
      { state: 'pending', contactName: 'other.x@example.net' },
      { state: 'blocked', contactId: null },
    ])
  })
})

describe('designs', () => {
  test('what would reach nobody or read in no language is named', async () => {
    const org = await h.organization()
    const refused = async (more: object): Promise<string[]> => {
      const { status, body } = await org.editor.post('/api/forms', {
        name: 'Wrong',
        definition: { ...DEFINITION, ...more },
      })
      expect(status).toBe(400)
      return body.errors.map(({ path }: { path: string }) => path)
    }
    expect(await refused({ fields: [{ field: 'firstName' }] })).toContain('definition.fields')
    expect(await refused({ fields: [{ field: 'email', isRequired: true }] })).toEqual([
      'definition.boxes.1.channel',
    ])
    expect(await refused({ title: { en: 'Only English' } })).toEqual(['definition.title.fr'])
    expect(
      await refused({ boxes: [{ key: 'a', channel: 'email', topic: 'unknown', wording: NEWSLETTER }] }),
    ).toEqual(['definition.boxes.0.topic'])
    expect(
      await refused({
        fields: [{ field: 'email', isRequired: true }, { field: 'custom:nothing' }],
        boxes: [],
      }),
    ).toEqual(['definition.fields.1.field', 'definition.fields.1.label'])
    expect((await org.viewer.post('/api/forms', { name: 'x', definition: DEFINITION })).status).toBe(403)
  })

  test('PC-02 whatever else a design holds, a box that is ticked is found', () => {
    const anyBox = fc.record({
      key: fc.stringMatching(/^[a-z]{3,8}$/),
      channel: fc.constantFrom('email' as const, 'sms' as const, 'whatsapp' as const),
      wording: fc.record({ en: fc.string({ maxLength: 20 }), fr: fc.string({ maxLength: 20 }) }),
      isTicked: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(anyBox, { maxLength: 8 }), (boxes) => {
        const definition = formDefinition.parse({ ...DEFINITION, boxes })
        expect(preticked(definition)).toHaveLength(boxes.filter(({ isTicked }) => isTicked).length)
        expect(Array.isArray(problemsOf(definition, { customFields: new Set(), topics: new Map() }))).toBe(
          true,
        )
      }),
    )
  })
})
