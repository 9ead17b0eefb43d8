/** Live figures for screens: one stream of server-sent events per tab, carrying what the organization's topics say. */
import type { FastifyInstance } from 'fastify'
import { every } from '../clock.ts'
import { errors } from './errors.ts'
import type { ServerParts } from './server.ts'

/** An open stream says at least that often that it is there, and asks again whether its caller may listen. */
const KEEP_ALIVE_MS = 20_000

/**
 * The topic under which the team says that somebody's access to an organization may have ended. It goes to no screen:
 * each stream of the organization asks again whether its caller may listen. Source: ASVS 7.4.2
 */
export const ACCESS_TOPIC = 'access'

/**
 * `GET /api/stream`: `event: <topic>`, `data: <json>`. Members only; ids and figures, nothing personal. A session that
 * nobody ends by hand (idle, expired) ends its streams with the next sign of life, which is no use of it.
 */
export function registerStream(
  server: FastifyInstance,
  { platform, authenticate, keepAliveMs = KEEP_ALIVE_MS }: ServerParts,
): void {
  const open = new Set<() => void>()
  server.addHook('preClose', async () => {
    for (const end of open) end()
  })
  server.get('/api/stream', async (request, reply) => {
    const caller = await authenticate(request)
    if (!caller) throw errors.not_signed_in()
    if (caller.personId === null) throw errors.not_permitted()
    if (!caller.orgId) throw errors.no_organization()
    reply.hijack()
    const { raw } = reply
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    raw.write('retry: 2000\n\n')
    const unsubscribe = platform.hub.subscribe(caller.orgId, ({ topic, data }) => {
      if (topic === ACCESS_TOPIC) void endUnlessAllowed()
      else raw.write(`event: ${topic}\ndata: ${JSON.stringify(data)}\n\n`)
    })
    const endUnlessAllowed = async (): Promise<void> => {
      const present = await authenticate(request, { isUse: false }).catch(() => null)
      if (present?.orgId !== caller.orgId) end()
    }
    const keepAlive = every(keepAliveMs, async () => {
      await endUnlessAllowed()
      if (!raw.writableEnded) raw.write(': still here\n\n')
    })
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
