/** What of the platform's own tables can be forgotten by age. */
import type { Ctx } from './context.ts'
import { PREVIEW_MAX, type RetentionPart } from './retention.ts'

/** Rows of one transaction. */
const BATCH_ROWS = 5_000

/** What the outside told of people, but for what money was made or given back with: the books need that longer. */
const OLD_EVENTS = `
  e.recorded_at < $2 and e.at < $2 and not (e.payload ? 'money')
  and (e.type like 'track:%' or e.type in ('page', 'screen', 'identify', 'group', 'alias'))`

const countOldEvents = async (ctx: Ctx, before: Date): Promise<number> => {
  const [row] = await ctx.db.named<{ n: number }>(
    'platform_retention_events_count',
    `select count(*)::int as n from (select 1 from event e where e.org_id = $1 and ${OLD_EVENTS} limit ${PREVIEW_MAX}) x`,
    [ctx.orgId, before],
  )
  return row?.n ?? 0
}

const removeOldEvents = async (ctx: Ctx, before: Date): Promise<number> => {
  const rows = await ctx.db.rows(
    'platform_retention_events_remove',
    `
    with old as (select e.seq, e.recorded_at from event e where e.org_id = $1 and ${OLD_EVENTS} order by e.seq limit $3)
    delete from event e
    using old
    where e.org_id = $1 and e.seq = old.seq and e.recorded_at = old.recorded_at
    returning e.seq`,
    [ctx.orgId, before, BATCH_ROWS],
  )
  return rows.length
}

/** Changes that name people; the chain keeps its commitments and verifies. */
const OLD_CHANGES = `a.at < $2 and a.change is not null and a.change <> '{}'`

const countOldChanges = async (ctx: Ctx, before: Date): Promise<number> => {
  const [row] = await ctx.db.named<{ n: number }>(
    'platform_retention_changes_count',
    `select count(*)::int as n from (select 1 from audit_entry a where a.org_id = $1 and ${OLD_CHANGES} limit ${PREVIEW_MAX}) x`,
    [ctx.orgId, before],
  )
  return row?.n ?? 0
}

const removeOldChanges = async (ctx: Ctx, before: Date): Promise<number> => {
  const rows = await ctx.db.rows(
    'platform_retention_changes_remove',
    `
    with old as (select a.seq from audit_entry a where a.org_id = $1 and ${OLD_CHANGES} order by a.seq limit $3)
    update audit_entry a set change = null, salt = null
    from old
    where a.org_id = $1 and a.seq = old.seq
    returning a.seq`,
    [ctx.orgId, before, BATCH_ROWS],
  )
  return rows.length
}

/** The platform's parts. */
export const platformRetention: readonly RetentionPart[] = [
  { subject: 'events', keepDaysMin: 30, count: countOldEvents, remove: removeOldEvents },
  { subject: 'audit_details', keepDaysMin: 90, count: countOldChanges, remove: removeOldChanges },
]
