import { beforeAll, describe, expect, test } from 'vitest'
import { addDeltas } from '../../analytics/index.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { fromWire, newId, type CampaignId } from '../../platform/ids.ts'
import { harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'

const h = await harness()
const DAY_MS = 86_400_000
const PATH = '/api/reports/history'
let org: TestOrganization

/** A campaign that ended so many days ago, with what came of it. */
async function ended(
  name: string,
  daysAgo: number,
  counts: Record<string, number>,
  more: {
    type?: string
    subject?: string
    channel?: 'email' | 'sms'
    status?: string
    archived?: boolean
  } = {},
): Promise<void> {
  const { type = 'promotion', subject = 'Hello', channel = 'email', status = 'completed' } = more
  const { id } = (await org.editor.post('/api/campaigns', { name, type, channels: [channel] })).body
  const campaignId = fromWire('campaign', id) as CampaignId
  await inTransaction(org.systemCtx, async (ctx) => {
    const at = new Date(ctx.now().getTime() - daysAgo * DAY_MS)
    await ctx.db.query(
      `update campaign set launched_at = $3, completed_at = $3, status = $4, archived_at = $5,
        content = jsonb_set(coalesce(content, '{}'), '{email}', $6) where org_id = $1 and id = $2`,
      [org.orgId, campaignId, at, status, more.archived ? ctx.now() : null, JSON.stringify({ subject })],
    )
    await addDeltas(ctx, { campaignId, runId: newId<'run'>(ctx.now()), channel }, counts)
  })
}

const names = async (query: string): Promise<string[]> =>
  (await org.viewer.get(`${PATH}?${query}`)).body.items.map(({ name }: { name: string }) => name)

beforeAll(async () => {
  org = await h.organization()
  await ended(
    'Black Friday 2025',
    365,
    { delivered: 900, 'bounced.hard': 100, clicked: 90, converted: 30, 'revenue.last': 120_000 },
    { archived: true, subject: 'Łukasz, dernier jour' },
  )
  await ended(
    'Spring sale',
    200,
    { delivered: 500, clicked: 5 },
    { type: 'engagement', channel: 'sms', archived: true },
  )
  await ended('Winter 50% off', 30, { delivered: 1_000, clicked: 200, converted: 10, 'revenue.last': 5_000 })
  await ended('Stopped', 10, { sent: 20 }, { status: 'cancelled' })
  await ended('Long ago', 900, { delivered: 10 }, { archived: true })
  await org.editor.post('/api/campaigns', { name: 'A draft' })
})

describe('history', () => {
  test('CB-15.2 CB-15.3 TK-16.1 keeps two years of ended and archived campaigns with what came of them, latest first', async () => {
    const { body } = await org.viewer.get(PATH)
    expect(body).toMatchObject({ currency: 'EUR', total: 4, nextCursor: null })
    expect(body.items.map(({ name }: { name: string }) => name)).toEqual([
      'Stopped',
      'Winter 50% off',
      'Spring sale',
      'Black Friday 2025',
    ])
    expect(body.items[3]).toMatchObject({
      status: 'completed',
      sent: 1_000,
      clicked: 90,
      clickRate: 0.1,
      converted: 30,
      conversionRate: 0.03,
      revenue: 1_200,
    })
    expect(body.items[3].archivedAt).not.toBeNull()
    expect(await names('from=2023-01-01')).toContain('Long ago')
  })

  test.each([
    ['q=friday black', ['Black Friday 2025']],
    ['q=ŁUKASZ', ['Black Friday 2025']],
    ['q=50%25', ['Winter 50% off']],
    ['q=friday spring', []],
    ['type=engagement', ['Spring sale']],
    ['channel=sms', ['Spring sale']],
    ['status=cancelled,failed', ['Stopped']],
    ['show=archived', ['Spring sale', 'Black Friday 2025']],
    ['clickRateMin=0.05', ['Winter 50% off', 'Black Friday 2025']],
    ['revenueMin=100', ['Black Friday 2025']],
    ['sentMin=600&sort=sent', ['Winter 50% off', 'Black Friday 2025']],
    ['sort=revenue&conversionRateMin=0.001', ['Black Friday 2025', 'Winter 50% off']],
  ])('CB-15.3 finds by text, type, channel, status and result: %s', async (query, found) => {
    const sorted = (list: readonly string[]): string[] => list.toSorted()
    expect(sorted(await names(encodeURI(decodeURI(query))))).toEqual(sorted(found))
  })

  test.each(['endedAt', 'sent', 'clickRate', 'conversionRate', 'revenue'])(
    'pages by %s hold every campaign once, in order',
    async (sort) => {
      const whole = await names(`sort=${sort}`)
      const paged: string[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const { body } = await org.viewer.get(
          `${PATH}?sort=${sort}&limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`,
        )
        paged.push(...body.items.map(({ name }: { name: string }) => name))
        cursor = body.nextCursor
      }
      expect(paged).toEqual(whole)
      expect(paged).toHaveLength(4)
    },
  )

  test('another organization finds nothing of it, and a made-up cursor is refused', async () => {
    const other = await h.organization()
    expect((await other.owner.get(PATH)).body.total).toBe(0)
    expect((await org.viewer.get(`${PATH}?cursor=abc`)).body.code).toBe('request.cursor_foreign')
    expect((await org.viewer.get(`${PATH}?from=2026-02-01&to=2026-01-01`)).status).toBe(400)
  })
})
