/** A campaign told apart, and its money by channel and platform: on paper and in a table. */
import { rateLines, type CsvLine } from '../../campaigns/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Block } from '../../platform/document/index.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { campaignApart } from '../breakdown.ts'
import { campaignRoi } from '../money.ts'
import {
  BREAKDOWNS,
  RATES,
  type Breakdown,
  type Funnel,
  type RateName,
  type Roi,
  type Usual,
} from '../schema.ts'
import { usualRates } from '../usual.ts'
import { channelName } from './channel-name.ts'
import { rateCell } from './rate-blocks.ts'
import type { Say } from './say.ts'
import type { Words } from './words.ts'

/** By what the paper is told apart; links stand there already. Source: CS-012.3, CS-012.5, FR-006.5 */
export const SHOWN_APART = ['channel', 'variant', 'run', 'segment', 'country', 'hour'] as const
/** Rows of a breakdown that a page holds: the latest runs, the countries of the most people. */
const ROWS_MAX = 24

/** The parts of a campaign by each. */
export type Breakdowns = Readonly<Record<(typeof SHOWN_APART)[number], Funnel['parts']>>

/**
 * A table for each by which something can be told apart: every rate with its interval, and what is usual where something
 * is. One channel, variant or run alone says what all of it says.
 *
 * @param variants  what the test calls them, by their numbers
 */
export const breakdownBlocks = (
  found: Breakdowns,
  variants: ReadonlyMap<number, string>,
  say: Say,
  t: Words,
): Block[] =>
  SHOWN_APART.flatMap((by): Block[] => {
    const parts = found[by].slice(0, ROWS_MAX)
    if (parts.length < (by === 'channel' || by === 'variant' || by === 'run' ? 2 : 1)) return []
    const rates = RATES.filter((rate) => parts.some(({ rates }) => rates[rate].ratio !== null))
    return [
      {
        kind: 'table',
        title: t.titles.by[by],
        columns: [
          { title: t.by[by] },
          { title: t.sent, align: 'end' },
          ...rates.map((rate) => ({ title: t.rates[rate], align: 'end' as const })),
        ],
        rows: parts.map((part) => [
          partName(part, variants, say, t),
          say.number(part.steps[0]?.people ?? null),
          ...rates.map((rate) => rateCell(part.rates[rate], part.usual?.[rate], say, t)),
        ]),
      },
    ]
  })

/** Revenue and cost of each channel, and what platforms were paid. */
export function moneyByChannel({ channels, platforms }: Roi, say: Say, t: Words): Block[] {
  const lines = [
    ...channels
      .filter(({ cost, revenue }) => cost !== 0 || revenue !== 0)
      .map((line) => ({ ...line, of: line.channel })),
    ...platforms.map((line) => ({
      ...line,
      of: line.platform,
      costPerConversion:
        line.conversions === null || line.conversions === 0 ? null : line.cost / line.conversions,
    })),
  ]
  if (lines.length === 0) return []
  return [
    {
      kind: 'table',
      title: t.titles.moneyByChannel,
      columns: [
        { title: t.channel },
        { title: t.conversions, align: 'end' },
        { title: t.revenue, align: 'end' },
        { title: t.cost, align: 'end' },
        { title: t.roi, align: 'end' },
        { title: t.costPerConversion, align: 'end' },
      ],
      rows: lines.map(({ of, conversions, revenue, cost, roi, costPerConversion }) => [
        channelName(of, t),
        say.number(conversions, { maximumFractionDigits: 1 }),
        say.money(revenue),
        say.money(cost),
        say.percent(roi, 0),
        say.money(costPerConversion),
      ]),
    },
  ]
}

/** The same and the money as lines of the report's table. Source: CS-012.6, FR-006.7, CB-15.4 @throws reports.campaign_not_found */
export async function campaignLines(ctx: Ctx, id: CampaignId): Promise<CsvLine[]> {
  const roi = await campaignRoi(ctx, id)
  const usual = await usualRates(ctx, id)
  const { parts } = await campaignApart(ctx, id, BREAKDOWNS)
  return [
    ...RATES.flatMap((rate) => usualLine(['rate', rate], usual[rate])),
    ...moneyLines(roi),
    ...BREAKDOWNS.flatMap((by) => parts[by].flatMap((part) => partLines(by, part))),
  ]
}

function partLines(by: Breakdown, { label, at, steps, rates, usual }: Funnel['parts'][number]): CsvLine[] {
  const detail = at === null ? label : at.toISOString()
  return [
    ...steps.map(({ step, people }): CsvLine => [`${step}_by_${columnOf(by)}`, detail, people]),
    ...RATES.flatMap((rate) => {
      const name = [`rate_${rate}_by_${columnOf(by)}`, detail] as const
      const { ratio, interval } = rates[rate]
      return [...rateLines(name, ratio, interval), ...usualLine(name, usual?.[rate])]
    }),
  ]
}

const usualLine = (
  [figure, detail]: readonly [string, string],
  spread: Usual[RateName] | undefined,
): CsvLine[] => (spread ? [[`${figure}_usual`, detail, spread.median]] : [])

/** What a part is called in a line's name: the lines by the hour are those of calendar hours. */
const columnOf = (by: Breakdown): string => (by === 'hour' ? 'hour_of_day' : by)

const moneyLines = ({ currency, ...roi }: Roi): CsvLine[] => [
  [`revenue_${currency}`, roi.model, roi.revenue],
  [`refunded_${currency}`, roi.model, roi.refunded.amount],
  ['refunded_orders', roi.model, roi.refunded.orders],
  [`cost_${currency}`, '', roi.cost.total],
  [`cost_of_messages_${currency}`, '', roi.cost.messages],
  [`cost_of_spends_${currency}`, '', roi.cost.spends],
  [`profit_${currency}`, '', roi.profit],
  ['roi', '', roi.roi],
  ['conversions', roi.model, roi.conversions],
  [`cost_per_conversion_${currency}`, '', roi.costPerConversion],
  [`cost_per_acquisition_${currency}`, '', roi.costPerAcquisition],
  ...roi.channels.flatMap(({ channel, revenue, cost, costPerConversion, ...one }): CsvLine[] => [
    [`revenue_by_channel_${currency}`, channel, revenue],
    [`cost_by_channel_${currency}`, channel, cost],
    ['roi_by_channel', channel, one.roi],
    [`cost_per_conversion_by_channel_${currency}`, channel, costPerConversion],
  ]),
  ...roi.links.map(({ url, revenue }): CsvLine => [`revenue_by_link_${currency}`, url, revenue]),
  [`revenue_by_link_${currency}`, 'no link', roi.noLink.revenue],
  ...roi.platforms.flatMap(({ platform, revenue, cost, ...one }): CsvLine[] => [
    [`revenue_by_platform_${currency}`, platform, revenue],
    [`cost_by_platform_${currency}`, platform, cost],
    ['roi_by_platform', platform, one.roi],
  ]),
  ...roi.models.map(({ model, revenue }): CsvLine => [`revenue_by_model_${currency}`, model, revenue]),
]

function partName(
  { of: by, label, at }: Funnel['parts'][number],
  variants: ReadonlyMap<number, string>,
  say: Say,
  t: Words,
): string {
  switch (by) {
    case 'channel':
      return channelName(label, t)
    case 'variant':
      return variants.get(Number(label)) ?? t.unnamedVariant(label)
    case 'run':
      return say.dateTime(at)
    case 'segment':
      return label
    case 'country':
      return label === ''
        ? t.noCountry
        : (new Intl.DisplayNames(say.locale, { type: 'region' }).of(label) ?? label)
    case 'hour':
      return t.hourOfDay(label)
  }
}
