/**
 * Are the words that claim to come from a vendor really the vendor's? One function per scheme; none knows a room, a
 * database or a clock. What is compared is compared in constant time, and what cannot be read is refused, not thrown.
 * Source: the vendors' documentation as collected in the platforms report §2 and §4; CS-002, compliance report §4.9 API10
 */
import { createHash, createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto'
import { signStandardWebhook } from '../../channels/webhook/sign.ts'

/** A request as it arrived, before anything was parsed. */
export interface SignedRequest {
  method: string
  /** As the vendor was told it, with query. */
  url: string
  /** Lower-case names. */
  headers: Readonly<Record<string, string | undefined>>
  body: Buffer
}

/** Why a request is refused; null when it is genuine. For logs and counters, never for the caller. */
export type SignatureProblem = 'missing' | 'malformed' | 'expired' | 'mismatch' | null

/** Checks a request against what is shared with the vendor. */
export type SignatureCheck = (request: SignedRequest, secret: string, now: Date) => SignatureProblem

/** Older (or newer) requests are replays. Source: Stripe, Svix, HubSpot, Slack: five minutes. */
export const TOLERANCE_MS = 5 * 60_000

/** Form: HMAC-SHA1 over URL and sorted fields. JSON: over the URL, which then carries the body's hash. */
export const twilioSignature: SignatureCheck = (request, secret) => {
  const given = request.headers['x-twilio-signature']
  if (given === undefined) return 'missing'
  const url = URL.parse(request.url)
  if (!url) return 'malformed'
  const bodyHash = url.searchParams.get('bodySHA256')
  const bodyIsBound =
    bodyHash === null || isEqual(bodyHash, createHash('sha256').update(request.body).digest('hex'))
  const fields = bodyHash === null ? formFields(request.body) : ''
  // Proxies add and remove the port that the vendor saw: both forms are the same address.
  const isGenuine = spellings(request.url, url).some((spelled) =>
    isEqual(given, hmac('sha1', secret, spelled + fields, 'base64')),
  )
  return isGenuine && bodyIsBound ? null : 'mismatch'
}

function formFields(body: Buffer): string {
  const pairs = [...new URLSearchParams(body.toString('utf8'))]
  const byName = Map.groupBy(pairs, ([name]) => name)
  return [...byName.keys()]
    .toSorted()
    .map((name) => {
      const values = [...new Set((byName.get(name) ?? []).map(([, value]) => value))].toSorted()
      return values.map((value) => name + value).join('')
    })
    .join('')
}

function spellings(text: string, url: URL): string[] {
  const standardPort = url.protocol === 'https:' ? ':443' : ':80'
  const withPort = text.replace(url.host, url.port === '' ? `${url.host}${standardPort}` : url.host)
  const withoutPort = text.replace(/^(https?:\/\/[^/?#]+?):\d+(?=[/?#]|$)/, '$1')
  return [...new Set([text, withPort, withoutPort])]
}

/** ECDSA over P-256 by the vendor's public key. */
export const sendgridSignature: SignatureCheck = (request, publicKey, now) => {
  const given = request.headers['x-twilio-email-event-webhook-signature']
  const timestamp = request.headers['x-twilio-email-event-webhook-timestamp']
  if (given === undefined || timestamp === undefined) return 'missing'
  const problem = agedBy(timestamp, 1_000, now)
  if (problem) return problem
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
    const signed = Buffer.concat([Buffer.from(timestamp), request.body])
    return verify('sha256', signed, key, Buffer.from(given, 'base64')) ? null : 'mismatch'
  } catch {
    return 'malformed'
  }
}

/** `t=…,v1=…`, several `v1` while a secret is rotated. */
export const stripeSignature: SignatureCheck = (request, secret, now) =>
  timedHeader(request, { header: 'stripe-signature', version: 'v1' }, secret, now)

/** `t=…,s=…`. */
export const tiktokSignature: SignatureCheck = (request, secret, now) =>
  timedHeader(request, { header: 'tiktok-signature', version: 's' }, secret, now)

function timedHeader(
  request: SignedRequest,
  { header, version }: { header: string; version: string },
  secret: string,
  now: Date,
): SignatureProblem {
  const given = request.headers[header]
  if (given === undefined) return 'missing'
  const pairs = given.split(',').map((pair) => pair.trim().split('='))
  const timestamp = pairs.find(([name]) => name === 't')?.[1]
  const signatures = pairs.flatMap(([name, value]) => (name === version ? (value ?? []) : []))
  if (timestamp === undefined || signatures.length === 0) return 'malformed'
  const expected = hmac('sha256', secret, Buffer.concat([Buffer.from(`${timestamp}.`), request.body]), 'hex')
  if (!anyEqual(signatures, expected)) return 'mismatch'
  return agedBy(timestamp, 1_000, now)
}

/** Standard Webhooks, as Svix, Resend and others send it; with either set of header names. */
export const standardWebhooksSignature: SignatureCheck = (request, secret, now) => {
  const header = (name: string): string | undefined =>
    request.headers[`svix-${name}`] ?? request.headers[`webhook-${name}`]
  const [id, timestamp, given] = [header('id'), header('timestamp'), header('signature')]
  if (id === undefined || timestamp === undefined || given === undefined) return 'missing'
  const problem = agedBy(timestamp, 1_000, now)
  if (problem) return problem
  const expected = signStandardWebhook(secret, id, timestamp, request.body)
  return anyEqual(given.split(' '), expected) ? null : 'mismatch'
}

/** Signs a timestamp and a token inside the body; the rest of the body is the vendor's word only as far as TLS goes. */
export const mailgunSignature: SignatureCheck = (request, secret, now) => {
  const fields = mailgunFields(request.body)
  if (fields === null) return 'malformed'
  const { timestamp, token, signature } = fields
  if (!isEqual(signature, hmac('sha256', secret, timestamp + token, 'hex'))) return 'mismatch'
  return agedBy(timestamp, 1_000, now)
}

/** What Mailgun signs with: the token is to be taken once only. */
export function mailgunFields(body: Buffer): { timestamp: string; token: string; signature: string } | null {
  const parsed = parseJson(body)
  const fields = isRecord(parsed) ? parsed['signature'] : null
  if (!isRecord(fields)) return null
  const { timestamp, token, signature } = fields
  const isRight = [timestamp, token, signature].every(
    (value) => typeof value === 'string' || typeof value === 'number',
  )
  return isRight ? { timestamp: String(timestamp), token: String(token), signature: String(signature) } : null
}

/** WhatsApp, Instagram, Messenger, Threads. */
export const metaSignature: SignatureCheck = (request, secret) =>
  bodySignature(request, 'x-hub-signature-256', `sha256=${hmac('sha256', secret, request.body, 'hex')}`)

export const shopifySignature: SignatureCheck = (request, secret) =>
  bodySignature(request, 'x-shopify-hmac-sha256', hmac('sha256', secret, request.body, 'base64'))

function bodySignature(request: SignedRequest, header: string, expected: string): SignatureProblem {
  const given = request.headers[header]
  if (given === undefined) return 'missing'
  return isEqual(given, expected) ? null : 'mismatch'
}

/** Version 3: method, address, body and time; some characters of the address are signed decoded. */
export const hubspotSignature: SignatureCheck = (request, secret, now) => {
  const given = request.headers['x-hubspot-signature-v3']
  const timestamp = request.headers['x-hubspot-request-timestamp']
  if (given === undefined || timestamp === undefined) return 'missing'
  const problem = agedBy(timestamp, 1, now)
  if (problem) return problem
  const signed = Buffer.concat([
    Buffer.from(request.method + decodedUrl(request.url)),
    request.body,
    Buffer.from(timestamp),
  ])
  return isEqual(given, hmac('sha256', secret, signed, 'base64')) ? null : 'mismatch'
}

const HUBSPOT_DECODED: Readonly<Record<string, string>> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
}
const decodedUrl = (url: string): string =>
  url.replaceAll(/%[0-9A-F]{2}/gi, (code) => HUBSPOT_DECODED[code.toUpperCase()] ?? code)

export const slackSignature: SignatureCheck = (request, secret, now) => {
  const given = request.headers['x-slack-signature']
  const timestamp = request.headers['x-slack-request-timestamp']
  if (given === undefined || timestamp === undefined) return 'missing'
  const problem = agedBy(timestamp, 1_000, now)
  if (problem) return problem
  const signed = Buffer.concat([Buffer.from(`v0:${timestamp}:`), request.body])
  return isEqual(given, `v0=${hmac('sha256', secret, signed, 'hex')}`) ? null : 'mismatch'
}

/** Vonage's SMS webhooks: every field but the signature, sorted, separators in values made harmless. */
export const vonageSignature: SignatureCheck = (request, secret, now) => {
  const fields = new Map(vonageFields(request))
  const given = fields.get('sig')
  const timestamp = fields.get('timestamp')
  if (given === undefined || timestamp === undefined) return 'missing'
  fields.delete('sig')
  const signed = [...fields]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `&${name}=${value.replaceAll(/[&=]/g, '_')}`)
    .join('')
  if (!isEqual(given.toLowerCase(), hmac('sha256', secret, signed, 'hex'))) return 'mismatch'
  return agedBy(timestamp, 1_000, now)
}

function vonageFields(request: SignedRequest): [string, string][] {
  if (request.headers['content-type']?.includes('json')) {
    const parsed = parseJson(request.body)
    return isRecord(parsed)
      ? Object.entries(parsed).flatMap(([name, value]) =>
          typeof value === 'string' || typeof value === 'number'
            ? [[name, String(value)] as [string, string]]
            : [],
        )
      : []
  }
  const query = URL.parse(request.url)?.searchParams ?? new URLSearchParams()
  return request.method === 'GET' ? [...query] : [...new URLSearchParams(request.body.toString('utf8'))]
}

/** Postmark signs nothing: the address that it calls holds a name and a password, or a header holds a secret. */
export const basicAuthorization: SignatureCheck = (request, secret) => {
  const given = request.headers['authorization']
  if (given === undefined) return 'missing'
  return isEqual(given, `Basic ${Buffer.from(secret).toString('base64')}`) ? null : 'mismatch'
}

/** Is the moment, in units of so many milliseconds since 1970, near enough to now? */
function agedBy(timestamp: string, unitMs: number, now: Date): SignatureProblem {
  if (!/^\d{1,16}$/.test(timestamp)) return 'malformed'
  return Math.abs(now.getTime() - Number(timestamp) * unitMs) > TOLERANCE_MS ? 'expired' : null
}

const hmac = (hash: string, secret: string, data: string | Buffer, encoding: 'hex' | 'base64'): string =>
  createHmac(hash, secret).update(data).digest(encoding)

/** Equal texts, told in a time that does not depend on where they differ. */
export function isEqual(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => createHash('sha256').update(text).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}

/** All are compared, so that the number of comparisons tells nothing. */
const anyEqual = (given: readonly string[], expected: string): boolean =>
  given.map((signature) => isEqual(signature, expected)).includes(true)

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
