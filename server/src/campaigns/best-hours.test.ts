/** A good hour for a campaign, by what its audience did. */
import { beforeEach, expect, test } from 'vitest'
import { inTransaction } from '../platform/db/index.ts'
import { announce } from '../platform/events/index.ts'
import { newId, type ContactId } from '../platform/ids.ts'
import { testContacts } from '../testing/audience.ts'
import { harness } from '../testing/harness.ts'
import type { TestOrganization } from '../testing/organization.ts'
import { messageOpened } from '../tracking/index.ts'

const h = await harness()
let org: TestOrganization
beforeEach(async () => {
  org = await h.organization({ timeZone: 'America/New_York' })
})

/** They live in France. */
const people = (prefix: string, n: number): Promise<ContactId[]> =>
  testContacts(org.systemCtx, { emails: Array.from({ length: n }, (_, no) => `${prefix}${no}@example.net`) })

/** Everybody opens so many mails at an instant of the day before. */
async function open(ids: readonly ContactId[], time: string, mails = 1): Promise<void> {
  await inTransaction(org.systemCtx, async (ctx) => {
    for (const contactId of ids)
      for (let n = 0; n < mails; n++)
        announce(
          ctx,
          messageOpened,
          { variant: 0, machine: false, reasons: [], agent: 'browser', addressPrefix: null },
          {
            contactId,
            at: new Date(`2026-11-19T${time}:00Z`),
            channel: 'email',
            runId: newId<'run'>(ctx.now()),
          },
        )
  })
  await h.drain()
}

async function campaignTo(rule: object): Promise<string> {
  const { body } = await org.editor.post('/api/campaigns', { name: 'Sales', audience: { include: { rule } } })
  return body.id
}

const hoursOf = async (id: string) => (await org.viewer.get(`/api/campaigns/${id}/best-hours`)).body
const EVERYBODY = { all: [] }

test('CB-6.2 the hour is proposed in which more of the audience read than in any other: by their own clocks, everybody once', async () => {
  const evening = await people('evening', 25)
  const morning = await people('morning', 12)
  await open(evening, '17:20')
  await open(morning, '08:10', 5)
  const { hours, ...said } = await hoursOf(await campaignTo(EVERYBODY))
  expect(said).toMatchObject({ people: 37, peopleMin: 30, best: { hour: 18 } })
  expect([hours[18], hours[9]]).toEqual([25, 12])
})

test('CB-6.2 people outside of the audience have no say', async () => {
  await open(await people('evening', 60), '17:20')
  await open(await people('early', 31), '05:30')
  const early = await campaignTo({
    all: [{ kind: 'contact', field: 'email', operator: 'starts_with', value: 'early' }],
  })
  expect(await hoursOf(early)).toMatchObject({ people: 31, best: { hour: 6 } })
})

test('CB-6.2 of fewer than thirty people no hour is proposed', async () => {
  const id = await campaignTo(EVERYBODY)
  expect(await hoursOf(id)).toMatchObject({ people: 0, best: null })
  const known = await people('known', 29)
  await people('silent', 10)
  await open(known, '17:20')
  expect(await hoursOf(id)).toMatchObject({ people: 29, best: null })
  await open(await people('last', 1), '17:20')
  expect(await hoursOf(id)).toMatchObject({ people: 30, best: { hour: 18 } })
})

test('CB-6.2 while no audience is chosen nobody is known', async () => {
  const { body } = await org.editor.post('/api/campaigns', { name: 'Sales' })
  expect(await hoursOf(body.id)).toMatchObject({ people: 0, best: null })
})

test('CB-6.2 the next such hour of the organization’s clock leaves its author an hour', async () => {
  await open(await people('evening', 30), '17:20')
  const id = await campaignTo(EVERYBODY)
  const nextAt = async (now: string) => {
    h.clock.set(now)
    return (await hoursOf(id)).best.next
  }
  // New York is five hours behind.
  expect(await nextAt('2026-11-20T21:59:00Z')).toBe('2026-11-20T18:00')
  expect(await nextAt('2026-11-20T22:01:00Z')).toBe('2026-11-21T18:00')
})
