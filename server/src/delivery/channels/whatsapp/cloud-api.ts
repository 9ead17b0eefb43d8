/**
 * WhatsApp's Cloud API: a call per message.
 * Source: Meta's OpenAPI description; platforms report §2.8
 */
import { z } from 'zod'
import {
  jsonOf,
  OPTED_OUT,
  REGION_NOT_ALLOWED,
  verdict,
  wordOfStatus,
  type VendorAdapter,
  type VendorWord,
} from '../api/vendor.ts'
import type { TroubleKind, Verdict } from '../outcome.ts'
import { WHATSAPP_LIMITS, type WhatsappMessage } from './whatsapp-message.ts'

/** What a telephone number of a business is reached by. */
export interface WhatsappNumber {
  /** `https://graph.facebook.com/v23.0`. */
  baseUrl: string
  phoneNumberId: string
  accessToken: string
}

const takenSchema = z.object({ messages: z.array(z.object({ id: z.string() })).min(1) })
const errorSchema = z.object({
  error: z.object({
    code: z.number(),
    message: z.string(),
    error_data: z.object({ details: z.string() }).partial().optional(),
  }),
})

/** The adapter of a number. */
export function whatsappCloud({
  baseUrl,
  phoneNumberId,
  accessToken,
}: WhatsappNumber): VendorAdapter<WhatsappMessage> {
  return {
    callMax: 1,
    callsMax: 40,
    refuse: ({ template, text }) => {
      const longest =
        template === null ? text.length : Math.max(0, ...template.variables.map(({ length }) => length))
      const most = template === null ? WHATSAPP_LIMITS.textCharsMax : WHATSAPP_LIMITS.templateBodyCharsMax
      if (longest <= most && (template !== null || text !== '')) return null
      return {
        kind: 'refused',
        code: 0,
        text: longest === 0 ? 'The message is empty.' : `WhatsApp takes at most ${most} characters.`,
        verdict: verdict('content', longest === 0 ? 'empty' : 'too_large'),
        stage: 'content',
      }
    },
    call: ([message]) => ({
      method: 'POST',
      url: `${baseUrl}/${phoneNumberId}/messages`,
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(message ? bodyOf(message) : {}),
    }),
    read: (_messages, answer) => {
      const json = jsonOf(answer)
      const taken = takenSchema.safeParse(json)
      if (answer.status === 200 && taken.success)
        return [{ kind: 'taken', id: taken.data.messages[0]?.id ?? null }]
      const said = errorSchema.safeParse(json)
      if (!said.success) return [wordOfStatus(answer, `WhatsApp answers ${answer.status}.`)]
      const { code, message, error_data: data } = said.data.error
      return [whatsappWord(code, `${code} ${message} ${data?.details ?? ''}`.trim())]
    },
  }
}

function bodyOf({ token, to, template, text }: WhatsappMessage): unknown {
  const frame = {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: to.replace(/^\+/, ''),
    biz_opaque_callback_data: token,
  }
  if (template === null) return { ...frame, type: 'text', text: { body: text, preview_url: true } }
  const parameters = template.variables.map((variable) => ({ type: 'text', text: variable }))
  return {
    ...frame,
    type: 'template',
    template: {
      name: template.name,
      language: { code: template.language, policy: 'deterministic' },
      ...(parameters.length === 0 ? {} : { components: [{ type: 'body', parameters }] }),
    },
  }
}

const REFUSALS: Readonly<Record<number, Verdict>> = {
  100: verdict('content', 'rejected'),
  131008: verdict('content', 'rejected'),
  131009: verdict('content', 'rejected'),
  131021: verdict('hard', 'invalid_recipient'),
  131026: verdict('soft', 'unreachable_number'),
  131047: verdict('content', 'window_closed'),
  131049: verdict('block', 'marketing_limit'),
  131050: OPTED_OUT,
  131051: verdict('content', 'rejected'),
  131052: verdict('content', 'rejected'),
  131053: verdict('content', 'rejected'),
  132000: verdict('content', 'template_mismatch'),
  132012: verdict('content', 'template_mismatch'),
  132018: verdict('content', 'template_mismatch'),
  130472: verdict('block', 'experiment'),
  130497: REGION_NOT_ALLOWED,
}
const TROUBLES: Readonly<Record<number, TroubleKind>> = {
  0: 'auth',
  3: 'auth',
  10: 'auth',
  190: 'auth',
  200: 'auth',
  33: 'settings',
  368: 'rejected',
  131005: 'auth',
  131031: 'rejected',
  131042: 'rejected',
  131045: 'settings',
  132001: 'settings',
  132005: 'settings',
  132007: 'settings',
  132015: 'settings',
  132016: 'settings',
  133010: 'settings',
  1: 'unreachable',
  2: 'unreachable',
  131000: 'unreachable',
  131016: 'unreachable',
  131057: 'unreachable',
  133004: 'unreachable',
}
/** Limits that pass, and how long they take at least. */
const WAITS: Readonly<Record<number, number | null>> = {
  4: 60_000,
  80007: 60_000,
  130429: 1_000,
  131048: 3_600_000,
  131056: 6_000,
  133016: 3_600_000,
}

/** What one of WhatsApp's codes says, in an answer or in a status. */
export function whatsappWord(code: number, text: string): VendorWord {
  const refusal = REFUSALS[code]
  if (refusal) return { kind: 'refused', code, text, verdict: refusal }
  const wait = WAITS[code]
  if (wait !== undefined) return { kind: 'wait', forMs: wait, text }
  const trouble = TROUBLES[code]
  if (trouble) return { kind: 'trouble', trouble, text }
  // Permissions end with 299.
  if (code > 200 && code < 300) return { kind: 'trouble', trouble: 'auth', text }
  return { kind: 'refused', code, text, verdict: verdict('soft', 'undetermined') }
}
