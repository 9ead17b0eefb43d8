/** SQL of limits and of what is taken of them. */
import type { SetBudgets } from '../../budgets/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId, RunId } from '../../platform/ids.ts'
import type { FrequencyCap } from '../caps/frequency-caps.ts'
import type { RunLimits } from '../timing/run-timing.ts'
import { wholeLimits, type SendingLimits } from './sending-limits.ts'
import type { WarmupPlan } from './warmup.ts'

/** Which limit a place is taken of. */
export const THROTTLE_SCOPES = [
  'campaign',
  'channel',
  'organization',
  'provider',
  'receiver',
  'sender',
] as const
export type ThrottleScope = (typeof THROTTLE_SCOPES)[number]

export async function readSendingLimits(
  ctx: Ctx,
): Promise<{ limits: SendingLimits; updatedAt: Date | null }> {
  const [row] = await ctx.db.named<{ limits: SendingLimits; updatedAt: Date }>(
    'delivery_sending_limits',
    'select limits, updated_at from sending_limits where org_id = $1',
    [ctx.orgId],
  )
  return { limits: wholeLimits(row?.limits ?? null), updatedAt: row?.updatedAt ?? null }
}

export const writeSendingLimits = (ctx: Ctx, limits: SendingLimits, by: string): Promise<unknown> =>
  ctx.db.named(
    'delivery_write_sending_limits',
    `
    insert into sending_limits (org_id, limits, updated_by, created_at, updated_at) values ($1, $2, $3, $4, $4)
    on conflict (org_id) do update set limits = excluded.limits, updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
    [ctx.orgId, JSON.stringify(limits), by, ctx.now()],
  )

/** What holds for everything that an organization sends. */
export interface DirectLimits {
  organization: SendingLimits
  /** Sending domains that are warmed up; null: none. */
  warmups: readonly WarmupPlan[] | null
}

/** What holds for a run at present. */
export interface PresentLimits extends DirectLimits, SetBudgets {
  run: RunLimits | null
  /** How often a person may be written to; null: as often as anybody wants. */
  caps: readonly FrequencyCap[] | null
}

/** As JSON, so that limits come in one statement. */
const WARMUPS = `(select jsonb_agg(jsonb_build_object('domain', w.domain, 'volumes', w.volumes, 'startedOn', w.started_on,
        'timeZone', w.time_zone, 'heldDays', w.held_days)) from warmup w where w.org_id = $1)`

/** What messages that are asked for one by one keep. */
export async function readDirectLimits(ctx: Ctx): Promise<DirectLimits> {
  const [row] = await ctx.db.named<{ organization: SendingLimits | null; warmups: WarmupPlan[] | null }>(
    'delivery_direct_limits',
    `
    select (select l.limits from sending_limits l where l.org_id = $1) as organization, ${WARMUPS} as warmups`,
    [ctx.orgId],
  )
  return { organization: wholeLimits(row?.organization ?? null), warmups: row?.warmups ?? null }
}

/** The limits of a run as they are now, and the organization's: they may change while it runs. */
export async function readRunLimits(ctx: Ctx, runId: RunId): Promise<PresentLimits> {
  const [row] = await ctx.db.named<
    Omit<PresentLimits, 'organization'> & { organization: SendingLimits | null }
  >(
    'delivery_run_limits',
    `
    select r.timing -> 'limits' as run, (r.timing ->> 'budgetMinor')::float8 as budget_minor, l.limits as organization, f.caps,
      (select jsonb_object_agg(b.scope, b.amount_minor) from budget_limit b where b.org_id = $1) as shared_budgets,
      ${WARMUPS} as warmups
    from run r left join sending_limits l on l.org_id = $1 left join frequency_caps f on f.org_id = $1
    where r.org_id = $1 and r.id = $2`,
    [ctx.orgId, runId],
  )
  const none = { run: null, budgetMinor: null, sharedBudgets: null, caps: null, warmups: null }
  return { ...none, ...row, organization: wholeLimits(row?.organization ?? null) }
}

/** Sets the limits of a campaign's runs that have not ended. @returns those runs */
export const writeRunLimits = (
  ctx: Ctx,
  campaignId: CampaignId,
  limits: RunLimits,
): Promise<{ id: RunId }[]> =>
  ctx.db.named(
    'delivery_write_run_limits',
    `
    update run set timing = jsonb_set(timing, '{limits}', $3::jsonb), updated_at = $4
    where org_id = $1 and campaign_id = $2 and state in ('resolving', 'running', 'paused')
    returning id`,
    [ctx.orgId, campaignId, JSON.stringify(limits), ctx.now()],
  )

/** What is taken of a limit. */
export interface TakenSoFar {
  takenUntilUs: number
  /** Of a day's allowance: the day, and how many. */
  countedOn: string | null
  counted: number
}

/** Makes the rows of limits and locks them, in one order for everybody, so that nobody waits in a circle. */
export async function lockThrottles(
  ctx: Ctx,
  limits: readonly { scope: ThrottleScope; key: string; freshUs: number }[],
): Promise<TakenSoFar[]> {
  const scopes = limits.map(({ scope }) => scope)
  const keys = limits.map(({ key }) => key)
  await ctx.db.named(
    'delivery_make_throttles',
    `
    insert into throttle (org_id, scope, key, taken_until_us, updated_at)
    select $1, l.scope, l.key, l.fresh_us, $2 from unnest($3::text[], $4::text[], $5::bigint[]) as l (scope, key, fresh_us)
    on conflict (org_id, scope, key) do nothing`,
    [ctx.orgId, ctx.now(), scopes, keys, limits.map(({ freshUs }) => freshUs)],
  )
  const rows = await ctx.db.named<{
    scope: ThrottleScope
    key: string
    takenUntilUs: string
    countedOn: string | null
    counted: number
  }>(
    'delivery_lock_throttles',
    `
    select scope, key, taken_until_us, to_char(counted_on, 'YYYY-MM-DD') as counted_on, counted from throttle
    where org_id = $1 and scope = any($2::text[]) and key = any($3::text[])
    order by scope, key for update`,
    [ctx.orgId, scopes, keys],
  )
  const taken = new Map(
    rows.map(({ scope, key, takenUntilUs, ...day }) => [
      `${scope}:${key}`,
      { ...day, takenUntilUs: Number(takenUntilUs) },
    ]),
  )
  return limits.map(
    ({ scope, key, freshUs }) =>
      taken.get(`${scope}:${key}`) ?? { takenUntilUs: freshUs, countedOn: null, counted: 0 },
  )
}

export const writeThrottles = (
  ctx: Ctx,
  taken: readonly ({ scope: ThrottleScope; key: string } & TakenSoFar)[],
): Promise<unknown> =>
  ctx.db.named(
    'delivery_write_throttles',
    `
    update throttle t set taken_until_us = l.taken_until_us, counted_on = l.counted_on, counted = l.counted, updated_at = $2
    from unnest($3::text[], $4::text[], $5::bigint[], $6::date[], $7::int[]) as l (scope, key, taken_until_us, counted_on, counted)
    where t.org_id = $1 and t.scope = l.scope and t.key = l.key`,
    [
      ctx.orgId,
      ctx.now(),
      taken.map(({ scope }) => scope),
      taken.map(({ key }) => key),
      taken.map(({ takenUntilUs }) => takenUntilUs),
      taken.map(({ countedOn }) => countedOn),
      taken.map(({ counted }) => counted),
    ],
  )

/** People of a run, or of one receiver in it, who wait in chunks before this one, and are due. */
export async function peopleAhead(
  ctx: Ctx,
  runId: RunId,
  { chunkNo, receiver }: { chunkNo: number; receiver: string | null },
): Promise<number> {
  const [row] = await ctx.db.named<{ people: number }>(
    'delivery_people_ahead',
    `
    select coalesce(sum(waiting_count), 0)::int as people from chunk
    where org_id = $1 and run_id = $2 and state = 'ready' and chunk_no > 0 and chunk_no < $3 and due_at <= $4
      and receiver is not distinct from $5`,
    [ctx.orgId, runId, chunkNo, ctx.now(), receiver],
  )
  return row?.people ?? 0
}

/** Forgets limits that nothing was taken of for long: fresh ones begin in the same way. */
export const pruneThrottles = (ctx: Ctx, before: Date): Promise<unknown> =>
  ctx.db.named(
    'delivery_prune_throttles',
    "delete from throttle where org_id = $1 and scope <> 'sender' and updated_at < $2",
    [ctx.orgId, before],
  )
