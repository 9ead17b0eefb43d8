/** For operators and load balancers: alive, ready, and figures. */
import type { FastifyInstance } from 'fastify'
import type { Platform } from '../platform.ts'

/**
 * `/health`: the process answers. `/ready`: the database answers, too. `/metrics`: Prometheus text, to callers on
 * this machine or with the operator's token.
 */
export function registerHealth(server: FastifyInstance, platform: Platform): void {
  server.get('/health', async () => ({ status: 'ok' }))
  server.get('/ready', async (_request, reply) => {
    try {
      await platform.database.pool.query('select 1')
      return { status: 'ready' }
    } catch (error) {
      platform.log.warn({ error }, 'not ready')
      return reply.status(503).send({ status: 'the database does not answer' })
    }
  })
  server.get('/metrics', async (request, reply) => {
    const token = platform.config.metricsToken
    const local = request.ip === '127.0.0.1' || request.ip === '::1' || request.ip === '::ffff:127.0.0.1'
    if (token === null ? !local : request.headers.authorization !== `Bearer ${token}`)
      return reply.status(404).send()
    return reply.header('content-type', platform.metrics.contentType).send(await platform.metrics.text())
  })
}
