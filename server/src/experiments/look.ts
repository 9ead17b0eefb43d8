/** Looks at a test, each minute or so, until its rule ends it. Missed minutes are harmless: there were fewer looks. */
import { z } from 'zod'
import { audit } from '../platform/audit/index.ts'
import type { Ctx } from '../platform/context.ts'
import { afterCommit, inTransaction } from '../platform/db/index.ts'
import { announce } from '../platform/events/index.ts'
import { toWire, type ExperimentId } from '../platform/ids.ts'
import { defineJob, defineWork } from '../platform/jobs/index.ts'
import { countTest, type TestCounts } from './arms.ts'
import { experimentDecided } from './events.ts'
import {
  lockExperiment,
  saveDecision,
  saveLook,
  saveShares,
  type ExperimentRow,
  type KeptDecision,
  type KeptVerdict,
} from './queries.ts'
import { choiceAfter, followedSplit, guardrailBreaches, letterOf, resolveSettings, setupOf } from './rules.ts'
import { alphaOf, compareArms } from './statistics/compare-arms.ts'
import {
  type DecisionSetup,
  ENGINE_VERSION,
  isFinalLook,
  judgeLook,
  secondMomentToFreeze,
  type Verdict,
} from './statistics/decision.ts'

const LOOK_EVERY_MS = 60_000
/** People of a continuous test come over weeks: its evidence grows slowly, and counting it asks more. */
const CONTINUOUS_LOOK_EVERY_MS = 600_000
const SHARES_EVERY_MS = 3_600_000

/** The work of looking; one job per test. */
export const lookWork = defineWork({
  kind: 'experiments.look',
  lane: 'background',
  payload: z.object({ experimentId: z.string() }),
  attemptsMax: 500,
})

/** Looks, and comes again for as long as the test is open. */
export const lookJob = defineJob({
  ...lookWork,
  handle: async (ctx, { experimentId }) => {
    const again = await look(ctx, experimentId as ExperimentId) // written by startExperiment
    if (again) return { again }
  },
})

/**
 * Looks at a test now, and ends it when the rule says so.
 *
 * @returns when it is looked at again; null when it is no longer open
 * Source: CS-007, CB-5.4, statistics §6
 */
export async function look(ctx: Ctx, id: ExperimentId): Promise<Date | null> {
  return inTransaction(ctx, async (ctx) => {
    const row = await lockExperiment(ctx, id)
    if (row?.state !== 'running' || row.launchedAt === null) return null
    const counts = await countTest(ctx, row)
    const judged = judge(ctx, row, counts)
    await saveLook(ctx, id, judged)
    tellScreens(ctx, id)
    const { state } = judged.verdict
    if (state !== 'winner' && state !== 'inconclusive') {
      await moveShares(ctx, row, counts)
      return new Date(ctx.now().getTime() + (row.isContinuous ? CONTINUOUS_LOOK_EVERY_MS : LOOK_EVERY_MS))
    }
    await end(ctx, row, judged, counts)
    return null
  })
}

/** Lets shares follow the evidence, once an hour, where the author wants it. Source: statistics §9 */
async function moveShares(ctx: Ctx, row: ExperimentRow, { arms }: TestCounts): Promise<void> {
  const since = row.sharesAt ?? row.launchedAt
  if (row.settings.allocation !== 'thompson' || row.split === null || since === null) return
  if (ctx.now().getTime() - since.getTime() < SHARES_EVERY_MS) return
  const split = followedSplit(row.split, arms, setupFor(row))
  if (split) await saveShares(ctx, row.id, split)
}

interface Judged {
  verdict: KeptVerdict
  smallestP: Record<string, number>
  secondMoment: number | null
  setup: DecisionSetup
  pairs: Verdict['pairs']
}

function judge(ctx: Ctx, row: ExperimentRow, counts: TestCounts): Judged {
  const { arms, periods } = counts
  const setup = setupFor(row)
  const at = { minute: minuteOf(ctx, row), arms, ...(periods ? { periods } : {}) }
  const secondMoment = row.secondMoment ?? secondMomentToFreeze(setup, at)
  const verdict = judgeLook(setup, at, secondMoment)
  const breaches = guardrailBreaches(counts, setup)
  const isVetoed = verdict.winner !== null && breaches.some(({ index }) => index === verdict.winner)
  const no = (index: number | null) => (index === null ? null : (row.variants[index]?.no ?? null))
  const kept: KeptVerdict = {
    state: isVetoed ? (isFinalLook(setup, at) ? 'inconclusive' : 'blocked') : verdict.state,
    reason: isVetoed ? 'guardrail' : verdict.reason,
    leader: no(verdict.leader),
    winner: isVetoed ? null : no(verdict.winner),
    minute: at.minute,
  }
  return {
    verdict: kept,
    smallestP: smallestPs(row, setup, counts, secondMoment),
    secondMoment,
    setup,
    pairs: verdict.pairs,
  }
}

/** The rule's setup of a test that runs. */
export function setupFor(row: ExperimentRow): DecisionSetup {
  return setupOf(resolveSettings(row.settings, row), row.variants, {
    plannedRecipients: row.plannedRecipients ?? 0,
    baselineRate: row.baselineRate ?? 0,
    secondMoment: row.secondMoment,
  })
}

function minuteOf(ctx: Ctx, { launchedAt }: ExperimentRow): number {
  return launchedAt === null ? 0 : Math.floor((ctx.now().getTime() - launchedAt.getTime()) / 60_000)
}

/** Two-sided p of each variant against the first playing one, the smallest over all looks: valid whenever one stops. */
function smallestPs(
  row: ExperimentRow,
  setup: DecisionSetup,
  counts: TestCounts,
  secondMoment: number | null,
): Record<string, number> {
  const first = setup.holdout.indexOf(false)
  const smallest = { ...row.smallestP }
  for (const [index, arm] of counts.arms.entries()) {
    if (index === first || setup.holdout[index] === true) continue
    const { pAnytime } = compareArms(setup, counts, {
      control: first,
      variant: index,
      alpha: alphaOf(setup),
      secondMoment,
    })
    smallest[String(arm.no)] = Math.min(smallest[String(arm.no)] ?? 1, pAnytime)
  }
  return smallest
}

async function end(ctx: Ctx, row: ExperimentRow, judged: Judged, counts: TestCounts): Promise<void> {
  const { verdict } = judged
  const indexOf = (no: number | null) =>
    no === null ? null : row.variants.findIndex((variant) => variant.no === no)
  const decision: KeptDecision = {
    result: verdict.state === 'winner' ? 'winner' : 'inconclusive',
    reason: verdict.reason,
    winner: verdict.winner,
    chosen: choiceAfter(
      { ...verdict, leader: indexOf(verdict.leader), winner: indexOf(verdict.winner) },
      row.settings,
      row.variants,
    ),
    statedReason: null,
    engineVersion: ENGINE_VERSION,
    inputs: { setup: judged.setup, secondMoment: judged.secondMoment, pairs: judged.pairs, counts },
  }
  await decide(ctx, row, decision)
}

/** Screens that show the test ask anew, once there is something new to be read. */
export function tellScreens(ctx: Ctx, id: ExperimentId): void {
  afterCommit(ctx, () =>
    ctx.platform.hub.publish(ctx.orgId, 'experiment', { experimentId: toWire('experiment', id) }),
  )
}

/** Writes a decision down for ever, and says so. */
export async function decide(ctx: Ctx, row: ExperimentRow, decision: KeptDecision): Promise<void> {
  await saveDecision(ctx, row.id, decision, `${ctx.actor.kind}:${ctx.actor.id}`)
  audit(
    ctx,
    'experiment.decided',
    { kind: 'campaign', id: row.campaignId },
    {
      experimentId: row.id,
      result: decision.result,
      reason: decision.statedReason ?? decision.reason,
      winner: decision.winner === null ? null : letterOf(decision.winner),
      chosen: decision.chosen === null ? null : letterOf(decision.chosen),
    },
  )
  announce(
    ctx,
    experimentDecided,
    { experimentId: row.id, result: decision.result, winner: decision.winner, chosen: decision.chosen },
    { campaignId: row.campaignId, ...(row.runId === null ? {} : { runId: row.runId }) },
  )
}
