/** SQL of budgets at the hand-over. */
import type { BudgetOwner } from '../../budgets/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId, RunId } from '../../platform/ids.ts'
import type { RunChannel } from '../runs/run.ts'
import type { OutOfBudget } from './within-budget.ts'

/** People who are being handed over at this moment. */
export interface InFlight {
  campaignId: CampaignId
  channel: RunChannel
  people: number
}

/** Until the transaction ends, nobody else of the organization reserves money. */
export const lockBudgets = (ctx: Ctx): Promise<unknown> =>
  ctx.db.named(
    'delivery_lock_budgets',
    `select pg_advisory_xact_lock(hashtext('delivery.budget'), hashtext($1))`,
    [ctx.orgId],
  )

/**
 * A batch of a run that was cancelled is still on its way for this long; a worker that died with it leaves its row there
 * for good.
 */
const CANCELLED_FLIES_MS = 900_000

/** Of all runs of the organization: few batches are armed at once, whatever waits. */
export const inFlight = (ctx: Ctx): Promise<InFlight[]> =>
  ctx.db.named(
    'delivery_budget_in_flight',
    `
    select r.campaign_id, c.channel, sum(cardinality(a.contact_ids))::int as people
    from armed_batch a
    join run r on r.org_id = $1 and r.id = a.run_id
    join chunk c on c.org_id = $1 and c.run_id = a.run_id and c.chunk_no = a.chunk_no
    where a.org_id = $1 and (r.state in ('resolving', 'running', 'paused') or a.armed_at > $2)
    group by r.campaign_id, c.channel`,
    [ctx.orgId, new Date(ctx.now().getTime() - CANCELLED_FLIES_MS)],
  )

/** Campaigns that rest because a budget of that scope is used up. */
export const campaignsOutOf = async (ctx: Ctx, scope: BudgetOwner): Promise<CampaignId[]> =>
  (
    await ctx.db.named<{ campaignId: CampaignId }>(
      'delivery_campaigns_out_of',
      `
      select distinct campaign_id from run
      where org_id = $1 and state = 'paused' and out_of_budget ->> 'scope' = $2 order by campaign_id limit 1000`,
      [ctx.orgId, scope],
    )
  ).map(({ campaignId }) => campaignId)

export const setOutOfBudget = (ctx: Ctx, id: RunId, why: OutOfBudget | null): Promise<unknown> =>
  ctx.db.named(
    'delivery_set_out_of_budget',
    'update run set out_of_budget = $3, updated_at = $4 where org_id = $1 and id = $2',
    [ctx.orgId, id, why === null ? null : JSON.stringify(why), ctx.now()],
  )

/** Of a campaign's runs that have not ended. */
export const writeRunBudgets = (
  ctx: Ctx,
  campaignId: CampaignId,
  budgetMinor: number | null,
): Promise<unknown> =>
  ctx.db.named(
    'delivery_write_run_budgets',
    `
    update run set timing = timing || $3::jsonb, updated_at = $4
    where org_id = $1 and campaign_id = $2 and state in ('resolving', 'running', 'paused')`,
    [ctx.orgId, campaignId, JSON.stringify({ budgetMinor }), ctx.now()],
  )
