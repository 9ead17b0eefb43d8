/** Revenue against cost. */
import {
  ATTRIBUTION_MODELS,
  countsFrom,
  countsOfEach,
  linkFiguresOf,
  modelsOf,
  PARTS,
  type AttributionModel,
  type Counts,
} from '../analytics/index.ts'
import {
  addSpend,
  changeSpend,
  costsOf,
  listSpends,
  removeSpend,
  type Spend,
  type SpendId,
} from '../budgets/index.ts'
import type { Channel } from '../campaigns/index.ts'
import { experimentOf, resultsOf } from '../experiments/index.ts'
import type { Ctx } from '../platform/context.ts'
import type { CampaignId } from '../platform/ids.ts'
import { toMajor, toMinor } from '../platform/money.ts'
import { organizationOf } from '../team/index.ts'
import { isPlatform, POST_PLATFORMS } from '../tracking/index.ts'
import { errors } from './errors.ts'
import { moneyByLink } from './link-money.ts'
import {
  selectCampaigns,
  selectCounts,
  selectLinkCredit,
  selectOtherCurrencies,
  selectRefunds,
  selectTimeToConvert,
  type CampaignFacts,
} from './queries.ts'
import type { Roi, SpendInput, SpendOnWire } from './schema.ts'

const BUCKET_HOURS = [1, 6, 24, 72, 168, 720] as const

/** @throws reports.campaign_not_found */
export async function campaignOf(ctx: Ctx, id: CampaignId): Promise<CampaignFacts> {
  const [campaign] = await selectCampaigns(ctx, [id])
  if (!campaign) throw errors.campaign_not_found({ id })
  return campaign
}

/**
 * Sums by campaign, channel, variant and name, with credit once more under the name `chosen`: by the model that each
 * campaign is read by.
 */
export async function countsOfCampaigns(
  ctx: Ctx,
  ids: readonly CampaignId[],
): ReturnType<typeof selectCounts> {
  return withChosen(ctx, ids, await selectCounts(ctx, ids))
}

/** The same without channels and variants, of what rates and revenue are made of: for many campaigns. */
export async function sumsOfCampaigns(
  ctx: Ctx,
  ids: readonly CampaignId[],
): Promise<ReadonlyMap<CampaignId, Counts>> {
  const modelOf = await modelsOf(ctx, ids)
  const counts = await countsOfEach(ctx, ids)
  return new Map(
    [...counts].map(([id, own]) => [
      id,
      new Map(own).set('revenue.chosen', own.get(`revenue.${modelOf(id)}`) ?? 0),
    ]),
  )
}

async function withChosen<Row extends { campaignId: CampaignId; name: string }>(
  ctx: Ctx,
  ids: readonly CampaignId[],
  rows: readonly Row[],
): Promise<Row[]> {
  const modelOf = await modelsOf(ctx, ids)
  return rows.flatMap((row) => {
    const [figure, model] = row.name.split('.')
    const isCredit = figure === 'revenue' || figure === 'conversions'
    return isCredit && model === modelOf(row.campaignId) ? [row, { ...row, name: `${figure}.chosen` }] : [row]
  })
}

/** Conversions credited by a model, or by the one that was chosen. */
export const conversionsOf = (counts: Counts, model: AttributionModel | 'chosen'): number =>
  (counts.get(`conversions.${model}`) ?? 0) / PARTS
/** Minor units credited by a model, or by the one that was chosen. */
export const revenueOf = (counts: Counts, model: AttributionModel | 'chosen'): number =>
  counts.get(`revenue.${model}`) ?? 0

/** People who converted after a message or after a post; whoever did after both counts for both. */
export const peopleOf = (counts: Counts): number =>
  (counts.get('converted') ?? 0) + (counts.get('gained') ?? 0)

/** (revenue − cost) / cost; null when nothing was spent: what cost nothing has no return on it. */
export const roiOf = (revenueMinor: number, costMinor: number): number | null =>
  costMinor === 0 ? null : (revenueMinor - costMinor) / costMinor

/** Source: CB-8.2, CB-9.5, CS-013.7, MA-7.2, DS-CampaignAnalyticsService.getCampaignROI @throws reports.campaign_not_found */
export async function campaignRoi(ctx: Ctx, id: CampaignId, asked?: AttributionModel): Promise<Roi> {
  await campaignOf(ctx, id)
  const chosen = (await modelsOf(ctx, [id]))(id)
  const model = asked ?? chosen
  const { currency } = await organizationOf(ctx)
  const major = (minor: number): number => toMajor(minor, currency) ?? 0
  const rows = await selectCounts(ctx, [id])
  const counts = countsFrom(rows)
  const cost = (await costsOf(ctx, [id])).get(id)
  const [total, revenue] = [cost?.totalMinor ?? 0, revenueOf(counts, model)]
  const [conversions, people] = [conversionsOf(counts, model), peopleOf(counts)]
  const byChannel = Map.groupBy(rows, ({ channel }) => channel)
  const channels = [
    ...new Set([
      ...[...byChannel.keys()].filter((channel) => !isPlatform(channel)),
      ...(cost?.channels ?? []).map(({ channel }) => channel),
    ]),
  ]
  const place = ATTRIBUTION_MODELS.indexOf(model)
  const others = await selectOtherCurrencies(ctx, id, place, currency)
  const refunds = await selectRefunds(ctx, id, place, currency)
  const time = await selectTimeToConvert(ctx, id, BUCKET_HOURS)
  const credited = await selectLinkCredit(ctx, id, place, currency)
  const byLink = moneyByLink(await linkFiguresOf(ctx, id), credited, {
    conversions,
    revenueMinor: revenue,
    currency,
  })
  return {
    currency,
    model,
    chosen,
    conversions,
    revenue: major(revenue),
    refunded: { amount: major(refunds.amountMinor), orders: refunds.orders },
    cost: {
      messages: major(cost?.messagesMinor ?? 0),
      spends: major(cost?.spendsMinor ?? 0),
      total: major(total),
    },
    profit: major(revenue - total),
    roi: roiOf(revenue, total),
    costPerConversion: conversions === 0 ? null : major(total) / conversions,
    costPerAcquisition: people === 0 ? null : major(total) / people,
    convertedPeople: people,
    models: ATTRIBUTION_MODELS.map((one) => ({
      model: one,
      conversions: conversionsOf(counts, one),
      revenue: major(revenueOf(counts, one)),
      roi: roiOf(revenueOf(counts, one), total),
    })),
    channels: channels.toSorted().map((channel) => {
      const own = countsFrom(byChannel.get(channel) ?? [])
      const ownCost = cost?.channels.find((one) => one.channel === channel)?.totalMinor ?? 0
      return {
        channel: channel as Channel, // figures are counted of channels only
        conversions: conversionsOf(own, model),
        revenue: major(revenueOf(own, model)),
        cost: major(ownCost),
        roi: roiOf(revenueOf(own, model), ownCost),
        costPerConversion:
          conversionsOf(own, model) === 0 ? null : major(ownCost) / conversionsOf(own, model),
      }
    }),
    platforms: POST_PLATFORMS.flatMap((platform) => {
      const own = byChannel.get(platform)
      const spent = cost?.platforms.find((one) => one.platform === platform)?.spendsMinor ?? 0
      if (own === undefined && spent === 0) return []
      const counted = countsFrom(own ?? [])
      return [
        {
          platform,
          conversions: own === undefined ? null : conversionsOf(counted, model),
          revenue: own === undefined ? null : major(revenueOf(counted, model)),
          cost: major(spent),
          roi: own === undefined ? null : roiOf(revenueOf(counted, model), spent),
        },
      ]
    }),
    ...byLink,
    otherCurrencies: others.map((one) => ({
      currency: one.currency,
      conversions: one.parts / PARTS,
      revenue: toMajor(one.amountMinor, one.currency) ?? 0,
    })),
    incremental: await incrementalOf(ctx, id),
    timeToConvert:
      time.median === null || time.p90 === null
        ? null
        : {
            medianMinutes: time.median,
            p90Minutes: time.p90,
            buckets: BUCKET_HOURS.map((uptoHours, at) => ({ uptoHours, conversions: time.counts[at] ?? 0 })),
          },
  }
}

/** What the campaign's latest test says against those who got nothing; null without any. Source: statistics §11 */
async function incrementalOf(ctx: Ctx, id: CampaignId): Promise<Roi['incremental']> {
  const test = await experimentOf(ctx, id)
  return test === null || test.runId === null ? null : (await resultsOf(ctx, test.id)).incremental
}

/** @throws reports.campaign_not_found */
export async function spendsOf(ctx: Ctx, id: CampaignId): Promise<{ items: SpendOnWire[] }> {
  await campaignOf(ctx, id)
  const { currency } = await organizationOf(ctx)
  return { items: (await listSpends(ctx, id)).map((spend) => onWire(spend, currency)) }
}

/** Writes down what was paid. @throws reports.campaign_not_found, budgets.too_many_spends */
export async function writeSpend(
  ctx: Ctx,
  id: CampaignId,
  { amount, ...spend }: SpendInput,
): Promise<SpendOnWire> {
  await campaignOf(ctx, id)
  const { currency } = await organizationOf(ctx)
  return onWire(await addSpend(ctx, id, { ...spend, amountMinor: toMinor(amount, currency) }), currency)
}

/** @throws reports.campaign_not_found, budgets.spend_not_found */
export async function correctSpend(
  ctx: Ctx,
  { id, spendId }: { id: CampaignId; spendId: SpendId },
  { amount, ...spend }: SpendInput,
): Promise<SpendOnWire> {
  await campaignOf(ctx, id)
  const { currency } = await organizationOf(ctx)
  const changed = { ...spend, amountMinor: toMinor(amount, currency) }
  return onWire(await changeSpend(ctx, id, spendId, changed), currency)
}

/** @throws reports.campaign_not_found, budgets.spend_not_found */
export async function dropSpend(ctx: Ctx, id: CampaignId, spendId: SpendId): Promise<void> {
  await campaignOf(ctx, id)
  await removeSpend(ctx, id, spendId)
}

const onWire = (spend: Spend, currency: string): SpendOnWire => ({
  id: spend.id,
  kind: spend.kind,
  channel: spend.channel as Channel | null, // checked by the route that wrote it
  platform: spend.platform,
  amount: toMajor(spend.amountMinor, currency) ?? 0,
  posts: spend.posts,
  currency,
  spentOn: spend.spentOn,
  spentUntil: spend.spentUntil,
  note: spend.note,
  createdAt: spend.createdAt,
})
