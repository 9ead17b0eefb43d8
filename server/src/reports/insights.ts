/** What an organization can learn from its own campaigns. */
import { countsOfEach, deliveredIn, type Counts } from '../analytics/index.ts'
import type { Ctx } from '../platform/context.ts'
import { toWire } from '../platform/ids.ts'
import { organizationOf } from '../team/index.ts'
import { copyOf, usesOf } from './advice.ts'
import { featuresOf, type Features } from './features.ts'
import {
  EVENTS_MIN,
  findPatterns,
  GROUP_MIN,
  MESSAGES_MIN,
  RECIPIENTS_MIN,
  type Found,
  type Observed,
} from './patterns.ts'
import { selectIncludedSegments, selectLaunchedPlans, type LaunchedPlan } from './queries.ts'
import type { Insights } from './schema.ts'
import { textFeaturesOf } from './texts.ts'
import { labelOf, recommendationOf, rulesIn, tooFew } from './words.ts'

/** Campaigns that are looked at; the latest. More would be slower to read and speak of what nobody does any more. */
const CAMPAIGNS_MAX = 300
/** Fewer say nothing about anything. */
const CAMPAIGNS_MIN = 2 * GROUP_MIN
const PATTERNS_SHOWN = 40

/** A launched campaign with what it is like. */
export interface Precedent extends LaunchedPlan {
  features: Features
}

/** What campaigns are like, what was found about them, and what segments are called. */
export interface Learnt extends Found {
  campaigns: number
  /** Latest first. */
  precedents: readonly Precedent[]
  segmentNames: ReadonlyMap<string, string>
}

/** Source: CB-8.4, CB-8.5, MA-7.3, GOAL-2, TK-11.8, DS-CampaignAnalyticsService.identifyPatterns, getRecommendations */
export async function insights(ctx: Ctx): Promise<Insights> {
  const { campaigns, looks, belowFloors, patterns, precedents, segmentNames } = await learn(ctx)
  return {
    campaigns,
    looks,
    belowFloors,
    floors: { campaigns: GROUP_MIN, messages: RECIPIENTS_MIN, events: EVENTS_MIN },
    notice: campaigns < CAMPAIGNS_MIN ? tooFew(ctx.locale, campaigns, CAMPAIGNS_MIN, MESSAGES_MIN) : null,
    patterns: patterns
      .slice(0, PATTERNS_SHOWN)
      .map((pattern) => ({ ...pattern, label: labelOf(ctx.locale, pattern, segmentNames) })),
    rules: rulesIn(ctx.locale),
    recommendations: advised(patterns).map((pattern) => ({
      ...recommendationOf(ctx.locale, pattern, { looks, segmentNames }),
      copyOf: copyOf(pattern, precedents)?.name ?? null,
      uses: usesOf(pattern, precedents),
    })),
  }
}

/** What is clear and worth doing, once for each thing that can be done: conversions tell before clicks. */
export function advised(patterns: Found['patterns']): Found['patterns'] {
  const clear = patterns
    .filter(({ verdict, lift }) => verdict === 'clear' && lift > 0)
    .toSorted((a, b) => Number(a.metric === 'click') - Number(b.metric === 'click'))
  const once = new Map(clear.toReversed().map((one) => [`${one.feature} ${one.value}`, one]))
  return patterns.filter((one) => once.get(`${one.feature} ${one.value}`) === one)
}

/** Looks at the latest campaigns. */
export async function learn(ctx: Ctx): Promise<Learnt> {
  const { timeZone } = await organizationOf(ctx)
  const plans = await selectLaunchedPlans(ctx, CAMPAIGNS_MAX)
  const texts = await textFeaturesOf(ctx, plans)
  const ids = plans.map(({ id }) => id)
  const counts = await countsOfEach(ctx, ids)
  const segments = await selectIncludedSegments(ctx, ids)
  const addressed = Map.groupBy(segments, ({ campaignId }) => campaignId)
  const precedents = plans.map((plan): Precedent => ({
    ...plan,
    features: {
      ...featuresOf({
        ...plan,
        timeZone,
        launchedAt: plan.delivery === 'triggered' ? null : plan.launchedAt,
        segments: (addressed.get(plan.id) ?? []).map(({ segmentId }) => toWire('segment', segmentId)),
      }),
      ...texts.get(plan.id),
    },
  }))
  const observed = precedents.flatMap(({ id, launchedAt, features }): Observed[] => {
    const own: Counts = counts.get(id) ?? new Map()
    const delivered = deliveredIn(own)
    if (launchedAt === null || delivered < MESSAGES_MIN) return []
    const events = { click: own.get('clicked') ?? 0, conversion: own.get('converted') ?? 0 }
    return [{ at: launchedAt.getTime(), delivered, events, features }]
  })
  return {
    campaigns: observed.length,
    precedents,
    segmentNames: new Map(segments.map(({ segmentId, name }) => [toWire('segment', segmentId), name])),
    ...(observed.length < CAMPAIGNS_MIN
      ? { looks: 0, belowFloors: 0, patterns: [] }
      : findPatterns(observed)),
  }
}
