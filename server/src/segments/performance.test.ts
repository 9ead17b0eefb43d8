/** What segments bring, how they compare, and why somebody is in one. */
import { expect, test } from 'vitest'
import { recordConsents } from '../consent/index.ts'
import { createContact } from '../contacts/index.ts'
import { inTransaction } from '../platform/db/index.ts'
import { announce, defineEvent } from '../platform/events/index.ts'
import { type ContactId, type SegmentId, toWire } from '../platform/ids.ts'
import { harness } from '../testing/harness.ts'
import type { TestOrganization } from '../testing/organization.ts'
import { z } from 'zod'
import { refreshDaily } from './jobs.ts'
import { addMembers, createSegment, type Rule } from './index.ts'
import { refuseCostly } from './service/cost.ts'

const h = await harness()
type DayRow = { day: string; people: number; revenueMinor: number }
const ordered = defineEvent('track:Order Completed', z.record(z.string(), z.unknown()))

const person = async (org: TestOrganization, country: string): Promise<ContactId> =>
  (await createContact(org.systemCtx, { firstName: 'Someone', country }, 'manual')).id
const dynamic = async (org: TestOrganization, name: string, rule: Rule): Promise<SegmentId> =>
  (await createSegment(org.ctx, { name, description: '', kind: 'dynamic', rule })).id
const inCountry = (...value: string[]): Rule => ({
  kind: 'contact',
  field: 'country',
  operator: 'one_of',
  value,
})

/** Derived figures are written straight into their table: what is tested is how they are summed. */
async function spent(
  org: TestOrganization,
  id: ContactId,
  orders: number,
  revenueMinor: number,
): Promise<void> {
  await org.systemCtx.db.query(
    `insert into contact_profile (org_id, contact_id, orders, revenue_minor, engagement_score, figured_on, updated_at)
     values ($1, $2, $3, $4, 50, '2026-11-20', $5)
     on conflict (org_id, contact_id) do update set orders = excluded.orders, revenue_minor = excluded.revenue_minor, engagement_score = 50`,
    [org.orgId, id, orders, revenueMinor, h.clock.now()],
  )
  await org.systemCtx.db.query(
    `insert into contact_engagement (org_id, contact_id, channel, opened, clicked, converted, updated_at)
     select $1, $2, ch, 2, 1, 1, $3 from unnest('{email,sms}'::text[]) as ch
     on conflict (org_id, contact_id, channel) do update set opened = 2, clicked = 1, converted = 1`,
    [org.orgId, id, h.clock.now()],
  )
  await org.systemCtx.db.query(
    `insert into received_block as b (org_id, block, channel, contact_ids, received, last_received_at, updated_at)
     select $1, received_block_of($2), ch, array[$2::bigint], array[4], array[$3::timestamptz], $3 from unnest('{email,sms}'::text[]) as ch
     on conflict (org_id, block, channel) do update set contact_ids = b.contact_ids || excluded.contact_ids,
       received = b.received || excluded.received, last_received_at = b.last_received_at || excluded.last_received_at
     where b.contact_ids[1] <> $2`,
    [org.orgId, id, h.clock.now()],
  )
}

test('CB-3.5 TK-4.4 TK-10.7 TK-18.3 DS-SegmentationService.getSegmentPerformance a segment shows what its people did and brought, now and day by day', async () => {
  const org = await h.organization()
  const [one, two, away] = [await person(org, 'FR'), await person(org, 'FR'), await person(org, 'US')]
  const id = await dynamic(org, 'French', inCountry('FR'))
  await h.drain()
  await spent(org, one, 3, 9_000)
  await spent(org, away, 7, 70_000)
  const asked = () => org.viewer.get(`/api/segments/${toWire('segment', id)}/performance?days=30`)
  const { body: first } = await asked()
  const french = {
    people: 2,
    buyers: 1,
    orders: 3,
    revenueMinor: 9_000,
    engagementCenti: 2_500,
    received: 8,
    opened: 4,
    clicked: 2,
    converted: 2,
  }
  expect(first.now).toEqual(french)
  await refreshDaily.handle(org.systemCtx)
  await h.drain()
  await spent(org, two, 1, 1_000)
  h.clock.advance(24 * 3_600_000)
  await refreshDaily.handle(org.systemCtx)
  await h.drain()
  const { days } = (await asked()).body
  expect(days.map((each: DayRow) => [each.day, each.people, each.revenueMinor])).toEqual([
    ['2026-11-20', 2, 9_000],
    ['2026-11-21', 2, 10_000],
  ])
})

test('TK-4.4 DS-SegmentationService.compareSegments segments are compared, and everyone they share is counted once', async () => {
  const org = await h.organization()
  const [fr, be] = [await person(org, 'FR'), await person(org, 'BE')]
  await person(org, 'US')
  const list = await createSegment(org.ctx, { name: 'List', description: '', kind: 'static', rule: null })
  await addMembers(org.ctx, list.id, { contactIds: [fr], addresses: [] })
  const both = await dynamic(org, 'Both', inCountry('FR', 'BE'))
  const [first, second] = [toWire('segment', both), toWire('segment', list.id)]
  const answer = await org.viewer.post('/api/segments/compare', { segmentIds: [first, second] })
  expect(answer.status).toBe(200)
  const { segments, overlaps } = answer.body as {
    segments: { id: string; figures: { people: number } }[]
    overlaps: { segmentIds: string[]; people: number }[]
  }
  expect(segments.map(({ id, figures }) => [id, figures.people])).toEqual([
    [first, 2],
    [second, 1],
  ])
  expect(overlaps.toSorted((a, b) => a.segmentIds.length - b.segmentIds.length)).toEqual([
    { segmentIds: [first], people: 1 },
    { segmentIds: [first, second], people: 1 },
  ])
  expect(be).toBeDefined()
})

test('CB-3.3 why a person is in or out is answered condition by condition', async () => {
  const org = await h.organization()
  const id = await person(org, 'FR')
  await inTransaction(org.systemCtx, async (ctx) =>
    announce(ctx, ordered, { properties: {} }, { contactId: id }),
  )
  await recordConsents(org.systemCtx, { source: 'api' }, [
    { contactId: id, channel: 'sms', purpose: 'marketing', state: 'withdrawn', occurredAt: h.clock.now() },
  ])
  const segment = await dynamic(org, 'Buyers', {
    all: [
      { kind: 'event', event: 'track:Order Completed', operator: 'did', count: { at_least: 2 } },
      {
        any: [
          inCountry('FR'),
          { not: { kind: 'consent', channel: 'sms', operator: 'one_of', value: ['granted'] } },
        ],
      },
    ],
  })
  const answer = await org.viewer.get(
    `/api/segments/${toWire('segment', segment)}/why/${toWire('contact', id)}`,
  )
  expect(answer.body).toMatchObject({
    isIn: false,
    explanation: {
      kind: 'group',
      mode: 'all',
      holds: false,
      parts: [
        { kind: 'condition', holds: false, found: expect.stringMatching(/^1 |^1 times|1 fois/) },
        {
          kind: 'group',
          mode: 'any',
          holds: true,
          parts: [
            { kind: 'condition', holds: true, found: 'France' },
            { kind: 'group', mode: 'not', holds: true, parts: [{ kind: 'condition', holds: false }] },
          ],
        },
      ],
    },
  })
  const unknown = await org.viewer.get(`/api/segments/${toWire('segment', segment)}/why/con_999999`)
  expect(unknown.status).toBe(404)
})

test('CB-3.2 the segments that a person is in are found by person', async () => {
  const org = await h.organization()
  const id = await person(org, 'FR')
  await dynamic(org, 'French', inCountry('FR'))
  await dynamic(org, 'Belgian', inCountry('BE'))
  const list = await createSegment(org.ctx, { name: 'List', description: '', kind: 'static', rule: null })
  await addMembers(org.ctx, list.id, { contactIds: [id], addresses: [] })
  await h.drain()
  const answer = await org.viewer.get(`/api/segments/of/${toWire('contact', id)}`)
  expect((answer.body as { segments: { name: string }[] }).segments.map(({ name }) => name)).toEqual([
    'French',
    'List',
  ])
})

test('CB-3.4 a rule that would compare everybody with everybody is refused with advice', async () => {
  const org = await h.organization()
  const endless = {
    toSql: () => ({
      text: '(select count(*) from generate_series(1, 1000000) a join generate_series(1, 1000000) b on a + b > c.id) > 0',
      values: [],
    }),
  }
  await expect(refuseCostly(org.ctx, endless)).rejects.toMatchObject({ code: 'segments.too_costly' })
  await expect(
    refuseCostly(org.ctx, { toSql: () => ({ text: 'c.country is not null', values: [] }) }),
  ).resolves.toBeUndefined()
})
