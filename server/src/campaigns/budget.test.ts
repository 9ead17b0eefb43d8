/** A campaign's budget, judged by the mails that left: it is not passed, and who was not reached is reached when it is raised. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { rooms } from '../app.ts'
import { runDueJobs } from '../platform/jobs/index.ts'
import { testContacts } from '../testing/audience.ts'
import { harness } from '../testing/harness.ts'
import type { TestOrganization } from '../testing/organization.ts'
import { startSmtpSink } from '../testing/smtp-sink.ts'

const mails: { to: string; text: string }[] = []
const sink = await startSmtpSink({
  onMail: ({ to }, mail) => void mails.push({ to, text: mail.toString('latin1') }),
})
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })
const jobs = new Map(rooms.flatMap((room) => room.jobs).map((job) => [job.kind as string, job]))
const WORKERS = 4
/** Mails of one sub-batch over SMTP. */
const IN_FLIGHT_MAX = 250
afterAll(() => sink.close())
beforeEach(() => void (mails.length = 0))

/** A campaign to so many people, of whom each costs ten cents. */
async function campaign(
  people: number,
  budget: number | null,
): Promise<{ org: TestOrganization; id: string; left: () => string[] }> {
  const org = await h.organization()
  await testContacts(org.systemCtx, {
    emails: Array.from({ length: people }, (_, n) => `person${n}@${org.orgId}.example`),
  })
  await org.owner.put('/api/message-prices', { prices: [{ channel: 'email', price: 0.1 }] })
  const { body } = await org.owner.post('/api/campaigns', {
    name: 'Sale',
    budget,
    audience: { include: { rule: { all: [] } } },
    content: {
      email: {
        subject: 'Sale',
        fromName: 'Atelier',
        fromEmail: 'hello@budget.example',
        format: 'html',
        body: '<p>Hello</p>',
      },
    },
  })
  const ofOrg = `@${org.orgId}.example`
  return {
    org,
    id: body.id,
    left: () => mails.flatMap(({ to }) => (to.endsWith(ofOrg) ? to : [])),
  }
}

const read = async (org: TestOrganization, id: string) => (await org.owner.get(`/api/campaigns/${id}`)).body

describe('a campaign with a budget', () => {
  test('CB-9.4 DS-campaign-errors.3 rests when the budget is used up, says why and tells its author', async () => {
    const { org, id, left } = await campaign(30, 1.25)
    await org.owner.post(`/api/campaigns/${id}/launch`)
    await h.drain()
    expect(left()).toHaveLength(12)
    const stopped = await read(org, id)
    expect(stopped).toMatchObject({ status: 'paused', isOutOfBudget: true, isTripped: false })
    expect(stopped.trouble).toContain('The budget of €1.25 is used up: €1.20 are spent')
    expect(mails.filter(({ text }) => text.includes('was stopped'))).toHaveLength(1)
    h.clock.advance(3_600_000)
    await h.drain()
    expect(left()).toHaveLength(12)
  })

  test('CB-9.1 CB-9.4 goes on where it stopped when the budget is raised: everybody once, nobody twice', async () => {
    const { org, id, left } = await campaign(30, 1)
    await org.owner.post(`/api/campaigns/${id}/launch`)
    await h.drain()
    expect(left()).toHaveLength(10)
    const lowered = await org.owner.put(`/api/campaigns/${id}/budget`, { budget: 0.5 })
    expect(lowered.body).toMatchObject({ status: 'paused', budget: 0.5 })
    const raised = await org.owner.put(`/api/campaigns/${id}/budget`, { budget: 2 })
    expect(raised.body).toMatchObject({ status: 'running', budget: 2, isOutOfBudget: false, trouble: null })
    await h.drain()
    expect(left()).toHaveLength(20)
    expect(await read(org, id)).toMatchObject({ status: 'paused', isOutOfBudget: true })
    await org.owner.put(`/api/campaigns/${id}/budget`, { budget: null })
    await h.drain()
    expect(left()).toHaveLength(30)
    expect(new Set(left()).size).toBe(30)
    expect(await read(org, id)).toMatchObject({ status: 'completed' })
    const { items } = (await org.owner.get('/api/audit?action=campaign.budget_set')).body
    expect(items).toHaveLength(3)
  })

  test('CB-9.4 of many workers at once is passed by what they have in flight and no more', async () => {
    const { org, id, left } = await campaign(1_500, 60)
    await org.owner.post(`/api/campaigns/${id}/launch`)
    const worker = async (): Promise<void> => {
      while ((await runDueJobs(h.platform, jobs)) > 0);
    }
    await Promise.all(Array.from({ length: WORKERS }, worker))
    await h.drain()
    expect(left().length).toBeGreaterThanOrEqual(600)
    expect(left().length).toBeLessThanOrEqual(600 + (WORKERS - 1) * IN_FLIGHT_MAX)
    expect(await read(org, id)).toMatchObject({ status: 'paused', isOutOfBudget: true })
    await org.owner.put(`/api/campaigns/${id}/budget`, { budget: 1_000 })
    await h.drain()
    expect(left()).toHaveLength(1_500)
    expect(new Set(left()).size).toBe(1_500)
  })

  test('CB-9.2 counts what else was paid for it', async () => {
    const { org, id, left } = await campaign(10, 1)
    await org.owner.post(`/api/campaigns/${id}/spends`, {
      kind: 'media',
      amount: 0.75,
      spentOn: h.clock.now().toISOString().slice(0, 10),
    })
    await org.owner.post(`/api/campaigns/${id}/launch`)
    await h.drain()
    expect(left()).toHaveLength(2)
  })

  test('CB-9.4 that is resumed with the budget still used up rests again, and nothing leaves', async () => {
    const { org, id, left } = await campaign(5, 0.2)
    await org.owner.post(`/api/campaigns/${id}/launch`)
    await h.drain()
    await org.owner.post(`/api/campaigns/${id}/resume`)
    await h.drain()
    expect(left()).toHaveLength(2)
    expect(await read(org, id)).toMatchObject({ status: 'paused', isOutOfBudget: true })
  })

  test('CB-9.1 leaves without a look at money where messages have no price', async () => {
    const { org, id, left } = await campaign(5, 0)
    await org.owner.delete('/api/message-prices/email')
    await org.owner.post(`/api/campaigns/${id}/launch`)
    await h.drain()
    expect(left()).toHaveLength(5)
  })

  test('CB-9.1 is changed by whoever may launch, in its own organization, until it has ended', async () => {
    const { org, id } = await campaign(1, 5)
    const other = await h.organization()
    const path = `/api/campaigns/${id}/budget`
    expect((await org.viewer.put(path, { budget: 9 })).status).toBe(403)
    expect((await other.owner.put(path, { budget: 9 })).status).toBe(404)
    expect((await org.owner.put(path, { budget: -1 })).status).toBe(400)
    await org.owner.post(`/api/campaigns/${id}/launch`)
    await h.drain()
    expect((await org.owner.put(path, { budget: 9 })).status).toBe(409)
  })
})
