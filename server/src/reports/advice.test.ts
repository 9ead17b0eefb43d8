import { beforeAll, describe, expect, test } from 'vitest'
import { addDeltas } from '../analytics/index.ts'
import { inTransaction } from '../platform/db/index.ts'
import { fromWire, newId, type CampaignId } from '../platform/ids.ts'
import { harness, type Harness } from '../testing/harness.ts'
import type { TestOrganization } from '../testing/organization.ts'
import { FEATURES, featuresOfText, type Feature } from './features.ts'
import type { AppliedAdvice, Insights } from './schema.ts'

const DAY_MS = 86_400_000
let h: Harness
beforeAll(async () => {
  h = await harness()
})

/** What goes with success, beside what does not; `at` is a wall time of the organization, which is in UTC. */
interface Kind {
  value: string
  good: Practice
  other: Practice
}
interface Practice {
  plan?: Record<string, unknown>
  subject?: string
  body?: string
  /** Of the 14 days before, which the launch was on; by number of its campaign. */
  at?: (n: number) => string
}

const saying = (value: 'yes' | 'no', subject: string, other: string): Kind => ({
  value,
  good: { subject },
  other: { subject: other },
})
const offering = (body: string): Kind => ({ value: 'yes', good: { body }, other: { body: 'A letter' } })
const day = (n: number): string => new Date(Date.UTC(2026, 9, 1) + n * DAY_MS).toISOString().slice(0, 10)

/** One of each feature. Segments are named when there is an organization. */
const KINDS: Readonly<Record<Exclude<Feature, 'segment'>, Kind>> = {
  type: { value: 'retention', good: { plan: { type: 'retention' } }, other: {} },
  channel: { value: 'sms', good: { plan: { channels: ['sms'] } }, other: {} },
  // The 1st of October 2026 is a Thursday: days are spread over hours, and hours over days.
  hour: {
    value: '9',
    good: { at: (n) => `${day(n)}T09:10:00Z` },
    other: { at: (n) => `${day(n)}T15:10:00Z` },
  },
  weekday: {
    value: '2',
    good: { at: (n) => `${day(5 + 7 * n)}T10:00:00Z` },
    other: { at: (n) => `${day(7 * n)}T10:00:00Z` },
  },
  subjectLength: {
    value: 'short',
    good: { subject: 'Our letter' },
    other: { subject: 'Our letter of this month, with all that is new in the workshop' },
  },
  subjectPersonal: saying('yes', '{{ contact.first_name }}, our letter', 'Our letter'),
  subjectQuestion: saying('yes', 'Our letter?', 'Our letter'),
  subjectExclamation: saying('no', 'Our letter', 'Our letter!'),
  subjectUrgency: saying('yes', 'Last chance: our letter', 'Our letter'),
  subjectNumber: saying('yes', 'Our letter of 5 pages', 'Our letter of pages'),
  subjectEmoji: saying('yes', 'Our letter 🎉', 'Our letter'),
  offerDiscount: offering('A letter with a discount'),
  offerShipping: offering('A letter with free shipping'),
  offerCode: offering('A letter with a code'),
  offerGift: offering('A letter with a gift'),
}
/** What a plain rule can write; all else is left to a person. */
const WRITTEN = ['subjectLength', 'subjectPersonal', 'subjectExclamation', 'subjectEmoji']

async function launched(
  org: TestOrganization,
  n: number,
  { plan = {}, subject = 'Our letter', body = 'A letter', at }: Practice,
  clicked: number,
): Promise<void> {
  const made = await org.editor.post('/api/campaigns', {
    name: `Campaign ${n}`,
    content: { email: { subject, fromName: 'A', fromEmail: 'a@shop.example', format: 'html', body } },
    ...plan,
  })
  expect(made.status).toBe(201)
  const campaignId = fromWire('campaign', made.body.id) as CampaignId
  const launchedAt = at?.(Math.floor(n / 2)) ?? new Date(h.clock.now().getTime() - (20 - n) * 60_000)
  await inTransaction(org.systemCtx, async (ctx) => {
    await ctx.db.query('update campaign set launched_at = $3 where org_id = $1 and id = $2', [
      org.orgId,
      campaignId,
      launchedAt,
    ])
    const runId = newId<'run'>(ctx.now())
    await addDeltas(ctx, { campaignId, runId, channel: 'email' }, { sent: 2_000, clicked })
  })
}

/** Twelve campaigns, every other one as it should be. */
async function history(org: TestOrganization, { good, other }: Kind): Promise<void> {
  for (let n = 0; n < 12; n++)
    await launched(org, n, n % 2 === 0 ? good : other, (n % 2 === 0 ? 240 : 80) + n)
}

const adviceOn = async (
  org: TestOrganization,
  feature: Feature,
  value: string,
): Promise<Insights['recommendations'][number]> => {
  const { body } = await org.viewer.get('/api/campaigns/insights')
  const found = (body as Insights).recommendations.find(
    (one) => one.feature === feature && one.value === value,
  )
  if (!found) throw new Error(`no advice on ${feature} ${value}: ${JSON.stringify(body.recommendations)}`)
  return found
}

const apply = async (
  org: TestOrganization,
  asked: { feature: Feature; value: string; as: 'draft' | 'test' },
): Promise<AppliedAdvice> => {
  const { status, body } = await org.editor.post('/api/campaigns/insights/apply', asked)
  expect(status).toBe(201)
  return body
}

/** What the evidence that was written down says of the effect: the same that was shown. */
const notedLift = async (org: TestOrganization): Promise<number> =>
  (await org.owner.get('/api/audit?action=reports.advice_applied')).body.items[0].change.evidence.lift

interface Draft {
  type: string
  channels: string[]
  audience: { include: { segmentIds: string[] } }
  content: { email: { subject: string; body: string } }
}

/** What a draft is like, in what the advice is about. */
function valuesOf(feature: Feature, draft: Draft, startAt: string | null): readonly string[] | undefined {
  const start = startAt === null ? null : Temporal.PlainDateTime.from(startAt)
  switch (feature) {
    case 'type':
      return [draft.type]
    case 'channel':
      return draft.channels
    case 'segment':
      return draft.audience.include.segmentIds
    case 'hour':
      return [String(start?.hour)]
    case 'weekday':
      return [String(start?.dayOfWeek)]
    default:
      return featuresOfText(draft.content.email)[feature]
  }
}

const isOfContent = (feature: Feature): boolean => /^(?:subject|offer)/.test(feature)
const CONTENT = FEATURES.filter(isOfContent)
const SHARED = FEATURES.filter((feature) => !isOfContent(feature))

/** An organization in which a practice goes with success. @returns the advice that comes of it */
async function learnt(feature: Feature) {
  const org = await h.organization({ timeZone: 'UTC' })
  const kind = feature === 'segment' ? await twoSegments(org) : KINDS[feature]
  await history(org, kind)
  return { org, value: kind.value, advice: await adviceOn(org, feature, kind.value) }
}

describe('advice, from its figures to the draft', () => {
  test.each(FEATURES)(
    'CB-8.5 DS-CampaignAnalyticsService.getRecommendations on %s: the effect to be expected is shown and written down, and one click makes a draft that follows',
    async (feature) => {
      const { org, value, advice } = await learnt(feature)
      // Three times the clicks: told as a share more, with its interval.
      expect(advice.expectedLift).toBeGreaterThan(1)
      expect(advice.effect).toMatch(/^To be expected: \+\d+% clicks \(95 %: \+/)
      const made = await apply(org, { feature, value, as: 'draft' })
      const draft = (await org.viewer.get(`/api/campaigns/${made.campaignId}`)).body
      expect(draft).toMatchObject({ status: 'draft', schedule: null })
      expect(valuesOf(feature, draft, made.startAt)).toEqual([value])
      expect(made.startAt === null).toBe(feature !== 'hour' && feature !== 'weekday')
      expect(await notedLift(org)).toBeCloseTo(advice.expectedLift)
    },
  )

  test.each(SHARED)(
    'DS-CampaignAnalyticsService.getRecommendations on %s, which variants share: no test is offered or made, and the evidence says so',
    async (feature) => {
      const { org, value, advice } = await learnt(feature)
      expect(advice.uses).toEqual(['draft'])
      expect(advice.evidence).toContain('no test will tell')
      const refused = await org.editor.post('/api/campaigns/insights/apply', { feature, value, as: 'test' })
      expect([refused.status, refused.body.code]).toEqual([409, 'reports.advice_gone'])
    },
  )

  test.each(CONTENT)(
    'DS-CampaignAnalyticsService.getRecommendations on %s: one click makes a test of the present practice against what follows, or against what a person must write',
    async (feature) => {
      const { org, value, advice } = await learnt(feature)
      expect(advice.uses).toEqual(['draft', 'test'])
      expect(advice.evidence).toContain(': a test will tell')
      const made = await apply(org, { feature, value, as: 'test' })
      const { content } = (await org.viewer.get(`/api/campaigns/${made.campaignId}`)).body
      expect(featuresOfText(content.email)[feature]).not.toEqual([value])
      const { status, variants, settings } = (
        await org.viewer.get(`/api/campaigns/${made.campaignId}/ab-test`)
      ).body.test
      expect([status, settings.metric]).toEqual(['draft', 'click'])
      expect(variants).toMatchObject([
        { name: 'As so far', percent: 50, content: null },
        { percent: 50, content: { email: {} } },
      ])
      const { email } = variants[1].content
      // An empty subject keeps the test from leaving until a person has written it.
      const found = email.subject === '' ? 'to be written' : featuresOfText(email)[feature]
      expect(found).toEqual(WRITTEN.includes(feature) ? [value] : 'to be written')
    },
  )
})

async function twoSegments(org: TestOrganization): Promise<Kind> {
  const [first, second] = await Promise.all(
    ['French', 'German'].map(
      async (name): Promise<string> =>
        (
          await org.editor.post('/api/segments', {
            name,
            kind: 'dynamic',
            rule: { all: [{ kind: 'contact', field: 'country', operator: 'one_of', value: ['FR'] }] },
          })
        ).body.id,
    ),
  )
  const addressing = (id: string | undefined): Practice => ({
    plan: { audience: { include: { segmentIds: [id] } } },
  })
  return { value: first ?? '', good: addressing(first), other: addressing(second) }
}
