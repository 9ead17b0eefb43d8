/** A campaign's budget, judged by the mails that left: it is not passed, and who was not reached is reached when it is raised. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { rooms } from '../app.ts'
import { runDueJobs } from '../platform/jobs/index.ts'
import { testContacts } from '../testing/audience.ts'
import { harness } from '../testing/harness.ts'
import type { TestOrganization } from '../testing/organization.ts'
import { startSmtpSink } from '../testing/smtp-sink.ts'
import { watchBudgetsOf } from './service/watch-budgets.ts'

const mails: { to: string; text: string }[] = []
const sink = await startSmtpSink({
  onMail: ({ to }, mail) => void mails.push({ to, text: mail.toString('latin1') }),
})
const h = await harness({ env: { SMTP_URL: `smtp://127.0.0.1:${sink.port}` } })
const jobs = new Map(rooms.flatMap((room) => room.jobs).map((job) => [job.kind as string, job]))
const WORKERS = 4
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
  return written(org, budget)
}

async function written(
  org: TestOrganization,
  budget: number | null,
): Promise<{ org: TestOrganization; id: string; left: () => string[] }> {
  const { body } = await org.key.post('/api/campaigns', {
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

  test('CB-9.4 is passed by no message, however many workers hand over at once', async () => {
    const { org, id, left } = await campaign(1_500, 60)
    await org.owner.post(`/api/campaigns/${id}/launch`)
    const worker = async (): Promise<void> => {
      while ((await runDueJobs(h.platform, jobs)) > 0);
    }
    await Promise.all(Array.from({ length: WORKERS }, worker))
    // Who waited for what others had in flight looks again after a second.
    h.clock.advance(2_000)
    await h.drain()
    expect(left()).toHaveLength(600)
    expect(await read(org, id)).toMatchObject({ status: 'paused', isOutOfBudget: true })
    await org.owner.put(`/api/campaigns/${id}/budget`, { budget: 1_000 })
    await h.drain()
    expect(left()).toHaveLength(1_500)
    expect(new Set(left()).size).toBe(1_500)
  })

  test('CB-9.4 pays for those who are reached, and not for those between them who get nothing', async () => {
    const { org, id, left } = await campaign(30, 0.1)
    await org.owner.post(`/api/campaigns/${id}/launch`)
    await h.drain()
    expect(left()).toHaveLength(1)
    // They stand in the run and change their mind while it rests.
    const { items } = (await org.owner.get('/api/contacts?limit=16')).body
    for (const contact of items.filter(({ email }: { email: string }) => email !== left()[0]).slice(0, 15))
      await org.owner.post(`/api/contacts/${contact.id}/consents`, {
        channel: 'email',
        state: 'withdrawn',
        occurredAt: h.clock.now().toISOString(),
        source: 'letter',
      })
    await org.owner.put(`/api/campaigns/${id}/budget`, { budget: 1 })
    await h.drain()
    expect(left()).toHaveLength(10)
    expect(await read(org, id)).toMatchObject({ status: 'paused', isOutOfBudget: true })
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

/** Which shares mails to owners spoke of. */
const toldOf = (): number[] =>
  mails.flatMap(({ text }) => {
    const found = /is (\d+) % used/.exec(text.replaceAll('=\r\n', ''))
    return found ? Number(found[1]) : []
  })
const setBudget = (org: TestOrganization, scope: string, amount: number | null) =>
  org.owner.put(`/api/budgets/${scope}`, { amount })
const launch = async (org: TestOrganization, ...ids: string[]): Promise<void> => {
  for (const id of ids) await org.owner.post(`/api/campaigns/${id}/launch`)
  await h.drain()
}

describe('a budget of the month', () => {
  test('CB-9.4 of the organization stops all its campaigns together, and raised lets all of them go on, nobody twice', async () => {
    const first = await campaign(10, null)
    const { org, left } = first
    const second = await written(org, null)
    expect((await setBudget(org, 'organization', 1.25)).status).toBe(200)
    await launch(org, first.id, second.id)
    expect(left()).toHaveLength(12)
    const stopped = await Promise.all([first, second].map(({ id }) => read(org, id)))
    expect(new Set(stopped.map(({ status }) => status))).toEqual(new Set(['completed', 'paused']))
    const rests = stopped.find(({ status }) => status === 'paused')
    expect(rests).toMatchObject({ isOutOfBudget: true, outOfBudgetOf: 'organization' })
    expect(rests.trouble).toContain('The organization’s budget for this month of €1.25 is used up')
    // A budget of its own does not help where the organization's is used up.
    await org.owner.put(`/api/campaigns/${rests.id}/budget`, { budget: 100 })
    await h.drain()
    expect(left()).toHaveLength(12)
    await setBudget(org, 'organization', 50)
    await h.drain()
    expect(left()).toHaveLength(20)
    expect(await read(org, rests.id)).toMatchObject({ status: 'completed', outOfBudgetOf: null })
  })

  test('CB-9.4 of a channel stops that channel and no other', async () => {
    const { org, id, left } = await campaign(10, null)
    await setBudget(org, 'sms', 0)
    await setBudget(org, 'email', 0.35)
    await launch(org, id)
    expect(left()).toHaveLength(3)
    expect(await read(org, id)).toMatchObject({ status: 'paused', outOfBudgetOf: 'email' })
    await setBudget(org, 'email', null)
    await h.drain()
    expect(left()).toHaveLength(10)
  })

  test('CB-9.4 is passed by no message, however many workers and campaigns share it', async () => {
    const first = await campaign(700, null)
    const { org, left } = first
    const second = await written(org, null)
    await setBudget(org, 'organization', 60)
    for (const { id } of [first, second]) await org.owner.post(`/api/campaigns/${id}/launch`)
    const worker = async (): Promise<void> => {
      while ((await runDueJobs(h.platform, jobs)) > 0);
    }
    await Promise.all(Array.from({ length: WORKERS }, worker))
    // Who waited for what others had in flight looks again after a second.
    h.clock.advance(2_000)
    await h.drain()
    expect(left()).toHaveLength(600)
    await setBudget(org, 'organization', null)
    await h.drain()
    expect(left()).toHaveLength(1_400)
    expect(new Set(left()).size).toBe(700)
  })

  test('CB-9.4 begins anew with the month: what rested is resumed by hand', async () => {
    const { org, id, left } = await campaign(5, null)
    await setBudget(org, 'organization', 0.3)
    await launch(org, id)
    expect(left()).toHaveLength(3)
    h.clock.advance(31 * 24 * 3_600_000)
    await h.drain()
    expect(left()).toHaveLength(3)
    // Sessions end before the month does.
    expect((await org.key.get('/api/budgets')).body.items[0]).toMatchObject({ amount: 0.3, used: 0 })
    await org.key.post(`/api/campaigns/${id}/resume`)
    await h.drain()
    expect(left()).toHaveLength(5)
  })

  test('CB-9.2 counts what was paid besides, whether for a campaign or not, and never holds what costs nothing', async () => {
    const { org, id, left } = await campaign(4, null)
    await org.owner.post(`/api/campaigns/${id}/spends`, {
      kind: 'media',
      amount: 9.5,
      spentOn: h.clock.now().toISOString().slice(0, 10),
    })
    await setBudget(org, 'organization', 9)
    const { body } = await org.viewer.get('/api/budgets')
    expect(body).toMatchObject({ currency: 'EUR', month: h.clock.now().toISOString().slice(0, 7) })
    expect(body.items[0]).toEqual({ scope: 'organization', amount: 9, used: 9.5, percent: 105 })
    await org.owner.delete('/api/message-prices/email')
    await launch(org, id)
    expect(left()).toHaveLength(4)
  })

  test('CB-9.1 is set by whoever may, in its own organization, and stands in the audit log', async () => {
    const { org } = await campaign(1, null)
    const other = await h.organization()
    expect((await org.viewer.put('/api/budgets/email', { amount: 5 })).status).toBe(403)
    expect((await setBudget(org, 'email', -1)).status).toBe(400)
    expect((await setBudget(org, 'pigeon', 1)).status).toBe(404)
    expect((await setBudget(org, 'email', 5)).status).toBe(200)
    expect((await other.owner.get('/api/budgets')).body.items).not.toContainEqual(
      expect.objectContaining({ amount: 5 }),
    )
    const { items } = (await org.owner.get('/api/audit?action=budgets.limit_set')).body
    expect(items).toMatchObject([{ change: { scope: 'email', before: null, after: 5 } }])
  })
})

describe('alerts about budgets', () => {
  const look = async (org: TestOrganization): Promise<void> => {
    await watchBudgetsOf(org.systemCtx)
    await h.drain()
  }

  test('CB-9.3 TK-12.2 tell the owners at 75, 90 and 100 %, once each, and stand on the campaign', async () => {
    const { org, id } = await campaign(8, 1)
    await launch(org, id)
    const seen: { told: number[]; shown: number }[] = []
    const spendOn = h.clock.now().toISOString().slice(0, 10)
    for (const amount of [null, 0.05, 0.05, 0.1, 0.5]) {
      mails.length = 0
      if (amount !== null)
        await org.owner.post(`/api/campaigns/${id}/spends`, { kind: 'manual', amount, spentOn: spendOn })
      await look(org)
      await look(org)
      seen.push({ told: toldOf(), shown: (await read(org, id)).budgetAlert?.percent })
    }
    expect(seen).toEqual([
      { told: [75], shown: 75 },
      { told: [], shown: 75 },
      { told: [90], shown: 90 },
      { told: [100], shown: 100 },
      { told: [], shown: 100 },
    ])
  })

  test('CB-9.3 passed at once are told of once, and a raised budget is told of anew', async () => {
    const { org, id } = await campaign(10, 10)
    await org.owner.put(`/api/campaigns/${id}/budget`, { budget: 1.05 })
    await launch(org, id)
    await look(org)
    expect(toldOf()).toHaveLength(1)
    expect(await read(org, id)).toMatchObject({ budgetAlert: { percent: 90 } })
    const other = await written(org, 1.3)
    await launch(org, other.id)
    await look(org)
    expect(toldOf()).toHaveLength(2)
    expect(await read(org, other.id)).toMatchObject({ budgetAlert: { percent: 75 } })
  })

  test('CB-9.3 tell of a month’s budget once a month', async () => {
    const { org, id } = await campaign(8, null)
    await setBudget(org, 'email', 1)
    await launch(org, id)
    await look(org)
    await look(org)
    expect(toldOf()).toEqual([75])
    h.clock.advance(31 * 24 * 3_600_000)
    const next = await written(org, null)
    await org.key.post(`/api/campaigns/${next.id}/launch`)
    await h.drain()
    await look(org)
    expect(toldOf()).toEqual([75, 75])
  })

  test('CB-9.3 say nothing where no budget is set', async () => {
    const { org, id } = await campaign(3, null)
    await launch(org, id)
    await look(org)
    expect(toldOf()).toEqual([])
  })
})

describe('before a launch', () => {
  const summary = async (org: TestOrganization, id: string) =>
    (await org.owner.get(`/api/campaigns/${id}/launch-summary`)).body

  test('CB-9.1 its cost is foretold, and a budget that does not pay for everybody is warned of', async () => {
    const { org, id } = await campaign(12, 1)
    const found = await summary(org, id)
    expect(found).toMatchObject({ ready: true, cost: { amount: 1.2, currency: 'EUR' } })
    expect(found.checks).toContainEqual(
      expect.objectContaining({
        id: 'budget_enough',
        level: 'warn',
        field: 'budget',
        message: 'The budget does not pay for everybody: it costs up to €1.20, and €1.00 are left.',
      }),
    )
    await org.owner.put(`/api/campaigns/${id}/budget`, { budget: 1.2 })
    expect((await summary(org, id)).checks).not.toContainEqual(
      expect.objectContaining({ id: 'budget_enough' }),
    )
    await setBudget(org, 'email', 0.7)
    expect((await summary(org, id)).checks).toContainEqual(
      expect.objectContaining({
        id: 'budget_enough',
        message: expect.stringContaining('This month’s budget for e-mail does not pay for everybody'),
      }),
    )
  })

  test('CB-9.1 nothing is said where messages have no price', async () => {
    const { org, id } = await campaign(2, 0)
    await org.owner.delete('/api/message-prices/email')
    const found = await summary(org, id)
    expect(found.cost).toBeNull()
    expect(found.checks).not.toContainEqual(expect.objectContaining({ id: 'budget_enough' }))
  })
})
