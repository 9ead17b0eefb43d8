/** Journeys as a report: over the API, from clicks and orders to the credit of each channel and campaign. */
import { expect, test } from 'vitest'
import { inTransaction } from '../platform/db/index.ts'
import { announce } from '../platform/events/index.ts'
import { fromWire, newId, type CampaignId, type ContactId } from '../platform/ids.ts'
import { harness } from '../testing/harness.ts'
import { messageClicked } from '../tracking/index.ts'

const h = await harness()
const HOUR_MS = 3_600_000

test('CS-013.3 CS-013.4 journeys of a period are credited by five models beside each other, lost ones among them, and programs are nobody', async () => {
  const org = await h.organization()
  const campaign = async (name: string) => {
    const { body } = await org.editor.post('/api/campaigns', { name })
    return fromWire('campaign', body.id) as CampaignId
  }
  const [news, reminder] = [await campaign('News'), await campaign('Reminder')]
  const person = async (email: string) =>
    fromWire('contact', (await org.owner.post('/api/contacts', { email })).body.id as string) as ContactId
  const people = {
    ada: await person('ada@people.example'),
    bob: await person('bob@people.example'),
    scanner: await person('scanner@people.example'),
  }
  const follow = (
    contactId: ContactId,
    campaignId: CampaignId,
    channel: 'email' | 'sms',
    machine = false,
  ) => {
    h.clock.advance(HOUR_MS)
    return inTransaction(org.systemCtx, async (ctx) =>
      announce(
        ctx,
        messageClicked,
        {
          variant: 0,
          machine,
          reasons: [],
          agent: 'firefox',
          addressPrefix: null,
          versionId: 'v',
          linkNo: 1,
        },
        { contactId, campaignId, runId: newId<'run'>(h.clock.now()), channel },
      ),
    )
  }
  await follow(people.ada, news, 'email')
  await follow(people.ada, reminder, 'sms')
  await follow(people.bob, news, 'email')
  await follow(people.scanner, news, 'email', true)
  h.clock.advance(HOUR_MS)
  await org.key.post('/api/events', {
    event: 'Order Completed',
    email: 'ada@people.example',
    properties: { order_id: 'o1', total: 80, currency: 'EUR' },
  })
  await h.drain()

  const { status, body } = await org.viewer.get('/api/analytics/journeys')
  expect(status).toBe(200)
  expect(body).toMatchObject({ by: 'channel', journeys: 2, conversions: 1, value: 80, isThin: true })
  const of = (stop: string) => body.items.find((item: { stop: string }) => item.stop === stop)
  expect(of('email')).toMatchObject({
    name: 'E-mail',
    conversions: { first: 1, last: 0, linear: 0.5, shapley: 0.5 },
    value: { first: 80, last: 0, linear: 40, shapley: 40 },
    // Nobody reached the second message but by the first.
    removalEffect: 1,
  })
  expect(of('sms')).toMatchObject({ conversions: { first: 0, last: 1 }, removalEffect: 1 })

  const byCampaign = await org.viewer.get('/api/analytics/journeys?by=campaign')
  expect(byCampaign.body.items.map(({ name }: { name: string }) => name).toSorted()).toEqual([
    'News',
    'Reminder',
  ])
  const earlier = await org.viewer.get('/api/analytics/journeys?from=2026-01-01&to=2026-01-31')
  expect(earlier.body).toMatchObject({ journeys: 0, conversions: 0, conversionProbability: null, items: [] })
  const wrong = await org.viewer.get('/api/analytics/journeys?from=2026-02-01&to=2026-01-01')
  expect(wrong.body.code).toBe('reports.period_invalid')
})
