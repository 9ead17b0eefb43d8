/** Live figures for screens: one stream of server-sent events per tab, carrying what the organization's topics say. */
import type { FastifyInstance } from 'fastify'
import { every } from '../clock.ts'
import { errors } from './errors.ts'
import type { ServerParts } from './server.ts'

const KEEP_ALIVE_MS = 20_000

/** `GET /api/stream`: `event: <topic>`, `data: <json>`. Members only; ids and figures, nothing personal. */
export function registerStream(server: FastifyInstance, { platform, authenticate }: ServerParts): void {
  const open = new Set<() => void>()
  server.addHook('preClose', async () => {
    for (const end of open) end()
  })
  server.get('/api/stream', async (request, reply) => {
    const caller = await authenticate(request)
    if (!caller) throw errors.not_signed_in()
    if (!caller.orgId) throw errors.no_organization()
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    raw.write('retry: 2000\n\n')
    const unsubscribe = platform.hub.subscribe(caller.orgId, ({ topic, data }) =>
      raw.write(`event: ${topic}\ndata: ${JSON.stringify(data)}\n\n`),
    )
    const keepAlive = every(KEEP_ALIVE_MS, () => void raw.write(': still here\n\n'))
    const end = (): void => {
      unsubscribe()
      keepAlive.stop()
      open.delete(end)
      platform.metrics.gauge('open_streams', open.size)
      raw.end()
    }
    open.add(end)
    platform.metrics.gauge('open_streams', open.size)
    request.raw.on('close', end)
  })
}
