/**
 * Vonage's SMS API: a call per SMS, answered 200 whatever came of it; the word is in the body.
 * Source: its OpenAPI description; platforms report §2.7
 */
import { z } from 'zod'
import {
  jsonOf,
  SENDER_REFUSED,
  verdict,
  wordOfStatus,
  type VendorAdapter,
  type VendorWord,
} from '../../api/vendor.ts'
import type { TroubleKind, Verdict } from '../../outcome.ts'
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
  '15': SENDER_REFUSED,
  '22': verdict('block', 'rejected'),
  '29': SENDER_REFUSED,
  '33': verdict('hard', 'invalid_recipient'),
}
/** About the account and its settings, whoever is written to. */
const TROUBLES: Readonly<Record<string, TroubleKind>> = {
  '2': 'settings',
  '4': 'auth',
  '5': 'unreachable',
  '8': 'rejected',
  '9': 'rejected',
  '11': 'settings',
  '14': 'auth',
  '23': 'settings',
}
/** A sender that some countries do not take, a trial account that reaches some numbers only. */
const OR_TROUBLE: Readonly<Record<string, TroubleKind>> = { '15': 'sender_refused', '29': 'rejected' }
const WAITS = new Set(['1', '10'])

function wordOf(status: string, said: string, id: string | null): VendorWord {
  const text = `${status} ${said}`.trim()
  if (status === '0') return { kind: 'taken', id }
  if (WAITS.has(status)) return { kind: 'wait', forMs: null, text }
  const trouble = TROUBLES[status]
  if (trouble) return { kind: 'trouble', trouble, text }
  const refusal = REFUSALS[status]
  // What is not known may be about this number: it must not hold up all others.
  if (!refusal) return { ...REJECTED, code: Number(status) || 0, text }
  const orTrouble = OR_TROUBLE[status]
  return { kind: 'refused', code: Number(status), text, verdict: refusal, ...(orTrouble && { orTrouble }) }
}

const REJECTED = { kind: 'refused', verdict: verdict('block', 'rejected'), orTrouble: 'settings' } as const
