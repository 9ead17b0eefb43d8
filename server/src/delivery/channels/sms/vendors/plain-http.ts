/** Any gateway that takes an SMS by an HTTP call: its address, headers and body are the operator's words. */
import { jsonOf, verdict, wordOfStatus, type VendorAdapter } from '../../api/vendor.ts'
import type { SmsMessage } from '../sms-message.ts'

/** How a gateway is called. Places for values are written `{{to}}`, `{{text}}`, `{{from}}`, `{{id}}`, `{{callback}}`. */
export interface HttpGateway {
  url: string
  method: 'POST' | 'PUT'
  headers: Readonly<Record<string, string>>
  contentType: 'application/json' | 'application/x-www-form-urlencoded'
  body: string
  from: string
  callbackUrl: string
  /** Dotted path to the gateway's own id in its JSON answer; null when it gives none. */
  idPath: string | null
}

/** The adapter of a gateway. */
export function httpGateway(gateway: HttpGateway): VendorAdapter<SmsMessage> {
  const { url, method, headers, contentType, from, callbackUrl, idPath } = gateway
  const encode =
    contentType === 'application/json'
      ? (value: string) => JSON.stringify(value).slice(1, -1)
      : (value: string) => encodeURIComponent(value)
  return {
    callMax: 1,
    callsMax: 20,
    call: ([message]) => {
      const values: Readonly<Record<string, string>> = {
        to: message?.to ?? '',
        text: message?.text ?? '',
        id: message?.token ?? '',
        from,
        callback: callbackUrl,
      }
      return {
        method,
        url,
        headers: { ...headers, 'content-type': contentType },
        body: gateway.body.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) =>
          encode(values[name] ?? ''),
        ),
      }
    },
    read: (_messages, answer) => {
      if (answer.status >= 200 && answer.status < 300)
        return [{ kind: 'taken', id: idPath === null ? null : valueAt(jsonOf(answer), idPath) }]
      const text = `The gateway answers ${answer.status}. ${answer.body}`
      if (answer.status === 400 || answer.status === 422)
        return [{ kind: 'refused', code: answer.status, text, verdict: verdict('soft', 'rejected') }]
      return [wordOfStatus(answer, text)]
    },
  }
}

function valueAt(json: unknown, path: string): string | null {
  const found = path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null
          ? Object.entries(value).find(([own]) => own === name)?.[1]
          : undefined,
      json,
    )
  return typeof found === 'string' || typeof found === 'number' ? String(found) : null
}
