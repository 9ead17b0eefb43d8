/**
 * Resend: whole mails, up to a hundred in a call, repeated safely under the same key.
 * Source: its OpenAPI description; platforms report §2.5
 */
import { hash } from 'node:crypto'
import { z } from 'zod'
import { joined } from '../../../../content/index.ts'
import { all, jsonOf, verdict, wordOfStatus, type VendorAdapter, type VendorWord } from '../../api/vendor.ts'
import { mailbox, personalHeaders, TOKEN_KEY, type MailMessage } from '../mail-message.ts'

/** What a team is reached by. */
export interface ResendAccount {
  baseUrl: string
  apiKey: string
}

const answerSchema = z.object({
  data: z.array(z.object({ id: z.string() })),
  errors: z.array(z.object({ index: z.number().int(), message: z.string() })).optional(),
})
const errorSchema = z.object({ name: z.string().optional(), message: z.string() })

/** The adapter of a team. */
export function resend({ baseUrl, apiKey }: ResendAccount): VendorAdapter<MailMessage> {
  return {
    callMax: 100,
    callsMax: 2,
    call: (messages) => ({
      method: 'POST',
      url: `${baseUrl}/emails/batch`,
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        // Without a name the API refuses every call.
        'user-agent': 'fanfare/1',
        'x-batch-validation': 'permissive',
        'idempotency-key': hash(
          'sha256',
          messages.map(({ parts }) => `${parts.token}${parts.again ?? ''}`).join(),
        ),
      },
      body: JSON.stringify(messages.map(mailOf)),
    }),
    read: (messages, answer) => {
      const json = jsonOf(answer)
      const taken = answerSchema.safeParse(json)
      if (answer.status === 200 && taken.success) return wordsOf(messages, taken.data)
      const said = errorSchema.safeParse(json)
      const name = said.success ? (said.data.name ?? '') : ''
      const text = said.success ? `${name} ${said.data.message}`.trim() : `Resend answers ${answer.status}.`
      if (/quota/.test(name)) return all(messages, { kind: 'trouble', trouble: 'rejected', text })
      if (/invalid_from_address|domain is not verified/i.test(text))
        return all(messages, { kind: 'trouble', trouble: 'sender_refused', text })
      if (answer.status === 409) return all(messages, { kind: 'unknown', text })
      const word = wordOfStatus(answer, text)
      return word.kind === 'refused' ? { kind: 'spoilt', word } : all(messages, word)
    },
  }
}

function mailOf({ to, parts }: MailMessage): unknown {
  return {
    from: mailbox(parts.from),
    to: [to],
    subject: parts.subject,
    html: joined(parts.html),
    text: joined(parts.text),
    ...(parts.replyTo ? { reply_to: parts.replyTo } : {}),
    headers: Object.fromEntries(personalHeaders(parts).map(({ name, value }) => [name, value])),
    tags: [{ name: TOKEN_KEY, value: parts.token }],
  }
}

/** Ids come for those taken, in order; errors name the others by their place. */
function wordsOf(
  messages: readonly MailMessage[],
  { data, errors = [] }: z.output<typeof answerSchema>,
): VendorWord[] {
  const errorAt = new Map(errors.map(({ index, message }) => [index, message]))
  let next = 0
  return messages.map((_, index) => {
    const error = errorAt.get(index)
    if (error !== undefined) {
      const isAddress = /`?to`?\b|recipient|address/i.test(error)
      return {
        kind: 'refused',
        code: 422,
        text: error,
        verdict: isAddress ? verdict('hard', 'invalid_recipient') : verdict('content', 'rejected'),
        stage: isAddress ? 'recipient' : 'content',
      }
    }
    const id = data[next++]?.id
    return id === undefined ? { kind: 'unknown', text: 'no id came for this mail' } : { kind: 'taken', id }
  })
}
