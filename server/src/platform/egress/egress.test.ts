import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import { testCertificate, type TestCertificate } from '../../testing/certificate.ts'
import { createEgress, type Egress } from './index.ts'

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

const CERTIFICATE = testCertificate()
setDefaultCACertificates([...getCACertificates('default'), CERTIFICATE.cert])

/** A server of this machine and a client that may call it. */
async function serverThat(
  answers: (response: ServerResponse, request: IncomingMessage) => void,
  certificate?: TestCertificate,
): Promise<{ egress: Egress; url: string }> {
  const handle = (request: IncomingMessage, response: ServerResponse): void => answers(response, request)
  const server = certificate ? createTlsServer(certificate, handle) : createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // listening on TCP
  const egress = createEgress({ allow: [`127.0.0.1:${port}`] })
  open.push(
    () => egress.close(),
    () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  )
  return { egress, url: `http${certificate ? 's' : ''}://127.0.0.1:${port}` }
}

test('an answer comes whole, whatever pieces it arrived in, with what was sent at the address that was named', async () => {
  const { egress, url } = await serverThat((response, request) => {
    const asked: Buffer[] = []
    request.on('data', (part: Buffer) => asked.push(part))
    request.on('end', () => {
      response.writeHead(201, { 'x-word': 'é'.length })
      response.write(`${request.method} ${request.url} ${Buffer.concat(asked).toString()} `)
      setImmediate(() => response.end('done'))
    })
  })
  for (const body of ['first', 'second'])
    expect(await egress.request(`${url}/a/b?c=d%20e`, { method: 'POST', body })).toMatchObject({
      status: 201,
      headers: { 'x-word': '1' },
      body: `POST /a/b?c=d%20e ${body} done`,
    })
})

test('no more of an answer is kept than was asked for, and the next call is answered', async () => {
  const { egress, url } = await serverThat((response) => response.end('x'.repeat(1_000_000)))
  for (let n = 0; n < 3; n++)
    expect((await egress.request(url, { answerBytesMax: 100 })).body).toBe('x'.repeat(100))
  expect((await egress.request(url)).body).toHaveLength(64 * 1024)
})

test('an answer that trickles is waited for no longer than one that never comes', async () => {
  const { egress, url } = await serverThat((response, request) => {
    if (request.url === '/never') return
    response.write('x')
    const more = setInterval(() => response.write('x'), 20)
    response.on('close', () => clearInterval(more))
  })
  const begunMs = performance.now()
  const calls = ['/trickle', '/never'].map((path) => egress.call(`${url}${path}`, { timeoutMs: 200 }))
  for (const outcome of await Promise.all(calls)) expect(outcome.kind).toBe('unanswered')
  expect(performance.now() - begunMs).toBeLessThan(5_000)
})

test('a connection that ends within an answer leaves the call unanswered', async () => {
  const { egress, url } = await serverThat((response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('x', () => response.destroy())
  })
  expect((await egress.call(url)).kind).toBe('unanswered')
})

// Only the first connection to a TLS server shows it: the client waits for that one before it opens others.
test.each([
  ['a value', { authorization: 'Bearer EAAG’abc' }, 'The header authorization holds a character'],
  ['a value of two lines', { authorization: 'Bearer a\r\nx-more: b' }, 'The header authorization holds'],
  ['a name', { 'x api key': 'abc' }, 'A header of the name x api key may not be sent.'],
  [
    'a header of the connection',
    { 'Transfer-Encoding': 'chunked' },
    'A header of the name Transfer-Encoding',
  ],
])(
  '%s that may not be sent fails at once, and spoils no other call to that address',
  async (_, headers, text) => {
    const { egress, url } = await serverThat((response) => response.end('good'), CERTIFICATE)
    const bad = await egress.call(url, { headers })
    const good = await egress.call(url, { headers: { authorization: 'Bearer abc' }, timeoutMs: 2_000 })
    expect(good).toMatchObject({ kind: 'answer', answer: { body: 'good' } })
    expect(bad).toEqual({ kind: 'unsent', reason: 'not_sendable', text: expect.stringContaining(text) })
    await expect(egress.request(url, { headers })).rejects.toMatchObject({
      code: 'platform.header_not_sendable',
    })
  },
)

test('why a host was not reached is said in a sentence that names it', async () => {
  const { egress, url } = await serverThat((response) => response.destroy())
  const { host } = new URL(url)
  expect(await egress.call(url)).toEqual({
    kind: 'unanswered',
    text: `The connection to ${host} ended before it answered.`,
  })
  const unknown = createEgress({
    lookup: (name, callback) =>
      callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }), []),
  })
  open.push(() => unknown.close())
  expect(await unknown.call('https://api.twilio.example/x')).toEqual({
    kind: 'unsent',
    reason: 'unreachable',
    text: 'The name api.twilio.example is not known. Check the address.',
  })
})
