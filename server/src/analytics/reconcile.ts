/**
 * Figures against the facts: ledger and log say what happened, counters say how much was counted. Every night the two
 * are compared, and what differs is put right by deltas, so that even a correction is only ever appended.
 */
import type { Ctx } from '../platform/context.ts'
import { inTransaction } from '../platform/db/index.ts'
import type { RunId } from '../platform/ids.ts'
import { defineSchedule } from '../platform/jobs/index.ts'
import { ledgerTotals, LEDGER_STATES } from '../tracking/index.ts'
import { appendDeltas } from './deltas.ts'
import { countedOfRun, engagedOfRun, recentRuns, type CountedRun } from './reconcile-queries.ts'
import { ENGAGEMENTS } from './names.ts'

/** Runs that were counted within so many days are looked at again. */
const LOOK_BACK_DAYS = 2
const DAY_MS = 86_400_000

/** A figure that is not what the facts say. */
export interface Discrepancy {
  name: string
  counted: number
  actual: number
}

/** Compares the figures of a run, on one channel or on all, with ledger and log, in one snapshot. Changes nothing. */
export function checkFigures(ctx: Ctx, runId: RunId, channel?: string): Promise<Discrepancy[]> {
  return inTransaction(ctx, async (ctx) => {
    const counted = await countedOfRun(ctx, runId, channel ?? null)
    const { byState } = await ledgerTotals(ctx, runId, channel)
    const engaged = await engagedOfRun(ctx, runId, channel ?? null)
    const actual = new Map<string, number>([
      ...LEDGER_STATES.map((state) => [state, byState[state]] as const),
      ...ENGAGEMENTS.map((name) => [name, engaged[name]] as const),
    ])
    return [...actual]
      .map(([name, n]) => ({ name, counted: counted.get(name) ?? 0, actual: n }))
      .filter((figure) => figure.counted !== figure.actual)
  })
}

/** Puts the figures of a run right. @returns what was wrong */
export function rebuildFigures(ctx: Ctx, run: CountedRun): Promise<Discrepancy[]> {
  return inTransaction(ctx, async (ctx) => {
    const wrong = await checkFigures(ctx, run.runId, run.channel)
    const { campaignId, runId, channel } = run
    await appendDeltas(
      ctx,
      wrong.map(({ name, counted, actual }) => ({
        campaignId,
        runId,
        channel,
        name,
        n: actual - counted,
        at: ctx.now(),
      })),
    )
    return wrong
  })
}

/** Every night, for what was counted lately. Source: compliance of figures with the ledger, engine probe §4e */
export const reconcileFigures = defineSchedule({
  name: 'analytics.reconcile',
  everyMs: DAY_MS,
  perOrganization: true,
  handle: async (ctx) => {
    for (const run of await recentRuns(ctx, new Date(ctx.now().getTime() - LOOK_BACK_DAYS * DAY_MS))) {
      const wrong = await rebuildFigures(ctx, run)
      if (wrong.length > 0)
        ctx.log.error({ runId: run.runId, wrong }, 'figures differed from the ledger and were put right')
    }
  },
})
