/** One route: who calls, may they, is the input right, then one verb. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { z } from 'zod'
import type { Ctx } from '../context.ts'
import { SYSTEM_ORG } from '../ids.ts'
import type { RegisteredRoute, RouteInput } from '../room.ts'
import { FileAnswer, type Raw, type RouteSpec } from '../wire.ts'
import { demandPermission, type Caller } from './authenticate.ts'
import { addressPrefixOf } from './address.ts'
import { withNamedCursor, withOwnCursor } from './cursors.ts'
import { errors } from './errors.ts'
import { withIdempotency } from './idempotency.ts'
import { localeOf } from './language.ts'
import type { NoteMiss } from './misses.ts'
import { problemsOf } from './problems.ts'
import type { RateLimiter } from './rate-limit.ts'
import type { ServerParts } from './server.ts'

/** What all routes of a server share. */
export interface Guards {
  limiter: RateLimiter
  noteMiss: NoteMiss
}

/** Registers a route under the guards that every route has. */
export function registerRoute(
  server: FastifyInstance,
  parts: ServerParts,
  { limiter, noteMiss }: Guards,
  route: RegisteredRoute,
): void {
  const [method, url] = route.key.split(' ') as [HTTPMethods, string] // RouteKey is `METHOD /path`
  server.route({
    method: method === 'GET' ? ['GET', 'HEAD'] : method,
    url,
    exposeHeadRoute: false,
    ...(route.spec.intake ? { helmet: false } : {}),
    ...(route.spec.bodyBytesMax === undefined ? {} : { bodyLimit: route.spec.bodyBytesMax }),
    handler: async (request, reply) => {
      const caller = route.spec.permission === 'public' ? null : await parts.authenticate(request)
      if (!route.spec.intake) limiter.check(request, reply, caller)
      if (caller) refuseForgery(request, caller, parts.platform.config.publicUrl)
      const ctx = ctxFor(parts, request, route.spec, caller)
      const input = parseInput(route.spec, request, reply)
      const run = async (): Promise<unknown> => {
        try {
          return await route.handle(ctx, input)
        } catch (error) {
          await noteMiss(ctx, route, request.url.split('?', 1)[0] ?? '', error)
          throw error
        }
      }
      const key =
        request.method === 'POST' && !route.spec.multipart && !route.spec.answerIsSecret && caller?.orgId
          ? request.headers['idempotency-key']
          : undefined
      if (typeof key === 'string')
        return withIdempotency(ctx, { key, target: request.url, body: request.body }, reply, async () =>
          answerOf(route.spec, request, await run()),
        )
      return send(route.spec, request, reply, await run())
    },
  })
}

function ctxFor(
  { platform }: ServerParts,
  request: FastifyRequest,
  spec: RouteSpec,
  caller: Caller | null,
): Ctx {
  const more = {
    requestId: request.id,
    locale: caller?.locale ?? localeOf(request),
    addressPrefix: addressPrefixOf(request.ip),
  }
  if (spec.permission === 'public') return platform.ctx(SYSTEM_ORG, { kind: 'system', id: 'public' }, more)
  if (!caller) throw errors.not_signed_in()
  if (spec.permission === 'person') {
    if (caller.personId === null) throw errors.not_permitted()
    return platform.ctx(
      caller.orgId ?? SYSTEM_ORG,
      caller.actor ?? { kind: 'member', id: caller.personId, role: 'viewer' },
      more,
    )
  }
  if (!caller.orgId || !caller.actor) throw errors.no_organization()
  demandPermission(caller.actor, spec.permission)
  return platform.ctx(caller.orgId, caller.actor, more)
}

/**
 * A cookie is sent by the browser whoever asks; so a change must come from our own origin. Keys prove themselves.
 * Source: ASVS 3.5.1
 */
function refuseForgery(request: FastifyRequest, caller: Caller, publicUrl: string): void {
  if (caller.by !== 'session' || request.method === 'GET' || request.method === 'HEAD') return
  if (request.headers['sec-fetch-site'] === 'same-origin') return
  const origin = request.headers.origin
  if (
    origin !== undefined &&
    (origin === new URL(publicUrl).origin || URL.parse(origin)?.host === request.headers.host)
  )
    return
  throw errors.origin_not_allowed()
}

function parseInput(spec: RouteSpec, request: FastifyRequest, reply: FastifyReply): RouteInput<RouteSpec> {
  const params = spec.params?.safeParse(request.params)
  // An id that cannot be one answers like an id of nothing: the caller learns no shape.
  if (params && !params.success) throw errors.not_found()
  const query = (spec.query ?? NOTHING).safeParse(request.query)
  const body =
    spec.body && !spec.multipart && !spec.intake ? spec.body.safeParse(request.body ?? {}) : undefined
  const problems = [
    ...(query.success ? [] : problemsOf(query.error)),
    ...(body && !body.success ? problemsOf(body.error) : []),
  ]
  if (problems.length > 0) throw errors.invalid({}, { problems })
  const input = {
    params: params?.data,
    query: spec.query && query.data ? withOwnCursor(request, query.data) : undefined,
    body: body?.data,
    request,
    reply,
  }
  return input
}
const NOTHING = z.object({})

/** What a JSON route answers, in wire form. */
function answerOf(
  spec: RouteSpec,
  request: FastifyRequest,
  output: unknown,
): { status: number; body: unknown } {
  if (spec.ok === undefined || isRaw(spec.ok)) return { status: 204, body: null }
  return { status: spec.status ?? 200, body: withNamedCursor(request, z.encode(spec.ok, output)) }
}

async function send(
  spec: RouteSpec,
  request: FastifyRequest,
  reply: FastifyReply,
  output: unknown,
): Promise<FastifyReply> {
  if (output instanceof FileAnswer)
    return reply
      .header('content-type', output.contentType)
      .header('content-disposition', `attachment; filename="${output.filename}"`)
      .header('cache-control', 'no-store, private')
      .send(output.body)
  if (spec.ok && isRaw(spec.ok)) {
    if (!reply.hasHeader('content-type')) reply.header('content-type', spec.ok.contentType)
    return reply.send(output)
  }
  const answer = answerOf(spec, request, output)
  if (answer.status === 204) return reply.status(204).send()
  return reply
    .status(answer.status)
    .header('content-type', 'application/json; charset=utf-8')
    .send(JSON.stringify(answer.body))
}

const isRaw = (ok: z.ZodType | Raw): ok is Raw => 'contentType' in ok
