/** How it goes over all campaigns, for somebody who has a minute. */
import { countsWithin, handedOverIn, organizationModel, type Counts } from '../analytics/index.ts'
import { costsOf, costWithin } from '../budgets/index.ts'
import type { Ctx } from '../platform/context.ts'
import { toMajor } from '../platform/money.ts'
import { organizationOf } from '../team/index.ts'
import { ratedFrom, withCosts, type Rated } from './compare.ts'
import { insights } from './insights.ts'
import { roiOf, sumsOfCampaigns } from './money.ts'
import { periodBefore, periodOf, type Period } from './period.ts'
import { selectLaunched } from './queries.ts'
import { differenceOf, ratesOf } from './rates.ts'
import { RATES, type Overview, type RateName } from './schema.ts'
import { trendPoints } from './trends.ts'
import { usualBefore } from './usual.ts'

const USUAL_DAYS = 30
const CAMPAIGNS_MAX = 500
const SHOWN = 3
const GOALS_SHOWN = 10
/** Of fewer messages nothing is said to be best or worst. */
const RANKED_FROM = 100
/** Points that a chart of so many days shows: days up to six weeks, weeks up to a year, then months. */
const STEPS = [
  { step: 'day', daysMax: 45 },
  { step: 'week', daysMax: 370 },
  { step: 'month', daysMax: Number.POSITIVE_INFINITY },
] as const
const DAY_MS = 86_400_000

/** What happened within a period, in minor units. */
interface Sums {
  counts: Counts
  costMinor: number
  launched: Awaited<ReturnType<typeof selectLaunched>>
}

/** Source: MA-7.4, GOAL-2, CB-8.5 @throws reports.period_invalid */
export async function executiveOverview(
  ctx: Ctx,
  asked: { from?: string | undefined; to?: string | undefined },
): Promise<Overview> {
  const { currency } = await organizationOf(ctx)
  const period = await periodOf(ctx, asked, USUAL_DAYS)
  const previous = await periodBefore(ctx, period)
  const [now, before] = [await sumsOf(ctx, period), await sumsOf(ctx, previous)]
  const counts = await sumsOfCampaigns(
    ctx,
    now.launched.map(({ id }) => id),
  )
  const ranked = ratedFrom(now.launched, counts, currency)
  const best = extremes(ranked, (item) => -(item.rates.click.interval?.low ?? 0))
  const worst = extremes(ranked, (item) => item.rates.click.interval?.high ?? 1)
  // Costs are found hour by hour: of those that are shown.
  const costs = await costsOf(
    ctx,
    [...best, ...worst].map(({ id }) => id),
  )
  const { recommendations, notice } = await insights(ctx)
  const both = (of: (sums: Sums) => number): { now: number; before: number } => ({
    now: of(now),
    before: of(before),
  })
  const money = (of: (sums: Sums) => number): { now: number; before: number } =>
    both((sums) => toMajor(of(sums), currency) ?? 0)
  const revenueMinor = ({ counts }: Sums): number => counts.get('revenue') ?? 0
  return {
    currency,
    period: { from: period.fromOn, to: period.toOn },
    before: { from: previous.fromOn, to: previous.toOn },
    campaigns: both(({ launched }) => launched.length),
    sent: both(({ counts }) => handedOverIn(counts)),
    converted: both(({ counts }) => counts.get('converted') ?? 0),
    unsubscribed: both(({ counts }) => counts.get('unsubscribed') ?? 0),
    revenue: money(revenueMinor),
    cost: money(({ costMinor }) => costMinor),
    profit: money((sums) => revenueMinor(sums) - sums.costMinor),
    roi: {
      now: roiOf(revenueMinor(now), now.costMinor),
      before: roiOf(revenueMinor(before), before.costMinor),
    },
    rates: movedRates(now.counts, before.counts),
    usual: await usualBefore(ctx, period.from),
    points: await pointsOf(ctx, period),
    goals: goalsOf(now.launched, ranked),
    best: withCosts(best, costs, currency),
    worst: withCosts(worst, costs, currency),
    recommendations: recommendations.slice(0, SHOWN),
    notice,
  }
}

async function sumsOf(ctx: Ctx, period: Period): Promise<Sums> {
  return {
    counts: await countsWithin(ctx, period, await organizationModel(ctx)),
    costMinor: await costWithin(ctx, period),
    launched: await selectLaunched(ctx, { ...period, limit: CAMPAIGNS_MAX }),
  }
}

/** Each rate beside what it was; the intervals of the changes allow for as many looks. */
function movedRates(now: Counts, before: Counts): Overview['rates'] {
  const [here, there] = [ratesOf(now), ratesOf(before)]
  return Object.fromEntries(
    RATES.map((name) => [
      name,
      { now: here[name], before: there[name], change: differenceOf(there[name], here[name], RATES.length) },
    ]),
  ) as Record<RateName, Overview['rates'][RateName]> // one entry per name
}

async function pointsOf(ctx: Ctx, period: Period): Promise<Overview['points']> {
  const days = (period.to.getTime() - period.from.getTime()) / DAY_MS
  const step = STEPS.find(({ daysMax }) => days <= daysMax)?.step ?? 'month'
  const points = await trendPoints(ctx, period, step)
  return points.map(({ on, sent, clicked, converted, revenue }) => ({
    on,
    sent,
    clicked,
    converted,
    revenue,
  }))
}

function goalsOf(launched: Sums['launched'], ranked: readonly Rated[]): Overview['goals'] {
  const converted = new Map(ranked.map(({ id, rates }) => [id, rates.conversion.part]))
  return launched
    .flatMap(({ id, name, goals }) =>
      goals.map((goal) => ({
        campaignId: id,
        campaign: name,
        goal: goal.name,
        target: goal.target,
        converted: converted.get(id) ?? 0,
      })),
    )
    .slice(0, GOALS_SHOWN)
}

/** The first few by a score, among those that reached enough people. */
const extremes = (ranked: readonly Rated[], score: (item: Rated) => number): Rated[] =>
  ranked
    .filter(({ rates }) => rates.click.whole >= RANKED_FROM)
    .toSorted((a, b) => score(a) - score(b))
    .slice(0, SHOWN)
