/** Where money comes from and goes to: the campaigns of a period, apart by what they have in common. */
import { countsFrom, type Counts } from '../analytics/index.ts'
import { costsOf, looseSpendsWithin, type Cost } from '../budgets/index.ts'
import { BYTE_ORDER_MARK, csvRow } from '../contacts/index.ts'
import type { Ctx } from '../platform/context.ts'
import { toWire, type CampaignId } from '../platform/ids.ts'
import { toMajor } from '../platform/money.ts'
import { organizationOf } from '../team/index.ts'
import { isPlatform, POST_PLATFORMS } from '../tracking/index.ts'
import { conversionsOf, countsOfCampaigns, peopleOf, revenueOf, roiOf } from './money.ts'
import { periodOf } from './period.ts'
import { selectBegun, selectIncludedSegments, type CampaignFacts } from './queries.ts'
import type { MoneyBy, MoneyPart } from './schema.ts'

const USUAL_DAYS = 90
/** Campaigns that are looked at; the latest. */
const CAMPAIGNS_MAX = 1_000

/** What one campaign brought and cost, by channel, too. */
interface Account {
  campaign: CampaignFacts
  counts: Counts
  channels: ReadonlyMap<string, Counts>
  cost: Cost | undefined
}

/** A line before it is worked out, in minor units. A null revenue cannot be told apart. */
interface Line {
  id: string
  name: string
  campaigns: number
  revenueMinor: number | null
  costMinor: number
  conversions: number | null
  people: number | null
}

/** What was brought where that cannot be told. */
const UNTOLD = { revenueMinor: null, conversions: null, people: null }

/**
 * Revenue by the model that each campaign is read by, cost, and what follows from the two, of the campaigns that began in
 * a period, whenever it came and was paid. One that never sent a message began with its first post.
 * Source: CB-8.2, CB-9.5, MA-7.2, CS-013.7 @throws reports.period_invalid
 */
export async function moneyBy(
  ctx: Ctx,
  asked: { by: MoneyPart; from?: string | undefined; to?: string | undefined },
): Promise<MoneyBy> {
  const { currency, timeZone } = await organizationOf(ctx)
  const period = await periodOf(ctx, asked, USUAL_DAYS)
  const campaigns = await selectBegun(ctx, { ...period, timeZone, limit: CAMPAIGNS_MAX })
  const accounts = await accountsOf(ctx, campaigns)
  const loose = await looseSpendsWithin(ctx, period)
  const lines = withLoose(await linesBy(ctx, asked.by, accounts), asked.by, loose)
  const total = plus(lineOf('', '', accounts), sum(loose.map(({ amountMinor }) => amountMinor)))
  return {
    currency,
    by: asked.by,
    period: { from: period.fromOn, to: period.toOn },
    total: worked(total, currency),
    overlap: asked.by === 'segment' ? overlapOf(lines, total, currency) : null,
    items: lines
      .map((line) => worked(line, currency))
      .toSorted((a, b) => (b.revenue ?? 0) - (a.revenue ?? 0) || b.cost - a.cost || (a.id < b.id ? -1 : 1)),
    // A campaign that addressed two segments stands in both of their lines.
    isOverlapping: asked.by === 'segment',
  }
}

async function accountsOf(ctx: Ctx, campaigns: readonly CampaignFacts[]): Promise<Account[]> {
  const ids = campaigns.map(({ id }) => id)
  const rows = Map.groupBy(await countsOfCampaigns(ctx, ids), ({ campaignId }) => campaignId)
  const costs = await costsOf(ctx, ids)
  return campaigns.map((campaign) => {
    const own = rows.get(campaign.id) ?? []
    const channels = Map.groupBy(own, ({ channel }) => channel)
    return {
      campaign,
      counts: countsFrom(own),
      channels: new Map([...channels].map(([channel, counted]) => [channel, countsFrom(counted)])),
      cost: costs.get(campaign.id),
    }
  })
}

async function linesBy(ctx: Ctx, by: MoneyPart, accounts: readonly Account[]): Promise<Line[]> {
  switch (by) {
    case 'campaign':
      return accounts.map((account) =>
        lineOf(toWire('campaign', account.campaign.id), account.campaign.name, [account]),
      )
    case 'type':
      return [...Map.groupBy(accounts, ({ campaign }) => campaign.type)].map(([type, own]) =>
        lineOf(type, type, own),
      )
    case 'segment':
      return bySegment(ctx, accounts)
    case 'channel':
      return byChannel(accounts)
    case 'platform':
      return byPlatform(accounts)
  }
}

async function bySegment(ctx: Ctx, accounts: readonly Account[]): Promise<Line[]> {
  const byId = new Map<CampaignId, Account>(accounts.map((account) => [account.campaign.id, account]))
  const included = await selectIncludedSegments(ctx, [...byId.keys()])
  const segments = Map.groupBy(included, ({ segmentId }) => segmentId)
  const addressing = new Set(included.map(({ campaignId }) => campaignId))
  const without = accounts.filter(({ campaign }) => !addressing.has(campaign.id))
  return [
    ...[...segments].map(([segmentId, rows]) =>
      lineOf(
        toWire('segment', segmentId),
        rows[0]?.name ?? '',
        rows.flatMap(({ campaignId }) => byId.get(campaignId) ?? []),
      ),
    ),
    ...(without.length === 0 ? [] : [lineOf('', '', without)]),
  ]
}

/** Channels of messages; what posts brought names none of them. */
function byChannel(accounts: readonly Account[]): Line[] {
  const names = new Set(
    accounts.flatMap(({ channels, cost }) => [
      ...[...channels.keys()].filter((channel) => !isPlatform(channel)),
      ...(cost?.channels ?? []).map(({ channel }) => channel),
    ]),
  )
  const lines = [...names].map((channel): Line => {
    const counted = accounts.flatMap(({ channels }) => channels.get(channel) ?? [])
    return {
      ...countedLine(channel, channel, counted),
      campaigns: counted.length,
      costMinor: sum(
        accounts.map(({ cost }) => cost?.channels.find((one) => one.channel === channel)?.totalMinor ?? 0),
      ),
    }
  })
  return [...lines, ...rest(accounts, lines)]
}

/**
 * What people brought who came by the tracked links of posts, and what was paid there; null for a platform that was paid
 * and has brought nobody by such a link, of which nothing can be told. What came by links of messages stands in the line
 * that names none, beside what these cost.
 */
function byPlatform(accounts: readonly Account[]): Line[] {
  const lines = POST_PLATFORMS.flatMap((platform): Line[] => {
    const on = accounts.filter(
      ({ channels, cost }) =>
        channels.has(platform) || cost?.platforms.some((paid) => paid.platform === platform),
    )
    const counted = on.flatMap(({ channels }) => channels.get(platform) ?? [])
    const costMinor = sum(
      on.map(({ cost }) => cost?.platforms.find((paid) => paid.platform === platform)?.spendsMinor ?? 0),
    )
    if (on.length === 0) return []
    return [
      {
        ...countedLine(platform, platform, counted),
        ...(counted.length === 0 ? UNTOLD : {}),
        campaigns: on.length,
        costMinor,
      },
    ]
  })
  return accounts.length === 0 ? lines : [...lines, withoutLines(lineOf('', '', accounts), lines)]
}

/** What names no part, so that the lines add up to the total. */
function rest(accounts: readonly Account[], named: readonly Line[]): Line[] {
  const left = withoutLines(lineOf('', '', accounts), named)
  if (left.costMinor === 0 && left.conversions === 0 && left.revenueMinor === 0) return []
  const isBringing = left.conversions !== 0 || left.revenueMinor !== 0
  return [{ ...left, campaigns: 0, ...(isBringing ? {} : UNTOLD) }]
}

/** A line less what others of its parts stand for. */
function withoutLines(line: Line, others: readonly Line[]): Line {
  const less = (of: (line: Line) => number | null): number =>
    (of(line) ?? 0) - sum(others.map((other) => of(other) ?? 0))
  return {
    ...line,
    revenueMinor: less(({ revenueMinor }) => revenueMinor),
    costMinor: less(({ costMinor }) => costMinor),
    conversions: less(({ conversions }) => conversions),
    people: less(({ people }) => people),
  }
}

/** What was paid for no campaign counts for the channel or the platform that it names, else for nothing named. */
function withLoose(lines: readonly Line[], by: MoneyPart, loose: readonly LooseSpend[]): Line[] {
  const found = new Map(lines.map((line) => [line.id, line]))
  for (const { channel, platform, amountMinor } of loose) {
    const id = (by === 'channel' ? channel : by === 'platform' ? platform : null) ?? ''
    const paid: Line = { id, name: id, campaigns: 0, costMinor: 0, ...UNTOLD }
    found.set(id, plus(found.get(id) ?? paid, amountMinor))
  }
  return [...found.values()]
}
type LooseSpend = Awaited<ReturnType<typeof looseSpendsWithin>>[number]

/**
 * What lines count more than once, as what is to be taken off, so that lines and this add up to the total; null when they
 * count nothing twice. It has no return and no cost per anything: these are no sums.
 */
function overlapOf(lines: readonly Line[], total: Line, currency: string): MoneyBy['overlap'] {
  const campaigns = total.campaigns - sum(lines.map((line) => line.campaigns))
  if (campaigns === 0) return null
  const line = { ...withoutLines(total, lines), id: 'overlap', campaigns }
  return { ...worked(line, currency), roi: null, costPerConversion: null, costPerAcquisition: null }
}

const plus = (line: Line, costMinor: number): Line => ({ ...line, costMinor: line.costMinor + costMinor })

const lineOf = (id: string, name: string, accounts: readonly Account[]): Line => ({
  ...countedLine(
    id,
    name,
    accounts.map(({ counts }) => counts),
  ),
  costMinor: sum(accounts.map(({ cost }) => cost?.totalMinor ?? 0)),
})

const countedLine = (id: string, name: string, counts: readonly Counts[]): Line => ({
  id,
  name,
  campaigns: counts.length,
  revenueMinor: sum(counts.map((own) => revenueOf(own, 'chosen'))),
  costMinor: 0,
  conversions: sum(counts.map((own) => conversionsOf(own, 'chosen'))),
  people: sum(counts.map(peopleOf)),
})

function worked(line: Line, currency: string): MoneyBy['total'] {
  const { id, name, campaigns, revenueMinor, costMinor, conversions, people } = line
  const major = (minor: number): number => toMajor(minor, currency) ?? 0
  const per = (count: number | null): number | null =>
    count === null || count === 0 ? null : major(costMinor) / count
  return {
    id,
    name,
    campaigns,
    revenue: revenueMinor === null ? null : major(revenueMinor),
    cost: major(costMinor),
    profit: revenueMinor === null ? null : major(revenueMinor - costMinor),
    roi: revenueMinor === null ? null : roiOf(revenueMinor, costMinor),
    conversions,
    costPerConversion: per(conversions),
    costPerAcquisition: per(people),
  }
}

/** One line per part, then what these count more than once, then the total of both. Pure. */
export function moneyTable({ currency, by, items, total, overlap }: MoneyBy): string {
  const lines = [...items, ...(overlap === null ? [] : [overlap]), { ...total, id: 'total' }]
  return (
    BYTE_ORDER_MARK +
    csvRow([
      by,
      'name',
      'campaigns',
      `revenue_${currency}`,
      `cost_${currency}`,
      `profit_${currency}`,
      'roi',
      'conversions',
      `cost_per_conversion_${currency}`,
      `cost_per_acquisition_${currency}`,
    ]) +
    lines
      .map((line) =>
        csvRow([
          line.id,
          line.name,
          line.campaigns,
          line.revenue,
          line.cost,
          line.profit,
          line.roi,
          line.conversions,
          line.costPerConversion,
          line.costPerAcquisition,
        ]),
      )
      .join('')
  )
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0)
