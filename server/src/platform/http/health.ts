/** For operators and load balancers: alive, ready, and figures. */
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { metricsText, type MetricsPart } from '../metrics.ts'
import type { Platform } from '../platform.ts'

/** The worker of the same machine answers at once or is too busy to be waited for. */
const WORKER_ANSWERS_WITHIN_MS = 1_000

/**
 * `/health`: the process answers. `/ready`: the database answers, too. `/metrics`: Prometheus text of this process and
 * of the worker beside it, to callers on this machine or with the operator's token.
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
    if (token === null ? !isOnThisMachine(request) : request.headers.authorization !== `Bearer ${token}`)
      return reply.status(404).send()
    const parts = [await platform.metrics.parts(), ...(await partsOfWorker(platform))]
    return reply.header('content-type', platform.metrics.contentType).send(await metricsText(parts))
  })
}

/**
 * The worker's own small server. Alone on its machine it answers there like a web server's health; beside one it only
 * hands its figures to that one, on a loopback port.
 */
export async function serveHealth(platform: Platform): Promise<{ close(): Promise<void> } | null> {
  const { role, host, port, workerPort } = platform.config
  const isAlone = role === 'worker'
  if (!isAlone && workerPort === null) return null
  const server = fastify({ forceCloseConnections: true })
  if (isAlone) registerHealth(server, platform)
  else server.get(PARTS_PATH, () => platform.metrics.parts())
  await server.listen(isAlone ? { host, port } : { host: '127.0.0.1', port: workerPort ?? 0 })
  return { close: () => server.close() }
}

const PARTS_PATH = '/metrics/parts'

async function partsOfWorker({ config, log }: Platform): Promise<MetricsPart[]> {
  if (config.role !== 'all' || config.workerPort === null) return []
  try {
    const answer = await fetch(`http://127.0.0.1:${config.workerPort}${PARTS_PATH}`, {
      signal: AbortSignal.timeout(WORKER_ANSWERS_WITHIN_MS),
    })
    // What our own worker sends is what its registry gave; nobody else can listen there while it lives.
    return [(await answer.json()) as MetricsPart]
  } catch (error) {
    log.warn({ error }, 'the worker does not give its figures')
    return []
  }
}

/** A proxy on this machine speaks for somebody else: it says so, and is believed here. */
function isOnThisMachine(request: FastifyRequest): boolean {
  if (request.headers['x-forwarded-for'] !== undefined || request.headers['forwarded'] !== undefined)
    return false
  return ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.ip)
}
