/** Where money comes from and goes to, as a paper. */
import { CAMPAIGN_TYPES } from '../../campaigns/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Block, Paper } from '../../platform/document/index.ts'
import { organizationOf } from '../../team/index.ts'
import { POST_PLATFORMS } from '../../tracking/index.ts'
import type { MoneyBy } from '../schema.ts'
import { channelName } from './channel-name.ts'
import { sayer, type Say } from './say.ts'
import { WORDS, type Words } from './words.ts'

/** Lines that a reader goes through; the table as CSV has all. */
const LINES_MAX = 60

type Line = MoneyBy['items'][number]

/** Source: CB-9.5, CB-15.4, MA-7.2 */
export async function moneyPaper(ctx: Ctx, found: MoneyBy): Promise<Paper> {
  const { name, timeZone, currency } = await organizationOf(ctx)
  const [t, say] = [WORDS[ctx.locale], sayer(ctx.locale, timeZone, currency)]
  return {
    title: t.pages.money,
    subtitle: [
      t.titles.moneyBy[found.by],
      t.fromTo(say.day(found.period.from), say.day(found.period.to)),
      t.madeOn(say.dateTime(ctx.now()), timeZone),
    ].join(' · '),
    locale: ctx.locale,
    foot: `${name} · ${t.pages.money}`,
    createdAt: ctx.now(),
    blocks: blocksOf(found, say, t),
  }
}

function blocksOf({ by, items, overlap, total }: MoneyBy, say: Say, t: Words): Block[] {
  const shown = items.slice(0, LINES_MAX)
  const rest = items.length - shown.length
  return [
    {
      kind: 'figures',
      items: [
        { label: t.revenue, value: say.money(total.revenue) },
        { label: t.cost, value: say.money(total.cost) },
        { label: t.profit, value: say.money(total.profit) },
        { label: t.roi, value: say.percent(total.roi, 0) },
        {
          label: t.conversions,
          value: say.number(total.conversions, { maximumFractionDigits: 1 }),
          note: t.perConversion(say.exactMoney(total.costPerConversion)),
        },
        { label: t.costPerCustomer, value: say.exactMoney(total.costPerAcquisition) },
      ],
    },
    {
      kind: 'table',
      title: t.titles.moneyBy[by],
      columns: [
        { title: t.parts[by] },
        { title: t.revenue, align: 'end' },
        { title: t.cost, align: 'end' },
        { title: t.profit, align: 'end' },
        { title: t.roi, align: 'end' },
        { title: t.costPerConversion, align: 'end' },
        { title: t.costPerCustomer, align: 'end' },
      ],
      rows: [
        ...shown.map((line) => rowOf(nameOf(by, line, t), line, say)),
        ...(overlap === null ? [] : [rowOf(t.overlap, overlap, say)]),
        rowOf(t.total, total, say),
      ],
    },
    ...(rest > 0 ? [{ kind: 'text' as const, text: t.moreLines(say.number(rest)), isMuted: true }] : []),
    { kind: 'heading', text: t.titles.reading },
    ...t.moneyReading.flatMap((text): Block[] => [{ kind: 'text', text, isMuted: true }, { kind: 'gap' }]),
  ]
}

/** Money to the cent, so that the lines can be added up. */
const rowOf = (name: string, line: Line, say: Say): string[] => [
  name,
  say.exactMoney(line.revenue),
  say.exactMoney(line.cost),
  say.exactMoney(line.profit),
  say.percent(line.roi, 0),
  say.exactMoney(line.costPerConversion),
  say.exactMoney(line.costPerAcquisition),
]

function nameOf(by: MoneyBy['by'], { id, name }: Line, t: Words): string {
  if (id === '') return by === 'segment' ? t.noSegment : t.unnamed
  const platform = by === 'platform' ? POST_PLATFORMS.find((one) => one === id) : undefined
  if (platform !== undefined) return t.platforms[platform]
  const type = by === 'type' ? CAMPAIGN_TYPES.find((one) => one === id) : undefined
  if (type !== undefined) return t.types[type]
  return by === 'channel' ? channelName(id, t) : name
}
