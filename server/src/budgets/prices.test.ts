import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { addDeltas } from '../analytics/index.ts'
import { inTransaction } from '../platform/db/index.ts'
import { newId, newUuid, toWire, type CampaignId } from '../platform/ids.ts'
import { minorOfMicros, minorsOfMicros } from '../platform/money.ts'
import { harness, type Harness } from '../testing/harness.ts'
import type { TestOrganization } from '../testing/organization.ts'
import { addSpend, costsOf, costWithin } from './costs.ts'
import { insertPostPrice } from './price-queries.ts'

const HOUR_MS = 3_600_000
let h: Harness
beforeAll(async () => {
  h = await harness()
})

const PROVIDER = newUuid(new Date(0))

/** So many text messages that left, of which some are known by provider and country. */
async function sent(
  org: TestOrganization,
  counts: Record<string, number>,
  id: CampaignId = newId<'campaign'>(h.clock.now()),
): Promise<CampaignId> {
  await inTransaction(org.systemCtx, (ctx) =>
    addDeltas(ctx, { campaignId: id, runId: newId<'run'>(ctx.now()), channel: 'sms' }, counts),
  )
  return id
}

const minorOf = async (org: TestOrganization, id: CampaignId): Promise<number | undefined> =>
  (await costsOf(org.systemCtx, [id])).get(id)?.totalMinor

describe('prices of messages by country and provider', () => {
  const special = (
    org: TestOrganization,
    body: { country?: string; providerId?: string; price: number | null; validFrom?: string },
  ): Promise<{ status: number }> => org.owner.put('/api/message-prices/special', { channel: 'sms', ...body })

  test('CB-9.2 MA-7.2 the most telling price wins: both, the country, the provider, the channel', async () => {
    const org = await h.organization()
    const providerId = toWire('provider', PROVIDER)
    await org.owner.put('/api/message-prices', { prices: [{ channel: 'sms', price: 0.01 }] })
    const from = new Date(h.clock.now().getTime() - 2 * HOUR_MS).toISOString()
    for (const [price, country, provider] of [
      [0.07, 'FR', undefined],
      [0.02, undefined, providerId],
      [0.05, 'US', providerId],
    ] as const)
      expect(
        (
          await special(org, {
            price,
            validFrom: from,
            ...(country === undefined ? {} : { country }),
            ...(provider === undefined ? {} : { providerId: provider }),
          })
        ).status,
      ).toBe(200)
    const cost = async (counts: Record<string, number>): Promise<number | undefined> =>
      minorOf(org, await sent(org, counts))
    expect(await cost({ sent: 100 })).toBe(100)
    expect(await cost({ sent: 100, 'billed..FR': 100 })).toBe(700)
    expect(await cost({ sent: 100, [`billed.${PROVIDER}.DE`]: 100 })).toBe(200)
    expect(await cost({ sent: 100, [`billed.${PROVIDER}.US`]: 100 })).toBe(500)
    expect(await cost({ sent: 100, [`billed.${PROVIDER}.FR`]: 100 })).toBe(700)
    // Some of them known by more than their channel; what was returned costs like what arrived.
    const mixed = { sent: 70, delivered: 20, 'bounced.hard': 10, 'billed..FR': 40, 'billed..IT': 10 }
    expect(await cost(mixed)).toBe(40 * 7 + 60 * 1)
    const period = {
      from: new Date(h.clock.now().getTime() - 3 * HOUR_MS),
      to: new Date(h.clock.now().getTime() + HOUR_MS),
      fromOn: '2026-01-01',
      toOn: '2026-01-02',
    }
    expect(await costWithin(org.systemCtx, period)).toBe(100 + 700 + 200 + 500 + 700 + 340)
  })

  test('CB-9.2 a price holds from its hour on and ends with one without amount; what was sent keeps its cost', async () => {
    const org = await h.organization()
    await org.owner.put('/api/message-prices', { prices: [{ channel: 'sms', price: 0.01 }] })
    const id = await sent(org, { sent: 10, 'billed..US': 10 })
    await special(org, { country: 'US', price: 0.04 })
    expect(await minorOf(org, id)).toBe(10)
    h.clock.advance(HOUR_MS)
    await sent(org, { sent: 10, 'billed..US': 10 }, id)
    expect(await minorOf(org, id)).toBe(50)
    await special(org, { country: 'US', price: null })
    h.clock.advance(HOUR_MS)
    await sent(org, { sent: 10, 'billed..US': 10 }, id)
    expect(await minorOf(org, id)).toBe(60)
    const { body } = await org.viewer.get('/api/message-prices/special')
    expect(body.items.map(({ price }: { price: number | null }) => price)).toEqual([null, 0.04])
    const query = new URLSearchParams({ channel: 'sms', country: 'US', validFrom: body.items[1].validFrom })
    const path = `/api/message-prices/special?${query.toString()}`
    expect((await org.viewer.delete(path)).status).toBe(403)
    expect((await org.owner.delete(path)).status).toBe(204)
    expect((await org.owner.delete(path)).status).toBe(404)
    expect(await minorOf(org, id)).toBe(30)
  })

  test('CB-9.2 prices come page by page, each once and the latest first', async () => {
    const org = await h.organization()
    const countries = ['FR', 'DE', 'US', 'IT', 'ES', 'BE', 'CH']
    for (const country of countries) await special(org, { country, price: 1 })
    h.clock.advance(HOUR_MS)
    await special(org, { country: 'FR', price: 2 })
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await org.viewer.get(
        `/api/message-prices/special?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`,
      )
      seen.push(
        ...body.items.map(({ country, price }: { country: string; price: number }) => `${country} ${price}`),
      )
      expect(seen.length).toBeLessThan(20)
      cursor = body.nextCursor
    }
    expect(seen).toEqual(['FR 2', ...countries.toSorted().map((country) => `${country} 1`)])
  })

  test('CB-9.2 a first price that was taken back is the first again when that is undone', async () => {
    const org = await h.organization()
    const sms = (price: number, validFrom?: string | null) =>
      org.owner.put('/api/message-prices', { prices: [{ channel: 'sms', price, validFrom }] })
    await sms(0.01)
    const later = new Date(h.clock.now().getTime() + 24 * HOUR_MS).toISOString()
    await sms(0.02, later)
    const before = (await org.viewer.get('/api/message-prices')).body
    expect((await org.owner.delete('/api/message-prices/sms')).status).toBe(204)
    await sms(0.01, null)
    expect((await org.viewer.get('/api/message-prices')).body).toEqual(before)
  })

  test('a price by country is of telephones only, names something, and is its organization’s own', async () => {
    const [org, other] = [await h.organization(), await h.organization()]
    const set = (body: object) => org.owner.put('/api/message-prices/special', { price: 1, ...body })
    expect((await set({ channel: 'email', country: 'FR' })).status).toBe(400)
    expect((await set({ channel: 'sms' })).status).toBe(400)
    expect((await set({ channel: 'sms', country: 'France' })).status).toBe(400)
    expect((await set({ channel: 'sms', country: 'FR' })).status).toBe(200)
    expect((await other.viewer.get('/api/message-prices/special')).body.items).toEqual([])
    expect(
      (await org.viewer.put('/api/message-prices/special', { channel: 'sms', country: 'FR', price: 1 }))
        .status,
    ).toBe(403)
    const actions = (await org.owner.get('/api/audit?limit=20')).body.items.map(
      ({ action }: { action: string }) => action,
    )
    expect(actions).toContain('budgets.special_price_changed')
  })
})

describe('prices of posts', () => {
  const post = (org: TestOrganization, id: CampaignId, posts: number, spentOn: string) =>
    addSpend(org.systemCtx, id, {
      kind: 'post',
      channel: null,
      platform: 'instagram',
      amountMinor: null,
      posts,
      spentOn,
      spentUntil: null,
      note: '',
    })

  test('CB-9.2 CB-9.5 posts cost what one on their platform costs on their day, and follow a price that is corrected', async () => {
    const org = await h.organization()
    const id = newId<'campaign'>(h.clock.now())
    await expect(post(org, id, 1, '2026-11-02')).rejects.toMatchObject({ code: 'budgets.post_price_missing' })
    const set = (price: number, validFrom: string) =>
      org.owner.put('/api/post-prices', { platform: 'instagram', price, validFrom })
    await set(12.335, '2026-11-01')
    // The first price holds for everything before it, too.
    expect((await post(org, id, 3, '2026-10-02')).amountMinor).toBe(3701)
    await post(org, id, 2, '2026-11-10')
    await set(20, '2026-11-05')
    expect(await minorOf(org, id)).toBe(3701 + 4000)
    const { body } = await org.viewer.get('/api/post-prices')
    expect(body).toMatchObject({
      currency: 'EUR',
      items: [
        { platform: 'instagram', price: 20, validFrom: '2026-11-05' },
        { platform: 'instagram', price: 12.335, validFrom: null },
      ],
    })
    expect((await org.viewer.put('/api/post-prices', body.items[0])).status).toBe(403)
    expect((await org.owner.delete('/api/post-prices?platform=instagram&validFrom=2026-11-05')).status).toBe(
      204,
    )
    expect(await minorOf(org, id)).toBe(3701 + 2467)
    expect((await org.owner.delete('/api/post-prices?platform=instagram&validFrom=2026-11-05')).status).toBe(
      404,
    )
  })
})

describe('a platform’s first price', () => {
  test('CB-9.2 is the first again, for all that was posted before, when taking it back is undone', async () => {
    const org = await h.organization()
    const set = (price: number, validFrom: string | null) =>
      org.owner.put('/api/post-prices', { platform: 'instagram', price, validFrom })
    await set(10, '2026-11-01')
    await set(20, '2026-11-05')
    const { body } = await org.viewer.get('/api/post-prices')
    expect((await org.owner.delete('/api/post-prices?platform=instagram')).status).toBe(204)
    await set(10, null)
    expect((await org.viewer.get('/api/post-prices')).body).toEqual(body)
  })
})

describe('the number of prices of posts', () => {
  test('is bounded, so that a later price is never taken for the first of its platform', async () => {
    const org = await h.organization()
    const set = (platform: string) =>
      org.owner.put('/api/post-prices', { platform, price: 1, validFrom: '2026-11-01' })
    expect((await set('reddit')).status).toBe(200)
    await inTransaction(org.systemCtx, async (ctx) => {
      for (let n = 1; n < 1_000; n++)
        await insertPostPrice(ctx, {
          platform: 'instagram',
          priceMicros: n,
          validFrom: new Date(Date.UTC(2027, 0, n)).toISOString().slice(0, 10),
        })
    })
    expect((await set('reddit')).body.code).toBe('budgets.too_many_prices')
    expect((await org.viewer.get('/api/post-prices')).body.items.at(-1)).toMatchObject({
      platform: 'reddit',
      validFrom: null,
    })
    await org.owner.delete('/api/post-prices?platform=reddit')
    expect((await set('reddit')).status).toBe(200)
  })
})

describe('rounding', () => {
  test('MA-7.2 parts that are rounded add up to their rounded sum, each within a minor unit of its own', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1_000_000, max: 1_000_000_000 }), { maxLength: 12 }),
        (micros) => {
          const parts = minorsOfMicros(micros, 'EUR')
          const sum = (of: readonly number[]): number => of.reduce((total, one) => total + one, 0)
          expect(sum(parts)).toBe(minorOfMicros(sum(micros), 'EUR') + 0)
          for (const [at, part] of parts.entries())
            expect(Math.abs(part - (micros[at] ?? 0) / 10_000)).toBeLessThanOrEqual(1)
        },
      ),
    )
  })
})
