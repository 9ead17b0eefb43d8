import { createHmac, generateKeyPairSync } from 'node:crypto'
import type { Readable } from 'node:stream'
import { simpleParser } from 'mailparser'
import { afterAll, describe, expect, test } from 'vitest'
import { campaignFigures, checkFigures, peopleOf } from '../../analytics/index.ts'
import { costsOf } from '../../budgets/index.ts'
import { createContact } from '../../contacts/index.ts'
import { isSuppressed, recordConsents } from '../../consent/index.ts'
import { toWire, type ContactId } from '../../platform/ids.ts'
import { harness } from '../../testing/harness.ts'
import { testLaunch } from '../../testing/launch.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { simulate, SIMULATED, type SimulatedName, type Simulator } from '../../testing/simulators/index.ts'
import type { LaterEvent } from '../../testing/simulators/vendor.ts'
import { messagesOf, readToken } from '../../tracking/index.ts'
import { inboxStream } from '../inbox/stream.ts'
import { carryOwnMail, runProgress, whyInRun } from '../index.ts'
import { ownMessage } from '../sending/own-mail.ts'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const simulators: Partial<Record<SimulatedName, Simulator>> = {}
for (const name of ['sendgrid', 'twilio', 'gateway', 'mailgun', 'whatsapp'] as const)
  simulators[name] = await simulate(name, {
    secrets: { privateKeyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() },
  })
afterAll(async () => {
  for (const simulator of Object.values(simulators)) await simulator.close()
})
const at = (name: SimulatedName): Simulator => {
  const simulator = simulators[name]
  if (!simulator) throw new Error(`no simulator ${name} was started`)
  return simulator
}
const h = await harness({
  egress: { allow: Object.values(simulators).map(({ port }) => `127.0.0.1:${port}`) },
})

const SETTINGS: Readonly<
  Partial<Record<SimulatedName, () => { settings: Record<string, string>; secrets: Record<string, string> }>>
> = {
  sendgrid: () => ({
    settings: {
      baseUrl: at('sendgrid').url,
      eventPublicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    },
    secrets: { apiKey: at('sendgrid').secrets.apiKey },
  }),
  mailgun: () => ({
    settings: { baseUrl: at('mailgun').url, domain: 'mg.shop.example' },
    secrets: { apiKey: at('mailgun').secrets.apiKey, signingKey: at('mailgun').secrets.eventKey },
  }),
  twilio: () => ({
    settings: { baseUrl: at('twilio').url, accountSid: 'AC1', from: '+15005550006' },
    secrets: { authToken: at('twilio').secrets.apiKey },
  }),
  whatsapp: () => ({
    settings: { baseUrl: `${at('whatsapp').url}/v23.0`, phoneNumberId: '1' },
    secrets: {
      accessToken: at('whatsapp').secrets.apiKey,
      appSecret: at('whatsapp').secrets.eventKey,
      verifyToken: 'our word',
    },
  }),
}

interface Added {
  id: string
  hookUrl: string
}

async function add(
  org: TestOrganization,
  kind: SimulatedName,
  more: Record<string, string> = {},
): Promise<Added> {
  const made = SETTINGS[kind]?.()
  const answer = await org.owner.post('/api/providers', {
    kind,
    name: kind,
    settings: { ...made?.settings, ...more },
    secrets: made?.secrets ?? {},
  })
  expect(answer.status).toBe(201)
  return answer.body
}

async function person(org: TestOrganization, name: string, phone?: string): Promise<ContactId> {
  const { id } = await createContact(
    org.systemCtx,
    { email: `${name}@example.net`, ...(phone === undefined ? {} : { phone }) },
    'manual',
  )
  await recordConsents(
    org.systemCtx,
    { source: 'member' },
    (['email', 'sms', 'whatsapp', 'in_app'] as const).map((channel) => ({
      contactId: id,
      channel,
      purpose: 'marketing' as const,
      state: 'granted' as const,
      occurredAt: h.clock.now(),
    })),
  )
  return id
}

/** Tells the hook what a simulator would. */
async function tell(
  kind: SimulatedName,
  hookUrl: string,
  events: readonly Pick<LaterEvent, 'kind' | 'token' | 'to'>[],
  change: (body: string) => string = (body) => body,
): Promise<number> {
  const call = SIMULATED[kind].event(
    events.map((event, n) => ({
      ...event,
      id: `id${n}`,
      eventId: `${event.kind}-${event.token}`,
      atMs: h.clock.now().getTime(),
    })),
    kind === 'twilio' ? `${hookUrl}?m=${events[0]?.token ?? ''}` : hookUrl,
    at(kind).secrets,
  )
  if (!call) throw new Error('this provider tells no such event')
  const { pathname, search } = new URL(call.url)
  const answer = await h.request({
    method: call.method,
    url: pathname + search,
    headers: call.headers,
    payload: change(call.body),
  })
  return answer.statusCode
}

const stateOf = async (
  org: TestOrganization,
  id: ContactId,
  channel = 'email',
): Promise<string | undefined> =>
  (await messagesOf(org.systemCtx, id, { limit: 10 })).items.find((item) => item.channel === channel)?.state

describe('a provider of mails', () => {
  test('FR-003.1 takes a campaign in one call, and its events move the ledger, whatever their order', async () => {
    const org = await h.organization()
    const { hookUrl } = await add(org, 'sendgrid')
    const [ada, bob] = [await person(org, 'ada'), await person(org, 'bob')]
    const { runId } = await testLaunch(org.systemCtx)
    await h.drain()
    const taken = at('sendgrid').taken().slice(-2)
    expect(taken.map(({ to }) => to).toSorted()).toEqual(['ada@example.net', 'bob@example.net'])
    expect(await runProgress(org.systemCtx, runId)).toMatchObject({ state: 'completed', counts: { sent: 2 } })

    const tokenOf = (to: string): string => taken.find((entry) => entry.to === to)?.token ?? ''
    const bounce = { kind: 'bounced' as const, to: 'bob@example.net', token: tokenOf('bob@example.net') }
    const delivery = { kind: 'delivered' as const, to: 'ada@example.net', token: tokenOf('ada@example.net') }
    expect(await tell('sendgrid', hookUrl, [bounce, delivery])).toBe(200)
    // Late, and again: nothing moves back, nothing counts twice.
    expect(await tell('sendgrid', hookUrl, [{ ...bounce, kind: 'delivered' }, bounce, delivery])).toBe(200)
    await h.drain()
    expect([await stateOf(org, ada), await stateOf(org, bob)]).toEqual(['delivered', 'bounced'])
    // Whoever asks why is told what the provider told later, once.
    expect(await whyInRun(org.systemCtx, runId, bob)).toMatchObject([
      {
        channel: 'email',
        kind: 'outcome',
        state: 'bounced',
        said: { provider: 'sendgrid', attempts: 1, words: expect.stringMatching(/./) },
      },
    ])
    const keys = await h.platform.secrets.of(org.systemCtx)
    expect(
      await isSuppressed(org.systemCtx, 'email', keys.addressHash('email', 'bob@example.net')),
    ).toMatchObject({ reason: 'hard' })
    expect(
      await isSuppressed(org.systemCtx, 'email', keys.addressHash('email', 'ada@example.net')),
    ).toBeNull()
  })

  test('PC-22 a complaint suppresses marketing mail at once and counts once, however often it is told', async () => {
    const org = await h.organization()
    const { hookUrl } = await add(org, 'mailgun')
    await person(org, 'eve')
    const { runId } = await testLaunch(org.systemCtx)
    await h.drain()
    const token = at('mailgun').taken().at(-1)?.token ?? ''
    const complaint = { kind: 'complained' as const, token, to: 'eve@example.net' }
    expect(await tell('mailgun', hookUrl, [complaint])).toBe(200)
    expect(await tell('mailgun', hookUrl, [complaint])).toBe(200)
    await h.drain()
    const keys = await h.platform.secrets.of(org.systemCtx)
    expect(
      await isSuppressed(org.systemCtx, 'email', keys.addressHash('email', 'eve@example.net')),
    ).toMatchObject({
      reason: 'complaint',
      scope: 'marketing',
    })
    const [row] = await org.systemCtx.db.query<{ n: number }>(
      `select count(*)::int as n from event where org_id = $1 and type = 'message.complained' and run_id = $2`,
      [org.systemCtx.orgId, runId],
    )
    expect(row?.n).toBe(1)
  })

  test('FR-006.1 who cannot prove to be the provider is told that there is nothing here', async () => {
    const org = await h.organization()
    const other = await h.organization()
    const { hookUrl, id } = await add(org, 'sendgrid')
    const event = { kind: 'bounced' as const, token: 't'.repeat(40), to: 'ada@example.net' }
    expect(await tell('sendgrid', hookUrl, [event], (body) => `${body} `)).toBe(404)
    const elsewhere = hookUrl.replace(
      toWire('organization', org.systemCtx.orgId),
      toWire('organization', other.systemCtx.orgId),
    )
    expect(await tell('sendgrid', elsewhere, [event])).toBe(404)
    expect(
      (await h.request({ method: 'POST', url: new URL(hookUrl).pathname, payload: '[]' })).statusCode,
    ).toBe(404)
    h.clock.advance(3_600_000)
    const late = SIMULATED.sendgrid.event(
      [{ ...event, id: 'x', eventId: 'x', atMs: h.clock.now().getTime() - 3_600_000 }],
      hookUrl,
      at('sendgrid').secrets,
    )
    expect(
      (
        await h.request({
          method: 'POST',
          url: new URL(hookUrl).pathname,
          headers: late?.headers ?? {},
          payload: late?.body ?? '',
        })
      ).statusCode,
    ).toBe(404)
    expect(id).toMatch(/^prv_/)
  })

  test('NFR-002.3 CB-9.2 the fallback takes what the default cannot, and both say how they fare', async () => {
    const org = await h.organization()
    const broken = await add(org, 'sendgrid', { baseUrl: 'http://127.0.0.1:1' })
    const spare = await add(org, 'mailgun')
    await org.owner.put(`/api/providers/${spare.id}/rank`, { rank: 1 })
    const [zoe, yan] = [await person(org, 'zoe'), await person(org, 'yan')]
    const before = at('mailgun').taken().length
    const { runId, campaignId } = await testLaunch(org.systemCtx)
    await h.drain()
    // Each under its own name, though they stood in a call to the other already.
    const taken = at('mailgun').taken().slice(before)
    const namedIn = async (to: string): Promise<ContactId | undefined> =>
      (await readToken(h.platform, taken.find((entry) => entry.to === to)?.token ?? '', 'message'))?.message
        .contactId
    expect(taken).toHaveLength(2)
    expect([await namedIn('zoe@example.net'), await namedIn('yan@example.net')]).toEqual([zoe, yan])
    // Priced as a message of the one that took it.
    const validFrom = new Date(h.clock.now().getTime() - 3_600_000).toISOString()
    for (const [providerId, price] of [
      [broken.id, 1],
      [spare.id, 3],
    ] as const)
      await org.owner.put('/api/message-prices/special', { channel: 'email', providerId, price, validFrom })
    expect((await costsOf(org.systemCtx, [campaignId])).get(campaignId)?.totalMinor).toBe(600)
    expect(await runProgress(org.systemCtx, runId)).toMatchObject({ state: 'completed', counts: { sent: 2 } })
    const listed = (await org.viewer.get('/api/providers')).body as {
      items: { id: string; health: string }[]
    }
    expect(Object.fromEntries(listed.items.map(({ id, health }) => [id, health]))).toEqual({
      [broken.id]: 'troubled',
      [spare.id]: 'taking',
    })
  })

  test('NFR-004.3 secrets are never shown again, and stay when they are not given', async () => {
    const org = await h.organization()
    const { id } = await add(org, 'mailgun')
    const listed = await org.owner.get('/api/providers')
    expect(JSON.stringify(listed.body)).not.toContain(at('mailgun').secrets.apiKey)
    expect(listed.body.items[0].secretsKept).toEqual(['apiKey', 'signingKey'])
    const changed = await org.owner.put(`/api/providers/${id}`, {
      name: 'Mailgun, renamed',
      settings: { baseUrl: at('mailgun').url, domain: 'mg.shop.example' },
    })
    expect(changed.body).toMatchObject({ name: 'Mailgun, renamed', secretsKept: ['apiKey', 'signingKey'] })
    expect((await org.editor.delete(`/api/providers/${id}`)).status).toBe(403)
    expect((await org.owner.post('/api/providers', { kind: 'mailgun', name: 'x' })).status).toBe(400)
  })

  test('NFR-004.3 a kept secret follows to no other address', async () => {
    const org = await h.organization()
    const { id } = await add(org, 'mailgun')
    const elsewhere = (secrets: Record<string, string>) =>
      org.owner.put(`/api/providers/${id}`, {
        name: 'Mailgun',
        settings: { baseUrl: 'https://collector.example', domain: 'mg.shop.example' },
        secrets,
      })
    const refused = await elsewhere({})
    expect([refused.status, refused.body.errors]).toEqual([
      400,
      [expect.objectContaining({ path: 'secrets.apiKey' })],
    ])
    // What only proves what we are told is sent nowhere.
    const moved = await elsewhere({ apiKey: 'another' })
    expect([moved.status, moved.body.secretsKept]).toEqual([200, ['apiKey', 'signingKey']])
  })

  test.each(['EAAG’abc', 'EAAG abc', 'EAAG\nabc', 'ÉAAG'])(
    'a key that could not be sent is refused with its field: %j',
    async (accessToken) => {
      const org = await h.organization()
      const refused = await org.owner.post('/api/providers', {
        kind: 'whatsapp',
        name: 'WhatsApp',
        settings: { baseUrl: `${at('whatsapp').url}/v23.0`, phoneNumberId: '1' },
        secrets: { accessToken },
      })
      expect([refused.status, refused.body.errors]).toEqual([
        400,
        [
          {
            path: 'secrets.accessToken',
            message: 'This holds a character that no key has, perhaps from a word processor. Copy it again.',
          },
        ],
      ])
    },
  )

  const SES = { accessKeyId: 'AKIA1' }
  test.each([
    ['twilio', 'accountSid', { accountSid: 'SK1', from: '+15005550006' }, 'AC…'],
    ['twilio', 'accountSid', { accountSid: 'AC1/../x', from: '+15005550006' }, 'AC…'],
    ['ses', 'region', { ...SES, region: 'Ireland' }, 'eu-west-1'],
    ['ses', 'region', { ...SES, region: 'x.example/' }, 'eu-west-1'],
    ['whatsapp', 'phoneNumberId', { phoneNumberId: '+33 6 12 34 56 78' }, '106540352242922'],
    ['mailgun', 'domain', { domain: 'https://mg.shop.example' }, 'mg.example.com'],
    ['mailgun', 'domain', { domain: 'news@shop.example' }, 'mg.example.com'],
  ])('what is no setting of %s is refused with its field: %s %j', async (kind, key, settings, example) => {
    const org = await h.organization()
    const secrets = {
      twilio: { authToken: 'abc' },
      ses: { secretAccessKey: 'abc' },
      whatsapp: { accessToken: 'abc' },
      mailgun: { apiKey: 'abc' },
    }[kind]
    const refused = await org.owner.post(
      '/api/providers',
      { kind, name: 'Ours', settings, secrets },
      { 'accept-language': 'fr' },
    )
    expect([refused.status, refused.body.errors]).toEqual([
      400,
      [
        {
          path: `settings.${key}`,
          message: `Écrivez-le tel que le prestataire l’affiche, par exemple « ${example} ».`,
        },
      ],
    ])
  })

  test.each(['eu-west-1', 'us-gov-west-1', 'ap-southeast-2'])('Amazon SES is in %s', async (region) => {
    const org = await h.organization()
    const added = await org.owner.post('/api/providers', {
      kind: 'ses',
      name: 'SES',
      settings: { ...SES, region },
      secrets: { secretAccessKey: 'abc' },
    })
    expect(added.status).toBe(201)
  })

  test.each([
    ['twilio', '', 'Enter a number with its country code, such as +33612345678.'],
    ['whatsapp', '0612', 'Enter a number with its country code, such as +33612345678.'],
    ['mailgun', '', 'Not an e-mail address. Write it like name@example.com.'],
  ] as const)('a trial of %s to %j says what it is to be given', async (kind, to, message) => {
    const org = await h.organization()
    const { id } = await add(org, kind)
    const refused = await org.owner.post(`/api/providers/${id}/test`, { to })
    expect([refused.status, refused.body.errors]).toEqual([400, [{ path: 'to', message }]])
  })

  test.each(['', 'zzz', 'http://127.0.0.1:9/x', 'https://10.0.0.5/'])(
    'PC-47 a trial of webhooks at %j says what may be called',
    async (to) => {
      const org = await h.organization()
      const { body } = await org.owner.post('/api/providers', {
        kind: 'webhook',
        name: 'Webhooks',
        settings: {},
        secrets: { signingSecret: 'whsec_YWJj' },
      })
      const refused = await org.owner.post(`/api/providers/${body.id}/test`, { to })
      expect([refused.status, refused.body.errors]).toEqual([
        400,
        [
          {
            path: 'to',
            message: expect.stringMatching(/^Enter a public https address.*FANFARE_EGRESS_ALLOW/),
          },
        ],
      ])
    },
  )

  test('a header of several words may be sent, and a body may hold any letter', async () => {
    const org = await h.organization()
    const added = await org.owner.post('/api/providers', {
      kind: 'gateway',
      name: 'Été',
      settings: { url: at('gateway').url, body: '{"text":"Été : {{text}}"}' },
      secrets: { authorization: 'Bearer abc' },
    })
    expect(added.status).toBe(201)
  })
})

describe('a single mail in the name of an organization', () => {
  const question = {
    to: 'new@example.net',
    from: { name: 'Shop', address: null },
    replyTo: null,
    subject: 'Please confirm',
    text: 'Yes',
    html: '<p>Yes</p>',
    isTest: false,
  }

  test('FR-003.1 goes where its campaigns go, from its first sender, and what the provider refuses is repeated', async () => {
    const org = await h.organization()
    await add(org, 'sendgrid')
    expect(await carryOwnMail(org.systemCtx, question)).toBe(false)
    await org.owner.post('/api/sending/senders', { name: 'Shop', email: 'hello@shop.example' })
    expect(await carryOwnMail(org.systemCtx, question)).toBe(true)
    expect(at('sendgrid').taken().at(-1)).toMatchObject({ to: 'new@example.net', excerpt: 'Please confirm' })
    at('sendgrid').setFaults({ serverError: 1 })
    const refused = await org.editor.post('/api/content/test-send', {
      source: {
        language: 'en',
        subject: 'Hello',
        fromEmail: 'hello@shop.example',
        body: '<mjml><mj-body><mj-section><mj-column><mj-text>Hi</mj-text></mj-column></mj-section></mj-body></mjml>',
      },
      to: ['me@example.net'],
    })
    at('sendgrid').setFaults({})
    expect(refused.body).toMatchObject({
      code: 'delivery.mail_not_taken',
      errors: [{ path: 'to', message: expect.stringMatching(/./) }],
    })
  })

  test('FR-003.1 stays with the installation where the organization has nothing of its own', async () => {
    const org = await h.organization()
    await org.owner.post('/api/sending/senders', { name: 'Shop', email: 'hello@shop.example' })
    expect(await carryOwnMail(org.systemCtx, question)).toBe(false)
  })

  test('is signed by the sending domain, and says that a program sent it', async () => {
    const org = await h.organization()
    await org.owner.post('/api/sending/domains', { domain: 'shop.example' })
    const written = (isTest: boolean) =>
      ownMessage(org.systemCtx, { ...question, isTest }, { name: 'Shop', address: 'hello@shop.example' })
    const { from, to, data } = await written(false)
    expect([from, to]).toEqual(['hello@shop.example', 'new@example.net'])
    const mail = await simpleParser(data)
    expect([mail.subject, mail.text?.trim(), mail.from?.text]).toEqual([
      'Please confirm',
      'Yes',
      '"Shop" <hello@shop.example>',
    ])
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated')
    const signatures = mail.headerLines.filter(({ key }) => key === 'dkim-signature')
    expect(signatures.map(({ line }) => /d=([^;]+);/.exec(line)?.[1])).toEqual([
      'shop.example',
      'shop.example',
    ])
    expect((await simpleParser((await written(true)).data)).headers.has('auto-submitted')).toBe(false)
  })
})

describe('text messages', () => {
  test('PC-43 a wish to stop, in any spelling, holds at once and is confirmed once; START takes it back', async () => {
    const org = await h.organization()
    const { hookUrl } = await add(org, 'twilio')
    const words = [' stop. ', 'Arrêt', 'STOP 36111', 'cancel']
    const people = await Promise.all(words.map((_, n) => person(org, `p${n}`, `+3361234567${n}`)))
    const write = async (n: number, text: string, sid = `SM${n}`): Promise<string> => {
      const fields = {
        MessageSid: sid,
        From: `+3361234567${n}`,
        To: '+15005550006',
        Body: text,
        SmsStatus: 'received',
      }
      return (await inbound(hookUrl, fields)).body
    }
    for (const [n, word] of words.entries()) {
      const answer = await write(n, word)
      expect(answer.match(/<Message>/g)).toHaveLength(1)
      expect(answer).not.toMatch(/offer|offre|%|https?:/i)
      // Told again by the provider, and said again by the person: no second confirmation.
      expect(await write(n, word)).not.toContain('<Message>')
      expect(await write(n, word, `again${n}`)).not.toContain('<Message>')
    }
    h.clock.advance(1_000)
    expect(await write(0, 'START', 'back')).toContain('<Message>')
    await testLaunch(org.systemCtx, { channels: ['sms'] })
    await h.drain()
    expect(await Promise.all(people.map((id) => stateOf(org, id, 'sms')))).toEqual([
      'sent',
      'skipped',
      'skipped',
      'skipped',
    ])
    const kept = (await org.viewer.get('/api/inbound')).body as { items: { text: string; intent: string }[] }
    expect(kept.items.filter(({ intent }) => intent === 'stop').map(({ text }) => text)).toEqual(
      expect.arrayContaining(words),
    )
  })

  test('MA-5.3 FR-006.1 an answer counts for the latest message of its channel within seven days, once however often it is told; words with a meaning do not', async () => {
    const org = await h.organization()
    const { hookUrl } = await add(org, 'twilio')
    const [ada, bob] = [await person(org, 'ada', '+33612345680'), await person(org, 'bob', '+33612345681')]
    const write = (from: string, text: string, sid: string): Promise<{ statusCode: number }> =>
      inbound(hookUrl, { MessageSid: sid, From: from, Body: text, SmsStatus: 'received' })
    await write('+33612345680', 'Before anything was sent', 'SMearly')
    const first = await testLaunch(org.systemCtx, { channels: ['sms'] })
    await h.drain()
    h.clock.advance(3_600_000)
    const second = await testLaunch(org.systemCtx, { channels: ['sms'] })
    await h.drain()
    h.clock.advance(6 * 86_400_000)
    // What was said on another channel since is not what a text answers.
    await testLaunch(org.systemCtx)
    await h.drain()
    await write('+33612345680', 'Is the blue one in stock?', 'SM1')
    await write('+33612345680', 'Is the blue one in stock?', 'SM1')
    await write('+33612345680', 'I mean the small one', 'SM2')
    for (const [n, word] of ['HELP', 'STOP', 'START', 'please, no more spam'].entries())
      await write('+33612345681', word, `SMword${n}`)
    await write('+33699999999', 'Who is this?', 'SMstranger')
    await h.drain()
    const told = async (id: ContactId): Promise<string[]> =>
      (await org.viewer.get(`/api/contacts/${toWire('contact', id)}/history`)).body.items
        .filter(({ type }: { type: string }) => type === 'message.replied')
        .map(({ campaignId, channel }: { campaignId: string; channel: string }) => `${campaignId} ${channel}`)
    expect(await told(ada)).toEqual(Array(2).fill(`${toWire('campaign', second.campaignId)} sms`))
    expect(await told(bob)).toEqual([])
    h.clock.advance(2 * 86_400_000)
    await write('+33612345681', 'Too late to be an answer', 'SMlate')
    await h.drain()
    expect((await campaignFigures(org.systemCtx, first.campaignId)).replied).toEqual({ people: 0, times: 0 })
    const figures = await campaignFigures(org.systemCtx, second.campaignId)
    expect(figures.replied).toEqual({ people: 1, times: 2 })
    expect(figures.rates.reply).toEqual({ part: 1, whole: 2, ratio: 0.5 })
    expect(await checkFigures(org.systemCtx, second.runId)).toEqual([])
    const people = await peopleOf(org.systemCtx, second.campaignId, { of: 'replied', limit: 10 })
    expect(people.items.map(({ contactId }) => contactId)).toEqual([ada])
  })

  test('MA-5.3 where several people have a number, whoever was written to last has answered', async () => {
    const org = await h.organization()
    const { hookUrl } = await add(org, 'twilio')
    await person(org, 'home', '+33612345690')
    const office = await person(org, 'office', '+33612345690')
    const { campaignId } = await testLaunch(org.systemCtx, {
      channels: ['sms'],
      audience: {
        include: {
          rule: {
            all: [{ kind: 'contact', field: 'email', operator: 'equals', value: 'office@example.net' }],
          },
        },
      },
    })
    await h.drain()
    await inbound(hookUrl, {
      MessageSid: 'SM9',
      From: '+33612345690',
      Body: 'Yes, at noon?',
      SmsStatus: 'received',
    })
    await h.drain()
    const people = await peopleOf(org.systemCtx, campaignId, { of: 'replied', limit: 10 })
    expect(people.items.map(({ contactId }) => contactId)).toEqual([office])
  })

  test('NFR-002.3 a person in a country where the account may not send keeps nobody waiting, and is blamed for nothing', async () => {
    const org = await h.organization()
    await add(org, 'twilio')
    const barred = await person(org, 'far', '+33612340408')
    const near = await person(org, 'near', '+33612345698')
    const { runId } = await testLaunch(org.systemCtx, { channels: ['sms'] })
    await h.drain()
    expect(await runProgress(org.systemCtx, runId)).toMatchObject({
      state: 'completed',
      counts: { sent: 1, 'failed.region_not_allowed': 1 },
    })
    expect([await stateOf(org, barred, 'sms'), await stateOf(org, near, 'sms')]).toEqual(['failed', 'sent'])
  })

  test('FR-006.1 a receipt moves the message on, known by the address that was called', async () => {
    const org = await h.organization()
    const { hookUrl } = await add(org, 'twilio')
    const id = await person(org, 'tom', '+33612345699')
    await testLaunch(org.systemCtx, { channels: ['sms'] })
    await h.drain()
    const { token = '', to = '' } = at('twilio').taken().at(-1) ?? {}
    expect(await tell('twilio', hookUrl, [{ kind: 'delivered', token, to }])).toBe(200)
    expect(await stateOf(org, id, 'sms')).toBe('delivered')
  })
})

describe('WhatsApp', () => {
  test('CS-002.3 Meta verifies the hook with our word, and a trial message leaves', async () => {
    const org = await h.organization()
    const { hookUrl } = await add(org, 'whatsapp')
    const verified = await h.request({
      method: 'GET',
      url: `${new URL(hookUrl).pathname}?hub.mode=subscribe&hub.verify_token=our%20word&hub.challenge=1158201444`,
    })
    expect([verified.statusCode, verified.body]).toEqual([200, '1158201444'])
    const trial = await org.owner.post(`/api/providers/${hookUrl.split('/').at(-1) ?? ''}/test`, {
      to: '+33612345670',
    })
    expect(trial.body).toMatchObject({ outcome: 'sent' })
  })
})

describe('in the app', () => {
  test('CS-002.4 a message lies in the inbox, is told at once, and reading it counts', async () => {
    const org = await h.organization()
    const id = await person(org, 'ann')
    await testLaunch(org.systemCtx, { channels: ['in_app'] })
    await h.drain()
    const { key } = (await org.owner.post(`/api/contacts/${toWire('contact', id)}/inbox-key`)).body as {
      key: string
    }
    const inbox = (await h.request({ method: 'GET', url: `/inbox/${key}` })).json<{
      items: { token: string; title: string; actionUrl: string }[]
      unread: number
    }>()
    expect(inbox).toMatchObject({ unread: 1, items: [{ title: 'The sales have begun' }] })
    expect(inbox.items[0]?.actionUrl).toContain('/c/')
    const read = await h.request({
      method: 'POST',
      url: `/inbox/${key}/read`,
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify({ tokens: inbox.items.map(({ token }) => token) }),
    })
    expect(read.statusCode).toBe(204)
    expect((await h.request({ method: 'GET', url: `/inbox/${key}` })).json()).toMatchObject({ unread: 0 })
    expect(await stateOf(org, id, 'in_app')).toBe('delivered')
    const altered = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0')
    for (const wrong of [altered, 'org_x.con_1.ab', key.replace(/con_\d+/, 'con_1')])
      expect((await h.request({ method: 'GET', url: `/inbox/${wrong}` })).statusCode).toBe(404)
  })

  test('CS-002.4 whoever listens again after a gap is told to look, for what came meanwhile, and of what comes then', async () => {
    const org = await h.organization()
    const id = await person(org, 'ann')
    const path = `/api/contacts/${toWire('contact', id)}/inbox-key`
    const { key } = (await org.owner.post(path)).body as { key: string }
    const listen = (): Readable => inboxStream(h.platform, key).setEncoding('utf8')
    const told = (stream: Readable): number => String(stream.read()).split('event: changed').length - 1
    listen().destroy()
    await testLaunch(org.systemCtx, { channels: ['in_app'] })
    await h.drain()
    const again = listen()
    expect(told(again)).toBe(1)
    await testLaunch(org.systemCtx, { channels: ['in_app'] })
    await h.drain()
    expect(told(again)).toBe(1)
    again.destroy()
  })
})

/** A call of Twilio's, signed. */
async function inbound(
  hookUrl: string,
  fields: Record<string, string>,
): Promise<{ body: string; statusCode: number }> {
  const signed = Object.keys(fields)
    .toSorted()
    .map((name) => name + (fields[name] ?? ''))
    .join('')
  return h.request({
    method: 'POST',
    url: new URL(hookUrl).pathname,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': createHmac('sha1', at('twilio').secrets.apiKey)
        .update(hookUrl + signed)
        .digest('base64'),
    },
    payload: new URLSearchParams(fields).toString(),
  })
}

describe('somebody who told the provider to stop', () => {
  test.each([
    ['twilio', 'sms'],
    ['whatsapp', 'whatsapp'],
  ] as const)(
    'CS-017.2 of %s is written down as opted out, counts as no bounce, and is not tried again',
    async (kind, channel) => {
      const org = await h.organization()
      await add(org, kind)
      const id = await person(org, `stopped-${kind}`, '+33612340610')
      const first = await testLaunch(org.systemCtx, { channels: [channel] })
      await h.drain()
      expect((await runProgress(org.systemCtx, first.runId)).counts).toEqual({
        'failed.opted_out_at_provider': 1,
      })
      const words = await org.systemCtx.db.query<{ state: string; source: string }>(
        'select state, source_kind as source from consent_event where org_id = $1 and contact_id = $2 and channel = $3 order by id desc limit 1',
        [org.systemCtx.orgId, id, channel],
      )
      expect(words).toEqual([{ state: 'withdrawn', source: 'inbound' }])
      const bounces = await org.systemCtx.db.query(
        "select 1 from event where org_id = $1 and type = 'message.bounced'",
        [org.systemCtx.orgId],
      )
      expect(bounces).toEqual([])
      const second = await testLaunch(org.systemCtx, { channels: [channel] })
      await h.drain()
      expect((await runProgress(org.systemCtx, second.runId)).counts).toEqual({ 'skipped.withdrawn': 1 })
    },
  )
})
