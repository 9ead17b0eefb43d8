/** A test of contents through the product: split, sent, counted, decided, carried out. */
import { describe, expect, test } from 'vitest'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import type { CampaignId, ContactId, RunId } from '../../platform/ids.ts'
import { fromWire } from '../../platform/ids.ts'
import { testContacts } from '../../testing/audience.ts'
import { harness } from '../../testing/harness.ts'
import type { TestOrganization } from '../../testing/organization.ts'
import { messageClicked } from '../../tracking/index.ts'

const h = await harness({ env: { SMTP_URL: 'smtp://discard.invalid' } })

const MINUTE = 60_000
const everyone = { include: { rule: { all: [] } } }
const mail = (subject: string) => ({
  subject,
  fromName: 'Atelier',
  fromEmail: 'hello@atelier.example',
  format: 'html',
  body: `<html><body><p>${subject}</p><p><a href="https://atelier.example/shop">Shop</a></p></body></html>`,
})
/** Small enough for a test: two hundred people a variant are enough where every second one clicks. */
const settings = { minSample: 100, minConversions: 10, minRuntimeMinutes: 30, horizonMinutes: 240 }

async function organizationWith(people: number): Promise<TestOrganization> {
  const org = await h.organization({ postalAddress: '1 rue de la Paix, Paris' })
  await testContacts(org.systemCtx, {
    emails: Array.from({ length: people }, (_none, index) => `fan${index}@people.example`),
  })
  return org
}

async function campaignOf(org: TestOrganization): Promise<string> {
  const { body } = await org.editor.post('/api/campaigns', {
    name: 'Sales',
    audience: everyone,
    content: { email: mail('Original') },
  })
  return body.id
}

async function testOf(
  org: TestOrganization,
  id: string,
  more: Record<string, unknown> = {},
): Promise<string> {
  const { status, body } = await org.editor.post(`/api/campaigns/${id}/ab-test`, {
    variants: [{}, { content: { email: mail('Second') } }, { content: { email: mail('Third') } }],
    settings,
    ...more,
  })
  expect(status).toBe(201)
  return body.testId
}

interface LedgerPerson {
  contactId: ContactId
  runId: RunId
  variant: number
  state: string
  reason: string
}

const ledgerOf = (org: TestOrganization): Promise<LedgerPerson[]> =>
  org.systemCtx.db.query(
    'select contact_id, run_id, variant, state, reason from message where org_id = $1 order by contact_id, run_id',
    [org.orgId],
  )

/** People follow the link of their mail: of each variant a planted share. */
async function click(org: TestOrganization, campaign: string, shares: Record<number, number>): Promise<void> {
  const people = (await ledgerOf(org)).filter(({ state }) => state === 'sent')
  await inTransaction(org.systemCtx, async (ctx) => {
    for (const [variant, share] of Object.entries(shares)) {
      const own = people.filter((person) => person.variant === Number(variant))
      for (const person of own.slice(0, Math.round(own.length * share)))
        announce(
          ctx,
          messageClicked,
          {
            variant: person.variant,
            machine: false,
            reasons: [],
            agent: 'test',
            addressPrefix: null,
            versionId: '',
            linkNo: 0,
          },
          {
            contactId: person.contactId,
            campaignId: fromWire('campaign', campaign) as CampaignId,
            runId: person.runId,
            channel: 'email',
          },
        )
    }
  })
  await h.drain()
}

async function advance(minutes: number): Promise<void> {
  h.clock.advance(minutes * MINUTE)
  await h.drain()
}

const resultsOf = async (org: TestOrganization, testId: string) =>
  (await org.viewer.get(`/api/campaigns/ab-test/${testId}/results`)).body
const statusOf = async (org: TestOrganization, id: string) =>
  (await org.viewer.get(`/api/campaigns/${id}`)).body.status
const auditOf = (org: TestOrganization, action: string): Promise<unknown[]> =>
  org.systemCtx.db.query('select change from audit_entry where org_id = $1 and action = $2', [
    org.orgId,
    action,
  ])

describe('setting a test up', () => {
  test('CB-5.1 CB-5.2 CS-005.1 FR-005.1 TK-8.1 DS-integration-tests.6 DS-CampaignService.createABTest two to five variants share evenly unless told otherwise', async () => {
    const org = await organizationWith(1)
    const id = await campaignOf(org)
    const { status, body } = await org.editor.post(`/api/campaigns/${id}/ab-test`, {
      variants: [{}, {}, {}],
    })
    expect(status).toBe(201)
    expect(
      body.variants.map((variant: { id: string; percent: number }) => [variant.id, variant.percent]),
    ).toEqual([
      ['A', 33.34],
      ['B', 33.33],
      ['C', 33.33],
    ])
    const one = await org.editor.post(`/api/campaigns/${id}/ab-test`, { variants: [{}] })
    const six = await org.editor.post(`/api/campaigns/${id}/ab-test`, { variants: [{}, {}, {}, {}, {}, {}] })
    expect([one.status, six.status]).toEqual([400, 400])
    expect(await auditOf(org, 'experiment.created')).toHaveLength(1)
  })

  test('CS-005.3 FR-005.2 shares that do not sum to 100 are refused by name, in either way of writing them', async () => {
    const org = await organizationWith(1)
    const id = await campaignOf(org)
    const wrong = await org.editor.post(`/api/campaigns/${id}/ab-test`, {
      variants: [{ percent: 50 }, { percent: 40 }],
    })
    expect(wrong.status).toBe(422)
    expect(wrong.body.errors[0]).toMatchObject({ path: 'variants' })
    const right = await org.editor.post(`/api/campaigns/${id}/ab-test`, {
      variants: [{}, {}],
      trafficSplit: { A: 80, B: 20 },
    })
    expect(right.body.variants.map((variant: { percent: number }) => variant.percent)).toEqual([80, 20])
  })

  test('CS-005.4 a silent control needs a metric that silent people can have, and two variants beside it', async () => {
    const org = await organizationWith(1)
    const id = await campaignOf(org)
    const refused = await org.editor.post(`/api/campaigns/${id}/ab-test`, {
      variants: [{}, { isControl: true }],
    })
    expect(refused.body.errors.map((problem: { path: string }) => problem.path)).toEqual([
      'variants',
      'settings.metric',
    ])
    const taken = await org.editor.post(`/api/campaigns/${id}/ab-test`, {
      variants: [{}, {}, { isControl: true }],
      settings: { metric: 'conversion' },
    })
    expect(taken.status).toBe(201)
  })

  test('FR-002.4 CS-003.6 a holdout of 0 to 20 % is taken, any other is refused by its field', async () => {
    const org = await organizationWith(1)
    const id = await campaignOf(org)
    const ask = (holdoutPercent: number) =>
      org.editor.post(`/api/campaigns/${id}/ab-test`, { settings: { holdoutPercent } })
    for (const percent of [0, 7.5, 20])
      expect((await ask(percent)).body.settings.holdoutPercent).toBe(percent)
    for (const percent of [-1, 20.5, 100]) {
      const { status, body } = await ask(percent)
      expect([status, body.errors[0].path]).toEqual([400, 'settings.holdoutPercent'])
    }
  })

  test('CS-005.2 each variant keeps a content of its own, and a wrong one keeps the campaign here', async () => {
    const org = await organizationWith(5)
    const id = await campaignOf(org)
    await testOf(org, id, { variants: [{}, { name: 'Bold', content: { email: mail('') } }] })
    const { body } = await org.editor.get(`/api/campaigns/${id}/ab-test`)
    expect(body.test.variants[0].content).toBeNull()
    expect(body.test.variants[1].content.email.subject).toBe('')
    const launch = await org.editor.post(`/api/campaigns/${id}/launch`)
    expect(launch.status).toBe(422)
    expect(
      launch.body.errors.some((problem: { message: string }) => problem.message.startsWith('Bold: ')),
    ).toBe(true)
  })

  test('statistics before launch: the smallest lift that the people at hand can show, and how many are needed', async () => {
    const org = await organizationWith(400)
    const id = await campaignOf(org)
    await testOf(org, id)
    const { body } = await org.viewer.get(`/api/campaigns/${id}/ab-test/plan`)
    expect(body).toMatchObject({ baselineRate: 0.025, baselineIsOwn: false, recipientsPerVariant: 133 })
    expect(body.smallestLift).toBeGreaterThan(1)
    expect(body.advice).toContain('fewer_variants')
    expect(body.needed.find((line: { lift: number }) => line.lift === 0.2).perVariant).toBeGreaterThan(16_000)
  })
})

describe('a copy of a campaign', () => {
  test('CS-015.2 CB-11.1 takes its test along as a draft: variants, shares, rule and contents, also after the winner was applied', async () => {
    const org = await organizationWith(900)
    const id = await campaignOf(org)
    const shares = {
      variants: [{ percent: 30 }, { name: 'Bold', percent: 70, content: { email: mail('Second') } }],
    }
    await testOf(org, id, { ...shares, settings: { ...settings, testPercent: 60 } })
    const copied = async () => {
      const { status, body } = await org.editor.post(`/api/campaigns/${id}/duplicate`, {})
      expect(status).toBe(201)
      return (await org.editor.get(`/api/campaigns/${body.id}/ab-test`)).body.test
    }
    const first = await copied()
    expect(first).toMatchObject({ status: 'draft', name: 'Copy of Sales', settings: { testPercent: 60 } })
    expect(first.variants).toMatchObject([
      { percent: 30, content: null },
      { name: 'Bold', percent: 70, content: { email: { subject: 'Second' } } },
    ])
    const original = (await org.editor.get(`/api/campaigns/${id}/ab-test`)).body.test
    expect(first.testId).not.toBe(original.testId)

    await org.editor.post(`/api/campaigns/${id}/launch`)
    await h.drain()
    await org.editor.post(`/api/campaigns/ab-test/${original.testId}/apply-winner`, {
      variantId: 'B',
      reason: 'It suits the season',
    })
    await h.drain()
    // The campaign now says what B said; A still says what it said when it left.
    const second = await copied()
    expect(second.variants).toMatchObject([
      { percent: 30, content: { email: { subject: 'Original' } } },
      { percent: 70, content: null },
    ])
    expect(await auditOf(org, 'experiment.created')).toHaveLength(3)
  })
})

describe('a test under way', () => {
  test('CB-5.4 CB-5.5 CS-007.1 CS-007.5 FR-005.5 DS-e2e-tests.2 DS-CampaignService.determineWinner DS-CampaignService.applyWinner the variant with a planted effect is chosen, applied and sent to the rest, once each', async () => {
    const org = await organizationWith(1500)
    const id = await campaignOf(org)
    const testId = await testOf(org, id, { settings: { ...settings, testPercent: 60, holdoutPercent: 10 } })
    await org.editor.post(`/api/campaigns/${id}/launch`)
    await h.drain()
    expect(await statusOf(org, id)).toBe('running')

    const first = await ledgerOf(org)
    const sent = first.filter(({ state }) => state === 'sent')
    expect(new Set(sent.map(({ variant }) => variant))).toEqual(new Set([1, 2, 3]))
    const held = first.filter(({ state }) => state === 'held_out')
    expect(held.every(({ reason, variant }) => reason === 'holdout' && variant === 0)).toBe(true)
    expect(held.length).toBeGreaterThan(100)
    expect(held.length).toBeLessThan(200)

    await click(org, id, { 1: 0.1, 2: 0.35, 3: 0.12 })
    await advance(20)
    expect((await resultsOf(org, testId)).verdict).toMatchObject({
      state: 'collecting',
      reason: 'min_runtime',
      leaderId: 'B',
    })
    await advance(20)
    const results = await resultsOf(org, testId)
    expect(results).toMatchObject({
      status: 'completed',
      decision: { result: 'winner', winnerId: 'B', chosenId: 'B' },
      verdict: { state: 'winner', leaderId: 'B' },
    })
    expect(results.decision.appliedAt).not.toBeNull()

    const all = await ledgerOf(org)
    // Everybody has exactly one row, and nobody of the test got anything more.
    expect(all).toHaveLength(1500)
    expect(new Set(all.map(({ contactId }) => contactId)).size).toBe(1500)
    const rest = all.filter(({ runId }) => runId !== first[0]?.runId)
    expect(rest.length).toBe(1500 - first.length)
    expect(rest.every(({ state, variant }) => state === 'sent' && variant === 2)).toBe(true)
    const campaign = (await org.viewer.get(`/api/campaigns/${id}`)).body
    expect(campaign.status).toBe('completed')
    expect(campaign.content.email.subject).toBe('Second')
    for (const action of ['experiment.decided', 'experiment.applied'])
      expect(await auditOf(org, action)).toHaveLength(1)
  })

  test('CB-5.4 without an effect the test ends inconclusive at its horizon, and the rest gets the leader, labelled so', async () => {
    const org = await organizationWith(1500)
    const id = await campaignOf(org)
    const testId = await testOf(org, id, { settings: { ...settings, testPercent: 60 } })
    await org.editor.post(`/api/campaigns/${id}/launch`)
    await h.drain()
    await click(org, id, { 1: 0.2, 2: 0.21, 3: 0.2 })
    await advance(60)
    expect((await resultsOf(org, testId)).verdict).toMatchObject({
      state: 'running',
      reason: 'not_significant',
    })
    await advance(200)
    const results = await resultsOf(org, testId)
    expect(results.decision).toMatchObject({
      result: 'inconclusive',
      reason: 'not_significant',
      winnerId: null,
      chosenId: 'B',
    })
    expect(await statusOf(org, id)).toBe('completed')
  })

  test('a test that shall not choose by itself waits for a person, who must say why another than the winner is used', async () => {
    const org = await organizationWith(900)
    const id = await campaignOf(org)
    const testId = await testOf(org, id, { settings: { ...settings, testPercent: 50, fallback: 'none' } })
    await org.editor.post(`/api/campaigns/${id}/launch`)
    await h.drain()
    const apply = (body: unknown) => org.editor.post(`/api/campaigns/ab-test/${testId}/apply-winner`, body)
    expect((await apply({})).body.code).toBe('experiments.no_winner')
    await advance(300)
    expect((await resultsOf(org, testId)).decision).toMatchObject({ result: 'inconclusive', chosenId: null })
    expect(await statusOf(org, id)).toBe('running')
    expect((await apply({ variantId: 'C' })).body.code).toBe('experiments.reason_missing')
    const done = await apply({ variantId: 'C', reason: 'It suits the season' })
    expect(done.status).toBe(200)
    await h.drain()
    expect(await statusOf(org, id)).toBe('completed')
    expect((await resultsOf(org, testId)).decision).toMatchObject({
      result: 'by_hand',
      chosenId: 'C',
      statedReason: 'It suits the season',
    })
    expect((await apply({ variantId: 'A', reason: 'again' })).body.code).toBe('experiments.already_applied')
    expect((await ledgerOf(org)).filter(({ variant }) => variant === 3).length).toBeGreaterThan(450)
  })

  test('CS-005.4 CS-006.1 FR-005.6 the control gets nothing, is counted with its reason, and its purchases stand beside the others’', async () => {
    const org = await organizationWith(900)
    const id = await campaignOf(org)
    const testId = await testOf(org, id, {
      variants: [{}, { content: { email: mail('Second') } }, { name: 'Nothing', isControl: true }],
      settings: { ...settings, metric: 'conversion' },
    })
    await org.editor.post(`/api/campaigns/${id}/launch`)
    await h.drain()
    const people = await ledgerOf(org)
    const silent = people.filter(({ variant }) => variant === 3)
    expect(silent.every(({ state, reason }) => state === 'held_out' && reason === 'control')).toBe(true)
    const purchase = (contactId: ContactId, amountMinor: number, at: Date) =>
      org.systemCtx.db.query(
        `insert into event (org_id, seq, recorded_at, at, type, contact_id, payload)
         select $1, coalesce(max(seq), 0) + 1000, $2, $2, 'track:Order Completed', $3, $4 from event where org_id = $1`,
        [org.orgId, at, contactId, JSON.stringify({ money: { amountMinor, currency: 'EUR' } })],
      )
    await inTransaction(org.systemCtx, async (ctx) => {
      await ctx.db.query(
        `insert into event_definition (org_id, type, name, role, first_seen_at, last_seen_at, created_at, updated_at)
         values ($1, 'track:Order Completed', 'Order Completed', 'purchase', $2, $2, $2, $2)`,
        [org.orgId, ctx.now()],
      )
    })
    const of = (variant: number) =>
      people.filter((person) => person.variant === variant).map(({ contactId }) => contactId)
    h.clock.advance(MINUTE)
    const now = h.clock.now()
    for (const contactId of of(1).slice(0, 3)) await purchase(contactId, 1250, now)
    await purchase(of(1)[0] ?? ('0' as ContactId), 750, now)
    await purchase(of(3)[0] ?? ('0' as ContactId), 500, now)
    const results = await resultsOf(org, testId)
    expect(
      results.variants.map((variant: { id: string; converted: number; revenue: number }) => [
        variant.id,
        variant.converted,
        variant.revenue,
      ]),
    ).toEqual([
      ['A', 3, 45],
      ['B', 0, 0],
      ['C', 1, 5],
    ])
    expect(results.variants[2].recipients).toBe(silent.length)
    const reached = people.length - silent.length
    expect(results.incremental).toMatchObject({
      reached: { people: reached, converted: 3, revenue: 45 },
      silent: { people: silent.length, converted: 1, revenue: 5 },
    })
    expect(results.incremental.conversions.difference).toBeCloseTo(3 / reached - 1 / silent.length, 12)
    // The figure stands beside credited revenue, too.
    const roi = await org.viewer.get(`/api/campaigns/${id}/roi`)
    expect(roi.body.incremental).toEqual(results.incremental)
  })

  test('CB-10.3 CS-013.1 CS-006.1 conversions of a test are what its campaign counts, with the worth and the window that it names, as they stood at the launch', async () => {
    const org = await organizationWith(400)
    const id = await campaignOf(org)
    const rule = (plan: string, value: number) => ({
      windowDays: 2,
      touches: ['clicked'],
      counts: [
        {
          kind: 'event',
          event: 'Signed Up',
          filters: [{ property: 'plan', operator: 'equals', value: plan }],
          value,
        },
      ],
    })
    expect((await org.editor.put(`/api/campaigns/${id}/conversion-rule`, rule('gold', 20))).status).toBe(200)
    const testId = await testOf(org, id, { settings: { ...settings, metric: 'conversion' } })
    await org.editor.post(`/api/campaigns/${id}/launch`)
    await h.drain()
    // What counts can no longer be chosen with the figures in sight.
    await org.editor.put(`/api/campaigns/${id}/conversion-rule`, rule('silver', 900))
    const people = await ledgerOf(org)
    const emailOf = async (contactId: ContactId): Promise<string> =>
      (
        await org.systemCtx.db.query<{ email: string }>(
          'select email from contact where org_id = $1 and id = $2',
          [org.orgId, contactId],
        )
      )[0]?.email ?? ''
    const signUp = async (variant: number, place: number, plan: string) => {
      const own = people.filter((person) => person.variant === variant)[place]
      const email = await emailOf(own?.contactId ?? ('0' as ContactId))
      const { status } = await org.editor.post('/api/events', {
        event: 'Signed Up',
        email,
        properties: { plan },
      })
      expect(status).toBeLessThan(300)
    }
    h.clock.advance(60 * MINUTE)
    await signUp(1, 0, 'gold')
    await signUp(1, 1, 'silver')
    await signUp(2, 0, 'gold')
    await signUp(2, 1, 'gold')
    h.clock.advance(3 * 24 * 60 * MINUTE)
    await signUp(3, 0, 'gold')
    await h.drain()
    const results = await resultsOf(org, testId)
    expect(results.settings.windowMinutes).toBe(2 * 24 * 60)
    expect(
      results.variants.map((variant: { converted: number; revenue: number }) => [
        variant.converted,
        variant.revenue,
      ]),
    ).toEqual([
      [1, 20],
      [2, 40],
      [0, 0],
    ])
  })

  test.each([
    ['click', { 1: 0.1, 2: 0.2, 3: 0.1 }],
    ['engagement', { 1: 0.1, 2: 0.2, 3: 0.1 }],
  ])(
    'CB-10.1 CB-5.4 CS-007.2 a goal by %s is evidence of a test that conversions decide: people, worth and winner',
    async (kind, planted) => {
      const org = await organizationWith(3000)
      const id = await campaignOf(org)
      await org.editor.put(`/api/campaigns/${id}/conversion-rule`, {
        windowDays: 2,
        touches: ['clicked'],
        counts: [{ kind, value: 0.5 }],
      })
      const testId = await testOf(org, id, {
        settings: {
          ...settings,
          metric: 'conversion',
          minRuntimeMinutes: 30,
          horizonMinutes: 120,
          holdoutPercent: 10,
        },
      })
      await org.editor.post(`/api/campaigns/${id}/launch`)
      await h.drain()
      await click(org, id, planted)
      await advance(60)
      const results = await resultsOf(org, testId)
      for (const variant of results.variants) {
        expect(variant.converted).toBe(variant.clicked)
        expect(variant.converted).toBeGreaterThan(0)
        expect(variant.revenue).toBeCloseTo(variant.converted / 2, 9)
        expect(variant.value).toBeCloseTo(variant.converted / variant.recipients, 12)
      }
      // Nobody can click on nothing: a lift over those who were held out would say nothing.
      expect([results.holdout.people > 0, results.incremental]).toEqual([true, null])
      expect(results.decision).toMatchObject({ result: 'winner', winnerId: 'B' })
    },
    60_000,
  )

  test('CS-006.1 CS-006.2 CS-006.3 CS-012.4 FR-005.4 TK-8.3 results hold every measure with its interval, the classical tests named for what they are', async () => {
    const org = await organizationWith(900)
    const id = await campaignOf(org)
    const testId = await testOf(org, id)
    await org.editor.post(`/api/campaigns/${id}/launch`)
    await h.drain()
    await click(org, id, { 1: 0.1, 2: 0.2, 3: 0.1 })
    await advance(5)
    const results = await resultsOf(org, testId)
    for (const variant of results.variants) {
      expect(variant.value).toBeCloseTo(variant.clicked / variant.recipients, 12)
      expect(variant.interval.lower).toBeLessThan(variant.value)
      expect(variant.interval.upper).toBeGreaterThan(variant.value)
    }
    expect(
      results.comparisons.map((pair: { variantId: string; againstId: string; classicalTest: string }) => [
        pair.variantId,
        pair.againstId,
        pair.classicalTest,
      ]),
    ).toEqual([
      ['B', 'A', 'z'],
      ['C', 'A', 'z'],
    ])
    expect(results.chiSquare).toMatchObject({ df: 2 })
    expect(results.comparisons[0].anytimeP).toBeGreaterThan(results.comparisons[0].classicalP)
    // The campaign's own report tells them apart alike.
    const { body: funnel } = await org.viewer.get(`/api/campaigns/${id}/funnel?by=variant`)
    expect(
      funnel.parts.map((part: { label: string; steps: { people: number }[] }) => [
        part.label,
        part.steps[0]?.people,
        part.steps[3]?.people,
      ]),
    ).toEqual(
      results.variants.map((variant: { recipients: number; clicked: number }, index: number) => [
        String(index + 1),
        variant.recipients,
        variant.clicked,
      ]),
    )
    const csv = await org.viewer.get(`/api/campaigns/ab-test/${testId}/results.csv`)
    expect(csv.status).toBe(200)
    expect(String(csv.body)).toContain('p_valid_at_every_look,B against A,')
  })

  test('CS-006.5 results are a tagged PDF in both languages, with intervals as vectors and every table marked', async () => {
    const org = await organizationWith(900)
    const id = await campaignOf(org)
    const testId = await testOf(org, id, {
      variants: [
        {},
        { name: 'Été', content: { email: mail('Second') } },
        { name: 'Nothing', isControl: true },
      ],
      settings: { ...settings, metric: 'conversion' },
    })
    await org.editor.post(`/api/campaigns/${id}/launch`)
    await h.drain()
    await advance(5)
    for (const locale of ['en', 'fr']) {
      const answer = await h.request({
        url: `/api/campaigns/ab-test/${testId}/results.pdf?locale=${locale}`,
        headers: { ...org.viewer.headers },
      })
      expect(answer.statusCode).toBe(200)
      expect(answer.headers['content-type']).toBe('application/pdf')
      expect(answer.headers['content-disposition']).toMatch(
        /^attachment; filename="test-\d{4}-\d\d-\d\d\.pdf"$/,
      )
      const pdf = answer.rawPayload.toString('latin1')
      expect(pdf).toContain('/Marked true')
      expect(pdf).toContain(`/Lang (${locale})`)
      // The intervals, and as tables: their twin, variants, comparison, and what the campaign itself brought.
      expect(pdf.match(/\/S \/Figure/g)).toHaveLength(1)
      expect(pdf.match(/\/S \/Table\b/g)).toHaveLength(4)
      expect(pdf).not.toContain('/Subtype /Image')
    }
    const other = await organizationWith(1)
    const refused = await other.viewer.get(`/api/campaigns/ab-test/${testId}/results.pdf`)
    expect([refused.status, refused.body.code]).toEqual([404, 'experiments.not_found'])
  })

  test('CB-5.3 TK-8.2 DS-CampaignService.trackVariantPerformance figures from elsewhere add up beside what is measured', async () => {
    const org = await organizationWith(1)
    const id = await campaignOf(org)
    const testId = await testOf(org, id)
    const track = (metrics: unknown) =>
      org.editor.post(`/api/campaigns/ab-test/${testId}/track`, { variantId: 'B', metrics })
    await track({ impressions: 100, clicks: 4 })
    const { body } = await track({ impressions: 50, conversions: 1, revenue: 9.5 })
    expect(body.variants[1].reported).toEqual({ impressions: 150, clicks: 4, conversions: 1, revenue: 9.5 })
    expect(body.variants[1].clicked).toBe(0)
    const unknown = await org.editor.post(`/api/campaigns/ab-test/${testId}/track`, {
      variantId: 'E',
      metrics: {},
    })
    expect(unknown.body.code).toBe('experiments.unknown_variant')
  })

  test('a test that has begun cannot be written anew, and cancelling its campaign ends it', async () => {
    const org = await organizationWith(300)
    const id = await campaignOf(org)
    const testId = await testOf(org, id, { settings: { ...settings, testPercent: 50 } })
    await org.editor.post(`/api/campaigns/${id}/launch`)
    await h.drain()
    await org.editor.post(`/api/campaigns/${id}/pause`)
    const again = await org.editor.post(`/api/campaigns/${id}/ab-test`, { variants: [{}, {}] })
    expect(again.body.code).toBe('experiments.already_begun')
    await org.editor.post(`/api/campaigns/${id}/cancel`)
    await advance(300)
    expect(await resultsOf(org, testId)).toMatchObject({ status: 'cancelled', decision: null })
    expect((await ledgerOf(org)).length).toBeLessThan(250)
  })
})

test('the rule is tried on the people of the latest mailing: labels that mean nothing seldom win, peeking would often', async () => {
  const org = await organizationWith(2200)
  const missing = await org.viewer.post('/api/campaigns/ab-test/self-test', {})
  expect(missing.body.code).toBe('experiments.history_missing')
  const id = await campaignOf(org)
  await org.editor.post(`/api/campaigns/${id}/launch`)
  await h.drain()
  for (const minutes of [5, 20, 60, 120, 240]) {
    h.clock.advance(minutes * MINUTE)
    await click(org, id, { 0: minutes / 3000 })
  }
  const { status, body } = await org.viewer.post('/api/campaigns/ab-test/self-test', { metric: 'click' })
  expect(status).toBe(200)
  expect(body).toMatchObject({ people: 2200, runs: 200, confidence: 95 })
  expect(body.falseWinners / body.runs).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / 200))
  expect(body.naiveFalseWinners).toBeGreaterThan(body.falseWinners)
})
