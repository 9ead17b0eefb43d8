import { createHmac } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { isSuppressed, recordConsents, withdraw, type ConsentSource } from '../../../consent/index.ts'
import { createContact } from '../../../contacts/index.ts'
import type { ContactId } from '../../../platform/ids.ts'
import { harness } from '../../../testing/harness.ts'
import type { TestOrganization } from '../../../testing/organization.ts'
import { simulate, type Simulator } from '../../../testing/simulators/index.ts'

const KINDS = ['twilio', 'vonage', 'gateway', 'whatsapp'] as const
type Kind = (typeof KINDS)[number]
const started = await Promise.all(KINDS.map(async (kind) => [kind, await simulate(kind)] as const))
const simulators = new Map<Kind, Simulator>(started)
afterAll(() => Promise.all(started.map(([, simulator]) => simulator.close())))
const at = (kind: Kind): Simulator => {
  const simulator = simulators.get(kind)
  if (!simulator) throw new Error(`no simulator ${kind} was started`)
  return simulator
}
const h = await harness({ egress: { allow: started.map(([, { port }]) => `127.0.0.1:${port}`) } })

const SETTINGS: Readonly<
  Record<
    Kind,
    (simulator: Simulator) => { settings: Record<string, string>; secrets: Record<string, string> }
  >
> = {
  twilio: ({ url, secrets }) => ({
    settings: { baseUrl: url, accountSid: 'AC1', from: '+15005550006' },
    secrets: { authToken: secrets.apiKey },
  }),
  vonage: ({ url, secrets }) => ({
    settings: { baseUrl: url, apiKey: 'key', from: '36111' },
    secrets: { apiSecret: secrets.apiKey, signatureSecret: secrets.eventKey },
  }),
  gateway: ({ url, secrets }) => ({
    settings: { url: `${url}/send`, from: '36111', idPath: 'message.id' },
    secrets: { authorization: `Bearer ${secrets.apiKey}`, eventPassword: secrets.eventKey },
  }),
  whatsapp: ({ url, secrets }) => ({
    settings: { baseUrl: `${url}/v23.0`, phoneNumberId: '1' },
    secrets: { accessToken: secrets.apiKey, appSecret: secrets.eventKey },
  }),
}

/** Adds a provider. @returns where it calls */
async function add(org: TestOrganization, kind: Kind): Promise<string> {
  const answer = await org.owner.post('/api/providers', { kind, name: kind, ...SETTINGS[kind](at(kind)) })
  expect(answer.status).toBe(201)
  return (answer.body as { hookUrl: string }).hookUrl
}

/** What somebody writes. */
interface Said {
  from: string
  text: string
  id: string
  /** The words are those of a button. */
  isButton?: boolean
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const JSON_BODY = { 'content-type': 'application/json' }
const sortedPairs = (fields: Record<string, string>): [string, string][] =>
  Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1))

/** A call as each provider makes it, signed. */
const CALLS: Readonly<
  Record<Kind, (said: Said, hookUrl: string) => { headers: Record<string, string>; payload: string }>
> = {
  twilio: ({ from, text, id, isButton }, hookUrl) => {
    const fields: Record<string, string> = {
      MessageSid: id,
      From: from,
      Body: text,
      SmsStatus: 'received',
      ...(isButton ? { ButtonText: text, ButtonPayload: 'yes' } : {}),
    }
    const signed = sortedPairs(fields)
      .map((pair) => pair.join(''))
      .join('')
    const signature = createHmac('sha1', at('twilio').secrets.apiKey)
      .update(hookUrl + signed)
      .digest('base64')
    return {
      headers: { ...FORM, 'x-twilio-signature': signature },
      payload: new URLSearchParams(fields).toString(),
    }
  },
  vonage: ({ from, text, id }) => {
    const fields = {
      msisdn: from.slice(1),
      messageId: id,
      text,
      timestamp: String(Math.floor(h.clock.now().getTime() / 1_000)),
    }
    const signed = sortedPairs(fields)
      .map(([name, value]) => `&${name}=${value}`)
      .join('')
    const sig = createHmac('sha256', at('vonage').secrets.eventKey).update(signed).digest('hex')
    return { headers: FORM, payload: new URLSearchParams({ ...fields, sig }).toString() }
  },
  gateway: ({ from, text, id }) => ({
    headers: {
      ...JSON_BODY,
      authorization: `Basic ${Buffer.from(at('gateway').secrets.eventKey).toString('base64')}`,
    },
    payload: JSON.stringify({ event_id: id, from, text }),
  }),
  whatsapp: ({ from, text, id, isButton }) => {
    const timestamp = String(Math.floor(h.clock.now().getTime() / 1_000))
    const said = isButton ? { type: 'button', button: { text } } : { type: 'text', text: { body: text } }
    const messages = [{ id, from: from.slice(1), timestamp, ...said }]
    const payload = JSON.stringify({ entry: [{ changes: [{ field: 'messages', value: { messages } }] }] })
    const signature = createHmac('sha256', at('whatsapp').secrets.eventKey).update(payload).digest('hex')
    return { headers: { ...JSON_BODY, 'x-hub-signature-256': `sha256=${signature}` }, payload }
  },
}

/** The provider tells what somebody wrote. @returns what it is answered */
async function write(kind: Kind, hookUrl: string, said: Said): Promise<string> {
  const call = CALLS[kind](said, hookUrl)
  const answer = await h.request({ method: 'POST', url: new URL(hookUrl).pathname, ...call })
  expect(answer.statusCode).toBe(200)
  h.clock.advance(1_000)
  return answer.body
}

let numbers = 0
/** Somebody with a number of their own, who was asked about nothing. */
async function stranger(
  org: TestOrganization,
  language: 'en' | 'fr' = 'en',
): Promise<{ id: ContactId; from: string }> {
  numbers += 1
  const from = `+336123${String(47_001 + numbers)}`
  const { id } = await createContact(org.systemCtx, { phone: from, language }, 'manual')
  return { id, from }
}

/** The word in force about a channel; null: none. */
async function wordOf(org: TestOrganization, id: ContactId, channel: string): Promise<string | null> {
  const [row] = await org.systemCtx.db.query<{ state: string }>(
    `select state from preference where org_id = $1 and contact_id = $2 and channel = $3 and purpose = 'marketing'`,
    [org.systemCtx.orgId, id, channel],
  )
  return row?.state ?? null
}

const intents = async (org: TestOrganization): Promise<string[]> =>
  ((await org.viewer.get('/api/inbound')).body as { items: { intent: string }[] }).items.map(
    ({ intent }) => intent,
  )

const leave = (
  org: TestOrganization,
  contactId: ContactId,
  channel: 'sms' | 'whatsapp' | 'all',
  source: ConsentSource,
) => withdraw(org.systemCtx, { source }, { contactId, channels: [channel], purpose: 'marketing' })

/** What a provider took for a number, oldest first. */
const takenBy = (kind: Kind, from: string): string[] =>
  at(kind)
    .taken()
    .filter(({ to }) => `+${to.replace(/^\+/, '')}` === from)
    .map(({ excerpt }) => excerpt)

describe('a word with a meaning, through a provider that sends no answer of its own accord', () => {
  const OTHERS = ['vonage', 'gateway', 'whatsapp'] as const
  const SAID = {
    en: { help: 'HELP', words: [/reply STOP to end/, /you will get no more/, /you get our messages again/] },
    fr: { help: 'CONTACT', words: [/répondez STOP pour/, /vous ne recevrez plus/, /vous recevez à nouveau/] },
  }
  test.each(OTHERS.flatMap((kind) => (['en', 'fr'] as const).map((language) => [kind, language] as const)))(
    'PC-43 MA-5.3 through %s is answered once in the language of the person (%s), also who has just left',
    async (kind, language) => {
      const org = await h.organization()
      const hookUrl = await add(org, kind)
      const { id, from } = await stranger(org, language)
      for (const [n, text] of [SAID[language].help, 'STOP', 'START'].entries())
        for (let told = 0; told < 2; told++) {
          await write(kind, hookUrl, { from, text, id: `${from}-${n}` })
          await h.drain()
        }
      expect(takenBy(kind, from)).toEqual(SAID[language].words.map((word) => expect.stringMatching(word)))
      expect(takenBy(kind, from).join(' ')).not.toMatch(/offer|offre|%|https?:/i)
      expect(await wordOf(org, id, kind === 'whatsapp' ? 'whatsapp' : 'sms')).toBe('granted')
      // Said again by the person: no second confirmation.
      for (const again of ['a', 'b'])
        await write(kind, hookUrl, { from, text: 'STOP', id: `${from}-${again}` })
      await h.drain()
      expect(takenBy(kind, from)).toHaveLength(4)
    },
  )

  test('PC-43 a provider that takes nothing is asked again, and an answer that the person contradicts meanwhile is not given', async () => {
    const org = await h.organization()
    const hookUrl = await add(org, 'gateway')
    const [ada, bob] = [await stranger(org), await stranger(org)]
    at('gateway').setFaults({ serverError: 1 })
    await write('gateway', hookUrl, { from: ada.from, text: 'STOP', id: 'ada1' })
    await write('gateway', hookUrl, { from: bob.from, text: 'STOP', id: 'bob1' })
    await h.drain()
    await write('gateway', hookUrl, { from: bob.from, text: 'START', id: 'bob2' })
    await h.drain()
    at('gateway').setFaults({})
    for (let minutes = 0; minutes < 12; minutes++) {
      h.clock.advance(60_000)
      await h.drain()
    }
    expect(takenBy('gateway', ada.from)).toEqual([expect.stringMatching(/no more messages/)])
    expect(takenBy('gateway', bob.from)).toEqual([expect.stringMatching(/messages again\./)])
  })

  test('NFR-002.3 an answer whose outcome is unknown is not given a second time', async () => {
    const org = await h.organization()
    const hookUrl = await add(org, 'gateway')
    const { from } = await stranger(org)
    at('gateway').setFaults({ dropAfter: 1 })
    await write('gateway', hookUrl, { from, text: 'HELP', id: 'h1' })
    await h.drain()
    at('gateway').setFaults({})
    for (let minutes = 0; minutes < 12; minutes++) {
      h.clock.advance(60_000)
      await h.drain()
    }
    expect(takenBy('gateway', from)).toHaveLength(1)
  })

  test('NFR-002.3 a worker that ended during the hand-over leaves the answer as it is', async () => {
    const org = await h.organization()
    const hookUrl = await add(org, 'gateway')
    const { from } = await stranger(org)
    await write('gateway', hookUrl, { from, text: 'HELP', id: 'h1' })
    const { orgId } = org.systemCtx
    await org.systemCtx.db.query(
      `insert into vendor_event (org_id, provider_id, event_id, received_at)
      select $1, provider_id, 'answer:' || id, $2 from inbound_message where org_id = $1`,
      [orgId, h.clock.now()],
    )
    await h.drain()
    expect(takenBy('gateway', from)).toEqual([])
  })
})

describe('a yes', () => {
  test.each([
    ['twilio', 'sms', 'Oui', false],
    ['twilio', 'sms', 'START', false],
    ['whatsapp', 'whatsapp', 'Yes', true],
    ['whatsapp', 'whatsapp', 'START', false],
  ] as const)(
    'MA-5.3 to anything at all, told by %s on %s as «%s», grants nothing to whoever never agreed',
    async (kind, channel, text, isButton) => {
      const org = await h.organization()
      const hookUrl = await add(org, kind)
      const { id, from } = await stranger(org)
      expect(await write(kind, hookUrl, { from, text, id: `yes-${from}`, isButton })).not.toContain(
        '<Message>',
      )
      expect(await wordOf(org, id, channel)).toBeNull()
      // An answer like any other: it counts as one.
      expect(await intents(org)).toEqual(['none'])
    },
  )

  // The compliance report has START end a STOP; what was refused elsewhere it does not mention, and the strictest word wins.
  test.each(['unsubscribe_page', 'one_click', 'preference_page', 'member'] as const)(
    'MA-5.3 CS-018.2 neither START nor OUI brings back who left by %s, and the number stays suppressed',
    async (source) => {
      const org = await h.organization()
      const hookUrl = await add(org, 'twilio')
      const { id, from } = await stranger(org)
      await leave(org, id, 'sms', source)
      for (const text of ['START', 'OUI']) {
        expect(await write('twilio', hookUrl, { from, text, id: `${source}-${text}` })).not.toContain(
          '<Message>',
        )
        expect(await wordOf(org, id, 'sms')).toBe('withdrawn')
      }
      const keys = await h.platform.secrets.of(org.systemCtx)
      expect(await isSuppressed(org.systemCtx, 'sms', keys.addressHash('sms', from))).toMatchObject({
        reason: 'unsubscribe',
      })
    },
  )

  test('MA-5.3 START does not bring back who stopped and then left everything', async () => {
    const org = await h.organization()
    const hookUrl = await add(org, 'twilio')
    const { id, from } = await stranger(org)
    await write('twilio', hookUrl, { from, text: 'STOP', id: 'a' })
    await leave(org, id, 'all', 'unsubscribe_page')
    expect(await write('twilio', hookUrl, { from, text: 'START', id: 'b' })).not.toContain('<Message>')
    expect(await wordOf(org, id, 'sms')).toBe('withdrawn')
  })

  test.each(['START', 'Oui', 'YES'])(
    'PC-43 «%s» ends a STOP of the same channel, and says so',
    async (text) => {
      const org = await h.organization()
      const hookUrl = await add(org, 'twilio')
      const { id, from } = await stranger(org)
      await write('twilio', hookUrl, { from, text: 'STOP', id: 'a' })
      expect(await write('twilio', hookUrl, { from, text, id: 'b' })).toContain('<Message>')
      expect(await wordOf(org, id, 'sms')).toBe('granted')
      expect(await intents(org)).toEqual(['start', 'stop'])
    },
  )

  test('PC-43 on WhatsApp START ends a STOP, and a yes does not', async () => {
    const org = await h.organization()
    const hookUrl = await add(org, 'whatsapp')
    const { id, from } = await stranger(org)
    await write('whatsapp', hookUrl, { from, text: 'STOP', id: 'a' })
    await write('whatsapp', hookUrl, { from, text: 'Yes', id: 'b', isButton: true })
    await write('whatsapp', hookUrl, { from, text: 'Oui', id: 'c' })
    expect(await wordOf(org, id, 'whatsapp')).toBe('withdrawn')
    await write('whatsapp', hookUrl, { from, text: 'START', id: 'd' })
    expect(await wordOf(org, id, 'whatsapp')).toBe('granted')
  })

  test('MA-5.3 a button of an RCS message is no typed yes', async () => {
    const org = await h.organization()
    const hookUrl = await add(org, 'twilio')
    const { id, from } = await stranger(org)
    await write('twilio', hookUrl, { from, text: 'STOP', id: 'a' })
    expect(await write('twilio', hookUrl, { from, text: 'Oui', id: 'b', isButton: true })).not.toContain(
      '<Message>',
    )
    expect(await wordOf(org, id, 'sms')).toBe('withdrawn')
  })

  test('MA-5.3 of several people with one number, START brings back those who stopped', async () => {
    const org = await h.organization()
    const hookUrl = await add(org, 'twilio')
    const { id, from } = await stranger(org)
    await write('twilio', hookUrl, { from, text: 'STOP', id: 'a' })
    const { id: other } = await createContact(
      org.systemCtx,
      { email: 'o@example.net', phone: from },
      'manual',
    )
    await recordConsents(org.systemCtx, { source: 'member' }, [
      { contactId: other, channel: 'sms', purpose: 'marketing', state: 'denied' },
    ])
    h.clock.advance(1_000)
    await write('twilio', hookUrl, { from, text: 'START', id: 'b' })
    expect([await wordOf(org, id, 'sms'), await wordOf(org, other, 'sms')]).toEqual(['granted', 'denied'])
  })
})
