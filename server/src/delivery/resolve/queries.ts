/** SQL that turns an audience into chunks and skips, slice by slice. */
import { reachabilitySql } from '../../consent/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { RunId } from '../../platform/ids.ts'
import { audiencePredicate, type Audience, type SqlPlace } from '../../segments/index.ts'
import type { LedgerSkips } from '../../tracking/index.ts'
import type { Counts, Purpose, Run, RunChannel } from '../runs/run.ts'

/** The last contact that a run looks at: people who come later are the next run's. */
export async function lastContactId(ctx: Ctx): Promise<string> {
  const [row] = await ctx.db.named<{ id: string | null }>(
    'delivery_last_contact',
    'select max(id) as id from contact where org_id = $1',
    [ctx.orgId],
  )
  return row?.id ?? '0'
}

/** The end of a slice of so many contacts; the bound itself when fewer are left. */
export async function sliceEnd(ctx: Ctx, after: string, until: string, contacts: number): Promise<string> {
  const [row] = await ctx.db.named<{ id: string }>(
    'delivery_slice_end',
    `
    select id from contact where org_id = $1 and id > $2 and id <= $3
    order by id offset $4 limit 1`,
    [ctx.orgId, after, until, contacts - 1],
  )
  return row?.id ?? until
}

/** What a slice gave. */
export interface Slice {
  chunkNos: number[]
  /** Contacts frozen into chunks. */
  frozen: number
  /** Contacts that get nothing, by reason. */
  skips: LedgerSkips[]
}

/** Where the segment's predicate finds what the statement holds. */
const PLACE: SqlPlace = {
  alias: 'c',
  orgIdParam: '$1',
  firstParam: 8,
  slice: { afterParam: '$2', upToParam: '$3' },
}

// One statement judges a whole slice and freezes its chunks. The ids of those skipped come back as PostgreSQL writes
// arrays and go into the ledger unread: a hundred thousand cost nothing here.
export async function resolveSlice(
  ctx: Ctx,
  run: Run,
  slice: { after: string; through: string; chunkSize: number },
): Promise<Slice> {
  const audience = await audiencePredicate(ctx, run.audience, PLACE)
  const reach = reachabilitySql({
    channel: run.channel,
    purpose: run.purpose,
    org: '$1',
    now: '$5::timestamptz',
    slice: { after: '$2', through: '$3' },
  })
  await avoidNestedLoops(ctx)
  const rows = await ctx.db.query<{
    chunkNo: number | null
    size: number
    reason: string
    contactIds: string
  }>(
    `
    with person as materialized (
      select c.id, ${reach.reason} as reason
      from contact c ${reach.joins}
      where c.org_id = $1 and c.id > $2 and c.id <= $3 and (${audience.text})
    ), kept as (
      select id, ((row_number() over (order by id) - 1) / $6::int)::int as part from person where reason is null
    ), made as (
      insert into chunk (org_id, run_id, chunk_no, contact_ids, waiting_count, due_at, created_at, updated_at)
      select $1, $4, $7::int + part, array_agg(id order by id), count(*), $5::timestamptz, $5::timestamptz, $5::timestamptz
      from kept group by part
      returning chunk_no, waiting_count as size
    )
    select chunk_no, size, '' as reason, '{}' as contact_ids from made
    union all
    select null, 0, reason, array_agg(id)::text from person where reason is not null group by reason
    order by chunk_no nulls last, reason`,
    [
      ctx.orgId,
      slice.after,
      slice.through,
      run.id,
      ctx.now(),
      slice.chunkSize,
      run.chunksMade + 1,
      ...audience.values,
    ],
  )
  const chunks = rows.flatMap(({ chunkNo, size }) => (chunkNo === null ? [] : [{ chunkNo, size }]))
  return {
    chunkNos: chunks.map(({ chunkNo }) => chunkNo),
    frozen: chunks.reduce((sum, { size }) => sum + size, 0),
    skips: rows.flatMap(({ chunkNo, reason, contactIds }) =>
      chunkNo === null ? [{ reason, contactIds }] : [],
    ),
  }
}

// Right after an import no table has statistics yet: the planner then takes a slice for one row and compares everybody
// with everybody (84 s for 20,000 contacts, measured; 0.2 s by hashing). Hash joins over slices are never far from best.
const avoidNestedLoops = (ctx: Ctx): Promise<unknown> => ctx.db.query('set local enable_nestloop = off')

/** How many match, and how many of them get nothing for which reason: a launch without its effects. */
export async function estimateAudience(
  ctx: Ctx,
  question: { audience: Audience; channel: RunChannel; purpose: Purpose },
): Promise<{ reason: string | null; people: number }[]> {
  const audience = await audiencePredicate(ctx, question.audience, {
    alias: 'c',
    orgIdParam: '$1',
    firstParam: 3,
  })
  const reach = reachabilitySql({
    channel: question.channel,
    purpose: question.purpose,
    org: '$1',
    now: '$2::timestamptz',
  })
  return inTransaction(ctx, async (ctx) => {
    await avoidNestedLoops(ctx)
    return ctx.db.query(
      `
      select ${reach.reason} as reason, count(*)::int as people
      from contact c ${reach.joins}
      where c.org_id = $1 and (${audience.text})
      group by 1 order by 2 desc`,
      [ctx.orgId, ctx.now(), ...audience.values],
    )
  })
}

export const advanceRun = (
  ctx: Ctx,
  id: RunId,
  to: {
    resolvedThrough: string
    chunksMade: number
    audienceSize: number
    counts: Counts
    isResolved: boolean
  },
): Promise<unknown> =>
  ctx.db.named(
    'delivery_advance_run',
    `
    update run set resolved_through = $3, slices_made = slices_made + 1, chunks_made = $4, audience_size = $5,
      resolve_counts = $6, resolved_at = $7, state = $8, updated_at = $9
    where org_id = $1 and id = $2`,
    [
      ctx.orgId,
      id,
      to.resolvedThrough,
      to.chunksMade,
      to.audienceSize,
      JSON.stringify(to.counts),
      to.isResolved ? ctx.now() : null,
      to.isResolved ? 'running' : 'resolving',
      ctx.now(),
    ],
  )

export const setResolveUntil = (ctx: Ctx, id: RunId, until: string): Promise<unknown> =>
  ctx.db.named(
    'delivery_resolve_until',
    'update run set resolve_until = $3, updated_at = $4 where org_id = $1 and id = $2',
    [ctx.orgId, id, until, ctx.now()],
  )
