/** The web server: every room's routes, guarded alike. */
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import fastify, { type FastifyInstance } from 'fastify'
import { randomUUID } from 'node:crypto'
import { monotonicMs } from '../clock.ts'
import type { Platform } from '../platform.ts'
import type { Room } from '../room.ts'
import type { Authenticate } from './authenticate.ts'
import { answerError } from './problems.ts'
import { errors } from './errors.ts'
import { closeInOrder, CLOSES_IN_ORDER } from './close-in-order.ts'
import { answerPreflight, intakeScope } from './intake-scope.ts'
import { registerHealth } from './health.ts'
import { registerOpenApi } from './openapi.ts'
import { createMissNotes } from './misses.ts'
import { createRateLimiter } from './rate-limit.ts'
import { registerRoute } from './routes.ts'
import { registerStream } from './stream.ts'
import { registerWeb } from './web.ts'

export interface ServerParts {
  platform: Platform
  rooms: readonly Room[]
  authenticate: Authenticate
  /** Where the built web application lies; null serves the API alone. */
  webRoot: string | null
  /** How often an open stream asks again whether its caller may listen; 20 seconds unless said otherwise. */
  keepAliveMs?: number
  /** More to register under the same guards, such as the sign-in library's own handler. */
  plugins?: readonly ((server: FastifyInstance) => Promise<void>)[]
}

const BODY_BYTES_MAX = 1024 * 1024
const REQUEST_TIMEOUT_MS = 120_000

/** Builds the server; the caller listens. */
export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const { platform, rooms } = parts
  const server = fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: platform.config.trustedProxies,
    genReqId: () => randomUUID(),
    routerOptions: { ignoreTrailingSlash: true },
    ...CLOSES_IN_ORDER,
  })
  closeInOrder(server)
  await server.register(helmet, {
    contentSecurityPolicy: contentSecurityPolicy(platform.config.publicUrl),
    strictTransportSecurity: platform.config.publicUrl.startsWith('https:'),
    referrerPolicy: { policy: 'same-origin' },
  })
  await server.register(cookie)
  await server.register(multipart, {
    limits: { fileSize: platform.config.uploadBytesMax, files: 1, fields: 20, parts: 30 },
  })
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
  server.setErrorHandler((error, request, reply) => answerError(platform, error, request, reply))
  server.setNotFoundHandler((request, reply) => answerError(platform, errors.not_found(), request, reply))
  server.addHook('onRequest', async (request) => {
    request.startedMs = monotonicMs()
  })
  server.addHook('onResponse', async (request, reply) =>
    platform.metrics.httpRequest(
      request.routeOptions.url ?? 'unknown',
      reply.statusCode,
      monotonicMs() - request.startedMs,
    ),
  )

  const guards = { limiter: createRateLimiter(platform), noteMiss: createMissNotes() }
  registerHealth(server, platform)
  registerStream(server, parts)
  registerOpenApi(server, rooms)
  for (const plugin of parts.plugins ?? []) await plugin(server)
  const routes = rooms.flatMap((room) => room.routes)
  for (const route of routes.filter(({ spec }) => !spec.intake)) registerRoute(server, parts, guards, route)
  await intakeScope(server, (scope) => {
    const intake = routes.filter(({ spec }) => spec.intake)
    for (const route of intake) registerRoute(scope, parts, guards, route)
    const methods = Map.groupBy(
      intake.map(({ key }) => key.split(' ')),
      ([, url]) => url,
    )
    for (const [url, keys] of methods)
      if (url !== undefined)
        answerPreflight(
          scope,
          url,
          keys.map(([method = '']) => method),
        )
  })
  if (parts.webRoot !== null) await registerWeb(server, parts.webRoot, platform)
  return server
}

/** Scripts are our own files only. Inline styles serve the previews of mails, which carry theirs inline. */
function contentSecurityPolicy(publicUrl: string): { directives: Record<string, string[] | null> } {
  return {
    directives: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:', 'https:', 'http:'],
      fontSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      frameSrc: ["'self'"],
      frameAncestors: ["'none'"],
      objectSrc: ["'none'"],
      baseUri: ["'self'"],
      formAction: ["'self'"],
      upgradeInsecureRequests: publicUrl.startsWith('https:') ? [] : null,
    },
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    /** When the request arrived, for its duration. */
    startedMs: number
  }
}
