import { describe, expect, test } from 'vitest'
import type { ContactId } from '../../platform/ids.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { mergeContacts } from '../../contacts/index.ts'
import { rooms } from '../../app.ts'
import { harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { lockIdentity } from '../identity/queries.ts'
import { readMessage } from './message.ts'
import { recordDelivery, type Receipt } from './record.ts'

const h = await harness()
let n = 0

interface EventRow {
  type: string
  at: Date
  contactId: ContactId
  payload: {
    properties?: Record<string, unknown>
    traits?: Record<string, unknown>
    money?: unknown
    orderId?: string
    fields?: string[]
  }
}

/** Messages as a server's key brings them. */
function send(
  org: TestOrganization,
  messages: readonly Record<string, unknown>[],
  mayMerge = true,
): Promise<Receipt> {
  const receivedAt = h.clock.now()
  const read = messages.map((message) => {
    const result = readMessage({ messageId: `m-${n++}`, ...message }, null, {
      receivedAt,
      sentAt: null,
      isOwnApi: true,
    })
    if (!result.ok) throw new Error(JSON.stringify(result.problems))
    return result.message
  })
  return recordDelivery(h.platform, org.orgId, { sourceId: 'src_test', mayMerge, messages: read })
}

const eventsOf = (org: TestOrganization, prefix = 'track:'): Promise<EventRow[]> =>
  org.systemCtx.db.query<EventRow>(
    `select type, at, contact_id, payload from event where org_id = $1 and starts_with(type, $2) order by seq`,
    [org.orgId, prefix],
  )

const contactsOf = (
  org: TestOrganization,
): Promise<
  { id: ContactId; email: string | null; firstName: string | null; attributes: Record<string, unknown> }[]
> =>
  org.systemCtx.db.query(
    'select id, email, first_name, attributes from contact where org_id = $1 order by id',
    [org.orgId],
  )

const people = async (org: TestOrganization): Promise<ContactId[]> =>
  (await eventsOf(org)).map((event) => event.contactId)

describe('what happened', () => {
  test('an event stands in the log with its properties, its order and its amount in minor units', async () => {
    const org = await h.organization({ currency: 'EUR' })
    await send(org, [
      {
        type: 'track',
        event: ' Order Completed ',
        userId: 'u',
        properties: { order_id: 'o-1', revenue: 14.995, odd: { x: [1] } },
      },
      { type: 'track', event: 'Order Refunded', userId: 'u', properties: { total: '-5', currency: 'jpy' } },
    ])
    const [bought, refunded] = await eventsOf(org)
    expect(bought).toMatchObject({
      type: 'track:Order Completed',
      payload: {
        orderId: 'o-1',
        money: { amountMinor: 1500, currency: 'EUR' },
        properties: { order_id: 'o-1', revenue: 14.995, odd: { x: [1] } },
      },
    })
    expect(refunded?.payload.money).toEqual({ amountMinor: 5, currency: 'JPY' })
    const roles = await org.systemCtx.db.query(
      'select name, role from event_definition where org_id = $1 order by name',
      [org.orgId],
    )
    expect(roles).toEqual([
      { name: 'Order Completed', role: 'purchase' },
      { name: 'Order Refunded', role: 'refund' },
    ])
  })
})

describe('NFR-002.3 a message counts once', () => {
  test('repeated in a batch, in a later request, and in two requests at the same moment', async () => {
    const org = await h.organization()
    const message = { type: 'track', event: 'Once', userId: 'u', messageId: 'same' }
    expect(await send(org, [message, message])).toEqual({ recorded: 1, duplicates: 1 })
    expect(await send(org, [message])).toEqual({ recorded: 0, duplicates: 1 })
    const other = { ...message, messageId: 'other' }
    const receipts = await Promise.all(Array.from({ length: 10 }, () => send(org, [other])))
    expect(receipts.reduce((sum, { recorded }) => sum + recorded, 0)).toBe(1)
    expect(await eventsOf(org)).toHaveLength(2)
  })

  test('repeated in a batch that begins while its first is still being written', async () => {
    const org = await h.organization()
    const message = (no: number): Record<string, unknown> => ({
      type: 'track',
      event: 'Beside',
      userId: `u-${no}`,
      messageId: `beside-${no}`,
    })
    const [held, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const standstill = inTransaction(org.systemCtx, async (ctx) => {
      await lockIdentity(ctx)
      held.resolve()
      await free.promise
    })
    await held.promise
    // Each is a batch of its own, and all but the first large enough to begin beside the one before.
    const batches = Array.from({ length: 4 }, (_, no) =>
      send(
        org,
        Array.from({ length: 1_500 }, (_, n) => message(no * 1_000 + n)),
      ),
    )
    free.resolve()
    await standstill
    const receipts = await Promise.all(batches)
    expect(receipts.map(({ recorded }) => recorded)).toEqual([1_500, 1_000, 1_000, 1_000])
    expect(receipts.map(({ duplicates }) => duplicates)).toEqual([0, 500, 500, 500])
    expect(await eventsOf(org)).toHaveLength(4_500)
  })

  test('for 35 days, and no longer', async () => {
    const org = await h.organization()
    const message = { type: 'track', event: 'Once', userId: 'u', messageId: 'day-35' }
    await send(org, [message])
    h.clock.advance(34.9 * 86_400_000)
    await h.drain()
    expect((await send(org, [message])).duplicates).toBe(1)
    h.clock.advance(0.2 * 86_400_000)
    await h.drain()
    expect((await send(org, [message])).recorded).toBe(1)
  })
})

describe('who is meant', () => {
  test('what a visitor did before saying who they are is theirs afterwards, under the number it already had', async () => {
    const org = await h.organization()
    await send(org, [{ type: 'track', event: 'Looked', anonymousId: 'a' }])
    expect(await contactsOf(org)).toEqual([])
    await send(org, [
      {
        type: 'identify',
        anonymousId: 'a',
        userId: 'u',
        traits: { email: 'Ada@Example.com', name: 'Ada Lovelace', plan: 'pro' },
      },
      { type: 'track', event: 'Bought', userId: 'u' },
    ])
    const [ada] = await contactsOf(org)
    expect(ada).toMatchObject({ email: 'ada@example.com', firstName: 'Ada' })
    expect(await people(org)).toEqual([ada?.id, ada?.id])
    const [identified] = await eventsOf(org, 'identify')
    expect(identified?.payload).toMatchObject({
      traits: { plan: 'pro' },
      fields: ['email', 'firstName', 'lastName'],
    })
  })

  test('a person who is a contact already is found by their address, and their history follows', async () => {
    const org = await h.organization()
    const made = (await org.owner.post('/api/contacts', { email: 'ada@example.com' })).body
    await send(org, [{ type: 'track', event: 'Looked', anonymousId: 'a' }])
    await send(org, [
      { type: 'identify', anonymousId: 'a', userId: 'u', traits: { email: 'ada@example.com' } },
    ])
    await h.drain()
    expect((await people(org)).map((id) => `con_${id}`)).toEqual([made.id])
    const [moved] = await eventsOf(org, 'contact.events_moved')
    expect(`con_${moved?.contactId}`).toBe(made.id)
    expect(await contactsOf(org)).toHaveLength(1)
  })

  test('on a shared device the second person is another person, and each keeps what they did', async () => {
    const org = await h.organization()
    await send(org, [
      { type: 'identify', anonymousId: 'tablet', userId: 'ada', traits: { email: 'ada@example.com' } },
      { type: 'track', event: 'A', anonymousId: 'tablet' },
      { type: 'identify', anonymousId: 'tablet', userId: 'bob', traits: { email: 'bob@example.com' } },
      { type: 'track', event: 'B', anonymousId: 'tablet' },
      { type: 'track', event: 'A', userId: 'ada' },
    ])
    await h.drain()
    const [ada, bob] = await contactsOf(org)
    expect([ada?.email, bob?.email]).toEqual(['ada@example.com', 'bob@example.com'])
    expect(await people(org)).toEqual([ada?.id, bob?.id, ada?.id])
  })

  test('somebody known by id who brings the address of somebody else known by id takes nothing over', async () => {
    const org = await h.organization()
    await send(org, [
      { type: 'identify', userId: 'ada', traits: { email: 'ada@example.com' } },
      { type: 'identify', userId: 'bob', traits: { firstName: 'Bob' } },
      { type: 'identify', userId: 'bob', traits: { email: 'ada@example.com', city: 'Lyon' } },
    ])
    const found = await contactsOf(org)
    expect(found.map(({ email }) => email)).toEqual(['ada@example.com', null])
  })

  test('whoever says in a page that they are somebody known replaces no address of theirs', async () => {
    const org = await h.organization()
    const field = await org.owner.post('/api/contacts/fields', { key: 'plan', name: 'Plan', type: 'text' })
    expect(field.status).toBe(201)
    const told = { email: 'ada@example.com', phone: '+33612345678', firstName: 'Ada' }
    await send(org, [{ type: 'identify', userId: '1042', traits: { ...told, plan: 'pro' } }])
    const claimed = { email: 'me@evil.example', phone: '+33698765432', firstName: 'Eve', plan: 'none' }
    const traits = { ...claimed, city: 'Lyon' }
    await send(org, [{ type: 'identify', anonymousId: 'x', userId: '1042', traits }], false)
    await send(org, [{ type: 'identify', anonymousId: 'x', traits: { email: 'me@evil.example' } }], false)
    const [ada, ...others] = (await org.owner.get('/api/contacts?sort=createdAt')).body.items
    const { email, phone } = told
    expect(ada).toMatchObject({ email, phone, firstName: 'Eve', city: 'Lyon', attributes: { plan: 'none' } })
    expect(others.map(({ email }: { email: string }) => email)).toEqual(['me@evil.example'])

    await send(org, [{ type: 'identify', userId: '1042', traits: { email: 'ada@new.example', plan: 'max' } }])
    const [moved] = (await contactsOf(org)).filter(({ firstName }) => firstName === 'Eve')
    expect(moved).toMatchObject({ email: 'ada@new.example', attributes: { plan: 'max' } })
  })

  test('a page makes no two contacts one by an address; a server does', async () => {
    const org = await h.organization()
    await org.owner.post('/api/contacts', { email: 'ada@example.com' })
    const named = { type: 'identify', anonymousId: 'x', userId: 'u' }
    const addressed = [{ ...named, traits: { email: 'ada@example.com' } }]
    await send(org, [{ ...named, traits: { firstName: 'Eve' } }])
    await send(org, addressed, false)
    expect(await contactsOf(org)).toMatchObject([
      { email: 'ada@example.com', firstName: null },
      { email: null },
    ])
    await send(org, addressed)
    expect(await contactsOf(org)).toMatchObject([{ email: 'ada@example.com', firstName: 'Eve' }])
  })

  test('a visitor says in a page who they are, and adds to it: the last value stays, in one batch or in several', async () => {
    const looked = { type: 'track', event: 'Looked', anonymousId: 'a' }
    const said = { type: 'identify', anonymousId: 'a', userId: 'u' }
    const first = { ...said, traits: { firstName: 'Ada', plan: 'pro', seats: '3' } }
    const then = { ...said, traits: { email: 'ada@example.com', firstName: 'Eve', plan: 'max' } }
    for (const batches of [[[looked, first, then]], [[looked], [first], [then]]]) {
      const org = await h.organization()
      for (const key of ['plan', 'seats'])
        await org.owner.post('/api/contacts/fields', { key, name: key, type: 'text' })
      for (const batch of batches) await send(org, batch, false)
      const [ada, ...others] = await contactsOf(org)
      expect(ada).toMatchObject({ email: 'ada@example.com', firstName: 'Eve' })
      expect([ada?.attributes, others]).toEqual([{ plan: 'max', seats: '3' }, []])
      expect(await people(org)).toEqual([ada?.id])
    }
  })

  test('an alias of a server joins two known people; one that comes with a public key does not', async () => {
    const org = await h.organization()
    const known = [
      { type: 'identify', userId: 'old', traits: { email: 'old@example.com' } },
      { type: 'identify', userId: 'new', traits: { email: 'new@example.com' } },
      { type: 'track', event: 'Before', userId: 'old' },
    ]
    await send(org, known)
    await send(org, [{ type: 'alias', previousId: 'old', userId: 'new' }], false)
    expect(await contactsOf(org)).toHaveLength(2)
    await send(org, [{ type: 'alias', previousId: 'old', userId: 'new' }])
    await h.drain()
    const [kept, ...others] = await contactsOf(org)
    expect([kept?.email, others]).toEqual(['new@example.com', []])
    expect(await people(org)).toEqual([kept?.id])
    await send(org, [{ type: 'track', event: 'After', userId: 'old' }])
    expect(await people(org)).toEqual([kept?.id, kept?.id])
  })

  test('profiles that a member joins bring their ids and their history along', async () => {
    const org = await h.organization()
    await send(org, [
      { type: 'identify', userId: 'a', traits: { email: 'a@example.com' } },
      { type: 'identify', userId: 'b', anonymousId: 'device-b', traits: { email: 'b@example.com' } },
      { type: 'track', event: 'B', userId: 'b' },
    ])
    const [a, b] = await contactsOf(org)
    if (!a || !b) throw new Error('two people were identified')
    await mergeContacts(org.ctx, a.id, b.id)
    await h.drain()
    await send(org, [
      { type: 'track', event: 'B', userId: 'b' },
      { type: 'track', event: 'B', anonymousId: 'device-b' },
    ])
    expect(await people(org)).toEqual([a.id, a.id, a.id])
  })
})

describe('PC-45 erasing', () => {
  test('leaves nothing of a person in the log but what happened, and a late message brings nobody back', async () => {
    const org = await h.organization()
    await send(org, [
      {
        type: 'identify',
        userId: 'user-4711',
        anonymousId: 'device-4711',
        traits: { email: 'ada@example.com', name: 'Ada Lovelace', nick: 'countess' },
      },
      {
        type: 'track',
        event: 'Order Completed',
        userId: 'user-4711',
        properties: {
          revenue: 10,
          order_id: 'o-1',
          customerEmail: 'ada@example.com',
          note: 'for Ada Lovelace',
          product: 'Loom',
        },
        context: { page: { url: 'https://shop.example/?mail=ada@example.com' } },
      },
    ])
    await h.drain()
    const [ada] = await contactsOf(org)
    if (!ada) throw new Error('Ada was identified')
    await inTransaction(org.systemCtx, async (ctx) => {
      for (const room of rooms.toReversed())
        for (const step of Object.values(room.erase)) await step(ctx, ada.id)
    })
    const [bought] = await eventsOf(org)
    expect(bought).toMatchObject({
      contactId: ada.id,
      payload: { money: { amountMinor: 1000 }, orderId: 'o-1', properties: { revenue: 10, product: 'Loom' } },
    })
    const dump = await org.systemCtx.db.query<{ text: string }>(
      `select string_agg(e.payload::text, ' ') || coalesce((select string_agg(v::text, ' ') from visitor v where v.org_id = $1), '')
         || coalesce((select string_agg(x::text, ' ') from external_id x where x.org_id = $1), '') as text
       from event e where e.org_id = $1`,
      [org.orgId],
    )
    expect(dump[0]?.text).not.toMatch(/ada@|lovelace|countess|4711/i)
    await send(org, [
      { type: 'track', event: 'Late', userId: 'user-4711' },
      { type: 'page', anonymousId: 'device-4711' },
      { type: 'identify', userId: 'user-4711', traits: { email: 'ada@example.com' } },
    ])
    expect(await contactsOf(org)).toEqual([])
    expect(await eventsOf(org)).toHaveLength(1)
  })

  test('PC-23 being identified or joined never lifts a suppression', async () => {
    const org = await h.organization()
    const made = (await org.owner.post('/api/contacts', { email: 'ada@example.com' })).body
    await org.owner.post('/api/suppressions', { address: 'ada@example.com' })
    const before = (await org.owner.get('/api/suppressions')).body.items
    await send(org, [
      { type: 'identify', userId: 'x', traits: { firstName: 'Ada' } },
      { type: 'identify', userId: 'x', traits: { email: 'Ada@Example.com' } },
    ])
    await h.drain()
    expect((await contactsOf(org)).map(({ id }) => `con_${id}`)).toEqual([made.id])
    expect((await org.owner.get('/api/suppressions')).body.items).toEqual(before)
    expect(before).toHaveLength(1)
  })
})
