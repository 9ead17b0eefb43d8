/**
 * Signed requests of vendors, from every `.json` of a folder. Each is checked as a webhook would be, at the moment that it
 * was signed. Of every genuine one we also make forgeries (a changed body, a changed signature, another secret, an hour
 * later where the scheme has a time), which must all be refused.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import {
  hubspotSignature,
  mailgunSignature,
  metaSignature,
  sendgridSignature,
  shopifySignature,
  slackSignature,
  standardWebhooksSignature,
  stripeSignature,
  tiktokSignature,
  twilioSignature,
  type SignatureCheck,
  type SignedRequest,
} from '../../server/src/delivery/intake/signatures/signatures.ts'
import type { CaseResult, ConformanceKind } from './kind.ts'

const vectorSchema = z.object({
  vendor: z.string(),
  header: z.string().optional(),
  headers: z.array(z.string()).optional(),
  secret: z.string().optional(),
  publicKeyBase64Spki: z.string().optional(),
  method: z.string().optional(),
  url: z.string().optional(),
  params: z.record(z.string(), z.string()).optional(),
  body: z.unknown().optional(),
  id: z.string().optional(),
  timestamp: z.coerce.string().optional(),
  signature: z.string().optional(),
  headerValue: z.string().optional(),
  /** When the request is looked at; the moment of signing unless said. */
  now: z.union([z.string(), z.number()]).optional(),
  /** False: it must be refused. Null: computed from the documentation, taken for genuine. */
  ok: z.boolean().nullish(),
})
type Vector = z.infer<typeof vectorSchema>

/** By the first word of a vector's vendor. */
const CHECKS: Readonly<Record<string, { check: SignatureCheck; hasTime: boolean }>> = {
  twilio: { check: twilioSignature, hasTime: false },
  sendgrid: { check: sendgridSignature, hasTime: true },
  stripe: { check: stripeSignature, hasTime: true },
  resend: { check: standardWebhooksSignature, hasTime: true },
  svix: { check: standardWebhooksSignature, hasTime: true },
  standard: { check: standardWebhooksSignature, hasTime: true },
  ofauth: { check: standardWebhooksSignature, hasTime: true },
  mailgun: { check: mailgunSignature, hasTime: true },
  meta: { check: metaSignature, hasTime: false },
  whatsapp: { check: metaSignature, hasTime: false },
  shopify: { check: shopifySignature, hasTime: false },
  hubspot: { check: hubspotSignature, hasTime: true },
  slack: { check: slackSignature, hasTime: true },
  tiktok: { check: tiktokSignature, hasTime: true },
}
const LATER_MS = 3_600_000

/** The kind, as the registry has it. */
export const webhookSignatures: ConformanceKind = {
  summary: 'vectors.json: signed requests of vendors, genuine and forged',
  run: async function* (dir) {
    const files = (await readdir(dir)).filter((name) => name.endsWith('.json')).toSorted()
    for (const file of files) {
      const vectors = z.array(vectorSchema).parse(JSON.parse(await readFile(join(dir, file), 'utf8')))
      for (const [index, vector] of vectors.entries())
        yield* casesOf(`${file}#${index} ${vector.vendor}`, vector)
    }
  },
}

function* casesOf(id: string, vector: Vector): Generator<CaseResult> {
  const known = CHECKS[/[a-z]+/.exec(vector.vendor.toLowerCase())?.[0] ?? '']
  if (!known) {
    yield { id, problem: 'no check for this vendor' }
    return
  }
  const { check, hasTime } = known
  const request = requestOf(vector)
  const secret = vector.secret ?? vector.publicKeyBase64Spki ?? ''
  const at = momentOf(vector)
  const found = check(request, secret, at)
  const isGenuine = vector.ok !== false
  yield {
    id,
    problem:
      (found === null) === isGenuine
        ? null
        : `${found ?? 'accepted'} in place of ${isGenuine ? 'accepted' : 'refused'}`,
  }
  if (!isGenuine || found !== null) return
  const refused = (name: string, result: ReturnType<SignatureCheck>): CaseResult => ({
    id: `${id} · ${name}`,
    problem: result === null ? 'accepted' : null,
  })
  // Mailgun signs only time and token: its body cannot be told from a changed one.
  if (check !== mailgunSignature)
    yield refused('a changed body', check({ ...request, body: changed(request.body) }, secret, at))
  yield refused('a changed signature', check(withChangedSignature(request), secret, at))
  yield refused('no signature', check({ ...request, headers: {}, body: Buffer.from('{}') }, secret, at))
  if (vector.secret !== undefined)
    yield refused('another secret', check(request, `${secret}A`.replace(/^(.{8})./, '$1Z'), at))
  if (hasTime) {
    yield refused('an hour later', check(request, secret, new Date(at.getTime() + LATER_MS)))
    yield refused('an hour earlier', check(request, secret, new Date(at.getTime() - LATER_MS)))
  }
}

function requestOf(vector: Vector): SignedRequest {
  const body =
    vector.params !== undefined
      ? new URLSearchParams(vector.params).toString()
      : typeof vector.body === 'string'
        ? vector.body
        : JSON.stringify(vector.body ?? '')
  const names = vector.headers ?? (vector.header === undefined ? [] : [vector.header])
  const headers = names.map((name): [string, string] => [
    name.toLowerCase(),
    valueOf(name.toLowerCase(), vector),
  ])
  return {
    method: vector.method ?? 'POST',
    url: vector.url ?? 'https://fanfare.example/webhook',
    headers: Object.fromEntries(headers),
    body: Buffer.from(body),
  }
}

/** What stands in a header, by what its name ends with. */
function valueOf(name: string, { id, timestamp, signature, headerValue }: Vector): string {
  if (name.endsWith('timestamp')) return timestamp ?? ''
  if (name.endsWith('-id')) return id ?? ''
  return headerValue ?? signature ?? ''
}

function momentOf(vector: Vector): Date {
  const stated =
    vector.now ??
    vector.timestamp ??
    /\bt=(\d+)/.exec(vector.headerValue ?? '')?.[1] ??
    timestampInside(vector)
  if (typeof stated === 'string' && !/^\d+$/.test(stated)) return new Date(stated)
  const number = Number(stated)
  return new Date(number > 1e11 ? number : number * 1_000)
}

function timestampInside({ body }: Vector): string {
  const found = z.object({ signature: z.object({ timestamp: z.coerce.string() }) }).safeParse(body)
  return found.success ? found.data.signature.timestamp : '0'
}

function changed(body: Buffer): Buffer {
  const copy = Buffer.from(body)
  const at = Math.max(0, copy.length - 3)
  copy.writeUInt8((copy.readUInt8(at) ^ 1) & 0x7f, at)
  return copy
}

/** One character of every signature is another. */
function withChangedSignature(request: SignedRequest): SignedRequest {
  const flip = (text: string): string => {
    const at = Math.max(0, text.length - 8)
    return text.slice(0, at) + (text[at] === '1' ? '2' : '1') + text.slice(at + 1)
  }
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      /timestamp$|-id$/.test(name) || value === undefined ? value : flip(value),
    ]),
  )
  if (Object.keys(headers).length > 0) return { ...request, headers }
  const body = request.body.toString('utf8')
  return {
    ...request,
    body: Buffer.from(
      body.replace(/"signature":"([0-9a-f]+)"/, (_, hex: string) => `"signature":"${flip(hex)}"`),
    ),
  }
}
