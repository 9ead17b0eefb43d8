/** SQL of budgets at the hand-over. */
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId, RunId } from '../../platform/ids.ts'
import type { RunChannel } from '../runs/run.ts'
import type { OutOfBudget } from './within-budget.ts'

/** People of a campaign who are being handed over at this moment, by channel. */
export const inFlight = (
  ctx: Ctx,
  campaignId: CampaignId,
): Promise<{ channel: RunChannel; people: number }[]> =>
  ctx.db.named(
    'delivery_budget_in_flight',
    `
    select c.channel, sum(cardinality(a.contact_ids))::int as people
    from run r
    join armed_batch a on a.org_id = $1 and a.run_id = r.id
    join chunk c on c.org_id = $1 and c.run_id = a.run_id and c.chunk_no = a.chunk_no
    where r.org_id = $1 and r.campaign_id = $2 and r.state in ('resolving', 'running', 'paused')
    group by c.channel`,
    [ctx.orgId, campaignId],
  )

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
