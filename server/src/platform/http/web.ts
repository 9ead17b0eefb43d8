/** The built web application: hashed files for ever, the page itself never from a cache. */
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import type { Platform } from '../platform.ts'
import { errors } from './errors.ts'
import { answerError } from './problems.ts'

/** Serves `webRoot`; every address that is no file and no API is a screen, which the page's own router finds. */
export async function registerWeb(
  server: FastifyInstance,
  webRoot: string,
  platform: Platform,
): Promise<void> {
  await server.register(fastifyStatic, {
    root: webRoot,
    wildcard: false,
    setHeaders: (reply, path) => {
      const isHashed = path.includes('/assets/')
      void reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  server.get('/*', async (request, reply) => {
    if (/^\/(api|v1|assets|c|o|s|u)\//.test(request.url))
      return answerError(platform, errors.not_found(), request, reply)
    return reply.header('cache-control', 'no-cache').sendFile('index.html')
  })
}
