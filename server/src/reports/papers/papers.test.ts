import { beforeAll, describe, expect, test } from 'vitest'
import { appendDeltas } from '../../analytics/index.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { fromWire, newId, type CampaignId } from '../../platform/ids.ts'
import { harness, type Harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'

const HOUR_MS = 3_600_000
let h: Harness
let org: TestOrganization
beforeAll(async () => {
  h = await harness()
  org = await h.organization({ name: 'Atelier Éléonore', timeZone: 'Europe/Paris', currency: 'EUR' })
  await org.owner.put('/api/message-prices', { prices: [{ channel: 'email', price: 0.0015 }] })
})

/** A campaign on e-mail and SMS whose day is counted hour by hour. */
async function ran(name: string, clicks: number): Promise<string> {
  const { id } = (await org.editor.post('/api/campaigns', { name, channels: ['email', 'sms'] })).body
  const campaignId = fromWire('campaign', id) as CampaignId
  const runId = newId<'run'>(h.clock.now())
  const from = h.clock.now().getTime()
  h.clock.advance(24 * HOUR_MS)
  await inTransaction(org.systemCtx, async (ctx) => {
    await ctx.db.query('update campaign set launched_at = $3 where org_id = $1 and id = $2', [
      org.orgId,
      campaignId,
      new Date(from),
    ])
    const counted = (channel: string, hour: number, counts: Record<string, number>) =>
      Object.entries(counts).map(([figure, n]) => ({
        campaignId,
        runId,
        channel,
        variant: 0,
        name: figure,
        n,
        at: new Date(from + hour * HOUR_MS),
      }))
    await appendDeltas(ctx, [
      ...counted('email', 0, {
        audience: 14_000,
        'skipped.withdrawn': 1_204,
        'bounced.hard': 120,
        measured: 9_000,
      }),
      ...counted('sms', 0, { sent: 1_900, 'failed.rejected': 30, clicked: 61 }),
      ...Array.from({ length: 23 }, (_none, hour) =>
        counted('email', hour, {
          sent: hour < 4 ? 2_600 : 0,
          opened: Math.round(700 * Math.exp(-hour / 6)),
          clicked: Math.round(clicks * Math.exp(-hour / 8)),
          'clicked.total': Math.round(clicks * Math.exp(-hour / 8)),
          machine_clicked: hour === 0 ? 211 : 0,
          converted: Math.round(9 * Math.exp(-hour / 12)),
          'conversions.last': Math.round(9 * Math.exp(-hour / 12)) * 1_000_000,
          'revenue.last': Math.round(9 * Math.exp(-hour / 12)) * 4_350,
          unsubscribed: hour % 5 === 0 ? 2 : 0,
        }),
      ).flat(),
    ])
  })
  return id
}

const pdfOf = async (path: string): Promise<string> => {
  const answer = await h.request({ url: path, headers: { ...org.viewer.headers } })
  expect(answer.statusCode).toBe(200)
  expect(answer.headers['content-type']).toBe('application/pdf')
  expect(answer.headers['content-disposition']).toMatch(
    /^attachment; filename="[a-z]+(-\d{4}-\d\d-\d\d)+\.pdf"$/,
  )
  return answer.rawPayload.toString('latin1')
}

describe('papers', () => {
  test('CB-15.4 CS-012.6 TK-5.4 TK-11.6 TK-16.2 DS-CampaignAnalyticsService.generateReport DS-batch-processing.3 the report of a campaign is a tagged PDF in both languages, its charts are figures with a text and a table each', async () => {
    const id = await ran('Black Friday – accès anticipé', 140)
    for (const [locale, alternative] of [
      ['en', 'The same figures stand in a table at the end'],
      // With accents a text is UTF-16.
      ['fr', Array.from('figurent dans un tableau', (letter) => `\0${letter}`).join('')],
    ] as const) {
      const pdf = await pdfOf(`/api/campaigns/${id}/report?format=pdf&locale=${locale}`)
      expect(pdf.slice(0, 8)).toBe('%PDF-1.7')
      expect(pdf).toContain('/Marked true')
      expect(pdf).toContain(`/Lang (${locale})`)
      const [figures, tables] = [pdf.match(/\/S \/Figure/g) ?? [], pdf.match(/\/S \/Table\b/g) ?? []]
      // Curves, the way to converting, and the channels; with their tables stand rates, links or reasons, and money.
      expect(figures).toHaveLength(3)
      expect(tables.length).toBeGreaterThanOrEqual(figures.length + 3)
      expect(pdf.match(/\/Alt \(/g)).toHaveLength(3)
      expect(pdf).toContain('/Scope /Column')
      expect(pdf).toContain(alternative)
      // Vectors, no pictures.
      expect(pdf).not.toContain('/Subtype /Image')
    }
  })

  test('CB-15.4 CS-012.6 FR-006.7 TK-5.4 TK-11.6 TK-16.2 DS-CampaignAnalyticsService.generateReport the same report is CSV and JSON', async () => {
    const id = await ran('Spring', 100)
    const table = await org.viewer.get(`/api/campaigns/${id}/report?format=csv`)
    expect(table.headers['content-type']).toContain('text/csv')
    expect(String(table.body)).toContain('handed_over,,12420\r\n')
    expect((await org.viewer.get(`/api/campaigns/${id}/report`)).body.figures.handedOver).toBe(12_420)
    expect((await org.viewer.get(`/api/campaigns/${id}/report?format=docx`)).status).toBe(400)
  })

  test('CB-8.5 CB-15.4 campaigns side by side are PDF, CSV and JSON, with the intervals of their differences', async () => {
    const ids = [await ran('Autumn', 90), await ran('Winter', 150), await ran('Спринг Łódź', 95)]
    const path = `/api/campaigns/compare?ids=${ids.join(',')}`
    for (const locale of ['en', 'fr']) {
      const pdf = await pdfOf(`${path}&format=pdf&locale=${locale}`)
      expect(pdf.match(/\/S \/Figure/g)).toHaveLength(2)
    }
    const table = String((await org.viewer.get(`${path}&format=csv`)).body)
    const line = table.split('\r\n').find((row) => row.includes(',Winter,difference_click,'))
    const [value = 0, low = 0, high = 0] = (line ?? '').split(',').slice(3).map(Number)
    expect(low).toBeGreaterThan(0)
    expect(value).toBeGreaterThan(low)
    expect(high).toBeGreaterThan(value)
    const { body } = await org.viewer.get(path)
    expect(body.items.map(({ name }: { name: string }) => name)).toEqual(['Autumn', 'Winter', 'Спринг Łódź'])
    expect(await pdfOf(`${path}&by=channel&format=pdf&locale=fr`)).toContain('/Marked true')
    expect(String((await org.viewer.get(`${path}&by=channel&format=csv`)).body)).toContain(
      'email,email,sent,',
    )
    expect((await org.viewer.get(`/api/campaigns/compare?ids=${ids[0]}`)).status).toBe(400)
  })

  test('KPI-3 beside a rate stands what is usual here: the median of earlier campaigns on the same channels, with their middle half and number', async () => {
    const own = await h.organization()
    const at = async (name: string, clicked: number, channels = ['email']): Promise<string> => {
      const { id } = (await own.editor.post('/api/campaigns', { name, channels })).body
      const campaignId = fromWire('campaign', id) as CampaignId
      h.clock.advance(HOUR_MS)
      await inTransaction(own.systemCtx, async (ctx) => {
        await ctx.db.query('update campaign set launched_at = $3 where org_id = $1 and id = $2', [
          own.orgId,
          campaignId,
          ctx.now(),
        ])
        const subject = { campaignId, runId: newId<'run'>(ctx.now()), channel: 'email', at: ctx.now() }
        await appendDeltas(ctx, [
          { ...subject, name: 'sent', n: 1_000 },
          { ...subject, name: 'clicked', n: clicked },
        ])
      })
      return id
    }
    for (const clicked of [10, 20, 30, 40]) await at('earlier', clicked)
    await at('on another channel', 900, ['sms'])
    const fifth = await at('fifth', 50)
    expect((await own.viewer.get(`/api/campaigns/${fifth}/usual`)).body.click).toBeNull()
    const sixth = await at('sixth', 500)
    await at('later', 999)
    expect((await own.viewer.get(`/api/campaigns/${sixth}/usual`)).body.click).toEqual({
      median: 0.03,
      low: 0.02,
      high: 0.04,
      campaigns: 5,
    })
  })

  test('CS-012.5 CB-15.4 FR-006.5 FR-006.7 paper and table tell a campaign apart by channel, hour and country, with its money', async () => {
    const id = await ran('Apart', 140)
    await org.editor.post(`/api/campaigns/${id}/spends`, {
      kind: 'media',
      platform: 'reddit',
      amount: 12.34,
      spentOn: '2026-11-20',
    })
    const csv = await h.request({
      url: `/api/campaigns/${id}/report?format=csv`,
      headers: org.viewer.headers,
    })
    const lines = new Map(
      csv.body
        .split('\r\n')
        .map((line) => line.split(','))
        .map(([figure = '', detail = '', value = '']) => [`${figure} ${detail}`.trim(), value]),
    )
    const roi = (await org.viewer.get(`/api/campaigns/${id}/roi`)).body
    expect(Number(lines.get('cost_EUR'))).toBe(roi.cost.total)
    expect(Number(lines.get('cost_by_platform_EUR reddit'))).toBe(12.34)
    const sumOf = (figure: string): number =>
      [...lines].reduce((sum, [name, value]) => sum + (name.startsWith(`${figure} `) ? Number(value) : 0), 0)
    // To the cent, whatever each was rounded to.
    expect(Math.round(sumOf('cost_by_channel_EUR') * 100)).toBe(Math.round(roi.cost.messages * 100))
    expect(Math.round(sumOf('revenue_by_channel_EUR') * 100)).toBe(Math.round(roi.revenue * 100))
    expect(sumOf('sent_by_channel')).toBe(Number(lines.get('handed_over')))
    expect(sumOf('sent_by_hour_of_day')).toBe(Number(lines.get('handed_over')))
    expect(await pdfOf(`/api/campaigns/${id}/report?format=pdf&locale=fr`)).toContain('%PDF-1.7')
  })

  test('CB-9.5 CB-15.4 MA-7.2 money apart by each part is PDF, CSV and JSON, and the lines of each add up to the total to the cent', async () => {
    const cents = (amount: number | null): number => Math.round((amount ?? 0) * 100)
    const seen = new Set<string>()
    for (const part of ['campaign', 'channel', 'platform', 'segment', 'type']) {
      const { body } = await org.viewer.get(`/api/analytics/money?by=${part}`)
      const lines = [...body.items, ...(body.overlap === null ? [] : [body.overlap])]
      const sumOf = (figure: string): number =>
        lines.reduce((sum: number, line: Record<string, number | null>) => sum + cents(line[figure] ?? 0), 0)
      expect(sumOf('cost')).toBe(cents(body.total.cost))
      expect(sumOf('revenue')).toBe(cents(body.total.revenue))
      seen.add(`${body.total.cost} ${body.total.revenue}`)
      const csv = await h.request({
        url: `/api/analytics/money?by=${part}&format=csv`,
        headers: org.viewer.headers,
      })
      const rows = csv.body
        .trim()
        .split('\r\n')
        .slice(1)
        .map((line) => line.split(','))
      const costs = rows.map((row) => cents(Number(row[4])))
      expect(costs.slice(0, -1).reduce((sum, one) => sum + one, 0)).toBe(costs.at(-1))
      for (const locale of ['en', 'fr'])
        await pdfOf(`/api/analytics/money?by=${part}&format=pdf&locale=${locale}`)
    }
    expect(seen.size).toBe(1)
  })

  test('CB-15.4 the overview is a table, too', async () => {
    const answer = await h.request({ url: '/api/analytics/overview?format=csv', headers: org.viewer.headers })
    expect(answer.headers['content-type']).toContain('text/csv')
    expect(answer.body).toMatch(/\r\nrate_click,0\.\d+,/)
  })
})
