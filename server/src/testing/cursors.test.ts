/** Pages of every list of every room: a cursor goes on in the list that gave it, and nowhere else. */
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { rooms } from '../app.ts'
import { ID_KINDS, newUuid, toWire } from '../platform/ids.ts'
import { harness } from './harness.ts'
import type { TestOrganization } from './organization.ts'
import { exampleOf, parameterKinds } from './route-examples.ts'

const h = await harness()
const lists = rooms
  .flatMap((room) => room.routes)
  .filter(({ spec }) => spec.query instanceof z.ZodObject && 'cursor' in spec.query.shape)

let org: TestOrganization
/** Given by the list of contacts, which stands for any other. */
let foreign: string
beforeAll(async () => {
  org = await h.organization()
  for (const name of ['a', 'b']) await org.owner.post('/api/contacts', { email: `${name}@example.net` })
  foreign = (await org.owner.get('/api/contacts?limit=1')).body.nextCursor
})

describe('a cursor of another list', () => {
  test('more than a dozen lists have pages', () => {
    expect(lists.length).toBeGreaterThan(12)
  })

  test.each(
    lists.filter(({ key }) => key !== 'GET /api/contacts').map((route) => [route.key, route] as const),
  )('is refused by %s, with its field', async (key, { spec }) => {
    const kinds = spec.params === undefined ? {} : parameterKinds(spec.params)
    const path = (key.split(' ')[1] ?? '').replaceAll(/:(\w+)/g, (_all, name: string) => {
      const kind = kinds[name]
      if (!kind) return 'x'
      return toWire(kind, ID_KINDS[kind].form === 'uuid' ? newUuid(h.clock.now()) : '1')
    })
    const asked = exampleOf(spec.query ?? z.object({}), {}) as Record<string, string> // queries are flat texts
    for (const cursor of [foreign, 'nonsense', '']) {
      const { status, body } = await org.owner.get(
        `${path}?${new URLSearchParams({ ...asked, cursor }).toString()}`,
      )
      expect([status, body.code]).toEqual([400, 'request.cursor_foreign'])
      expect(body.errors).toEqual([{ path: 'cursor', message: expect.any(String) }])
    }
  })

  test('is one of the same list with another filter or order, not of another size', async () => {
    const next = (query: string) => org.owner.get(`/api/contacts?${query}cursor=${foreign}`)
    expect((await next('')).body.items).toHaveLength(1)
    expect((await next('limit=5&')).body.items).toHaveLength(1)
    expect((await next('q=b&')).status).toBe(400)
    expect((await next('sort=createdAt&')).status).toBe(400)
  })

  test('a list ordered by the longest names goes on after them', async () => {
    const names = ['A', 'B'].map((letter) => letter + '😀'.repeat(99))
    for (const name of names) await org.owner.post('/api/campaigns', { name })
    const first = (await org.owner.get('/api/campaigns?sort=name&limit=1')).body
    const second = await org.owner.get(`/api/campaigns?sort=name&limit=1&cursor=${first.nextCursor}`)
    expect(second.body.items).toMatchObject([{ name: names[1] }])
  })
})
