/**
 * Money, asked for as a sub-batch is armed: what was handed over and paid, and what others hand over at this moment, leaves
 * room for so many messages, by the campaign's own budget and by those of the month that it shares with others. Whoever asks
 * arms in the same transaction, one after the other within an organization, so that what is armed is reserved: no budget is
 * passed, by however many workers. What comes back unsent is free again as it is recorded. When nothing is left, the run
 * rests until the budget is raised.
 * Source: CB-9.4, DS-campaign-errors.3, design §5 Budget
 */
import type { z } from 'zod'
import { budgetUseOf, type BudgetOwner, type SetBudgets } from '../../budgets/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { announce } from '../../platform/events/index.ts'
import type { CampaignId, ContactId, RunId } from '../../platform/ids.ts'
import { runOutOfBudget } from '../events.ts'
import type { outOfBudget } from '../schema.ts'
import { lockRun, setRunState } from '../runs/queries.ts'
import { isUnderWay, type Run, type RunChannel } from '../runs/run.ts'
import { inFlight, lockBudgets, setOutOfBudget, type InFlight } from './budget-queries.ts'

/** Who waits for what others have in flight looks again after this. */
const LOOK_AGAIN_MS = 1_000

/** How a run came to rest. */
export type OutOfBudget = z.output<typeof outOfBudget>

/** Nothing may be armed: others hold what is left, or nothing is left. */
export type Unpaid = { kind: 'later'; at: Date } | { kind: 'spent'; why: OutOfBudget }

/** People of a sub-batch, and what may be spent on them. */
interface Wanted<Person> {
  channel: RunChannel
  ids: readonly ContactId[]
  /** As the last look found them. */
  people: readonly Person[]
  budgets: SetBudgets | null
}

/**
 * The first of a sub-batch whom budgets pay for, with those between them who get nothing. They are reserved for whoever
 * arms them in the present transaction.
 */
export async function reserve<Person extends { id: ContactId; reason: unknown }>(
  ctx: Ctx,
  { campaignId }: Pick<Run, 'campaignId'>,
  { channel, ids, people, budgets }: Wanted<Person>,
): Promise<{ kind: 'paid'; ids: readonly ContactId[]; people: readonly Person[] } | Unpaid> {
  const whole = { kind: 'paid' as const, ids, people }
  if (budgets === null || (budgets.budgetMinor === null && budgets.sharedBudgets === null)) return whole
  const reached = new Set(people.flatMap(({ id, reason }) => (reason === null ? [id] : [])))
  if (reached.size === 0) return whole
  const money = await affordable(ctx, campaignId, channel, budgets)
  if (typeof money !== 'number') return money
  if (money >= reached.size) return whole
  let count = 0
  const end = ids.findIndex((id) => reached.has(id) && ++count > money)
  const paidIds = ids.slice(0, end)
  const paid = new Set(paidIds)
  return { kind: 'paid', ids: paidIds, people: people.filter(({ id }) => paid.has(id)) }
}

/** How many messages of a channel budgets still pay for, at least one. */
async function affordable(
  ctx: Ctx,
  campaignId: CampaignId,
  channel: RunChannel,
  budgets: SetBudgets,
): Promise<number | Unpaid> {
  await lockBudgets(ctx)
  // In this order: what is recorded between the two is counted twice, and never not at all.
  const batches = await inFlight(ctx)
  const use = await budgetUseOf(ctx, campaignId, [channel], budgets)
  const { currency, prices } = use
  const priceMicros = prices.get(channel) ?? 0
  // What costs nothing leaves although the money is gone.
  if (priceMicros === 0 || use.budgets.length === 0) return Infinity
  const rooms = use.budgets.map((budget) => {
    const own = batches.filter((batch) => countsFor(budget.scope, batch, campaignId))
    const flyingMicros = own.reduce((sum, batch) => sum + batch.people * (prices.get(batch.channel) ?? 0), 0)
    const leftMicros = budget.limitMicros - budget.usedMicros - flyingMicros
    return { ...budget, flyingMicros, count: Math.floor(leftMicros / priceMicros) }
  })
  const count = Math.min(...rooms.map((room) => room.count))
  if (count > 0) return count
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
