/** Blocks that papers share: rates with their intervals, as a table and as a picture. */
import type { Block, Table } from '../../platform/document/index.ts'
import { RATES, type Comparison, type Rate, type RateName, type Usual } from '../schema.ts'
import { NONE, type Say } from './say.ts'
import type { Words } from './words.ts'

type Rates = Comparison['items'][number]['rates']

/** Every rate with its count, its interval and what is usual. */
export function ratesTable(rates: Rates, usual: Usual, say: Say, t: Words): Table {
  return {
    title: t.titles.rates,
    columns: [
      { title: t.rate },
      { title: t.value, align: 'end' },
      { title: t.count, align: 'end' },
      { title: t.interval, align: 'end' },
      { title: t.usual, align: 'end' },
    ],
    rows: RATES.map((name) => {
      const [{ part, whole, ratio, interval }, spread] = [rates[name], usual[name]]
      return [
        `${t.rates[name]}, ${t.rateOf[name]}`,
        say.percent(ratio),
        t.partOf(say.number(part), say.number(whole)),
        say.range(interval),
        usualText(spread, say, t),
      ]
    }),
  }
}

/** What is usual of one rate, in words; nothing is usual while there are too few campaigns. */
export const usualText = (spread: Usual[RateName] | undefined, say: Say, t: Words): string =>
  spread ? t.usualOf(say.percent(spread.median), say.range(spread), spread.campaigns) : NONE

/** A rate with its interval below it, and what is usual below that. */
export function rateCell(
  { ratio, interval }: Pick<Rate, 'ratio' | 'interval'>,
  spread: Usual[RateName] | undefined,
  say: Say,
  t: Words,
): string {
  if (ratio === null) return NONE
  const usual = spread ? [t.usually(say.percent(spread.median))] : []
  return [say.percent(ratio), say.range(interval), ...usual].join('\n')
}

/** One rate of several things, each with its interval; nothing where fewer than two have one. */
export function rateIntervals(
  title: string,
  what: string,
  items: readonly { name: string; rate: Rate }[],
  { say, t }: { say: Say; t: Words },
): Block[] {
  const measured = items.flatMap(({ name, rate: { part, whole, ratio, interval } }) =>
    ratio === null || interval === null ? [] : [{ name, part, whole, ratio, interval }],
  )
  if (measured.length < 2) return []
  return [
    {
      kind: 'intervals',
      title,
      format: (value) => say.percent(value),
      items: measured.map(({ name, ratio, interval }) => ({
        label: name,
        at: ratio,
        ...interval,
        text: say.percent(ratio),
      })),
      twin: {
        title,
        columns: [
          { title: what },
          { title: t.rate, align: 'end' },
          { title: t.count, align: 'end' },
          { title: t.interval, align: 'end' },
        ],
        rows: measured.map(({ name, part, whole, ratio, interval }) => [
          name,
          say.percent(ratio),
          t.partOf(say.number(part), say.number(whole)),
          say.range(interval),
        ]),
      },
    },
  ]
}
