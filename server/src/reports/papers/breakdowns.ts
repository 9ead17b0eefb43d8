/** A campaign apart by segment, country and hour of the day, and its money by channel and platform: on paper and in a table. */
import type { CsvLine } from '../../campaigns/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Block } from '../../platform/document/index.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { campaignApart } from '../breakdown.ts'
import { campaignRoi } from '../money.ts'
import { BREAKDOWNS, type Breakdown, type Funnel, type Roi } from '../schema.ts'
import { channelName } from './channel-name.ts'
import type { Say } from './say.ts'
import type { Words } from './words.ts'

/** By what the paper is told apart beside channels, variants and links, which it has already. Source: CS-012.3, CS-012.5, FR-006.5 */
export const SHOWN_APART = ['segment', 'country', 'hour'] as const
/** Rows of a breakdown that a page holds; those of the most people. */
const ROWS_MAX = 24

/** The steps of a campaign by each. */
export type Breakdowns = Readonly<Record<(typeof SHOWN_APART)[number], Funnel['parts']>>

/** A table for each by which something can be told apart. */
export const breakdownBlocks = (found: Breakdowns, say: Say, t: Words): Block[] =>
  SHOWN_APART.flatMap((by): Block[] => {
    const parts = found[by].slice(0, ROWS_MAX)
    const [first] = parts
    if (!first) return []
    return [
      {
        kind: 'table',
        title: t.titles.by[by],
        columns: [
          { title: t.by[by] },
          ...first.steps.map(({ step }) => ({ title: t.steps[step], align: 'end' as const })),
          { title: t.titles.clickRate, align: 'end' },
        ],
        rows: parts.map(({ label, steps }) => [
          partName(by, label, say, t),
          ...steps.map(({ people }) => say.number(people)),
          say.percent(clickRateOf(steps)),
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
  const { parts } = await campaignApart(ctx, id, BREAKDOWNS)
  return [
    ...moneyLines(roi),
    ...BREAKDOWNS.flatMap((by) =>
      parts[by].flatMap(({ label, steps }) =>
        steps.map(({ step, people }): CsvLine => [`${step}_by_${COLUMN[by]}`, label, people]),
      ),
    ),
  ]
}

/** What a part is called in a line's name: the lines by the hour are those of calendar hours. */
const COLUMN = {
  channel: 'channel',
  variant: 'variant',
  country: 'country',
  segment: 'segment',
  hour: 'hour_of_day',
} as const satisfies Record<Breakdown, string>

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
  ...roi.platforms.flatMap(({ platform, revenue, cost, ...one }): CsvLine[] => [
    [`revenue_by_platform_${currency}`, platform, revenue],
    [`cost_by_platform_${currency}`, platform, cost],
    ['roi_by_platform', platform, one.roi],
  ]),
  ...roi.models.map(({ model, revenue }): CsvLine => [`revenue_by_model_${currency}`, model, revenue]),
]

/** Of those delivered to; null where nobody was. */
function clickRateOf(steps: Funnel['steps']): number | null {
  const of = (name: string): number => steps.find(({ step }) => step === name)?.people ?? 0
  return of('delivered') === 0 ? null : of('clicked') / of('delivered')
}

function partName(by: keyof Breakdowns, label: string, say: Say, t: Words): string {
  if (by === 'hour') return t.hourOfDay(label)
  if (by === 'segment') return label
  return label === ''
    ? t.noCountry
    : (new Intl.DisplayNames(say.locale, { type: 'region' }).of(label) ?? label)
}
