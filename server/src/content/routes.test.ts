import { type ParsedMail, simpleParser } from 'mailparser'
import { afterAll, describe, expect, test } from 'vitest'
import { toWire } from '../platform/ids.ts'
import { harness } from '../testing/harness.ts'
import type { TestOrganization } from '../testing/organization.ts'
import { startSmtpSink } from '../testing/smtp-sink.ts'
import { createMailVersion, loadRenderer, preflightVersion } from './index.ts'
import { mailSource } from './schema.ts'

const sent: ParsedMail[] = []
const sink = await startSmtpSink({
  onMail: (_entry, mail) => void parsing.push(simpleParser(mail).then((parsed) => void sent.push(parsed))),
})
const parsing: Promise<void>[] = []
afterAll(() => sink.close())
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })
const acme = await h.organization({ name: 'Acme & Sons', postalAddress: '1 High Street' })
const other = await h.organization()

const mjml = (inner: string): string =>
  `<mjml><mj-body><mj-section><mj-column>${inner}</mj-column></mj-section></mj-body></mjml>`
const source = {
  language: 'en',
  subject: 'Hello {{ contact.first_name | default: "there" }}',
  preheader: 'News',
  fromName: 'Acme',
  fromEmail: 'news@acme.example',
  body: mjml('<mj-text>Dear {{ contact.first_name | default: "friend" }} of {{ campaign.name }}</mj-text>'),
}
const draft = { name: 'Letter', description: 'Monthly', source }

/** A contact by plain insert: its own room's verbs are not what is tested here. */
async function addContact(org: TestOrganization, firstName: string): Promise<string> {
  const rows = await org.systemCtx.db.query<{ id: string }>(
    `insert into contact (org_id, email, first_name, attributes, source, created_at, updated_at)
     values ($1, $2, $3, '{"shoe": "39"}', 'test', $4, $4) returning id`,
    [org.orgId, `${firstName.toLowerCase()}@people.example`, firstName, org.systemCtx.now()],
  )
  return toWire('contact', rows[0]?.id ?? '')
}

const auditsOf = async (org: TestOrganization): Promise<string[]> =>
  (
    await org.systemCtx.db.query<{ action: string }>(
      "select action from audit_entry where org_id = $1 and subject_kind in ('template', 'mail', 'mail_version') order by seq",
      [org.orgId],
    )
  ).map((entry) => entry.action)

describe('templates', () => {
  test('MA-1.1 are created, read, changed, copied, deleted and restored, each with its audit entry', async () => {
    const org = await h.organization()
    const created = await org.editor.post('/api/content/templates', draft)
    expect(created).toMatchObject({
      status: 201,
      body: { name: 'Letter', version: 1, subject: source.subject },
    })
    const path = `/api/content/templates/${created.body.id}`
    const changed = await org.editor.put(path, { ...draft, name: 'Better letter', version: 1 })
    expect(changed).toMatchObject({ status: 200, body: { name: 'Better letter', version: 2 } })
    const copy = await org.editor.post(`${path}/duplicate`)
    expect(copy).toMatchObject({ status: 201, body: { name: 'Better letter (copy)', version: 1 } })
    expect((await org.editor.delete(path)).status).toBe(204)
    expect((await org.editor.get(path)).status).toBe(404)
    expect((await org.editor.delete(path)).status).toBe(404)
    expect((await org.editor.post(`${path}/restore`)).body.name).toBe('Better letter')
    expect(await auditsOf(org)).toEqual([
      'template.created',
      'template.changed',
      'template.created',
      'template.deleted',
      'template.restored',
    ])
  })

  test('a change made on an older version is refused and changes nothing', async () => {
    const { body } = await acme.editor.post('/api/content/templates', draft)
    const path = `/api/content/templates/${body.id}`
    await acme.editor.put(path, { ...draft, name: 'Theirs', version: 1 })
    const refused = await acme.editor.put(path, { ...draft, name: 'Mine', version: 1 })
    expect(refused).toMatchObject({ status: 409, body: { code: 'content.template_changed' } })
    expect((await acme.editor.get(path)).body.name).toBe('Theirs')
  })

  test('are listed by last change, in pages, found by name, without their bodies', async () => {
    const org = await h.organization()
    for (const name of ['One', 'Two', 'Three']) {
      h.clock.advance(1_000)
      await org.editor.post('/api/content/templates', { ...draft, name })
    }
    const first = await org.viewer.get('/api/content/templates?limit=2')
    expect(first.body.items.map((item: { name: string }) => item.name)).toEqual(['Three', 'Two'])
    expect(first.body.items[0].source).toBeUndefined()
    const second = await org.viewer.get(`/api/content/templates?limit=2&cursor=${first.body.nextCursor}`)
    expect(second.body).toMatchObject({ items: [{ name: 'One' }], nextCursor: null })
    expect((await org.viewer.get('/api/content/templates?q=wo')).body.items).toHaveLength(1)
    expect(await org.viewer.get('/api/content/templates?cursor=nonsense')).toMatchObject({ status: 400 })
  })

  test('a draft that does not compile yet is kept', async () => {
    const broken = { ...draft, source: { ...source, body: '<mjml>{% if' } }
    expect((await acme.editor.post('/api/content/templates', broken)).status).toBe(201)
  })

  test('a name is demanded, and the field is named', async () => {
    const answer = await acme.editor.post('/api/content/templates', { ...draft, name: ' ' })
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'name', message: 'Give the template a name.' }] },
    })
  })

  test('NFR-004.2 another organization finds none of them', async () => {
    const { body } = await acme.editor.post('/api/content/templates', draft)
    const path = `/api/content/templates/${body.id}`
    const answers = [
      await other.owner.get(path),
      await other.owner.get(`${path}/preview`),
      await other.owner.put(path, { ...draft, version: 1 }),
      await other.owner.delete(path),
      await other.owner.post(`${path}/duplicate`),
      await other.owner.post(`${path}/restore`),
    ]
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'content.template_not_found' } })
    }
  })
})

describe('who may', () => {
  const write: readonly [string, string, unknown][] = [
    ['POST', '/api/content/templates', draft],
    [
      'PUT',
      `/api/content/templates/${toWire('template', '00000000-0000-7000-8000-000000000000')}`,
      { ...draft, version: 1 },
    ],
    [
      'DELETE',
      `/api/content/templates/${toWire('template', '00000000-0000-7000-8000-000000000000')}`,
      undefined,
    ],
    [
      'POST',
      `/api/content/templates/${toWire('template', '00000000-0000-7000-8000-000000000000')}/restore`,
      undefined,
    ],
    [
      'POST',
      `/api/content/templates/${toWire('template', '00000000-0000-7000-8000-000000000000')}/duplicate`,
      undefined,
    ],
    ['POST', '/api/content/test-send', { source, to: ['a@b.example'] }],
  ]
  const read: readonly [string, string, unknown][] = [
    ['GET', '/api/content/variables', undefined],
    ['GET', '/api/content/starters', undefined],
    ['GET', '/api/content/starters/welcome/preview', undefined],
    ['GET', '/api/content/templates', undefined],
    ['POST', '/api/content/preview', { source }],
    ['POST', '/api/content/preflight', { source }],
  ]
  test.each([...write, ...read])(
    'NFR-004.1 nobody calls %s %s without a session',
    async (method, url, body) => {
      const answer = await h.request({
        method,
        url,
        ...(body === undefined ? {} : { payload: body as object }),
      })
      expect(answer.statusCode).toBe(401)
    },
  )
  test.each(write)('NFR-004.1 a viewer may not %s %s', async (method, url, body) => {
    const answer =
      method === 'POST'
        ? await acme.viewer.post(url, body)
        : method === 'PUT'
          ? await acme.viewer.put(url, body)
          : await acme.viewer.delete(url)
    expect(answer.status).toBe(403)
  })
  test.each(read)('a viewer may %s %s', async (method, url, body) => {
    const answer = method === 'POST' ? await acme.viewer.post(url, body) : await acme.viewer.get(url)
    expect(answer.status).toBe(200)
  })
})

describe('variables', () => {
  test('MA-1.2 CS-002.7 the organization’s own fields stand behind the standard ones', async () => {
    const org = await h.organization()
    await org.systemCtx.db.query(
      `insert into custom_field (org_id, id, key, name, type, created_at, updated_at)
       values ($1, '00000000-0000-7000-8000-00000000000a', 'shoe', 'Shoe size', 'number', $2, $2)`,
      [org.orgId, org.systemCtx.now()],
    )
    const { body } = await org.viewer.get('/api/content/variables')
    expect(body.items[0]).toMatchObject({ name: 'contact.first_name', optional: true, label: null })
    expect(body.items.at(-1)).toEqual({
      name: 'contact.shoe',
      type: 'number',
      optional: true,
      label: 'Shoe size',
    })
    const answer = await org.viewer.post('/api/content/preview', {
      source: { ...source, subject: '{{ contact.shoe }}' },
    })
    expect(answer.body.mail.subject).toBe('42')
    expect((await acme.viewer.get('/api/content/variables')).body.items.at(-1).name).not.toBe('contact.shoe')
  })
})

describe('starters', () => {
  test('MA-1.1 six in each language, shown as a sample person gets them', async () => {
    const { body } = await acme.viewer.get('/api/content/starters?language=fr')
    expect(body.items).toHaveLength(6)
    expect(body.items[1]).toMatchObject({ key: 'welcome', name: 'Bienvenue', source: { language: 'fr' } })
    const shown = await acme.viewer.get('/api/content/starters/welcome/preview?language=fr')
    expect(shown.body.mail.subject).toBe('Bienvenue, Camille')
    expect(shown.body.mail.html).toContain('Acme &amp; Sons')
    expect((await acme.viewer.get('/api/content/starters/unknown/preview')).status).toBe(404)
  })
})

describe('preview', () => {
  test('CS-002.6 CS-002.7 FR-003.6 FR-003.7 shows the mail as a contact gets it', async () => {
    const contactId = await addContact(acme, 'Berthe')
    const { body } = await acme.viewer.post('/api/content/preview', {
      source,
      as: { contactId },
      campaignName: 'Spring',
    })
    expect(body.mail).toMatchObject({ subject: 'Hello Berthe', fromName: 'Acme' })
    expect(body.mail.html).toContain('Dear Berthe of Spring')
    expect(body.mail.html).toContain("default-src 'none'")
    expect(body.mail.text).toContain('Acme & Sons · 1 High Street')
  })
  test('CS-002.6 the name of a campaign shows in a call as well, as long as a campaign’s may be', async () => {
    const campaignName = 'é'.repeat(200)
    const { body } = await acme.viewer.post('/api/content/message-preview', {
      source: {
        channel: 'webhook',
        url: 'https://crm.example.net/hook',
        method: 'POST',
        headers: [],
        payload: '{"campaign":"{{ campaign.name }}"}',
      },
      campaignName,
    })
    expect(JSON.parse(body.message.body)).toEqual({ campaign: campaignName })
  })
  test('CS-002.6 FR-003.7 survives people without a name', async () => {
    const { body } = await acme.viewer.post('/api/content/preview', { source, as: { sample: 'no_name' } })
    expect(body.mail.subject).toBe('Hello there')
  })
  test('links lead to their targets, and no pixel is shown', async () => {
    const body = mjml('<mj-button href="https://shop.example.net/{{ contact.city }}">Go</mj-button>')
    const answer = await acme.viewer.post('/api/content/preview', { source: { ...source, body } })
    expect(answer.body.links).toEqual([{ index: 0, label: 'Go', url: 'https://shop.example.net/Bristol' }])
    expect(answer.body.mail.html).toContain('href="https://shop.example.net/Bristol"')
    expect(answer.body.mail.html).not.toContain('<img')
  })
  test('a source that does not compile answers what is wrong, where, in the caller’s language', async () => {
    const body = '<mjml><mj-body>\n<mj-section>\n</mj-body></mjml>'
    const answer = await acme.viewer.post('/api/content/preview', { source: { ...source, body } })
    expect(answer).toMatchObject({
      status: 200,
      body: {
        mail: null,
        problems: [{ field: 'body', line: 2, column: 1, message: '<mj-section> is not closed.' }],
      },
    })
  })
  test('NFR-002.3 a text that grows beyond its limits is answered as one, wherever it stands', async () => {
    const grown = `{{ "aaaaaaaaaa"${' | replace: "a", "aaaaaaaaaa"'.repeat(7)} }}`
    const message = /^For this person the text grows longer, or takes longer/
    for (const [field, changed] of [
      ['body', { body: mjml(`<mj-text>${grown}</mj-text>`) }],
      ['body', { body: mjml(`<mj-button href="https://shop.example.net/${grown}">Go</mj-button>`) }],
      // A range makes liquidjs write it instead of our closures.
      ['preheader', { preheader: `{% for n in (1..1) %}${grown}{% endfor %}` }],
      ['text', { text: grown }],
    ] as const) {
      const answer = await acme.viewer.post('/api/content/preview', { source: { ...source, ...changed } })
      expect(answer).toMatchObject({
        status: 200,
        body: {
          mail: null,
          problems: [{ key: 'beyond_limit', field, message: expect.stringMatching(message) as string }],
        },
      })
    }
    expect(
      (
        await acme.viewer.post('/api/content/message-preview', {
          source: { channel: 'sms', text: `${grown} STOP` },
        })
      ).body,
    ).toMatchObject({
      message: null,
      checks: [{ level: 'block', field: 'text', message: expect.stringMatching(message) as string }],
    })
    expect(
      await acme.owner.post('/api/content/test-send', {
        source: { ...source, subject: grown },
        to: ['ann@example.org'],
      }),
    ).toMatchObject({
      status: 400,
      body: { code: 'content.not_sendable', errors: [{ path: 'source.subject' }] },
    })
  })
  test('NFR-004.2 a contact of another organization is no contact', async () => {
    const contactId = await addContact(other, 'Zoe')
    const answer = await acme.owner.post('/api/content/preview', { source, as: { contactId } })
    expect(answer).toMatchObject({ status: 404, body: { code: 'content.contact_not_found' } })
  })
  test('nobody sees or sends a draft as a contact who may not read contacts', async () => {
    const org = await h.organization({ scopes: ['content.read', 'content.write'] })
    const contactId = await addContact(org, 'Odile')
    const sms = { channel: 'sms', text: '{{ contact.email | default: "none" }} Reply STOP' }
    for (const [path, asked] of [
      ['preview', { source }],
      ['message-preview', { source: sms }],
      ['test-send', { source, to: ['a@people.example'] }],
    ] as const) {
      expect(await org.key.post(`/api/content/${path}`, { ...asked, as: { contactId } })).toMatchObject({
        status: 403,
        body: { code: 'request.not_permitted', permission: 'contacts.read' },
      })
    }
    const asSample = await org.key.post('/api/content/message-preview', { source: sms })
    expect(asSample.body.message.text).toMatch(/@.+ Reply STOP$/)
    const { body } = await org.viewer.post('/api/content/message-preview', { source: sms, as: { contactId } })
    expect(body.message.text).toBe('odile@people.example Reply STOP')
  })
  test('a body of 10 MB is refused by name', async () => {
    const answer = await acme.editor.post('/api/content/preview', {
      source: { ...source, body: 'x'.repeat(10_000_000) },
    })
    expect(answer.status).toBe(400)
    expect(answer.body.errors).toMatchObject([{ path: 'source.body' }])
  })
})

describe('pre-flight', () => {
  test('a good mail is ready', async () => {
    const { body } = await acme.viewer.post('/api/content/preflight', { source })
    expect(body.ready).toBe(true)
    expect(body.checks.filter((check: { level: string }) => check.level !== 'ok')).toEqual([])
  })
  test('an empty one is not, and says why', async () => {
    const { body } = await acme.viewer.post('/api/content/preflight', { source: {} })
    expect(body.ready).toBe(false)
    expect(body.checks[0]).toMatchObject({
      level: 'block',
      field: 'subject',
      message: 'The mail has no subject.',
    })
  })
})

describe('test send', () => {
  test('PC-27 goes to each address once, marked, as the sample person, and is audited', async () => {
    const org = await h.organization()
    const answer = await org.editor.post('/api/content/test-send', {
      source: { ...source, fromName: 'Acme, "Sons" <evil@x.example>', replyTo: 'answers@acme.example' },
      to: ['a@people.example', 'b@people.example', 'a@people.example'],
      as: { sample: 'typical' },
    })
    expect(answer).toMatchObject({ status: 200, body: { sentTo: ['a@people.example', 'b@people.example'] } })
    await Promise.all(parsing)
    expect(sent).toHaveLength(2)
    expect(sent[0]).toMatchObject({ subject: '[Test] Hello Alex' })
    expect(sent[0]?.from?.value).toEqual([
      { name: 'Acme, "Sons" <evil@x.example>', address: 'news@acme.example' },
    ])
    expect(sent[0]?.text).toContain('Dear Alex')
    expect(sent[0]?.html).toContain('Dear Alex')
    expect(await auditsOf(org)).toEqual(['mail.test_sent'])
  })
  test('refuses a mail without a sender, and a broken one, and sends nothing', async () => {
    const withoutSender = await acme.editor.post('/api/content/test-send', {
      source: { ...source, fromEmail: '' },
      to: ['a@people.example'],
    })
    expect(withoutSender).toMatchObject({ status: 400, body: { errors: [{ path: 'source.fromEmail' }] } })
    const broken = await acme.editor.post('/api/content/test-send', {
      source: { ...source, body: mjml('<mj-text>{{ nobody }}</mj-text>') },
      to: ['a@people.example'],
    })
    expect(broken).toMatchObject({ status: 400, body: { errors: [{ path: 'source.body' }] } })
    expect(await auditsOf(acme)).not.toContain('mail.test_sent')
  })
  test('PC-23 an address on the suppression list gets no test either', async () => {
    const added = await acme.admin.post('/api/suppressions', {
      channel: 'email',
      address: 'Gone@people.example',
    })
    expect(added.status).toBeLessThan(300)
    const answer = await acme.editor.post('/api/content/test-send', { source, to: ['gone@people.example'] })
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'to' }] } })
  })
  test('refuses what is not an address, and more than five', async () => {
    for (const to of [
      ['a@x, b@y'],
      ['x\r\nBcc: y@z.example'],
      [],
      Array.from({ length: 6 }, (_, n) => `${n}@x.example`),
    ]) {
      expect((await acme.editor.post('/api/content/test-send', { source, to })).status).toBe(400)
    }
  })
})

describe('mail versions', () => {
  const parsed = mailSource.parse(source)
  const urls = {
    linkUrl: (index: number) => `https://t.example/${index}`,
    unsubscribeUrl: 'https://t.example/u',
    preferencesUrl: 'https://t.example/p',
    viewUrl: 'https://t.example/v',
    pixelUrl: null,
  }
  const nobody = {
    email: 'a@b.example', phone: null, firstName: null, lastName: null, language: null, timeZone: null, country: null, city: null,
    birthday: null, subscriptionTier: null, subscriptionStatus: null, tags: [], attributes: {},
  } // prettier-ignore

  test('FR-003.1 are frozen and rendered with the campaign’s name', async () => {
    const { id } = await createMailVersion(acme.ctx, parsed, { name: 'Spring' })
    const mail = (await loadRenderer(acme.ctx, id)).render(nobody, urls)
    expect(mail).toMatchObject({ subject: 'Hello there', fromEmail: 'news@acme.example' })
    expect(mail.html).toContain('Dear friend of Spring')
    expect(await auditsOf(acme)).toContain('mail_version.created')
    expect((await preflightVersion(acme.ctx, id)).filter((check) => check.level === 'block')).toEqual([])
  })
  test('a broken mail is refused with each place, and nothing is kept', async () => {
    const before = (await auditsOf(acme)).length
    await expect(createMailVersion(acme.ctx, { ...parsed, body: '' })).rejects.toMatchObject({
      code: 'content.not_sendable',
      problems: [{ path: 'source.body' }],
    })
    expect(await auditsOf(acme)).toHaveLength(before)
  })
  test('NFR-004.2 a version of another organization is none', async () => {
    const { id } = await createMailVersion(acme.ctx, parsed)
    await loadRenderer(acme.ctx, id)
    await expect(loadRenderer(other.ctx, id)).rejects.toMatchObject({ code: 'content.version_not_found' })
  })
})
