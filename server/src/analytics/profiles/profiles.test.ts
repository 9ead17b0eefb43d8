import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createContact, mergeContacts } from '../../contacts/index.ts'
import { inTransaction, makePartitions } from '../../platform/db/index.ts'
import { assert } from '../../platform/errors.ts'
import { advanceConsumer, announce, defineEvent, moveEvents } from '../../platform/events/index.ts'
import { newId, type ContactId } from '../../platform/ids.ts'
import { createLog } from '../../platform/log.ts'
import { testContacts } from '../../testing/audience.ts'
import { harness, type Harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import {
  contactEventsMoved,
  messageClicked,
  messageClicksReclassified,
  messageOpened,
  messageReplied,
  moveMessages,
  recordMessages,
  type LedgerRun,
} from '../../tracking/index.ts'
import { followProfiles } from './consumer.ts'
import { expectedProfiles, standingProfiles } from '../../testing/profile-model.ts'
import { openFrame } from './frame.ts'
import { rebuildProfiles } from './rebuild.ts'
import { countReceived } from './received.ts'
import { refigureWhole } from './refigure.ts'
import { refreshJob } from './refresh.ts'

let h: Harness
beforeAll(async () => {
  h = await harness()
})

const tracked = (name: string) => defineEvent(`track:${name}`, z.record(z.string(), z.unknown()))
const page = defineEvent('page', z.record(z.string(), z.unknown()))

const DAY_MS = 86_400_000

/** An organization whose dictionary knows what an order is. */
async function shop(options: { currency?: string; timeZone?: string } = {}): Promise<TestOrganization> {
  const org = await h.organization(options)
  await org.systemCtx.db.query(
    `insert into event_definition (org_id, type, name, role, first_seen_at, last_seen_at, created_at, updated_at)
     select $1, 'track:' || d.name, d.name, d.role, $2, $2, $2, $2
     from (values ('Order Completed', 'purchase'), ('Order Refunded', 'refund'), ('Subscription Started', 'subscription_started'),
       ('Subscription Ended', 'subscription_ended'), ('Video Watched', null)) as d (name, role)`,
    [org.orgId, h.clock.now()],
  )
  return org
}

let made = 0
async function person(org: TestOrganization, more: { timeZone?: string } = {}): Promise<ContactId> {
  const contact = await createContact(org.ctx, { email: `p${++made}@example.com`, ...more }, 'api')
  return contact.id
}

interface Told {
  at?: Date
  payload?: Record<string, unknown>
}

const tell = (org: TestOrganization, name: string, contactId: ContactId, told: Told = {}): Promise<void> =>
  inTransaction(org.systemCtx, async (ctx) => {
    announce(ctx, tracked(name), told.payload ?? {}, { contactId, at: told.at ?? ctx.now() })
  })

/** A page seen by a browser that shows a zone, or none. */
const visit = (org: TestOrganization, contactId: ContactId, zone: string | null, at: Date): Promise<void> =>
  inTransaction(org.systemCtx, async (ctx) =>
    announce(ctx, page, zone === null ? {} : { context: { timezone: zone } }, { contactId, at }),
  )

const order = (amountMinor: number, orderId?: string, currency = 'EUR') => ({
  ...(orderId === undefined ? {} : { orderId }),
  money: { amountMinor, currency },
})

async function readAll(org: TestOrganization): Promise<void> {
  while (await advanceConsumer(org.systemCtx, followProfiles));
}

async function figures(org: TestOrganization, contactId: ContactId): Promise<Record<string, unknown>> {
  const [row] = await org.systemCtx.db.query<Record<string, unknown>>(
    'select * from contact_profile where org_id = $1 and contact_id = $2',
    [org.orgId, contactId],
  )
  return row ?? {}
}

async function engagement(org: TestOrganization, contactId: ContactId): Promise<Record<string, unknown>[]> {
  return org.systemCtx.db.query<Record<string, unknown>>(
    `select channel, coalesce(r.received, 0) as received, coalesce(e.opened, 0) as opened, coalesce(e.clicked, 0) as clicked,
       coalesce(e.converted, 0) as converted
     from (select * from contact_received where org_id = $1 and contact_id = $2) r
     full join (select * from contact_engagement where org_id = $1 and contact_id = $2) e using (channel)
     order by channel`,
    [org.orgId, contactId],
  )
}

const newRun = (channel = 'email'): LedgerRun => ({
  runId: newId<'run'>(h.clock.now()),
  campaignId: newId<'campaign'>(h.clock.now()),
  channel,
  month: '2026-11-01',
})

const hit = { variant: 0, machine: false, reasons: [], agent: 'firefox', addressPrefix: null }

const open = (
  org: TestOrganization,
  run: LedgerRun,
  contactId: ContactId,
  at: Date,
  machine = false,
): Promise<void> =>
  inTransaction(org.systemCtx, async (ctx) => {
    announce(ctx, messageOpened, { ...hit, machine }, { ...run, contactId, at })
  })

const click = (
  org: TestOrganization,
  run: LedgerRun,
  contactId: ContactId,
  at: Date,
  machine = false,
): Promise<void> =>
  inTransaction(org.systemCtx, async (ctx) => {
    announce(
      ctx,
      messageClicked,
      { ...hit, machine, versionId: newId(at), linkNo: 1 },
      { ...run, contactId, at },
    )
  })

const days = (n: number): Date => new Date(h.clock.now().getTime() - n * DAY_MS)

describe('orders', () => {
  test('CB-3.1 revenue is net of refunds, an order number counts once, other currencies stay apart', async () => {
    const org = await shop()
    const id = await person(org)
    await tell(org, 'Order Completed', id, { at: days(10), payload: order(5_000, 'A1') })
    await tell(org, 'Order Completed', id, { at: days(9), payload: order(5_000, 'A1') })
    await tell(org, 'Order Completed', id, { at: days(3), payload: order(2_001, 'A2') })
    await tell(org, 'Order Completed', id, { at: days(2), payload: order(900, 'A3', 'USD') })
    await tell(org, 'Order Refunded', id, { at: days(1), payload: order(1_500, 'A1') })
    await readAll(org)
    expect(await figures(org, id)).toMatchObject({
      orders: 3,
      refunds: 1,
      revenueMinor: '5501',
      refundedMinor: '1500',
      averageOrderMinor: '3501',
      lastOrderMinor: '2001',
      firstOrderAt: days(10),
      lastOrderAt: days(2),
      spendingLevel: 'low',
    })
    expect(
      await org.systemCtx.db.query(
        'select currency, orders, revenue_minor from contact_other_money where org_id = $1',
        [org.orgId],
      ),
    ).toEqual([{ currency: 'USD', orders: 1, revenueMinor: '900' }])
  })

  test('no more is given back for an order than it cost, and a cancellation without an amount gives it all back', async () => {
    const org = await shop()
    const [one, two] = [await person(org), await person(org)]
    for (const id of [one, two]) await tell(org, 'Order Completed', id, { payload: order(1_000, 'B1') })
    await tell(org, 'Order Refunded', one, { payload: order(800, 'B1') })
    await tell(org, 'Order Refunded', one, { payload: order(800, 'B1') })
    await tell(org, 'Order Refunded', two, { payload: { orderId: 'B1' } })
    await readAll(org)
    expect(await figures(org, one)).toMatchObject({ revenueMinor: '0', refundedMinor: '1000', refunds: 2 })
    expect(await figures(org, two)).toMatchObject({ revenueMinor: '0', refundedMinor: '1000', refunds: 1 })
  })

  test('a refund that comes before its order, and an order that comes late, end in the same figures', async () => {
    const org = await shop()
    const id = await person(org)
    await tell(org, 'Order Refunded', id, { payload: order(400, 'C1') })
    await readAll(org)
    expect(await figures(org, id)).toMatchObject({ orders: 0, revenueMinor: '-400', spendingLevel: null })
    await tell(org, 'Order Completed', id, { at: days(40), payload: order(300, 'C1') })
    await readAll(org)
    expect(await figures(org, id)).toMatchObject({ orders: 1, revenueMinor: '0', lastOrderAt: days(40) })
  })

  test('a type that becomes a purchase later counts from its first event on', async () => {
    const org = await shop()
    const id = await person(org)
    await tell(org, 'Video Watched', id, { payload: order(700) })
    await h.drain()
    expect(await figures(org, id)).toMatchObject({ orders: 0 })
    await org.systemCtx.db.query(
      `update event_definition set role = 'purchase' where org_id = $1 and type = 'track:Video Watched'`,
      [org.orgId],
    )
    h.clock.advance(61_000)
    await h.drain()
    expect(await figures(org, id)).toMatchObject({ orders: 1, revenueMinor: '700' })
  })
})

describe('engagement', () => {
  test('FR-006.2 counts messages that people opened and followed, never programs, and takes back what was one', async () => {
    const org = await shop()
    const id = await person(org)
    const [one, two] = [newRun(), newRun()]
    await inTransaction(org.systemCtx, async (ctx) => {
      for (const run of [one, two])
        await recordMessages(ctx, run, 1, [{ contactId: id, state: 'sent', reason: null }])
    })
    await open(org, one, id, days(2))
    await open(org, one, id, days(1))
    await open(org, two, id, days(1), true)
    await click(org, one, id, days(1))
    await click(org, two, id, days(1))
    await tell(org, 'Order Completed', id, { payload: order(100) })
    await countReceived.handle(h.platform.systemCtx(org.orgId))
    await readAll(org)
    expect(await engagement(org, id)).toEqual([
      { channel: 'email', received: 2, opened: 1, clicked: 2, converted: 1 },
    ])
    const clicks = await org.systemCtx.db.query<{ seq: string }>(
      `select seq from event where org_id = $1 and type = 'message.clicked'`,
      [org.orgId],
    )
    await inTransaction(org.systemCtx, async (ctx) => {
      announce(
        ctx,
        messageClicksReclassified,
        { variant: 0, reason: 'many_links', clicks: clicks.map(({ seq }) => ({ linkNo: 1, seq })) },
        { ...two, contactId: id },
      )
    })
    await readAll(org)
    expect(await engagement(org, id)).toEqual([
      { channel: 'email', received: 2, opened: 1, clicked: 0, converted: 0 },
    ])
  })

  test('a message that comes back is not received, whether its hand-over was counted before or not', async () => {
    const org = await shop()
    const id = await person(org)
    const [early, late] = [newRun(), newRun()]
    const bounce = (run: LedgerRun): Promise<unknown> =>
      moveMessages(org.systemCtx, [
        {
          runId: run.runId,
          contactId: id,
          channel: 'email',
          state: 'bounced',
          reason: 'hard',
          at: h.clock.now(),
        },
      ])
    const handOver = (run: LedgerRun): Promise<void> =>
      inTransaction(org.systemCtx, async (ctx) => {
        await recordMessages(ctx, run, 1, [{ contactId: id, state: 'sent', reason: null }])
      })
    await handOver(early)
    await bounce(early)
    await readAll(org)
    await countReceived.handle(h.platform.systemCtx(org.orgId))
    await handOver(late)
    await countReceived.handle(h.platform.systemCtx(org.orgId))
    await bounce(late)
    await handOver(newRun())
    await readAll(org)
    await countReceived.handle(h.platform.systemCtx(org.orgId))
    expect(await engagement(org, id)).toMatchObject([{ received: 1 }])
    expect((await rebuildProfiles(org.systemCtx)).differences).toEqual([])
  })

  test('a message to somebody who lives on in another profile comes back there', async () => {
    const org = await shop()
    const [kept, merged] = [await person(org), await person(org)]
    const run = newRun()
    await mergeContacts(org.ctx, kept, merged)
    await inTransaction(org.systemCtx, (ctx) =>
      recordMessages(ctx, run, 1, [{ contactId: merged, state: 'sent', reason: null }]),
    )
    await readAll(org)
    await countReceived.handle(h.platform.systemCtx(org.orgId))
    expect(await standingProfiles(org.systemCtx)).toEqual([{ contactId: kept, 'email.received': '1' }])
    await moveMessages(org.systemCtx, [
      {
        runId: run.runId,
        contactId: merged,
        channel: 'email',
        state: 'bounced',
        reason: 'hard',
        at: h.clock.now(),
      },
    ])
    await readAll(org)
    expect(await standingProfiles(org.systemCtx)).toEqual([])
  })

  test('messages count for people close together and far apart, for whom two became, and for nobody else', async () => {
    const [org, other] = [await shop(), await shop()]
    const people = (of: TestOrganization, count: number): Promise<ContactId[]> =>
      testContacts(of.systemCtx, {
        emails: Array.from({ length: count }, () => `c${++made}@example.com`),
      })
    const [kept, merged, ...close] = await people(org, 12)
    const foreign = await people(other, 300)
    const far = await people(org, 1)
    assert(kept && merged, 'people were made')
    await mergeContacts(org.ctx, kept, merged)
    await h.drain()
    const reach = async (ids: readonly (ContactId | undefined)[]): Promise<void> => {
      await inTransaction(org.systemCtx, (ctx) =>
        recordMessages(
          ctx,
          newRun(),
          1,
          ids.flatMap((contactId) => (contactId ? { contactId, state: 'sent' as const, reason: null } : [])),
        ),
      )
      await countReceived.handle(h.platform.systemCtx(org.orgId))
    }
    await reach([kept, merged, ...close, foreign[0]])
    await reach([merged, ...close])
    await reach([close[0], merged, ...far, foreign[1]])
    await reach([close[0], ...far])
    const counts = await org.systemCtx.db.query<{ contactId: ContactId; received: number }>(
      'select contact_id, received from contact_received where org_id = $1 order by contact_id',
      [org.orgId],
    )
    expect(counts.map(({ contactId, received }) => [contactId, received])).toEqual([
      [kept, 4],
      ...close.map((id, n) => [id, n === 0 ? 4 : 2]),
      ...far.map((id) => [id, 2]),
    ])
  })

  test('PC-45 a person who is erased leaves the counts of their neighbours as they were, and the last one nothing', async () => {
    const org = await shop()
    const [one, two, three] = [await person(org), await person(org), await person(org)]
    await inTransaction(org.systemCtx, (ctx) =>
      recordMessages(
        ctx,
        newRun(),
        1,
        [one, two, three].map((contactId) => ({ contactId, state: 'sent', reason: null })),
      ),
    )
    await countReceived.handle(h.platform.systemCtx(org.orgId))
    const erase = async (id: ContactId): Promise<void> => {
      await org.owner.post(`/api/contacts/con_${id}/erase`, {})
      await h.drain()
    }
    await erase(two)
    expect(await standingProfiles(org.systemCtx)).toEqual([
      { contactId: one, 'email.received': '1' },
      { contactId: three, 'email.received': '1' },
    ])
    await erase(one)
    await erase(three)
    expect(
      await org.systemCtx.db.query('select block from received_block where org_id = $1', [org.orgId]),
    ).toEqual([])
  })

  test('after two profiles are made one, its engagement is that of both', async () => {
    const org = await shop()
    const [kept, merged] = [await person(org), await person(org)]
    for (const [id, opens] of [
      [kept, 1],
      [merged, 2],
    ] as const)
      for (let n = 0; n < opens; n++) {
        const run = newRun()
        await inTransaction(org.systemCtx, (ctx) =>
          recordMessages(ctx, run, 1, [{ contactId: id, state: 'sent', reason: null }]),
        )
        await open(org, run, id, new Date('2026-11-19T14:30:00Z'))
      }
    await h.drain()
    await countReceived.handle(h.platform.systemCtx(org.orgId))
    const scoreOf = async (id: ContactId): Promise<number> =>
      (await figures(org, id))['engagementScore'] as number
    const before = await scoreOf(merged)
    expect(await engagement(org, merged)).toMatchObject([{ received: 2, opened: 2 }])
    await mergeContacts(org.ctx, kept, merged)
    await h.drain()
    expect(await engagement(org, kept)).toMatchObject([{ received: 3, opened: 3 }])
    expect(await engagement(org, merged)).toEqual([])
    expect(await scoreOf(kept)).toBeGreaterThan(before)
    expect((await rebuildProfiles(org.systemCtx)).differences).toEqual([])
  })

  test('the hours of reading are those of the reader’s own day, also after they moved', async () => {
    const org = await shop({ timeZone: 'Europe/Paris' })
    const id = await person(org, { timeZone: 'America/New_York' })
    await open(org, newRun(), id, new Date('2026-11-19T14:30:00Z'))
    await readAll(org)
    const hoursOf = async (): Promise<number[]> => {
      const hours = (await figures(org, id))['bestHours'] as number[]
      return hours.flatMap((n, hour) => (n > 0 ? [hour] : []))
    }
    expect(await hoursOf()).toEqual([9])
    await org.owner.patch(`/api/contacts/con_${id}`, { timeZone: 'Asia/Tokyo' })
    await readAll(org)
    expect(await hoursOf()).toEqual([23])
  })

  test('hours are counted by the zone that was stated, else last visited from, else of the country, else the organization’s', async () => {
    const org = await shop({ timeZone: 'Europe/Paris' })
    const id = await person(org)
    await open(org, newRun(), id, new Date('2026-11-19T14:30:00Z'))
    const shown = async () => {
      await readAll(org)
      const { body } = await org.viewer.get(`/api/contacts/con_${id}/profile`)
      const hours = body.bestHours as number[]
      return [hours.flatMap((n, hour) => (n > 0 ? [hour] : [])), body.timeZone, body.timeZoneFrom]
    }
    expect(await shown()).toEqual([[15], 'Europe/Paris', 'organization'])
    await org.owner.patch(`/api/contacts/con_${id}`, { phone: '+81312345678' })
    expect(await shown()).toEqual([[23], 'Asia/Tokyo', 'phone'])
    await org.owner.patch(`/api/contacts/con_${id}`, { country: 'US' })
    expect(await shown(), 'a country of several clocks says nothing').toEqual([
      [15],
      'Europe/Paris',
      'organization',
    ])
    await org.owner.patch(`/api/contacts/con_${id}`, { country: 'IN' })
    expect(await shown()).toEqual([[20], 'Asia/Calcutta', 'country'])
    await visit(org, id, 'America/Toronto', days(2))
    expect(await shown()).toEqual([[9], 'America/Toronto', 'events'])
    await visit(org, id, 'Australia/Perth', days(3))
    await visit(org, id, 'Mars/Olympus', days(1))
    expect(await shown(), 'a visit told of late is not the last').toEqual([[9], 'America/Toronto', 'events'])
    await visit(org, id, 'Australia/Perth', days(1.5))
    expect(await shown(), 'a later one that names no zone hides none').toEqual([
      [22],
      'Australia/Perth',
      'events',
    ])
    await org.owner.patch(`/api/contacts/con_${id}`, { timeZone: 'Asia/Tokyo' })
    expect(await shown()).toEqual([[23], 'Asia/Tokyo', 'own'])
    expect((await rebuildProfiles(org.systemCtx)).differences).toEqual([])
  })

  test('the zone that a visitor’s browser showed is that of the person they turn out to be', async () => {
    const org = await shop({ timeZone: 'Europe/Paris' })
    const id = await person(org)
    await open(org, newRun(), id, new Date('2026-11-19T14:30:00Z'))
    const visitor = String(9_000_000 + made) as ContactId
    await visit(org, visitor, 'America/Toronto', days(1))
    await readAll(org)
    await inTransaction(org.systemCtx, async (ctx) => {
      await moveEvents(ctx, visitor, id, 1_000)
      announce(ctx, contactEventsMoved, { fromId: visitor, toId: id })
    })
    await readAll(org)
    expect((await org.viewer.get(`/api/contacts/con_${id}/profile`)).body).toMatchObject({
      timeZone: 'America/Toronto',
      timeZoneFrom: 'events',
    })
  })

  test('the score halves in thirty days without anybody doing anything, and is refreshed by the day', async () => {
    const org = await shop()
    const id = await person(org)
    for (let i = 0; i < 20; i++)
      await inTransaction(org.systemCtx, async (ctx) => announce(ctx, page, {}, { contactId: id }))
    await h.drain()
    expect(await figures(org, id)).toMatchObject({ engagementScore: 50 })
    const then = h.clock.now()
    h.clock.advance(30 * DAY_MS)
    await h.drain()
    // Ten points of twenty are left: 100 × 10 ÷ (10 + 20).
    expect(await figures(org, id)).toMatchObject({ engagementScore: 33 })
    expect((await rebuildProfiles(org.systemCtx)).differences).toEqual([])
    h.clock.set(then)
  })
})

describe('who', () => {
  test('a visitor has no profile until they are somebody, who then has the visitor’s history', async () => {
    const org = await shop()
    const id = await person(org)
    const visitor = String(9_000_000 + made) as ContactId
    await tell(org, 'Order Completed', visitor, { at: days(5), payload: order(1_234, 'V1') })
    await readAll(org)
    expect(await figures(org, visitor)).toEqual({})
    await inTransaction(org.systemCtx, async (ctx) => {
      await moveEvents(ctx, visitor, id, 1_000)
      announce(ctx, contactEventsMoved, { fromId: visitor, toId: id })
    })
    await readAll(org)
    expect(await figures(org, id)).toMatchObject({
      orders: 1,
      revenueMinor: '1234',
      firstActivityAt: days(5),
    })
  })

  test('PC-45 erasing leaves nothing derived, and what is read later brings nothing back', async () => {
    const org = await shop()
    const id = await person(org)
    await tell(org, 'Order Completed', id, { payload: order(500) })
    await tell(org, 'Order Completed', id, { payload: order(500, undefined, 'USD') })
    await open(org, newRun(), id, days(1))
    await readAll(org)
    await tell(org, 'Order Completed', id, { payload: order(600) })
    await org.owner.delete(`/api/contacts/con_${id}`)
    await readAll(org)
    expect(await standingProfiles(org.systemCtx)).toEqual([])
    expect(await rebuildProfiles(org.systemCtx)).toMatchObject({ different: 0 })
    expect(await standingProfiles(org.systemCtx)).toEqual([])
  })

  test('the events of another organization change nothing', async () => {
    const [org, other] = [await shop(), await shop()]
    const id = await person(org)
    await tell(other, 'Order Completed', id, { payload: order(500) })
    await readAll(other)
    await readAll(org)
    expect(await standingProfiles(org.systemCtx)).toEqual([])
    expect(await standingProfiles(other.systemCtx)).toEqual([])
  })
})

describe('recency, frequency, money', () => {
  test('scores count the fifths that lie below, and equal values share them', async () => {
    const org = await shop()
    const people: ContactId[] = []
    for (let n = 1; n <= 11; n++) {
      const id = await person(org)
      people.push(id)
      for (let i = 0; i < (n > 6 ? 3 : 1); i++)
        await tell(org, 'Order Completed', id, { at: days(12 - n), payload: order(n * 100) })
    }
    await readAll(org)
    await refreshJob.handle(org.systemCtx, {}, { stopping: false } as never)
    const rows = await Promise.all(people.map((id) => figures(org, id)))
    const below = (values: number[], value: number): number =>
      1 + Math.floor((5 * values.filter((other) => other < value).length) / values.length)
    const recency = people.map((_, n) => n)
    const frequency = people.map((_, n) => (n >= 6 ? 3 : 1))
    const money = people.map((_, n) => (n + 1) * 100 * (n >= 6 ? 3 : 1))
    expect(rows.map((row) => [row['rfmRecency'], row['rfmFrequency'], row['rfmMonetary']])).toEqual(
      people.map((_, n) => [
        below(recency, recency[n] ?? 0),
        below(frequency, frequency[n] ?? 0),
        below(money, money[n] ?? 0),
      ]),
    )
    expect(rows.at(-1)).toMatchObject({ rfmClass: 'champions' })
    expect(rows[0]).toMatchObject({ rfmClass: 'lost' })
  })
})

/** Steps of a random history. Times lie up to 400 days back, so that most events come late. */
const who = fc.integer({ min: 0, max: 3 })
const daysBack = fc.integer({ min: 0, max: 400 })
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('order'),
      who,
      daysBack,
      amount: fc.integer({ min: 0, max: 60_000 }),
      orderNo: fc.integer({ min: 0, max: 5 }),
      currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'USD', 'JPY'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('refund'),
      who,
      daysBack,
      amount: fc.option(fc.integer({ min: 0, max: 60_000 })),
      orderNo: fc.integer({ min: 0, max: 5 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('track'), who, daysBack }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('visit'),
      who,
      daysBack,
      zone: fc.constantFrom(null, 'America/Toronto', 'Australia/Perth', 'Mars/Olympus'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('subscribe'),
      who,
      daysBack,
      ends: fc.boolean(),
      tier: fc.constantFrom('gold', 'silver'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('send'), who, run: fc.integer({ min: 0, max: 3 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('bounce'), who, run: fc.integer({ min: 0, max: 3 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('open'),
      who,
      daysBack,
      run: fc.integer({ min: 0, max: 3 }),
      machine: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('click'),
      who,
      daysBack,
      run: fc.integer({ min: 0, max: 3 }),
      machine: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('reply'),
      who,
      daysBack,
      run: fc.integer({ min: 0, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reclassify'), who }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('identify'), who, visitor: fc.integer({ min: 0, max: 1 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('browse'),
      visitor: fc.integer({ min: 0, max: 1 }),
      daysBack,
      amount: fc.integer({ min: 0, max: 9_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('merge'), who, into: who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('erase'), who }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('move zone'),
      who,
      zone: fc.constantFrom('Asia/Tokyo', 'America/New_York', 'Pacific/Kiritimati'),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('read') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('count') }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

test('the figures of many who are new are made in passes over their events, not once a person and event', async () => {
  // As every installation has them: a statement reads all months.
  await makePartitions(h.connection, h.clock.now(), createLog('warn'))
  const org = await shop()
  const people = await testContacts(org.systemCtx, {
    emails: Array.from({ length: 500 }, () => `n${++made}@example.com`),
  })
  await inTransaction(org.systemCtx, async (ctx) => {
    for (const contactId of people)
      for (let n = 0; n < 5; n++)
        announce(ctx, tracked('Order Completed'), { orderId: `${contactId}-${n}` }, { contactId })
  })
  const rowsRead = await inTransaction(org.systemCtx, async (ctx) => {
    const frame = await openFrame(ctx)
    await refigureWhole(ctx, frame, { contactIds: people, until: '1000000' })
    const [row] = await ctx.db.query<{ rows: number }>(
      `select sum(seq_tup_read + idx_tup_fetch)::int as rows from pg_stat_xact_user_tables where relname ~ '^event_(2|default)'`,
    )
    return row?.rows ?? Infinity
  })
  expect(rowsRead).toBeGreaterThan(0)
  expect(rowsRead).toBeLessThan(10 * 5 * people.length)
  const [first] = people
  assert(first, 'people were made')
  expect(await figures(org, first)).toMatchObject({ orders: 5 })
})

describe('whatever happens in whatever order', () => {
  test('CS-011.4 what was kept current equals what log and ledger say, and a rebuild finds no difference', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const org = await shop()
        const world = await newWorld(org)
        for (const one of steps) await take(org, world, one)
        await readAll(org)
        await countReceived.handle(h.platform.systemCtx(org.orgId))
        expect(await standingProfiles(org.systemCtx)).toEqual(await expectedProfiles(org.systemCtx))
        expect((await rebuildProfiles(org.systemCtx)).differences).toEqual([])
      }),
      { numRuns: 25 },
    )
  })
})

interface World {
  people: ContactId[]
  visitors: ContactId[]
  runs: LedgerRun[]
}

async function newWorld(org: TestOrganization): Promise<World> {
  const people = [
    await person(org),
    await person(org),
    await person(org),
    await person(org, { timeZone: 'Asia/Kolkata' }),
  ]
  made += 2
  return {
    people,
    visitors: [String(8_000_000 + made) as ContactId, String(8_000_001 + made) as ContactId],
    runs: [newRun(), newRun(), newRun(), newRun('sms')],
  }
}

async function take(org: TestOrganization, world: World, step: Step): Promise<void> {
  const at = 'daysBack' in step ? days(step.daysBack) : h.clock.now()
  const contactId = ('who' in step ? world.people[step.who] : world.people[0]) ?? ('1' as ContactId)
  const run = ('run' in step ? world.runs[step.run] : world.runs[0]) ?? newRun()
  const visitor = ('visitor' in step ? world.visitors[step.visitor] : world.visitors[0]) ?? ('1' as ContactId)
  switch (step.do) {
    case 'order':
      return tell(org, 'Order Completed', contactId, {
        at,
        payload:
          'currency' in step
            ? order(Number(step.amount), step.orderNo === 0 ? undefined : `N${step.orderNo}`, step.currency)
            : {},
      })
    case 'refund':
      return tell(org, 'Order Refunded', contactId, {
        at,
        payload:
          'orderNo' in step
            ? {
                orderId: `N${step.orderNo}`,
                ...('amount' in step && step.amount !== null
                  ? { money: { amountMinor: step.amount, currency: 'EUR' } }
                  : {}),
              }
            : {},
      })
    case 'track':
      return tell(org, 'Video Watched', contactId, { at })
    case 'visit':
      return visit(org, contactId, step.zone, at)
    case 'subscribe':
      return 'tier' in step
        ? tell(org, step.ends ? 'Subscription Ended' : 'Subscription Started', contactId, {
            at,
            payload: { properties: { tier: step.tier } },
          })
        : undefined
    case 'send':
      return inTransaction(org.systemCtx, async (ctx) => {
        await recordMessages(ctx, run, 1, [{ contactId, state: 'sent', reason: null }])
      })
    case 'bounce':
      await moveMessages(org.systemCtx, [
        { runId: run.runId, contactId, channel: run.channel, state: 'bounced', reason: 'hard', at },
      ])
      return undefined
    case 'open':
      return open(org, run, contactId, at, 'machine' in step && step.machine)
    case 'click':
      return click(org, run, contactId, at, 'machine' in step && step.machine)
    case 'reply':
      return inTransaction(org.systemCtx, async (ctx) =>
        announce(ctx, messageReplied, { variant: 0 }, { ...run, contactId, at }),
      )
    case 'reclassify':
      return reclassify(org, contactId)
    case 'browse':
      return tell(org, 'Order Completed', visitor, {
        at,
        payload: 'amount' in step ? order(Number(step.amount)) : {},
      })
    case 'identify':
      return rename(org, visitor, contactId)
    case 'merge': {
      const into = ('into' in step ? world.people[step.into] : undefined) ?? contactId
      if (into === contactId || !(await exists(org, into)) || !(await exists(org, contactId)))
        return undefined
      await mergeContacts(org.ctx, into, contactId)
      if (contactId.endsWith('1')) await readAll(org)
      return rename(org, contactId, into)
    }
    case 'erase':
      await org.owner.delete(`/api/contacts/con_${contactId}`)
      return undefined
    case 'move zone':
      await org.owner.patch(`/api/contacts/con_${contactId}`, { timeZone: 'zone' in step ? step.zone : null })
      return undefined
    case 'read':
      return readAll(org)
    case 'count':
      return countReceived.handle(h.platform.systemCtx(org.orgId))
    default:
      throw new Error(`no such step: ${JSON.stringify(step)}`)
  }
}

const rename = (org: TestOrganization, fromId: ContactId, toId: ContactId): Promise<void> =>
  inTransaction(org.systemCtx, async (ctx) => {
    await moveEvents(ctx, fromId, toId, 10_000)
    announce(ctx, contactEventsMoved, { fromId, toId })
  })

async function reclassify(org: TestOrganization, contactId: ContactId): Promise<void> {
  const clicks = await org.systemCtx.db.query<{ seq: string }>(
    `select seq from event where org_id = $1 and contact_id = $2 and type = 'message.clicked' and payload ->> 'machine' = 'false' order by seq limit 2`,
    [org.orgId, contactId],
  )
  await inTransaction(org.systemCtx, async (ctx) => {
    announce(
      ctx,
      messageClicksReclassified,
      { variant: 0, reason: 'many_links', clicks: clicks.map(({ seq }) => ({ linkNo: 1, seq })) },
      { contactId },
    )
  })
}

async function exists(org: TestOrganization, id: ContactId): Promise<boolean> {
  return (
    (await org.systemCtx.db.query('select 1 from contact where org_id = $1 and id = $2', [org.orgId, id]))
      .length > 0
  )
}
