import { beforeAll, describe, expect, test } from 'vitest'
import { addDeltas, appendDeltas } from '../analytics/index.ts'
import { inTransaction } from '../platform/db/index.ts'
import { announce } from '../platform/events/index.ts'
import { fromWire, newId, type CampaignId, type ContactId, type RunId } from '../platform/ids.ts'
import { harness, type Harness } from '../testing/harness.ts'
import type { TestOrganization } from '../testing/organization.ts'
import { freezeLinks, linkSigner, messageClicked, recordMessages } from '../tracking/index.ts'
import type { MoneyBy, Roi } from './schema.ts'

const HOUR_MS = 3_600_000
let h: Harness
beforeAll(async () => {
  h = await harness()
})

interface Launched {
  /** Wire id. */
  id: string
  campaignId: CampaignId
  runId: RunId
}

/** A campaign that was launched and of which so much was counted. */
async function launched(
  org: TestOrganization,
  name: string,
  counts: Record<string, number>,
  channel = 'email',
  plan: Record<string, unknown> = {},
): Promise<Launched> {
  const { id } = (await org.editor.post('/api/campaigns', { name, ...plan })).body
  const campaignId = fromWire('campaign', id) as CampaignId
  const runId = newId<'run'>(h.clock.now())
  await inTransaction(org.systemCtx, async (ctx) => {
    await ctx.db.query('update campaign set launched_at = $3 where org_id = $1 and id = $2', [
      org.orgId,
      campaignId,
      ctx.now(),
    ])
    await addDeltas(ctx, { campaignId, runId, channel }, counts)
  })
  return { id, campaignId, runId }
}

/** Somebody new follows a link. @returns the wire id */
async function follows(org: TestOrganization, campaign: Launched, email: string): Promise<string> {
  const { id } = (await org.owner.post('/api/contacts', { email })).body
  await clicks(org, campaign, id)
  return id
}

async function clicks(
  org: TestOrganization,
  { campaignId, runId }: Launched,
  id: string,
  linkNo = 1,
): Promise<void> {
  await inTransaction(org.systemCtx, async (ctx) =>
    announce(
      ctx,
      messageClicked,
      {
        variant: 0,
        machine: false,
        reasons: [],
        agent: 'firefox',
        addressPrefix: null,
        versionId: 'v',
        linkNo,
      },
      { contactId: fromWire('contact', id) as ContactId, campaignId, runId, channel: 'email' },
    ),
  )
}

const buys = (org: TestOrganization, email: string, total: number, currency = 'EUR'): Promise<unknown> =>
  org.key.post('/api/events', { event: 'Order Completed', email, properties: { total, currency } })

describe('money', () => {
  test('CB-8.2 CB-9.5 CB-10.5 CS-013.7 MA-7.2 TK-5.2 TK-11.2 DS-CampaignAnalyticsService.getCampaignROI revenue stands against what messages and media cost', async () => {
    const org = await h.organization()
    await org.owner.put('/api/message-prices', { prices: [{ channel: 'email', price: 0.0015 }] })
    const campaign = await launched(org, 'Spring', {
      sent: 990,
      'bounced.hard': 10,
      'skipped.withdrawn': 500,
    })
    await follows(org, campaign, 'ada@example.com')
    await follows(org, campaign, 'bob@example.com')
    h.clock.advance(2 * HOUR_MS)
    await buys(org, 'ada@example.com', 30)
    await buys(org, 'bob@example.com', 10)
    await buys(org, 'bob@example.com', 99, 'USD')
    await h.drain()
    const spend = await org.editor.post(`/api/campaigns/${campaign.id}/spends`, {
      kind: 'media',
      amount: 8.5,
      spentOn: '2026-11-20',
      note: 'Banner',
    })
    expect(spend.status).toBe(201)
    // 1,000 left us at 0.0015 each, 8.50 was paid besides.
    const { body } = await org.viewer.get(`/api/campaigns/${campaign.id}/roi`)
    expect(body).toMatchObject({
      currency: 'EUR',
      model: 'last',
      conversions: 3,
      convertedPeople: 2,
      revenue: 40,
      cost: { messages: 1.5, spends: 8.5, total: 10 },
      profit: 30,
      roi: 3,
      costPerAcquisition: 5,
      otherCurrencies: [{ currency: 'USD', conversions: 1, revenue: 99 }],
      timeToConvert: { medianMinutes: 120, p90Minutes: 120 },
    })
    expect(body.costPerConversion).toBeCloseTo(10 / 3, 9)
    expect(body.timeToConvert.buckets).toContainEqual({ uptoHours: 6, conversions: 3 })
    expect((await org.editor.delete(`/api/campaigns/${campaign.id}/spends/${spend.body.id}`)).status).toBe(
      204,
    )
    expect((await org.viewer.get(`/api/campaigns/${campaign.id}/roi`)).body.cost.total).toBe(1.5)
  })

  test('CB-8.2 what was refunded stands beside the revenue that is left, by each model’s share', async () => {
    const org = await h.organization()
    const [first, last] = [
      await launched(org, 'First', { sent: 10 }),
      await launched(org, 'Last', { sent: 10 }),
    ]
    const ada = await follows(org, first, 'ada@example.com')
    h.clock.advance(HOUR_MS)
    await clicks(org, last, ada)
    h.clock.advance(HOUR_MS)
    for (const [event, total, orderId] of [
      ['Order Completed', 40, 'a'],
      ['Order Completed', 10, 'b'],
      ['Order Refunded', 15, 'a'],
    ] as const)
      await org.key.post('/api/events', {
        event,
        email: 'ada@example.com',
        properties: { total, currency: 'EUR', order_id: orderId },
      })
    await h.drain()
    const roi = async ({ id }: Launched, model: string) =>
      (await org.viewer.get(`/api/campaigns/${id}/roi?model=${model}`)).body
    expect(await roi(last, 'last')).toMatchObject({ revenue: 35, refunded: { amount: 15, orders: 1 } })
    expect(await roi(last, 'linear')).toMatchObject({ revenue: 17.5, refunded: { amount: 7.5, orders: 1 } })
    expect(await roi(first, 'last')).toMatchObject({ revenue: 0, refunded: { amount: 0, orders: 0 } })
    const csv = await org.viewer.get(`/api/campaigns/${last.id}/report?format=csv`)
    expect(csv.body).toMatch(/refunded_EUR,"?last"?,15/)
  })

  test('a new price holds from the next full hour; what was sent before keeps its cost', async () => {
    const org = await h.organization()
    const campaign = await launched(org, 'Spring', { sent: 100 })
    await org.owner.put('/api/message-prices', { prices: [{ channel: 'email', price: 0.01 }] })
    await org.owner.put('/api/message-prices', { prices: [{ channel: 'email', price: 0.02 }] })
    const cost = async (): Promise<number> =>
      (await org.viewer.get(`/api/campaigns/${campaign.id}/roi`)).body.cost.total
    expect(await cost()).toBe(1)
    h.clock.advance(HOUR_MS)
    await inTransaction(org.systemCtx, (ctx) =>
      addDeltas(ctx, { ...campaign, channel: 'email' }, { sent: 100 }),
    )
    expect(await cost()).toBe(3)
  })

  test('CB-9.2 a price holds from the hour that is named, and one taken back never was', async () => {
    const org = await h.organization()
    const campaign = await launched(org, 'Spring', { sent: 100 })
    const cost = async (): Promise<number> =>
      (await org.viewer.get(`/api/campaigns/${campaign.id}/roi`)).body.cost.total
    await org.owner.put('/api/message-prices', { prices: [{ channel: 'email', price: 0.01 }] })
    h.clock.advance(2 * HOUR_MS)
    await inTransaction(org.systemCtx, (ctx) =>
      addDeltas(ctx, { ...campaign, channel: 'email' }, { sent: 100 }),
    )
    expect(await cost()).toBe(2)
    const validFrom = new Date(h.clock.now().getTime() - HOUR_MS).toISOString()
    const { body } = await org.owner.put('/api/message-prices', {
      prices: [{ channel: 'email', price: 0.05, validFrom }],
    })
    expect(await cost()).toBe(6)
    expect(body.prices[0]).toEqual({ channel: 'email', price: 0.05 })
    expect(body.history).toMatchObject([
      { channel: 'email', price: 0.05 },
      { channel: 'email', price: 0.01, validFrom: null },
    ])
    const path = `/api/message-prices/email?validFrom=${body.history[0].validFrom}`
    expect((await org.viewer.delete(path)).status).toBe(403)
    expect((await org.owner.delete(path)).status).toBe(204)
    expect(await cost()).toBe(2)
    expect((await org.owner.delete(path)).status).toBe(404)
  })

  test('CB-9.2 a channel keeps its price however often others change theirs', async () => {
    const org = await h.organization()
    const campaign = await launched(org, 'Spring', { sent: 100 })
    await org.owner.put('/api/message-prices', { prices: [{ channel: 'email', price: 0.01 }] })
    await org.systemCtx.db.query(
      `insert into message_price (org_id, channel, price_micros, valid_from, set_by, created_at)
       select org_id, 'sms', price_micros, $2::timestamptz + n * interval '1 hour', set_by, created_at
       from message_price, generate_series(1, 600) n where org_id = $1`,
      [org.orgId, h.clock.now()],
    )
    const { body } = await org.owner.put('/api/message-prices', {
      prices: [{ channel: 'email', price: 0.05 }],
    })
    expect(body.prices[0]).toEqual({ channel: 'email', price: 0.05 })
    // What was sent before keeps its cost.
    expect((await org.viewer.get(`/api/campaigns/${campaign.id}/roi`)).body.cost.total).toBe(1)
  })

  test('CB-9.2 MA-7.2 a spend is corrected, belongs to a platform, and is shared out over its days to the cent', async () => {
    const org = await h.organization()
    const campaign = await launched(org, 'Spring', { sent: 10 })
    const path = `/api/campaigns/${campaign.id}/spends`
    const spend = { kind: 'post', amount: 1, spentOn: '2026-11-18', spentUntil: '2026-11-20' }
    const { body: written } = await org.editor.post(path, spend)
    const corrected = await org.editor.put(`${path}/${written.id}`, {
      ...spend,
      amount: 10,
      platform: 'reddit',
    })
    expect(corrected.body).toMatchObject({ amount: 10, platform: 'reddit', spentUntil: '2026-11-20' })
    expect((await org.viewer.put(`${path}/${written.id}`, spend)).status).toBe(403)
    const elsewhere = await launched(org, 'Summer', { sent: 10 })
    expect((await org.editor.put(`/api/campaigns/${elsewhere.id}/spends/${written.id}`, spend)).status).toBe(
      404,
    )
    const wrong = await org.editor.put(`${path}/${written.id}`, { ...spend, spentUntil: '2026-11-17' })
    expect(wrong.body.errors[0].path).toBe('spentUntil')
    const costOn = async (from: string, to = from): Promise<number> =>
      (await org.viewer.get(`/api/analytics/overview?from=${from}&to=${to}`)).body.cost.now
    const days = [await costOn('2026-11-18'), await costOn('2026-11-19'), await costOn('2026-11-20')]
    expect(days).toEqual([3.33, 3.33, 3.34])
    expect(await costOn('2026-11-19', '2026-11-30')).toBe(6.67)
    expect((await org.viewer.get(`/api/campaigns/${campaign.id}/roi`)).body.cost.spends).toBe(10)
  })

  test('CB-8.2 CB-9.5 MA-7.1 MA-7.2 revenue, cost and return apart by campaign, channel, platform, segment and type, each adding up', async () => {
    const org = await h.organization()
    await org.owner.put('/api/message-prices', {
      prices: [
        { channel: 'email', price: 0.01 },
        { channel: 'sms', price: 0.1 },
      ],
    })
    const mail = await launched(org, 'Mail', { sent: 1_000 })
    const text = await launched(org, 'Text', { sent: 100 }, 'sms')
    await follows(org, mail, 'ada@example.com')
    await buys(org, 'ada@example.com', 50)
    await h.drain()
    const { body: segment } = await org.editor.post('/api/segments', {
      name: 'French',
      kind: 'dynamic',
      rule: { all: [{ kind: 'contact', field: 'country', operator: 'one_of', value: ['FR'] }] },
    })
    const addressed = await org.editor.put(`/api/campaigns/${mail.id}`, {
      type: 'retention',
      audience: { include: { segmentIds: [segment.id] } },
    })
    expect(addressed.status).toBe(200)
    await org.editor.post(`/api/campaigns/${text.id}/spends`, {
      kind: 'post',
      platform: 'instagram',
      amount: 5,
      spentOn: '2026-11-20',
    })
    const by = async (part: string) => (await org.viewer.get(`/api/analytics/money?by=${part}`)).body
    const total = { revenue: 50, cost: 25, profit: 25, roi: 1, conversions: 1, costPerConversion: 25 }
    expect(await by('campaign')).toMatchObject({
      total,
      items: [
        { id: mail.id, revenue: 50, cost: 10, roi: 4 },
        { id: text.id, revenue: 0, cost: 15, roi: -1, costPerConversion: null },
      ],
    })
    expect(await by('channel')).toMatchObject({
      total,
      items: [
        { id: 'email', revenue: 50, cost: 10, costPerAcquisition: 10 },
        { id: 'sms', revenue: 0, cost: 10 },
        { id: '', revenue: null, cost: 5 },
      ],
    })
    expect((await by('platform')).items).toMatchObject([
      { id: '', cost: 20 },
      { id: 'instagram', cost: 5, revenue: null, roi: null },
    ])
    expect(await by('segment')).toMatchObject({
      isOverlapping: true,
      items: [
        { id: segment.id, name: 'French', revenue: 50, cost: 10 },
        { id: '', campaigns: 1, cost: 15 },
      ],
    })
    expect((await by('type')).items).toMatchObject([{ id: 'retention', revenue: 50 }, { cost: 15 }])
    const csv = String((await org.viewer.get('/api/analytics/money?by=type&format=csv')).body)
    expect(csv).toContain('retention,retention,1,50,10,40,4,1,10,10')
    expect(csv).toContain('total,,2,50,25,25,1,1,25,25')
  })

  test('CB-8.3 CB-9.5 MA-7.2 what came by posts stands with what was paid on their platform, and the lines add up to the cent', async () => {
    const org = await h.organization()
    await org.owner.put('/api/message-prices', { prices: [{ channel: 'email', price: 0.01 }] })
    const campaign = await launched(org, 'Spring', { sent: 1_000 })
    const { body: link } = await org.editor.post(`/api/campaigns/${campaign.id}/links`, {
      destination: 'https://shop.example/',
      platform: 'instagram',
      name: 'Story',
    })
    for (const [platform, amount] of [
      ['instagram', 4],
      ['tiktok', 3],
    ] as const)
      await org.editor.post(`/api/campaigns/${campaign.id}/spends`, {
        kind: 'post',
        platform,
        amount,
        spentOn: '2026-11-20',
      })
    await follows(org, campaign, 'ada@example.com')
    h.clock.advance(HOUR_MS)
    await org.key.post('/api/events', {
      type: 'page',
      email: 'ada@example.com',
      context: { page: { url: link.url } },
    })
    h.clock.advance(HOUR_MS)
    await buys(org, 'ada@example.com', 33.33)
    await h.drain()
    const by = async (part: string) =>
      (await org.viewer.get(`/api/analytics/money?by=${part}`)).body as MoneyBy
    // The last touch was the post.
    expect((await by('platform')).items).toMatchObject([
      { id: 'instagram', revenue: 33.33, cost: 4, conversions: 1, costPerAcquisition: 4 },
      { id: '', revenue: 0, cost: 10 },
      { id: 'tiktok', revenue: null, cost: 3 },
    ])
    for (const model of ['last', 'first', 'linear', 'position', 'timeDecay']) {
      await org.owner.put('/api/analytics/attribution', { model })
      for (const part of ['platform', 'channel', 'campaign', 'type']) {
        const { items, total } = await by(part)
        const cents = (of: (line: MoneyBy['total']) => number | null): number[] => [
          items.reduce((sum, line) => sum + Math.round((of(line) ?? 0) * 100), 0),
          Math.round((of(total) ?? 0) * 100),
        ]
        for (const [lines, whole] of [cents(({ revenue }) => revenue), cents(({ cost }) => cost)])
          expect([model, part, lines]).toEqual([model, part, whole])
        expect(total).toMatchObject({ revenue: 33.33, cost: 17 })
      }
    }
    await org.owner.put('/api/analytics/attribution', { model: 'last' })
    const csv = String((await org.viewer.get('/api/analytics/money?by=platform&format=csv')).body)
    expect(csv).toContain('instagram,instagram,1,33.33,4,29.33,')
    const { body: roi } = await org.viewer.get(`/api/campaigns/${campaign.id}/roi`)
    expect(roi).toMatchObject({
      revenue: 33.33,
      channels: [{ channel: 'email', revenue: 0 }],
      platforms: [
        { platform: 'instagram', revenue: 33.33, conversions: 1, cost: 4 },
        { platform: 'tiktok', revenue: null, cost: 3 },
      ],
    })
    const { body: funnel } = await org.viewer.get(`/api/campaigns/${campaign.id}/funnel?by=channel`)
    expect(funnel.parts.map(({ label }: { label: string }) => label)).toEqual(['email'])
  })

  test('CS-013.7 CB-8.2 revenue stands by the last link followed before each conversion, by every model, and adds up to the cent with what came by none', async () => {
    const org = await h.organization()
    const [spring, summer] = [
      await launched(org, 'Spring', { sent: 100 }),
      await launched(org, 'Summer', { sent: 100 }),
    ]
    await inTransaction(org.systemCtx, async (ctx) => {
      for (const { campaignId, runId } of [spring, summer]) {
        const versionId = newId<'mail_version'>(ctx.now())
        await freezeLinks(ctx, versionId, [
          { linkNo: 0, url: 'https://shop.example/a', label: 'A' },
          { linkNo: 1, url: 'https://shop.example/b', label: 'B' },
        ])
        await linkSigner(ctx, { campaignId, runId, versionId, channel: 'email', month: '2026-11-01' }, 2)
      }
    })
    const { body: link } = await org.editor.post(`/api/campaigns/${spring.id}/links`, {
      destination: 'https://shop.example/',
      platform: 'instagram',
      name: 'Story',
    })
    const person = async (email: string): Promise<string> =>
      (await org.owner.post('/api/contacts', { email })).body.id
    const step = (): void => h.clock.advance(HOUR_MS)
    // Ada: link A, then B of the same mail, then one of another campaign. Bob: A alone. Cy: a post alone.
    const [ada, bob] = [
      await person('ada@example.com'),
      await person('bob@example.com'),
      await person('cy@example.com'),
    ]
    await clicks(org, spring, ada, 0)
    step()
    await clicks(org, spring, ada, 1)
    await clicks(org, spring, bob, 0)
    step()
    await clicks(org, summer, ada, 0)
    await org.key.post('/api/events', {
      type: 'page',
      email: 'cy@example.com',
      context: { page: { url: link.url } },
    })
    step()
    await buys(org, 'ada@example.com', 33.33)
    await buys(org, 'bob@example.com', 10.01)
    await buys(org, 'cy@example.com', 7)
    await h.drain()
    const roi = async (id: string, model: string): Promise<Roi> =>
      (await org.viewer.get(`/api/campaigns/${id}/roi?model=${model}`)).body
    const cents = (amount: number): number => Math.round(amount * 100)
    const brought = async (id: string, model: string): Promise<Record<string, number>> => {
      const { links, noLink, revenue } = await roi(id, model)
      expect(links.reduce((sum, one) => sum + cents(one.revenue), cents(noLink.revenue))).toBe(cents(revenue))
      return Object.fromEntries([...links.map((one) => [one.label, one.revenue]), ['none', noLink.revenue]])
    }
    expect(await brought(spring.id, 'first')).toEqual({ A: 10.01, B: 33.33, none: 7 })
    expect(await brought(spring.id, 'last')).toEqual({ A: 10.01, B: 0, none: 7 })
    expect(await brought(summer.id, 'last')).toEqual({ A: 33.33, B: 0, none: 0 })
    const halves = [await brought(spring.id, 'linear'), await brought(summer.id, 'linear')]
    expect(cents((halves[0]?.['B'] ?? 0) + (halves[1]?.['A'] ?? 0))).toBe(3333)
    for (const model of ['position', 'timeDecay']) await brought(spring.id, model)
    // Whoever is forgotten leaves the figures as they are.
    await org.owner.post(`/api/contacts/${bob}/erase`, {})
    await h.drain()
    expect(await brought(spring.id, 'last')).toEqual({ A: 10.01, B: 0, none: 7 })
    const csv = String((await org.viewer.get(`/api/campaigns/${spring.id}/report?format=csv`)).body)
    expect(csv).toContain('revenue_by_link_EUR,https://shop.example/a,10.01')
    expect(csv).toContain('revenue_by_link_EUR,no link,7')
  })

  test('CB-9.5 MA-7.2 a campaign of posts alone stands in the period of its first link or spend, with its money', async () => {
    const org = await h.organization()
    const posts = async (name: string): Promise<string> =>
      (await org.editor.post('/api/campaigns', { name })).body.id
    const [linked, paid, draft] = [await posts('Linked'), await posts('Paid'), await posts('Draft')]
    await org.editor.post(`/api/campaigns/${linked}/links`, {
      destination: 'https://shop.example/',
      platform: 'instagram',
      name: 'Story',
    })
    const today = h.clock.now().toISOString().slice(0, 10)
    for (const [id, spentOn] of [
      [linked, today],
      [paid, '2026-10-31'],
      [paid, '2026-11-02'],
    ])
      await org.editor.post(`/api/campaigns/${id}/spends`, {
        kind: 'post',
        platform: 'instagram',
        amount: 5,
        spentOn,
      })
    const of = async (from: string, to: string) => {
      const { items, total } = (
        await org.viewer.get(`/api/analytics/money?by=campaign&from=${from}&to=${to}`)
      ).body as MoneyBy
      return [items.map(({ id }) => id).toSorted(), total.cost]
    }
    expect(await of('2026-10-31', today)).toEqual([[linked, paid].toSorted(), 15])
    // It began the day before: all of its money stands there.
    expect(await of('2026-11-01', '2026-11-10')).toEqual([[], 0])
    expect(await of('2026-10-31', '2026-10-31')).toEqual([[paid], 10])
    expect(JSON.stringify(await of('2026-01-01', today))).not.toContain(draft)
  })

  test('FR-006.1 CS-012.1 each run of a campaign has figures of its own, which add up to the campaign’s', async () => {
    const org = await h.organization()
    const campaign = await launched(org, 'Weekly', { audience: 10, sent: 8, clicked: 2 })
    h.clock.advance(24 * HOUR_MS)
    const second = newId<'run'>(h.clock.now())
    await inTransaction(org.systemCtx, (ctx) =>
      addDeltas(
        ctx,
        { campaignId: campaign.campaignId, runId: second, channel: 'email' },
        { audience: 20, sent: 20, clicked: 1 },
      ),
    )
    const { body } = await org.viewer.get(`/api/campaigns/${campaign.id}/runs`)
    expect(body.items).toMatchObject([
      { startedAt: h.clock.now().toISOString(), figures: { audience: 20, handedOver: 20 } },
      { figures: { audience: 10, handedOver: 8, rates: { click: { part: 2, whole: 8 } } } },
    ])
    const { body: whole } = await org.viewer.get(`/api/campaigns/${campaign.id}/metrics`)
    expect(whole).toMatchObject({ audience: 30, handedOver: 28 })
    const other = await h.organization()
    expect((await other.viewer.get(`/api/campaigns/${campaign.id}/runs`)).status).toBe(404)
  })

  test('CB-10.2 money is read by the campaign’s own model, else by the organization’s, and every model stands beside it', async () => {
    const org = await h.organization()
    const spring = await launched(org, 'Spring', { sent: 10 })
    const summer = await launched(org, 'Summer', { sent: 10 })
    const ada = await follows(org, spring, 'ada@example.com')
    h.clock.advance(HOUR_MS)
    await clicks(org, summer, ada)
    await buys(org, 'ada@example.com', 9.99)
    await h.drain()
    const roi = async ({ id }: Launched, query = '') =>
      (await org.viewer.get(`/api/campaigns/${id}/roi${query}`)).body
    const total = async (): Promise<number> =>
      (await org.viewer.get('/api/analytics/money?by=type')).body.total.revenue
    expect(await roi(spring)).toMatchObject({ model: 'last', chosen: 'last', revenue: 0 })
    expect((await org.viewer.put('/api/analytics/attribution', { model: 'linear' })).status).toBe(403)
    await org.owner.put('/api/analytics/attribution', { model: 'linear' })
    const halves = [(await roi(spring)).revenue, (await roi(summer)).revenue]
    expect(halves).toEqual([5, 4.99])
    expect(await total()).toBe(9.99)
    expect((await org.viewer.get('/api/analytics/overview')).body.revenue.now).toBe(9.99)
    await org.editor.put(`/api/campaigns/${spring.id}/conversion-rule`, {
      counts: [{ kind: 'purchase' }],
      model: 'first',
    })
    await h.drain()
    expect(await roi(spring)).toMatchObject({ model: 'first', chosen: 'first', revenue: 9.99 })
    expect(await roi(spring, '?model=last')).toMatchObject({ model: 'last', chosen: 'first', revenue: 0 })
    const { body } = await org.viewer.post('/api/campaigns/compare', { campaignIds: [spring.id, summer.id] })
    expect(body.items.map(({ revenue }: { revenue: number }) => revenue)).toEqual([9.99, 4.99])
    const sums = await Promise.all([roi(spring), roi(summer)])
    for (const place of [0, 1, 2, 3, 4])
      expect(Math.round(100 * (sums[0].models[place].revenue + sums[1].models[place].revenue))).toBe(999)
  })

  test('a return on nothing is unknown, not zero or endless', async () => {
    const org = await h.organization()
    const campaign = await launched(org, 'Spring', { sent: 10 })
    expect((await org.viewer.get(`/api/campaigns/${campaign.id}/roi`)).body).toMatchObject({
      roi: null,
      costPerConversion: null,
      costPerAcquisition: null,
      timeToConvert: null,
    })
  })

  test.each([
    ['amount', { amount: 0, spentOn: '2026-11-20' }],
    ['amount', { amount: -3, spentOn: '2026-11-20' }],
    ['spentOn', { amount: 3, spentOn: '2026-02-30' }],
    ['kind', { kind: 'bribe', amount: 3, spentOn: '2026-11-20' }],
  ])('NFR-004.6 a spend with a wrong %s is refused and named', async (path, spend) => {
    const org = await h.organization()
    const { id } = (await org.editor.post('/api/campaigns', { name: 'Spring' })).body
    const answer = await org.editor.post(`/api/campaigns/${id}/spends`, spend)
    expect(answer.status).toBe(400)
    expect(answer.body.errors.map((problem: { path: string }) => problem.path)).toContain(path)
  })
})

describe('side by side', () => {
  test('CB-10.4 MA-7.1 TK-5.2 TK-11.3 DS-CampaignAnalyticsService.getConversionFunnel the way from sent to converted, apart by channel', async () => {
    const org = await h.organization()
    const campaign = await launched(org, 'Spring', {
      sent: 900,
      'bounced.hard': 100,
      measured: 400,
      opened: 200,
      clicked: 90,
      'clicked.total': 300,
      converted: 9,
    })
    await inTransaction(org.systemCtx, (ctx) =>
      addDeltas(ctx, { ...campaign, channel: 'sms' }, { delivered: 50, clicked: 10 }),
    )
    const { body } = await org.viewer.get(`/api/campaigns/${campaign.id}/funnel?by=channel`)
    expect(body.steps.map(({ step, people }: { step: string; people: number }) => [step, people])).toEqual([
      ['sent', 1_050],
      ['delivered', 950],
      ['opened', 200],
      ['clicked', 100],
      ['converted', 9],
    ])
    expect(body.steps[1]).toMatchObject({ lost: 100 })
    // Most of those who did not open could not be seen opening.
    expect(body.steps[2].lost).toBeNull()
    expect(body.steps[4]).toMatchObject({ ofPrevious: 0.09, lost: 91 })
    expect(body.parts.map(({ label }: { label: string }) => label)).toEqual(['email', 'sms'])
    expect(body.parts[1].steps[3]).toMatchObject({ people: 10, ofPrevious: 0.2 })
  })

  test('the way from sent to converted apart by country, most people first', async () => {
    const org = await h.organization()
    const campaign = await launched(org, 'Spring', {})
    await follows(org, campaign, 'somewhere@example.com')
    const [somewhere] = (await org.viewer.get('/api/contacts?q=somewhere')).body.items
    const people = [fromWire('contact', somewhere.id) as ContactId]
    for (const [n, country] of ['FR', 'FR', 'BE'].entries()) {
      const { body } = await org.owner.post('/api/contacts', { email: `c${n}@example.com`, country })
      people.push(fromWire('contact', body.id) as ContactId)
    }
    await inTransaction(org.systemCtx, (ctx) =>
      recordMessages(
        ctx,
        { ...campaign, channel: 'email', month: '2026-11-01' },
        1,
        people.map((contactId) => ({ contactId, state: 'sent', reason: null })),
      ),
    )
    await h.drain()
    const { body } = await org.viewer.get(`/api/campaigns/${campaign.id}/funnel?by=country`)
    const shown = body.parts.map(
      ({ label, steps }: { label: string; steps: { step: string; people: number }[] }) => [
        label,
        ...steps.filter(({ step }) => step === 'sent' || step === 'clicked').map((step) => step.people),
      ],
    )
    expect(shown).toEqual([
      ['FR', 2, 0],
      ['', 1, 1],
      ['BE', 1, 0],
    ])
  })

  test('CS-012.2 what happened in each hour of the organization’s day, and the people behind a channel and a link', async () => {
    const org = await h.organization()
    const campaign = await launched(org, 'Spring', {})
    const at = (instant: string, counts: Record<string, number>): Promise<unknown> =>
      org.systemCtx.db.query(
        `insert into metric (org_id, campaign_id, run_id, channel, variant, hour, name, n, updated_at)
         select $1, $2, $3, 'email', 0, $4, c.name, c.n, $4 from unnest($5::text[], $6::bigint[]) as c (name, n)`,
        [org.orgId, campaign.campaignId, campaign.runId, instant, Object.keys(counts), Object.values(counts)],
      )
    // Nine in the morning in Paris on two days, and eight in the evening.
    await at('2026-11-20T08:00:00Z', { sent: 10, clicked: 1 })
    await at('2026-11-21T08:00:00Z', { sent: 5 })
    await at('2026-11-21T19:00:00Z', { clicked: 4, 'clicked.total': 9 })
    const { body } = await org.viewer.get(`/api/campaigns/${campaign.id}/funnel?by=hour`)
    const shown = body.parts.map(({ label, steps }: { label: string; steps: { people: number }[] }) => [
      label,
      steps[0]?.people,
      steps[3]?.people,
    ])
    expect(shown).toEqual([
      ['9', 15, 1],
      ['20', 0, 4],
    ])
    await follows(org, campaign, 'ada@example.com')
    await h.drain()
    const people = async (channel: string): Promise<number> =>
      (await org.viewer.get(`/api/campaigns/${campaign.id}/people?of=clicked&channel=${channel}`)).body.items
        .length
    expect([await people('email'), await people('sms')]).toEqual([1, 0])
    // The link that was followed is the first.
    const links = [await people('email&link=1'), await people('email&link=2'), await people('sms&link=1')]
    expect(links).toEqual([1, 0, 0])
  })

  test('CS-012.5 MA-7.1 the funnel among the people of a segment', async () => {
    const org = await h.organization()
    const campaign = await launched(org, 'Spring', { sent: 3 })
    const ids: ContactId[] = []
    for (const [email, country] of [
      ['ada@example.com', 'FR'],
      ['bob@example.com', 'FR'],
      ['eve@example.com', 'DE'],
    ])
      ids.push(
        fromWire('contact', (await org.owner.post('/api/contacts', { email, country })).body.id) as ContactId,
      )
    await inTransaction(org.systemCtx, (ctx) =>
      recordMessages(
        ctx,
        { ...campaign, channel: 'email', month: '2026-11-01' },
        1,
        ids.map((contactId) => ({ contactId, state: 'sent', reason: null })),
      ),
    )
    await follows(org, campaign, 'zoe@example.com')
    const { body: segment } = await org.editor.post('/api/segments', {
      name: 'French',
      kind: 'dynamic',
      rule: { all: [{ kind: 'contact', field: 'country', operator: 'one_of', value: ['FR'] }] },
    })
    const { body } = await org.viewer.get(`/api/campaigns/${campaign.id}/funnel?segmentId=${segment.id}`)
    expect(body.steps[0]).toMatchObject({ step: 'sent', people: 2 })
    await org.editor.put(`/api/campaigns/${campaign.id}`, {
      audience: { include: { segmentIds: [segment.id] } },
    })
    const apart = await org.viewer.get(`/api/campaigns/${campaign.id}/funnel?by=segment`)
    expect(apart.body.parts).toMatchObject([
      { of: 'segment', label: 'French', steps: [{ people: 2 }, {}, {}, {}, {}] },
    ])
  })

  test('CB-8.3 MA-7.3 TK-5.3 TK-11.4 TK-11.5 DS-CampaignAnalyticsService.compareCampaigns DS-CampaignAnalyticsService.comparePlatforms differences come with an interval, and small ones are not called clear', async () => {
    const org = await h.organization()
    const plain = await launched(org, 'Plain', { sent: 1_000, clicked: 50 })
    const better = await launched(org, 'Better', { sent: 1_000, clicked: 120 })
    const same = await launched(org, 'Same', { sent: 1_000, clicked: 57 })
    const { body } = await org.viewer.post('/api/campaigns/compare', {
      campaignIds: [plain.id, better.id, same.id],
    })
    expect(body.items.map(({ name }: { name: string }) => name)).toEqual(['Plain', 'Better', 'Same'])
    expect(body.items[0].against).toBeNull()
    expect(body.items[1].against.click).toMatchObject({ isClear: true })
    expect(body.items[1].against.click.difference).toBeCloseTo(0.07, 9)
    expect(body.items[1].against.click.interval.low).toBeGreaterThan(0)
    expect(body.items[2].against.click).toMatchObject({ isClear: false })
    expect(body.items[0].rates.click.interval).toMatchObject({
      low: expect.closeTo(0.0381, 3),
      high: expect.closeTo(0.0653, 3),
    })
    await inTransaction(org.systemCtx, (ctx) =>
      addDeltas(ctx, { ...plain, channel: 'sms' }, { sent: 100, clicked: 20 }),
    )
    const { body: channels } = await org.viewer.get(`/api/campaigns/${plain.id}/platforms`)
    expect(channels.items.map(({ id, sent }: { id: string; sent: number }) => [id, sent])).toEqual([
      ['email', 1_000],
      ['sms', 100],
    ])
  })

  test('MA-7.4 beside the rates of a period stands what was usual before it', async () => {
    const org = await h.organization()
    for (const clicked of [30, 40, 50, 60, 70]) await launched(org, 'Earlier', { sent: 1_000, clicked })
    h.clock.advance(48 * HOUR_MS)
    await launched(org, 'Now', { sent: 1_000, clicked: 400 })
    const from = h.clock.now().toISOString().slice(0, 10)
    const { body } = await org.viewer.get(`/api/analytics/overview?from=${from}`)
    expect(body.rates.click.now).toMatchObject({ part: 400, whole: 1_000 })
    expect(body.usual.click).toMatchObject({ median: 0.05, low: 0.04, high: 0.06, campaigns: 5 })
    // Nobody knows what is usual before five campaigns were launched.
    const early = new Date(h.clock.now().getTime() - 30 * 24 * HOUR_MS).toISOString().slice(0, 10)
    expect((await org.viewer.get(`/api/analytics/overview?from=${early}`)).body.usual.click).toBeNull()
  })

  test('MA-7.3 who leads is told by the safe end of the interval, and beside it stands what is usual', async () => {
    const org = await h.organization()
    for (const clicked of [30, 40, 50, 60, 70]) await launched(org, 'Earlier', { sent: 1_000, clicked })
    await org.owner.put('/api/message-prices', { prices: [{ channel: 'email', price: 0.01 }] })
    const lucky = await launched(org, 'Lucky', { sent: 10, clicked: 4, unsubscribed: 0 })
    const steady = await launched(org, 'Steady', { sent: 1_000, clicked: 250, unsubscribed: 4 })
    await follows(org, steady, 'ada@example.com')
    await buys(org, 'ada@example.com', 30)
    await h.drain()
    const { body } = await org.viewer.get(`/api/campaigns/compare?ids=${lucky.id},${steady.id}`)
    // Four of ten is more than a quarter, and less sure; nobody of ten left, which says less than four of a thousand.
    expect(body.best).toMatchObject({ click: steady.id, unsubscribe: steady.id, open: null })
    expect(body.usual.click).toMatchObject({ median: 0.05, campaigns: 5 })
    expect(body.items[1]).toMatchObject({
      conversions: 1,
      cost: 10,
      costPerConversion: 10,
      revenue: 30,
      roi: 2,
    })
    expect(body.items[0].costPerConversion).toBeNull()
    const [none, nothing] = [
      await launched(org, 'None', { sent: 100 }),
      await launched(org, 'Nothing', { sent: 50 }),
    ]
    const level = await org.viewer.get(`/api/campaigns/compare?ids=${none.id},${nothing.id}`)
    expect(level.body.best).toMatchObject({ click: null, conversion: null, delivery: null })
  })

  test('CB-8.3 TK-5.3 TK-11.5 channels stand against each other over all chosen campaigns, with their costs', async () => {
    const org = await h.organization()
    await org.owner.put('/api/message-prices', {
      prices: [
        { channel: 'email', price: 0.01 },
        { channel: 'sms', price: 0.05 },
      ],
    })
    const one = await launched(org, 'One', { sent: 600, clicked: 60 })
    const two = await launched(org, 'Two', { sent: 400, clicked: 40 })
    const three = await launched(org, 'Three', { sent: 200, clicked: 60 }, 'sms')
    const compare = (ids: string[], by: string) =>
      org.viewer.get(`/api/campaigns/compare?ids=${ids.join(',')}&by=${by}`)
    const { body } = await compare([one.id, two.id, three.id], 'channel')
    expect(body.items).toMatchObject([
      { id: 'email', sent: 1_000, cost: 10, rates: { click: { part: 100, whole: 1_000 } } },
      { id: 'sms', sent: 200, cost: 10, against: { click: { isClear: true } } },
    ])
    expect(body.best.click).toBe('sms')
    expect((await compare([one.id], 'channel')).status).toBe(200)
    const alone = await compare([one.id], 'campaign')
    expect(alone.status).toBe(400)
    expect(alone.body.errors[0].path).toBe('ids')
  })

  test('CB-8.4 TK-5.5 TK-11.7 DS-CampaignAnalyticsService.getTopPerformingCampaigns a few lucky clicks do not lead the list', async () => {
    const org = await h.organization()
    await launched(org, 'Lucky', { sent: 5, clicked: 3 })
    await launched(org, 'Steady', { sent: 5_000, clicked: 2_000 })
    await launched(org, 'Silent', {})
    const { body } = await org.viewer.get('/api/campaigns/top-performing?by=clickRate')
    expect(body.items.map(({ name }: { name: string }) => name)).toEqual(['Steady', 'Lucky'])
  })

  test('CB-15.5 TK-5.4 TK-16.3 DS-CampaignAnalyticsService.getPerformanceTrends days are those of the organization’s zone, also when the clocks change', async () => {
    const org = await h.organization()
    const campaign = await launched(org, 'Spring', { sent: 5 })
    const at = (instant: string, counts: Record<string, number>): Promise<void> =>
      appendDeltas(
        org.systemCtx,
        Object.entries(counts).map(([name, n]) => ({
          campaignId: campaign.campaignId,
          runId: campaign.runId,
          channel: 'email',
          name,
          n,
          at: new Date(instant),
        })),
      )
    // 23:00 on the 24th and 00:00 on the 25th in Paris, in the night that has 25 hours.
    await at('2026-10-24T21:00:00Z', { sent: 10, clicked: 1 })
    await at('2026-10-24T22:00:00Z', { sent: 20 })
    await at('2026-10-25T22:00:00Z', { sent: 40, 'revenue.last': 1_250 })
    const { body } = await org.viewer.get('/api/analytics/trends?step=day&from=2026-10-24&to=2026-10-25')
    expect(
      body.points.map(({ on, sent, revenue }: { on: string; sent: number; revenue: number }) => [
        on,
        sent,
        revenue,
      ]),
    ).toEqual([
      ['2026-10-24', 10, 0],
      ['2026-10-25', 60, 12.5],
    ])
    expect(body.hours[23]).toMatchObject({ sent: 50, clicked: 1, clickRate: 0.02 })
    expect((await org.viewer.get('/api/analytics/trends?from=2026-10-25&to=2026-10-24')).status).toBe(400)
  })
})

describe('what to do next', () => {
  test('with too little to go by, it says so', async () => {
    const org = await h.organization()
    await launched(org, 'One', { sent: 1_000, clicked: 10 })
    const { body } = await org.viewer.get('/api/campaigns/insights')
    expect(body).toMatchObject({ campaigns: 1, patterns: [], recommendations: [] })
    expect(body.notice).toMatch(/takes 10/)
  })

  test('CB-8.5 TK-5.5 TK-11.8 DS-CampaignAnalyticsService.identifyPatterns DS-CampaignAnalyticsService.getRecommendations what clearly goes with success becomes advice with its evidence', async () => {
    const org = await h.organization()
    await twoChannels(org)
    const { body } = await org.viewer.get('/api/campaigns/insights')
    expect(body.recommendations[0]).toMatchObject({
      feature: 'channel',
      value: 'sms',
      sentence: 'Use SMS.',
      copyOf: 'Campaign 10',
      uses: ['draft'],
    })
    expect(body.recommendations[0].expectedLift).toBeGreaterThan(1)
    expect(body.recommendations[0].effect).toMatch(/^To be expected: \+1\d\d% clicks \(95 %: \+.*…/)
    expect(body.recommendations[0].evidence).toMatch(
      /6 campaigns like this: typically 12.* \(12,000 messages, 1,470 people who clicked\); 6 others: 4/,
    )
    expect(body.patterns[0]).toMatchObject({ label: 'Channel: SMS', verdict: 'clear', events: 1_470 })
    expect(body.rules.map(({ feature }: { feature: string }) => feature)).toContain('offerDiscount')
  })

  test('DS-CampaignAnalyticsService.getRecommendations a click makes a draft of advice, audited and planned by nobody', async () => {
    const org = await h.organization()
    await twoChannels(org)
    const asked = { feature: 'channel', value: 'sms' }
    expect((await org.viewer.post('/api/campaigns/insights/apply', asked)).status).toBe(403)
    const { status, body } = await org.editor.post('/api/campaigns/insights/apply', asked)
    expect(status).toBe(201)
    expect(body).toMatchObject({ name: 'Campaign 10 – Use SMS', startAt: null })
    const draft = (await org.viewer.get(`/api/campaigns/${body.campaignId}`)).body
    expect(draft).toMatchObject({ status: 'draft', channels: ['sms'], schedule: null })
    const audit = await org.owner.get('/api/audit?action=reports.advice_applied')
    expect(audit.body.items).toMatchObject([
      { change: { ...asked, as: 'draft', evidence: { metric: 'click' } } },
    ])
    for (const other of [
      { as: 'test', ...asked },
      { feature: 'hour', value: '4' },
    ])
      expect((await org.editor.post('/api/campaigns/insights/apply', other)).body.code).toBe(
        'reports.advice_gone',
      )
  })

  test('CB-8.4 what campaigns say is looked at as it is now, also after a change of one that was looked at before', async () => {
    const org = await h.organization()
    const mails: string[] = []
    for (let n = 0; n < 12; n++)
      mails.push(
        (
          await launched(org, `Mail ${n}`, { sent: 2_000, clicked: 100 }, 'email', {
            content: { email: { subject: n < 6 ? 'News 🎉' : 'News' } },
          })
        ).id,
      )
    const withEmoji = async (): Promise<number> =>
      (await org.viewer.get('/api/campaigns/insights')).body.patterns.find(
        ({ feature, value }: { feature: string; value: string }) =>
          feature === 'subjectEmoji' && value === 'yes',
      ).campaigns
    expect(await withEmoji()).toBe(6)
    await org.editor.put(`/api/campaigns/${mails[11]}`, { content: { email: { subject: 'News 🎁' } } })
    expect(await withEmoji()).toBe(7)
  })

  test('DS-CampaignAnalyticsService.getRecommendations a test of advice compares it with the present practice, in a draft', async () => {
    const org = await h.organization()
    for (let n = 0; n < 12; n++) {
      const isGlad = n % 2 === 0
      h.clock.advance(HOUR_MS / 60)
      await launched(org, `Mail ${n}`, { sent: 2_000, clicked: (isGlad ? 240 : 80) + n }, 'email', {
        content: { email: { subject: isGlad ? `News ${n} 🎉` : `News ${n}` } },
      })
    }
    const { body } = await org.editor.post('/api/campaigns/insights/apply', {
      feature: 'subjectEmoji',
      value: 'yes',
      as: 'test',
    })
    const { status, variants } = (await org.viewer.get(`/api/campaigns/${body.campaignId}/ab-test`)).body.test
    expect(status).toBe('draft')
    expect(variants).toMatchObject([
      { name: 'As so far', percent: 50, content: null },
      { name: 'Use an emoji in the subject', percent: 50, content: { email: { subject: '✨ News 11' } } },
    ])
    expect((await org.viewer.get(`/api/campaigns/${body.campaignId}`)).body.content.email.subject).toBe(
      'News 11',
    )
  })
})

/** Twelve campaigns, every other one by SMS, which are followed three times as often. */
async function twoChannels(org: TestOrganization): Promise<void> {
  for (let n = 0; n < 12; n++) {
    const isSms = n % 2 === 0
    h.clock.advance(HOUR_MS / 60)
    const counts = { sent: 2_000, clicked: (isSms ? 240 : 80) + n }
    await launched(org, `Campaign ${n}`, counts, 'email', isSms ? { channels: ['sms'] } : {})
  }
}

describe('the overview', () => {
  test('MA-7.4 a period stands beside the one before: money, rates with what is clear, goals, best and weakest', async () => {
    const org = await h.organization({ timeZone: 'Europe/Paris' })
    await org.owner.put('/api/message-prices', { prices: [{ channel: 'email', price: 0.01 }] })
    await launched(org, 'Last week', { sent: 1_000, clicked: 50, 'revenue.last': 10_000 })
    h.clock.advance(4 * 24 * HOUR_MS)
    const from = new Date(h.clock.now().getTime() - 3 * 24 * HOUR_MS).toISOString().slice(0, 10)
    const weak = await launched(org, 'Weak', {
      sent: 1_000,
      clicked: 20,
      'revenue.last': 5_000,
      converted: 2,
    })
    const good = await launched(org, 'Good', {
      sent: 2_000,
      clicked: 400,
      'revenue.last': 60_000,
      converted: 9,
    })
    await launched(org, 'Lucky few', { sent: 20, clicked: 19 })
    await org.systemCtx.db.query(
      `update campaign set goals = '[{"name": "Orders", "target": 12}]' where org_id = $1 and id = $2`,
      [org.orgId, good.campaignId],
    )
    await org.editor.post(`/api/campaigns/${weak.id}/spends`, {
      amount: 19.8,
      spentOn: h.clock.now().toISOString().slice(0, 10),
    })
    const { body } = await org.viewer.get(`/api/analytics/overview?from=${from}`)
    expect(body).toMatchObject({
      campaigns: { now: 3, before: 1 },
      sent: { now: 3_020, before: 1_000 },
      revenue: { now: 650, before: 100 },
      // 3,020 messages at a cent, and what was paid besides.
      cost: { now: 50, before: 10 },
      profit: { now: 600, before: 90 },
      roi: { now: 12, before: 9 },
      converted: { now: 11, before: 0 },
      goals: [{ campaign: 'Good', goal: 'Orders', target: 12, converted: 9 }],
    })
    expect(body.rates.click).toMatchObject({
      now: { part: 439, whole: 3_020 },
      before: { part: 50, whole: 1_000 },
      change: { isClear: true },
    })
    expect(body.best.map(({ name }: { name: string }) => name)).toEqual(['Good', 'Weak'])
    expect(body.worst[0].name).toBe('Weak')
    const days = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1
    expect(days(body.period.from, body.period.to)).toBe(4)
    expect(days(body.before.from, body.before.to)).toBe(4)
    expect(days(body.before.to, body.period.from)).toBe(2)
    const pdf = await h.request({
      url: `/api/analytics/overview?from=${from}&format=pdf&locale=fr`,
      headers: { ...org.viewer.headers },
    })
    expect(pdf.rawPayload.toString('latin1')).toContain('/StructTreeRoot')
  })
})
