/** Closing in order: whoever asks while a server is being replaced is answered. */
import type { FastifyInstance } from 'fastify'
import type { Socket } from 'node:net'
import { pause } from '../clock.ts'

const WAIT_FOR_WORDS_MS = 1_000
const LOOK_MS = 10

/** How a server is made whose end `closeInOrder` sees to. */
export const CLOSES_IN_ORDER = { forceCloseConnections: 'idle', return503OnClosing: false } as const

/**
 * Once the server closes, each answer says that its connection ends (a kept one would hold up the stop until it timed
 * out), and connections over which nothing has been said yet are waited for a moment: Node takes them for idle, and their
 * first request would be lost on its way.
 */
export function closeInOrder(server: FastifyInstance, waitForWordsMs = WAIT_FOR_WORDS_MS): void {
  const silent = new Set<Socket>()
  let isClosing = false
  server.server.on('connection', (socket) => {
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
  })
  server.server.on('request', ({ socket }) => silent.delete(socket))
  server.addHook('preClose', async () => {
    isClosing = true
    for (let waitedMs = 0; silent.size > 0 && waitedMs < waitForWordsMs; waitedMs += LOOK_MS)
      await pause(LOOK_MS)
  })
  server.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close')
  })
}
