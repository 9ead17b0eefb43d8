import { beforeAll, describe, expect, test } from 'vitest'
import { createContact } from '../../contacts/index.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import { newId, toWire, type ContactId } from '../../platform/ids.ts'
import { harness, type Harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { messageOpened, recordMessages } from '../../tracking/index.ts'

let h: Harness
beforeAll(async () => {
  h = await harness()
})

const MINUTE_MS = 60_000

let made = 0
async function person(org: TestOrganization): Promise<{ id: ContactId; wire: string; email: string }> {
  const email = `r${++made}@example.com`
  const { id } = await createContact(org.ctx, { email }, 'api')
  return { id, wire: toWire('contact', id), email }
}

/** As a shop tells it, by our own API. */
const tell = (org: TestOrganization, email: string, event: string, properties: object, minutesAgo = 0) =>
  org.key.post('/api/events', {
    type: 'track',
    event,
    email,
    properties,
    timestamp: new Date(h.clock.now().getTime() - minutesAgo * MINUTE_MS).toISOString(),
  })

describe('GET /api/contacts/:id/profile', () => {
  test('CB-3.1 tells what a contact has become, in the organization’s currency', async () => {
    const org = await h.organization()
    const { wire, email } = await person(org)
    await tell(org, email, 'Order Completed', { order_id: '1', total: '120.50', currency: 'EUR' }, 30)
    await tell(org, email, 'Order Refunded', { order_id: '1', total: 20.5, currency: 'EUR' }, 10)
    await tell(org, email, 'Order Completed', { order_id: '2', total: 900, currency: 'JPY' }, 5)
    await tell(org, email, 'Subscription Started', { plan: 'gold' }, 4)
    await h.drain()
    const { status, body } = await org.viewer.get(`/api/contacts/${wire}/profile`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      currency: 'EUR',
      orders: 2,
      refunds: 1,
      revenueMinor: 10_000,
      refundedMinor: 2_050,
      lastOrderMinor: 12_050,
      spendingLevel: 'medium',
      subscription: { tier: 'gold', status: 'active' },
      otherMoney: [{ currency: 'JPY', orders: 1, revenueMinor: 900 }],
      timeZoneFrom: 'organization',
    })
  })

  test('reads as zeros for who did nothing, and is not there for another organization', async () => {
    const [org, other] = [await h.organization(), await h.organization()]
    const { wire } = await person(org)
    expect((await org.viewer.get(`/api/contacts/${wire}/profile`)).body).toMatchObject({
      orders: 0,
      rfm: null,
      spendingLevel: null,
      updatedAt: null,
    })
    expect((await other.owner.get(`/api/contacts/${wire}/profile`)).status).toBe(404)
  })
})

describe('GET /api/contacts/:id/history', () => {
  test('is one list of events and messages, latest first, page by page, and by kind', async () => {
    const org = await h.organization()
    const { id, wire, email } = await person(org)
    for (let n = 0; n < 7; n++)
      await tell(org, email, 'Video Watched', { title: `Video ${n}`, seconds: n, nested: { a: 1 } }, 100 - n)
    await tell(org, email, 'Order Completed', { order_id: '9', total: 12, currency: 'EUR' }, 50)
    const run = {
      runId: newId<'run'>(h.clock.now()),
      campaignId: newId<'campaign'>(h.clock.now()),
      channel: 'email',
      month: '2026-11-01',
    }
    await inTransaction(org.systemCtx, async (ctx) => {
      await recordMessages(ctx, run, 1, [{ contactId: id, state: 'bounced', reason: 'hard' }])
      announce(
        ctx,
        messageOpened,
        { variant: 0, machine: true, reasons: ['prefetch'], agent: 'x', addressPrefix: null },
        { ...run, contactId: id },
      )
    })
    const all: Record<string, unknown>[] = []
    for (let cursor = ''; ;) {
      const { body } = await org.viewer.get(`/api/contacts/${wire}/history?limit=3${cursor}`)
      all.push(...body.items)
      if (body.nextCursor === null) break
      cursor = `&cursor=${body.nextCursor}`
    }
    expect(new Set(all.map((entry) => entry['id'])).size).toBe(all.length)
    const times = all.map((entry) => Date.parse(String(entry['at'])))
    expect(times).toEqual(times.toSorted((a, b) => b - a))
    expect(all.filter(({ type }) => type === 'track:Video Watched')).toHaveLength(7)
    expect(all.find(({ type }) => type === 'track:Video Watched')).toMatchObject({
      kind: 'activity',
      details: [
        { name: 'title', value: 'Video 6' },
        { name: 'seconds', value: '6' },
      ],
    })
    expect(all.find(({ type }) => type === 'message')).toMatchObject({
      kind: 'messages',
      channel: 'email',
      state: 'bounced',
      reason: 'hard',
    })
    expect(all.find(({ type }) => type === 'message.opened')).toMatchObject({ isMachine: true })
    const orders = await org.viewer.get(`/api/contacts/${wire}/history?kind=orders`)
    expect(orders.body.items).toMatchObject([
      { type: 'track:Order Completed', money: { amountMinor: 1_200, currency: 'EUR' } },
    ])
    expect((await org.viewer.get(`/api/contacts/${wire}/history?kind=consent`)).body.items).toEqual([])
    expect((await org.viewer.get(`/api/contacts/${wire}/history?kind=gossip`)).status).toBe(400)
  })
})

test('what the dictionary marks as personal is hidden from viewers in a person’s history, and shown to editors', async () => {
  const org = await h.organization()
  const { wire, email } = await person(org)
  await tell(org, email, 'Table Booked', { guest: 'Zora Neale', seats: 2, email: 'zora@example.org' }, 1)
  await h.drain()
  await org.admin.post('/api/event-definitions/track%3ATable%20Booked/personal', {
    property: 'guest',
    isPersonal: true,
  })
  const detailsFor = async (caller: typeof org.viewer): Promise<unknown> =>
    (await caller.get(`/api/contacts/${wire}/history`)).body.items.find(
      ({ type }: { type: string }) => type === 'track:Table Booked',
    ).details
  expect(await detailsFor(org.viewer)).toEqual(
    expect.arrayContaining([
      { name: 'guest', value: null },
      { name: 'seats', value: '2' },
      { name: 'email', value: null },
    ]),
  )
  expect(await detailsFor(org.editor)).toEqual(
    expect.arrayContaining([
      { name: 'guest', value: 'Zora Neale' },
      { name: 'email', value: 'zora@example.org' },
    ]),
  )
})

describe('spending levels', () => {
  test('CB-3.1 follow the bounds that the organization sets, at once for everybody', async () => {
    const org = await h.organization()
    const [small, large] = [await person(org), await person(org)]
    await tell(org, small.email, 'Order Completed', { order_id: '1', total: 40 })
    await tell(org, large.email, 'Order Completed', { order_id: '2', total: 80 })
    await h.drain()
    expect((await org.viewer.get('/api/analytics/spending-levels')).body).toMatchObject({
      currency: 'EUR',
      mediumFromMinor: 10_000,
      highFromMinor: 50_000,
      setAt: null,
      people: { low: 2, medium: 0, high: 0 },
    })
    const bounds = { mediumFromMinor: 3_000, highFromMinor: 8_000 }
    expect((await org.editor.put('/api/analytics/spending-levels', bounds)).status).toBe(200)
    await h.drain()
    expect((await org.viewer.get('/api/analytics/spending-levels')).body).toMatchObject({
      ...bounds,
      people: { low: 0, medium: 1, high: 1 },
    })
    expect((await org.viewer.get(`/api/contacts/${large.wire}/profile`)).body.spendingLevel).toBe('high')
    const audited = await org.owner.get('/api/audit?limit=5')
    expect(JSON.stringify(audited.body)).toContain('analytics.spending_levels_set')
  })

  test('bounds out of order, and members who may not, change nothing', async () => {
    const org = await h.organization()
    const put = (who: 'editor' | 'viewer', mediumFromMinor: number, highFromMinor: number) =>
      org[who].put('/api/analytics/spending-levels', { mediumFromMinor, highFromMinor })
    expect((await put('editor', 500, 500)).status).toBe(400)
    expect((await put('viewer', 100, 500)).status).toBe(403)
    expect((await org.viewer.get('/api/analytics/spending-levels')).body).toMatchObject({ setAt: null })
  })
})
