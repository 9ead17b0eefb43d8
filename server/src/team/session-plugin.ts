/** Guards of the routes that hand out sessions, beside those that every route has. */
import type { FastifyInstance } from 'fastify'
import { httpErrors } from '../platform/http/index.ts'
import type { Platform } from '../platform/platform.ts'

const SIGN_IN_ROUTES = /^\/api\/(auth|setup|session)(\/|\?|$)/

/**
 * Answers about sessions are never cached. Signing in needs no proof that a forged request would lack, so it is
 * refused when the browser says that another site asks: nobody is signed in as somebody else unawares.
 * Source: ASVS 3.5.1
 */
export function sessionPlugin(platform: Platform): (server: FastifyInstance) => Promise<void> {
  const ownOrigin = new URL(platform.config.publicUrl).origin
  return async (server) => {
    server.addHook('onRequest', async (request, reply) => {
      if (!SIGN_IN_ROUTES.test(request.url)) return
      reply.header('cache-control', 'no-store')
      if (request.method === 'GET' || request.method === 'HEAD') return
      const { origin, host } = request.headers
      const site = request.headers['sec-fetch-site']
      const foreignOrigin = origin !== undefined && origin !== ownOrigin && URL.parse(origin)?.host !== host
      if (foreignOrigin || site === 'cross-site') throw httpErrors.origin_not_allowed()
    })
  }
}
