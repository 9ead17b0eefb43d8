/** Campaigns and channels side by side, and the best of a period. */
import { countsFrom, handedOverIn, type Counts } from '../analytics/index.ts'
import { costsOf } from '../budgets/index.ts'
import type { Channel } from '../campaigns/index.ts'
import type { Ctx } from '../platform/context.ts'
import { toWire, type CampaignId } from '../platform/ids.ts'
import { toMajor, toMinor } from '../platform/money.ts'
import { organizationOf } from '../team/index.ts'
import { isPlatform } from '../tracking/index.ts'
import { errors } from './errors.ts'
import { campaignOf, conversionsOf, countsOfCampaigns, revenueOf, roiOf, sumsOfCampaigns } from './money.ts'
import { selectCampaigns, selectLaunchedIds, type CampaignFacts } from './queries.ts'
import { bestOf, differenceOf, ratesOf } from './rates.ts'
import type { Comparison, Ranked, Usual } from './schema.ts'
import { usualBeside, usualByChannel } from './usual.ts'

/** Campaigns that a ranking looks at; the latest. */
const RANKED_MAX = 1_000
const DAY_MS = 86_400_000

/** One thing of a comparison, before it is compared. */
interface Side {
  id: string
  name: string
  counts: Counts
  costMinor: number
  usual?: Usual | undefined
}

/** The channels of one campaign, or of some together. Source: CB-8.3, TK-11.5, DS-CampaignAnalyticsService.comparePlatforms @throws reports.campaign_not_found */
export async function compareChannels(ctx: Ctx, ids: readonly CampaignId[]): Promise<Comparison> {
  const known = await campaignsOf(ctx, ids)
  const { currency } = await organizationOf(ctx)
  const usual = await usualByChannel(ctx, [...known.values()])
  const rows = (await countsOfCampaigns(ctx, ids)).filter(({ channel }) => !isPlatform(channel))
  const byChannel = Map.groupBy(rows, ({ channel }) => channel)
  const costs = [...(await costsOf(ctx, ids)).values()].flatMap(({ channels }) => channels)
  return compared(
    [...byChannel]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([channel, rows]) => ({
        id: channel,
        name: channel,
        counts: countsFrom(rows),
        costMinor: costs.reduce((sum, cost) => sum + (cost.channel === channel ? cost.totalMinor : 0), 0),
        usual: usual.get(channel),
      })),
    currency,
    null,
  )
}

/** In the order asked for. Source: MA-7.3, TK-11.4, DS-CampaignAnalyticsService.compareCampaigns @throws reports.campaign_not_found */
export async function compareCampaigns(ctx: Ctx, ids: readonly CampaignId[]): Promise<Comparison> {
  const { currency } = await organizationOf(ctx)
  const known = await campaignsOf(ctx, ids)
  const counts = Map.groupBy(await countsOfCampaigns(ctx, ids), ({ campaignId }) => campaignId)
  const costs = await costsOf(ctx, ids)
  return compared(
    [...new Set(ids)].map((id) => ({
      id: toWire('campaign', id),
      name: known.get(id)?.name ?? '',
      counts: countsFrom(counts.get(id) ?? []),
      costMinor: costs.get(id)?.totalMinor ?? 0,
    })),
    currency,
    await usualBeside(ctx, [...known.values()]),
  )
}

/** By id. @throws reports.campaign_not_found */
async function campaignsOf(ctx: Ctx, ids: readonly CampaignId[]): Promise<Map<CampaignId, CampaignFacts>> {
  const known = new Map((await selectCampaigns(ctx, ids)).map((campaign) => [campaign.id, campaign]))
  const missing = ids.find((id) => !known.has(id))
  if (missing !== undefined) throw errors.campaign_not_found({ id: missing })
  return known
}

/**
 * The variants of a campaign's test side by side, by the names that the test gives their numbers.
 * @throws reports.campaign_not_found
 */
export async function compareVariants(
  ctx: Ctx,
  id: CampaignId,
  names: ReadonlyMap<number, string>,
): Promise<Comparison> {
  await campaignOf(ctx, id)
  const { currency } = await organizationOf(ctx)
  const byVariant = Map.groupBy(await countsOfCampaigns(ctx, [id]), ({ variant }) => variant)
  return compared(
    [...byVariant]
      .filter(([variant]) => names.has(variant))
      .toSorted(([a], [b]) => a - b)
      .map(([variant, rows]) => ({
        id: String(variant),
        name: names.get(variant) ?? '',
        counts: countsFrom(rows),
        costMinor: 0,
      })),
    currency,
    null,
  )
}

function compared(sides: readonly Side[], currency: string, usual: Comparison['usual']): Comparison {
  const first = sides[0] && ratesOf(sides[0].counts)
  // Two rates of each against the first: the intervals allow for as many looks.
  const looks = 2 * Math.max(1, sides.length - 1)
  return {
    currency,
    whole: ratesOf(countsFrom(sides.flatMap(({ counts }) => [...counts].map(([name, n]) => ({ name, n }))))),
    usual,
    best: bestOf(sides.map(({ id, counts }) => ({ id, rates: ratesOf(counts) }))),
    items: sides.map(({ id, name, counts, costMinor, usual }, at) => {
      const [sent, revenue, rates] = [handedOverIn(counts), revenueOf(counts, 'chosen'), ratesOf(counts)]
      const conversions = conversionsOf(counts, 'chosen')
      return {
        id,
        name,
        sent,
        rates,
        usual: usual ?? null,
        revenue: toMajor(revenue, currency) ?? 0,
        cost: toMajor(costMinor, currency) ?? 0,
        roi: roiOf(revenue, costMinor),
        conversions,
        costPerConversion: conversions === 0 ? null : (toMajor(costMinor, currency) ?? 0) / conversions,
        revenuePerRecipient: sent === 0 ? null : (toMajor(revenue, currency) ?? 0) / sent,
        against:
          at === 0 || !first
            ? null
            : {
                click: differenceOf(first.click, rates.click, looks),
                conversion: differenceOf(first.conversion, rates.conversion, looks),
              },
      }
    }),
  }
}

/**
 * The best campaigns: by money, or by the lower end of a rate's interval, so that a handful of lucky clicks does not
 * lead. Source: CB-8.4, TK-11.7, DS-CampaignAnalyticsService.getTopPerformingCampaigns
 */
export async function topCampaigns(
  ctx: Ctx,
  question: {
    by: Ranking
    limit: number
    from?: string | undefined
    to?: string | undefined
  },
): Promise<Ranked> {
  const { currency } = await organizationOf(ctx)
  const ids = await selectLaunchedIds(ctx, {
    from: question.from === undefined ? null : new Date(question.from),
    to: question.to === undefined ? null : new Date(new Date(question.to).getTime() + DAY_MS),
    limit: RANKED_MAX,
  })
  const counts = await sumsOfCampaigns(ctx, ids)
  // Costs are found hour by hour: all of them only where they decide.
  const costs = question.by === 'roi' ? await costsOf(ctx, ids) : null
  const ranked = ids
    .flatMap((id) => {
      const score = scoreOf(counts.get(id) ?? NOTHING, costs?.get(id)?.totalMinor ?? 0, question.by)
      return score === null ? [] : [{ id, score }]
    })
    .toSorted((a, b) => b.score - a.score)
    .slice(0, question.limit)
    .map(({ id }) => id)
  const known = new Map((await selectCampaigns(ctx, ranked)).map((campaign) => [campaign.id, campaign]))
  const shown = ranked.flatMap((id) => known.get(id) ?? [])
  return {
    currency,
    items: withCosts(ratedFrom(shown, counts, currency), costs ?? (await costsOf(ctx, ranked)), currency),
  }
}

const NOTHING: Counts = new Map()

/** What a ranking goes by, before anything is known of its cost. */
export type Rated = Omit<Ranked['items'][number], 'cost' | 'roi'>

/** Campaigns with their figures. Pure. */
export const ratedFrom = (
  campaigns: readonly CampaignFacts[],
  counts: ReadonlyMap<CampaignId, Counts>,
  currency: string,
): Rated[] =>
  campaigns.map((campaign) => {
    const own = counts.get(campaign.id) ?? NOTHING
    return {
      id: campaign.id,
      name: campaign.name,
      type: campaign.type,
      channels: campaign.channels as Channel[], // as campaigns wrote them
      launchedAt: campaign.launchedAt,
      sent: handedOverIn(own),
      revenue: toMajor(revenueOf(own, 'chosen'), currency) ?? 0,
      rates: ratesOf(own),
    }
  })

/** The same with what they cost. Pure. */
export const withCosts = (
  rated: readonly Rated[],
  costs: Awaited<ReturnType<typeof costsOf>>,
  currency: string,
): Ranked['items'] =>
  rated.map((item) => {
    const costMinor = costs.get(item.id)?.totalMinor ?? 0
    return {
      ...item,
      cost: toMajor(costMinor, currency) ?? 0,
      roi: roiOf(toMinor(item.revenue, currency) ?? 0, costMinor),
    }
  })

function scoreOf(counts: Counts, costMinor: number, by: Ranking): number | null {
  switch (by) {
    case 'revenue':
      return handedOverIn(counts) === 0 ? null : revenueOf(counts, 'chosen')
    case 'roi':
      return roiOf(revenueOf(counts, 'chosen'), costMinor)
    case 'clickRate':
      return ratesOf(counts).click.interval?.low ?? null
    case 'openRate':
      return ratesOf(counts).open.interval?.low ?? null
    case 'conversionRate':
      return ratesOf(counts).conversion.interval?.low ?? null
  }
}
type Ranking = 'revenue' | 'roi' | 'clickRate' | 'openRate' | 'conversionRate'
