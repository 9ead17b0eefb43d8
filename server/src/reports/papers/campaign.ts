/** The report of a campaign as a paper that one can hand to a director. */
import { campaignReport, type Report } from '../../campaigns/index.ts'
import { experimentOf } from '../../experiments/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Block, Paper } from '../../platform/document/index.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { organizationOf } from '../../team/index.ts'
import { campaignApart } from '../breakdown.ts'
import { compareChannels, compareVariants } from '../compare.ts'
import { campaignOf, campaignRoi } from '../money.ts'
import type { Comparison, Funnel, Roi, Usual } from '../schema.ts'
import { usualRates } from '../usual.ts'
import { breakdownBlocks, moneyByChannel, SHOWN_APART, type Breakdowns } from './breakdowns.ts'
import { channelName } from './channel-name.ts'
import { rateCell, rateIntervals, ratesTable } from './rate-blocks.ts'
import { sayer, type Say } from './say.ts'
import { WORDS, type Words } from './words.ts'

/** Links that a reader of a page looks at. */
const LINKS_MAX = 12
/** Points of a curve that are a page of rows in its table. */
const POINTS_MAX = 36
/** Lengths of a point that a reader knows, in minutes. */
const STEPS = [1, 5, 15, 60, 3 * 60, 6 * 60, 24 * 60, 7 * 24 * 60, 28 * 24 * 60] as const

/** Everything that the paper says. */
interface Said {
  report: Report
  roi: Roi
  steps: Funnel['steps']
  channels: Comparison
  variants: Comparison
  usual: Usual
  breakdowns: Breakdowns
  /** What the test calls its variants, by their numbers. */
  names: ReadonlyMap<number, string>
}

/** Gathers and writes it. @throws reports.campaign_not_found Source: CB-15.2, CB-15.4, CS-012.6 */
export async function campaignPaper(ctx: Ctx, id: CampaignId): Promise<Paper> {
  const { launchedAt } = await campaignOf(ctx, id)
  const organization = await organizationOf(ctx)
  const names = new Map(((await experimentOf(ctx, id))?.variants ?? []).map(({ name }, at) => [at + 1, name]))
  const { steps, parts } = await campaignApart(ctx, id, SHOWN_APART)
  const said: Said = {
    report: await campaignReport(ctx, id),
    roi: await campaignRoi(ctx, id),
    steps,
    channels: await compareChannels(ctx, [id]),
    variants: await compareVariants(ctx, id, names),
    usual: await usualRates(ctx, id),
    breakdowns: parts,
    names,
  }
  const t = WORDS[ctx.locale]
  const say = sayer(ctx.locale, organization.timeZone, organization.currency)
  const { report } = said
  return {
    title: report.name,
    subtitle: [
      `${t.pages.campaign}, ${t.status[report.status]}`,
      ...(launchedAt === null ? [] : [t.launchedOn(say.dateTime(launchedAt))]),
      t.madeOn(say.dateTime(report.updatedAt), organization.timeZone),
    ].join(' · '),
    locale: ctx.locale,
    foot: `${organization.name} · ${report.name}`,
    createdAt: report.updatedAt,
    blocks: blocksOf(said, say, t),
  }
}

function blocksOf(
  { report, roi, steps, channels, variants, usual, breakdowns, names }: Said,
  say: Say,
  t: Words,
): Block[] {
  const named = (items: Comparison['items'], name: (item: Comparison['items'][number]) => string) =>
    items.map((item) => ({ name: name(item), rate: item.rates.click }))
  const all = channels.whole
  return [
    ...tiles(report, roi, say, t),
    ...overTime(report, say, t),
    { kind: 'table', ...ratesTable(all, usual, say, t) },
    way(steps, say, t),
    ...rateIntervals(
      t.titles.channels,
      t.channel,
      named(channels.items, ({ name }) => channelName(name, t)),
      { say, t },
    ),
    ...rateIntervals(
      t.titles.variants,
      t.variant,
      named(variants.items, ({ name }) => name),
      { say, t },
    ),
    ...breakdownBlocks(breakdowns, names, say, t),
    ...links(report, roi, say, t),
    ...notReached(report, say, t),
    ...moneyByChannel(roi, say, t),
    money(roi, say, t),
    { kind: 'heading', text: t.titles.reading },
    ...t.reading.flatMap((text): Block[] => [{ kind: 'text', text, isMuted: true }, { kind: 'gap' }]),
  ]
}

function tiles({ figures }: Report, roi: Roi, say: Say, t: Words): Block[] {
  const { rates } = figures
  const of = ({ part, whole }: { part: number; whole: number }): string =>
    t.partOf(say.number(part), say.number(whole))
  return [
    {
      kind: 'figures',
      items: [
        {
          label: t.sent,
          value: say.number(figures.handedOver),
          note: t.ofAudience(say.number(figures.audience)),
        },
        {
          label: t.rates.delivery,
          value: say.percent(rates.delivery.ratio),
          note: t.bounced(say.number(figures.bounced)),
        },
        { label: t.rates.open, value: say.percent(rates.open.ratio), note: of(rates.open) },
        { label: t.rates.click, value: say.percent(rates.click.ratio), note: of(rates.click) },
        ...(figures.replied.people === 0
          ? []
          : [{ label: t.replied, value: say.percent(rates.reply.ratio), note: of(rates.reply) }]),
        { label: t.rates.conversion, value: say.percent(rates.conversion.ratio), note: of(rates.conversion) },
        {
          label: t.revenue,
          value: say.money(roi.revenue),
          note: [
            t.models[roi.model],
            ...(roi.refunded.amount === 0 ? [] : [t.afterRefunds(say.money(roi.refunded.amount))]),
          ].join(' · '),
        },
        {
          label: t.cost,
          value: say.money(roi.cost.total),
          note: t.perConversion(say.money(roi.costPerConversion)),
        },
        { label: t.roi, value: say.percent(roi.roi, 0), note: t.profitNote(say.money(roi.profit)) },
      ],
    },
  ]
}

function overTime({ activity }: Report, say: Say, t: Words): Block[] {
  const { points, stepMinutes } = coarser(activity)
  if (points.length < 2) return []
  const labels = points.map(({ at }) => say.pointOf(at, stepMinutes))
  const names = ['sent', 'opened', 'clicked'] as const
  const title = t.titles.activity
  return [
    {
      kind: 'lines',
      title,
      labels,
      series: names.map((name) => ({ name: t.steps[name], values: points.map((point) => point[name]) })),
      format: (value) => say.number(value),
      twin: {
        title,
        columns: [
          { title: t.time },
          ...names.map((name) => ({ title: t.steps[name], align: 'end' as const })),
        ],
        // Points at which nothing happened say nothing in a table.
        rows: points.flatMap((point, at) =>
          names.every((name) => point[name] === 0)
            ? []
            : [[labels[at] ?? '', ...names.map((name) => say.number(point[name]))]],
        ),
      },
    },
  ]
}

const MINUTE_MS = 60_000

/** The same points, summed over longer steps where a page would hold too many rows of them. */
function coarser({ points, stepMinutes }: Report['activity']): Report['activity'] {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last) return { points, stepMinutes }
  const span = (last.at.getTime() - first.at.getTime()) / MINUTE_MS
  const minutes = STEPS.find((step) => step >= stepMinutes && span / step < POINTS_MAX) ?? stepMinutes
  const step = minutes * MINUTE_MS
  const byStep = Map.groupBy(points, ({ at }) => Math.floor(at.getTime() / step) * step)
  return {
    stepMinutes: minutes,
    points: [...byStep].map(([at, own]) => ({
      at: new Date(at),
      sent: sumOf(own.map(({ sent }) => sent)),
      opened: sumOf(own.map(({ opened }) => opened)),
      clicked: sumOf(own.map(({ clicked }) => clicked)),
      unsubscribed: sumOf(own.map(({ unsubscribed }) => unsubscribed)),
    })),
  }
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

function way(steps: Funnel['steps'], say: Say, t: Words): Block {
  const title = t.titles.funnel
  return {
    kind: 'bars',
    title,
    items: steps.map(({ step, people, ofPrevious }) => ({
      label: t.steps[step],
      value: people,
      text: ofPrevious === null ? say.number(people) : `${say.number(people)} · ${say.percent(ofPrevious)}`,
    })),
    twin: {
      title,
      columns: [
        { title: t.step },
        { title: t.people, align: 'end' },
        { title: t.ofPrevious, align: 'end' },
        { title: t.lost, align: 'end' },
      ],
      rows: steps.map(({ step, people, ofPrevious, lost }) => [
        t.steps[step],
        say.number(people),
        say.percent(ofPrevious),
        say.number(lost),
      ]),
    },
  }
}

function links(report: Report, roi: Roi, say: Say, t: Words): Block[] {
  if (report.links.length === 0) return []
  const shown = report.links.slice(0, LINKS_MAX)
  const revenueOf = ({ channel, linkNo }: Report['links'][number]): number =>
    roi.links.find((one) => one.channel === channel && one.linkNo === linkNo)?.revenue ?? 0
  // Whatever is not on the page stands in the last line, so that the column adds up.
  const rest = roi.revenue - shown.reduce((sum, link) => sum + revenueOf(link), 0)
  return [
    {
      kind: 'table',
      title: t.titles.links,
      columns: [
        { title: t.link },
        { title: t.people, align: 'end' },
        { title: t.share, align: 'end' },
        { title: t.machineClicks, align: 'end' },
        { title: t.revenue, align: 'end' },
      ],
      rows: [
        ...shown.map((link) => [
          link.label === '' ? link.url : `${link.label} (${link.url})`,
          say.number(link.people),
          rateCell({ ratio: link.share, interval: link.interval }, undefined, say, t),
          say.number(link.machineTimes),
          say.exactMoney(revenueOf(link)),
        ]),
        [
          report.links.length > shown.length ? t.otherOrNoLink : t.noLink,
          '–',
          '–',
          '–',
          say.exactMoney(Math.round(rest * 1e6) / 1e6),
        ],
      ],
    },
  ]
}

function notReached({ figures }: Report, say: Say, t: Words): Block[] {
  const rows = (['skipped', 'heldOut', 'bounced', 'failed', 'unknown'] as const).flatMap((name) =>
    figures[name] === 0 ? [] : [[t.notReached[name], say.number(figures[name])]],
  )
  if (rows.length === 0) return []
  return [
    {
      kind: 'table',
      title: t.titles.notReached,
      columns: [{ title: t.why }, { title: t.people, align: 'end' }],
      rows,
    },
  ]
}

function money(roi: Roi, say: Say, t: Words): Block {
  return {
    kind: 'table',
    title: t.titles.money,
    columns: [
      { title: t.model },
      { title: t.conversions, align: 'end' },
      { title: t.revenue, align: 'end' },
      { title: t.roi, align: 'end' },
    ],
    rows: roi.models.map((one) => [
      t.models[one.model],
      say.number(one.conversions, { maximumFractionDigits: 1 }),
      say.money(one.revenue),
      say.percent(one.roi, 0),
    ]),
  }
}
