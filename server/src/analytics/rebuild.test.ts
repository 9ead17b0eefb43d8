import { beforeAll, expect, test } from 'vitest'
import { inTransaction } from '../platform/db/index.ts'
import { advanceConsumer, announce, type EventDefinition } from '../platform/events/index.ts'
import { fromWire, newId, toWire, type ContactId } from '../platform/ids.ts'
import { seededDice } from '../testing/dice.ts'
import { testContacts } from '../testing/audience.ts'
import { harness, type Harness } from '../testing/harness.ts'
import type { TestOrganization } from '../testing/organization.ts'
import {
  messageClicked,
  messageClicksReclassified,
  messageOpened,
  messageReplied,
  messageUnsubscribed,
  moveMessages,
  recordMessages,
  type LedgerRun,
} from '../tracking/index.ts'
import { creditConversions } from './conversions/consumer.ts'
import { countEngagement } from './counters.ts'
import { appendDeltas, campaignFigures, checkFigures, ledgerDeltas, rebuildAnalytics } from './index.ts'
import { rollOrganization } from './roller.ts'

const HOUR_MS = 3_600_000
const PEOPLE = 40
let h: Harness
let org: TestOrganization
beforeAll(async () => {
  h = await harness()
  org = await h.organization()
})

const variantOf = (contactId: ContactId): number => 1 + (Number(contactId) % 2)
const hit = (contactId: ContactId, machine: boolean) => ({
  variant: variantOf(contactId),
  machine,
  reasons: [],
  agent: 'firefox',
  addressPrefix: null,
})

async function tell<P>(
  run: LedgerRun,
  type: EventDefinition<P>,
  payload: P,
  contactId: ContactId,
  at: Date,
): Promise<void> {
  const { campaignId, runId, channel } = run
  await inTransaction(org.systemCtx, async (ctx) =>
    announce(ctx, type, payload, { contactId, campaignId, runId, channel, at }),
  )
}

/** A consumer is killed before its transaction commits: what it wrote is gone, and it reads again. */
async function kill(consumer: typeof countEngagement): Promise<void> {
  const killed = {
    ...consumer,
    handle: async (...args: Parameters<typeof countEngagement.handle>) => {
      await consumer.handle(...args)
      throw new Error('killed')
    },
  }
  await advanceConsumer(org.systemCtx, killed).catch(() => null)
}

/** An order or its refund, told late, told twice with the same number, or by whom nobody has written to. */
async function shop(seed: number, random: () => number): Promise<void> {
  const order = `order-${seed}-${Math.floor(random() * 30)}`
  const event = {
    event: random() < 0.85 ? 'Order Completed' : 'Order Refunded',
    email: `${random() < 0.9 ? 'p' : 'guest'}${seed}-${Math.floor(random() * PEOPLE)}@example.com`,
    timestamp: new Date(h.clock.now().getTime() - Math.floor(random() * 3) * HOUR_MS).toISOString(),
    properties: {
      total: 10 + Math.floor(random() * 5),
      currency: random() < 0.9 ? 'EUR' : 'USD',
      order_id: order,
    },
    messageId: `told-${seed}-${Math.floor(random() * 60)}`,
  }
  for (let again = 0; again < 2; again++)
    expect((await org.key.post('/api/events', event)).status).toBeLessThan(300)
}

/** A run whose messages are handed over twice, moved late and out of order, opened, followed, taken back. */
async function lived(seed: number): Promise<LedgerRun> {
  const random = seededDice(seed)
  const { body } = await org.editor.post('/api/campaigns', { name: `Lived ${seed}` })
  const run: LedgerRun = {
    campaignId: fromWire('campaign', body.id) as LedgerRun['campaignId'],
    runId: newId<'run'>(h.clock.now()),
    channel: 'email',
    month: '2026-11-01',
  }
  const ids = await testContacts(org.systemCtx, {
    emails: Array.from({ length: PEOPLE }, (_none, n) => `p${seed}-${n}@example.com`),
  })
  // A chunk that is claimed again records its messages once more.
  for (let again = 0; again < 2; again++)
    await inTransaction(org.systemCtx, async (ctx) => {
      const rows = ids.map((contactId) => ({
        contactId,
        state: 'sent' as const,
        reason: null,
        variant: variantOf(contactId),
      }))
      await appendDeltas(ctx, ledgerDeltas(run, await recordMessages(ctx, run, 1, rows), ctx.now()))
    })
  for (let step = 0; step < 100; step++) {
    h.clock.advance(60_000)
    const contactId = ids[Math.floor(random() * ids.length)] ?? ('1' as ContactId)
    // Words of providers and mail programs come late, and not in order.
    const at = new Date(h.clock.now().getTime() - Math.floor(random() * 3) * HOUR_MS)
    const dice = random()
    if (dice < 0.3) await tell(run, messageOpened, hit(contactId, random() < 0.3), contactId, at)
    else if (dice < 0.7)
      await tell(
        run,
        messageClicked,
        { ...hit(contactId, random() < 0.2), versionId: 'v', linkNo: Math.floor(random() * 3) },
        contactId,
        at,
      )
    else if (dice < 0.75) {
      await tell(run, messageClicked, { ...hit(contactId, false), versionId: 'v', linkNo: 1 }, contactId, at)
      await tell(
        run,
        messageClicksReclassified,
        { variant: variantOf(contactId), reason: 'many_links', clicks: [{ linkNo: 1, seq: '1' }] },
        contactId,
        h.clock.now(),
      )
    } else if (dice < 0.78) await tell(run, messageReplied, { variant: variantOf(contactId) }, contactId, at)
    else if (dice < 0.82)
      await tell(run, messageUnsubscribed, { variant: variantOf(contactId), by: 'page' }, contactId, at)
    else
      await moveMessages(org.systemCtx, [
        {
          runId: run.runId,
          contactId,
          channel: 'email',
          state: random() < 0.7 ? 'delivered' : 'bounced',
          reason: null,
          at,
        },
      ])
    if (random() < 0.5) await shop(seed, random)
    for (const consumer of [countEngagement, creditConversions]) {
      if (random() < 0.2) await kill(consumer)
      if (random() < 0.3) await advanceConsumer(org.systemCtx, consumer)
    }
    if (random() < 0.2) await rollOrganization(org.systemCtx)
  }
  return run
}

test('FR-006.1 FR-006.2 FR-006.5 after kills, duplicates and late events the counters are what log and ledger say, and figures counted anew from these are the same', async () => {
  const runs = [await lived(1), await lived(2)]
  // Also while events still wait to be counted.
  for (const { runId } of runs) expect(await checkFigures(org.systemCtx, runId)).toEqual([])
  await h.drain()
  for (const { runId } of runs) expect(await checkFigures(org.systemCtx, runId)).toEqual([])
  const figures = () => Promise.all(runs.map(({ campaignId }) => campaignFigures(org.ctx, campaignId)))
  const live = await figures()
  expect(live[0]?.clicked.people).toBeGreaterThan(5)
  expect(live[0]?.bounced).toBeGreaterThan(0)
  expect(live.reduce((sum, { replied }) => sum + replied.people, 0)).toBeGreaterThan(0)
  const revenueOf = ({ attributed }: (typeof live)[number]): number =>
    attributed.find(({ model }) => model === 'linear')?.revenueMinor ?? 0
  expect(Math.min(...live.map(({ converted }) => converted))).toBeGreaterThan(0)
  expect(live.reduce((sum, one) => sum + revenueOf(one), 0)).toBeGreaterThan(1_000)
  expect(await rebuildAnalytics(org.systemCtx)).toMatchObject({ different: [], conversions: 0 })
  // Half of the figures are lost, some are doubled.
  await rollOrganization(org.systemCtx)
  await org.systemCtx.db.query(
    `delete from metric where org_id = $1 and (name like 'c%' or name like 'replied%')`,
    [org.orgId],
  )
  await org.systemCtx.db.query(`update metric set n = n * 2 where org_id = $1 and name = 'opened'`, [
    org.orgId,
  ])
  expect((await rebuildAnalytics(org.systemCtx)).different.length).toBeGreaterThan(5)
  expect(await figures()).toEqual(live)
  expect(await rebuildAnalytics(org.systemCtx)).toMatchObject({ different: [], conversions: 0 })
  // All of them are lost.
  await rollOrganization(org.systemCtx)
  await org.systemCtx.db.query('delete from metric where org_id = $1', [org.orgId])
  await rebuildAnalytics(org.systemCtx)
  expect(await figures()).toEqual(live)
  expect(await rebuildAnalytics(org.systemCtx)).toMatchObject({ different: [], conversions: 0 })
})

test('CS-017.5 whoever was erased stays counted, also after the figures were counted anew', async () => {
  const run = await lived(4)
  await h.drain()
  const before = await campaignFigures(org.ctx, run.campaignId)
  const people = (await org.viewer.get('/api/contacts?q=p4-&limit=100')).body.items
  expect(people).toHaveLength(PEOPLE)
  for (const { id } of people.slice(0, 5)) await org.owner.post(`/api/contacts/${id}/erase`, {})
  await h.drain()
  await rebuildAnalytics(org.systemCtx)
  expect(await campaignFigures(org.ctx, run.campaignId)).toEqual(before)
})

/** What a comparison says of one campaign, as far as it is looked at here. */
interface Side {
  sent: number
  revenue: number
  rates: { delivery: { part: number }; click: { part: number } }
}

/** What the overview says of a period, and what its points add up to. */
async function overviewOf(from: string, to: string) {
  const { body } = await org.viewer.get(`/api/analytics/overview?from=${from}&to=${to}`)
  const summed = (name: string): number =>
    body.points.reduce((sum: number, point: Record<string, number>) => sum + (point[name] ?? 0), 0)
  expect(summed('sent')).toBe(body.sent.now)
  expect(summed('revenue')).toBeCloseTo(body.revenue.now, 6)
  return body
}

/** The same from the counters of the campaigns by the hour, each hour on its day in Paris. */
async function toldOf(from: string, to: string, now: string) {
  const [row] = await org.systemCtx.db.query<Record<string, number>>(
    `select coalesce(sum(n) filter (where split_part(name, '.', 1) in ('sent', 'delivered', 'bounced', 'unknown')), 0)::int as sent,
       coalesce(sum(n) filter (where name = 'clicked'), 0)::int as clicked,
       coalesce(sum(n) filter (where name = 'opened'), 0)::int as opened,
       coalesce(sum(n) filter (where name = 'converted'), 0)::int as converted,
       coalesce(sum(n) filter (where name = 'unsubscribed'), 0)::int as unsubscribed,
       coalesce(sum(n) filter (where name = 'revenue.last'), 0)::int as revenue
     from (select hour, name, n from metric where org_id = $1 union all select hour, name, n from metric_delta where org_id = $1) m
     where (hour at time zone 'Europe/Paris')::date between $2 and $3 and hour <= $4`,
    [org.orgId, from, to, now],
  )
  return row ?? {}
}

test('FR-006.5 CB-15.5 figures over all campaigns are the sums of the campaigns’ own, by days of the organization’s zone, while events come late and twice, and after they were counted anew', async () => {
  org = await h.organization({ timeZone: 'Europe/Paris' })
  await org.owner.put('/api/message-prices', { prices: [{ channel: 'email', price: 0.01 }] })
  // Late in the evening in Paris: what follows lies on both sides of midnight.
  h.clock.advance(20 * HOUR_MS - (h.clock.now().getTime() % (24 * HOUR_MS)) + 24 * HOUR_MS)
  const runs = [await lived(5), await lived(6), await lived(7)]
  for (let n = 0; n < 12; n++)
    await org.key.post('/api/events', {
      event: 'Order Completed',
      email: `p${5 + (n % 3)}-${n}@example.com`,
      properties: { total: 7.25, currency: 'EUR', order_id: `order-${n % 10}` },
    })
  const today = h.clock.now().toISOString().slice(0, 10)
  const dayBefore = (days: number): string =>
    new Date(h.clock.now().getTime() - days * 24 * HOUR_MS).toISOString().slice(0, 10)
  const agree = async (): Promise<void> => {
    for (const [from, to] of [
      [dayBefore(29), today],
      [today, today],
      [dayBefore(1), dayBefore(1)],
      [dayBefore(400), today],
    ] as const) {
      const shown = await overviewOf(from, to)
      const told = await toldOf(from, to, h.clock.now().toISOString())
      expect(shown.sent.now).toBe(told['sent'])
      expect(shown.rates.click.now.part).toBe(told['clicked'])
      expect(shown.rates.open.now.part).toBe(told['opened'])
      expect(shown.converted.now).toBe(told['converted'])
      expect(shown.unsubscribed.now).toBe(told['unsubscribed'])
      expect(shown.revenue.now).toBeCloseTo((told['revenue'] ?? 0) / 100, 6)
      expect(shown.cost.now).toBeCloseTo((told['sent'] ?? 0) / 100, 6)
    }
  }
  // While some of it still waits, as the roller goes along.
  await agree()
  await h.drain()
  await agree()
  const figures = await Promise.all(runs.map(({ campaignId }) => campaignFigures(org.ctx, campaignId)))
  const sumOf = (of: (one: (typeof figures)[number]) => number): number =>
    figures.reduce((sum, one) => sum + of(one), 0)
  const compared = async () => {
    const ids = runs.map(({ campaignId }) => toWire('campaign', campaignId)).join(',')
    const { body } = await org.viewer.get(`/api/campaigns/compare?ids=${ids}`)
    return body.items.map((side: Side) => [
      side.sent,
      side.rates.delivery.part,
      side.rates.click.part,
      Math.round(side.revenue * 100),
    ])
  }
  const live = await overviewOf(dayBefore(29), today)
  expect(live.sent.now).toBe(sumOf(({ handedOver }) => handedOver))
  expect(live.rates.click.now.part).toBe(sumOf(({ clicked }) => clicked.people))
  expect(live.converted.now).toBe(sumOf(({ converted }) => converted))
  expect(live.converted.now).toBeGreaterThan(0)
  expect(live.revenue.now).toBeGreaterThan(0)
  const sides = figures.map(({ handedOver, delivered, clicked, attributed }) => [
    handedOver,
    delivered,
    clicked.people,
    attributed.find(({ model }) => model === 'last')?.revenueMinor ?? 0,
  ])
  expect(await compared()).toEqual(sides)
  expect(await rebuildAnalytics(org.systemCtx)).toMatchObject({ different: [], sums: 0, conversions: 0 })
  // Sums are lost or doubled, and counters with them.
  await rollOrganization(org.systemCtx)
  const spoil = (text: string): Promise<unknown> => org.systemCtx.db.query(text, [org.orgId])
  await spoil(`update metric_of_hour set sent = sent * 2, clicked = 0 where org_id = $1`)
  await spoil(`delete from metric_of_campaign where org_id = $1 and name like 'c%'`)
  await spoil(`update figure_of_campaign set clicked = clicked + 7 where org_id = $1`)
  await spoil(`update metric set n = n * 2 where org_id = $1 and name = 'opened'`)
  expect((await overviewOf(dayBefore(29), today)).sent.now).not.toBe(live.sent.now)
  expect((await rebuildAnalytics(org.systemCtx)).sums).toBeGreaterThan(3)
  await agree()
  expect(await compared()).toEqual(sides)
  expect((await overviewOf(dayBefore(29), today)).sent.now).toBe(live.sent.now)
  expect(await rebuildAnalytics(org.systemCtx)).toMatchObject({ different: [], sums: 0, conversions: 0 })
})
