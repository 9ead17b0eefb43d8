import { expect, test } from 'vitest'
import { harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'

const h = await harness()

async function sent(events: readonly object[]): Promise<TestOrganization> {
  const org = await h.organization()
  await org.key.post('/api/events', { events: events.map((event) => ({ userId: 'u', ...event })) })
  await h.drain()
  return org
}

const path = (type: string): string => `/api/event-definitions/${encodeURIComponent(type)}`

test('the dictionary counts types, properties and kinds of values, and shows where senders disagree', async () => {
  const org = await sent([
    { event: 'Seen', properties: { size: 1, on: '2026-11-20', tags: [], more: {}, ok: true } },
    { event: 'Seen', properties: { size: 'XL', empty: null } },
    { event: 'Order Completed', properties: { revenue: 10 } },
    { type: 'page', name: 'Home' },
  ])
  const { items } = (await org.viewer.get('/api/event-definitions')).body
  expect(items.map(({ type, role, volume }: Record<string, unknown>) => [type, role, volume])).toEqual([
    ['track:Seen', null, 2],
    ['page', null, 1],
    ['track:Order Completed', 'purchase', 1],
  ])
  const seen = (await org.viewer.get(path('track:Seen'))).body
  expect(
    seen.properties.map(({ name, kinds, isMixed }: Record<string, unknown>) => [name, kinds, isMixed]),
  ).toEqual([
    ['more', [{ kind: 'object', count: 1 }], false],
    ['ok', [{ kind: 'boolean', count: 1 }], false],
    ['on', [{ kind: 'date', count: 1 }], false],
    [
      'size',
      [
        { kind: 'text', count: 1 },
        { kind: 'number', count: 1 },
      ],
      true,
    ],
    ['tags', [{ kind: 'list', count: 1 }], false],
  ])
  const second = await org.viewer.get('/api/event-definitions?limit=1&search=e')
  expect(
    (await org.viewer.get(`/api/event-definitions?limit=1&search=e&cursor=${second.body.nextCursor}`)).body
      .items[0].type,
  ).toBe('page')
})

test('a type is given a meaning, and the property that holds its amount', async () => {
  const org = await sent([{ event: 'Tip given', properties: { coins: '4.20' } }])
  const meaning = { role: 'purchase', valueProperty: 'coins' }
  expect((await org.editor.put(path('track:Tip given'), meaning)).status).toBe(403)
  expect((await org.admin.put(path('track:Tip given'), meaning)).body).toMatchObject(meaning)
  await org.key.post('/api/events', { event: 'Tip given', userId: 'u', properties: { coins: '4.20' } })
  const rows = await org.systemCtx.db.query<{ money: unknown }>(
    `select payload->'money' as money from event where org_id = $1 and type = 'track:Tip given' order by seq`,
    [org.orgId],
  )
  expect(rows).toEqual([{ money: null }, { money: { amountMinor: 420, currency: 'EUR' } }])
  const audit = (await org.owner.get('/api/audit?action=event_definition.changed')).body.items
  expect(audit).toHaveLength(1)
})

test('PC-45 properties that name or hold an address are taken for personal until somebody says otherwise', async () => {
  const org = await sent([
    {
      event: 'Asked',
      properties: { customer_email: 'x', contact: 'ada@example.com', product: 'Loom', name: 'Loom' },
    },
  ])
  const personal = async (): Promise<string[]> =>
    (await org.owner.get(path('track:Asked'))).body.properties
      .filter(({ isPersonal }: { isPersonal: boolean }) => isPersonal)
      .map(({ name }: { name: string }) => name)
  expect(await personal()).toEqual(['contact', 'customer_email'])
  await org.owner.post(`${path('track:Asked')}/personal`, { property: 'contact', isPersonal: false })
  await org.owner.post(`${path('track:Asked')}/personal`, { property: 'product', isPersonal: true })
  await org.key.post('/api/events', {
    event: 'Asked',
    userId: 'u',
    properties: { contact: 'bob@example.com' },
  })
  await h.drain()
  expect(await personal()).toEqual(['customer_email', 'product'])
})

test('names without end do not fill the dictionary, and events are recorded all the same', async () => {
  const org = await sent([
    { event: 'Wide', properties: Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`p${i}`, i])) },
  ])
  expect((await org.owner.get(path('track:Wide'))).body.properties).toHaveLength(300)
})
