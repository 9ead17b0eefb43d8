/**
 * Money, looked at before each sub-batch: what was handed over and paid, and what others hand over at this moment, leaves
 * room for so many messages, by the campaign's own budget and by those of the month that it shares with others. Workers
 * that look at once know nothing of each other, so a budget is passed by what they then have in flight and no more. When
 * nothing is left, the run rests until the budget is raised.
 * Source: CB-9.4, DS-campaign-errors.3, design §5 Budget
 */
import type { z } from 'zod'
import { budgetUseOf, type BudgetOwner, type SetBudgets } from '../../budgets/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import type { CampaignId, RunId } from '../../platform/ids.ts'
import { runOutOfBudget } from '../events.ts'
import type { outOfBudget } from '../schema.ts'
import { lockRun, setRunState } from '../runs/queries.ts'
import { isUnderWay, type Run, type RunChannel } from '../runs/run.ts'
import { inFlight, setOutOfBudget, type InFlight } from './budget-queries.ts'

/** Who waits for what others have in flight looks again after this. */
const LOOK_AGAIN_MS = 1_000

/** How a run came to rest. */
export type OutOfBudget = z.output<typeof outOfBudget>

/** `go`: so many of those who were wanted. */
export type Affordable =
  | { kind: 'go'; count: number }
  | { kind: 'later'; at: Date }
  | { kind: 'spent'; why: OutOfBudget }

/** How many messages of a channel budgets still pay for; null: nobody asks what they cost. */
export async function affordable(
  ctx: Ctx,
  { campaignId }: Pick<Run, 'campaignId'>,
  { channel, wanted, budgets }: { channel: RunChannel; wanted: number; budgets: SetBudgets | null },
): Promise<Affordable> {
  if (budgets === null || (budgets.budgetMinor === null && budgets.sharedBudgets === null))
    return { kind: 'go', count: wanted }
  const use = await budgetUseOf(ctx, campaignId, [channel], budgets)
  const { currency, prices } = use
  const priceMicros = prices.get(channel) ?? 0
  // What costs nothing leaves although the money is gone.
  if (priceMicros === 0 || use.budgets.length === 0) return { kind: 'go', count: wanted }
  const batches = await inFlight(ctx)
  const rooms = use.budgets.map((budget) => {
    const own = batches.filter((batch) => countsFor(budget.scope, batch, campaignId))
    const flyingMicros = own.reduce((sum, batch) => sum + batch.people * (prices.get(batch.channel) ?? 0), 0)
    const leftMicros = budget.limitMicros - budget.usedMicros - flyingMicros
    return { ...budget, flyingMicros, count: Math.floor(leftMicros / priceMicros) }
  })
  const count = Math.min(...rooms.map((room) => room.count))
  if (count > 0) return { kind: 'go', count: Math.min(wanted, count) }
  // What is in flight may come back unsent.
  const spent = rooms.find((room) => room.count <= 0 && room.flyingMicros === 0)
  if (!spent) return { kind: 'later', at: new Date(ctx.now().getTime() + LOOK_AGAIN_MS) }
  const { scope, limitMicros, usedMicros } = spent
  const at = ctx.now().toISOString()
  return { kind: 'spent', why: { scope, currency, limitMicros, usedMicros, priceMicros, channel, at } }
}

function countsFor(scope: BudgetOwner, batch: InFlight, campaignId: CampaignId): boolean {
  if (scope === 'organization') return true
  return scope === 'campaign' ? batch.campaignId === campaignId : batch.channel === scope
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
