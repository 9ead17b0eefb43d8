/** The results of a test of contents as a paper. */
import { resultsOf, type ExperimentResults } from '../../experiments/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { paperPdf, type Block, type Paper } from '../../platform/document/index.ts'
import type { ExperimentId } from '../../platform/ids.ts'
import { organizationOf } from '../../team/index.ts'
import { NONE, sayer, type Say } from './say.ts'
import { TEST_WORDS, type TestWords } from './test-words.ts'

/** Smaller ones are told as smaller than this. */
const P_MIN = 0.001

/** As a tagged PDF in the ctx's language. @throws experiments.not_found Source: CS-006.5 */
export async function testPdf(ctx: Ctx, id: ExperimentId): Promise<Buffer> {
  return paperPdf(await testPaper(ctx, id))
}

async function testPaper(ctx: Ctx, id: ExperimentId): Promise<Paper> {
  const results = await resultsOf(ctx, id)
  const { name, timeZone } = await organizationOf(ctx)
  const [t, say] = [TEST_WORDS[ctx.locale], sayer(ctx.locale, timeZone, results.currency)]
  return {
    title: results.name,
    subtitle: [
      t.page,
      ...(results.startedAt === null ? [] : [t.begun(say.dateTime(results.startedAt))]),
      t.made(say.dateTime(ctx.now()), timeZone),
    ].join(' · '),
    locale: ctx.locale,
    foot: `${name} · ${results.name}`,
    createdAt: ctx.now(),
    blocks: blocksOf(results, say, t),
  }
}

function blocksOf(results: ExperimentResults, say: Say, t: TestWords): Block[] {
  return [
    { kind: 'text', text: verdictOf(results, say, t) },
    { kind: 'gap' },
    sample(results, say, t),
    ...rates(results, say, t),
    variants(results, say, t),
    ...comparisons(results, say, t),
    ...incremental(results, say, t),
    { kind: 'heading', text: t.reading },
    ...[
      ...(results.chiSquare === null ? [] : [t.chi(pOf(results.chiSquare.p, say, t), results.chiSquare.df)]),
      t.ratio(pOf(results.sampleRatio.p, say, t)),
      ...t.notes,
    ].flatMap((text): Block[] => [{ kind: 'text', text, isMuted: true }, { kind: 'gap' }]),
  ]
}

/** What the test says, in a sentence or three. */
function verdictOf(
  { decision, verdict, settings, variants }: ExperimentResults,
  say: Say,
  t: TestWords,
): string {
  if (decision === null)
    return [
      t.unclear,
      ...(verdict?.reason ? [t.reasons[verdict.reason]] : []),
      ...(verdict?.leaderId ? [t.ahead(verdict.leaderId)] : []),
    ].join(' ')
  const { winnerId, chosenId, result, reason, statedReason, at, appliedAt } = decision
  const carried =
    chosenId === null
      ? t.waits
      : appliedAt === null
        ? t.chosen(chosenId)
        : t.applied(chosenId, say.dateTime(appliedAt))
  const others = variants.filter(({ id, isControl }) => id !== winnerId && !isControl).map(({ id }) => id)
  const list = new Intl.ListFormat(say.locale).format(others)
  const found =
    result === 'by_hand'
      ? [t.byHand(chosenId ?? ''), ...(statedReason ? [t.because(statedReason)] : [])]
      : winnerId === null
        ? [t.inconclusive, t.reasons[reason ?? 'not_significant']]
        : [t.winner(winnerId, list, settings.confidence), t.proven(say.dateTime(at))]
  return [...found, carried].join(' ')
}

function sample({ sample, stake, decision }: ExperimentResults, say: Say, t: TestWords): Block {
  return {
    kind: 'figures',
    items: [
      { label: t.soFar, value: say.number(sample.soFar), note: t.minimum(say.number(sample.minimum)) },
      { label: t.needed, value: say.number(sample.needed), note: t.neededNote },
      ...(decision?.appliedAt
        ? []
        : [{ label: t.waiting, value: say.number(stake.waiting), note: t.people }]),
    ],
  }
}

function rates(results: ExperimentResults, say: Say, t: TestWords): Block[] {
  const { settings } = results
  const show = valueSayer(results, say)
  const title = t.byVariant(t.metrics[settings.metric])
  const known = results.variants.flatMap((variant) =>
    variant.value === null || variant.interval === null
      ? []
      : [{ ...variant, value: variant.value, interval: variant.interval }],
  )
  if (known.length < 2) return []
  return [
    {
      kind: 'intervals',
      title,
      format: show,
      items: known.map((variant) => ({
        label: nameOf(variant, t),
        at: variant.value,
        low: variant.interval.lower,
        high: variant.interval.upper,
        text: show(variant.value),
      })),
      twin: {
        title,
        columns: [
          { title: t.variant },
          { title: t.value, align: 'end' },
          { title: t.interval(settings.confidence), align: 'end' },
        ],
        rows: known.map((variant) => [
          nameOf(variant, t),
          show(variant.value),
          t.to(show(variant.interval.lower), show(variant.interval.upper)),
        ]),
      },
    },
  ]
}

function variants({ variants }: ExperimentResults, say: Say, t: TestWords): Block {
  const counted = ['opened', 'clicked', 'converted', 'unsubscribed'] as const
  return {
    kind: 'table',
    title: t.variants,
    columns: [
      { title: t.variant },
      { title: t.recipients, align: 'end' },
      ...counted.map((name) => ({ title: t[name], align: 'end' as const })),
      { title: t.revenue, align: 'end' },
    ],
    rows: variants.map((variant) => [
      nameOf(variant, t),
      say.number(variant.recipients),
      ...counted.map((name) => say.number(variant[name])),
      say.money(variant.revenue),
    ]),
  }
}

function comparisons({ comparisons, settings }: ExperimentResults, say: Say, t: TestWords): Block[] {
  if (comparisons.length === 0) return []
  return [
    {
      kind: 'table',
      title: t.comparison,
      columns: [
        { title: t.pair },
        { title: t.lift, align: 'end' },
        { title: t.interval(settings.confidence), align: 'end' },
        { title: t.anytime, align: 'end' },
        { title: t.classical, align: 'end' },
      ],
      rows: comparisons.map((one) => [
        t.against(one.variantId, one.againstId),
        signed(one.lift, say),
        one.liftInterval === null
          ? NONE
          : t.to(signed(one.liftInterval.lower, say), signed(one.liftInterval.upper, say)),
        pOf(one.anytimeP, say, t),
        `${pOf(one.classicalPAdjusted, say, t)} (${t.tests[one.classicalTest]})`,
      ]),
    },
  ]
}

function incremental({ incremental, settings }: ExperimentResults, say: Say, t: TestWords): Block[] {
  if (incremental === null) return []
  const { reached, silent, conversions, revenuePerPerson } = incremental
  const each = ({ people, revenue }: typeof reached): string =>
    say.money(people === 0 ? null : revenue / people)
  const rate = ({ people, converted }: typeof reached): string =>
    `${say.percent(people === 0 ? null : converted / people)} (${say.number(converted)})`
  const range = (
    interval: { lower: number; upper: number } | null,
    show: (value: number) => string,
  ): string => (interval === null ? NONE : t.to(show(interval.lower), show(interval.upper)))
  return [
    {
      kind: 'table',
      title: t.incremental,
      columns: [
        { title: t.what },
        { title: t.reached, align: 'end' },
        { title: t.heldOut, align: 'end' },
        { title: t.difference, align: 'end' },
        { title: t.interval(settings.confidence), align: 'end' },
      ],
      rows: [
        [t.peopleHead, say.number(reached.people), say.number(silent.people), NONE, NONE],
        [
          t.rate,
          rate(reached),
          rate(silent),
          say.points(conversions.difference),
          range(conversions.interval, say.points),
        ],
        [
          t.perPerson,
          each(reached),
          each(silent),
          say.money(revenuePerPerson.difference),
          range(revenuePerPerson.interval, say.money),
        ],
      ],
    },
  ]
}

const nameOf = (
  { id, name, isControl }: Pick<ExperimentResults['variants'][number], 'id' | 'name' | 'isControl'>,
  t: TestWords,
): string => `${name === id ? id : `${id} · ${name}`}${isControl ? ` (${t.silent})` : ''}`

/** A share, or money per recipient. */
const valueSayer =
  ({ settings, currency }: ExperimentResults, say: Say) =>
  (value: number): string =>
    settings.metric === 'revenue' ? say.money(value, currency) : say.percent(value)

const signed = (value: number | null, say: Say): string =>
  say.number(value, { style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' })

const pOf = (p: number | null, say: Say, t: TestWords): string =>
  p !== null && p < P_MIN
    ? t.below(say.number(P_MIN, { maximumFractionDigits: 3 }))
    : say.number(p, { maximumFractionDigits: 3 })
