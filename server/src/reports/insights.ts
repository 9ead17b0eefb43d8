/** What an organization can learn from its own campaigns. */
import { countsOfEach, deliveredIn, type Counts } from '../analytics/index.ts'
import type { Ctx } from '../platform/context.ts'
import { organizationOf } from '../team/index.ts'
import { featuresOf, findPatterns, MESSAGES_MIN, type Observed } from './patterns.ts'
import { selectLaunched } from './queries.ts'
import type { Insights } from './schema.ts'
import { recommendationOf, tooFew } from './words.ts'

/** Campaigns that are looked at; the latest. More would be slower to read and speak of what nobody does any more. */
const CAMPAIGNS_MAX = 300
/** Fewer say nothing about anything. */
const CAMPAIGNS_MIN = 10
const PATTERNS_SHOWN = 20

/** Source: CB-8.4, CB-8.5, MA-7.3, GOAL-2, TK-11.8, DS-CampaignAnalyticsService.identifyPatterns, getRecommendations */
export async function insights(ctx: Ctx): Promise<Insights> {
  const { timeZone } = await organizationOf(ctx)
  const campaigns = await selectLaunched(ctx, { from: null, to: null, limit: CAMPAIGNS_MAX })
  const counts = await countsOfEach(
    ctx,
    campaigns.map(({ id }) => id),
  )
  const observed = campaigns.flatMap(({ id, launchedAt, ...campaign }): Observed[] => {
    const own: Counts = counts.get(id) ?? new Map()
    const delivered = deliveredIn(own)
    if (launchedAt === null || delivered < MESSAGES_MIN) return []
    return [
      {
        delivered,
        clicked: own.get('clicked') ?? 0,
        features: featuresOf({ ...campaign, launchedAt, timeZone }),
      },
    ]
  })
  if (observed.length < CAMPAIGNS_MIN)
    return {
      campaigns: observed.length,
      looks: 0,
      notice: tooFew(ctx.locale, observed.length, CAMPAIGNS_MIN, MESSAGES_MIN),
      patterns: [],
      recommendations: [],
    }
  const { looks, patterns } = findPatterns(observed)
  return {
    campaigns: observed.length,
    looks,
    notice: null,
    patterns: patterns.slice(0, PATTERNS_SHOWN),
    recommendations: patterns
      .filter(({ isClear, lift }) => isClear && lift > 0)
      .map((pattern) => recommendationOf(ctx.locale, pattern, looks)),
  }
}
