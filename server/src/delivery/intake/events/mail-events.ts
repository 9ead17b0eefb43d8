/**
 * Events of e-mail providers. Tolerant: a field that we do not read may be anything, an event that we do not know is
 * counted. Source: platforms report §2.1–§2.5; Resend's OpenAPI description
 */
import { z } from 'zod'
import { OPTED_OUT, verdict } from '../../channels/api/vendor.ts'
import { TOKEN_KEY } from '../../channels/email/mail-message.ts'
import { judgeReport } from '../../channels/email/replies.ts'
import type { Verdict } from '../../channels/outcome.ts'
import { tellingText } from '../bounces/free-text.ts'
import { EventCollector, type ReadEvents } from './vendor-event.ts'

const seconds = z.coerce.number().transform((value) => new Date(value * 1_000))
const moment = z.coerce.date()

/** What a receiving server is quoted with, judged as a bounce mail is. */
function judged(text: string, status: string | null | undefined): Verdict {
  const code = Number(/(?<!\d)([45]\d\d)(?!\d)/.exec(text)?.[1] ?? 0)
  const enhanced = /(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)/.exec(text)?.[1] ?? null
  return judgeReport({ code, enhanced, status: status || null, stage: null, texts: [tellingText(text), ''] })
}

/** Hard as the provider says; why, as its text does. */
function hardened(said: Verdict): Verdict {
  return said.class === 'hard'
    ? said
    : verdict('hard', said.reason === 'undetermined' ? 'invalid_recipient' : said.reason)
}

// SendGrid -----------------------------------------------------------------------------------------------------------

const sendgridEvent = z.looseObject({
  event: z.string(),
  email: z.string().optional(),
  timestamp: seconds,
  sg_event_id: z.string().optional(),
  type: z.string().optional(),
  status: z.string().optional(),
  reason: z.string().optional(),
  [TOKEN_KEY]: z.string().optional(),
})

/** SendGrid: an array. */
export function sendgridEvents(body: unknown): ReadEvents {
  const found = new EventCollector()
  for (const item of Array.isArray(body) ? body : []) {
    const parsed = sendgridEvent.safeParse(item)
    if (!parsed.success) {
      found.addUnknown('unreadable', item)
      continue
    }
    const {
      event,
      email = null,
      timestamp: at,
      sg_event_id: eventId = null,
      type,
      status,
      reason = '',
    } = parsed.data
    const base = { at, eventId, address: email, token: parsed.data[TOKEN_KEY] ?? null, text: reason }
    switch (event) {
      case 'delivered':
      case 'processed':
        found.add({ ...base, what: event === 'delivered' ? 'delivered' : 'sent' })
        break
      case 'bounce':
        // `blocked` is about our reputation or a passing fault: it suppresses nobody.
        if (type === 'blocked')
          found.add({ ...base, what: 'failed', verdict: blocked(judged(reason, status)) })
        else found.add({ ...base, what: 'bounced', verdict: hardened(judged(reason, status)) })
        break
      case 'dropped':
        found.add(droppedBy(reason, base))
        break
      case 'spamreport':
        found.add({ ...base, what: 'complained' })
        break
      case 'unsubscribe':
      case 'group_unsubscribe':
        found.add({ ...base, what: 'unsubscribed' })
        break
      case 'deferred':
      case 'open':
      case 'click':
      case 'group_resubscribe':
        break
      default:
        found.addUnknown(event, item)
    }
  }
  return found
}

const blocked = (said: Verdict): Verdict => (said.class === 'hard' ? verdict('block', 'policy') : said)

function droppedBy(
  reason: string,
  base: { at: Date; eventId: string | null; address: string | null; token: string | null; text: string },
): Parameters<EventCollector['add']>[0] {
  if (/unsubscribed/i.test(reason)) return { ...base, what: 'failed', verdict: OPTED_OUT }
  if (/spam reporting/i.test(reason)) return { ...base, what: 'complained' }
  if (/bounced address|invalid/i.test(reason))
    return { ...base, what: 'bounced', verdict: verdict('hard', 'invalid_recipient') }
  return { ...base, what: 'failed', verdict: verdict('content', 'rejected') }
}

// Mailgun ------------------------------------------------------------------------------------------------------------

const mailgunBody = z.looseObject({
  'event-data': z.looseObject({
    event: z.string(),
    id: z.string().optional(),
    timestamp: seconds,
    recipient: z.string().optional(),
    severity: z.string().optional(),
    reason: z.string().optional(),
    'delivery-status': z
      .looseObject({
        code: z.union([z.number(), z.string()]).optional(),
        message: z.string().nullish(),
        description: z.string().nullish(),
        'enhanced-code': z.string().nullish(),
      })
      .optional(),
    'user-variables': z.record(z.string(), z.unknown()).optional(),
  }),
})

/** Mailgun: one event. */
export function mailgunEvents(body: unknown): ReadEvents {
  const found = new EventCollector()
  const parsed = mailgunBody.safeParse(body)
  if (!parsed.success) {
    found.addUnknown('unreadable', body)
    return found
  }
  const data = parsed.data['event-data']
  const { event, timestamp: at, id: eventId = null, recipient: address = null, severity, reason = '' } = data
  const status = data['delivery-status']
  const text = [status?.code, status?.message || status?.description].filter(Boolean).join(' ')
  const token = data['user-variables']?.[TOKEN_KEY]
  const base = { at, eventId, address, token: typeof token === 'string' ? token : null, text: text || reason }
  switch (event) {
    case 'accepted':
      found.add({ ...base, what: 'sent' })
      break
    case 'delivered':
      found.add({ ...base, what: 'delivered' })
      break
    case 'failed':
      if (severity === 'temporary') break
      if (reason === 'suppress-complaint') found.add({ ...base, what: 'complained' })
      else if (reason === 'suppress-unsubscribe') found.add({ ...base, what: 'failed', verdict: OPTED_OUT })
      else found.add(permanently(base, reason, status?.['enhanced-code'] ?? null))
      break
    case 'complained':
      found.add({ ...base, what: 'complained' })
      break
    case 'unsubscribed':
      found.add({ ...base, what: 'unsubscribed' })
      break
    case 'rejected':
      found.add({ ...base, what: 'failed', verdict: verdict('content', 'rejected') })
      break
    case 'opened':
    case 'clicked':
    case 'stored':
      break
    default:
      found.addUnknown(event, body)
  }
  return found
}

function permanently(
  base: { at: Date; text: string },
  reason: string,
  enhanced: string | null,
): Parameters<EventCollector['add']>[0] {
  const said = judged(base.text, enhanced)
  if (reason === 'bounce' || reason === 'suppress-bounce')
    return { ...base, what: 'bounced', verdict: said.class === 'block' ? said : hardened(said) }
  return said.class === 'hard' || said.class === 'soft'
    ? { ...base, what: 'bounced', verdict: said }
    : { ...base, what: 'failed', verdict: said }
}

// Postmark -----------------------------------------------------------------------------------------------------------

const postmarkBody = z.looseObject({
  RecordType: z.string(),
  ID: z.union([z.number(), z.string()]).optional(),
  MessageID: z.string().optional(),
  Email: z.string().optional(),
  Recipient: z.string().optional(),
  Type: z.string().optional(),
  TypeCode: z.number().optional(),
  Details: z.string().optional(),
  Description: z.string().optional(),
  Metadata: z.record(z.string(), z.string()).optional(),
  SuppressSending: z.boolean().optional(),
  SuppressionReason: z.string().nullish(),
  Origin: z.string().nullish(),
  BouncedAt: moment.optional(),
  DeliveredAt: moment.optional(),
  ChangedAt: moment.optional(),
})

/** By the number of Postmark's bounce type. */
const POSTMARK_BOUNCES: Readonly<Record<number, Verdict>> = {
  1: verdict('hard', 'invalid_recipient'),
  100000: verdict('hard', 'invalid_recipient'),
  100002: verdict('hard', 'inactive_mailbox'),
  4096: verdict('soft', 'mailbox_full'),
  256: verdict('soft', 'receiver_unavailable'),
  2: verdict('soft', 'receiver_unavailable'),
  512: verdict('block', 'spam'),
  100006: verdict('block', 'reputation'),
  100009: verdict('block', 'authentication'),
}

/** Postmark: one record. */
export function postmarkEvents(body: unknown, now: Date): ReadEvents {
  const found = new EventCollector()
  const parsed = postmarkBody.safeParse(body)
  if (!parsed.success) {
    found.addUnknown('unreadable', body)
    return found
  }
  const { RecordType, ID, MessageID, TypeCode = 0, Details, Description = '' } = parsed.data
  const base = {
    at: parsed.data.BouncedAt ?? parsed.data.DeliveredAt ?? parsed.data.ChangedAt ?? now,
    eventId: `${RecordType}-${ID ?? MessageID ?? ''}`,
    address: parsed.data.Email ?? parsed.data.Recipient ?? null,
    token: parsed.data.Metadata?.[TOKEN_KEY] ?? null,
    text: Details ?? Description,
  }
  switch (RecordType) {
    case 'Delivery':
      found.add({ ...base, what: 'delivered' })
      break
    case 'Bounce': {
      if (TypeCode === 100001) {
        found.add({ ...base, what: 'complained' })
        break
      }
      if (TypeCode === 16) {
        found.add({ ...base, what: 'unsubscribed' })
        break
      }
      // Wishes to subscribe, automatic answers and open relay tests come as bounces that are none.
      if ([32, 64, 1024].includes(TypeCode)) break
      const said = POSTMARK_BOUNCES[TypeCode] ?? judged(base.text, null)
      found.add({ ...base, what: said.class === 'block' ? 'failed' : 'bounced', verdict: said })
      break
    }
    case 'SpamComplaint':
      found.add({ ...base, what: 'complained' })
      break
    case 'SubscriptionChange':
      if (isOwnWish(parsed.data)) found.add({ ...base, what: 'unsubscribed' })
      break
    case 'Open':
    case 'Click':
      break
    default:
      found.addUnknown(RecordType, body)
  }
  return found
}

/**
 * Postmark's list changes after a hard bounce and a complaint as well, which have their own records, and when the
 * customer changes it: only the recipient's own act is a person's word.
 */
const isOwnWish = ({ SuppressSending, SuppressionReason, Origin }: z.output<typeof postmarkBody>): boolean =>
  SuppressSending === true && SuppressionReason === 'ManualSuppression' && Origin === 'Recipient'

// Resend -------------------------------------------------------------------------------------------------------------

const tags = z.union([
  z.record(z.string(), z.string()),
  z.array(z.object({ name: z.string(), value: z.string() })),
])
const resendBody = z.looseObject({
  type: z.string(),
  created_at: moment,
  data: z.looseObject({
    email_id: z.string().optional(),
    to: z.array(z.string()).optional(),
    tags: tags.optional(),
    bounce: z
      .looseObject({
        type: z.string().optional(),
        subType: z.string().optional(),
        message: z.string().optional(),
      })
      .optional(),
    failed: z.looseObject({ reason: z.string().optional() }).optional(),
    suppressed: z.looseObject({ message: z.string().optional(), type: z.string().optional() }).optional(),
  }),
})

/** Resend: one event; its id is the request's. */
export function resendEvents(body: unknown, eventId: string | null): ReadEvents {
  const found = new EventCollector()
  const parsed = resendBody.safeParse(body)
  if (!parsed.success) {
    found.addUnknown('unreadable', body)
    return found
  }
  const { type, created_at: at, data } = parsed.data
  const token = Array.isArray(data.tags)
    ? data.tags.find(({ name }) => name === TOKEN_KEY)?.value
    : data.tags?.[TOKEN_KEY]
  const text = data.bounce?.message ?? data.failed?.reason ?? data.suppressed?.message ?? ''
  const base = { at, eventId, address: data.to?.[0] ?? null, token: token ?? null, text }
  switch (type) {
    case 'email.sent':
      found.add({ ...base, what: 'sent' })
      break
    case 'email.delivered':
      found.add({ ...base, what: 'delivered' })
      break
    case 'email.bounced': {
      const said = judged(text, null)
      const isPermanent = /permanent/i.test(data.bounce?.type ?? '')
      if (said.class === 'block') found.add({ ...base, what: 'failed', verdict: said })
      else found.add({ ...base, what: 'bounced', verdict: isPermanent ? hardened(said) : soft(said) })
      break
    }
    case 'email.suppressed':
      found.add({ ...base, what: 'bounced', verdict: verdict('hard', 'inactive_mailbox') })
      break
    case 'email.failed':
      found.add({ ...base, what: 'failed', verdict: verdict('content', 'rejected') })
      break
    case 'email.complained':
      found.add({ ...base, what: 'complained' })
      break
    case 'email.opened':
    case 'email.clicked':
    case 'email.delivery_delayed':
    case 'email.scheduled':
    case 'email.received':
      break
    default:
      // Contacts and domains of the account are not ours to follow.
      if (!/^(?:contact|domain)\./.test(type)) found.addUnknown(type, body)
  }
  return found
}

const soft = (said: Verdict): Verdict => (said.class === 'hard' ? verdict('soft', said.reason) : said)

// Amazon SES ---------------------------------------------------------------------------------------------------------

const sesRecipient = z.looseObject({
  emailAddress: z.string(),
  status: z.string().optional(),
  diagnosticCode: z.string().optional(),
})
const sesMessage = z.looseObject({
  eventType: z.string().optional(),
  notificationType: z.string().optional(),
  mail: z.looseObject({
    messageId: z.string().optional(),
    timestamp: moment,
    destination: z.array(z.string()).optional(),
    tags: z.record(z.string(), z.array(z.string())).optional(),
  }),
  bounce: z
    .looseObject({
      bounceType: z.string(),
      bounceSubType: z.string().optional(),
      bouncedRecipients: z.array(sesRecipient),
      timestamp: moment.optional(),
    })
    .optional(),
  complaint: z
    .looseObject({ complainedRecipients: z.array(sesRecipient), complaintSubType: z.string().nullish() })
    .optional(),
  delivery: z.looseObject({ timestamp: moment.optional() }).optional(),
})

/** Amazon SES: the message inside a notification of SNS, whose id is the event's. */
export function sesEvents(message: unknown, eventId: string | null): ReadEvents {
  const found = new EventCollector()
  const parsed = sesMessage.safeParse(message)
  if (!parsed.success) {
    found.addUnknown('unreadable', message)
    return found
  }
  const { eventType, notificationType, mail, bounce, complaint, delivery } = parsed.data
  const type = eventType ?? notificationType ?? ''
  const base = {
    at: bounce?.timestamp ?? delivery?.timestamp ?? mail.timestamp,
    eventId,
    address: mail.destination?.[0] ?? null,
    token: mail.tags?.[TOKEN_KEY]?.[0] ?? null,
  }
  switch (type) {
    case 'Send':
      found.add({ ...base, what: 'sent' })
      break
    case 'Delivery':
      found.add({ ...base, what: 'delivered' })
      break
    case 'Bounce':
      for (const { emailAddress, status, diagnosticCode = '' } of bounce?.bouncedRecipients ?? []) {
        const said = judged(diagnosticCode.replace(/^\w+; ?/, ''), status)
        const isPermanent = bounce?.bounceType === 'Permanent'
        const is = isPermanent ? (said.class === 'block' ? said : hardened(said)) : soft(said)
        found.add({
          ...base,
          address: emailAddress,
          text: diagnosticCode || `${bounce?.bounceType ?? ''} ${bounce?.bounceSubType ?? ''}`.trim(),
          what: is.class === 'hard' || is.class === 'soft' || is.class === 'busy' ? 'bounced' : 'failed',
          verdict: is,
        })
      }
      break
    case 'Complaint':
      for (const { emailAddress } of complaint?.complainedRecipients ?? [])
        found.add({ ...base, address: emailAddress, what: 'complained' })
      break
    case 'Reject':
      found.add({ ...base, what: 'failed', verdict: verdict('content', 'rejected') })
      break
    case 'Rendering Failure':
      found.add({ ...base, what: 'failed', verdict: verdict('content', 'render_failed') })
      break
    case 'Subscription':
      found.add({ ...base, what: 'unsubscribed' })
      break
    case 'Open':
    case 'Click':
    case 'DeliveryDelay':
      break
    default:
      found.addUnknown(type || 'untyped', message)
  }
  return found
}
