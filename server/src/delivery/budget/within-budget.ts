/**
 * Money, looked at before each sub-batch: what was handed over and paid, and what others hand over at this moment, leaves
 * room for so many messages. Workers that look at once know nothing of each other, so a budget is passed by what they then
 * have in flight and no more. When nothing is left, the run rests until the budget is raised.
 * Source: CB-9.4, DS-campaign-errors.3, design §5 Budget
 */
import type { z } from 'zod'
import { budgetUseOf, type BudgetUse } from '../../budgets/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import type { CampaignId, RunId } from '../../platform/ids.ts'
import { runOutOfBudget } from '../events.ts'
import type { outOfBudget } from '../schema.ts'
import { lockRun, setRunState } from '../runs/queries.ts'
import { isUnderWay, type Run, type RunChannel } from '../runs/run.ts'
import { inFlight, setOutOfBudget } from './budget-queries.ts'

/** Who waits for what others have in flight looks again after this. */
const LOOK_AGAIN_MS = 1_000

/** How a run came to rest. */
export type OutOfBudget = z.output<typeof outOfBudget>

/** `go`: so many of those who were wanted. */
export type Affordable =
  | { kind: 'go'; count: number }
  | { kind: 'later'; at: Date }
  | { kind: 'spent'; why: OutOfBudget }

/** How many messages of a channel a budget still pays for. */
export async function affordable(
  ctx: Ctx,
  { campaignId }: Pick<Run, 'campaignId'>,
  asked: { channel: RunChannel; wanted: number; budgetMinor: number | null },
): Promise<Affordable> {
  const { channel, wanted, budgetMinor } = asked
  if (budgetMinor === null) return { kind: 'go', count: wanted }
  const use = await budgetUseOf(ctx, campaignId, budgetMinor)
  const priceMicros = use.prices.get(channel) ?? 0
  // What costs nothing leaves although the money is gone.
  if (priceMicros === 0) return { kind: 'go', count: wanted }
  const flyingMicros = await flying(ctx, campaignId, use)
  const count = Math.floor((use.limitMicros - use.usedMicros - flyingMicros) / priceMicros)
  if (count > 0) return { kind: 'go', count: Math.min(wanted, count) }
  // What is in flight may come back unsent.
  if (flyingMicros > 0) return { kind: 'later', at: new Date(ctx.now().getTime() + LOOK_AGAIN_MS) }
  const { currency, limitMicros, usedMicros } = use
  const at = ctx.now().toISOString()
  return { kind: 'spent', why: { currency, limitMicros, usedMicros, priceMicros, channel, at } }
}

async function flying(ctx: Ctx, campaignId: CampaignId, { prices }: BudgetUse): Promise<number> {
  const batches = await inFlight(ctx, campaignId)
  return batches.reduce((sum, { channel, people }) => sum + people * (prices.get(channel) ?? 0), 0)
}

/** Lets a run rest, and says why. */
export function stopForBudget(ctx: Ctx, runId: RunId, why: OutOfBudget): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const run = await lockRun(ctx, runId)
    if (!run || !isUnderWay(run.state)) return
    await setRunState(ctx, runId, 'paused', { stoppedBy: ctx.actor.id })
    await setOutOfBudget(ctx, runId, why)
    announce(ctx, runOutOfBudget, why, { campaignId: run.campaignId, runId })
  })
}
