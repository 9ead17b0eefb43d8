/** What a run is made of, to find where something unusual comes from. Asked only once something was found. */
import { countsFrom, type Counts } from '../../analytics/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { AnomalyMetric } from '../schema.ts'
import type { Evidence, Part } from './cause.ts'
import {
  selectCourse,
  selectPartsUntil,
  selectPassedOver,
  selectReceivers,
  selectRefusals,
} from './queries.ts'
import type { Watched } from './days.ts'
import { isMean, measureOf, type Unusual } from './rules.ts'

type Cells = Awaited<ReturnType<typeof selectPartsUntil>>

/** What happens at the hand-over belongs to the hour of the hand-over; what people do later does not. */
const BY_HOUR: ReadonlySet<AnomalyMetric> = new Set(['failure', 'bounce'])
const STATES = { failure: 'failed', bounce: 'bounced' } as const

/** Everything that may explain it. */
export async function evidenceOf(
  ctx: Ctx,
  { metric, direction, observed }: Unusual,
  run: Watched & { until: Date },
  channel: string,
): Promise<Evidence> {
  if (run.kind !== 'run' && metric === 'volume' && direction === 'low')
    return { ...NOTHING, marks: await quietCauses(ctx, run, observed.part) }
  const { stoppedAt, isNewContent } = await selectCourse(ctx, run.id)
  const course = { wasPaused: stoppedAt !== null, isNewContent }
  if (isMean(metric)) return { ...NOTHING, ...course }
  const cells = await selectPartsUntil(ctx, run, channel)
  const receivers = channel === 'email' ? await receiversOf(ctx, metric, run) : []
  const refused = metric === 'failure' || metric === 'bounce' ? await refusersOf(ctx, run, channel) : []
  return {
    parts: [
      ...receivers,
      ...partsBy(metric, cells, 'variant', ({ variant }) => (variant === 0 ? '' : String(variant))),
      ...(BY_HOUR.has(metric) ? partsBy(metric, cells, 'hour', ({ hour }) => hour.toISOString()) : []),
    ],
    marks: [
      ...refused,
      ...reasonsOf(metric, cells),
      ...(metric === 'click' && direction === 'high' ? linksOf(cells) : []),
    ],
    ...course,
  }
}

const NOTHING: Evidence = { parts: [], marks: [], wasPaused: false, isNewContent: false }

/** Why few messages left on a day: events that set nothing off, or hardly any events at all. */
async function quietCauses(ctx: Ctx, { campaignId, startedAt }: Watched, sent: number): Promise<Part[]> {
  const passedOver = await selectPassedOver(ctx, campaignId, startedAt)
  const whole = sent + passedOver.reduce((sum, { events }) => sum + events, 0)
  return whole === 0
    ? [{ kind: 'no_events', label: '', part: 1, whole: 1 }]
    : passedOver.map(({ outcome, events }): Part => ({
        kind: 'passed_over',
        label: outcome,
        part: events,
        whole,
      }))
}

/** Apart by something that a cell says; cells without a word of it are no part. */
function partsBy(
  metric: AnomalyMetric,
  cells: Cells,
  kind: 'variant' | 'hour',
  labelOf: (cell: Cells[number]) => string,
): Part[] {
  const groups = [...Map.groupBy(cells, labelOf)].filter(([label]) => label !== '')
  return groups.map(([label, own]) => ({ kind, label, ...measureOf(metric, countsFrom(own)) }))
}

async function receiversOf(ctx: Ctx, metric: AnomalyMetric, { runIds }: Watched): Promise<Part[]> {
  const receivers = await selectReceivers(ctx, runIds)
  return receivers.map(({ domain, delivered, handedOver, ...counts }) => {
    const named: Counts = new Map(
      Object.entries({
        ...counts,
        delivered,
        // What was handed over and neither arrived nor came back: without a word, or still on its way.
        unknown: handedOver - delivered - counts.bounced,
        // The pixel is not counted per receiver: opens are compared among those that arrived.
        measured: delivered,
      }),
    )
    return { kind: 'receiver', label: domain, ...measureOf(metric, named) }
  })
}

async function refusersOf(ctx: Ctx, { runIds }: Watched, channel: string): Promise<Part[]> {
  const refusals = await selectRefusals(ctx, runIds, channel)
  const whole = refusals.reduce((sum, { n }) => sum + n, 0)
  return refusals.map(({ provider, code, words, n }) => ({
    kind: 'provider',
    label: [provider, code, words].filter((text) => text !== '').join(' · '),
    part: n,
    whole,
  }))
}

/** Which reason stands behind most of it. */
function reasonsOf(metric: AnomalyMetric, cells: Cells): Part[] {
  if (metric !== 'failure' && metric !== 'bounce') return []
  const state = STATES[metric]
  const named = [...countsFrom(cells)].filter(([name]) => name === state || name.startsWith(`${state}.`))
  const whole = named.reduce((sum, [, n]) => sum + n, 0)
  return named
    .filter(([name]) => name !== state)
    .map(([name, part]): Part => ({ kind: 'reason', label: name.slice(state.length + 1), part, whole }))
    .toSorted((a, b) => b.part - a.part)
}

/** Which link most of the people followed, where there were several. */
function linksOf(cells: Cells): Part[] {
  const counts = countsFrom(cells)
  const links = [...counts].filter(([name]) => /^link\.\d+$/.test(name))
  if (links.length < 2) return []
  return links
    .map(([name, part]): Part => ({
      kind: 'link',
      label: name.slice('link.'.length),
      part,
      whole: counts.get('clicked') ?? 0,
    }))
    .toSorted((a, b) => b.part - a.part)
}
