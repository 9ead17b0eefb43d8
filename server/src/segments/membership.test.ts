/** Live membership: whatever happens, followed segments hold who their rules say. */
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { inTransaction } from '../platform/db/index.ts'
import { advanceConsumer, announce, defineEvent } from '../platform/events/index.ts'
import { toWire, type ContactId, type SegmentId } from '../platform/ids.ts'
import { harness } from '../testing/harness.ts'
import type { TestOrganization } from '../testing/organization.ts'
import { createContact, updateContact } from '../contacts/index.ts'
import { recordConsents } from '../consent/index.ts'
import { z } from 'zod'
import {
  addMembers,
  createSegment,
  deleteSegment,
  registerMembershipListener,
  removeUserFromSegment,
  type Rule,
  updateSegment,
} from './index.ts'
import { takeTurn } from './queries/membership.ts'
import { countPeople } from './queries/people.ts'
import { checkAll } from './service/follow.ts'
import { keepMembership, scheduleWake } from './service/membership.ts'
import { readSaved } from './service/read.ts'

const h = await harness()
const HOUR_MS = 3_600_000
const tracked = (name: string) => defineEvent(`track:${name}`, z.record(z.string(), z.unknown()))

const dynamic = async (org: TestOrganization, name: string, rule: Rule): Promise<SegmentId> =>
  (await createSegment(org.ctx, { name, description: '', kind: 'dynamic', rule })).id

const person = async (org: TestOrganization, values: Record<string, unknown> = {}): Promise<ContactId> =>
  (await createContact(org.systemCtx, { firstName: 'Someone', ...values }, 'manual')).id

const does = (org: TestOrganization, contactId: ContactId, name: string, at?: Date): Promise<void> =>
  inTransaction(org.systemCtx, async (ctx) =>
    announce(ctx, tracked(name), { properties: { total: 20 } }, { contactId, ...(at ? { at } : {}) }),
  )

const members = async (org: TestOrganization, id: SegmentId): Promise<ContactId[]> =>
  (
    await org.systemCtx.db.query<{ contactId: ContactId }>(
      'select contact_id from segment_membership where org_id = $1 and segment_id = $2 order by contact_id',
      [org.orgId, id],
    )
  ).map(({ contactId }) => contactId)

/** The rule read for everybody at this moment. */
async function expected(org: TestOrganization, rule: Rule): Promise<ContactId[]> {
  const reading = await readSaved(org.systemCtx, rule)
  const { text, values } = reading.toSql({ alias: 'c', orgIdParam: '$1', firstParam: 2 })
  const rows = await org.systemCtx.db.query<{ id: ContactId }>(
    `select c.id from contact c where c.org_id = $1 and (${text}) order by c.id`,
    [org.orgId, ...values],
  )
  return rows.map(({ id }) => id)
}

const BOUGHT_LATELY: Rule = {
  kind: 'event',
  event: 'track:Order Completed',
  operator: 'did',
  window: { last: { count: 24, unit: 'hours' } },
}

test('CB-3.2 an event makes a member at once, and time alone unmakes it at the instant it flips', async () => {
  const org = await h.organization()
  const id = await dynamic(org, 'Bought lately', BOUGHT_LATELY)
  const buyer = await person(org)
  await person(org)
  await h.drain()
  expect(await members(org, id)).toEqual([])
  await does(org, buyer, 'Order Completed')
  await h.drain()
  expect(await members(org, id)).toEqual([buyer])
  h.clock.advance(24 * HOUR_MS)
  await h.drain()
  expect(await members(org, id)).toEqual([buyer])
  h.clock.advance(1)
  await h.drain()
  expect(await members(org, id)).toEqual([])
})

test('nothing is read of the log where no segment is followed', async () => {
  const org = await h.organization()
  const buyer = await person(org)
  await h.drain()
  const read = async (): Promise<string[]> => {
    const types: string[] = []
    const handle = async (_ctx: unknown, events: readonly { type: string }[]): Promise<void> =>
      void types.push(...events.map(({ type }) => type))
    await advanceConsumer(org.systemCtx, { ...keepMembership, handle })
    return types
  }
  await does(org, buyer, 'Product Viewed')
  expect(await read()).toEqual([])
  await dynamic(org, 'Bought lately', BOUGHT_LATELY)
  await h.drain()
  await does(org, buyer, 'Product Viewed')
  expect(await read()).toEqual(['track:Product Viewed'])
})

test('CB-3.2 whoever follows events may ask for the very job that waits for its turn', async () => {
  const org = await h.organization()
  const rule: Rule = { ...BOUGHT_LATELY, window: { last: { count: 1, unit: 'hours' } } }
  const id = await dynamic(org, 'Bought just now', rule)
  await does(org, await person(org), 'Order Completed')
  await h.drain()
  h.clock.advance(HOUR_MS + 1)
  const { drained } = await inTransaction(org.systemCtx, async (ctx) => {
    await takeTurn(ctx)
    const work = h.drain()
    await vi.waitFor(async () => expect(await waitingForTurn(org)).toBe(true), { timeout: 60_000 })
    await scheduleWake(ctx)
    return { drained: work }
  })
  await drained
  expect(await members(org, id)).toEqual([])
})

/** Does a transaction wait for another one's row, as those do that want its turn? */
async function waitingForTurn(org: TestOrganization): Promise<boolean> {
  const rows = await org.systemCtx.db.query(
    "select 1 from pg_locks where locktype = 'transactionid' and not granted",
  )
  return rows.length > 0
}

test('CB-3.2 an edit looks only at the segments whose fields it touches', async () => {
  const org = await h.organization()
  const french: Rule = { kind: 'contact', field: 'country', operator: 'one_of', value: ['FR'] }
  const named: Rule = { kind: 'contact', field: 'first_name', operator: 'equals', value: 'Ann' }
  const [inFrance, ann] = [await dynamic(org, 'French', french), await dynamic(org, 'Ann', named)]
  const one = await person(org, { firstName: 'Ann' })
  await h.drain()
  // Membership is spoilt by hand: only a look would mend it.
  await org.systemCtx.db.query('delete from segment_membership where org_id = $1', [org.orgId])
  await updateContact(org.systemCtx, one, { country: 'FR' }, 'api')
  await h.drain()
  expect(await members(org, inFrance)).toEqual([one])
  expect(await members(org, ann)).toEqual([])
})

test('CB-3.2 of a hundred followed segments an event mends those that look at it, and leaves the others', async () => {
  const org = await h.organization()
  const ids: SegmentId[] = []
  for (let n = 0; n < 100; n++)
    ids.push(
      await dynamic(org, `Did ${n}`, {
        kind: 'event',
        event: `track:Event ${n % 25}`,
        operator: n < 50 ? 'did' : 'did_not',
        window: { last: { count: 1 + n, unit: 'days' } },
      }),
    )
  const [one, other] = [await person(org), await person(org)]
  await h.drain()
  // Membership is spoilt by hand: only a look would mend it.
  await org.systemCtx.db.query('delete from segment_membership where org_id = $1', [org.orgId])
  await does(org, one, 'Event 7')
  await does(org, other, 'Event 8')
  await h.drain()
  const held = await Promise.all(ids.map((id) => members(org, id)))
  expect(held.map((people, n) => [n, people] as const).filter(([, people]) => people.length > 0)).toEqual([
    [7, [one]],
    [8, [other]],
    [32, [one]],
    [33, [other]],
  ])
})

test('CB-3.2 one more event leaves alone whom it cannot bring in or out', async () => {
  const org = await h.organization()
  const bought = (operator: 'did' | 'did_not', more: object = {}) =>
    ({ kind: 'event', event: 'track:Order Completed', operator, ...more }) as Rule
  const [often, never, elsewhere] = [
    await dynamic(org, 'Often', bought('did', { count: { at_least: 3 } })),
    await dynamic(org, 'Never', bought('did_not')),
    await dynamic(
      org,
      'Dear',
      bought('did', { filters: [{ property: 'total', type: 'number', operator: 'at_least', value: 50 }] }),
    ),
  ]
  const buyer = await person(org)
  await h.drain()
  // Membership is spoilt by hand: a look would mend it.
  await org.systemCtx.db.query('delete from segment_membership where org_id = $1', [org.orgId])
  for (const id of [often, elsewhere])
    await org.systemCtx.db.query(
      'insert into segment_membership (org_id, segment_id, contact_id, entered_at) values ($1, $2, $3, $4)',
      [org.orgId, id, buyer, h.clock.now()],
    )
  await does(org, buyer, 'Order Completed')
  await h.drain()
  expect(await Promise.all([often, never, elsewhere].map((id) => members(org, id)))).toEqual([
    [buyer],
    [],
    [buyer],
  ])
})

test('CB-3.2 of those who did more than is read of anybody, the database is asked', async () => {
  const org = await h.organization()
  const viewed = (count: object): Rule => ({
    kind: 'event',
    event: 'track:Viewed',
    operator: 'did',
    count: count as { at_least: number },
    window: { last: { count: 24, unit: 'hours' } },
  })
  const [most, few] = [
    await dynamic(org, 'Most', viewed({ at_least: 550 })),
    await dynamic(org, 'Few', viewed({ at_most: 549 })),
  ]
  const [busy, other] = [await person(org), await person(org)]
  await h.drain()
  await inTransaction(org.systemCtx, async (ctx) => {
    for (let n = 0; n < 550; n++) announce(ctx, tracked('Viewed'), { properties: {} }, { contactId: busy })
  })
  await does(org, other, 'Viewed')
  await h.drain()
  expect([await members(org, most), await members(org, few)]).toEqual([[busy], [other]])
  h.clock.advance(24 * HOUR_MS + 1)
  await h.drain()
  expect([await members(org, most), await members(org, few)]).toEqual([[], [busy, other]])
})

test('TK-18.4 the daily refresh proves that nothing drifted, and mends and reports what did', async () => {
  const org = await h.organization()
  const id = await dynamic(org, 'Bought lately', BOUGHT_LATELY)
  const [buyer, other] = [await person(org), await person(org)]
  await does(org, buyer, 'Order Completed')
  await h.drain()
  const check = async (): Promise<number | null | undefined> => {
    await inTransaction(org.systemCtx, (ctx) => checkAll(ctx))
    await h.drain()
    const [row] = await org.systemCtx.db.query<{ drift: number | null }>(
      'select drift from segment where org_id = $1 and id = $2',
      [org.orgId, id],
    )
    return row?.drift
  }
  expect(await check()).toBe(0)
  await org.systemCtx.db.query(
    'insert into segment_membership (org_id, segment_id, contact_id, entered_at) values ($1, $2, $3, $4)',
    [org.orgId, id, other, h.clock.now()],
  )
  expect(await check()).toBe(1)
  expect(await members(org, id)).toEqual([buyer])
  expect(await check()).toBe(0)
})

test('TK-18.4 events that are not read yet are no drift', async () => {
  const org = await h.organization()
  const id = await dynamic(org, 'Bought lately', BOUGHT_LATELY)
  const buyer = await person(org)
  await h.drain()
  await does(org, buyer, 'Order Completed')
  await inTransaction(org.systemCtx, (ctx) => checkAll(ctx))
  // Jobs run before the log is read: the walk meets a buyer whom no consumer has seen.
  await h.drain()
  h.clock.advance(1_000)
  await h.drain()
  const [row] = await org.systemCtx.db.query<{ drift: number }>(
    'select drift from segment where org_id = $1 and id = $2',
    [org.orgId, id],
  )
  expect([row?.drift, await members(org, id)]).toEqual([0, [buyer]])
})

test('CB-3.2 entering and leaving go to the log where somebody listens, and nowhere else', async () => {
  const org = await h.organization()
  const [heard, unheard] = [
    await dynamic(org, 'Heard', BOUGHT_LATELY),
    await dynamic(org, 'Unheard', BOUGHT_LATELY),
  ]
  const before = await person(org)
  await does(org, before, 'Order Completed')
  await h.drain()
  registerMembershipListener('test', (_, ids) => Promise.resolve(ids.filter((id) => id === heard)))
  const buyer = await person(org)
  await does(org, buyer, 'Order Completed')
  await h.drain()
  h.clock.advance(25 * HOUR_MS)
  await h.drain()
  const rows = await org.systemCtx.db.query<{ type: string; contactId: ContactId; payload: unknown }>(
    "select type, contact_id, payload from event where org_id = $1 and type like 'segment.%' order by seq",
    [org.orgId],
  )
  registerMembershipListener('test', () => Promise.resolve([]))
  expect(rows.filter(({ contactId }) => contactId === buyer)).toEqual([
    { type: 'segment.entered', contactId: buyer, payload: { segmentId: heard, because: 'change' } },
    { type: 'segment.left', contactId: buyer, payload: { segmentId: heard, because: 'clock' } },
  ])
  expect(rows.some(({ payload }) => JSON.stringify(payload).includes(unheard))).toBe(false)
})

test('CB-3.2 a new rule fills the segment and those that refer to it anew', async () => {
  const org = await h.organization()
  const french: Rule = { kind: 'contact', field: 'country', operator: 'one_of', value: ['FR'] }
  const base = await dynamic(org, 'Base', french)
  const above = await dynamic(org, 'Above', { not: { kind: 'segment', operator: 'in_any', value: [base] } })
  const [fr, be] = [await person(org, { country: 'FR' }), await person(org, { country: 'BE' })]
  await h.drain()
  expect([await members(org, base), await members(org, above)]).toEqual([[fr], [be]])
  await updateSegment(org.ctx, base, {
    rule: { kind: 'contact', field: 'country', operator: 'one_of', value: ['BE'] },
  })
  await h.drain()
  expect([await members(org, base), await members(org, above)]).toEqual([[be], [fr]])
  await deleteSegment(org.ctx, above)
  await h.drain()
  expect(await members(org, above)).toEqual([])
})

/** What may happen to one of a few people. */
type Step =
  | { kind: 'edit'; who: number; country: string; birthday: string | null }
  | { kind: 'event'; who: number; name: string; hoursAgo: number }
  | { kind: 'list'; who: number; isOn: boolean }
  | { kind: 'consent'; who: number; state: 'granted' | 'withdrawn' }
  | { kind: 'clock'; hours: number }

const who = fc.integer({ min: 0, max: 4 })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('edit' as const),
    who,
    country: fc.constantFrom('FR', 'BE'),
    birthday: fc.constantFrom(null, '1990-11-20', '1990-11-22', '1992-02-29', '1990-12-01'),
  }),
  fc.record({
    kind: fc.constant('event' as const),
    who,
    name: fc.constantFrom('Viewed', 'Order Completed'),
    hoursAgo: fc.integer({ min: 0, max: 80 }),
  }),
  fc.record({ kind: fc.constant('list' as const), who, isOn: fc.boolean() }),
  fc.record({
    kind: fc.constant('consent' as const),
    who,
    state: fc.constantFrom('granted' as const, 'withdrawn' as const),
  }),
  fc.record({ kind: fc.constant('clock' as const), hours: fc.constantFrom(1, 5, 24, 30, 24 * 20) }),
)

test('CB-3.2 after any edits, events and moves of the clock, membership is what the rules say', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14 }), async (steps) => {
      const org = await h.organization()
      const people: ContactId[] = []
      for (let n = 0; n < 5; n++) people.push(await person(org, { email: `p${n}@example.com` }))
      const list = await createSegment(org.ctx, { name: 'List', description: '', kind: 'static', rule: null })
      const rules: Rule[] = [
        BOUGHT_LATELY,
        {
          kind: 'event',
          event: 'track:Viewed',
          operator: 'did_not',
          window: { last: { count: 2, unit: 'days' } },
        },
        {
          kind: 'event',
          event: 'track:Viewed',
          operator: 'did',
          window: { betweenDaysAgo: { from: 3, to: 1 } },
        },
        {
          kind: 'event',
          event: 'track:Viewed',
          operator: 'last',
          window: { before: { count: 30, unit: 'hours' } },
        },
        {
          kind: 'sequence',
          operator: 'not_followed',
          first: { event: 'track:Viewed' },
          next: { event: 'track:Order Completed' },
          within: { count: 24, unit: 'hours' },
          window: { last: { count: 10, unit: 'days' } },
        },
        { kind: 'money', measure: 'sum', operator: 'at_least', value: 1 },
        {
          kind: 'event',
          event: 'track:Viewed',
          operator: 'did',
          count: { at_most: 1 },
          window: { last: { count: 3, unit: 'days' } },
        },
        {
          all: [
            {
              kind: 'event',
              event: 'track:Viewed',
              operator: 'first',
              window: { last: { count: 36, unit: 'hours' } },
            },
            { not: BOUGHT_LATELY },
          ],
        },
        { kind: 'contact', field: 'birthday', operator: 'anniversary_in_next_days', value: 7 },
        { kind: 'contact', field: 'age', operator: 'at_least', value: 36 },
        { kind: 'contact', field: 'created_at', operator: 'in_last_days', value: 1 },
        { kind: 'contact', field: 'birthday', operator: 'anniversary_this_month' },
        { kind: 'reachable', channel: 'email', operator: 'is' },
        {
          any: [
            { kind: 'segment', operator: 'in_any', value: [list.id] },
            {
              all: [
                { kind: 'contact', field: 'country', operator: 'one_of', value: ['FR'] },
                { not: BOUGHT_LATELY },
              ],
            },
          ],
        },
      ]
      const ids: SegmentId[] = []
      for (const [n, rule] of rules.entries()) ids.push(await dynamic(org, `Rule ${n}`, rule))
      await h.drain()
      for (const one of steps) {
        await take(org, one, people, list.id)
        await h.drain()
      }
      for (const [n, rule] of rules.entries())
        expect({ rule, members: await members(org, ids[n] as SegmentId) }).toEqual({
          rule,
          members: await expected(org, rule),
        })
    }),
    { numRuns: 8, seed: 20_261_128 },
  )
}, 600_000)

async function take(
  org: TestOrganization,
  one: Step,
  people: readonly ContactId[],
  listId: SegmentId,
): Promise<void> {
  if (one.kind === 'clock') {
    h.clock.advance(one.hours * HOUR_MS)
    return
  }
  const id = people[one.who] as ContactId
  switch (one.kind) {
    case 'edit':
      await updateContact(org.systemCtx, id, { country: one.country, birthday: one.birthday }, 'api')
      return
    case 'event':
      return does(org, id, one.name, new Date(h.clock.now().getTime() - one.hoursAgo * HOUR_MS))
    case 'list':
      if (one.isOn) await addMembers(org.ctx, listId, { contactIds: [id], addresses: [] })
      else await removeUserFromSegment(org.ctx, id, listId)
      return
    case 'consent':
      await recordConsents(org.systemCtx, { source: 'api' }, [
        {
          contactId: id,
          channel: 'email',
          purpose: 'marketing',
          state: one.state,
          occurredAt: h.clock.now(),
        },
      ])
  }
}

test('CB-3.2 the people of a segment that somebody else owns never come into it', async () => {
  const [one, other] = [await h.organization(), await h.organization()]
  const id = await dynamic(one, 'Everyone', { all: [] })
  await person(one)
  await person(other)
  await h.drain()
  const found = await members(one, id)
  expect(found).toHaveLength(1)
  expect(toWire('contact', found[0] as string)).toMatch(/^con_/)
  expect(
    await countPeople(
      one.systemCtx,
      ({ firstParam }) => ({ text: `$${firstParam}::boolean`, values: [true] }),
      5_000,
    ),
  ).toBe(1)
})
