/** A campaign told apart: the way from sent to converted, whole and by channel, variant, country, segment or hour. */
import { countsFrom, runsOf } from '../analytics/index.ts'
import type { Ctx } from '../platform/context.ts'
import type { CampaignId, RunId, SegmentId } from '../platform/ids.ts'
import { audiencePredicates } from '../segments/index.ts'
import { organizationOf } from '../team/index.ts'
import { isPlatform } from '../tracking/index.ts'
import { campaignOf, countsOfCampaigns } from './money.ts'
import { selectHoursOf, selectIncludedSegments, selectStepsAmong, selectStepsByCountry } from './queries.ts'
import { funnelSteps, stepCounts, type StepCounts } from './rates.ts'
import type { Breakdown, Funnel } from './schema.ts'

/** Countries of a breakdown; those of the most people. */
const COUNTRIES_MAX = 20
/** Segments of a breakdown: each is told apart from all people of the campaign. */
const SEGMENTS_MAX = 10

type Parts = Funnel['parts']

/** Source: CB-10.4, CS-012.5, TK-11.3, DS-CampaignAnalyticsService.getConversionFunnel @throws reports.campaign_not_found */
export async function campaignFunnel(
  ctx: Ctx,
  id: CampaignId,
  { by, segmentId }: { by?: Breakdown | undefined; segmentId?: SegmentId | undefined },
): Promise<Funnel> {
  if (segmentId !== undefined) {
    await campaignOf(ctx, id)
    const [people] = await stepsAmong(ctx, await runsOf(ctx, id), [segmentId])
    return { steps: funnelSteps(people ?? NOBODY), parts: [] }
  }
  if (by === undefined) return { ...(await campaignApart(ctx, id, [])), parts: [] }
  const { steps, parts } = await campaignApart(ctx, id, [by])
  return { steps, parts: parts[by] }
}

const NOBODY: StepCounts = { sent: 0, delivered: 0, opened: 0, clicked: 0, converted: 0 }

/**
 * The whole of a campaign and its parts by each of some breakdowns, from as many statements whatever they hold.
 * @throws reports.campaign_not_found
 */
export async function campaignApart<By extends Breakdown>(
  ctx: Ctx,
  id: CampaignId,
  bys: readonly By[],
): Promise<{ steps: Funnel['steps']; parts: Record<By, Parts> }> {
  await campaignOf(ctx, id)
  // No message, no way from sent to converted: what posts brought is told with the money.
  const rows = (await countsOfCampaigns(ctx, [id])).filter(({ channel }) => !isPlatform(channel))
  const runs = bys.some((by) => by === 'country' || by === 'segment') ? await runsOf(ctx, id) : []
  const parts: Partial<Record<By, Parts>> = {}
  for (const by of bys) parts[by] = await partsBy(ctx, by, { id, rows, runs })
  return {
    steps: funnelSteps(stepCounts(countsFrom(rows))),
    parts: parts as Record<By, Parts>, // each was asked for
  }
}

type Counted = Awaited<ReturnType<typeof countsOfCampaigns>>

function partsBy(
  ctx: Ctx,
  by: Breakdown,
  { id, rows, runs }: { id: CampaignId; rows: Counted; runs: readonly RunId[] },
): Promise<Parts> {
  switch (by) {
    case 'channel':
    case 'variant':
      return Promise.resolve(partsOf(by, rows))
    case 'country':
      return partsByCountry(ctx, runs)
    case 'segment':
      return partsBySegment(ctx, id, runs)
    case 'hour':
      return partsByHour(ctx, id)
  }
}

function partsOf(by: 'channel' | 'variant', rows: Counted): Parts {
  return [...Map.groupBy(rows, (row) => String(row[by]))]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, own]) => ({ of: by, label, steps: funnelSteps(stepCounts(countsFrom(own))) }))
}

async function partsByCountry(ctx: Ctx, runs: readonly RunId[]): Promise<Parts> {
  const countries = await selectStepsByCountry(ctx, runs, COUNTRIES_MAX)
  return countries.map(({ country, ...people }) => ({
    of: 'country',
    label: country,
    steps: funnelSteps(people),
  }))
}

/** The segments that the campaign addresses, each among the people who are in it now. */
async function partsBySegment(ctx: Ctx, id: CampaignId, runs: readonly RunId[]): Promise<Parts> {
  const segments = (await selectIncludedSegments(ctx, [id])).slice(0, SEGMENTS_MAX)
  const people = await stepsAmong(
    ctx,
    runs,
    segments.map(({ segmentId }) => segmentId),
  )
  return segments.map(({ name }, at) => ({
    of: 'segment',
    label: name,
    steps: funnelSteps(people[at] ?? NOBODY),
  }))
}

/** People who are in each segment now, in the order of the segments. */
async function stepsAmong(
  ctx: Ctx,
  runs: readonly RunId[],
  segmentIds: readonly SegmentId[],
): Promise<StepCounts[]> {
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
async function partsByHour(ctx: Ctx, id: CampaignId): Promise<Parts> {
  const { timeZone } = await organizationOf(ctx)
  const byHour = Map.groupBy(
    await selectHoursOf(ctx, id),
    ({ hour }) => Temporal.Instant.fromEpochMilliseconds(hour.getTime()).toZonedDateTimeISO(timeZone).hour,
  )
  return [...byHour]
    .toSorted(([a], [b]) => a - b)
    .map(([hour, own]) => ({
      of: 'hour',
      label: String(hour),
      steps: funnelSteps(stepCounts(countsFrom(own))),
    }))
}
