import { existsSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'

const h = await harness()
let org: TestOrganization
let writeKey: string
let n = 0

beforeAll(async () => {
  org = await h.organization()
  writeKey = (await org.owner.post('/api/event-sources', { name: 'Shop', kind: 'server' })).body.writeKey
})

const basic = (key: string): string => `Basic ${Buffer.from(`${key}:`).toString('base64')}`

/** Sends a body as the clients do. */
async function send(
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{
  status: number
  body: { success?: boolean; rejected?: number; errors?: { path: string }[]; code?: string }
  headers: Record<string, unknown>
}> {
  const answer = await h.request({
    method: 'POST',
    url: path,
    headers: { 'content-type': 'application/json', authorization: basic(writeKey), ...headers },
    payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  })
  return { status: answer.statusCode, body: answer.json(), headers: answer.headers }
}

const track = (more: object = {}): Record<string, unknown> => ({
  type: 'track',
  event: 'Tried',
  userId: 'u',
  messageId: `s-${n++}`,
  ...more,
})

async function recorded(
  of: TestOrganization = org,
): Promise<{ type: string; at: Date; payload: Record<string, unknown> }[]> {
  return of.systemCtx.db.query(
    `select type, at, payload from event where org_id = $1 and (starts_with(type, 'track:') or type in ('page', 'screen', 'identify', 'group')) order by seq`,
    [of.orgId],
  )
}
const countOf = async (act: () => Promise<unknown>): Promise<number> => {
  const before = (await recorded()).length
  await act()
  return (await recorded()).length - before
}

describe('the Segment protocol', () => {
  test('takes every call in its long and its short form, with and without version', async () => {
    const calls: Record<string, object> = {
      track: { event: 'E' },
      identify: { traits: { plan: 'pro' } },
      page: { name: 'Home', properties: { url: 'https://shop.example/' } },
      screen: { name: 'Welcome' },
      group: { groupId: 'g' },
      alias: { previousId: 'before' },
    }
    for (const [call, more] of Object.entries(calls))
      for (const path of [`/v1/${call}`, `/v1/${call.charAt(0)}`, `/${call.charAt(0)}`]) {
        const isEvent = call !== 'alias'
        expect([
          path,
          await countOf(async () => {
            const answer = await send(path, { userId: 'u', messageId: `s-${n++}`, ...more })
            expect([answer.status, answer.body]).toEqual([200, { success: true }])
          }),
        ]).toEqual([path, isEvent ? 1 : 0])
      }
    for (const path of ['/v1/batch', '/v1/b', '/v1/import'])
      expect(await countOf(() => send(path, { batch: [track(), track()] }))).toBe(2)
    const page = (await recorded()).find(({ type }) => type === 'page')
    expect(page?.payload['properties']).toEqual({ name: 'Home', url: 'https://shop.example/' })
  })

  test('the key comes by Basic authentication or in the body; a wrong or revoked one is refused', async () => {
    const plain = { authorization: '' }
    expect((await send('/v1/track', track({ writeKey }), plain)).status).toBe(200)
    expect((await send('/v1/track', track({ writeKey: 'nobody' }), plain)).status).toBe(401)
    expect((await send('/v1/track', track(), { authorization: basic('fan_write_unknown') })).body.code).toBe(
      'tracking.write_key_unknown',
    )
    const other = (await org.owner.post('/api/event-sources', { name: 'Old', kind: 'browser' })).body
    const withOther = { authorization: basic(other.writeKey) }
    expect((await send('/v1/track', track(), withOther)).status).toBe(200)
    await org.owner.post(`/api/event-sources/${other.id}/rotate-key`)
    h.clock.advance(5_000)
    expect((await send('/v1/track', track(), withOther)).status).toBe(401)
    const now = (await org.owner.get('/api/event-sources')).body.items.find(
      (source: { id: string }) => source.id === other.id,
    )
    expect((await send('/v1/track', track(), { authorization: basic(now.writeKey) })).status).toBe(200)
    await org.owner.delete(`/api/event-sources/${other.id}`)
    h.clock.advance(5_000)
    expect((await send('/v1/track', track(), { authorization: basic(now.writeKey) })).status).toBe(401)
  })

  test('a body is read whatever its type says, and unpacked', async () => {
    const body = JSON.stringify({ batch: [track()] })
    expect(await countOf(() => send('/v1/b', body, { 'content-type': 'text/plain' }))).toBe(1)
    const packed = gzipSync(JSON.stringify({ batch: [track()] }))
    expect(await countOf(() => send('/v1/batch', packed, { 'content-encoding': 'gzip' }))).toBe(1)
    expect((await send('/v1/batch', Buffer.from('nonsense'), { 'content-encoding': 'gzip' })).status).toBe(
      400,
    )
    const bomb = gzipSync(Buffer.alloc(5_000_000, ' '))
    expect((await send('/v1/batch', bomb, { 'content-encoding': 'gzip' })).status).toBe(413)
  })

  test('texts that the database cannot hold are mended, not lost', async () => {
    const body = String.raw`{"userId":"u","event":"Typed","properties":{"text":"a\u0000b\ud800c","k\u0000":1,"emoji":"\ud83d\ude00"}}`
    await send('/v1/track', body)
    expect((await recorded()).at(-1)?.payload['properties']).toEqual({ text: 'ab\ufffdc', k: 1, emoji: '😀' })
  })

  test('rubbish in a batch is named and loses nothing beside it', async () => {
    const batch = [
      track(),
      null,
      'text',
      { type: 'track', userId: 'u' },
      { type: 'dance', userId: 'u' },
      { type: 'track', event: 'E' },
      { type: 'track', event: 'E', userId: 'u', timestamp: 'yesterday' },
      { type: 'track', event: 'E', userId: { no: 1 } },
      { type: 'track', event: 'E', userId: 'u', properties: [1] },
      track({ properties: { text: 'x'.repeat(33_000) } }),
      track({ properties: JSON.parse('['.repeat(14) + ']'.repeat(14)) }),
      track(),
    ]
    let answer: Awaited<ReturnType<typeof send>> | undefined
    expect(await countOf(async () => (answer = await send('/v1/batch', { batch })))).toBe(2)
    expect(answer?.status).toBe(200)
    expect(answer?.body.rejected).toBe(10)
    expect(answer?.body.errors?.map(({ path }) => path)).toEqual([
      'batch.1',
      'batch.2',
      'batch.3.event',
      'batch.4.type',
      'batch.5.userId',
      'batch.6.timestamp',
      'batch.7.userId',
      'batch.8.properties',
      'batch.9',
      'batch.10.properties',
    ])
  })

  test('what is no message at all is refused with the field at fault', async () => {
    for (const [path, body, at] of [
      ['/v1/track', { userId: 'u' }, 'event'],
      ['/v1/track', '[]', 'body'],
      ['/v1/track', '{', 'body'],
      ['/v1/batch', {}, 'batch'],
      ['/v1/batch', { batch: [{}] }, 'batch.0.type'],
    ] as const) {
      const answer = await send(path, body)
      expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([400, at])
    }
    expect((await send('/v1/dance', track())).status).toBe(404)
    expect((await send('/v1/track', track({ properties: { text: 'x'.repeat(33_000) } }))).status).toBe(413)
    const large = Array.from({ length: 20 }, () => track({ properties: { text: 'x'.repeat(30_000) } }))
    expect((await send('/v1/batch', { batch: large })).status).toBe(413)
  })

  test('a clock that is wrong is put right; what cannot be is when it was received', async () => {
    const at = async (times: object): Promise<string | undefined> => {
      await send('/v1/track', track(times))
      return (await recorded()).at(-1)?.at.toISOString()
    }
    h.clock.set('2026-12-24T12:00:00.000Z')
    expect(await at({})).toBe('2026-12-24T12:00:00.000Z')
    // An hour behind: what it calls 10:55, five minutes before it sent, was five minutes ago.
    expect(await at({ timestamp: '2026-12-24T10:55:00Z', sentAt: '2026-12-24T11:00:00Z' })).toBe(
      '2026-12-24T11:55:00.000Z',
    )
    expect(
      await at({ originalTimestamp: '2028-01-01T00:00:00Z', timestamp: 'x', sentAt: '2028-01-01T00:01:00Z' }),
    ).not.toBe('2028-01-01T00:00:00.000Z')
    // The road is not the clock: an import keeps its instants to the millisecond.
    expect(await at({ timestamp: '2011-12-09T12:50:00.123Z', sentAt: '2026-12-24T11:59:58Z' })).toBe(
      '2011-12-09T12:50:00.123Z',
    )
    expect(await at({ timestamp: '2027-03-01T00:00:00Z' })).toBe('2026-12-24T12:00:00.000Z')
    expect((await recorded()).at(-1)?.payload['statedAt']).toBe('2027-03-01T00:00:00.000Z')
    expect(await at({ timestamp: '1970-01-01T00:00:00Z' })).toBe('2026-12-24T12:00:00.000Z')
  })

  test('any page may call: preflight, answers and refusals say so', async () => {
    const preflight = await h.request({
      method: 'OPTIONS',
      url: '/v1/t',
      headers: {
        origin: 'https://shop.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-retry-count',
      },
    })
    expect([preflight.statusCode, preflight.headers['access-control-allow-origin']]).toEqual([204, '*'])
    expect(preflight.headers['access-control-allow-headers']).toBe('authorization,content-type,x-retry-count')
    for (const answer of [await send('/v1/t', track()), await send('/v1/t', {}), await send('/t', 'x')])
      expect(answer.headers['access-control-allow-origin']).toBe('*')
  })

  test('the browser client is told where to send', async () => {
    const answer = await h.request({ method: 'GET', url: `/v1/projects/${writeKey}/settings` })
    expect(answer.json().integrations).toEqual({
      'Segment.io': expect.objectContaining({
        apiKey: writeKey,
        apiHost: 'localhost:3000/v1',
        protocol: 'http',
      }),
    })
    expect((await h.request({ method: 'GET', url: '/v1/projects/none/settings' })).statusCode).toBe(401)
  })
})

describe('our own way in', () => {
  test('takes one or many under an API key, by contact, address or id', async () => {
    const own = await h.organization()
    const { id } = (await own.owner.post('/api/contacts', { email: 'ada@example.com' })).body
    expect((await own.key.post('/api/events', { event: 'One', contactId: id })).body).toEqual({
      recorded: 1,
      duplicates: 0,
      rejected: 0,
      errors: [],
    })
    const many = await own.key.post('/api/events', {
      events: [
        { event: 'Two', email: 'ADA@example.com' },
        { event: 'Three', userId: 'u' },
        { event: 'Four' },
        { event: 'Five', contactId: 'con_999999' },
      ],
    })
    expect([many.status, many.body.recorded, many.body.rejected]).toEqual([202, 2, 2])
    const rows = await own.systemCtx.db.query<{ contactId: string }>(
      `select contact_id from event where org_id = $1 and starts_with(type, 'track:') order by seq`,
      [own.orgId],
    )
    expect(rows.slice(0, 2).map((row) => `con_${row.contactId}`)).toEqual([id, id])
  })

  test('an address alone has to be one: nobody is born of rubbish, and the sender hears of it', async () => {
    const own = await h.organization()
    const many = await own.key.post('/api/events', {
      events: [
        { event: 'One', email: 'not-mail' },
        { event: 'Two', phone: 'abc' },
        { event: 'Three', email: 'not-mail', phone: '+33612345678' },
        { event: 'Four', email: 'not-mail', userId: 'u' },
        { type: 'identify', phone: '06 12 34 56 78', traits: { country: 'FR' } },
      ],
    })
    expect([many.body.recorded, many.body.rejected]).toEqual([3, 2])
    expect(many.body.errors.map(({ path }: { path: string }) => path)).toEqual([
      'events.0.email',
      'events.1.phone',
    ])
    const people = (await own.viewer.get('/api/contacts')).body.items as { phone: string | null }[]
    expect(new Set(people.map(({ phone }) => phone))).toEqual(new Set(['+33612345678', null]))
  })

  test('PC-46 a contact of another organization is none', async () => {
    const [own, other] = [await h.organization(), await h.organization()]
    const { id } = (await other.owner.post('/api/contacts', { email: 'ada@example.com' })).body
    const [foreign, unknown] = [
      await own.key.post('/api/events', { event: 'E', contactId: id }),
      await own.key.post('/api/events', { event: 'E', contactId: 'con_99999999' }),
    ]
    expect([foreign.status, foreign.body.code, foreign.body.errors]).toEqual([
      unknown.status,
      unknown.body.code,
      unknown.body.errors,
    ])
    expect(await recorded(other)).toEqual([])
  })
})

const CAPTURES = new URL('../../../../../shared/vendor-apis/segment/client-captures.json', import.meta.url)

describe.skipIf(!existsSync(CAPTURES))('requests captured from the official clients', () => {
  interface Captured {
    method: 'POST'
    path: string
    headers: Record<string, string>
    body: Record<string, unknown>
  }
  const captures: Record<string, Captured[]> = existsSync(CAPTURES)
    ? JSON.parse(readFileSync(CAPTURES, 'utf8'))
    : {}

  test.each(Object.entries(captures))('%s: each is taken and recorded', async (_client, requests) => {
    const own = await h.organization()
    const source = (await own.owner.post('/api/event-sources', { name: 'C', kind: 'server' })).body
    h.clock.set('2026-11-20T12:00:00.000Z')
    let expected = 0
    for (const { path, headers, body } of requests) {
      const text = JSON.stringify(body).replaceAll('WRITE_KEY', source.writeKey)
      const answer = await h.request({
        method: 'POST',
        url: path,
        headers: { ...headers, authorization: basic(source.writeKey) },
        payload: text,
      })
      expect([path, answer.statusCode, answer.json()]).toEqual([path, 200, { success: true }])
      const messages = (Array.isArray(body['batch']) ? body['batch'] : [body]) as { type: string }[]
      expected += messages.filter(({ type }) => type !== 'alias').length
    }
    expect(await recorded(own)).toHaveLength(expected)
  })
})
