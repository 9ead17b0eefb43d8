import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import {
  createEgress,
  type Egress,
  type EgressAnswer,
  type EgressOutcome,
} from '../../../platform/egress/index.ts'
import {
  simulate,
  SIMULATED,
  type FaultPlan,
  type SimulatedName,
  type Simulator,
} from '../../../testing/simulators/index.ts'
import { cutText } from '../../../content/index.ts'
import type { MailMessage } from '../email/mail-message.ts'
import { mailgun } from '../email/vendors/mailgun.ts'
import { postmark } from '../email/vendors/postmark.ts'
import { resend } from '../email/vendors/resend.ts'
import { sendgrid } from '../email/vendors/sendgrid.ts'
import { ses } from '../email/vendors/ses.ts'
import type { Handover } from '../outcome.ts'
import { withFallback } from '../../providers/outlets.ts'
import type { SmsMessage } from '../sms/sms-message.ts'
import { httpGateway } from '../sms/vendors/plain-http.ts'
import { twilio } from '../sms/vendors/twilio.ts'
import { vonage } from '../sms/vendors/vonage.ts'
import type { FlightWatch, Transport } from '../transport.ts'
import { webhook, type WebhookMessage } from '../webhook/webhook.ts'
import { whatsappCloud } from '../whatsapp/cloud-api.ts'
import type { WhatsappMessage } from '../whatsapp/whatsapp-message.ts'
import { apiTransport } from './api-transport.ts'
import type { VendorAdapter } from './vendor.ts'

const open: (Simulator | Egress)[] = []
afterAll(async () => {
  for (const each of open) await each.close()
})
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

const token = (n: number): string => `t${String(n).padStart(39, '0')}`

function mail(n: number, to = `person${n}@example.net`): MailMessage {
  const link = `https://t.example/c/${token(n)}`
  return {
    from: 'news@shop.example',
    to,
    data: Buffer.alloc(0),
    parts: {
      token: token(n),
      from: { name: 'Shop', address: 'news@shop.example' },
      replyTo: null,
      subject: `Hello Person ${n}`,
      html: cutText(`<p>Hello Person ${n}, <a href="${link}">look</a></p>`),
      text: cutText(`Hello Person ${n}, look: ${link}`),
      unsubscribeUrl: `https://t.example/u/${token(n)}`,
      feedbackId: 'c:o:marketing:fanfare',
    },
  }
}
const sms = (n: number, to = `+3361200${String(n).padStart(4, '0')}1`): SmsMessage => ({
  token: token(n),
  to,
  text: `Hello ${n}`,
})
const whatsappMessage = (n: number, to?: string): WhatsappMessage => ({ ...sms(n, to), template: null })

/** A provider's adapter at a simulator's address, and messages for it: `refused` makes one that it does not take. */
interface Case {
  adapter(simulator: Simulator): VendorAdapter<unknown>
  message(n: number): unknown
  refused(n: number): unknown
}

const mails = (adapter: (url: string, key: string) => VendorAdapter<MailMessage>): Case => ({
  adapter: ({ url, secrets }) => adapter(url, secrets.apiKey),
  message: (n) => mail(n),
  refused: (n) => mail(n, `refuse.${n}@example.net`),
})
const texts = (adapter: (url: string, key: string) => VendorAdapter<SmsMessage>): Case => ({
  adapter: ({ url, secrets }) => adapter(url, secrets.apiKey),
  message: (n) => sms(n),
  refused: (n) => sms(n, '+33612000000'),
})

const CASES: Readonly<Record<SimulatedName, Case>> = {
  ses: mails((baseUrl, accessKeyId) =>
    ses({ baseUrl, region: 'eu-west-1', accessKeyId, secretAccessKey: 'secret', configurationSet: null }),
  ),
  sendgrid: mails((baseUrl, apiKey) => sendgrid({ baseUrl, apiKey })),
  mailgun: mails((baseUrl, apiKey) => mailgun({ baseUrl, apiKey, domain: 'mg.shop.example' })),
  postmark: mails((baseUrl, serverToken) => postmark({ baseUrl, serverToken, messageStream: 'broadcast' })),
  resend: mails((baseUrl, apiKey) => resend({ baseUrl, apiKey })),
  twilio: texts((baseUrl, authToken) =>
    twilio({
      baseUrl,
      authToken,
      accountSid: 'AC1',
      from: '+15005550006',
      callbackUrl: 'http://127.0.0.1:9/hook',
    }),
  ),
  vonage: texts((baseUrl, apiSecret) =>
    vonage({ baseUrl, apiSecret, apiKey: 'key', from: 'Shop', callbackUrl: 'http://127.0.0.1:9/hook' }),
  ),
  gateway: texts((baseUrl, key) =>
    httpGateway({
      url: `${baseUrl}/send`,
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      contentType: 'application/json',
      body: '{"to":"{{to}}","text":"{{text}}","id":"{{id}}"}',
      from: 'Shop',
      callbackUrl: '',
      idPath: 'message.id',
    }),
  ),
  whatsapp: {
    adapter: ({ url, secrets }) =>
      whatsappCloud({
        baseUrl: `${url}/v23.0`,
        phoneNumberId: '1',
        accessToken: secrets.apiKey,
      }),
    message: (n) => whatsappMessage(n),
    refused: (n) => whatsappMessage(n, '+33612000000'),
  },
  webhook: {
    adapter: ({ secrets }) => webhook({ secrets: [secrets.eventKey], credential: null }),
    message: (n) => webhookCall(n, '/in'),
    refused: (n) => webhookCall(n, '/gone'),
  },
}
let webhookUrl = ''
const webhookCall = (n: number, path: string): WebhookMessage => ({
  token: token(n),
  url: webhookUrl + path,
  method: 'POST',
  headers: [{ name: 'X-Shop', value: 'one' }],
  body: JSON.stringify({ n }),
})

async function at(
  name: SimulatedName,
  faults: Partial<FaultPlan> = {},
  seed = 1,
): Promise<{ simulator: Simulator; transport: Transport<unknown> }> {
  const simulator = await simulate(name, {
    seed,
    faults,
    secrets: { privateKeyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() },
  })
  webhookUrl = simulator.url
  const egress = createEgress({ allow: [`127.0.0.1:${simulator.port}`] })
  open.push(simulator, egress)
  // Where answers stay away on purpose they are not waited for as long as in earnest.
  const timeoutMs = Object.keys(faults).length > 0 ? 250 : 30_000
  const impatient: Pick<Egress, 'call'> = {
    call: (url, options) => egress.call(url, { ...options, timeoutMs }),
  }
  return {
    simulator,
    transport: apiTransport(
      { egress: impatient, now: () => new Date('2026-11-20T09:00:00Z') },
      CASES[name].adapter(simulator),
    ),
  }
}

const deliver = (
  transport: Transport<unknown>,
  messages: readonly unknown[],
  watch?: FlightWatch,
): Promise<Handover[]> => transport.deliver(messages, new AbortController().signal, watch)

/** How often a provider may have taken a message, by what came back. */
const TIMES_TAKEN: Readonly<Record<Handover['kind'], readonly number[]>> = {
  sent: [1],
  unknown: [0, 1],
  refused: [0],
  unsent: [0],
}
const NAMES = Object.keys(SIMULATED) as SimulatedName[]

describe.each(NAMES)('%s', (name) => {
  const { message, refused } = CASES[name]

  test('NFR-002.3 every message is taken once and known by its token', async () => {
    const { simulator, transport } = await at(name)
    const outcomes = await deliver(
      transport,
      Array.from({ length: 60 }, (_, n) => message(n)),
    )
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['sent']))
    expect(
      simulator
        .taken()
        .map((entry) => entry.token)
        .toSorted(),
    ).toEqual(Array.from({ length: 60 }, (_, n) => token(n)).toSorted())
  })

  test('NFR-002.3 one message that is refused spoils no other', async () => {
    const { simulator, transport } = await at(name)
    const outcomes = await deliver(transport, [message(0), message(1), refused(2), message(3)])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['sent', 'sent', 'refused', 'sent'])
    expect(simulator.taken()).toHaveLength(3)
    expect(outcomes[2]).toMatchObject({ verdict: { isRetried: false } })
  })

  test('NFR-002.3 a wrong key is trouble of ours: nothing is lost, nobody is blamed', async () => {
    const { simulator, transport } = await at(name)
    simulator.secrets.apiKey = 'another'
    simulator.secrets.eventKey = 'whsec_YW5vdGhlcg=='
    const outcomes = await deliver(transport, [message(0), message(1)])
    expect(simulator.taken()).toEqual([])
    const kinds = new Set(
      outcomes.map((outcome) => (outcome.kind === 'unsent' ? outcome.trouble?.kind : outcome.kind)),
    )
    // A webhook's receiver says what it likes: its 401 is a refusal.
    expect(kinds).toEqual(new Set([name === 'webhook' ? 'refused' : 'auth']))
  })

  test.each([1, 2, 3])(
    'NFR-002.3 whatever fails (seed %i), what is said to be sent was taken, what is said not to be was not',
    async (seed) => {
      const share = 0.06
      const { simulator, transport } = await at(
        name,
        {
          latencyMs: [0, 4],
          serverError: share,
          timeoutBefore: share,
          timeoutAfter: share,
          dropBefore: share,
          dropAfter: share,
          garbage: share,
        },
        seed,
      )
      const state = new Map<number, string>()
      const messages = Array.from({ length: 80 }, (_, n) => message(n))
      const outcomes = await deliver(transport, messages, {
        begun: (indexes) => indexes.forEach((index) => state.set(index, 'begun')),
        ended: (index, outcome) => void state.set(index, outcome.kind),
      })
      const takenTimes = Map.groupBy(simulator.taken(), (entry) => entry.token)
      for (const [index, outcome] of outcomes.entries()) {
        const times = takenTimes.get(token(index))?.length ?? 0
        expect(TIMES_TAKEN[outcome.kind]).toContain(times)
        // What the log of hand-overs was told agrees with what came back.
        expect(state.get(index) ?? 'unsent').toBe(outcome.kind)
      }
    },
  )
})

describe.each(['twilio', 'mailgun', 'postmark'] as const)('%s, asked which messages it has', (name) => {
  const { message } = CASES[name]
  const messages = Array.from({ length: 45 }, (_, n) => message(n))
  const since = new Date('2020-01-01T00:00:00Z')
  const ask = (transport: Transport<unknown>, from = since) =>
    transport.lookUp?.(messages, from, new AbortController().signal)

  test('NFR-002.3 names those that it took, and no other', async () => {
    const { simulator, transport } = await at(name)
    const isOffered = (n: number): boolean => n % 3 !== 0
    await deliver(
      transport,
      messages.filter((_, n) => isOffered(n)),
    )
    const words = await ask(transport)
    expect(words?.map(({ kind }) => kind)).toEqual(
      messages.map((_, n) => (isOffered(n) ? 'taken' : 'not_listed')),
    )
    expect(simulator.taken()).toHaveLength(30)
  })

  test('NFR-002.3 and refusing to tell has nothing more to say: the message leaves as before', async () => {
    const { simulator, transport } = await at(name)
    simulator.secrets.apiKey = 'another'
    expect(new Set((await ask(transport))?.map(({ kind }) => kind))).toEqual(new Set(['not_listed']))
  })

  test('NFR-002.3 and answering nothing is left alone after three questions', async () => {
    const { simulator, transport } = await at(name, { serverError: 1 })
    expect(new Set((await ask(transport))?.map(({ kind }) => kind))).toEqual(new Set(['unanswered']))
    expect(simulator.calls()).toBe(3)
  })
})

describe('Mailgun, which lists 300 events at a time', () => {
  const since = new Date('2020-01-01T00:00:00Z')
  const one = 'ada@example.net'
  const asked = (transport: Transport<unknown>, n: number) =>
    transport.lookUp?.([mail(n, one)], since, new AbortController().signal)

  test('NFR-002.3 is asked for page after page until the message is found', async () => {
    const { simulator, transport } = await at('mailgun')
    await deliver(
      transport,
      Array.from({ length: 650 }, (_, n) => mail(n, one)),
    )
    // Two mails to one address are two calls: each has its own words.
    expect(new Set(simulator.taken().map((entry) => entry.token)).size).toBe(650)
    const before = simulator.calls()
    expect(await asked(transport, 0)).toMatchObject([{ kind: 'taken' }])
    expect(simulator.calls() - before).toBe(1)
    expect(await asked(transport, 649)).toMatchObject([{ kind: 'taken' }])
    expect(simulator.calls() - before).toBe(1 + 3)
    expect(await asked(transport, 1_000)).toEqual([{ kind: 'not_listed' }])
  })

  const account = mailgun({ baseUrl: 'https://api.mailgun.example', apiKey: 'key', domain: 'mg.example' })
  const fullPage = (next: string): EgressAnswer => ({
    status: 200,
    headers: {},
    body: JSON.stringify({
      items: Array.from({ length: 300 }, (_, n) => ({ id: `e${n}` })),
      paging: { next },
    }),
  })

  test('NFR-002.3 has not told of whoever stands beyond the pages that are read', async () => {
    let calls = 0
    const call = (url: string): Promise<EgressOutcome> => {
      calls += 1
      return Promise.resolve({ kind: 'answer', answer: fullPage(url) })
    }
    const transport = apiTransport({ egress: { call }, now: () => since }, account)
    expect(await asked(transport, 1)).toMatchObject([{ kind: 'unanswered' }])
    expect(calls).toBe(10)
  })

  test('PC-47 is called with its key at its own address only, whatever an answer names', () => {
    const own = 'https://api.mailgun.example/v3/mg.example/events/W3siY'
    expect(account.lookUp?.more?.(fullPage(own))).toBe(own)
    expect(account.lookUp?.more?.(fullPage('https://evil.example/v3/mg.example/events/W3siY'))).toBeNull()
  })
})

test.each([
  ['twilio', (n: number) => sms(n), '+1415555', ['0408', '0606']],
  ['whatsapp', (n: number, to?: string) => whatsappMessage(n, to), '+1415555', ['0408']],
] as const)(
  'NFR-002.3 whom the account of %s may not reach holds up nobody else',
  async (name, make, prefix, ends) => {
    const { simulator, transport } = await at(name)
    const barred = ends.map((end, n) => ({ ...make(n), to: prefix + end }))
    const others = Array.from({ length: 40 }, (_, n) => make(10 + n))
    const outcomes = await deliver(transport, [...barred, ...others])
    expect(simulator.taken()).toHaveLength(others.length)
    expect(outcomes.slice(0, barred.length)).toMatchObject(
      barred.map(() => ({ kind: 'refused', verdict: { class: 'block', isRetried: false } })),
    )
    expect(outcomes[0]).toMatchObject({ verdict: { reason: 'region_not_allowed' } })
  },
)

test('NFR-002.3 whom the first provider may not reach the second is given', async () => {
  const [first, second] = [await at('twilio'), await at('gateway')]
  const far = sms(1, '+14155550408')
  const watched = withFallback(first.transport, second.transport, 'second')
  expect(await deliver(watched, [sms(0), far])).toMatchObject([
    { kind: 'sent' },
    { kind: 'sent', via: 'second' },
  ])
})

test.each([
  [
    vonage({ baseUrl: 'https://v.example', apiKey: 'k', apiSecret: 's', from: 'Shop', callbackUrl: '' }),
    '29',
  ],
  [
    vonage({ baseUrl: 'https://v.example', apiKey: 'k', apiSecret: 's', from: 'Shop', callbackUrl: '' }),
    '99',
  ],
])(
  'NFR-002.3 a code of Vonage’s that may be about the number (%#) is no trouble of the account',
  (adapter, status) => {
    const body = JSON.stringify({ messages: [{ status, 'error-text': 'No' }] })
    expect(adapter.read([sms(1)], { status: 200, headers: {}, body })).toMatchObject([
      { kind: 'refused', verdict: { class: 'block' }, orTrouble: expect.any(String) },
    ])
  },
)

test('NFR-002.3 an account of Postmark’s that waits for approval is kept from strangers, not from its own', () => {
  const adapter = postmark({ baseUrl: 'https://p.example', serverToken: 't', messageStream: 'broadcast' })
  const answer = [
    { ErrorCode: 412, Message: 'Recipients must share the domain of From while approval is pending.' },
    { ErrorCode: 0, Message: 'OK', MessageID: 'one' },
  ]
  expect(
    adapter.read([mail(1), mail(2)], { status: 200, headers: {}, body: JSON.stringify(answer) }),
  ).toMatchObject([{ kind: 'refused', verdict: { class: 'block' } }, { kind: 'taken' }])
})

test('NFR-002.3 a provider that asks for patience gets it, and takes everything in the end', async () => {
  const { simulator, transport } = await at('resend', { tooMany: 0.3 }, 5)
  const outcomes = await deliver(
    transport,
    Array.from({ length: 250 }, (_, n) => mail(n)),
  )
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['sent']))
  expect(new Set(simulator.taken().map((entry) => entry.token)).size).toBe(250)
})

test.each<Partial<FaultPlan>>([{ dropAfter: 1 }, { dropBefore: 1 }, { serverError: 1 }])(
  'NFR-002.3 a provider that fails altogether (%o) is called ten times at most; the rest waits',
  async (faults) => {
    for (const name of ['twilio', 'gateway'] as const) {
      const { simulator, transport } = await at(name, faults)
      const outcomes = await deliver(
        transport,
        Array.from({ length: 200 }, (_, n) => sms(n)),
      )
      expect(simulator.calls()).toBeLessThanOrEqual(10)
      const waiting = outcomes.filter(({ kind }) => kind === 'unsent')
      expect(waiting.length).toBeGreaterThanOrEqual(190)
      expect(waiting[0]).toMatchObject({ trouble: { kind: 'unreachable' } })
    }
  },
)

test('NFR-002.3 a ledger is on the disk before the answer leaves', async () => {
  const ledgerPath = join(mkdtempSync(join(tmpdir(), 'fanfare-ledger-')), 'ledger.jsonl')
  const simulator = await simulate('gateway', { ledgerPath, faults: { timeoutAfter: 1 } })
  const egress = createEgress({ allow: [`127.0.0.1:${simulator.port}`] })
  open.push(simulator, egress)
  const transport = apiTransport(
    {
      egress: { call: (url, options) => egress.call(url, { ...options, timeoutMs: 100 }) },
      now: () => new Date(0),
    },
    CASES.gateway.adapter(simulator),
  )
  expect(await deliver(transport, [sms(1)])).toMatchObject([{ kind: 'unknown' }])
  expect(readFileSync(ledgerPath, 'utf8')).toContain(token(1))
})

test('CS-002.5 a header that lets calls in goes to the one origin that it is for', () => {
  const adapter = webhook({
    secrets: [],
    credential: { origin: 'https://crm.example.com', name: 'X-Api-Key', value: 'sealed' },
  })
  const headerAt = (url: string): string | undefined =>
    adapter.call([{ ...webhookCall(1, ''), url }], new Date(0))?.headers['x-api-key']
  expect(
    [
      'https://crm.example.com/hook?a=1',
      'https://crm.example.com.evil.example/hook',
      'https://crm.example.com:8443/',
      'http://crm.example.com/',
      'not an address',
    ].map(headerAt),
  ).toEqual(['sealed', undefined, undefined, undefined, undefined])
})

test('PC-47 a webhook to a private address, as a number, mapped or behind a name, is refused before any byte reaches it', async () => {
  const { simulator } = await at('webhook')
  const guarded = createEgress({
    lookup: (_, callback) => callback(null, [{ address: '10.0.0.5', family: 4 }]),
  })
  open.push(guarded)
  const transport = apiTransport(
    { egress: guarded, now: () => new Date(0) },
    webhook({ secrets: [simulator.secrets.eventKey], credential: null }),
  )
  for (const url of [
    simulator.url,
    'http://127.0.0.1/',
    'https://0x7f000001/',
    'https://[::ffff:169.254.169.254]/',
    'https://inside.example/',
  ]) {
    const outcomes = await transport.deliver([{ ...webhookCall(1, ''), url }], new AbortController().signal)
    expect(outcomes).toMatchObject([{ kind: 'unsent', trouble: { text: 'The destination is not allowed.' } }])
  }
  expect(simulator.calls()).toBe(0)
})

test('PC-47 a webhook that is answered with a redirect inwards is not led there, and nothing of the answer is shown', async () => {
  const { simulator } = await at('webhook')
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(302, { location: `${simulator.url}/inside` }).end('the body of a listener inside')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on TCP
  const egress = createEgress({ allow: [`127.0.0.1:${port}`] })
  open.push(egress)
  const transport = apiTransport(
    { egress, now: () => new Date(0) },
    webhook({ secrets: [simulator.secrets.eventKey], credential: null }),
  )
  const url = `http://127.0.0.1:${port}/hook`
  const outcomes = await transport.deliver([{ ...webhookCall(1, ''), url }], new AbortController().signal)
  server.close()
  expect({ asked, calls: simulator.calls(), sent: outcomes.filter(({ kind }) => kind === 'sent') }).toEqual({
    asked: ['/hook'],
    calls: 0,
    sent: [],
  })
  expect(JSON.stringify(outcomes)).not.toContain('listener inside')
})
