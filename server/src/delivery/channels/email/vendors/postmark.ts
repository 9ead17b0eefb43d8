/**
 * Postmark: whole mails, up to five hundred in a call, each answered by itself.
 * Source: its Swagger description; platforms report §2.4
 */
import { z } from 'zod'
import { joined } from '../../../../content/index.ts'
import { urlEncoded } from '../../api/form.ts'
import {
  all,
  jsonOf,
  SENDER_REFUSED,
  verdict,
  wordOfStatus,
  type VendorAdapter,
  type VendorWord,
} from '../../api/vendor.ts'
import type { TroubleKind } from '../../outcome.ts'
import { mailbox, personalHeaders, TOKEN_KEY, type MailMessage } from '../mail-message.ts'

/** What a server of an account is reached by. */
export interface PostmarkAccount {
  baseUrl: string
  serverToken: string
  /** Marketing must use one of the kind broadcast. */
  messageStream: string
}

/** A call's body. */
const BODY_BYTES_MAX = 40 * 1024 * 1024
const foundSchema = z.object({
  Messages: z.array(
    z.object({ MessageID: z.string(), Metadata: z.record(z.string(), z.string()).nullish() }),
  ),
})
const itemSchema = z.object({ ErrorCode: z.number(), Message: z.string(), MessageID: z.string().optional() })

/** The adapter of a server. */
export function postmark({
  baseUrl,
  serverToken,
  messageStream,
}: PostmarkAccount): VendorAdapter<MailMessage> {
  return {
    callMax: 500,
    callsMax: 6,
    lookUp: {
      perCall: 1,
      question: ([message]) => ({
        url: `${baseUrl}/messages/outbound?${urlEncoded([
          { name: 'count', value: '1' },
          { name: 'offset', value: '0' },
          { name: 'messagestream', value: messageStream },
          { name: `metadata_${TOKEN_KEY}`, value: message?.parts.token ?? '' },
        ])}`,
        headers: { 'x-postmark-server-token': serverToken, accept: 'application/json' },
      }),
      read: (messages, answer) => {
        const found = foundSchema.safeParse(jsonOf(answer))
        if (!found.success) return null
        // A filter that the vendor did not know would list anything.
        return messages.map(
          ({ parts }) =>
            found.data.Messages.find(({ Metadata }) => Metadata?.[TOKEN_KEY] === parts.token)?.MessageID ??
            null,
        )
      },
    },
    call: (messages) => {
      const body = JSON.stringify(messages.map((message) => mailOf(message, messageStream)))
      if (messages.length > 1 && Buffer.byteLength(body) > BODY_BYTES_MAX) return null
      return {
        method: 'POST',
        url: `${baseUrl}/email/batch`,
        headers: {
          'x-postmark-server-token': serverToken,
          accept: 'application/json',
          'content-type': 'application/json',
        },
        body,
      }
    },
    read: (messages, answer) => {
      const json = jsonOf(answer)
      const items = z.array(itemSchema).safeParse(json)
      if (answer.status === 200 && items.success && items.data.length === messages.length)
        return items.data.map(wordOf)
      const item = itemSchema.safeParse(json)
      if (item.success && item.data.ErrorCode !== 0) {
        const word = wordOf(item.data)
        return word.kind === 'refused' ? { kind: 'spoilt', word } : all(messages, word)
      }
      return all(messages, wordOfStatus(answer, `Postmark answers ${answer.status}.`))
    },
  }
}

function mailOf({ to, parts }: MailMessage, messageStream: string): unknown {
  return {
    From: mailbox(parts.from),
    To: to,
    Subject: parts.subject,
    HtmlBody: joined(parts.html),
    TextBody: joined(parts.text),
    ...(parts.replyTo ? { ReplyTo: parts.replyTo } : {}),
    MessageStream: messageStream,
    Metadata: { [TOKEN_KEY]: parts.token },
    TrackOpens: false,
    TrackLinks: 'None',
    Headers: personalHeaders(parts).map(({ name, value }) => ({ Name: name, Value: value })),
  }
}

/** By Postmark's error code: what is not here is about this mail. */
const WORDS: Readonly<Record<number, Exclude<VendorWord['kind'], 'taken' | 'unknown'>>> = {
  10: 'trouble',
  100: 'trouble',
  400: 'trouble',
  401: 'trouble',
  405: 'trouble',
  413: 'trouble',
  429: 'wait',
  1235: 'trouble',
  1236: 'trouble',
}
const SENDER_CODES = new Set([400, 401])

function wordOf({ ErrorCode: code, Message: text, MessageID }: z.output<typeof itemSchema>): VendorWord {
  if (code === 0) return { kind: 'taken', id: MessageID ?? null }
  const said = `${code} ${text}`
  switch (WORDS[code]) {
    case 'trouble':
      return {
        kind: 'trouble',
        trouble: SENDER_CODES.has(code)
          ? 'sender_refused'
          : code === 10
            ? 'auth'
            : code === 100
              ? 'unreachable'
              : 'rejected',
        text: said,
      }
    case 'wait':
      return { kind: 'wait', forMs: null, text: said }
    default:
      return { kind: 'refused', code, text: said, ...refusalOf(code, text) }
  }
}

/**
 * 406: Postmark has the address on its own list, for a hard bounce or a complaint. 412: an account that waits for approval
 * reaches addresses of its own domain only.
 */
function refusalOf(
  code: number,
  text: string,
): { verdict: ReturnType<typeof verdict>; stage: 'recipient' | 'content'; orTrouble?: TroubleKind } {
  if (code === 406) return { verdict: verdict('hard', 'inactive_mailbox'), stage: 'recipient' }
  if (code === 412) return { verdict: SENDER_REFUSED, stage: 'recipient', orTrouble: 'rejected' }
  if (code === 300 && /\bTo\b|recipient|address/i.test(text))
    return { verdict: verdict('hard', 'invalid_recipient'), stage: 'recipient' }
  return { verdict: verdict('content', 'rejected'), stage: 'content' }
}
