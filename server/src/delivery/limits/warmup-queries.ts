/** SQL of warm-up plans. */
import type { Ctx } from '../../platform/context.ts'
import type { WarmupPlan } from './warmup.ts'

/** A plan with what was taken of its present day. */
export interface WarmupRow extends WarmupPlan {
  countedOn: string | null
  counted: number
  /** The last day that was judged. */
  judgedOn: string | null
}

const COLUMNS = `w.domain, w.volumes, to_char(w.started_on, 'YYYY-MM-DD') as started_on, w.time_zone, w.held_days,
  to_char(w.judged_on, 'YYYY-MM-DD') as judged_on`

export const listWarmups = (ctx: Ctx): Promise<WarmupRow[]> =>
  ctx.db.named(
    'delivery_list_warmups',
    `
    select ${COLUMNS}, to_char(t.counted_on, 'YYYY-MM-DD') as counted_on, coalesce(t.counted, 0) as counted
    from warmup w left join throttle t on t.org_id = $1 and t.scope = 'sender' and t.key = w.domain
    where w.org_id = $1 order by w.domain`,
    [ctx.orgId],
  )

/** Starts a plan, or changes its volumes: the day that it has reached stays. */
export const saveWarmup = (ctx: Ctx, plan: WarmupPlan, by: string): Promise<unknown> =>
  ctx.db.named(
    'delivery_save_warmup',
    `
    insert into warmup (org_id, domain, volumes, started_on, time_zone, updated_by, created_at, updated_at)
    values ($1, $2, $3, $4::date, $5, $6, $7, $7)
    on conflict (org_id, domain) do update set volumes = excluded.volumes, updated_by = excluded.updated_by,
      updated_at = excluded.updated_at`,
    [ctx.orgId, plan.domain, plan.volumes, plan.startedOn, plan.timeZone, by, ctx.now()],
  )

/** A day is judged once; one that is held moves all that follow. */
export const noteJudged = (ctx: Ctx, domain: string, on: string, isHeld: boolean): Promise<unknown> =>
  ctx.db.named(
    'delivery_note_judged',
    `
    update warmup set judged_on = $3::date, held_days = held_days + $4::int, updated_at = $5
    where org_id = $1 and domain = $2 and (judged_on is null or judged_on < $3::date)`,
    [ctx.orgId, domain, on, isHeld ? 1 : 0, ctx.now()],
  )

export const deleteWarmup = (ctx: Ctx, domain: string): Promise<{ domain: string }[]> =>
  ctx.db.named(
    'delivery_delete_warmup',
    'delete from warmup where org_id = $1 and domain = $2 returning domain',
    [ctx.orgId, domain],
  )
