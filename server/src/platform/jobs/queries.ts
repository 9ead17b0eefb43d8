/** All SQL of the work table. */
import type { Ctx } from '../context.ts'
import { systemTransaction, type Database } from '../db/index.ts'
import type { OrgId } from '../ids.ts'
import { LANES } from './definitions.ts'
import type { DueWork } from './turns.ts'

/** A job as it is claimed. */
export interface ClaimedJob {
  orgId: OrgId
  id: string
  kind: string
  payload: unknown
  attempt: number
  /** Who holds it by this very claim. */
  owner: string
}

// The partial unique index drops a second waiting job of the same key.
export const enqueueRows = (
  ctx: Ctx,
  kind: string,
  lane: number,
  jobs: readonly { key: string | null; payload: string; dueAt: Date; part: string }[],
): Promise<unknown> =>
  ctx.db.named(
    'platform_work_enqueue',
    `
    insert into work (org_id, kind, key, lane, payload, due_at, part, created_at, updated_at)
    select $1, $2, j.key, $3, j.payload, j.due_at, j.part, $4, $4
    from unnest($5::text[], $6::jsonb[], $7::timestamptz[], $8::text[]) as j (key, payload, due_at, part)
    on conflict (org_id, kind, key) where key is not null and state in ('ready', 'leased') do nothing`,
    [
      ctx.orgId,
      kind,
      lane,
      ctx.now(),
      jobs.map((j) => j.key),
      jobs.map((j) => j.payload),
      jobs.map((j) => j.dueAt),
      jobs.map((j) => j.part),
    ],
  )

export const hurryRows = (ctx: Ctx, kind: string, keys: readonly string[]): Promise<unknown> =>
  ctx.db.named(
    'platform_work_hurry',
    `
    update work set due_at = $4, updated_at = $4
    where org_id = $1 and kind = $2 and key = any($3::text[]) and state = 'ready' and due_at > $4`,
    [ctx.orgId, kind, keys, ctx.now()],
  )

/** Step one: which organizations have due work, in which lanes and parts. One grouped read over all of them. */
export const duePairs = (
  database: Database,
  now: Date,
  lanes: readonly number[] = ALL_LANES,
): Promise<DueWork[]> =>
  systemTransaction(database, (db) =>
    db.named<DueWork>(
      'platform_work_pick',
      `
    select org_id, lane, part, false as is_lapsed from work
    where state = 'ready' and lane = any($2::smallint[]) and due_at <= $1 group by org_id, lane, part
    union all
    select org_id, lane, part, true from work
    where state = 'leased' and lane = any($2::smallint[]) and lease_until < $1 group by org_id, lane, part`,
      [now, lanes],
    ),
  )
const ALL_LANES = LANES.map((_, lane) => lane)

/**
 * Step two: claims within one organization, lane and part. Jobs that wait and those whose lease ran out have an index
 * each; asked for together they cost both, and what has died in either.
 */
export const claim = (
  ctx: Ctx,
  { lane, part, isLapsed }: Omit<DueWork, 'orgId'>,
  owner: string,
  leaseUntil: Date,
  limit: number,
): Promise<ClaimedJob[]> =>
  ctx.db.named<ClaimedJob>(
    isLapsed ? 'platform_work_claim_lapsed' : 'platform_work_claim',
    `
    with due as (
      select org_id, id from work
      where org_id = $1 and lane = $2 and part = $7
        and ${isLapsed ? "state = 'leased' and lease_until < $3" : "state = 'ready' and due_at <= $3"}
      order by due_at, id
      limit $4
      for update skip locked
    )
    update work w
    set state = 'leased', lease_owner = $5, lease_until = $6, attempt = w.attempt + 1, updated_at = $3
    from due
    where w.org_id = $1 and w.org_id = due.org_id and w.id = due.id
    returning w.org_id, w.id, w.kind, w.payload, w.attempt, w.lease_owner as owner`,
    [ctx.orgId, lane, ctx.now(), limit, owner, leaseUntil, part],
  )

/** By what a lease is known: it is ours while the row still says the same. */
type Held = Pick<ClaimedJob, 'id' | 'owner' | 'attempt'>

/** Prolongs a lease; no row when it is no longer ours. */
export const prolong = (
  ctx: Ctx,
  { id, owner, attempt }: Held,
  leaseUntil: Date,
): Promise<{ id: string }[]> =>
  ctx.db.named<{ id: string }>(
    'platform_work_prolong',
    `
    update work set lease_until = $5, updated_at = $6
    where org_id = $1 and id = $2 and lease_owner = $3 and attempt = $4 and state = 'leased'
    returning id`,
    [ctx.orgId, id, owner, attempt, leaseUntil, ctx.now()],
  )

/**
 * Locks a lease that is still ours until the transaction ends: nobody can claim the job meanwhile. No row when it is no
 * longer ours. Half of what prolonging costs, which writes the row and its indexes anew.
 */
export const lockLease = (ctx: Ctx, { id, owner, attempt }: Held): Promise<{ leaseUntil: Date }[]> =>
  ctx.db.named<{ leaseUntil: Date }>(
    'platform_work_lock',
    `
    select lease_until from work
    where org_id = $1 and id = $2 and lease_owner = $3 and attempt = $4 and state = 'leased'
    for no key update`,
    [ctx.orgId, id, owner, attempt],
  )

/** Takes the key off a job that runs, so that another of the same key may wait. */
export const releaseKey = (ctx: Ctx, { id, owner, attempt }: Held): Promise<unknown> =>
  ctx.db.named(
    'platform_work_release_key',
    `
    update work set key = null
    where org_id = $1 and id = $2 and lease_owner = $3 and attempt = $4 and state = 'leased'`,
    [ctx.orgId, id, owner, attempt],
  )

export interface Ending {
  state: 'ready' | 'done' | 'dead'
  dueAt: Date
  /** Attempts to count from: kept after a failure, 0 after a success that wants another turn. */
  attempt: number
  error: string | null
}

/** Ends a turn of a job, if the lease is still ours. */
export const finish = (ctx: Ctx, { id, owner, attempt }: Held, ending: Ending): Promise<unknown> =>
  ctx.db.named(
    'platform_work_finish',
    `
    update work set state = $5, due_at = $6, attempt = $7, error = $8, lease_owner = null, lease_until = null, updated_at = $9
    where org_id = $1 and id = $2 and lease_owner = $3 and attempt = $4 and state = 'leased'`,
    [ctx.orgId, id, owner, attempt, ending.state, ending.dueAt, ending.attempt, ending.error, ctx.now()],
  )

/** Forgets jobs that ended before an instant. */
export const purgeEnded = (ctx: Ctx, before: Date): Promise<unknown> =>
  ctx.db.named(
    'platform_work_purge',
    `delete from work where org_id = $1 and state = 'done' and updated_at < $2`,
    [ctx.orgId, before],
  )
