/** SQL of hand-over: a chunk, arming, recording. Nothing here is asked per message. */
import type { Ctx } from '../../platform/context.ts'
import { idsLiteral } from '../../platform/db/index.ts'
import type { ContactId, RunId } from '../../platform/ids.ts'
import type { Hindrance } from '../timing/hours.ts'
import type { ChunkPlace } from '../timing/run-timing.ts'
import type { HeldReason } from '../runs/held-reasons.ts'
import type { Counts, RunChannel, RunState } from '../runs/run.ts'

/** A chunk as its worker holds it: all ids are those that still wait, from `doneCount` on. */
export interface Chunk {
  chunkNo: number
  channel: RunChannel
  variant: number
  contactIds: ContactId[]
  doneCount: number
  deferredIds: ContactId[]
  unknownIds: ContactId[]
  /** Whom this channel did not reach, where the next is then tried. */
  fallbackIds: ContactId[]
  pass: number
  dueAt: Date
  /** Where its people are, when hours may hold them. */
  place: ChunkPlace | null
  /** The receiving domain whose limit holds for all of them; null where none does. */
  receiver: string | null
  /** The receivers whose people were taken out of it, as one word; null: nobody was. */
  shapedBy: string | null
  counts: Counts
  /** Handed over by a worker that did not live to tell the outcome. */
  armedIds: ContactId[]
  armedAt: Date | null
  /** The log that the dead worker kept of it. */
  flightId: string | null
}

export async function openChunk(ctx: Ctx, runId: RunId, chunkNo: number): Promise<Chunk | null> {
  const [chunk] = await ctx.db.named<Chunk>(
    'delivery_open_chunk',
    `
    select chunk_no, channel, variant, contact_ids, done_count, deferred_ids, unknown_ids, fallback_ids, pass, due_at, place, receiver, shaped_by, counts,
      array(select unnest(a.contact_ids) from armed_batch a where a.org_id = $1 and a.run_id = $2 and a.chunk_no = $3) as armed_ids,
      (select a.flight_id::text from armed_batch a where a.org_id = $1 and a.run_id = $2 and a.chunk_no = $3 limit 1) as flight_id,
      (select a.armed_at from armed_batch a where a.org_id = $1 and a.run_id = $2 and a.chunk_no = $3 limit 1) as armed_at
    from chunk where org_id = $1 and run_id = $2 and chunk_no = $3 and state = 'ready'`,
    [ctx.orgId, runId, chunkNo],
  )
  return chunk ?? null
}

/** The state of a run, read last before each hand-over and while one is under way. */
export async function runState(ctx: Ctx, runId: RunId): Promise<RunState | null> {
  const [row] = await ctx.db.rows(
    'delivery_run_state',
    'select state from run where org_id = $1 and id = $2',
    [ctx.orgId, runId],
  )
  return (row?.[0] as RunState | undefined) ?? null // the column's check constraint
}

/**
 * The same for a chunk of messages that are sent again: they may leave although their run has ended, and rest or end by
 * themselves. `paused` where somebody stopped them.
 */
export async function stateOfAgain(ctx: Ctx, runId: RunId, chunkNo: number): Promise<RunState | null> {
  const [row] = await ctx.db.rows(
    'delivery_state_of_again',
    `
    select case when r.again_held_at is not null or c.state = 'cancelled' then 'paused' else r.state end
    from run r join chunk c on c.org_id = $1 and c.run_id = r.id and c.chunk_no = $3
    where r.org_id = $1 and r.id = $2`,
    [ctx.orgId, runId, chunkNo],
  )
  return (row?.[0] as RunState | undefined) ?? null // the column's check constraint
}

// Whoever finds this row after a crash knows: these may or may not have been handed over.
export const armBatch = (
  ctx: Ctx,
  runId: RunId,
  chunkNo: number,
  batch: { start: number; attempt: number; flightId: string | null; contactIds: readonly ContactId[] },
): Promise<unknown> =>
  ctx.db.rows(
    'delivery_arm_batch',
    `
    insert into armed_batch (org_id, run_id, chunk_no, batch_start, contact_ids, attempt, armed_at, flight_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ctx.orgId,
      runId,
      chunkNo,
      batch.start,
      idsLiteral(batch.contactIds),
      batch.attempt,
      ctx.now(),
      batch.flightId,
    ],
  )

export interface ChunkProgress {
  doneCount: number
  /** Given only when those that wait are no longer the rest of the list. */
  contactIds: readonly ContactId[] | null
  deferredIds: readonly ContactId[]
  unknownIds: readonly ContactId[]
  fallbackIds: readonly ContactId[]
  counts: Counts
  /** Still to be handed over, and of those, refused for now. */
  waiting: number
  deferred: number
}

/** A chunk's rate is that of so long at least. */
const PACED_FOR_MS = 20_000

// One statement: the chunk moves on and the sub-batch is no longer armed.
export const saveProgress = (
  ctx: Ctx,
  runId: RunId,
  chunkNo: number,
  progress: ChunkProgress,
): Promise<unknown> =>
  ctx.db.rows(
    'delivery_save_progress',
    `
    with disarmed as (
      delete from armed_batch where org_id = $1 and run_id = $2 and chunk_no = $3
    )
    update chunk set done_count = $4, contact_ids = coalesce($5::bigint[], contact_ids), deferred_ids = $6, unknown_ids = $7,
      counts = $8, updated_at = $9, waiting_count = $10, deferred_count = $11, fallback_ids = $12,
      paced_at = case when paced_at is null or $4 < paced_from then $9 when paced_at < $13 then updated_at else paced_at end,
      paced_from = case when $4 < paced_from then 0 when paced_at < $13 then done_count else paced_from end
    where org_id = $1 and run_id = $2 and chunk_no = $3`,
    [
      ctx.orgId,
      runId,
      chunkNo,
      progress.doneCount,
      progress.contactIds,
      progress.deferredIds,
      progress.unknownIds,
      JSON.stringify(progress.counts),
      ctx.now(),
      progress.waiting,
      progress.deferred,
      progress.fallbackIds,
      new Date(ctx.now().getTime() - PACED_FOR_MS),
    ],
  )

/** Lets a chunk wait until an instant, for a reason that people can read. */
export const holdChunk = (
  ctx: Ctx,
  runId: RunId,
  chunkNo: number,
  until: Date,
  because: Hindrance | null,
): Promise<unknown> =>
  ctx.db.named(
    'delivery_hold_chunk',
    'update chunk set due_at = $4, held = $5, updated_at = $6 where org_id = $1 and run_id = $2 and chunk_no = $3',
    [ctx.orgId, runId, chunkNo, until, because === null ? null : JSON.stringify(because), ctx.now()],
  )

/** Who of these gets mail at which domain. */
export const receiversOf = (
  ctx: Ctx,
  ids: readonly ContactId[],
): Promise<{ domain: string; contactIds: ContactId[] }[]> =>
  ctx.db.named(
    'delivery_receivers_of',
    `
    select lower(split_part(c.email, '@', 2)) as domain, array_agg(c.id order by wanted.position) as contact_ids
    from unnest($2::bigint[]) with ordinality as wanted (id, position)
    join contact c on c.org_id = $1 and c.id = wanted.id
    where c.email is not null
    group by 1`,
    [ctx.orgId, ids],
  )

export const markShaped = (ctx: Ctx, runId: RunId, chunkNo: number, shapedBy: string): Promise<unknown> =>
  ctx.db.named(
    'delivery_mark_shaped',
    'update chunk set shaped_by = $4, updated_at = $5 where org_id = $1 and run_id = $2 and chunk_no = $3',
    [ctx.orgId, runId, chunkNo, shapedBy, ctx.now()],
  )

export const endChunk = (ctx: Ctx, runId: RunId, chunkNo: number): Promise<unknown> =>
  ctx.db.named(
    'delivery_end_chunk',
    `update chunk set state = 'done', unknown_ids = '{}', fallback_ids = '{}', waiting_count = 0, deferred_count = 0, updated_at = $4 where org_id = $1 and run_id = $2 and chunk_no = $3`,
    [ctx.orgId, runId, chunkNo, ctx.now()],
  )

export const nextPass = (
  ctx: Ctx,
  runId: RunId,
  chunkNo: number,
  pass: { no: number; contactIds: readonly ContactId[]; dueAt: Date },
): Promise<unknown> =>
  ctx.db.named(
    'delivery_next_pass',
    `
    update chunk set contact_ids = $4, done_count = 0, deferred_ids = '{}', unknown_ids = '{}', fallback_ids = '{}', pass = $5, due_at = $6, updated_at = $7,
      waiting_count = cardinality($4::bigint[]), deferred_count = cardinality($4::bigint[])
    where org_id = $1 and run_id = $2 and chunk_no = $3`,
    [ctx.orgId, runId, chunkNo, pass.contactIds, pass.no, pass.dueAt, ctx.now()],
  )

/** Why a chunk waits, for people to read. */
interface HeldBecause {
  reason: HeldReason
  detail: string | null
}

export const insertChunk = (
  ctx: Ctx,
  runId: RunId,
  chunk: {
    chunkNo: number
    channel: RunChannel
    variant: number
    contactIds: readonly ContactId[]
    dueAt: Date
    place: ChunkPlace | null
    /** Why it waits until then; absent: nothing holds it. */
    held?: HeldBecause
    receiver?: string | null
  },
): Promise<unknown> =>
  ctx.db.named(
    'delivery_insert_chunk',
    `
    insert into chunk (org_id, run_id, chunk_no, channel, variant, contact_ids, waiting_count, due_at, created_at, updated_at, place, held, receiver)
    values ($1, $2, $3, $4, $5, $6, cardinality($6::bigint[]), $7, $8, $8, $9, $10, $11)
    on conflict (org_id, run_id, chunk_no) do nothing`,
    [
      ctx.orgId,
      runId,
      chunk.chunkNo,
      chunk.channel,
      chunk.variant,
      chunk.contactIds,
      chunk.dueAt,
      ctx.now(),
      chunk.place === null ? null : JSON.stringify(chunk.place),
      chunk.held ? JSON.stringify(chunk.held) : null,
      chunk.receiver ?? null,
    ],
  )
