/** Events and inbound messages of SMS and WhatsApp providers. Source: platforms report §2.7, §2.8 */
import { z } from 'zod'
import { verdict } from '../../channels/api/vendor.ts'
import type { Verdict } from '../../channels/outcome.ts'
import { twilioFailure } from '../../channels/sms/vendors/twilio.ts'
import { whatsappWord } from '../../channels/whatsapp/cloud-api.ts'
import { EventCollector, type ReadEvents } from './vendor-event.ts'

const UNREACHED = verdict('soft', 'unreachable_number')

/** Twilio: a form; the message's token stands in the address that was called. */
export function twilioEvents(
  fields: Readonly<Record<string, string>>,
  token: string | null,
  now: Date,
): ReadEvents {
  const found = new EventCollector()
  const sid = fields['MessageSid'] ?? fields['SmsSid'] ?? ''
  const status = fields['MessageStatus'] ?? fields['SmsStatus'] ?? ''
  if (status === 'received' || (fields['Body'] !== undefined && fields['MessageStatus'] === undefined)) {
    found.inbound.push({
      eventId: sid,
      from: fields['From'] ?? '',
      text: fields['Body'] ?? '',
      at: now,
      // Twilio tells of RCS as of SMS, and RCS has buttons.
      isButton: fields['ButtonText'] !== undefined,
    })
    return found
  }
  const code = Number(fields['ErrorCode'] ?? 0)
  const base = {
    at: now,
    eventId: `${sid}-${status}`,
    token,
    address: fields['To'] ?? null,
    text: code === 0 ? '' : String(code),
  }
  const said = twilioFailure(code)
  switch (status) {
    case 'sent':
      found.add({ ...base, what: 'sent' })
      break
    case 'delivered':
    case 'read':
    case 'partially_delivered':
      found.add({ ...base, what: 'delivered' })
      break
    case 'undelivered':
    case 'failed':
      found.add({ ...base, what: isOurs(said) ? 'failed' : 'bounced', verdict: said })
      break
    case 'accepted':
    case 'scheduled':
    case 'queued':
    case 'sending':
    case 'canceled':
      break
    default:
      found.addUnknown(status || 'untyped', fields)
  }
  return found
}

/** Says nothing about the address. */
const isOurs = (said: Verdict): boolean =>
  said.class === 'block' || said.class === 'content' || said.class === 'opt_out'

/** By Vonage's code of a delivery receipt. */
const VONAGE_CODES: Readonly<Record<string, Verdict>> = {
  '1': verdict('soft', 'undetermined'),
  '2': UNREACHED,
  '3': UNREACHED,
  '4': verdict('soft', 'blocked_by_recipient'),
  '5': verdict('hard', 'ported'),
  '6': verdict('block', 'filtered'),
  '7': UNREACHED,
  '9': verdict('hard', 'invalid_recipient'),
  '10': verdict('content', 'rejected'),
  '11': UNREACHED,
}

/** Vonage: a receipt or an inbound message, as a form, a query or JSON. */
export function vonageEvents(fields: Readonly<Record<string, string>>, now: Date): ReadEvents {
  const found = new EventCollector()
  const from = fields['msisdn'] ?? ''
  const id = fields['messageId'] ?? fields['message-id'] ?? ''
  if (fields['status'] === undefined && fields['text'] !== undefined) {
    found.inbound.push({ eventId: id, from: `+${from.replace(/^\+/, '')}`, text: fields['text'], at: now })
    return found
  }
  const status = fields['status'] ?? ''
  const code = fields['err-code'] ?? ''
  const said = VONAGE_CODES[code] ?? UNREACHED
  const base = {
    at: now,
    eventId: `${id}-${status}`,
    token: fields['client-ref'] ?? null,
    address: from === '' ? null : `+${from.replace(/^\+/, '')}`,
    text: code === '0' ? '' : code,
  }
  switch (status) {
    case 'delivered':
      found.add({ ...base, what: 'delivered' })
      break
    case 'accepted':
    case 'buffered':
      found.add({ ...base, what: 'sent' })
      break
    case 'failed':
    case 'rejected':
    case 'expired':
      found.add({ ...base, what: isOurs(said) ? 'failed' : 'bounced', verdict: said })
      break
    case 'unknown':
      break
    default:
      found.addUnknown(status || 'untyped', fields)
  }
  return found
}

const gatewayBody = z.looseObject({
  event_id: z.string().optional(),
  id: z.string().optional(),
  status: z.string().optional(),
  from: z.string().optional(),
  text: z.string().optional(),
})

/** A gateway of the operator's own: `{event_id, id, status}` of a message, or `{event_id, from, text}` of a person's. */
export function gatewayEvents(body: unknown, now: Date): ReadEvents {
  const found = new EventCollector()
  const parsed = gatewayBody.safeParse(body)
  if (!parsed.success) {
    found.addUnknown('unreadable', body)
    return found
  }
  const { event_id: eventId = null, id: token = null, status, from, text } = parsed.data
  if (status === undefined && from !== undefined && text !== undefined) {
    found.inbound.push({ eventId: eventId ?? `${from}-${now.getTime()}`, from, text, at: now })
    return found
  }
  const base = { at: now, eventId, token }
  if (status === 'delivered' || status === 'sent') found.add({ ...base, what: status })
  else if (status === 'failed') found.add({ ...base, what: 'bounced', verdict: UNREACHED })
  else if (status === 'invalid')
    found.add({ ...base, what: 'bounced', verdict: verdict('hard', 'invalid_recipient') })
  else found.addUnknown(status ?? 'untyped', body)
  return found
}

const whatsappBody = z.looseObject({
  entry: z.array(
    z.looseObject({
      changes: z.array(z.looseObject({ field: z.string(), value: z.looseObject({}) })),
    }),
  ),
})
const second = z.coerce.number().transform((value) => new Date(value * 1_000))
const whatsappStatus = z.looseObject({
  id: z.string(),
  status: z.string(),
  timestamp: second,
  recipient_id: z.string().optional(),
  biz_opaque_callback_data: z.string().optional(),
  errors: z.array(z.looseObject({ code: z.number(), title: z.string().optional() })).optional(),
})
const whatsappInbound = z.looseObject({
  id: z.string(),
  from: z.string(),
  timestamp: second,
  type: z.string(),
  text: z.looseObject({ body: z.string() }).optional(),
  button: z.looseObject({ text: z.string() }).optional(),
  interactive: z
    .looseObject({
      button_reply: z.looseObject({ title: z.string() }).optional(),
      list_reply: z.looseObject({ title: z.string() }).optional(),
    })
    .optional(),
})

const whatsappPreference = z.looseObject({
  wa_id: z.string(),
  category: z.literal('marketing_messages'),
  value: z.enum(['stop', 'resume']),
  timestamp: second,
  detail: z.string().optional(),
})

/** WhatsApp: statuses, messages and wishes of several changes. */
export function whatsappEvents(body: unknown): ReadEvents {
  const found = new EventCollector()
  const parsed = whatsappBody.safeParse(body)
  if (!parsed.success) {
    found.addUnknown('unreadable', body)
    return found
  }
  for (const { field, value } of parsed.data.entry.flatMap(({ changes }) => changes)) {
    if (field === 'user_preferences') {
      for (const item of listIn(value, 'user_preferences')) readPreference(found, item)
      continue
    }
    if (field !== 'messages') {
      if (!/^(?:message_template|template_category|phone_number|account|business)/.test(field))
        found.addUnknown(field, value)
      continue
    }
    for (const item of listIn(value, 'statuses')) readStatus(found, item)
    for (const item of listIn(value, 'messages')) readInbound(found, item)
  }
  return found
}

const listIn = (value: Readonly<Record<string, unknown>>, key: string): unknown[] => {
  const list = value[key]
  return Array.isArray(list) ? list : []
}

function readStatus(found: EventCollector, item: unknown): void {
  const parsed = whatsappStatus.safeParse(item)
  if (!parsed.success) return found.addUnknown('status', item)
  const {
    id,
    status,
    timestamp: at,
    recipient_id: to,
    biz_opaque_callback_data: token = null,
    errors = [],
  } = parsed.data
  const base = { at, eventId: `${id}-${status}`, token, address: to === undefined ? null : `+${to}` }
  if (status === 'sent') found.add({ ...base, what: 'sent' })
  else if (status === 'delivered' || status === 'read') found.add({ ...base, what: 'delivered' })
  else if (status !== 'failed') {
    if (status !== 'deleted' && status !== 'warning' && status !== 'played') found.addUnknown(status, item)
  } else {
    const [error] = errors
    const word = whatsappWord(error?.code ?? -1, error?.title ?? '')
    const said = word.kind === 'refused' ? word.verdict : verdict('block', 'rejected')
    const text = `${error?.code ?? ''} ${error?.title ?? ''}`.trim()
    found.add({ ...base, what: isOurs(said) ? 'failed' : 'bounced', verdict: said, text })
  }
}

function readInbound(found: EventCollector, item: unknown): void {
  const parsed = whatsappInbound.safeParse(item)
  if (!parsed.success) return found.addUnknown('message', item)
  const { id, from, timestamp: at, text, button, interactive } = parsed.data
  found.inbound.push({
    eventId: id,
    from: `+${from.replace(/^\+/, '')}`,
    text:
      text?.body ?? button?.text ?? interactive?.button_reply?.title ?? interactive?.list_reply?.title ?? '',
    at,
  })
}

function readPreference(found: EventCollector, item: unknown): void {
  const parsed = whatsappPreference.safeParse(item)
  if (!parsed.success) return found.addUnknown('user_preferences', item)
  const { wa_id: from, value: wish, timestamp: at, detail: text = '' } = parsed.data
  found.wishes.push({ from: `+${from.replace(/^\+/, '')}`, wish, text, at })
}
