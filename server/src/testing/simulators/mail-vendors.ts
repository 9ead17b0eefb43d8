/** Simulated providers of e-mail: their calls, answers and events, as their descriptions have them. */
import { createHmac, sign } from 'node:crypto'
import { signStandardWebhook } from '../../delivery/channels/webhook/sign.ts'
import { basic, bearer, excerptOf, formFields, json, queryOf, scriptedRefusal, text } from './read.ts'
import type { CalledMessage, LaterEvent, SimulatedVendor, SimulatorAnswer } from './vendor.ts'

const KEY = 'fanfare_message_id'
const jsonBody = (body: unknown): { headers: { 'content-type': string }; body: string } => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
const seconds = (event: LaterEvent): number => Math.floor(event.atMs / 1_000)

interface SendgridBody {
  subject?: string
  personalizations?: { to?: { email?: string }[]; custom_args?: Record<string, string> }[]
}

const sendgrid: SimulatedVendor = {
  read: (call, { apiKey }) => {
    if (call.method !== 'POST' || call.path !== '/v3/mail/send') return null
    if (!bearer(call, apiKey)) return sendgridError(401, 'The provided authorization grant is invalid', null)
    const body = json<SendgridBody>(call)
    const people = body?.personalizations ?? []
    if (people.length === 0 || people.length > 1_000)
      return sendgridError(400, 'The personalizations field is required.', 'personalizations')
    // One bad recipient spoils the whole call.
    const bad = people.findIndex(({ to }) => scriptedRefusal(to?.[0]?.email ?? '') !== null)
    if (bad >= 0)
      return sendgridError(400, 'Does not contain a valid address.', `personalizations.${bad}.to.0.email`)
    return people.map(({ to, custom_args: args }) => ({
      token: args?.[KEY] ?? '',
      to: to?.[0]?.email ?? '',
      excerpt: excerptOf(body?.subject),
    }))
  },
  answer: (messages) => ({
    status: 202,
    headers: { 'x-message-id': messages.find(({ id }) => id !== null)?.id ?? '' },
    body: '',
  }),
  tooMany: () => ({ ...sendgridError(429, 'too many requests', null), headers: { 'retry-after': '1' } }),
  serverError: () => sendgridError(500, 'An internal error has occurred.', null),
  newId: (n) => `sg${n}`,
  event: (events, url, { privateKeyPem }) => {
    const { headers, body } = jsonBody(
      events.map((event) => ({
        email: event.to,
        timestamp: seconds(event),
        event: { delivered: 'delivered', bounced: 'bounce', complained: 'spamreport' }[event.kind],
        ...(event.kind === 'bounced'
          ? { type: 'bounce', status: '5.1.1', reason: '550 5.1.1 User unknown' }
          : {}),
        sg_event_id: event.eventId,
        sg_message_id: `${event.id}.filter0001`,
        [KEY]: event.token,
      })),
    )
    const timestamp = String(seconds(events[0] ?? NO_EVENT))
    const signature =
      privateKeyPem === undefined
        ? ''
        : sign('sha256', Buffer.from(timestamp + body), privateKeyPem).toString('base64')
    return {
      method: 'POST',
      url,
      headers: {
        ...headers,
        'x-twilio-email-event-webhook-timestamp': timestamp,
        'x-twilio-email-event-webhook-signature': signature,
      },
      body,
    }
  },
}

const sendgridError = (status: number, message: string, field: string | null): SimulatorAnswer => ({
  status,
  body: { errors: [{ message, field, help: null }] },
})
const NO_EVENT: LaterEvent = { kind: 'delivered', eventId: '', id: '', token: '', to: '', atMs: 0 }

const mailgun: SimulatedVendor = {
  lookUp: (call, { apiKey }, taken) => {
    if (call.method !== 'GET' || !/^\/v3\/[^/]+\/events\?/.test(call.path)) return null
    if (!basic(call, `api:${apiKey}`)) return { status: 401, body: 'Forbidden' }
    const query = queryOf(call)
    const asked = new Set((query.get('recipient') ?? '').split(' OR '))
    const beginMs = Number(query.get('begin')) * 1_000
    const [from, limit] = [Number(query.get('page') ?? 0), Number(query.get('limit') ?? 100)]
    // Theirs hide the question in the address of the next page; ours says it again.
    const next = new URL(call.path, `http://${text(call.headers['host'])}`)
    next.searchParams.set('page', String(from + limit))
    return {
      status: 200,
      body: {
        items: taken()
          .filter(({ to, at }) => asked.has(to) && Date.parse(at) >= beginMs)
          .slice(from, from + limit)
          .map(({ id, token, to, at }) => ({
            event: 'accepted',
            id: `event-${id}`,
            timestamp: Date.parse(at) / 1_000,
            recipient: to,
            message: { headers: { 'message-id': `${id}@mg.example` } },
            'user-variables': { [KEY]: token },
          })),
        paging: { next: next.href },
      },
    }
  },
  read: (call, { apiKey }) => {
    if (call.method !== 'POST' || !/^\/v3\/[^/]+\/messages$/.test(call.path)) return null
    if (!basic(call, `api:${apiKey}`)) return { status: 401, body: 'Forbidden' }
    const fields = formFields(call)
    const variables = JSON.parse(fields.get('recipient-variables')?.[0] ?? '{}') as Record<
      string,
      { mid?: string }
    > // our own form
    const people = fields.get('to') ?? []
    if (people.length === 0 || people.length > 1_000)
      return { status: 400, body: { message: "'to' parameter is missing" } }
    if (people.some((to) => scriptedRefusal(to) !== null))
      return {
        status: 400,
        body: { message: "'to' parameter is not a valid address. please check documentation" },
      }
    return people.map((to) => ({
      token: variables[to]?.mid ?? '',
      to,
      excerpt: excerptOf(fields.get('subject')?.[0]),
    }))
  },
  answer: (messages) => ({
    status: 200,
    body: { id: `<${messages[0]?.id ?? ''}@mg.example>`, message: 'Queued. Thank you.' },
  }),
  tooMany: () => ({ status: 429, headers: { 'retry-after': '1' }, body: { message: 'Too many requests' } }),
  serverError: () => ({ status: 500, body: { message: 'Internal Server Error' } }),
  newId: (n) => `mg${n}`,
  event: (events, url, { eventKey }) => {
    const [event = NO_EVENT] = events
    const timestamp = String(seconds(event))
    const token = createHmac('sha256', 'token').update(event.eventId).digest('hex').slice(0, 50)
    return {
      method: 'POST',
      url,
      ...jsonBody({
        signature: {
          timestamp,
          token,
          signature: createHmac('sha256', eventKey)
            .update(timestamp + token)
            .digest('hex'),
        },
        'event-data': {
          id: event.eventId,
          event: { delivered: 'delivered', bounced: 'failed', complained: 'complained' }[event.kind],
          ...(event.kind === 'bounced'
            ? {
                severity: 'permanent',
                reason: 'bounce',
                'delivery-status': { code: 550, message: '5.1.1 User unknown' },
              }
            : {}),
          timestamp: seconds(event),
          recipient: event.to,
          message: { headers: { 'message-id': event.id } },
          'user-variables': { [KEY]: event.token },
        },
      }),
    }
  },
}

interface PostmarkMail {
  To?: string
  Subject?: string
  Metadata?: Record<string, string>
}

const postmark: SimulatedVendor = {
  lookUp: (call, { apiKey }, taken) => {
    if (call.method !== 'GET' || !call.path.startsWith('/messages/outbound?')) return null
    if (call.headers['x-postmark-server-token'] !== apiKey)
      return { status: 401, body: { ErrorCode: 10, Message: 'No Server API token.' } }
    const query = queryOf(call)
    const found = taken().filter(({ token }) => token === query.get(`metadata_${KEY}`))
    return {
      status: 200,
      body: {
        TotalCount: found.length,
        Messages: found.slice(0, Number(query.get('count'))).map(({ id, to, token }) => ({
          MessageID: id,
          Recipients: [to],
          Status: 'Sent',
          Metadata: { [KEY]: token },
        })),
      },
    }
  },
  read: (call, { apiKey }) => {
    if (call.method !== 'POST' || !/^\/email(?:\/batch)?$/.test(call.path)) return null
    if (call.headers['x-postmark-server-token'] !== apiKey)
      return {
        status: 401,
        body: { ErrorCode: 10, Message: 'No Account or Server API tokens were supplied.' },
      }
    const body = json<PostmarkMail | PostmarkMail[]>(call)
    const mails = Array.isArray(body) ? body : body ? [body] : []
    if (mails.length === 0 || mails.length > 500)
      return { status: 422, body: { ErrorCode: 410, Message: 'Too many batch messages.' } }
    return mails.map(({ To = '', Subject, Metadata }) => ({
      token: Metadata?.[KEY] ?? '',
      to: To,
      excerpt: excerptOf(Subject),
      ...refusalFor(To, 406, 'You tried to send to a recipient that has been marked as inactive.'),
    }))
  },
  answer: (messages) => ({
    status: 200,
    body: messages.map(({ id, to, refusal }) =>
      refusal
        ? { ErrorCode: refusal.code, Message: refusal.text }
        : { To: to, SubmittedAt: new Date(0).toISOString(), MessageID: id, ErrorCode: 0, Message: 'OK' },
    ),
  }),
  tooMany: () => ({ status: 429, body: { ErrorCode: 429, Message: 'Rate limit exceeded.' } }),
  serverError: () => ({ status: 500, body: { ErrorCode: 100, Message: 'Maintenance.' } }),
  newId: (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  event: (events, url, { eventKey }) => {
    const [event = NO_EVENT] = events
    const at = new Date(event.atMs).toISOString()
    const { headers, body } = jsonBody({
      RecordType: { delivered: 'Delivery', bounced: 'Bounce', complained: 'SpamComplaint' }[event.kind],
      MessageID: event.id,
      Metadata: { [KEY]: event.token },
      ...(event.kind === 'delivered'
        ? { Recipient: event.to, DeliveredAt: at }
        : {
            ID: event.eventId,
            Email: event.to,
            BouncedAt: at,
            Type: 'HardBounce',
            TypeCode: 1,
            Description: 'Hard bounce',
          }),
    })
    return {
      method: 'POST',
      url,
      headers: { ...headers, authorization: `Basic ${Buffer.from(eventKey).toString('base64')}` },
      body,
    }
  },
}

interface ResendMail {
  to?: string | string[]
  subject?: string
  tags?: { name: string; value: string }[]
}

const resend: SimulatedVendor = {
  read: (call, { apiKey }) => {
    if (call.method !== 'POST' || !/^\/emails(?:\/batch)?$/.test(call.path)) return null
    if (!call.headers['user-agent'])
      return { status: 403, body: { name: 'missing_user_agent', message: 'error code: 1010' } }
    if (!bearer(call, apiKey))
      return { status: 401, body: { name: 'missing_api_key', message: 'Missing API key' } }
    const body = json<ResendMail | ResendMail[]>(call)
    const mails = Array.isArray(body) ? body : body ? [body] : []
    if (mails.length === 0 || mails.length > 100)
      return { status: 422, body: { name: 'validation_error', message: 'At most 100 emails.' } }
    return mails.map(({ to, subject, tags }) => {
      const address = (Array.isArray(to) ? to[0] : to) ?? ''
      return {
        token: tags?.find(({ name }) => name === KEY)?.value ?? '',
        to: address,
        excerpt: excerptOf(subject),
        ...refusalFor(address, 422, 'Invalid `to` field.'),
      }
    })
  },
  answer: (messages) => ({
    status: 200,
    body: {
      data: messages.flatMap(({ id }) => (id === null ? [] : { id })),
      errors: messages.flatMap(({ refusal }, index) => (refusal ? { index, message: refusal.text } : [])),
    },
  }),
  tooMany: () => ({
    status: 429,
    headers: { 'retry-after': '1' },
    body: { name: 'rate_limit_exceeded', message: 'Too many requests.' },
  }),
  serverError: () => ({
    status: 500,
    body: { name: 'application_error', message: 'An unexpected error occurred.' },
  }),
  newId: (n) => `00000000-0000-4000-9000-${String(n).padStart(12, '0')}`,
  event: (events, url, { eventKey }) => {
    const [event = NO_EVENT] = events
    const { headers, body } = jsonBody({
      type: { delivered: 'email.delivered', bounced: 'email.bounced', complained: 'email.complained' }[
        event.kind
      ],
      created_at: new Date(event.atMs).toISOString(),
      data: {
        email_id: event.id,
        to: [event.to],
        tags: { [KEY]: event.token },
        ...(event.kind === 'bounced'
          ? { bounce: { type: 'Permanent', subType: 'General', message: '550 5.1.1 User unknown' } }
          : {}),
      },
    })
    const timestamp = String(seconds(event))
    return {
      method: 'POST',
      url,
      headers: {
        ...headers,
        'svix-id': event.eventId,
        'svix-timestamp': timestamp,
        'svix-signature': signStandardWebhook(eventKey, event.eventId, timestamp, Buffer.from(body)),
      },
      body,
    }
  },
}

interface SesBulk {
  BulkEmailEntries?: {
    Destination?: { ToAddresses?: string[] }
    ReplacementTags?: { Name: string; Value: string }[]
    ReplacementEmailContent?: { ReplacementTemplate?: { ReplacementTemplateData?: string } }
  }[]
}

const ses: SimulatedVendor = {
  read: (call, { apiKey }) => {
    if (call.method !== 'POST' || call.path !== '/v2/email/outbound-bulk-emails') return null
    if (!text(call.headers['authorization']).startsWith(`AWS4-HMAC-SHA256 Credential=${apiKey}/`))
      return sesError(
        403,
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      )
    const entries = json<SesBulk>(call)?.BulkEmailEntries ?? []
    if (entries.length === 0 || entries.length > 50)
      return sesError(400, 'BadRequestException', 'At most 50 entries.')
    return entries.map((entry) => {
      const to = entry.Destination?.ToAddresses?.[0] ?? ''
      return {
        token: entry.ReplacementTags?.find(({ Name }) => Name === KEY)?.Value ?? '',
        to,
        excerpt: excerptOf(entry.ReplacementEmailContent?.ReplacementTemplate?.ReplacementTemplateData),
        ...refusalFor(to, 400, 'Invalid email address.'),
      }
    })
  },
  answer: (messages) => ({
    status: 200,
    body: {
      BulkEmailEntryResults: messages.map(({ id, refusal }) =>
        refusal ? { Status: 'INVALID_PARAMETER', Error: refusal.text } : { Status: 'SUCCESS', MessageId: id },
      ),
    },
  }),
  tooMany: () => sesError(429, 'TooManyRequestsException', 'Maximum sending rate exceeded.'),
  serverError: () => sesError(500, 'InternalServiceException', 'Internal failure.'),
  newId: (n) => `0100018${String(n).padStart(8, '0')}-000000`,
  event: (events, url, { privateKeyPem }) => {
    const [event = NO_EVENT] = events
    const at = new Date(event.atMs).toISOString()
    const message = JSON.stringify({
      eventType: { delivered: 'Delivery', bounced: 'Bounce', complained: 'Complaint' }[event.kind],
      mail: { messageId: event.id, timestamp: at, destination: [event.to], tags: { [KEY]: [event.token] } },
      ...(event.kind === 'bounced'
        ? {
            bounce: {
              bounceType: 'Permanent',
              bounceSubType: 'General',
              bouncedRecipients: [
                { emailAddress: event.to, status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' },
              ],
              timestamp: at,
            },
          }
        : {}),
      ...(event.kind === 'complained'
        ? {
            complaint: {
              complainedRecipients: [{ emailAddress: event.to }],
              timestamp: at,
              complaintFeedbackType: 'abuse',
            },
          }
        : {}),
      ...(event.kind === 'delivered' ? { delivery: { timestamp: at, recipients: [event.to] } } : {}),
    })
    const topic = 'arn:aws:sns:eu-west-1:000000000000:fanfare'
    const signed = `Message\n${message}\nMessageId\n${event.eventId}\nTimestamp\n${at}\nTopicArn\n${topic}\nType\nNotification\n`
    return {
      method: 'POST',
      url,
      headers: { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': 'Notification' },
      body: JSON.stringify({
        Type: 'Notification',
        MessageId: event.eventId,
        TopicArn: topic,
        Message: message,
        Timestamp: at,
        SignatureVersion: '2',
        Signature:
          privateKeyPem === undefined
            ? ''
            : sign('sha256', Buffer.from(signed), privateKeyPem).toString('base64'),
        SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-simulated.pem',
      }),
    }
  },
}

const sesError = (status: number, type: string, message: string): SimulatorAnswer => ({
  status,
  headers: { 'x-amzn-errortype': type },
  body: { message },
})

/** A local part may script a refusal of this one message: `refuse.anything@…`. */
function refusalFor(to: string, code: number, said: string): Pick<CalledMessage, 'refusal'> | object {
  return scriptedRefusal(to) === null ? {} : { refusal: { code, text: said } }
}

export const MAIL_VENDORS = { ses, sendgrid, mailgun, postmark, resend }
