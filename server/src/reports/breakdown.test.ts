import pg from 'pg'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { addDeltas } from '../analytics/index.ts'
import { inTransaction } from '../platform/db/index.ts'
import { fromWire, newId, toWire, type CampaignId, type ContactId, type RunId } from '../platform/ids.ts'
import { harness, type Harness } from '../testing/harness.ts'
import type { TestOrganization } from '../testing/organization.ts'
import { recordMessages } from '../tracking/index.ts'

const HOUR_MS = 3_600_000
let h: Harness
let org: TestOrganization
beforeAll(async () => {
  h = await harness()
  org = await h.organization()
})

/** A campaign that was launched. */
async function launched(
  name: string,
  by = org,
): Promise<{ id: string; campaignId: CampaignId; runId: RunId }> {
  const { id } = (await by.editor.post('/api/campaigns', { name, channels: ['email', 'sms'] })).body
  const campaignId = fromWire('campaign', id) as CampaignId
  await by.systemCtx.db.query('update campaign set launched_at = $3 where org_id = $1 and id = $2', [
    by.orgId,
    campaignId,
    h.clock.now(),
  ])
  return { id, campaignId, runId: newId<'run'>(h.clock.now()) }
}

async function contact(email: string, country: string): Promise<ContactId> {
  const { body } = await org.owner.post('/api/contacts', { email, country })
  return fromWire('contact', body.id) as ContactId
}

/** They are handed a message. */
const reached = (
  campaign: { campaignId: CampaignId; runId: RunId },
  contactIds: readonly ContactId[],
  channel = 'email',
): Promise<unknown> =>
  inTransaction(org.systemCtx, async (ctx) => {
    await recordMessages(
      ctx,
      { ...campaign, channel, month: '2026-11-01' },
      1,
      contactIds.map((contactId) => ({ contactId, state: 'sent', reason: null })),
    )
    await addDeltas(ctx, { ...campaign, channel }, { sent: contactIds.length })
  })

/** A segment of the people of a country. */
async function segmentOf(country: string, name = `From ${country}`): Promise<string> {
  const { body } = await org.editor.post('/api/segments', {
    name,
    kind: 'dynamic',
    rule: { all: [{ kind: 'contact', field: 'country', operator: 'one_of', value: [country] }] },
  })
  return body.id
}

/** How many statements the database was asked while something was done. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const asked = vi.spyOn(pg.Client.prototype, 'query')
  try {
    await work()
    return asked.mock.calls.length
  } finally {
    asked.mockRestore()
  }
}

describe('a campaign told apart', () => {
  test('CS-012.5 by segments and countries a person of two messages is one', async () => {
    const campaign = await launched('Twice')
    const [ada, bob] = [await contact('ada@example.com', 'FR'), await contact('bob@example.com', 'BE')]
    await reached(campaign, [ada, bob])
    await reached(campaign, [ada], 'sms')
    await org.editor.put(`/api/campaigns/${campaign.id}`, {
      audience: {
        include: { segmentIds: [await segmentOf('FR'), await segmentOf('BE'), await segmentOf('DE')] },
      },
    })
    const sentBy = async (by: string): Promise<unknown> => {
      const { body } = await org.viewer.get(`/api/campaigns/${campaign.id}/funnel?by=${by}`)
      return body.parts.map(({ label, steps }: { label: string; steps: { people: number }[] }) => [
        label,
        steps[0]?.people,
      ])
    }
    expect(await sentBy('country')).toEqual([
      ['BE', 1],
      ['FR', 1],
    ])
    expect(await sentBy('segment')).toEqual([
      ['From BE', 1],
      ['From DE', 0],
      ['From FR', 1],
    ])
  })

  test('CS-012.5 CS-012.6 paper and table ask as much of the database, however many rows they hold', async () => {
    const campaign = await launched('Many rows')
    const ask = (format: string) => () =>
      h.request({
        url: `/api/campaigns/${campaign.id}/report?format=${format}`,
        headers: org.viewer.headers,
      })
    const told = async (): Promise<number[]> => {
      // What is kept after a first look is not counted.
      await ask('csv')()
      return [await statementsOf(ask('csv')), await statementsOf(ask('pdf'))]
    }
    const address = (segmentIds: readonly string[]): Promise<unknown> =>
      org.editor.put(`/api/campaigns/${campaign.id}`, { audience: { include: { segmentIds } } })
    await reached(campaign, [await contact('one@example.com', 'FR')])
    await address([await segmentOf('FR', 'The first')])
    const ofOne = await told()
    const countries = ['FR', 'BE', 'DE', 'ES', 'IT']
    const segments: string[] = []
    for (const country of countries) {
      await reached(campaign, [await contact(`more@${country}.example.com`, country)])
      segments.push(await segmentOf(country, `More from ${country}`))
    }
    await address(segments)
    expect(await told()).toEqual(ofOne)
    expect(ofOne[0]).toBeGreaterThan(5)
    const { body } = await org.viewer.get(`/api/campaigns/${campaign.id}/funnel?by=segment`)
    expect(body.parts).toHaveLength(countries.length)
  })

  test('CS-012.3 CS-012.5 KPI-2 each row has its rates with intervals, a channel beside what is usual on it', async () => {
    const own = await h.organization()
    const counted = async (channel: string, sent: number, clicked: number): Promise<string> => {
      h.clock.advance(HOUR_MS)
      const { id, campaignId, runId } = await launched('Earlier', own)
      await inTransaction(own.systemCtx, async (ctx) => {
        await addDeltas(ctx, { campaignId, runId, channel }, { sent, clicked })
        // Another channel of theirs must not be mixed in.
        await addDeltas(ctx, { campaignId, runId, channel: 'sms' }, { sent: 1_000, clicked: 900 })
      })
      return id
    }
    for (const clicked of [10, 20, 30, 40, 50]) await counted('email', 1_000, clicked)
    const id = await counted('email', 200, 20)
    await counted('email', 1_000, 999)
    const { body } = await own.viewer.get(`/api/campaigns/${id}/funnel?by=channel`)
    const [email, sms] = body.parts
    // Wilson, 20 of 200.
    expect(email.rates.click).toEqual({
      part: 20,
      whole: 200,
      ratio: 0.1,
      interval: { low: expect.closeTo(0.0657, 4), high: expect.closeTo(0.1494, 4) },
    })
    expect(email.usual.click).toEqual({ median: 0.03, low: 0.02, high: 0.04, campaigns: 5 })
    expect(sms.usual.click).toMatchObject({ median: 0.9 })
    expect(email.rates.open).toMatchObject({ ratio: null, interval: null })
    const { body: side } = await own.viewer.get(`/api/campaigns/${id}/platforms`)
    expect(side.items[0]).toMatchObject({ id: 'email', usual: { click: { median: 0.03 } } })
    const csv = String((await own.viewer.get(`/api/campaigns/${id}/report?format=csv`)).body)
    expect(csv).toContain('\r\nrate_click_by_channel,email,0.1\r\nrate_click_by_channel_low,email,0.065')
    expect(csv).toContain('\r\nrate_click_by_channel_usual,email,0.03\r\n')
  })

  test('CS-012.1 CS-012.5 a run has its rates beside what was usual of the runs before it', async () => {
    const { id, campaignId } = await launched('Weekly')
    for (const clicked of [10, 20, 30, 40, 50, 90]) {
      h.clock.advance(HOUR_MS)
      const runId = newId<'run'>(h.clock.now())
      await inTransaction(org.systemCtx, (ctx) =>
        addDeltas(ctx, { campaignId, runId, channel: 'email' }, { sent: 1_000, clicked }),
      )
    }
    const { body } = await org.viewer.get(`/api/campaigns/${id}/funnel?by=run`)
    expect(body.parts).toHaveLength(6)
    expect(body.parts[0]).toMatchObject({
      at: h.clock.now().toISOString(),
      rates: { click: { ratio: 0.09 } },
      usual: { click: { median: 0.03, low: 0.02, high: 0.04, campaigns: 5 } },
    })
    // Four before it are too few.
    expect(body.parts[1].usual.click).toBeNull()
  })

  test('CS-012.4 rates of an hour are shares of the whole campaign, and add up to it', async () => {
    const { id, campaignId, runId } = await launched('Day')
    for (const clicked of [30, 20]) {
      await inTransaction(org.systemCtx, (ctx) =>
        addDeltas(
          ctx,
          { campaignId, runId, channel: 'email' },
          { sent: 500, measured: 500, clicked, opened: 1 },
        ),
      )
      h.clock.advance(HOUR_MS)
    }
    const { body } = await org.viewer.get(`/api/campaigns/${id}/funnel?by=hour`)
    // The clock may have passed midnight between them.
    const clicks = body.parts.map(({ rates }: { rates: { click: { ratio: number; whole: number } } }) => [
      rates.click.ratio,
      rates.click.whole,
    ])
    expect(clicks.toSorted()).toEqual([
      [0.02, 1_000],
      [0.03, 1_000],
    ])
    expect(body.rates.click.ratio).toBeCloseTo(0.05, 9)
    expect(body.parts[0].rates.delivery.ratio).toBeNull()
  })

  test('CS-012.5 opens of a country have a rate only where everybody could be measured', async () => {
    const people = await Promise.all(['x', 'y'].map((name) => contact(`${name}@open.example.com`, 'FR')))
    const openRate = async (measured: number): Promise<unknown> => {
      const campaign = await launched('Opens')
      await reached(campaign, people)
      await inTransaction(org.systemCtx, async (ctx) => {
        await addDeltas(ctx, { ...campaign, channel: 'email' }, { measured })
        await ctx.db.query(
          `insert into engagement (org_id, run_id, contact_id, channel, campaign_id, variant, opened, machine_opened, clicked,
             machine_clicked, unsubscribed, complained, converted, updated_at)
           values ($1, $2, $3, 'email', $4, 0, 2, 0, 1, 0, 0, 0, 0, $5)`,
          [org.orgId, campaign.runId, people[0], campaign.campaignId, ctx.now()],
        )
      })
      const { body } = await org.viewer.get(`/api/campaigns/${campaign.id}/funnel?by=country`)
      expect(body.parts[0].rates.click).toMatchObject({ part: 1, whole: 2, ratio: 0.5 })
      return body.parts[0].rates.open.ratio
    }
    expect([await openRate(2), await openRate(1)]).toEqual([0.5, null])
  })

  test('FR-006.1 CS-012.1 one run by itself: figures, curve, breakdowns and people; a run of another campaign is none', async () => {
    const first = await launched('Repeats')
    h.clock.advance(HOUR_MS)
    const second = { ...first, runId: newId<'run'>(h.clock.now()) }
    const other = await launched('Another')
    const [ada, bob] = [
      await contact('ada@run.example.com', 'FR'),
      await contact('bob@run.example.com', 'BE'),
    ]
    await reached(first, [ada, bob])
    await reached(second, [bob])
    await reached(other, [ada])
    const path = (what: string, { runId }: { runId: RunId }, more = ''): string =>
      `/api/campaigns/${first.id}/${what}?runId=${toWire('run', runId)}${more}`
    const { body: report } = await org.viewer.get(path('report', second))
    expect(report.figures.handedOver).toBe(1)
    expect(report.activity.points.reduce((sum: number, { sent }: { sent: number }) => sum + sent, 0)).toBe(1)
    for (const [by, labels] of [
      ['channel', ['email']],
      ['country', ['BE']],
      ['hour', [expect.any(String)]],
    ] as const) {
      const { body } = await org.viewer.get(path('funnel', second, `&by=${by}`))
      expect(body.steps[0].people).toBe(1)
      expect(body.parts.map(({ label }: { label: string }) => label)).toEqual(labels)
      expect(body.parts[0].steps[0].people).toBe(1)
    }
    const people = async (run: { runId: RunId }): Promise<number> =>
      (await org.viewer.get(path('people', run, '&of=sent'))).body.items.length
    expect([await people(first), await people(second), await people(other)]).toEqual([2, 1, 0])
    // Files are about the whole.
    expect((await org.viewer.get(path('report', second, '&format=csv'))).status).toBe(400)
    for (const what of ['report', 'funnel'])
      expect((await org.viewer.get(path(what, other))).status).toBe(404)
  })
})
