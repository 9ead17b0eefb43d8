/**
 * Routes that the programs of others call: from pages of any origin, with bodies of whatever type they name, at any
 * rate. They share one bound on what is being read and worked on, so that a flood is told to come back instead of
 * filling the memory.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { promisify } from 'node:util'
import { gunzip, inflate } from 'node:zlib'
import { after, type Timer } from '../clock.ts'
import { errors } from './errors.ts'

/**
 * Bytes of bodies under way in one process. Read and parsed they take about ten times as much; at 12 MB a second this
 * is three seconds of work.
 */
const BYTES_UNDER_WAY_MAX = 32 * 1024 * 1024
/** A body that has not arrived by then holds its place no longer. */
const BODY_ARRIVES_MS = 15_000
/** What a client that was turned away is told to wait. */
const RETRY_AFTER_S = 1
/** For how long a browser may remember that it may call. */
const PREFLIGHT_S = 86_400

const unzip = promisify(gunzip)
const unpack = promisify(inflate)

/** A scope of the server for such routes. Register them on what it gives. */
export async function intakeScope(
  server: FastifyInstance,
  register: (scope: FastifyInstance) => void,
): Promise<void> {
  let underWay = 0
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    const taken = new WeakMap<FastifyRequest, { bytes: number; timer: Timer }>()
    const release = (request: FastifyRequest): void => {
      const place = taken.get(request)
      if (!place) return
      taken.delete(request)
      place.timer.stop()
      underWay -= place.bytes
    }
    scope.addHook('onRequest', async (request, reply) => {
      openToAll(reply)
      if (request.method !== 'POST') return
      const length = Number(request.headers['content-length'] ?? Number.NaN)
      const bytes = Number.isFinite(length) ? length : request.routeOptions.bodyLimit
      if (underWay + bytes > BYTES_UNDER_WAY_MAX) {
        reply.header('retry-after', String(RETRY_AFTER_S))
        throw errors.too_many({ limit: 'bytes under way' })
      }
      underWay += bytes
      const timer = after(BODY_ARRIVES_MS, () => {
        if (!request.raw.complete) request.raw.destroy()
      })
      taken.set(request, { bytes, timer })
    })
    scope.addHook('onResponse', async (request) => release(request))
    scope.addHook('onRequestAbort', async (request) => release(request))
    register(scope)
  })
}

/**
 * Answers what a browser asks before it calls from another origin. Any header may come: Segment's client counts its
 * retries in one, and the next version may bring another.
 */
export function answerPreflight(scope: FastifyInstance, url: string, methods: readonly string[]): void {
  scope.options(url, async (request, reply) => {
    const asked = request.headers['access-control-request-headers'] ?? ''
    return reply
      .status(204)
      .header('access-control-allow-methods', methods.join(', '))
      .header(
        'access-control-allow-headers',
        HEADER_NAMES.test(asked) ? asked : 'authorization, content-type',
      )
      .header('vary', 'access-control-request-headers')
      .header('access-control-max-age', String(PREFLIGHT_S))
      .send()
  })
}
const HEADER_NAMES = /^[\w-]+(?:, *[\w-]+){0,20}$/

/**
 * Any page may call and read the answer; no cookie counts here, and none is asked for. Answers are JSON, so of the headers
 * that guard pages this is the one that matters; making all of them took a twelfth of a request's CPU.
 */
function openToAll(reply: { header(name: string, value: string): unknown }): void {
  reply.header('access-control-allow-origin', '*')
  reply.header('access-control-expose-headers', 'retry-after')
  reply.header('cross-origin-resource-policy', 'cross-origin')
  reply.header('x-content-type-options', 'nosniff')
}

/**
 * The body of such a request, unpacked.
 * @param bytesMax  of the unpacked body
 * @throws request.too_large, request.invalid when it is packed wrongly, request.type_not_supported for other packings
 */
export async function bodyOf(request: FastifyRequest, bytesMax: number): Promise<Buffer> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? ''
  if (encoding === '' || encoding === 'identity') return body
  if (encoding !== 'gzip' && encoding !== 'deflate') throw errors.type_not_supported({ encoding })
  try {
    return await (encoding === 'gzip' ? unzip : unpack)(body, { maxOutputLength: bytesMax })
  } catch (cause) {
    if (cause instanceof RangeError) throw errors.too_large({}, { cause })
    throw errors.invalid(
      {},
      { problems: [{ path: 'body', message: `The body is not valid ${encoding}.` }], cause },
    )
  }
}
