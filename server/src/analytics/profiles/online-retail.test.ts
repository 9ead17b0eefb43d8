import { beforeAll, describe, expect, test } from 'vitest'
import { harness, type Harness } from '../../testing/harness.ts'
import {
  emailOf,
  hasOnlineRetail,
  identification,
  messagesOf,
  retailCustomers,
  retailInvoices,
  retailLines,
  type RetailInvoice,
  type RetailMessage,
} from '../../testing/online-retail.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { rebuildProfiles } from './rebuild.ts'

/** One customer in so many, and one guest; all of them by `npm run trial:retail`. */
const EVERY = 90
/** Messages of one request. */
const BATCH = 1_000

describe.skipIf(!hasOnlineRetail())(
  'a shop’s real invoices (UCI Online Retail in ../shared/data/online-retail)',
  () => {
    let h: Harness
    let org: TestOrganization
    let writeKey: string
    let invoices: RetailInvoice[]
    beforeAll(async () => {
      h = await harness()
      org = await h.organization({ currency: 'GBP', timeZone: 'Europe/London' })
      writeKey = (await org.owner.post('/api/event-sources', { name: 'Shop', kind: 'server' })).body.writeKey
      invoices = retailInvoices(retailLines()).filter(({ customer, invoice }) =>
        customer === '' ? Number(invoice.replace(/\D/g, '')) % EVERY === 0 : Number(customer) % EVERY === 0,
      )
      await post(h, writeKey, invoices)
      await h.drain()
    })

    test('CB-3.1 orders, refunds, money and RFM classes equal those figured from the raw lines', async () => {
      h.clock.advance(61_000)
      await h.drain()
      const expected = retailCustomers(invoices)
      const buyers: Record<string, unknown>[] = []
      for (let cursor = ''; ;) {
        const { body } = await org.owner.get(`/api/analytics/rfm/people?limit=100${cursor}`)
        buyers.push(...body.items)
        if (body.nextCursor === null) break
        cursor = `&cursor=${body.nextCursor}`
      }
      const byEmail = (a: { email: unknown }, b: { email: unknown }): number =>
        String(a.email) < String(b.email) ? -1 : 1
      expect(
        buyers
          .map(({ email, orders, revenueMinor, recency, frequency, monetary, class: name, lastOrderAt }) => ({
            email,
            orders,
            revenueMinor,
            recency,
            frequency,
            monetary,
            class: name,
            lastOrderAt: Date.parse(String(lastOrderAt)),
          }))
          .toSorted(byEmail),
      ).toEqual(
        expected
          .map(({ customer, refunds: _refunds, ...figures }) => ({ email: emailOf(customer), ...figures }))
          .toSorted(byEmail),
      )
      const { body: grid } = await org.owner.get('/api/analytics/rfm')
      expect(grid).toMatchObject({
        buyers: expected.length,
        orders: expected.reduce((sum, { orders }) => sum + orders, 0),
        revenueMinor: expected.reduce((sum, { revenueMinor }) => sum + revenueMinor, 0),
      })
    })

    test('the log holds each line once, also guests’, and all money of profiles and guests is all money of the file', async () => {
      await post(h, writeKey, invoices.slice(0, 20))
      await h.drain()
      const [log] = await org.systemCtx.db.query<{ lines: number; money: string }>(
        `select count(*) filter (where type in ('track:Product Bought', 'track:Product Returned'))::int as lines,
         sum((payload #>> '{money,amountMinor}')::bigint * case type when 'track:Order Completed' then 1 when 'track:Order Refunded' then -1 else 0 end)::text as money
       from event where org_id = $1`,
        [org.orgId],
      )
      const total = invoices.reduce((sum, { totalMinor }) => sum + totalMinor, 0)
      expect(log).toEqual({
        lines: invoices.reduce((sum, { lines }) => sum + lines.length, 0),
        money: String(total),
      })
      const [profiles] = await org.systemCtx.db.query<{ revenue: string }>(
        'select sum(revenue_minor)::text as revenue from contact_profile where org_id = $1',
        [org.orgId],
      )
      const guests = invoices
        .filter(({ customer }) => customer === '')
        .reduce((sum, { totalMinor }) => sum + totalMinor, 0)
      expect(Number(profiles?.revenue) + guests).toBe(total)
    })

    test('a rebuild from the log finds every figure as it stands', async () => {
      const report = await rebuildProfiles(org.systemCtx)
      expect(report.differences).toEqual([])
      expect(report.contacts).toBeGreaterThan(20)
    })
  },
)

async function post(h: Harness, writeKey: string, invoices: readonly RetailInvoice[]): Promise<void> {
  const customers = invoices.filter(
    ({ customer }, at) =>
      customer !== '' && invoices.findIndex((other) => other.customer === customer) === at,
  )
  const messages: RetailMessage[] = [...customers.map(identification), ...invoices.flatMap(messagesOf)]
  for (let at = 0; at < messages.length; at += BATCH) {
    const answer = await h.request({
      method: 'POST',
      url: '/v1/batch',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`,
      },
      payload: JSON.stringify({ batch: messages.slice(at, at + BATCH) }),
    })
    expect(answer.statusCode).toBe(200)
  }
}
