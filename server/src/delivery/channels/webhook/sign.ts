/** Standard Webhooks 1.0.0: how a call of ours, or of a vendor that follows it, is signed. */
import { createHmac } from 'node:crypto'

/** `v1,` and the base64 of HMAC-SHA256 over id, time and body. The secret may begin with `whsec_`. */
export function signStandardWebhook(secret: string, id: string, timestamp: string, body: Buffer): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body])
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
}
