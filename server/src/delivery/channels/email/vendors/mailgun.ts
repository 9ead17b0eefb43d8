/**
 * Mailgun: one call for up to a thousand recipients, values beside the text.
 * Source: its OpenAPI description; platforms report §2.3
 */
import { z } from 'zod'
import { formOf, urlEncoded, type FormField } from '../../api/form.ts'
import { all, jsonOf, verdict, wordOfStatus, type VendorAdapter, type VendorWord } from '../../api/vendor.ts'
import { mailbox, personalHeaders, TOKEN_KEY, type MailMessage } from '../mail-message.ts'
import type { Factored } from './factor.ts'
import { factored, shapeOf } from './mails-of-a-call.ts'

/** What an account is reached by. */
export interface MailgunAccount {
  /** `https://api.mailgun.net`, or the European one. */
  baseUrl: string
  /** The sending domain that the account knows. */
  domain: string
  apiKey: string
}

/** A call's body. */
const BODY_BYTES_MAX = 20 * 1024 * 1024
const answerSchema = z.object({ id: z.string() })
const USER_VARIABLES = 'user-variables'
const eventsSchema = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      [USER_VARIABLES]: z.record(z.string(), z.unknown()).optional(),
      message: z.object({ headers: z.object({ 'message-id': z.string().optional() }) }).optional(),
    }),
  ),
  paging: z.object({ next: z.string().optional() }).optional(),
})
/** Events of one answer. */
const EVENTS_MAX = 300
/** Addresses of one question: what a URL carries. */
const ASKED_MAX = 20
const messageSchema = z.object({ message: z.string() })

/** The adapter of an account. */
export function mailgun({ baseUrl, domain, apiKey }: MailgunAccount): VendorAdapter<MailMessage> {
  const authorization = `Basic ${Buffer.from(`api:${apiKey}`).toString('base64')}`
  return {
    callMax: 1_000,
    callsMax: 10,
    lookUp: {
      perCall: ASKED_MAX,
      question: (messages, since) => ({
        url: `${baseUrl}/v3/${domain}/events?${urlEncoded([
          { name: 'event', value: 'accepted' },
          { name: 'recipient', value: messages.map(({ to }) => to).join(' OR ') },
          { name: 'begin', value: String(Math.floor(since.getTime() / 1_000)) },
          { name: 'ascending', value: 'yes' },
          { name: 'limit', value: String(EVENTS_MAX) },
        ])}`,
        headers: { authorization },
      }),
      read: (messages, answer) => {
        const events = eventsSchema.safeParse(jsonOf(answer))
        if (!events.success) return null
        const ids = new Map(
          events.data.items.map(({ id, message, [USER_VARIABLES]: own }) => [
            own?.[TOKEN_KEY],
            message?.headers['message-id'] ?? id,
          ]),
        )
        return messages.map(({ parts }) => ids.get(parts.token) ?? null)
      },
      more: (answer) => {
        const events = eventsSchema.safeParse(jsonOf(answer))
        // The last page, too, names one after it.
        if (!events.success || events.data.items.length < EVENTS_MAX) return null
        const next = URL.parse(events.data.paging?.next ?? '')
        // The key goes to nobody else, whatever an answer says.
        return next?.origin === new URL(baseUrl).origin ? next.href : null
      },
    },
    shareKey: shapeOf,
    call: (messages) => {
      // What is personal stands under an address: two mails to one would both say what the second does.
      if (new Set(messages.map(({ to }) => to)).size < messages.length) return null
      const texts = factored(messages, MARKS)
      if (texts === null) return null
      const { contentType, body } = formOf(fieldsOf(messages, texts))
      if (messages.length > 1 && body.length > BODY_BYTES_MAX) return null
      return {
        method: 'POST',
        url: `${baseUrl}/v3/${domain}/messages`,
        headers: {
          authorization,
          'content-type': contentType,
        },
        body,
      }
    },
    read: (messages, answer) => {
      const json = jsonOf(answer)
      const taken = answerSchema.safeParse(json)
      if (answer.status === 200 && taken.success)
        return all(messages, { kind: 'taken', id: taken.data.id.replace(/^<|>$/g, '') })
      const said = messageSchema.safeParse(json)
      const text = said.success ? said.data.message : `Mailgun answers ${answer.status}.`
      if (answer.status === 402) return all(messages, { kind: 'trouble', trouble: 'rejected', text })
      if (answer.status !== 400 && answer.status !== 413) return all(messages, wordOfStatus(answer, text))
      if (/'?from'? /i.test(text)) return all(messages, { kind: 'trouble', trouble: 'sender_refused', text })
      const isAddress = /'?to'? parameter|valid address/i.test(text)
      const word: VendorWord = {
        kind: 'refused',
        code: answer.status,
        text,
        verdict: isAddress ? verdict('hard', 'invalid_recipient') : verdict('content', 'rejected'),
        stage: isAddress ? 'recipient' : 'content',
      }
      return { kind: 'spoilt', word }
    },
  }
}

const MARKS = { start: '%recipient.f', of: (n: number): string => `%recipient.f${n}%` }

function fieldsOf(messages: readonly MailMessage[], { templates, values }: Factored): FormField[] {
  const [first] = messages
  const [subject = '', text = '', html = ''] = templates
  if (!first) return []
  const headers = personalHeaders(first.parts)
  const isPersonal = (name: string): boolean => name === 'List-Unsubscribe'
  return [
    { name: 'from', value: mailbox(first.parts.from) },
    ...messages.map(({ to }) => ({ name: 'to', value: to })),
    { name: 'subject', value: subject },
    { name: 'text', value: text },
    { name: 'html', value: html },
    {
      name: 'recipient-variables',
      value: JSON.stringify(
        Object.fromEntries(
          messages.map(({ to, parts }, index) => [
            to,
            {
              mid: parts.token,
              leave: parts.unsubscribeUrl ?? '',
              ...Object.fromEntries((values[index] ?? []).map((value, n) => [`f${n}`, value])),
            },
          ]),
        ),
      ),
    },
    { name: `v:${TOKEN_KEY}`, value: '%recipient.mid%' },
    { name: 'o:tracking', value: 'no' },
    ...(first.parts.replyTo ? [{ name: 'h:Reply-To', value: first.parts.replyTo }] : []),
    ...headers.map(({ name, value }) => ({
      name: `h:${name}`,
      value: isPersonal(name) ? '<%recipient.leave%>' : value,
    })),
  ]
}
