/**
 * Vonage's SMS API: a call per SMS, answered 200 whatever came of it; the word is in the body.
 * Source: its OpenAPI description; platforms report §2.7
 */
import { z } from 'zod'
import { jsonOf, verdict, wordOfStatus, type VendorAdapter, type VendorWord } from '../../api/vendor.ts'
import type { Verdict } from '../../outcome.ts'
import type { SmsMessage } from '../sms-message.ts'
import { measureSms } from '../../../../content/index.ts'
import { urlEncoded } from '../../api/form.ts'

/** What an account is reached by. */
export interface VonageAccount {
  /** `https://rest.nexmo.com`. */
  baseUrl: string
  apiKey: string
  apiSecret: string
  from: string
  callbackUrl: string
}

const answerSchema = z.object({
  messages: z
    .array(
      z.object({
        status: z.string(),
        'message-id': z.string().optional(),
        'error-text': z.string().optional(),
      }),
    )
    .min(1),
})

/** The adapter of an account. */
export function vonage({
  baseUrl,
  apiKey,
  apiSecret,
  from,
  callbackUrl,
}: VonageAccount): VendorAdapter<SmsMessage> {
  return {
    callMax: 1,
    callsMax: 30,
    call: ([message]) => ({
      method: 'POST',
      url: `${baseUrl}/sms/json`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: urlEncoded([
        { name: 'api_key', value: apiKey },
        { name: 'api_secret', value: apiSecret },
        { name: 'from', value: from },
        { name: 'to', value: (message?.to ?? '').replace(/^\+/, '') },
        { name: 'text', value: message?.text ?? '' },
        { name: 'type', value: measureSms(message?.text ?? '').encoding === 'ucs2' ? 'unicode' : 'text' },
        { name: 'client-ref', value: message?.token ?? '' },
        { name: 'callback', value: callbackUrl },
      ]),
    }),
    read: (_messages, answer) => {
      const parsed = answerSchema.safeParse(jsonOf(answer))
      if (answer.status !== 200 || !parsed.success)
        return [wordOfStatus(answer, `Vonage answers ${answer.status}.`)]
      // An SMS of several parts: the first word about a part that failed stands for all.
      const { messages } = parsed.data
      const part = messages.find(({ status }) => status !== '0') ?? messages[0]
      return [wordOf(part?.status ?? '', part?.['error-text'] ?? '', messages[0]?.['message-id'] ?? null)]
    },
  }
}

const REFUSALS: Readonly<Record<string, Verdict>> = {
  '6': verdict('hard', 'invalid_recipient'),
  '7': verdict('soft', 'blocked_by_recipient'),
  '12': verdict('content', 'too_large'),
  '15': verdict('block', 'sender_refused'),
  '22': verdict('block', 'rejected'),
  '33': verdict('hard', 'invalid_recipient'),
}
const WAITS = new Set(['1', '10'])
const BUSY = new Set(['5'])

function wordOf(status: string, said: string, id: string | null): VendorWord {
  const text = `${status} ${said}`.trim()
  if (status === '0') return { kind: 'taken', id }
  if (WAITS.has(status)) return { kind: 'wait', forMs: null, text }
  if (BUSY.has(status)) return { kind: 'trouble', trouble: 'unreachable', text }
  const refusal = REFUSALS[status]
  if (refusal) return { kind: 'refused', code: Number(status), text, verdict: refusal }
  return {
    kind: 'trouble',
    trouble: status === '4' || status === '14' ? 'auth' : status === '9' ? 'rejected' : 'settings',
    text,
  }
}
