/** SQL of what is sent again after its run has ended: it rests, goes on and ends by itself. */
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId, RunId } from '../../platform/ids.ts'
import { SENT_AGAIN_FROM } from './run.ts'

const WAITS = `c.chunk_no <= ${SENT_AGAIN_FROM} and c.state = 'ready'`

/** What waits to be sent again of a campaign's runs that have ended. */
export interface AgainRow {
  people: number
  /** Null unless it rests. */
  heldAt: Date | null
}

export async function readAgain(ctx: Ctx, campaignId: CampaignId): Promise<AgainRow | null> {
  const [row] = await ctx.db.named<AgainRow>(
    'delivery_read_again',
    `
    select sum(c.waiting_count)::int as people, max(r.again_held_at) as held_at
    from run r join chunk c on c.org_id = $1 and c.run_id = r.id and ${WAITS}
    where r.org_id = $1 and r.campaign_id = $2 and r.state = 'completed'
    having count(*) > 0`,
    [ctx.orgId, campaignId],
  )
  return row ?? null
}

/** Locks the ended runs of which something waits to be sent again, resting or not. */
export const lockAgain = (ctx: Ctx, campaignId: CampaignId, isHeld: boolean): Promise<{ id: RunId }[]> =>
  ctx.db.named(
    'delivery_lock_again',
    `
    select id from run r
    where org_id = $1 and campaign_id = $2 and state = 'completed' and (again_held_at is not null) = $3
      and exists (select 1 from chunk c where c.org_id = $1 and c.run_id = r.id and ${WAITS})
    order by id for update`,
    [ctx.orgId, campaignId, isHeld],
  )

/** Lets it rest, or go on. */
export const holdAgain = (ctx: Ctx, runIds: readonly RunId[], by: string | null): Promise<unknown> =>
  ctx.db.named(
    'delivery_hold_again',
    `
    update run set again_held_at = $3, again_held_by = $4, updated_at = $5
    where org_id = $1 and id = any($2::uuid[])`,
    [ctx.orgId, runIds, by === null ? null : ctx.now(), by, ctx.now()],
  )

/** Chunks that wait, with the instant at which each may go on. */
export const waitingAgain = (
  ctx: Ctx,
  runIds: readonly RunId[],
): Promise<{ runId: RunId; chunkNo: number; dueAt: Date }[]> =>
  ctx.db.named(
    'delivery_waiting_again',
    `
    select run_id, chunk_no, due_at from chunk c
    where org_id = $1 and run_id = any($2::uuid[]) and ${WAITS} order by run_id, chunk_no desc`,
    [ctx.orgId, runIds],
  )

/** Ends what waits; what was tried keeps its answer. */
export const cancelAgain = (ctx: Ctx, runIds: readonly RunId[]): Promise<{ people: number }[]> =>
  ctx.db.named(
    'delivery_cancel_again',
    `
    update chunk c set state = 'cancelled', updated_at = $3
    where org_id = $1 and run_id = any($2::uuid[]) and ${WAITS}
    returning waiting_count as people`,
    [ctx.orgId, runIds, ctx.now()],
  )
