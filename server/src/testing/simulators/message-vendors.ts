/** Simulated providers of SMS and WhatsApp, and a receiver of webhooks. */
import { createHmac } from 'node:crypto'
import { standardWebhooksSignature } from '../../delivery/intake/signatures/signatures.ts'
import {
  basic,
  bearer,
  excerptOf,
  formFields,
  json,
  queryOf,
  scriptedReach,
  scriptedRefusal,
  scriptedRegion,
  scriptedStop,
  text,
} from './read.ts'
import type { LaterEvent, SimulatedVendor } from './vendor.ts'

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

const twilioAccount = (path: string): string | undefined =>
  /^\/2010-04-01\/Accounts\/(\w+)\/Messages\.json(?:\?|$)/.exec(path)?.[1]

const twilio: SimulatedVendor = {
  lookUp: (call, { apiKey }, taken) => {
    const account = twilioAccount(call.path)
    if (call.method !== 'GET' || account === undefined) return null
    if (!basic(call, `${account}:${apiKey}`))
      return { status: 401, body: { code: 20003, message: 'Authenticate' } }
    const query = queryOf(call)
    return {
      status: 200,
      body: {
        page: 0,
        messages: taken()
          .filter(({ to }) => to === query.get('To'))
          .toReversed()
          .slice(0, Number(query.get('PageSize') ?? 50))
          .map(({ id, to, excerpt, at }) => ({
            sid: id,
            to,
            body: excerpt,
            date_created: new Date(at).toUTCString(),
            direction: 'outbound-api',
          })),
      },
    }
  },
  read: (call, { apiKey }) => {
    const account = twilioAccount(call.path)
    if (call.method !== 'POST' || account === undefined) return null
    if (!basic(call, `${account}:${apiKey}`))
      return { status: 401, body: { code: 20003, message: 'Authenticate' } }
    const fields = formFields(call)
    const to = fields.get('To')?.[0] ?? ''
    if (scriptedStop(to))
      return {
        status: 400,
        body: { code: 21610, message: 'Attempt to send to unsubscribed recipient', status: 400 },
      }
    if (scriptedRegion(to))
      return { status: 400, body: { code: 21408, message: 'Permission to send to this region is off' } }
    if (scriptedReach(to))
      return { status: 400, body: { code: 21606, message: "'From' is not valid for this destination" } }
    if (scriptedRefusal(to) !== null)
      return { status: 400, body: { code: 21211, message: `Invalid 'To' Phone Number: ${to}`, status: 400 } }
    const callbackUrl = fields.get('StatusCallback')?.[0]
    return [
      {
        to,
        token: URL.parse(callbackUrl ?? '')?.searchParams.get('m') ?? '',
        // Whole: its list of messages tells it.
        excerpt: fields.get('Body')?.[0] ?? '',
        ...(callbackUrl === undefined ? {} : { callbackUrl }),
      },
    ]
  },
  answer: ([message]) => ({ status: 201, body: { sid: message?.id, status: 'queued', error_code: null } }),
  tooMany: () => ({ status: 429, body: { code: 20429, message: 'Too Many Requests' } }),
  serverError: () => ({ status: 503, body: { code: 20503, message: 'Service Unavailable' } }),
  newId: (n) => `SM${String(n).padStart(32, '0')}`,
  event: ([event], url, { apiKey }) => {
    if (!event || event.kind === 'complained') return null
    const fields: Record<string, string> = {
      MessageSid: event.id,
      MessageStatus: event.kind === 'delivered' ? 'delivered' : 'undelivered',
      To: event.to,
      From: '+15005550006',
      AccountSid: 'AC00000000000000000000000000000000',
      ...(event.kind === 'bounced' ? { ErrorCode: '30005' } : {}),
    }
    const signed = Object.keys(fields)
      .toSorted()
      .map((name) => name + (fields[name] ?? ''))
      .join('')
    return {
      method: 'POST',
      url,
      headers: {
        ...FORM,
        'x-twilio-signature': createHmac('sha1', apiKey)
          .update(url + signed)
          .digest('base64'),
      },
      body: new URLSearchParams(fields).toString(),
    }
  },
}

const vonage: SimulatedVendor = {
  read: (call, { apiKey }) => {
    if (call.method !== 'POST' || call.path !== '/sms/json') return null
    const fields = formFields(call)
    const to = fields.get('to')?.[0] ?? ''
    if (fields.get('api_secret')?.[0] !== apiKey)
      return {
        status: 200,
        body: { 'message-count': '1', messages: [{ status: '4', 'error-text': 'Bad Credentials' }] },
      }
    const callbackUrl = fields.get('callback')?.[0]
    return [
      {
        to,
        token: fields.get('client-ref')?.[0] ?? '',
        excerpt: excerptOf(fields.get('text')?.[0]),
        ...(callbackUrl === undefined ? {} : { callbackUrl }),
        ...(scriptedRefusal(to) === null ? {} : { refusal: { code: 6, text: 'Unroutable message' } }),
      },
    ]
  },
  answer: ([message]) => ({
    status: 200,
    body: {
      'message-count': '1',
      messages: [
        message?.refusal
          ? { status: String(message.refusal.code), 'error-text': message.refusal.text, to: message.to }
          : { status: '0', 'message-id': message?.id, to: message?.to, 'remaining-balance': '1.00' },
      ],
    },
  }),
  tooMany: () => ({
    status: 200,
    body: { 'message-count': '1', messages: [{ status: '1', 'error-text': 'Throttled' }] },
  }),
  serverError: () => ({
    status: 200,
    body: { 'message-count': '1', messages: [{ status: '5', 'error-text': 'Internal Error' }] },
  }),
  newId: (n) => `0A${String(n).padStart(14, '0')}`,
  event: ([event], url, { eventKey }) => {
    if (!event || event.kind === 'complained') return null
    const fields: Record<string, string> = {
      msisdn: event.to,
      messageId: event.id,
      status: event.kind === 'delivered' ? 'delivered' : 'failed',
      'err-code': event.kind === 'delivered' ? '0' : '6',
      'client-ref': event.token,
      timestamp: String(Math.floor(event.atMs / 1_000)),
    }
    const signed = Object.keys(fields)
      .toSorted()
      .map((name) => `&${name}=${(fields[name] ?? '').replaceAll(/[&=]/g, '_')}`)
      .join('')
    const sig = createHmac('sha256', eventKey).update(signed).digest('hex')
    return { method: 'POST', url, headers: FORM, body: new URLSearchParams({ ...fields, sig }).toString() }
  },
}

const gateway: SimulatedVendor = {
  read: (call, { apiKey }) => {
    if (call.method !== 'POST' || call.path !== '/send') return null
    if (!bearer(call, apiKey)) return { status: 401, body: { error: 'who are you?' } }
    const body = json<{ to?: string; text?: string; id?: string; callback?: string }>(call)
    const to = body?.to ?? ''
    if (scriptedRefusal(to) !== null) return { status: 422, body: { error: 'no such number' } }
    return [
      {
        to,
        token: body?.id ?? '',
        excerpt: excerptOf(body?.text),
        ...(body?.callback === undefined ? {} : { callbackUrl: body.callback }),
      },
    ]
  },
  answer: ([message]) => ({ status: 202, body: { message: { id: message?.id } } }),
  tooMany: () => ({ status: 429, headers: { 'retry-after': '1' }, body: { error: 'slower, please' } }),
  serverError: () => ({ status: 503, body: { error: 'later, please' } }),
  newId: (n) => `gw-${n}`,
  event: ([event], url, { eventKey }) => {
    if (!event || event.kind === 'complained') return null
    return {
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(eventKey).toString('base64')}`,
      },
      body: JSON.stringify({
        event_id: event.eventId,
        id: event.token,
        status: event.kind === 'delivered' ? 'delivered' : 'failed',
      }),
    }
  },
}

interface CloudApiBody {
  to?: string
  type?: string
  text?: { body?: string }
  template?: { name?: string }
  biz_opaque_callback_data?: string
}

const whatsapp: SimulatedVendor = {
  read: (call, { apiKey }) => {
    if (call.method !== 'POST' || !/^\/v[\d.]+\/\w+\/messages$/.test(call.path)) return null
    if (!bearer(call, apiKey))
      return { status: 401, body: { error: { code: 190, message: 'Invalid OAuth access token.' } } }
    const body = json<CloudApiBody>(call)
    const to = body?.to ?? ''
    if (scriptedStop(to))
      return { status: 400, body: { error: { code: 131050, message: 'User has stopped marketing' } } }
    if (scriptedRegion(to))
      return { status: 400, body: { error: { code: 130497, message: 'Restricted in this country' } } }
    if (scriptedRefusal(to) !== null)
      return { status: 400, body: { error: { code: 131026, message: 'Message undeliverable' } } }
    return [
      {
        to,
        token: body?.biz_opaque_callback_data ?? '',
        excerpt: excerptOf(body?.template?.name ?? body?.text?.body),
      },
    ]
  },
  answer: ([message]) => ({
    status: 200,
    body: {
      messaging_product: 'whatsapp',
      contacts: [{ input: message?.to, wa_id: message?.to }],
      messages: [{ id: message?.id, message_status: 'accepted' }],
    },
  }),
  tooMany: () => ({ status: 429, body: { error: { code: 130429, message: 'Rate limit hit' } } }),
  serverError: () => ({ status: 500, body: { error: { code: 131000, message: 'Something went wrong' } } }),
  newId: (n) => `wamid.SIM${n}`,
  event: ([event], url, { eventKey }) => {
    if (!event || event.kind === 'complained') return null
    const body = JSON.stringify({
      object: 'whatsapp_business_account',
      entry: [{ id: 'WABA', changes: [{ field: 'messages', value: statusOf(event) }] }],
    })
    return {
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/json',
        'x-hub-signature-256': `sha256=${createHmac('sha256', eventKey).update(body).digest('hex')}`,
      },
      body,
    }
  },
}

const statusOf = (event: LaterEvent): unknown => ({
  messaging_product: 'whatsapp',
  metadata: { display_phone_number: '15550001111', phone_number_id: 'PNID' },
  statuses: [
    {
      id: event.id,
      status: event.kind === 'delivered' ? 'delivered' : 'failed',
      timestamp: String(Math.floor(event.atMs / 1_000)),
      recipient_id: event.to,
      biz_opaque_callback_data: event.token,
      ...(event.kind === 'bounced' ? { errors: [{ code: 131026, title: 'Message undeliverable' }] } : {}),
    },
  ],
})

/** Takes any call that is signed rightly. */
const webhook: SimulatedVendor = {
  read: (call, { eventKey }) => {
    const headers = Object.fromEntries(
      Object.entries(call.headers).map(([name, value]) => [name, text(value)]),
    )
    const request = { method: call.method, url: call.path, headers, body: call.body }
    if (
      standardWebhooksSignature(request, eventKey, new Date(Number(headers['webhook-timestamp']) * 1_000)) !==
      null
    )
      return { status: 401, body: { error: 'not signed' } }
    if (call.path.startsWith('/gone')) return { status: 410, body: {} }
    return [
      { to: call.path, token: headers['webhook-id'] ?? '', excerpt: excerptOf(call.body.toString('utf8')) },
    ]
  },
  answer: () => ({ status: 200, body: { ok: true } }),
  tooMany: () => ({ status: 429, headers: { 'retry-after': '1' }, body: {} }),
  serverError: () => ({ status: 503, body: {} }),
  newId: (n) => `call-${n}`,
  event: () => null,
}

export const MESSAGE_VENDORS = { twilio, vonage, gateway, whatsapp, webhook }
