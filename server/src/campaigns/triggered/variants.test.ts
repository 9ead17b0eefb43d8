/** A test of contents in a campaign that events set off: people come one by one, evidence is that of all its runs. */
import { beforeEach, describe, expect, test } from 'vitest'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import { fromWire, toWire, type CampaignId, type ContactId, type RunId } from '../../platform/ids.ts'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { messageClicked } from '../../tracking/index.ts'

const h = await harness({ env: { SMTP_URL: 'smtp://discard.invalid' } })
const HOUR_MS = 3_600_000
let org: TestOrganization
beforeEach(async () => {
  h.clock.set('2027-03-01T10:00:00Z')
  org = await h.organization({ postalAddress: '1 rue de la Paix, Paris' })
})

const mail = (subject: string) => ({
  subject,
  fromName: 'Atelier',
  fromEmail: 'hello@atelier.example',
  format: 'html',
  body: `<html><body><p>${subject}</p><p><a href="https://atelier.example/shop">Shop</a></p></body></html>`,
})
/** Small enough for a test: a hundred people a variant are enough where every second one clicks. */
const SETTINGS = { minSample: 100, minConversions: 10, minRuntimeMinutes: 30 }

const draft = async (limit = '1h'): Promise<string> =>
  (
    await org.editor.post('/api/campaigns', {
      name: 'Thank you',
      delivery: 'triggered',
      trigger: { source: { kind: 'event', event: 'track:Order Completed' }, limit },
      audience: { include: { rule: { all: [] } } },
      content: { email: mail('First') },
    })
  ).body.id

/** A campaign with a test that is switched on. */
async function underTest(
  variants: Record<string, unknown>[] = [{}, { content: { email: mail('Second') } }],
  settings: Record<string, unknown> = {},
  limit = '1h',
): Promise<{ id: string; testId: string }> {
  const id = await draft(limit)
  const saved = await org.editor.post(`/api/campaigns/${id}/ab-test`, {
    variants,
    settings: { ...SETTINGS, ...settings },
  })
  expect(saved.status).toBe(201)
  expect((await org.editor.post(`/api/campaigns/${id}/launch`)).body).toMatchObject({ status: 'active' })
  await h.drain()
  return { id, testId: saved.body.testId }
}

let said = 0
/** Each of these people orders something now. */
async function order(people: readonly ContactId[], properties: Record<string, unknown> = {}): Promise<void> {
  const { body } = await org.key.post('/api/events', {
    events: people.map((contactId) => ({
      type: 'track',
      event: 'Order Completed',
      contactId: toWire('contact', contactId),
      messageId: `order-${said++}`,
      properties,
    })),
  })
  expect(body).toMatchObject({ recorded: people.length })
  // What an order leads to is later than the order.
  h.clock.advance(1_000)
  await h.drain()
}
const peopleOf = (count: number, name: string): Promise<ContactId[]> =>
  testContacts(org.systemCtx, {
    emails: Array.from({ length: count }, (_none, index) => `${name}${index}@people.example`),
  })

interface LedgerRow {
  contactId: ContactId
  runId: RunId
  variant: number
  state: string
  reason: string
}
const ledger = (): Promise<LedgerRow[]> =>
  org.systemCtx.db.query(
    'select contact_id, run_id, variant, state, reason from message where org_id = $1 order by contact_id, run_id',
    [org.orgId],
  )

/** Of each variant a planted share of those follow their link whom a mail has reached. */
async function click(campaign: string, shares: Record<number, number>): Promise<void> {
  const sent = (await ledger()).filter(({ state }) => state === 'sent')
  await inTransaction(org.systemCtx, async (ctx) => {
    for (const [variant, share] of Object.entries(shares)) {
      const own = sent.filter((person) => person.variant === Number(variant))
      for (const { contactId, runId } of own.slice(0, Math.round(own.length * share)))
        announce(
          ctx,
          messageClicked,
          {
            variant: Number(variant),
            machine: false,
            reasons: [],
            agent: 'test',
            addressPrefix: null,
            versionId: '',
            linkNo: 0,
          },
          { contactId, campaignId: fromWire('campaign', campaign) as CampaignId, runId, channel: 'email' },
        )
    }
  })
  await h.drain()
}
const resultsOf = async (testId: string) =>
  (await org.viewer.get(`/api/campaigns/ab-test/${testId}/results`)).body
const campaignOf = async (id: string) => (await org.viewer.get(`/api/campaigns/${id}`)).body
async function later(ms: number): Promise<void> {
  h.clock.advance(ms)
  await h.drain()
}

describe('a test of contents in a triggered campaign', () => {
  test('CB-5.4 CB-5.5 CS-007.1 people of every day count together; the variant that is proven becomes what everybody gets, and the campaign stays on', async () => {
    const { id, testId } = await underTest()
    await order(await peopleOf(120, 'monday'))
    await click(id, { 1: 0.1, 2: 0.6 })
    await later(HOUR_MS)
    // A day is not enough for either variant, however far one is ahead.
    expect(await resultsOf(testId)).toMatchObject({
      status: 'running',
      verdict: { state: 'collecting', reason: 'min_sample' },
      settings: { horizonMinutes: null },
    })
    await later(24 * HOUR_MS)
    await order(await peopleOf(120, 'tuesday'))
    const runs = new Set((await ledger()).map(({ runId }) => runId))
    expect(runs.size).toBe(2)
    await click(id, { 1: 0.1, 2: 0.6 })
    await later(HOUR_MS)
    const results = await resultsOf(testId)
    expect(results).toMatchObject({
      status: 'completed',
      decision: { result: 'winner', winnerId: 'B', chosenId: 'B' },
    })
    expect(results.variants[0].recipients + results.variants[1].recipients).toBe(240)
    expect(results.decision.appliedAt).not.toBeNull()
    const campaign = await campaignOf(id)
    expect([campaign.status, campaign.content.email.subject]).toEqual(['active', 'Second'])
    // Whoever comes now is part of no test: everybody gets what was proven.
    const late = await peopleOf(3, 'wednesday')
    await order(late)
    const reached = (await ledger()).filter(({ contactId }) => late.includes(contactId))
    expect(reached.map(({ variant, state }) => [variant, state])).toEqual(late.map(() => [0, 'sent']))
    const after = await resultsOf(testId)
    expect(after.variants[0].recipients + after.variants[1].recipients).toBe(240)
  }, 90_000)

  test('CS-005.5 FR-005.3 whoever comes again gets the same variant, in another run, and counts as one person', async () => {
    const { testId } = await underTest()
    const people = await peopleOf(12, 'fan')
    await order(people)
    await later(2 * HOUR_MS)
    await order(people)
    const rows = await ledger()
    expect(rows).toHaveLength(24)
    const given = Map.groupBy(rows, ({ contactId }) => contactId)
    for (const own of given.values()) expect(new Set(own.map(({ variant }) => variant)).size).toBe(1)
    expect(new Set(rows.map(({ variant }) => variant))).toEqual(new Set([1, 2]))
    const { variants } = await resultsOf(testId)
    expect(variants[0].recipients + variants[1].recipients).toBe(12)
  })

  test('CS-005.4 CS-003.6 a control and a holdout get nothing, and their purchases stand beside the others’', async () => {
    const { testId } = await underTest(
      [{}, { content: { email: mail('Second') } }, { isControl: true, name: 'Nothing' }],
      { metric: 'conversion', holdoutPercent: 20 },
    )
    const people = await peopleOf(60, 'fan')
    await order(people)
    await later(HOUR_MS)
    await order(people.slice(0, 30))
    const rows = await ledger()
    const silent = rows.filter(({ state }) => state === 'held_out')
    expect(new Set(silent.map(({ reason }) => reason))).toEqual(new Set(['control', 'holdout']))
    expect(rows.filter(({ variant, state }) => variant === 3 && state !== 'held_out')).toEqual([])
    const { variants, holdout } = await resultsOf(testId)
    const counted = [...variants.map(({ recipients }: { recipients: number }) => recipients), holdout.people]
    expect(counted.reduce((sum, n) => sum + n, 0)).toBe(60)
    expect(Math.min(...counted)).toBeGreaterThan(0)
    const converted = [...variants.map((one: { converted: number }) => one.converted), holdout.converted]
    // Thirty people ordered again within their window, whatever they had got.
    expect(converted.reduce((sum, n) => sum + n, 0)).toBe(30)
  })

  test('CS-009.5 an edit during a pause changes nothing of what the variants say while the test runs', async () => {
    const { id, testId } = await underTest()
    await order(await peopleOf(10, 'before'))
    await org.editor.post(`/api/campaigns/${id}/pause`)
    await org.editor.put(`/api/campaigns/${id}`, { content: { email: mail('Edited') } })
    expect((await org.editor.post(`/api/campaigns/${id}/resume`)).body).toMatchObject({ status: 'active' })
    await h.drain()
    await order(await peopleOf(10, 'after'))
    const rows = await ledger()
    expect(rows.filter(({ variant, state }) => variant > 0 && state === 'sent')).toHaveLength(20)
    const said = await org.systemCtx.db.query<{ subject: string }>(
      `select distinct v.source ->> 'subject' as subject
      from run r, jsonb_array_elements(r.contents) c, mail_version v
      where r.org_id = $1 and v.org_id = $1 and v.id = (c ->> 'versionId')::uuid order by subject`,
      [org.orgId],
    )
    expect(said.map(({ subject }) => subject)).toEqual(['First', 'Second'])
    const { variants } = await resultsOf(testId)
    expect(variants[0].recipients + variants[1].recipients).toBe(20)
  })

  test('CB-5.5 TK-8.4 DS-CampaignService.applyWinner a person chooses by hand: the test ends and everybody gets the chosen one', async () => {
    const { testId } = await underTest()
    await order(await peopleOf(8, 'before'))
    const chosen = await org.editor.post(`/api/campaigns/ab-test/${testId}/apply-winner`, {
      variantId: 'B',
      reason: 'The season is over.',
    })
    expect(chosen.body).toMatchObject({ status: 'active', content: { email: { subject: 'Second' } } })
    await h.drain()
    const late = await peopleOf(4, 'after')
    await order(late)
    const reached = (await ledger()).filter(({ contactId }) => late.includes(contactId))
    expect(reached.map(({ variant }) => variant)).toEqual([0, 0, 0, 0])
    expect((await resultsOf(testId)).decision).toMatchObject({ result: 'by_hand', chosenId: 'B' })
  })

  test('CS-007.2 nobody is set aside for a winner and no end is planned: either is refused by its field', async () => {
    const id = await draft()
    const refused = await org.editor.post(`/api/campaigns/${id}/ab-test`, {
      variants: [{}, {}],
      settings: { testPercent: 50, horizonMinutes: 600 },
    })
    expect(refused.status).toBe(422)
    expect(refused.body.errors.map(({ path }: { path: string }) => path)).toEqual([
      'settings.testPercent',
      'settings.horizonMinutes',
    ])
  })

  test('CS-007.2 a test that was written for a planned campaign keeps one that events set off from being switched on', async () => {
    const { body } = await org.editor.post('/api/campaigns', {
      name: 'Planned',
      content: { email: mail('First') },
    })
    await org.editor.post(`/api/campaigns/${body.id}/ab-test`, {
      variants: [{}, { content: { email: mail('Second') } }],
      settings: { ...SETTINGS, horizonMinutes: 600 },
    })
    await org.editor.put(`/api/campaigns/${body.id}`, {
      delivery: 'triggered',
      trigger: { source: { kind: 'event', event: 'track:Order Completed' } },
      audience: { include: { rule: { all: [] } } },
    })
    const refused = await org.editor.post(`/api/campaigns/${body.id}/launch`)
    expect(refused.status).toBe(422)
    expect(refused.body.errors.map(({ path }: { path: string }) => path)).toContain('abTest')
  })

  test('CB-5.4 CS-007.1 shares follow the evidence from hour to hour, each run keeps those its people were given by, and the test beside them decides', async () => {
    const { id, testId } = await underTest(undefined, { allocation: 'thompson', minSample: 200 }, 'ever')
    // Shares do not move before each variant has a hundred people, which chance gives to nearly any two of 320.
    await order(await peopleOf(320, 'first'))
    await click(id, { 1: 0.1, 2: 0.6 })
    expect((await resultsOf(testId)).adaptive).toMatchObject({
      since: null,
      shares: [{ percent: 50 }, { percent: 50 }],
    })
    await later(2 * HOUR_MS)
    const moved = await resultsOf(testId)
    expect(moved).toMatchObject({
      status: 'running',
      comparisons: [],
      chiSquare: null,
      adaptive: { shares: [{ percent: 5 }, { percent: 95 }] },
    })
    const [firstRun] = new Set((await ledger()).map(({ runId }) => runId))
    const second = await peopleOf(100, 'second')
    await order(second)
    const given = (await ledger()).filter(({ contactId }) => second.includes(contactId))
    expect(given.filter(({ variant }) => variant === 2).length).toBeGreaterThan(85)
    expect(given.filter(({ runId }) => runId === firstRun)).toEqual([])
    const splits = await org.systemCtx.db.query<{ ranges: { from: number; to: number; variant: number }[] }>(
      `select split -> 'ranges' as ranges from run where org_id = $1 order by id`,
      [org.orgId],
    )
    const points = splits.map(({ ranges }) =>
      ranges.reduce((sum, { from, to, variant }) => sum + (variant === 2 ? to - from : 0), 0),
    )
    expect(points).toEqual([5_000, 9_500])
    // The whole is far from any one split, and yet no mismatch: each run is held against its own.
    expect((await resultsOf(testId)).sampleRatio.isBlocked).toBe(false)
    // The variant that does worse comes to its sample in time; then the test beside the shares proves the other.
    let left = 12
    while ((await resultsOf(testId)).status === 'running' && left-- > 0) {
      await order(await peopleOf(150, `more${left}x`))
      await later(HOUR_MS)
    }
    expect((await resultsOf(testId)).decision).toMatchObject({ result: 'winner', winnerId: 'B' })
    expect((await campaignOf(id)).content.email.subject).toBe('Second')
  }, 90_000)

  test('CB-5.4 CS-005.4 CS-007.2 where shares follow revenue the control keeps its own, and what the campaign brought stands against it', async () => {
    const { testId } = await underTest(
      [
        { percent: 40 },
        { percent: 40, content: { email: mail('Second') } },
        { percent: 20, isControl: true, name: 'Nothing' },
      ],
      { allocation: 'thompson', metric: 'revenue', minSample: 400 },
      'ever',
    )
    const people = await peopleOf(600, 'fan')
    await order(people)
    const given = Map.groupBy(await ledger(), ({ variant }) => variant)
    const some = (variant: number, share: number): ContactId[] =>
      (given.get(variant) ?? [])
        .slice(0, (given.get(variant)?.length ?? 0) * share)
        .map(({ contactId }) => contactId)
    await order([...some(1, 0.3), ...some(3, 0.1)], { total: 20, currency: 'EUR' })
    await order(some(2, 0.4), { total: 60, currency: 'EUR' })
    await later(2 * HOUR_MS)
    const { adaptive, variants, incremental, comparisons } = await resultsOf(testId)
    const [first, second, silent] = adaptive.shares.map(({ percent }: { percent: number }) => percent)
    expect([silent, Math.round(first + second)]).toEqual([20, 80])
    expect(second).toBeGreaterThan(70)
    expect(variants[1].probabilityBest).toBeGreaterThan(0.99)
    expect(comparisons).toEqual([])
    expect(incremental).toMatchObject({
      silent: { people: given.get(3)?.length, converted: some(3, 0.1).length },
    })
    expect(incremental.revenuePerPerson.interval.lower).toBeGreaterThan(0)
    // Everybody who comes from now on is given by the shares of now, and the control as before.
    const late = await peopleOf(300, 'late')
    await order(late)
    const after = (await ledger()).filter(({ contactId }) => late.includes(contactId))
    const shareOf = (variant: number): number =>
      after.filter((row) => row.variant === variant).length / after.length
    expect(shareOf(3)).toBeGreaterThan(0.12)
    expect(shareOf(3)).toBeLessThan(0.28)
    expect(shareOf(1)).toBeLessThan(0.12)
    expect((await resultsOf(testId)).sampleRatio.isBlocked).toBe(false)
  }, 90_000)

  test('CS-005.5 FR-005.3 CB-5.4 whoever comes again stays with their variant although shares have moved, and counts once, by the shares of then', async () => {
    const { id, testId } = await underTest(undefined, { allocation: 'thompson', minSample: 5_000 })
    const people = await peopleOf(320, 'fan')
    await order(people)
    await click(id, { 1: 0.1, 2: 0.6 })
    await later(2 * HOUR_MS)
    const moved = await resultsOf(testId)
    expect(moved.adaptive.shares.map(({ percent }: { percent: number }) => percent)).toEqual([5, 95])
    const late = await peopleOf(60, 'late')
    await order([...people, ...late])
    const rows = await ledger()
    expect(rows).toHaveLength(700)
    const given = Map.groupBy(rows, ({ contactId }) => contactId)
    for (const own of given.values()) expect(new Set(own.map(({ variant }) => variant)).size).toBe(1)
    const newcomers = rows.filter(({ contactId }) => late.includes(contactId))
    expect(newcomers.filter(({ variant }) => variant === 2).length).toBeGreaterThan(50)
    // Half of those who came again have the variant of which the run gives one in twenty: by their own shares that is no
    // mismatch, by the run's it would be.
    const after = await resultsOf(testId)
    expect(after.variants[0].recipients + after.variants[1].recipients).toBe(380)
    expect(after.sampleRatio.p).toBeGreaterThan(0.01)
    // What they do now weighs by the shares of then: the evidence goes on as one.
    await click(id, { 1: 0.1, 2: 0.7 })
    await later(HOUR_MS)
    const p = (results: { adaptive: { shares: { anytimeP: number }[] } }) =>
      results.adaptive.shares[1]?.anytimeP
    expect(p(await resultsOf(testId))).toBeLessThanOrEqual(p(after) ?? 0)
  }, 90_000)

  test('CS-004.5 CS-007.2 shares follow the evidence only in campaigns that events set off', async () => {
    const variants = [{}, { content: { email: mail('Second') } }]
    const { body: planned } = await org.editor.post('/api/campaigns', { name: 'Planned' })
    const once = await org.editor.post(`/api/campaigns/${planned.id}/ab-test`, {
      variants,
      settings: { allocation: 'thompson' },
    })
    expect(once.status).toBe(422)
    expect(once.body.errors.map(({ path }: { path: string }) => path)).toEqual(['settings.allocation'])
  })
})
