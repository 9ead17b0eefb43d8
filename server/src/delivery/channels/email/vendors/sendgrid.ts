/**
 * SendGrid v3: one call for up to a thousand recipients whose mails differ in values only.
 * Source: its OpenAPI description; platforms report §2.2
 */
import { z } from 'zod'
import {
  all,
  headerOf,
  jsonOf,
  verdict,
  wordOfStatus,
  type CallSpoilt,
  type VendorAdapter,
  type VendorWord,
} from '../../api/vendor.ts'
import { personalHeaders, TOKEN_KEY, type MailMessage } from '../mail-message.ts'
import type { Factored } from './factor.ts'
import { factored, shapeOf } from './mails-of-a-call.ts'

/** What an account is reached by. */
export interface SendgridAccount {
  /** `https://api.sendgrid.com`, or the European one. */
  baseUrl: string
  apiKey: string
}

/** Values of one recipient, all together. */
const VALUES_BYTES_MAX = 10_000
const errorSchema = z.object({
  errors: z.array(z.object({ message: z.string(), field: z.string().nullish() })).min(1),
})

/** The adapter of an account. */
export function sendgrid({ baseUrl, apiKey }: SendgridAccount): VendorAdapter<MailMessage> {
  return {
    callMax: 1_000,
    callsMax: 10,
    shareKey: shapeOf,
    call: (messages) => {
      const texts = factored(messages, MARKS)
      if (texts === null || texts.values.some((values) => isTooMuch(texts.marks, values))) return null
      return {
        method: 'POST',
        url: `${baseUrl}/v3/mail/send`,
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify(bodyOf(messages, texts)),
      }
    },
    read: (messages, answer) => {
      if (answer.status === 202) return all(messages, { kind: 'taken', id: headerOf(answer, 'x-message-id') })
      const parsed = errorSchema.safeParse(jsonOf(answer))
      const said = parsed.success ? parsed.data.errors : []
      const text = said.map(({ message }) => message).join(' ') || `SendGrid answers ${answer.status}.`
      if (answer.status === 413) return spoilt(413, text, false)
      if (answer.status !== 400) return all(messages, wordOfStatus(answer, text))
      const field = said[0]?.field ?? ''
      if (/^from|verified sender|sender identity/i.test(`${field} ${text}`))
        return all(messages, { kind: 'trouble', trouble: 'sender_refused', text })
      return spoilt(400, text, /^personalizations\.\d+\.to/.test(field))
    },
  }
}

const MARKS = { start: '-ff', of: (n: number): string => `-ff${n}-` }

/** Few characters need not be written to be measured. */
const isTooMuch = (marks: readonly string[], values: readonly string[]): boolean =>
  values.reduce((chars, value) => chars + value.length, marks.join().length) * JSON_BYTES_PER_UNIT_MAX >
    VALUES_BYTES_MAX && Buffer.byteLength(JSON.stringify(named(marks, values))) > VALUES_BYTES_MAX
/** A control character is `\u0000`. */
const JSON_BYTES_PER_UNIT_MAX = 6

function bodyOf(messages: readonly MailMessage[], { templates, marks, values }: Factored): unknown {
  const [first] = messages
  const [subject, text, html] = templates
  const from = first?.parts.from
  return {
    personalizations: messages.map(({ to, parts }, index) => ({
      to: [{ email: to }],
      headers: Object.fromEntries(personalHeaders(parts).map(({ name, value }) => [name, value])),
      ...(messages.length === 1 ? {} : { substitutions: named(marks, values[index] ?? []) }),
      custom_args: { [TOKEN_KEY]: parts.token },
    })),
    from: { email: from?.address ?? '', ...(from?.name ? { name: from.name } : {}) },
    ...(first?.parts.replyTo ? { reply_to: { email: first.parts.replyTo } } : {}),
    subject,
    content: [
      { type: 'text/plain', value: text },
      { type: 'text/html', value: html },
    ],
    // We follow links and opens ourselves, for those who agreed.
    tracking_settings: { click_tracking: { enable: false }, open_tracking: { enable: false } },
  }
}

function named(marks: readonly string[], values: readonly string[]): Record<string, string> {
  const substitutions: Record<string, string> = {}
  for (const [n, mark] of marks.entries()) substitutions[mark] = values[n] ?? ''
  return substitutions
}

function spoilt(code: number, text: string, isAddress: boolean): CallSpoilt {
  const word: VendorWord = {
    kind: 'refused',
    code,
    text,
    verdict: isAddress ? verdict('hard', 'invalid_recipient') : verdict('content', 'rejected'),
    stage: isAddress ? 'recipient' : 'content',
  }
  return { kind: 'spoilt', word }
}
