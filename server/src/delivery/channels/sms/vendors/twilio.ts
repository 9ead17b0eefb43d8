/**
 * Twilio: a call per SMS. Making one is not idempotent, so a lost answer stays unknown until its callback tells, or
 * its list of messages: it keeps no name of ours, so there a message is known by its number and its words.
 * Source: its OpenAPI description; platforms report §2.7
 */
import { z } from 'zod'
import { urlEncoded } from '../../api/form.ts'
import {
  jsonOf,
  OPTED_OUT,
  REGION_NOT_ALLOWED,
  SENDER_REFUSED,
  verdict,
  wordOfStatus,
  type VendorAdapter,
  type VendorWord,
} from '../../api/vendor.ts'
import type { TroubleKind, Verdict } from '../../outcome.ts'
import type { SmsMessage } from '../sms-message.ts'

/** What an account is reached by. */
export interface TwilioAccount {
  /** `https://api.twilio.com`. */
  baseUrl: string
  accountSid: string
  authToken: string
  /** A number, a name, or the sid of a messaging service (`MG…`). */
  from: string
  /** Where callbacks go; the message's token is added to it. */
  callbackUrl: string
}

const takenSchema = z.object({ sid: z.string() })
const listSchema = z.object({
  messages: z.array(
    z.object({
      sid: z.string(),
      to: z.string().nullable(),
      body: z.string().nullable(),
      date_created: z.string().nullable(),
    }),
  ),
})
/** Of one number, newest first. */
const LISTED_MAX = 200
/** Twilio's clock is not ours, and it tells whole seconds. */
const SKEW_MS = 5_000
const errorSchema = z.object({ code: z.number().optional(), message: z.string() })

/** The adapter of an account. */
export function twilio(account: TwilioAccount): VendorAdapter<SmsMessage> {
  const { baseUrl, accountSid, authToken, from, callbackUrl } = account
  const url = `${baseUrl}/2010-04-01/Accounts/${accountSid}/Messages.json`
  const headers = {
    authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
    accept: 'application/json',
  }
  return {
    callMax: 1,
    callsMax: 30,
    lookUp: {
      perCall: 1,
      question: ([message]) => ({
        url: `${url}?${urlEncoded([
          { name: 'To', value: message?.to ?? '' },
          { name: 'PageSize', value: String(LISTED_MAX) },
        ])}`,
        headers,
      }),
      read: (messages, answer, since) => {
        const list = listSchema.safeParse(jsonOf(answer))
        if (!list.success) return null
        const afterMs = since.getTime() - SKEW_MS
        return messages.map(
          ({ to, text }) =>
            list.data.messages.find(
              (listed) =>
                listed.to === to &&
                listed.body === text &&
                listed.date_created !== null &&
                Date.parse(listed.date_created) >= afterMs,
            )?.sid ?? null,
        )
      },
    },
    call: ([message]) => ({
      method: 'POST',
      url,
      headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: urlEncoded([
        { name: 'To', value: message?.to ?? '' },
        { name: from.startsWith('MG') ? 'MessagingServiceSid' : 'From', value: from },
        { name: 'Body', value: message?.text ?? '' },
        { name: 'StatusCallback', value: `${callbackUrl}?m=${message?.token ?? ''}` },
      ]),
    }),
    read: (_messages, answer) => {
      const json = jsonOf(answer)
      const taken = takenSchema.safeParse(json)
      if (answer.status === 201 && taken.success) return [{ kind: 'taken', id: taken.data.sid }]
      const said = errorSchema.safeParse(json)
      const code = said.success ? (said.data.code ?? 0) : 0
      const text = said.success ? `${code} ${said.data.message}` : `Twilio answers ${answer.status}.`
      return [
        wordOfCode(code, text) ??
          (answer.status >= 500 ? { kind: 'unknown', text } : wordOfStatus(answer, text)),
      ]
    },
  }
}

/** What Twilio's codes say of one message, at sending and in callbacks. Source: Twilio's error dictionary */
const REFUSALS: Readonly<Record<number, Verdict>> = {
  21211: verdict('hard', 'invalid_recipient'),
  21217: verdict('hard', 'invalid_recipient'),
  21401: verdict('hard', 'invalid_recipient'),
  21407: verdict('hard', 'invalid_recipient'),
  21421: verdict('hard', 'invalid_recipient'),
  21612: verdict('soft', 'unreachable_number'),
  21614: verdict('hard', 'invalid_recipient'),
  30003: verdict('soft', 'unreachable_number'),
  30004: verdict('soft', 'blocked_by_recipient'),
  30005: verdict('hard', 'invalid_recipient'),
  30006: verdict('hard', 'landline'),
  30007: verdict('block', 'filtered'),
  30008: verdict('soft', 'undetermined'),
  21408: REGION_NOT_ALLOWED,
  21606: SENDER_REFUSED,
  21608: SENDER_REFUSED,
  21659: SENDER_REFUSED,
  21610: OPTED_OUT,
  21617: verdict('content', 'too_large'),
  21602: verdict('content', 'empty'),
  21619: verdict('content', 'empty'),
  30011: verdict('content', 'too_large'),
  30022: verdict('block', 'slowed_down'),
  30023: verdict('block', 'slowed_down'),
  30024: SENDER_REFUSED,
  30027: verdict('block', 'slowed_down'),
  30032: SENDER_REFUSED,
  30033: SENDER_REFUSED,
  30034: SENDER_REFUSED,
  30036: verdict('soft', 'unreachable_number'),
  30450: verdict('block', 'filtered'),
  30019: verdict('content', 'too_large'),
}

const TROUBLES: Readonly<Record<number, TroubleKind>> = {
  20003: 'auth',
  20404: 'settings',
  20005: 'rejected',
  21603: 'settings',
  21611: 'rejected',
  21660: 'sender_refused',
  21703: 'settings',
  30002: 'rejected',
  90010: 'rejected',
}

/**
 * What became of a message that was taken and could not be brought after all. A callback without a code tells of the
 * number; one with a code that stands for our account, or for nothing that we know, is held against nobody.
 */
export function twilioFailure(code: number): Verdict {
  if (code === 0) return verdict('soft', 'unreachable_number')
  return REFUSALS[code] ?? (TROUBLES[code] ? SENDER_REFUSED : verdict('block', 'rejected'))
}

/**
 * Said of a sender that is wrong altogether, and of one that cannot reach this person: a short code reaches its own
 * country only, a trial account the numbers that it has verified.
 */
const OR_TROUBLE: Readonly<Record<number, TroubleKind>> = {
  21606: 'sender_refused',
  21608: 'rejected',
  21659: 'sender_refused',
}

function wordOfCode(code: number, text: string): VendorWord | null {
  const refusal = REFUSALS[code]
  const orTrouble = OR_TROUBLE[code]
  if (refusal) return { kind: 'refused', code, text, verdict: refusal, ...(orTrouble && { orTrouble }) }
  const trouble = TROUBLES[code]
  if (trouble) return { kind: 'trouble', trouble, text }
  return code === 20429 || code === 30001 || code === 14107 ? { kind: 'wait', forMs: null, text } : null
}
