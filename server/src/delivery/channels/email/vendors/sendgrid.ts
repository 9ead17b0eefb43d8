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
      const texts = factored(messages, mark)
      if (texts === null || texts.values.some(isTooMuch)) return null
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

const mark = (n: number): string => `-ff${n}-`
const isTooMuch = (values: Readonly<Record<string, string>>): boolean =>
  Buffer.byteLength(JSON.stringify(values)) > VALUES_BYTES_MAX

function bodyOf(messages: readonly MailMessage[], { templates, values }: Factored): unknown {
  const [first] = messages
  const [subject, text, html] = templates
  const from = first?.parts.from
  return {
    personalizations: messages.map(({ to, parts }, index) => ({
      to: [{ email: to }],
      headers: Object.fromEntries(personalHeaders(parts).map(({ name, value }) => [name, value])),
      ...(messages.length === 1 ? {} : { substitutions: values[index] ?? {} }),
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
