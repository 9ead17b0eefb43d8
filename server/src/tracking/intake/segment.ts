/**
 * The Segment protocol, so that clients which speak it work against us as they are. What they expect: any 2xx is
 * taken, 429 and 5xx are tried again later, everything else is given up; bodies are JSON whatever their type says,
 * the key comes as user of Basic authentication or in the body.
 */
import type { FastifyRequest } from 'fastify'
import type { Ctx } from '../../platform/context.ts'
import { bodyOf, httpErrors } from '../../platform/http/index.ts'
import { toWire } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import { noteArrival, sourceOfKey } from '../sources/resolve.ts'
import type { KeyOwner } from '../sources/queries.ts'
import { BATCH_BYTES_MAX } from './limits.ts'
import type { Properties } from './message.ts'
import { recordDelivery } from './record.ts'
import type { Call, MessageKind } from './words.ts'
import { parseJson, type ReadRequest, readMany, readSingle, sentAtOf } from './request.ts'
import { turnToRead } from './turns.ts'

/** The kind of message that a path brings; null for those that bring many of any kind. */
const KIND_OF: Record<Call, MessageKind | null> = {
  track: 'track',
  identify: 'identify',
  page: 'page',
  screen: 'screen',
  group: 'group',
  alias: 'alias',
  batch: null,
  import: null,
  t: 'track',
  i: 'identify',
  p: 'page',
  s: 'screen',
  g: 'group',
  a: 'alias',
  b: null,
}

/** What is answered: the clients look at the status only, people at the rest. */
export interface SegmentAnswer {
  success: true
  /** Of a batch in which something was wrong: how many messages were not recorded, and why. */
  rejected?: number
  errors?: { path: string; message: string }[]
}

/**
 * Takes what a client sends; answers when it is durable.
 * @throws tracking.write_key_unknown, tracking.messages_invalid, tracking.message_too_large, tracking.batch_too_large
 */
export async function takeSegmentCall(ctx: Ctx, call: Call, request: FastifyRequest): Promise<SegmentAnswer> {
  const bytes = await bodyOf(request, BATCH_BYTES_MAX)
  await turnToRead(bytes.length)
  const body = parseJson(bytes)
  if (!isObject(body)) throw httpErrors.invalid({}, { problems: [{ path: 'body', message: 'An object.' }] })
  const source = await sourceOf(ctx, request, body)
  const about = { receivedAt: ctx.now(), sentAt: sentAtOf(body), isOwnApi: false }
  const kind = KIND_OF[call]
  const read =
    kind === null ? readBatch(body, about, bytes.length) : readSingle(body, kind, about, bytes.length)
  if (read.messages.length > 0) {
    await recordDelivery(ctx.platform, source.orgId, {
      sourceId: toWire('event_source', source.id),
      mayMerge: source.kind === 'server',
      messages: read.messages,
    })
    await noteArrival(ctx.platform, source)
  } else if (read.rejected > 0)
    throw errors.messages_invalid({ rejected: read.rejected }, { problems: read.problems })
  return read.rejected === 0
    ? { success: true }
    : { success: true, rejected: read.rejected, errors: read.problems }
}

function readBatch(
  body: Properties,
  about: { receivedAt: Date; sentAt: Date | null; isOwnApi: boolean },
  bodyBytes: number,
): ReadRequest {
  if (!Array.isArray(body['batch']))
    throw httpErrors.invalid({}, { problems: [{ path: 'batch', message: 'A list of messages.' }] })
  const shared = isObject(body['context']) ? body['context'] : null
  return readMany(body['batch'], 'batch', about, bodyBytes, shared)
}

async function sourceOf(ctx: Ctx, request: FastifyRequest, body: Properties): Promise<KeyOwner> {
  const key = basicUser(request.headers.authorization) ?? body['writeKey']
  const source = typeof key === 'string' ? await sourceOfKey(ctx.platform, key) : null
  if (!source) throw errors.write_key_unknown()
  return source
}

function basicUser(header: string | undefined): string | null {
  const encoded = /^Basic\s+([\w+/=-]+)$/i.exec(header ?? '')?.[1]
  if (encoded === undefined) return null
  const user = Buffer.from(encoded, 'base64').toString('utf8').split(':', 1)[0] ?? ''
  return user === '' ? null : user
}

const isObject = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * What the browser client asks for before it starts: where to send, and nothing of other tools.
 * @throws tracking.write_key_unknown
 */
export async function segmentSettings(ctx: Ctx, writeKey: string): Promise<unknown> {
  if (!(await sourceOfKey(ctx.platform, writeKey))) throw errors.write_key_unknown()
  const { protocol, host, pathname } = new URL(ctx.platform.config.publicUrl)
  return {
    integrations: {
      'Segment.io': {
        apiKey: writeKey,
        apiHost: `${host}${pathname.replace(/\/$/, '')}/v1`,
        protocol: protocol.slice(0, -1),
        unbundledIntegrations: [],
        addBundledMetadata: true,
      },
    },
    plan: {
      track: { __default: { enabled: true } },
      identify: { __default: { enabled: true } },
      group: { __default: { enabled: true } },
    },
    edgeFunction: {},
    analyticsNextEnabled: true,
    middlewareSettings: {},
    enabledMiddleware: {},
    metrics: { sampleRate: 0 },
    legacyVideoPluginsEnabled: false,
    remotePlugins: [],
  }
}
