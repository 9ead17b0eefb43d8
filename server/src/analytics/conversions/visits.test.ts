/** Conversions of people who came by posts. */
import { beforeAll, describe, expect, test } from 'vitest'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import { fromWire, newId, type CampaignId, type ContactId } from '../../platform/ids.ts'
import { harness, type Harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { messageClicked } from '../../tracking/index.ts'
import { ATTRIBUTION_MODELS, campaignFigures, channelFigures, rebuildAnalytics } from '../index.ts'

const HOUR_MS = 3_600_000
let h: Harness
beforeAll(async () => {
  h = await harness()
})

/** A campaign with a tracked link on a platform. @returns its ids, and the marks of the link */
async function posted(org: TestOrganization, platform: string) {
  const { body: campaign } = await org.editor.post('/api/campaigns', { name: `On ${platform}` })
  const { body: link } = await org.editor.post(`/api/campaigns/${campaign.id}/links`, {
    destination: 'https://shop.example/',
    platform,
    name: 'Post',
  })
  return {
    id: campaign.id as string,
    campaignId: fromWire('campaign', campaign.id as string) as CampaignId,
    search: new URL(link.url as string).search,
  }
}

/** A visitor's browser reports a page, some hours ago. */
const visit = (org: TestOrganization, anonymousId: string, search: string, hoursAgo: number) =>
  org.key.post('/api/events', {
    type: 'page',
    anonymousId,
    context: { page: { search } },
    timestamp: new Date(h.clock.now().getTime() - hoursAgo * HOUR_MS).toISOString(),
  })

const buy = (org: TestOrganization, anonymousId: string, total: number, order: string) =>
  org.key.post('/api/events', {
    event: 'Order Completed',
    anonymousId,
    properties: { total, currency: 'EUR', order_id: order },
  })

const creditOf = (org: TestOrganization) =>
  org.systemCtx.db.query<{ channel: string; touch: string; seq: string; amounts: number[] }>(
    `select channel, touch, seq::text as seq, amounts_minor::float8[] as amounts
    from conversion_credit where org_id = $1 order by seq, touch_no`,
    [org.orgId],
  )

describe('who comes by a post', () => {
  test('CS-013.3 CS-013.4 is credited to the platform by every model, to the cent, beside messages', async () => {
    const org = await h.organization()
    const [insta, tok] = [await posted(org, 'instagram'), await posted(org, 'tiktok')]
    await visit(org, 'v', insta.search, 30)
    await visit(org, 'v', tok.search, 20)
    const [visitor] = await org.systemCtx.db.query<{ contactId: ContactId }>(
      "select contact_id from event where org_id = $1 and campaign_id = $2 and type = 'page'",
      [org.orgId, insta.campaignId],
    )
    const mail = newId<'campaign'>(h.clock.now())
    await inTransaction(org.systemCtx, async (ctx) =>
      announce(
        ctx,
        messageClicked,
        {
          variant: 1,
          machine: false,
          reasons: [],
          agent: 'firefox',
          addressPrefix: null,
          versionId: 'v',
          linkNo: 1,
        },
        {
          contactId: visitor?.contactId as ContactId, // the visitor's, found above
          campaignId: mail,
          runId: newId<'run'>(h.clock.now()),
          channel: 'email',
          at: new Date(h.clock.now().getTime() - 10 * HOUR_MS),
        },
      ),
    )
    await buy(org, 'v', 100.01, 'o1')
    await h.drain()
    const credits = await creditOf(org)
    expect(credits.map(({ channel, touch }) => [channel, touch])).toEqual([
      ['instagram', 'visited'],
      ['tiktok', 'visited'],
      ['email', 'clicked'],
    ])
    ATTRIBUTION_MODELS.forEach((_model, place) =>
      expect(credits.reduce((sum, { amounts }) => sum + (amounts[place] ?? 0), 0)).toBe(10_001),
    )
    const { attributed, converted } = await campaignFigures(org.systemCtx, insta.campaignId)
    expect(attributed.find(({ model }) => model === 'first')).toMatchObject({ revenueMinor: 10_001 })
    // Nobody got a message: no rate over messages has them in it.
    expect(converted).toBe(0)
    expect(await channelFigures(org.systemCtx, insta.campaignId)).toEqual([])
  })

  test('CS-013.3 is credited alike when the visit arrives after the order, and by a rebuild', async () => {
    const org = await h.organization()
    const insta = await posted(org, 'instagram')
    await buy(org, 'v', 20, 'o1')
    await h.drain()
    expect(await creditOf(org)).toEqual([])
    await visit(org, 'v', insta.search, 1)
    await visit(org, 'v', insta.search, 2)
    await h.drain()
    expect(await creditOf(org)).toMatchObject([
      { channel: 'instagram', amounts: [2000, 2000, 2000, 2000, 2000] },
    ])
    expect(await rebuildAnalytics(org.systemCtx)).toMatchObject({ different: [], conversions: 0, sums: 0 })
    await org.systemCtx.db.query('delete from metric_delta where org_id = $1', [org.orgId])
    await org.systemCtx.db.query('delete from metric where org_id = $1', [org.orgId])
    await rebuildAnalytics(org.systemCtx)
    const { attributed } = await campaignFigures(org.systemCtx, insta.campaignId)
    expect(attributed.map(({ revenueMinor }) => revenueMinor)).toEqual([2000, 2000, 2000, 2000, 2000])
  })

  test('CS-013.2 too long ago, or by marks of another organization’s campaign, is credited to none', async () => {
    const [org, other] = [await h.organization(), await h.organization()]
    const theirs = await posted(other, 'instagram')
    const ours = await posted(org, 'reddit')
    await visit(org, 'v', theirs.search, 1)
    await visit(org, 'v', ours.search, 8 * 24)
    await buy(org, 'v', 20, 'o1')
    await h.drain()
    expect(await creditOf(org)).toEqual([])
    expect(await creditOf(other)).toEqual([])
  })
})
