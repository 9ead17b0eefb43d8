/** Models of the design document: each of their fields is there, under the name that docs/api/services.md gives. */
import { beforeAll, expect, test } from 'vitest'
import { testContacts } from './audience.ts'
import { harness } from './harness.ts'
import type { TestOrganization } from './organization.ts'

const h = await harness({ env: { SMTP_URL: 'smtp://discard.invalid' } })
let org: TestOrganization
let contactId: string
beforeAll(async () => {
  org = await h.organization()
  const [first] = await testContacts(org.systemCtx, { emails: ['ada@example.net', 'bob@example.net'] })
  contactId = `con_${first}`
})

const get = async (path: string) => (await org.viewer.get(path)).body
const mail = (subject: string) => ({
  subject,
  fromName: 'Atelier',
  fromEmail: 'hello@atelier.example',
  format: 'html',
  body: '<html><body><p>Hello</p><img src="https://shop.example/a.png" alt="A hat"></body></html>',
})

test('DS-model.ABTest DS-model.ABTestVariant a test and its variants have every field of the design', async () => {
  const { id } = (
    await org.editor.post('/api/campaigns', {
      name: 'Spring',
      audience: { include: { rule: { all: [] } } },
      content: { email: mail('First') },
    })
  ).body
  const written = await org.editor.post(`/api/campaigns/${id}/ab-test`, {
    name: 'Subjects',
    variants: [{ name: 'Plain' }, { name: 'Bold', content: { email: mail('Second') } }],
    trafficSplit: { A: 40, B: 60 },
    settings: { minSample: 100, confidence: 90 },
  })
  const { testId } = written.body
  expect(written.body).toMatchObject({
    name: 'Subjects',
    status: 'draft',
    settings: { minSample: 100, confidence: 90 },
    variants: [
      { id: 'A', name: 'Plain', isControl: false, percent: 40, content: null },
      { id: 'B', name: 'Bold', isControl: false, percent: 60, content: { email: { subject: 'Second' } } },
    ],
  })
  await org.editor.post(`/api/campaigns/${id}/launch`)
  await h.drain()
  await org.editor.post(`/api/campaigns/ab-test/${testId}/apply-winner`, { variantId: 'B', reason: 'Ours' })
  await h.drain()
  const results = await get(`/api/campaigns/ab-test/${testId}/results`)
  expect(results).toMatchObject({
    status: 'completed',
    startedAt: h.clock.now().toISOString(),
    completedAt: h.clock.now().toISOString(),
    decision: { winnerId: null, chosenId: 'B' },
  })
  expect(results.comparisons[0]).toHaveProperty('anytimeP')
  for (const variant of results.variants)
    expect(variant).toMatchObject({
      recipients: expect.any(Number),
      clicked: 0,
      converted: 0,
      revenue: 0,
      reported: { impressions: 0, clicks: 0, conversions: 0, revenue: 0 },
    })
})

test('DS-model.Segment DS-model.SegmentMember a segment and its people have every field of the design', async () => {
  const rule = { kind: 'contact', field: 'country', operator: 'one_of', value: ['FR'] }
  const dynamic = await org.editor.post('/api/segments', {
    name: 'French',
    description: 'In France',
    kind: 'dynamic',
    rule,
  })
  expect(await get(`/api/segments/${dynamic.body.id}`)).toMatchObject({
    name: 'French',
    description: 'In France',
    kind: 'dynamic',
    rule,
    size: 2,
    sizeAt: expect.any(String),
    createdAt: h.clock.now().toISOString(),
    updatedAt: h.clock.now().toISOString(),
  })
  const { now } = await get(`/api/segments/${dynamic.body.id}/performance`)
  expect(now).toMatchObject({ people: 2, revenueMinor: 0 })
  expect(now).toHaveProperty('engagementCenti')
  const list = (await org.editor.post('/api/segments', { name: 'List', kind: 'static' })).body
  await org.editor.post(`/api/segments/${list.id}/members`, { contactIds: [contactId] })
  expect(
    await org.systemCtx.db.query('select contact_id, added_at from segment_member where org_id = $1', [
      org.orgId,
    ]),
  ).toEqual([{ contactId: contactId.slice('con_'.length), addedAt: h.clock.now() }])
})
