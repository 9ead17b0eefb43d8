/** A slice of a public test, as a shop would run it: imported arms, events, and the rates of the raw file. */
import { expect, test } from 'vitest'
import { wilsonInterval } from '../../experiments/index.ts'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import {
  HILLSTROM_ARMS,
  hasHillstromTest,
  hillstromEvents,
  hillstromRows,
  hillstromTest,
  VISITS_COUNT,
} from '../../testing/hillstrom.ts'

const h = await harness({ env: { SMTP_URL: 'smtp://discard.invalid' } })

const EVERY = 40
const mail = (subject: string) => ({
  subject,
  fromName: 'Atelier',
  fromEmail: 'hello@atelier.example',
  format: 'html',
  body: `<html><body><p>${subject}</p></body></html>`,
})

test.skipIf(!hasHillstromTest())(
  'CS-005.5 CS-006.1 people whom a file assigned get what it says, and the report shows the rates of the raw file (skipped where ../shared/data/hillstrom is absent)',
  async () => {
    const rows = hillstromRows(EVERY)
    const org = await h.organization({ postalAddress: '1 rue de la Paix, Paris' })
    await org.editor.post('/api/contacts/fields', { name: 'Arm', type: 'text' })
    const contactIds = await testContacts(org.systemCtx, { emails: rows.map(({ email }) => email) })
    await org.systemCtx.db.query(
      `update contact c set attributes = w.attributes from unnest($2::bigint[], $3::jsonb[]) as w (id, attributes)
       where c.org_id = $1 and c.id = w.id`,
      [org.orgId, contactIds, rows.map(({ arm }) => JSON.stringify({ arm }))],
    )
    const campaign = await org.editor.post('/api/campaigns', {
      name: 'Clothes',
      audience: { include: { rule: { all: [] } } },
      content: { email: mail('Women’s goods') },
    })
    const id = campaign.body.id
    await org.editor.put(`/api/campaigns/${id}/conversion-rule`, VISITS_COUNT)
    const written = await org.editor.post(`/api/campaigns/${id}/ab-test`, hillstromTest(mail('Men’s goods')))
    expect(written.status).toBe(201)
    await org.editor.post(`/api/campaigns/${id}/launch`)
    await h.drain()
    h.clock.advance(3_600_000)
    const events = hillstromEvents(rows, 'visit')
    const sent = await org.editor.post('/api/events', { events })
    expect(sent.body.recorded).toBe(events.length)
    await h.drain()

    const { body } = await org.viewer.get(`/api/campaigns/ab-test/${written.body.testId}/results`)
    for (const [index, arm] of HILLSTROM_ARMS.entries()) {
      const own = rows.filter((row) => row.arm === arm)
      const visited = own.filter(({ hasVisited }) => hasVisited).length
      const wilson = wilsonInterval({ successes: visited, total: own.length }, 0.95)
      expect(body.variants[index]).toMatchObject({
        name: arm,
        recipients: own.length,
        converted: visited,
        value: visited / own.length,
        interval: { lower: wilson?.lower, upper: wilson?.upper },
      })
    }
    expect(
      body.comparisons.map(
        (pair: { variantId: string; againstId: string }) => pair.variantId + pair.againstId,
      ),
    ).toEqual(['AC', 'BC', 'BA'])
    expect(body.chiSquare.df).toBe(2)
  },
)

test('CS-005.5 assignment by a field leaves whoever has another text alone, and takes part whole', async () => {
  const org = await h.organization({ postalAddress: '1 rue de la Paix, Paris' })
  await org.editor.post('/api/contacts/fields', { name: 'Arm', type: 'text' })
  const contactIds = await testContacts(org.systemCtx, {
    emails: Array.from({ length: 6 }, (_none, index) => `fan${index}@people.example`),
  })
  await org.systemCtx.db.query(
    `update contact c set attributes = w.attributes from unnest($2::bigint[], $3::jsonb[]) as w (id, attributes)
     where c.org_id = $1 and c.id = w.id`,
    [
      org.orgId,
      contactIds,
      ['it’s red', 'blue', 'blue', 'green', '', 'It’s red'].map((arm) => JSON.stringify({ arm })),
    ],
  )
  const { body: campaign } = await org.editor.post('/api/campaigns', {
    name: 'Colours',
    audience: { include: { rule: { all: [] } } },
    content: { email: mail('Red') },
  })
  const write = (settings: object) =>
    org.editor.post(`/api/campaigns/${campaign.id}/ab-test`, {
      variants: [{}, { content: { email: mail('Blue') } }],
      settings: { assignment: { field: 'arm', texts: ['it’s red', 'blue'] }, ...settings },
    })
  const refused = await write({ testPercent: 50, holdoutPercent: 5 })
  expect(refused.body.errors.map(({ path }: { path: string }) => path)).toEqual([
    'settings.testPercent',
    'settings.holdoutPercent',
  ])
  const twice = await write({ assignment: { field: 'arm', texts: ['blue', 'blue'] } })
  expect(twice.body.errors[0]).toMatchObject({ path: 'settings.assignment.texts' })
  expect((await write({})).status).toBe(201)
  await org.editor.post(`/api/campaigns/${campaign.id}/launch`)
  await h.drain()
  const sent = await org.systemCtx.db.query<{ contactId: string; variant: number }>(
    'select contact_id, variant from message where org_id = $1 order by contact_id',
    [org.orgId],
  )
  expect(sent.map(({ contactId, variant }) => [contactId, variant])).toEqual([
    [contactIds[0], 1],
    [contactIds[1], 2],
    [contactIds[2], 2],
  ])
})
