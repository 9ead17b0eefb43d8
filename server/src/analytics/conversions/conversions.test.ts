import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { inTransaction } from '../../platform/db/index.ts'
import { advanceConsumer, announce } from '../../platform/events/index.ts'
import { fromWire, newId, type CampaignId, type ContactId, type RunId } from '../../platform/ids.ts'
import { harness, type Harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import {
  messageClicked,
  messageClicksReclassified,
  messageOpened,
  messageReplied,
} from '../../tracking/index.ts'
import { campaignFigures, peopleOf, rebuildConversions, setConversionRule, USUAL_RULE } from '../index.ts'
import { creditConversions } from './consumer.ts'
import { creditTouches, matchOf, type Conversion, type MessageTouch } from './rules.ts'

const DAY_MS = 86_400_000
let h: Harness
beforeAll(async () => {
  h = await harness()
})

interface Sent {
  campaignId: CampaignId
  runId: RunId
}
const sent = (): Sent => ({
  campaignId: newId<'campaign'>(h.clock.now()),
  runId: newId<'run'>(h.clock.now()),
})

/** A person follows a link of a campaign's mail, `daysAgo` days before now. @returns the click's place in the log */
async function click(
  org: TestOrganization,
  { campaignId, runId }: Sent,
  contactId: ContactId,
  daysAgo: number,
  machine = false,
): Promise<string> {
  const at = new Date(h.clock.now().getTime() - daysAgo * DAY_MS)
  await inTransaction(org.systemCtx, async (ctx) =>
    announce(
      ctx,
      messageClicked,
      { variant: 1, machine, reasons: [], agent: 'firefox', addressPrefix: null, versionId: 'v', linkNo: 1 },
      { contactId, campaignId, runId, channel: 'email', at },
    ),
  )
  const [row] = await org.systemCtx.db.query<{ seq: string }>(
    'select max(seq) as seq from event where org_id = $1',
    [org.orgId],
  )
  return row?.seq ?? ''
}

const person = async (org: TestOrganization, email: string): Promise<ContactId> =>
  fromWire('contact', (await org.owner.post('/api/contacts', { email })).body.id as string) as ContactId

const buy = (
  org: TestOrganization,
  email: string,
  properties: Record<string, unknown>,
  event = 'Order Completed',
  daysAgo = 0,
): Promise<{ status: number }> =>
  org.key.post('/api/events', {
    event,
    email,
    properties,
    timestamp: new Date(h.clock.now().getTime() - daysAgo * DAY_MS).toISOString(),
  })

const attributed = async (org: TestOrganization, campaignId: CampaignId) => {
  const { attributed, converted } = await campaignFigures(org.systemCtx, campaignId)
  return {
    converted,
    conversions: Object.fromEntries(attributed.map(({ model, conversions }) => [model, conversions])),
    revenue: Object.fromEntries(attributed.map(({ model, revenueMinor }) => [model, revenueMinor])),
  }
}

describe('conversions', () => {
  test('CS-013.3 CS-013.4 CS-013.7 CB-10.2 an order is credited to the campaigns whose links were followed within their windows, by every model, to the cent', async () => {
    const org = await h.organization()
    const [spring, summer, old] = [sent(), sent(), sent()]
    const ada = await person(org, 'ada@example.com')
    await click(org, old, ada, 8)
    await click(org, spring, ada, 5)
    await click(org, summer, ada, 1)
    await click(org, summer, ada, 1, true)
    await buy(org, 'ada@example.com', { total: 100.01, currency: 'EUR', order_id: 'o1' })
    await h.drain()
    const [first, second] = [
      await attributed(org, spring.campaignId),
      await attributed(org, summer.campaignId),
    ]
    expect(first).toMatchObject({
      converted: 1,
      conversions: { first: 1, last: 0, linear: 0.5, position: 0.5 },
      revenue: { first: 10_001, last: 0, linear: 5_001 },
    })
    expect(second).toMatchObject({
      converted: 1,
      conversions: { first: 0, last: 1 },
      revenue: { last: 10_001, linear: 5_000 },
    })
    for (const model of ['first', 'last', 'linear', 'position', 'timeDecay'])
      expect((first.revenue[model] ?? 0) + (second.revenue[model] ?? 0)).toBe(10_001)
    expect(second.revenue['timeDecay']).toBeGreaterThan(first.revenue['timeDecay'] ?? 0)
    expect(await attributed(org, old.campaignId)).toMatchObject({ converted: 0, revenue: { first: 0 } })
    expect(
      (await peopleOf(org.systemCtx, spring.campaignId, { of: 'converted', limit: 10 })).items.map(
        ({ email }) => email,
      ),
    ).toEqual(['ada@example.com'])
  })

  test('CS-013.2 a campaign’s own window and what counts for it decide, also for what has happened already', async () => {
    const org = await h.organization()
    const campaign = sent()
    const ada = await person(org, 'ada@example.com')
    await click(org, campaign, ada, 20)
    await buy(org, 'ada@example.com', { total: 10, currency: 'EUR' })
    await buy(org, 'ada@example.com', { plan: 'Gold' }, 'Signed Up')
    await h.drain()
    expect(await attributed(org, campaign.campaignId)).toMatchObject({ converted: 0 })
    await setConversionRule(org.systemCtx, campaign.campaignId, {
      windowDays: 30,
      touches: ['clicked'],
      matches: [
        {
          kind: 'event',
          type: 'track:Signed Up',
          filters: [{ property: 'plan', operator: 'equals', value: 'gold' }],
          valueMinor: 2_500,
        },
      ],
    })
    await h.drain()
    expect(await attributed(org, campaign.campaignId)).toMatchObject({
      converted: 1,
      conversions: { last: 1 },
      revenue: { last: 2_500 },
    })
  })

  test('only what counts in the organization is read of what comes from outside, and all of it once a campaign says so', async () => {
    const org = await h.organization()
    const campaign = sent()
    const read = async (): Promise<string[]> => {
      const types: string[] = []
      const handle = async (_ctx: unknown, events: readonly { type: string }[]): Promise<void> =>
        void types.push(...events.map(({ type }) => type))
      while (await advanceConsumer(org.systemCtx, { ...creditConversions, handle }));
      return types
    }
    const ada = await person(org, 'ada@example.com')
    const happen = async (): Promise<void> => {
      await buy(org, 'ada@example.com', {}, 'Product Viewed')
      await click(org, campaign, ada, 1)
      await buy(org, 'ada@example.com', { total: 10, currency: 'EUR' })
    }
    await happen()
    expect(await read()).toEqual(['message.clicked', 'track:Order Completed'])
    await setConversionRule(org.systemCtx, campaign.campaignId, {
      ...USUAL_RULE,
      matches: [{ kind: 'event', type: 'track:Product Viewed', filters: [], valueMinor: 100 }],
    })
    await happen()
    expect(await read()).toEqual(['track:Product Viewed', 'message.clicked', 'track:Order Completed'])
  })

  test('a refund takes back what the order brought, wherever it stands in the log, and no more', async () => {
    const org = await h.organization()
    const campaign = sent()
    const ada = await person(org, 'ada@example.com')
    await click(org, campaign, ada, 1)
    await buy(org, 'ada@example.com', { total: 30, currency: 'EUR', order_id: 'a' }, 'Order Refunded')
    await buy(org, 'ada@example.com', { total: 100, currency: 'EUR', order_id: 'a' })
    await h.drain()
    expect(await attributed(org, campaign.campaignId)).toMatchObject({
      converted: 1,
      revenue: { last: 7_000 },
    })
    await buy(org, 'ada@example.com', { order_id: 'a' }, 'Order Cancelled')
    await h.drain()
    expect(await attributed(org, campaign.campaignId)).toMatchObject({ converted: 1, revenue: { last: 0 } })
  })

  test('money of another currency is never added to the organization’s', async () => {
    const org = await h.organization()
    const campaign = sent()
    const ada = await person(org, 'ada@example.com')
    await click(org, campaign, ada, 1)
    await buy(org, 'ada@example.com', { total: 100, currency: 'USD' })
    await h.drain()
    expect(await attributed(org, campaign.campaignId)).toMatchObject({ converted: 1, revenue: { last: 0 } })
  })

  test('CB-10.2 a click that turns out to be a program’s loses its credit; a visitor’s order counts once they are known', async () => {
    const org = await h.organization()
    const campaign = sent()
    const ada = await person(org, 'ada@example.com')
    const seq = await click(org, campaign, ada, 0)
    await org.key.post('/api/events', {
      event: 'Order Completed',
      anonymousId: 'visitor-1',
      properties: { total: 50, currency: 'EUR' },
    })
    await h.drain()
    expect(await attributed(org, campaign.campaignId)).toMatchObject({ converted: 0 })
    await org.key.post('/api/events', { event: 'Seen', anonymousId: 'visitor-1', email: 'ada@example.com' })
    await h.drain()
    expect(await attributed(org, campaign.campaignId)).toMatchObject({
      converted: 1,
      revenue: { last: 5_000 },
    })
    await inTransaction(org.systemCtx, async (ctx) =>
      announce(
        ctx,
        messageClicksReclassified,
        { variant: 1, reason: 'many_links', clicks: [{ linkNo: 1, seq }] },
        { contactId: ada, ...campaign, channel: 'email' },
      ),
    )
    await h.drain()
    expect(await attributed(org, campaign.campaignId)).toMatchObject({ converted: 0, revenue: { last: 0 } })
  })

  test('whatever the order of arrival, figures are those of a reckoning from the log; erasing a person changes none', async () => {
    const step = fc.oneof(
      fc.record({
        what: fc.constant('click' as const),
        who: fc.nat(1),
        campaign: fc.nat(1),
        days: fc.nat(9),
      }),
      fc.record({
        what: fc.constant('buy' as const),
        who: fc.nat(1),
        order: fc.nat(3),
        days: fc.nat(9),
        cents: fc.nat(9_999),
      }),
      fc.record({
        what: fc.constant('refund' as const),
        who: fc.nat(1),
        order: fc.nat(3),
        cents: fc.nat(9_999),
      }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
        const org = await h.organization()
        const campaigns = [sent(), sent()]
        const emails = ['ada@example.com', 'bob@example.com']
        const people = [await person(org, 'ada@example.com'), await person(org, 'bob@example.com')]
        for (const one of steps) {
          const [who, email] = [people[one.who], emails[one.who] ?? '']
          if (one.what === 'click')
            await click(org, campaigns[one.campaign] ?? sent(), who as ContactId, one.days)
          else
            await buy(
              org,
              email,
              { total: one.cents / 100, currency: 'EUR', order_id: `${one.who}-${one.order}` },
              one.what === 'buy' ? 'Order Completed' : 'Order Refunded',
              one.what === 'buy' ? one.days : 0,
            )
          await h.drain()
        }
        const figures = async () =>
          Promise.all(campaigns.map(({ campaignId }) => attributed(org, campaignId)))
        const live = await figures()
        expect(await rebuildConversions(org.systemCtx)).toBe(0)
        // From nothing, too.
        await inTransaction(org.systemCtx, async (ctx) => {
          await ctx.db.query('delete from conversion_credit where org_id = $1', [org.orgId])
          await ctx.db.query('delete from conversion where org_id = $1', [org.orgId])
          await ctx.db.query(`delete from metric_delta where org_id = $1`, [org.orgId])
          await ctx.db.query(`delete from metric where org_id = $1`, [org.orgId])
          await ctx.db.query(`update engagement set converted = 0 where org_id = $1`, [org.orgId])
        })
        await rebuildConversions(org.systemCtx)
        expect(await figures()).toEqual(live)
        expect((await org.owner.post(`/api/contacts/con_${people[0]}/erase`, {})).status).toBeLessThan(300)
        await h.drain()
        expect(await figures()).toEqual(live)
        expect(await rebuildConversions(org.systemCtx)).toBe(0)
        const named = await org.systemCtx.db.query(
          'select seq from conversion where org_id = $1 and contact_id = $2',
          [org.orgId, people[0]],
        )
        expect(named).toEqual([])
      }),
      { numRuns: 6 },
    )
  })
})

describe('what people do with a message', () => {
  test('CB-10.1 a click counts once a message, for its own campaign alone, and not when a program made it', async () => {
    const org = await h.organization()
    const [spring, summer] = [sent(), sent()]
    await inTransaction(org.systemCtx, (ctx) =>
      setConversionRule(ctx, spring.campaignId, {
        ...USUAL_RULE,
        matches: [{ kind: 'click', filters: [], valueMinor: 250 }],
      }),
    )
    const [ada, bob, eve] = [
      await person(org, 'ada@example.com'),
      await person(org, 'bob@example.com'),
      await person(org, 'eve@example.com'),
    ]
    await click(org, summer, ada, 3)
    await click(org, spring, ada, 2)
    await click(org, spring, ada, 1)
    await click(org, spring, bob, 1, true)
    const seq = await click(org, spring, eve, 1)
    await h.drain()
    const whole = { first: 2, last: 2, linear: 2, position: 2, timeDecay: 2 }
    expect(await attributed(org, spring.campaignId)).toMatchObject({
      converted: 2,
      conversions: whole,
      revenue: { first: 500, last: 500, linear: 500 },
    })
    expect((await attributed(org, summer.campaignId)).converted).toBe(0)
    // What turns out to have been a program's is taken back.
    await inTransaction(org.systemCtx, async (ctx) =>
      announce(
        ctx,
        messageClicksReclassified,
        { variant: 1, reason: 'many_links', clicks: [{ seq, linkNo: 1 }] },
        { contactId: eve, campaignId: spring.campaignId, runId: spring.runId, channel: 'email' },
      ),
    )
    await h.drain()
    expect(await attributed(org, spring.campaignId)).toMatchObject({ converted: 1, revenue: { last: 250 } })
    expect(await rebuildConversions(org.systemCtx)).toBe(0)
  })

  test('CB-10.1 the first of open and click is the engagement, in whatever order they become known', async () => {
    const org = await h.organization()
    const spring = sent()
    await inTransaction(org.systemCtx, (ctx) =>
      setConversionRule(ctx, spring.campaignId, {
        ...USUAL_RULE,
        matches: [{ kind: 'engagement', filters: [], valueMinor: null }],
      }),
    )
    const ada = await person(org, 'ada@example.com')
    await click(org, spring, ada, 1)
    await h.drain()
    await inTransaction(org.systemCtx, async (ctx) =>
      announce(
        ctx,
        messageOpened,
        { variant: 1, machine: false, reasons: [], agent: 'firefox', addressPrefix: null },
        {
          contactId: ada,
          campaignId: spring.campaignId,
          runId: spring.runId,
          channel: 'email',
          at: new Date(h.clock.now().getTime() - 2 * DAY_MS),
        },
      ),
    )
    await h.drain()
    expect(await attributed(org, spring.campaignId)).toMatchObject({ converted: 1, conversions: { last: 1 } })
    const touches = await org.systemCtx.db.query<{ touch: string }>(
      'select touch from conversion_credit where org_id = $1',
      [org.orgId],
    )
    expect(touches).toEqual([{ touch: 'opened' }])
    expect(await rebuildConversions(org.systemCtx)).toBe(0)
  })
})

test('CB-10.1 a reply is an engagement where no click or open came before it, and leads to no order', async () => {
  const org = await h.organization()
  const spring = sent()
  await inTransaction(org.systemCtx, (ctx) =>
    setConversionRule(ctx, spring.campaignId, {
      ...USUAL_RULE,
      matches: [
        { kind: 'engagement', filters: [], valueMinor: 40 },
        { kind: 'purchase', filters: [], valueMinor: null },
      ],
    }),
  )
  const [ada, bob] = [await person(org, 'ada@example.com'), await person(org, 'bob@example.com')]
  for (const [contactId, daysAgo] of [
    [ada, 3],
    [ada, 2],
    [bob, 1],
  ] as const)
    await inTransaction(org.systemCtx, async (ctx) =>
      announce(
        ctx,
        messageReplied,
        { variant: 1 },
        { ...spring, contactId, channel: 'sms', at: new Date(h.clock.now().getTime() - daysAgo * DAY_MS) },
      ),
    )
  await buy(org, 'ada@example.com', { total: 100, currency: 'EUR', order_id: 'o1' })
  await h.drain()
  expect(await attributed(org, spring.campaignId)).toMatchObject({
    converted: 2,
    conversions: { last: 2, linear: 2 },
    revenue: { last: 80 },
  })
  expect(await rebuildConversions(org.systemCtx)).toBe(0)
})

describe('what counts', () => {
  const event = (over: Partial<Conversion> = {}): Conversion => ({
    seq: '1',
    contactId: '1' as ContactId,
    at: new Date('2026-11-20T12:00:00Z'),
    type: 'track:Order Completed',
    role: 'purchase',
    properties: { total: 12, category: 'Shoes' },
    valueMinor: 1_200,
    currency: 'EUR',
    refundedMinor: 0,
    message: null,
    ...over,
  })

  test.each([
    ['equals', 'shoes', true],
    ['not_equals', 'shoes', false],
    ['contains', 'HOE', true],
    ['exists', '', true],
  ] as const)('CB-10.3 a text property %s %s', (operator, value, isMet) => {
    const rule = {
      ...USUAL_RULE,
      matches: [
        { kind: 'purchase' as const, filters: [{ property: 'category', operator, value }], valueMinor: null },
      ],
    }
    expect(matchOf(rule, event())).toBe(isMet ? 0 : -1)
  })

  test.each([
    ['at_least', 12, true],
    ['at_least', 12.01, false],
    ['at_most', 12, true],
    ['at_most', 'x', false],
  ] as const)('CB-10.3 a number property %s %s', (operator, value, isMet) => {
    const rule = {
      ...USUAL_RULE,
      matches: [
        { kind: 'purchase' as const, filters: [{ property: 'total', operator, value }], valueMinor: null },
      ],
    }
    expect(matchOf(rule, event())).toBe(isMet ? 0 : -1)
  })

  test('the shares of any touches add up to one conversion and its value', () => {
    const touch = fc.record({
      hours: fc.integer({ min: -10, max: 24 * 40 }),
      run: fc.nat(5),
      clicked: fc.boolean(),
      link: fc.nat(3),
    })
    fc.assert(
      fc.property(fc.array(touch, { maxLength: 30 }), fc.nat(1_000_000), (given, valueMinor) => {
        const conversion = event({ valueMinor })
        const touches = given.map(({ hours, run, clicked, link }): MessageTouch => ({
          kind: clicked ? 'clicked' : 'opened',
          at: new Date(conversion.at.getTime() - hours * 3_600_000),
          campaignId: `c${run}` as CampaignId,
          runId: `r${run}` as RunId,
          channel: 'email',
          variant: 0,
          linkNo: clicked ? link : null,
        }))
        const credits = creditTouches(conversion, touches, () => USUAL_RULE)
        const counting = touches.filter(({ kind, at }) => {
          const age = conversion.at.getTime() - at.getTime()
          return kind === 'clicked' && age >= 0 && age <= 7 * DAY_MS
        })
        expect(credits.length).toBe(new Set(counting.map(({ runId }) => runId)).size)
        for (const { runId, linkNo } of credits) {
          const own = counting.filter((one) => one.runId === runId)
          const latest = Math.max(...own.map(({ at }) => at.getTime()))
          expect(own.filter(({ at }) => at.getTime() === latest).map((one) => one.linkNo)).toContain(linkNo)
        }
        if (credits.length === 0) return
        for (let place = 0; place < 5; place++) {
          expect(credits.reduce((sum, credit) => sum + (credit.parts[place] ?? 0), 0)).toBe(1_000_000)
          expect(credits.reduce((sum, credit) => sum + (credit.amountsMinor[place] ?? 0), 0)).toBe(valueMinor)
        }
      }),
    )
  })
})
