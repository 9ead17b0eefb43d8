/**
 * What adapters send, held against the vendors' own descriptions. Those may not be shipped with the product: they are read
 * from FANFARE_VENDOR_APIS, else from beside the repository, and the tests are skipped, visibly, where they are not.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { cutText } from '../../content/index.ts'
import type { MailMessage } from '../../delivery/channels/email/mail-message.ts'
import { mailgun } from '../../delivery/channels/email/vendors/mailgun.ts'
import { postmark } from '../../delivery/channels/email/vendors/postmark.ts'
import { resend } from '../../delivery/channels/email/vendors/resend.ts'
import { sendgrid } from '../../delivery/channels/email/vendors/sendgrid.ts'
import { ses } from '../../delivery/channels/email/vendors/ses.ts'
import { twilio } from '../../delivery/channels/sms/vendors/twilio.ts'
import type { VendorCall } from '../../delivery/channels/api/vendor.ts'
import { whatsappCloud } from '../../delivery/channels/whatsapp/cloud-api.ts'
import { schemaProblems, smithyProblems } from './json-schema.ts'

const FOLDER =
  process.env['FANFARE_VENDOR_APIS'] ??
  fileURLToPath(new URL('../../../../../shared/vendor-apis', import.meta.url))
type Json = Record<string, unknown>
const read = (path: string): Json => JSON.parse(readFileSync(join(FOLDER, path), 'utf8')) as Json // a JSON file

const mail = (n: number): MailMessage => ({
  from: 'news@shop.example',
  to: `person${n}@example.net`,
  data: Buffer.alloc(0),
  parts: {
    token: `t${n}`.padEnd(40, 'x'),
    from: { name: 'Shop', address: 'news@shop.example' },
    replyTo: 'help@shop.example',
    subject: `Hello Person ${n}`,
    html: cutText(`<p>Hello Person ${n}</p>`),
    text: cutText(`Hello Person ${n}`),
    unsubscribeUrl: `https://t.example/u/${n}`,
    feedbackId: 'c:o:marketing:fanfare',
  },
})
const NOW = new Date('2026-11-20T09:00:00Z')
const made = (call: VendorCall | null): VendorCall => {
  if (call === null) throw new Error('these messages share a call')
  return call
}
const bodyOf = (call: VendorCall): unknown => JSON.parse(call.body.toString())

/** The schema of a request's body. */
function requestSchema(document: Json, path: string, type = 'application/json'): unknown {
  const at = (value: unknown, key: string): unknown =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).find(([name]) => name === key)?.[1]
      : undefined
  const operation = at(at(at(document, 'paths'), path), 'post')
  let body = at(operation, 'requestBody')
  const ref = at(body, '$ref')
  if (typeof ref === 'string')
    body = ref
      .replace('#/', '')
      .split('/')
      .reduce<unknown>((value, key) => at(value, key), document)
  return at(at(at(body, 'content'), type), 'schema')
}

const namesIn = (url: string | undefined): string[] => [...new URL(url ?? '').searchParams.keys()]

/** Names of the parameters of a path's first operation, in a description in YAML. */
function operationIn(path: string, of: string): string[] {
  const text = readFileSync(join(FOLDER, path), 'utf8')
  const from = text.indexOf(`\n  ${of}\n`)
  const rest = text.slice(from, text.indexOf('responses:', from))
  return [...rest.matchAll(/- name: (\S+)/g)].flatMap((match) => match[1] ?? [])
}

describe.skipIf(!existsSync(FOLDER))('the vendors’ own descriptions', () => {
  test('FR-003.1 SendGrid takes our call', () => {
    const document = read('sendgrid/tsg_mail_v3.json')
    const call = made(
      sendgrid({ baseUrl: 'https://api.sendgrid.com', apiKey: 'k' }).call([mail(1), mail(2)], NOW),
    )
    expect(call.url).toBe('https://api.sendgrid.com/v3/mail/send')
    const schema = requestSchema(document, '/v3/mail/send')
    expect(schema).toBeDefined()
    expect(schemaProblems(document, schema, bodyOf(call))).toEqual([])
    expect(schemaProblems(document, schema, { personalisations: [] })).not.toEqual([])
  })

  test('FR-003.1 Resend takes our call', () => {
    const document = read('resend/resend.json')
    const call = made(
      resend({ baseUrl: 'https://api.resend.com', apiKey: 'k' }).call([mail(1), mail(2)], NOW),
    )
    const schema = requestSchema(document, '/emails/batch')
    expect(schema).toBeDefined()
    expect(schemaProblems(document, schema, bodyOf(call))).toEqual([])
  })

  test('FR-003.1 Amazon SES takes our call', () => {
    const account = { region: 'eu-west-1', accessKeyId: 'A', secretAccessKey: 'S', configurationSet: 'c' }
    const call = made(
      ses({ baseUrl: 'https://email.eu-west-1.amazonaws.com', ...account }).call([mail(1), mail(2)], NOW),
    )
    const model = read('aws-ses/sesv2-2019-09-27.smithy.json')
    expect(smithyProblems(model, 'com.amazonaws.sesv2#SendBulkEmailRequest', bodyOf(call))).toEqual([])
    expect(smithyProblems(model, 'com.amazonaws.sesv2#SendBulkEmailRequest', { Entries: [] })).not.toEqual([])
    expect(call.headers['authorization']).toMatch(
      /^AWS4-HMAC-SHA256 Credential=A\/20261120\/eu-west-1\/ses\/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, Signature=[0-9a-f]{64}$/,
    )
  })

  test('FR-003.2 Twilio takes our call', () => {
    const document = read('twilio/twilio_api_v2010.trimmed.json')
    const account = {
      accountSid: 'AC1',
      authToken: 't',
      from: 'MG1',
      callbackUrl: 'https://f.example/hooks/a/b',
    }
    const call = made(
      twilio({ baseUrl: 'https://api.twilio.com', ...account }).call(
        [{ token: 't', to: '+33612345678', text: 'hi' }],
        NOW,
      ),
    )
    const schema = requestSchema(
      document,
      '/2010-04-01/Accounts/{AccountSid}/Messages.json',
      'application/x-www-form-urlencoded',
    )
    expect(schema).toBeDefined()
    const fields = Object.fromEntries(new URLSearchParams(call.body.toString()))
    expect(schemaProblems(document, schema, fields)).toEqual([])
  })

  test('NFR-002.3 Twilio, Mailgun and Postmark are asked about messages in words that they describe', () => {
    const document = read('twilio/twilio_api_v2010.trimmed.json') as {
      paths: Record<string, { get: { parameters: { name: string; in: string }[] } }>
      components: { schemas: Record<string, { properties: Json }> }
    }
    const account = { accountSid: 'AC1', authToken: 't', from: 'MG1', callbackUrl: 'https://f.example' }
    const sms = twilio({ baseUrl: 'https://a', ...account }).lookUp?.question(
      [{ token: 't', to: '+33612345678', text: 'hi' }],
      NOW,
    )
    const listed = document.paths['/2010-04-01/Accounts/{AccountSid}/Messages.json']?.get.parameters
    expect(listed?.map(({ name }) => name)).toEqual(expect.arrayContaining(namesIn(sms?.url)))
    expect(Object.keys(document.components.schemas['api.v2010.account.message']?.properties ?? {})).toEqual(
      expect.arrayContaining(['sid', 'to', 'body', 'date_created']),
    )
    const mailgunAsked = mailgun({ baseUrl: 'https://a', domain: 'mg.ex.co', apiKey: 'k' }).lookUp?.question(
      [mail(1), mail(2)],
      NOW,
    )
    expect(operationIn('mailgun/mailgun-openapi.yaml', '/v3/{domain_name}/events:')).toEqual(
      expect.arrayContaining(namesIn(mailgunAsked?.url)),
    )
    const account2 = { serverToken: 't', messageStream: 'broadcast' }
    const postmarkAsked = postmark({ baseUrl: 'https://a', ...account2 }).lookUp?.question([mail(1)], NOW)
    // Its description is older than metadata and streams.
    const newer = ['messagestream', 'metadata_fanfare_message_id']
    expect(operationIn('postmark/server.swagger2.yml', '/messages/outbound:')).toEqual(
      expect.arrayContaining(namesIn(postmarkAsked?.url).filter((name) => !newer.includes(name))),
    )
  })

  test('CS-002.3 WhatsApp takes our call', () => {
    const document = read('meta-whatsapp/business-messaging-v23.trimmed.json')
    const number = { baseUrl: 'https://graph.facebook.com/v23.0', phoneNumberId: '1', accessToken: 'k' }
    const schema = requestSchema(document, '/{Version}/{Phone-Number-ID}/messages')
    expect(schema).toBeDefined()
    const template = { name: 'sales', language: 'fr', variables: ['Ada'] }
    const message = { token: 't', to: '+33612345678', template, text: '' }
    const body = bodyOf(made(whatsappCloud(number).call([message], NOW)))
    // Documented by Meta, and missing in its description.
    const { biz_opaque_callback_data: echo, ...described } = body as Json
    expect(echo).toBe('t')
    expect(schemaProblems(document, schema, described)).toEqual([])
  })

  test('FR-003.1 our calls are made like those of the official clients', () => {
    const captures = read('client-captures/official-clients.json') as Record<
      string,
      { method: string; path: string; headers: Record<string, string>; body: unknown }[]
    >
    const calls: [string, VendorCall][] = [
      [
        'sendgrid mail.send with personalizations',
        made(sendgrid({ baseUrl: 'https://a', apiKey: 'k' }).call([mail(1)], NOW)),
      ],
      ['resend batch.send', made(resend({ baseUrl: 'https://a', apiKey: 'k' }).call([mail(1)], NOW))],
      [
        'postmark sendEmailBatch',
        made(
          postmark({ baseUrl: 'https://a', serverToken: 't', messageStream: 'broadcast' }).call(
            [mail(1)],
            NOW,
          ),
        ),
      ],
      [
        'mailgun messages.create batch',
        made(mailgun({ baseUrl: 'https://a', domain: 'mg.ex.co', apiKey: 'k' }).call([mail(1)], NOW)),
      ],
    ]
    for (const [name, call] of calls) {
      const [captured] = captures[name] ?? []
      expect([name, call.method, new URL(call.url).pathname]).toEqual([
        name,
        captured?.method,
        captured?.path,
      ])
      const type = (headers: Readonly<Record<string, string>>): string | undefined =>
        headers['content-type']?.split(';')[0]
      expect([name, type(call.headers)]).toEqual([name, type(captured?.headers ?? {})])
      const scheme = (headers: Readonly<Record<string, string>>): string | undefined =>
        headers['authorization']?.split(' ')[0]
      expect([name, scheme(call.headers)]).toEqual([name, scheme(captured?.headers ?? {})])
    }
  })
})
