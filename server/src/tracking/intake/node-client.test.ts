import { Analytics } from '@segment/analytics-node'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'

const h = await harness()
let org: TestOrganization
let writeKey: string
let origin: string
let front: Server
/** What the front answers in place of the server, one per request, before it lets requests pass. */
let faults: { status: number; headers?: Record<string, string> }[] = []
let passed = 0

beforeAll(async () => {
  h.clock.set(new Date()) // the client takes the machine's time, whatever ours is
  org = await h.organization()
  writeKey = (await org.owner.post('/api/event-sources', { name: 'Shop', kind: 'server' })).body.writeKey
  await h.server.listen({ port: 0, host: '127.0.0.1' })
  const { port } = h.server.server.address() as AddressInfo // it listens on a port
  front = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const fault = faults.shift()
      if (fault) return response.writeHead(fault.status, fault.headers).end('{}')
      passed += 1
      void fetch(`http://127.0.0.1:${port}${request.url}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: request.headers.authorization ?? '' },
        body: Buffer.concat(parts),
      }).then(async (answer) => response.writeHead(answer.status).end(await answer.text()))
    })
  })
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(front.address() as AddressInfo).port}` // it listens on a port
})

afterAll(() => new Promise((resolve) => front.close(resolve)))

function client(): { analytics: Analytics; errors: unknown[] } {
  const errors: unknown[] = []
  const analytics = new Analytics({ writeKey, host: origin, flushAt: 100, flushInterval: 20, maxRetries: 5 })
  analytics.on('error', (error) => errors.push(error))
  return { analytics, errors }
}

const events = (): Promise<
  { type: string; at: Date; contactId: string; payload: Record<string, unknown> }[]
> =>
  org.systemCtx.db.query(
    `select type, at, contact_id, payload from event where org_id = $1
       and (starts_with(type, 'track:') or type in ('page', 'screen', 'identify', 'group')) order by seq`,
    [org.orgId],
  )

test('the official Node client works unchanged: every call arrives, about one person', async () => {
  const { analytics, errors } = client()
  const timestamp = new Date('2011-12-09T12:50:00.000Z')
  analytics.track({ anonymousId: 'anon-1', event: 'Looked', timestamp })
  analytics.identify({
    userId: 'user-1',
    anonymousId: 'anon-1',
    traits: { email: 'ada@example.com', plan: 'pro' },
  })
  analytics.track({
    userId: 'user-1',
    event: 'Order Completed',
    properties: { order_id: 'o-1', revenue: 14.99, currency: 'EUR' },
    timestamp,
  })
  analytics.page({ userId: 'user-1', name: 'Home', properties: { url: 'https://shop.example/' } })
  analytics.screen({ anonymousId: 'anon-1', name: 'Welcome' })
  analytics.group({ userId: 'user-1', groupId: 'g-1', traits: { name: 'Initech' } })
  analytics.alias({ userId: 'user-1', previousId: 'anon-1' })
  await analytics.closeAndFlush()
  expect(errors).toEqual([])
  const found = await events()
  expect(found.map(({ type }) => type)).toEqual([
    'track:Looked',
    'identify',
    'track:Order Completed',
    'page',
    'screen',
    'group',
  ])
  expect(new Set(found.map(({ contactId }) => contactId)).size).toBe(1)
  expect(found[2]).toMatchObject({
    at: timestamp,
    payload: { orderId: 'o-1', money: { amountMinor: 1499, currency: 'EUR' } },
  })
})

test('NFR-002.3 after 429 and 500 the official client tries again, and each message counts once', async () => {
  const { analytics, errors } = client()
  const before = (await events()).length
  faults = [{ status: 429, headers: { 'retry-after': '0' } }, { status: 500 }, { status: 503 }]
  passed = 0
  for (let i = 0; i < 5; i++) analytics.track({ userId: 'user-2', event: 'Retried', properties: { i } })
  await analytics.closeAndFlush({ timeout: 20_000 })
  expect([errors, faults, passed]).toEqual([[], [], 1])
  expect((await events()).length - before).toBe(5)
})
