import { expect, test } from 'vitest'
import { harness } from '../testing/harness.ts'

const h = await harness()
/** An installation with a mail server, at which nobody answers. */
const withServer = await harness({ env: { SMTP_URL: 'smtp://mail.invalid' } })

test('a person gets a sample workspace of their own, named as one, filled, and entered', async () => {
  const org = await h.organization()
  const { status } = await org.editor.post('/api/sample-workspace')
  expect(status).toBe(201)
  await h.drain()
  const session = await org.editor.get('/api/session')
  expect(session.body.organization).toMatchObject({ isSample: true, name: 'Sample: gift shop' })
  expect(session.body.role).toBe('owner')
  expect((await org.editor.get('/api/contacts?limit=1')).body.total ?? 500).toBe(500)
  expect((await org.editor.get('/api/segments')).body.items).toHaveLength(4)
  const campaigns = (await org.editor.get('/api/campaigns?sort=name')).body.items
  expect(campaigns.map((item: { name: string; status: string }) => item.name)).toEqual([
    'Autumn letter to loyal customers',
    'We miss you',
  ])
})

test('with a mail server too the sample shows a campaign that was sent, and nothing of it leaves', async () => {
  const org = await withServer.organization()
  await org.editor.post('/api/sample-workspace')
  await withServer.drain()
  const { body } = await org.editor.get('/api/campaigns?sort=name')
  expect(body.items.map(({ name, status }: { name: string; status: string }) => [name, status])).toEqual([
    ['Autumn letter to loyal customers', 'completed'],
    ['We miss you', 'draft'],
  ])
  const { body: metrics } = await org.editor.get(`/api/campaigns/${body.items[0].id}/metrics`)
  expect(metrics.handedOver).toBeGreaterThan(50)
})

test('the sample’s customers have orders, refunds and classes, which equal what their columns say', async () => {
  const org = await h.organization()
  await org.editor.post('/api/sample-workspace')
  await h.drain()
  expect((await org.editor.get('/api/analytics/rfm')).body).toMatchObject({ buyers: 0, isBeingDrawn: true })
  h.clock.advance(61_000)
  await h.drain()
  const { body: grid } = await org.editor.get('/api/analytics/rfm')
  expect(grid).toMatchObject({ buyers: 500, isBeingDrawn: false, currency: 'GBP' })
  const contact = (await org.editor.get('/api/contacts?q=customer12348')).body.items[0]
  const { body: profile } = await org.editor.get(`/api/contacts/${contact.id}/profile`)
  expect(profile).toMatchObject({
    orders: 4,
    revenueMinor: 179_724,
    lastOrderAt: expect.stringContaining(contact.attributes.last_order),
  })
  const { body: history } = await org.editor.get(`/api/contacts/${contact.id}/history?kind=orders`)
  expect(history.items).toHaveLength(4)
})

test('the sample belongs to its maker alone and leaves the first organization as it was', async () => {
  const org = await h.organization()
  await org.editor.post('/api/sample-workspace')
  expect((await org.owner.get('/api/contacts')).body.items).toEqual([])
  expect((await org.owner.get('/api/session')).body.organizations).toHaveLength(1)
})

test('nobody without an account gets one', async () => {
  expect((await h.request({ method: 'POST', url: '/api/sample-workspace' })).statusCode).toBe(401)
})
