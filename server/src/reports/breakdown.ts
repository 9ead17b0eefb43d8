/** A campaign told apart: the way from sent to converted, whole and by channel, variant, country, segment, hour or run. */
import { countsByRun, countsFrom, runsOf, type Counts } from '../analytics/index.ts'
import type { Ctx } from '../platform/context.ts'
import { madeAt, toWire, type CampaignId, type RunId, type SegmentId } from '../platform/ids.ts'
import { audiencePredicates } from '../segments/index.ts'
import { organizationOf } from '../team/index.ts'
import { isPlatform } from '../tracking/index.ts'
import { errors } from './errors.ts'
import { campaignOf } from './money.ts'
import {
  selectCounts,
  selectCountsOfRun,
  selectHoursOf,
  selectIncludedSegments,
  selectStepsAmong,
  selectStepsByCountry,
  type CampaignFacts,
} from './queries.ts'
import { funnelSteps, ratesOf, ratesOfHour, ratesOfPeople, stepCounts, type PeopleCounts } from './rates.ts'
import type { Breakdown, Funnel, Rates } from './schema.ts'
import { usualByChannel, usualOfRuns, usualRates } from './usual.ts'

/** Countries of a breakdown; those of the most people. */
const COUNTRIES_MAX = 20
/** Segments of a breakdown: each is told apart from all people of the campaign. */
const SEGMENTS_MAX = 10
/** Runs of a breakdown: a weekly campaign's year. */
const RUNS_MAX = 53
/** So many are read, so that the first of those has others before it. */
const RUNS_READ_MAX = 2 * RUNS_MAX

type Parts = Funnel['parts']

/** Source: CB-10.4, CS-012.5, TK-11.3, DS-CampaignAnalyticsService.getConversionFunnel @throws reports.campaign_not_found */
export async function campaignFunnel(
  ctx: Ctx,
  id: CampaignId,
  {
    by,
    segmentId,
    runId,
  }: { by?: Breakdown | undefined; segmentId?: SegmentId | undefined; runId?: RunId | undefined },
): Promise<Funnel> {
  if (by === undefined) {
    const whole = await campaignApart(ctx, id, [], runId)
    if (segmentId === undefined) return { ...whole, parts: [] }
    const [people = NOBODY] = await peopleAmong(ctx, runId === undefined ? await runsOf(ctx, id) : [runId], [
      segmentId,
    ])
    return { ...saidOf(people, isMeasured(whole.rates)), parts: [] }
  }
  const { parts, ...whole } = await campaignApart(ctx, id, [by], runId)
  return { ...whole, parts: parts[by] }
}

const NOBODY: PeopleCounts = {
  attempted: 0,
  sent: 0,
  delivered: 0,
  opened: 0,
  clicked: 0,
  converted: 0,
  unsubscribed: 0,
}

/**
 * The whole of a campaign and its parts by each of some breakdowns, from as many statements whatever they hold. What
 * posts brought is no part of it: it has no messages that it could be a share of, and is told with the money.
 *
 * @param runId  one run of it; by run it is told apart as a whole none the less
 * @throws reports.campaign_not_found, run_not_found
 */
export async function campaignApart<By extends Breakdown>(
  ctx: Ctx,
  id: CampaignId,
  bys: readonly By[],
  runId?: RunId,
): Promise<Omit<Funnel, 'parts'> & { parts: Record<By, Parts> }> {
  const campaign = await campaignOf(ctx, id)
  const asksRuns = runId !== undefined || bys.some((by) => by === 'country' || by === 'segment')
  const known = asksRuns ? await runsOf(ctx, id) : []
  const runs = runId === undefined ? known : known.filter((run) => run === runId)
  if (runId !== undefined && runs.length === 0) throw errors.run_not_found({ id, runId })
  const found = await (runId === undefined ? selectCounts(ctx, [id]) : selectCountsOfRun(ctx, id, runId))
  const rows = found.filter(({ channel }) => !isPlatform(channel))
  const counts = countsFrom(rows)
  const rates = ratesOf(counts)
  const parts: Partial<Record<By, Parts>> = {}
  for (const by of bys)
    parts[by] = await partsBy(ctx, by, { campaign, rows, rates, runs, runId: runId ?? null })
  return {
    steps: funnelSteps(stepCounts(counts)),
    rates,
    parts: parts as Record<By, Parts>, // each was asked for
  }
}

/** A campaign, and what was counted of it. */
interface Counted {
  campaign: CampaignFacts
  rows: readonly { channel: string; variant: number; name: string; n: number }[]
  rates: Rates
  runs: readonly RunId[]
  /** The one that is asked for; null for all. */
  runId: RunId | null
}

function partsBy(ctx: Ctx, by: Breakdown, counted: Counted): Promise<Parts> {
  switch (by) {
    case 'channel':
      return partsByChannel(ctx, counted)
    case 'variant':
      return partsByVariant(ctx, counted)
    case 'country':
      return partsByCountry(ctx, counted)
    case 'segment':
      return partsBySegment(ctx, counted)
    case 'hour':
      return partsByHour(ctx, counted)
    case 'run':
      return partsByRun(ctx, counted)
  }
}

async function partsByChannel(ctx: Ctx, { campaign, rows }: Counted): Promise<Parts> {
  const usual = await usualByChannel(ctx, [campaign])
  return byLabel(rows, ({ channel }) => channel).map(([channel, counts]) => ({
    ...partFrom('channel', channel, counts),
    usual: usual.get(channel) ?? null,
  }))
}

/** A variant goes to people as chance takes them: what is usual of campaigns is usual of it. */
async function partsByVariant(ctx: Ctx, { campaign, rows }: Counted): Promise<Parts> {
  const usual = await usualRates(ctx, campaign.id)
  return byLabel(rows, ({ variant }) => String(variant)).map(([variant, counts]) => ({
    ...partFrom('variant', variant, counts),
    usual,
  }))
}

const byLabel = <Row extends { name: string; n: number }>(
  rows: readonly Row[],
  labelOf: (row: Row) => string,
): [string, Counts][] =>
  [...Map.groupBy(rows, labelOf)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, own]) => [label, countsFrom(own)])

const partFrom = (of: Breakdown, label: string, counts: Counts): Parts[number] => ({
  of,
  label,
  at: null,
  steps: funnelSteps(stepCounts(counts)),
  rates: ratesOf(counts),
  usual: null,
})

async function partsByCountry(ctx: Ctx, { runs, rates }: Counted): Promise<Parts> {
  const countries = await selectStepsByCountry(ctx, runs, COUNTRIES_MAX)
  return countries.map(({ country, ...people }) => ({
    of: 'country',
    label: country,
    at: null,
    ...saidOf(people, isMeasured(rates)),
    usual: null,
  }))
}

/** The segments that the campaign addresses, each among the people who are in it now. */
async function partsBySegment(ctx: Ctx, { campaign, runs, rates }: Counted): Promise<Parts> {
  const segments = (await selectIncludedSegments(ctx, [campaign.id])).slice(0, SEGMENTS_MAX)
  const people = await peopleAmong(
    ctx,
    runs,
    segments.map(({ segmentId }) => segmentId),
  )
  return segments.map(({ name }, at) => ({
    of: 'segment',
    label: name,
    at: null,
    ...saidOf(people[at] ?? NOBODY, isMeasured(rates)),
    usual: null,
  }))
}

/** Whether everybody who has the campaign's messages could be seen opening them. */
const isMeasured = ({ open, click }: Rates): boolean => open.whole > 0 && open.whole === click.whole

const saidOf = (people: PeopleCounts, isMeasured: boolean): Pick<Funnel, 'steps' | 'rates'> => ({
  steps: funnelSteps(people),
  rates: ratesOfPeople(people, isMeasured),
})

/** People who are in each segment now, in the order of the segments. */
async function peopleAmong(
  ctx: Ctx,
  runs: readonly RunId[],
  segmentIds: readonly SegmentId[],
): Promise<PeopleCounts[]> {
  const predicates = await audiencePredicates(
    ctx,
    segmentIds.map((segmentId) => ({
      include: { match: 'any', segmentIds: [segmentId], rule: null },
      exclude: { segmentIds: [], rule: null },
    })),
    { alias: 'c', orgIdParam: '$1', firstParam: 3 },
  )
  return selectStepsAmong(ctx, runs, predicates)
}

/** What happened in each hour of the organization's day: an open of the evening stands there, whenever its message left. */
async function partsByHour(ctx: Ctx, { campaign, rates, runId }: Counted): Promise<Parts> {
  const { timeZone } = await organizationOf(ctx)
  const byHour = Map.groupBy(
    await selectHoursOf(ctx, campaign.id, runId),
    ({ hour }) => Temporal.Instant.fromEpochMilliseconds(hour.getTime()).toZonedDateTimeISO(timeZone).hour,
  )
  return [...byHour]
    .toSorted(([a], [b]) => a - b)
    .map(([hour, own]) => {
      const counts = countsFrom(own)
      return { ...partFrom('hour', String(hour), counts), rates: ratesOfHour(counts, rates) }
    })
}

/** The latest runs, latest first. */
async function partsByRun(ctx: Ctx, { campaign }: Counted): Promise<Parts> {
  const byRun = Map.groupBy(await countsByRun(ctx, campaign.id, RUNS_READ_MAX), ({ runId }) => runId)
  const runs = [...byRun].map(([runId, rows]) => ({ runId, counts: countsFrom(rows) }))
  const usual = usualOfRuns(runs.map(({ counts }) => counts))
  return runs.slice(0, RUNS_MAX).map(({ runId, counts }, at) => ({
    ...partFrom('run', toWire('run', runId), counts),
    at: madeAt(runId),
    usual: usual[at] ?? null,
  }))
}
