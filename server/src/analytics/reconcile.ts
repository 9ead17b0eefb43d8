/** Counters against the facts: every night for what moved lately, and all of it when somebody asks. */
import type { Ctx } from '../platform/context.ts'
import { inTransaction } from '../platform/db/index.ts'
import { selectCampaignsWithLinks } from '../tracking/index.ts'
import { advanceConsumer } from '../platform/events/index.ts'
import { madeAt, type CampaignId, type RunId } from '../platform/ids.ts'
import { defineSchedule } from '../platform/jobs/index.ts'
import { ATTRIBUTION_MODELS } from './attribution/models.ts'
import { countEngagement } from './counters.ts'
import { rebuildConversions } from './conversions/reckon.ts'
import { appendDeltas } from './deltas.ts'
import { selectOrganization } from './profiles/setting-queries.ts'
import {
  selectConversionDiscrepancies,
  selectCountedRuns,
  selectDiscrepancies,
  selectLedgerRuns,
  type Discrepancy,
} from './reconcile-queries.ts'
import { correctCampaigns, correctFigures, correctHours } from './totals/queries.ts'
export type { Discrepancy } from './reconcile-queries.ts'

/** Runs that were counted within so many days are looked at again. */
const LOOK_BACK_DAYS = 2
const DAY_MS = 86_400_000
/** Runs compared in one statement. */
const RUNS_PAGE = 50

/** What a rebuild found. */
export interface AnalyticsReport {
  runs: number
  /** Figures that were not what log and ledger say; they are by now. */
  different: Discrepancy[]
  /** Sums of figures over many campaigns or hours that were not the sums of these. */
  sums: number
  /** Conversions that were credited otherwise than they should have been. */
  conversions: number
}

/** Compares the figures of a run, on one channel or on all, with ledger and log at one instant. Changes nothing. */
export function checkFigures(ctx: Ctx, runId: RunId, channel?: string): Promise<Discrepancy[]> {
  return discrepanciesOf(ctx, [runId], channel ?? null)
}

/** What differs of messages and what was done with them, and of what they were credited with. */
async function discrepanciesOf(
  ctx: Ctx,
  runIds: readonly RunId[],
  channel: string | null,
): Promise<Discrepancy[]> {
  const [first] = runIds.toSorted()
  if (first === undefined) return []
  const { currency } = await selectOrganization(ctx)
  return [
    ...(await selectDiscrepancies(ctx, runIds, beginningOf(first), channel)),
    ...(await selectConversionDiscrepancies(ctx, runIds, channel, { models: ATTRIBUTION_MODELS, currency })),
  ]
}

/** Nothing happened to a run before; a day more, for clocks of others that are slow. */
const beginningOf = (runId: RunId): Date => new Date(madeAt(runId).getTime() - DAY_MS)

/** Puts the figures of some runs right. @returns what was wrong */
export function rebuildFigures(ctx: Ctx, runIds: readonly RunId[]): Promise<Discrepancy[]> {
  return inTransaction(ctx, async (ctx) => {
    const wrong = await discrepanciesOf(ctx, runIds, null)
    await appendDeltas(
      ctx,
      wrong.map(({ counted, actual, ...figure }) => ({ ...figure, n: actual - counted, at: ctx.now() })),
    )
    return wrong
  })
}

/**
 * Counters, conversions and attribution of the whole organization from log and ledger, beside everything else that goes
 * on. A second one finds nothing. Source: issue 5, "Analytics"
 */
export async function rebuildAnalytics(ctx: Ctx): Promise<AnalyticsReport> {
  while (await advanceConsumer(ctx, countEngagement));
  const { runs, different } = await rebuildRuns(ctx, (after) => selectLedgerRuns(ctx, after, RUNS_PAGE))
  // What posts brought stands under the campaigns' own ids.
  const ofPosts = await rebuildRuns(
    ctx,
    async (after) =>
      (await selectCampaignsWithLinks(ctx, after as CampaignId | null, RUNS_PAGE)) as string[] as RunId[], // one id, read as the other
  )
  const conversions = await rebuildConversions(ctx)
  different.push(...ofPosts.different)
  return { runs, different, conversions, sums: await correctSums(ctx) }
}

/** All kinds of sums, of everything that is rolled up by now; what waits is added to all alike. */
const correctSums = async (ctx: Ctx): Promise<number> =>
  (await correctHours(ctx)) + (await correctCampaigns(ctx)) + (await correctFigures(ctx))

async function rebuildRuns(
  ctx: Ctx,
  pageAfter: (after: RunId | null) => Promise<RunId[]>,
): Promise<Pick<AnalyticsReport, 'runs' | 'different'>> {
  const different: Discrepancy[] = []
  let runs = 0
  for (let after: RunId | null = null; ;) {
    const page: RunId[] = await pageAfter(after)
    const last = page.at(-1)
    if (last === undefined) return { runs, different }
    different.push(...(await rebuildFigures(ctx, page)))
    runs += page.length
    after = last
  }
}

/** Every night, for what was counted lately. Source: compliance of figures with the ledger, engine probe §4e */
export const reconcileFigures = defineSchedule({
  name: 'analytics.reconcile',
  everyMs: DAY_MS,
  perOrganization: true,
  handle: async (ctx) => {
    const since = new Date(ctx.now().getTime() - LOOK_BACK_DAYS * DAY_MS)
    const { different } = await rebuildRuns(ctx, (after) => selectCountedRuns(ctx, since, after, RUNS_PAGE))
    if (different.length > 0)
      ctx.log.error({ different }, 'figures differed from the ledger and were put right')
    const sums = await correctSums(ctx)
    if (sums > 0) ctx.log.error({ sums }, 'sums of figures differed from these and were put right')
  },
})
