/** Campaigns side by side, as a paper and as a table. */
import { BYTE_ORDER_MARK, csvRow } from '../../contacts/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Block, Paper } from '../../platform/document/index.ts'
import { organizationOf } from '../../team/index.ts'
import { RATES, type Comparison, type RateName, type Usual } from '../schema.ts'
import { channelName } from './channel-name.ts'
import { rateCell, rateIntervals, usualText } from './rate-blocks.ts'
import { NONE, sayer, type Say } from './say.ts'
import { WORDS, type Words } from './words.ts'

/** Source: CB-15.3, CB-15.4 */
export async function comparisonPaper(
  ctx: Ctx,
  comparison: Comparison,
  by: 'campaign' | 'channel',
): Promise<Paper> {
  const { name, timeZone, currency } = await organizationOf(ctx)
  const [t, say] = [WORDS[ctx.locale], sayer(ctx.locale, timeZone, currency)]
  const page = by === 'channel' ? t.pages.channels : t.pages.comparison
  const items =
    by === 'channel'
      ? comparison.items.map((item) => ({ ...item, name: channelName(item.name, t) }))
      : comparison.items
  return {
    title: page,
    subtitle: t.madeOn(say.dateTime(ctx.now()), timeZone),
    locale: ctx.locale,
    foot: `${name} · ${page}`,
    createdAt: ctx.now(),
    blocks: blocksOf({ ...comparison, items }, t[by], say, t),
  }
}

function blocksOf({ items, best, usual }: Comparison, what: string, say: Say, t: Words): Block[] {
  const rated = (rate: 'click' | 'conversion') =>
    items.map(({ name, rates }) => ({ name, rate: rates[rate] }))
  return [
    {
      kind: 'table',
      title: t.titles.sideBySide,
      columns: [
        { title: what },
        { title: t.sent, align: 'end' },
        { title: t.rates.click, align: 'end' },
        { title: t.rates.conversion, align: 'end' },
        { title: t.revenue, align: 'end' },
        { title: t.cost, align: 'end' },
        { title: t.roi, align: 'end' },
        { title: t.costPerConversion, align: 'end' },
      ],
      rows: items.map(({ name, sent, rates, usual, revenue, cost, roi, costPerConversion }) => [
        name,
        say.number(sent),
        rateCell(rates.click, usual?.click, say, t),
        rateCell(rates.conversion, usual?.conversion, say, t),
        say.money(revenue),
        say.money(cost),
        say.percent(roi, 0),
        say.money(costPerConversion),
      ]),
    },
    {
      kind: 'table',
      title: t.titles.leads,
      columns: [
        { title: t.rate },
        { title: t.best },
        { title: t.interval, align: 'end' },
        // Channels have theirs beside their rates above.
        ...(usual === null ? [] : [{ title: t.usual, align: 'end' as const }]),
      ],
      rows: RATES.map((rate) => {
        const leader = items.find(({ id }) => id === best[rate])
        return [
          `${t.rates[rate]}, ${t.rateOf[rate]}`,
          leader?.name ?? NONE,
          leader ? say.range(leader.rates[rate].interval) : NONE,
          ...(usual === null ? [] : [usualText(usual[rate], say, t)]),
        ]
      }),
    },
    ...rateIntervals(t.titles.compared, what, rated('click'), { say, t }),
    ...rateIntervals(t.titles.converted, what, rated('conversion'), { say, t }),
    ...differences(items, what, say, t),
    { kind: 'heading', text: t.titles.reading },
    ...[...t.comparisonReading, ...t.reading].flatMap((text): Block[] => [
      { kind: 'text', text, isMuted: true },
      { kind: 'gap' },
    ]),
  ]
}

function differences(items: Comparison['items'], what: string, say: Say, t: Words): Block[] {
  const rows = items.flatMap(({ name, against }) =>
    (['click', 'conversion'] as const).flatMap((rate) => {
      const found = against?.[rate]
      if (!found || found.difference === null) return []
      return [
        [
          name,
          t.rates[rate],
          say.points(found.difference),
          found.interval === null
            ? ''
            : t.fromTo(say.points(found.interval.low), say.points(found.interval.high)),
          found.isClear ? t.clear : t.unclear,
        ],
      ]
    }),
  )
  if (rows.length === 0) return []
  return [
    {
      kind: 'table',
      title: t.titles.against(items[0]?.name ?? ''),
      columns: [
        { title: what },
        { title: t.rate },
        { title: t.difference, align: 'end' },
        { title: t.interval, align: 'end' },
        { title: t.isClear },
      ],
      rows,
    },
  ]
}

/** One line per campaign and figure, so that any spreadsheet can read it. Pure. */
export function comparisonTable({ currency, items, usual }: Comparison): string {
  const lines = items.flatMap(
    ({ id, name, sent, rates, usual: own, revenue, cost, roi, against, ...more }) => {
      const line = (figure: string, value: number | null, interval?: { low: number; high: number } | null) =>
        csvRow([id, name, figure, value, interval?.low ?? null, interval?.high ?? null])
      return [
        line('sent', sent),
        ...RATES.map((rate) => line(`rate_${rate}`, rates[rate].ratio, rates[rate].interval)),
        ...usualOf(own).map(([rate, spread]) => line(`usual_${rate}`, spread.median, spread)),
        line(`revenue_${currency}`, revenue),
        line(`cost_${currency}`, cost),
        line('roi', roi),
        line('conversions', more.conversions),
        line(`cost_per_conversion_${currency}`, more.costPerConversion),
        ...(against
          ? [
              line('difference_click', against.click.difference, against.click.interval),
              line('difference_conversion', against.conversion.difference, against.conversion.interval),
            ]
          : []),
      ]
    },
  )
  // Of campaigns it is one for all of them; low and high hold the middle half.
  const ofAll = usualOf(usual).map(([rate, { median, low, high }]) =>
    csvRow(['', '', `usual_${rate}`, median, low, high]),
  )
  return [
    BYTE_ORDER_MARK + csvRow(['campaign_id', 'campaign', 'figure', 'value', 'low', 'high']),
    ...lines,
    ...ofAll,
  ].join('')
}

/** The rates of which anything is usual. */
const usualOf = (usual: Usual | null): [RateName, NonNullable<Usual[RateName]>][] =>
  RATES.flatMap((rate) => {
    const spread = usual?.[rate] ?? null
    return spread === null ? [] : [[rate, spread]]
  })
