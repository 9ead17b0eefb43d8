import pg from 'pg'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { addDeltas } from '../analytics/index.ts'
import { inTransaction } from '../platform/db/index.ts'
import { fromWire, newId, type CampaignId, type ContactId, type RunId } from '../platform/ids.ts'
import { harness, type Harness } from '../testing/harness.ts'
import type { TestOrganization } from '../testing/organization.ts'
import { recordMessages } from '../tracking/index.ts'

let h: Harness
let org: TestOrganization
beforeAll(async () => {
  h = await harness()
  org = await h.organization()
})

/** A campaign that was launched. */
async function launched(name: string): Promise<{ id: string; campaignId: CampaignId; runId: RunId }> {
  const { id } = (await org.editor.post('/api/campaigns', { name, channels: ['email', 'sms'] })).body
  const campaignId = fromWire('campaign', id) as CampaignId
  await org.systemCtx.db.query('update campaign set launched_at = $3 where org_id = $1 and id = $2', [
    org.orgId,
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
})
