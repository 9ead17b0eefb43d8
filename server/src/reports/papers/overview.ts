/** The overview as a paper. */
import { BYTE_ORDER_MARK, csvRow } from '../../contacts/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Block, Figure, Paper } from '../../platform/document/index.ts'
import { organizationOf } from '../../team/index.ts'
import { RATES, type Overview } from '../schema.ts'
import { usualText } from './rate-blocks.ts'
import { sayer, type Say } from './say.ts'
import { WORDS, type Words } from './words.ts'

/** Source: MA-7.4, CB-8.5 */
export async function overviewPaper(ctx: Ctx, overview: Overview): Promise<Paper> {
  const { name, timeZone, currency } = await organizationOf(ctx)
  const [t, say] = [WORDS[ctx.locale], sayer(ctx.locale, timeZone, currency)]
  const { period } = overview
  return {
    title: t.pages.overview,
    subtitle: [
      t.fromTo(say.day(period.from), say.day(period.to)),
      t.madeOn(say.dateTime(ctx.now()), timeZone),
    ].join(' · '),
    locale: ctx.locale,
    foot: `${name} · ${t.pages.overview}`,
    createdAt: ctx.now(),
    blocks: [
      { kind: 'figures', items: figures(overview, say, t) },
      ...overTime(overview, say, t),
      rates(overview, say, t),
      ...goals(overview, say, t),
      ...extremes(t.titles.best, overview.best, say, t),
      ...extremes(t.titles.worst, overview.worst, say, t),
      { kind: 'heading', text: t.titles.next },
      ...next(overview),
      { kind: 'heading', text: t.titles.reading },
      ...[t.overviewReading, ...t.reading].flatMap((text): Block[] => [
        { kind: 'text', text, isMuted: true },
        { kind: 'gap' },
      ]),
    ],
  }
}

function figures(overview: Overview, say: Say, t: Words): Figure[] {
  const figure = (
    label: string,
    pair: { now: number | null; before: number | null },
    as: (n: number | null) => string,
  ) => ({
    label,
    value: as(pair.now),
    note: t.wasBefore(as(pair.before)),
  })
  const { click, conversion } = overview.rates
  return [
    figure(t.revenue, overview.revenue, say.money),
    figure(t.cost, overview.cost, say.money),
    figure(t.profit, overview.profit, say.money),
    figure(t.roi, overview.roi, (ratio) => say.percent(ratio, 0)),
    figure(t.campaigns, overview.campaigns, say.number),
    figure(t.sent, overview.sent, say.number),
    figure(t.rates.click, { now: click.now.ratio, before: click.before.ratio }, say.percent),
    figure(t.rates.conversion, { now: conversion.now.ratio, before: conversion.before.ratio }, say.percent),
  ]
}

function overTime({ points }: Overview, say: Say, t: Words): Block[] {
  if (points.length < 2) return []
  const names = ['sent', 'clicked', 'converted'] as const
  const title = t.titles.overTime
  const labels = points.map(({ on }) => say.day(on))
  return [
    {
      kind: 'lines',
      title,
      labels: points.map(({ on }) => say.shortDay(on)),
      series: names.map((name) => ({ name: t.steps[name], values: points.map((point) => point[name]) })),
      format: say.number,
      twin: {
        title,
        columns: [
          { title: t.time },
          ...names.map((name) => ({ title: t.steps[name], align: 'end' as const })),
          { title: t.revenue, align: 'end' },
        ],
        rows: points.map((point, at) => [
          labels[at] ?? '',
          ...names.map((name) => say.number(point[name])),
          say.money(point.revenue),
        ]),
      },
    },
  ]
}

function rates(overview: Overview, say: Say, t: Words): Block {
  return {
    kind: 'table',
    title: t.titles.rates,
    columns: [
      { title: t.rate },
      { title: t.value, align: 'end' },
      { title: t.before, align: 'end' },
      { title: t.usual, align: 'end' },
      { title: t.difference, align: 'end' },
      { title: t.isClear },
    ],
    rows: RATES.map((name) => {
      const { now, before, change } = overview.rates[name]
      return [
        `${t.rates[name]}, ${t.rateOf[name]}`,
        say.percent(now.ratio),
        say.percent(before.ratio),
        usualText(overview.usual[name], say, t),
        say.points(change.difference),
        change.difference === null ? '' : change.isClear ? t.clear : t.unclear,
      ]
    }),
  }
}

function goals(overview: Overview, say: Say, t: Words): Block[] {
  if (overview.goals.length === 0) return []
  return [
    {
      kind: 'table',
      title: t.titles.goals,
      columns: [
        { title: t.campaign },
        { title: t.goal },
        { title: t.target, align: 'end' },
        { title: t.steps.converted, align: 'end' },
      ],
      rows: overview.goals.map(({ campaign, goal, target, converted }) => [
        campaign,
        goal,
        say.number(target),
        say.number(converted),
      ]),
    },
  ]
}

function extremes(title: string, items: Overview['best'], say: Say, t: Words): Block[] {
  if (items.length === 0) return []
  return [
    {
      kind: 'table',
      title,
      columns: [
        { title: t.campaign },
        { title: t.sent, align: 'end' },
        { title: t.rates.click, align: 'end' },
        { title: t.interval, align: 'end' },
        { title: t.revenue, align: 'end' },
      ],
      rows: items.map(({ name, sent, rates: { click }, revenue }) => [
        name,
        say.number(sent),
        say.percent(click.ratio),
        say.range(click.interval),
        say.money(revenue),
      ]),
    },
  ]
}

function next({ recommendations, notice }: Overview): Block[] {
  if (notice !== null) return [{ kind: 'text', text: notice }]
  return recommendations.flatMap(({ sentence, effect, evidence }): Block[] => [
    { kind: 'text', text: `${sentence} ${effect}` },
    { kind: 'text', text: evidence, isMuted: true },
    { kind: 'gap' },
  ])
}

/** One line per figure: the period, and the one before. Pure. Source: CB-15.4 */
export function overviewTable({ currency, period, before, rates, points, ...sums }: Overview): string {
  const line = (figure: string, now: number | null, then: number | null): string =>
    csvRow([figure, now, then])
  const pair = (figure: string, of: { now: number | null; before: number | null }): string =>
    line(figure, of.now, of.before)
  return (
    BYTE_ORDER_MARK +
    csvRow(['figure', `${period.from} – ${period.to}`, `${before.from} – ${before.to}`]) +
    (['campaigns', 'sent', 'converted', 'unsubscribed'] as const)
      .map((name) => pair(name, sums[name]))
      .join('') +
    (['revenue', 'cost', 'profit'] as const).map((name) => pair(`${name}_${currency}`, sums[name])).join('') +
    pair('roi', sums.roi) +
    RATES.map((name) =>
      pair(`rate_${name}`, { now: rates[name].now.ratio, before: rates[name].before.ratio }),
    ).join('') +
    points
      .map(({ on, sent, clicked, converted, revenue }) =>
        [
          line(`sent ${on}`, sent, null),
          line(`clicked ${on}`, clicked, null),
          line(`converted ${on}`, converted, null),
          line(`revenue_${currency} ${on}`, revenue, null),
        ].join(''),
      )
      .join('')
  )
}
