import fastify, { type FastifyInstance } from 'fastify'
import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { nextTurn } from '../clock.ts'
import { closeInOrder, CLOSES_IN_ORDER } from './close-in-order.ts'

const NEVER_MS = 600_000

/** A server whose `/slow` answers when it is let go. */
async function serving(waitForWordsMs: number) {
  const slow = { begun: Promise.withResolvers<void>(), goOn: Promise.withResolvers<void>() }
  const closing = Promise.withResolvers<void>()
  const server = fastify(CLOSES_IN_ORDER)
  server.addHook('preClose', async () => closing.resolve())
  closeInOrder(server, waitForWordsMs)
  server.get('/', () => 'answered')
  server.get('/slow', async () => {
    slow.begun.resolve()
    await slow.goOn.promise
    return 'answered late'
  })
  await server.listen({ port: 0, host: '127.0.0.1' })
  return { server, slow, closing: closing.promise }
}

/** A connection that the server has taken, over which nothing is said yet. */
async function connected({ server }: FastifyInstance): Promise<Socket> {
  const taken = once(server, 'connection')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  await taken
  return socket
}

const ask = (socket: Socket, path: string): boolean =>
  socket.write(`GET ${path} HTTP/1.1\r\nhost: fanfare\r\n\r\n`)

test('F16 what is asked over a connection opened before the end is answered, and the connection ended', async () => {
  const { server, closing } = await serving(NEVER_MS)
  const socket = await connected(server)
  const closed = server.close()
  await closing
  await nextTurn()
  ask(socket, '/')
  const answer = await text(socket)
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  expect(answer).toMatch(/connection: close/i)
  expect(answer).toMatch(/answered$/)
  await closed
})

test('F16 an answer on its way at the end ends its kept connection, and the server with it', async () => {
  const { server, slow, closing } = await serving(NEVER_MS)
  const socket = await connected(server)
  ask(socket, '/slow')
  await slow.begun.promise
  const closed = server.close()
  await closing
  await nextTurn()
  slow.goOn.resolve()
  expect(await text(socket)).toMatch(/connection: close[^]*answered late$/i)
  await closed
})

test('F16 connections over which nothing is said hold up no end', async () => {
  const { server } = await serving(1)
  const socket = await connected(server)
  await server.close()
  expect(await text(socket)).toBe('')
})
