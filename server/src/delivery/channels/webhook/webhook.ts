/**
 * Calls of systems of the organization's own: one per person, signed, under one id however often it is repeated.
 * Source: CS-002.5, FR-003.5, PC-47; Standard Webhooks 1.0.0 (compliance report §4.6)
 */
import { isHeaderName } from '../../../platform/egress/index.ts'
import { retryAfterMs, verdict, type VendorAdapter } from '../api/vendor.ts'
import { signStandardWebhook } from './sign.ts'

/** A call, rendered for one person. */
export interface WebhookMessage {
  /** The call's id: the same in every repetition. */
  token: string
  url: string
  method: 'POST' | 'PUT' | 'PATCH'
  headers: readonly { name: string; value: string }[]
  body: string
}

/** Largest payload. */
export const WEBHOOK_BYTES_MAX = 64 * 1024
/** Names that are ours to set, or that would change where and how a call goes. */
const RESERVED =
  /^(?:host|content-length|transfer-encoding|connection|upgrade|te|trailer|proxy-.*|webhook-.*|expect|keep-alive)$/i

const NAME_CHARS_MAX = 100

/** May a call carry a header of this name that is not ours? */
export const mayBeOwnHeader = (name: string): boolean =>
  name.length <= NAME_CHARS_MAX && isHeaderName(name) && !RESERVED.test(name)

/** What an organization's calls are made with. */
export interface WebhookAccount {
  /** What signs them: the newest first; several while they are exchanged. */
  secrets: readonly string[]
  /** A header that lets a call in, for addresses of one origin alone: whoever writes a campaign chooses where it calls. */
  credential: { origin: string | undefined; name: string; value: string } | null
}

/** The adapter of an organization's webhooks. */
export function webhook({ secrets, credential }: WebhookAccount): VendorAdapter<WebhookMessage> {
  return {
    callMax: 1,
    callsMax: 30,
    refuse: ({ body }) =>
      Buffer.byteLength(body) <= WEBHOOK_BYTES_MAX
        ? null
        : {
            kind: 'refused',
            code: 0,
            text: `The payload is larger than ${WEBHOOK_BYTES_MAX} bytes.`,
            verdict: verdict('content', 'too_large'),
            stage: 'content',
          },
    call: ([message], now) => {
      const body = message?.body ?? ''
      const id = message?.token ?? ''
      const timestamp = String(Math.floor(now.getTime() / 1_000))
      const own = (message?.headers ?? []).filter(({ name }) => mayBeOwnHeader(name))
      return {
        method: message?.method ?? 'POST',
        url: message?.url ?? '',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'fanfare/1',
          ...Object.fromEntries(own.map(({ name, value }) => [name.toLowerCase(), value])),
          ...(credential && URL.parse(message?.url ?? '')?.origin === credential.origin
            ? { [credential.name.toLowerCase()]: credential.value }
            : {}),
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': secrets
            .map((secret) => signStandardWebhook(secret, id, timestamp, Buffer.from(body)))
            .join(' '),
        },
        body,
      }
    },
    read: (_messages, answer) => {
      const { status } = answer
      // What the other side answers is not repeated to anybody: it might be somebody else's page.
      const text = `The address answers ${status}.`
      if (status >= 200 && status < 300) return [{ kind: 'taken', id: null }]
      if (status === 429) return [{ kind: 'wait', forMs: retryAfterMs(answer), text }]
      const isBusy = status >= 500 || status === 408 || status === 425
      return [
        {
          kind: 'refused',
          code: status,
          text,
          verdict: isBusy
            ? verdict('busy', 'receiver_unavailable')
            : verdict('content', status < 400 ? 'redirected' : 'rejected'),
          stage: 'content',
        },
      ]
    },
  }
}
