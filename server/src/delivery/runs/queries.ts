/** SQL of runs: their life, and where they stand. */
import type { Ctx } from '../../platform/context.ts'
import type { Audience } from '../../segments/index.ts'
import type { Split } from '../../experiments/index.ts'
import type { CampaignId, RunId } from '../../platform/ids.ts'
import { wholeTiming, type RunTiming } from '../timing/run-timing.ts'
import type { HeldReason } from './held-reasons.ts'
import {
  SENT_AGAIN_FROM,
  type Counts,
  type Purpose,
  type Reach,
  type Run,
  type RunChannel,
  type RunContent,
  type RunState,
  type RunTrouble,
} from './run.ts'

const RUN_COLUMNS = `
  id, campaign_id, run_no, to_char(month, 'YYYY-MM-DD') as month, purpose, topic, state, audience, reach, split,
  coalesce(contents, jsonb_build_array(jsonb_build_object('channel', channel, 'variant', 0, 'versionId', version_id))) as contents,
  case when contents is null then jsonb_build_object(channel, jsonb_build_object('audience', audience_size, 'counts', resolve_counts)) else tallies end as tallies,
  case when contents is null and trouble is not null then jsonb_build_object(channel, trouble) else troubles end as troubles,
  resolved_through, resolve_until, resolved_at, slices_made, chunks_made, audience_size,
  planned_at, started_at, first_handover_at, completed_at, stopped_at, stopped_by, failure, tripped, out_of_budget, timing, is_fed`

/** Runs of the previous version have no timing. */
const whole = <R extends Run>(run: R | undefined): R | null =>
  run ? { ...run, timing: wholeTiming(run.timing) } : null

export interface NewRun {
  id: RunId
  campaignId: CampaignId
  month: string
  contents: readonly RunContent[]
  reach: Reach
  purpose: Purpose
  topic?: string | null
  audience: Audience
  split?: Split | null
  plannedAt: Date
  timing: RunTiming
  isFed?: boolean
}

// Runs of a campaign are numbered from 1; two launches at once meet in the unique key and one of them fails.
export const insertRun = (ctx: Ctx, run: NewRun): Promise<unknown> =>
  ctx.db.named(
    'delivery_insert_run',
    `
    insert into run (org_id, id, campaign_id, run_no, month, channel, purpose, audience, version_id,
      contents, reach, planned_at, started_at, created_at, updated_at, timing, split, topic, is_fed, state)
    select $1, $2, $3, coalesce(max(r.run_no), 0) + 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $12, $13, $14, $15, $16, $17
    from run r where r.org_id = $1 and r.campaign_id = $3`,
    [
      ctx.orgId,
      run.id,
      run.campaignId,
      run.month,
      // For workers of the previous version, which know one channel: of several they shall understand nothing.
      run.contents[0]?.channel,
      run.purpose,
      JSON.stringify(run.audience),
      run.contents.length === 1 ? run.contents[0]?.versionId : run.id,
      JSON.stringify(run.contents),
      run.reach,
      run.plannedAt,
      ctx.now(),
      JSON.stringify(run.timing),
      run.split ? JSON.stringify(run.split) : null,
      run.topic ?? null,
      run.isFed ?? false,
      // One that is fed has nothing to resolve.
      run.isFed ? 'running' : 'resolving',
    ],
  )

export async function readRun(ctx: Ctx, id: RunId): Promise<Run | null> {
  const [run] = await ctx.db.named<Run>(
    'delivery_read_run',
    `select ${RUN_COLUMNS} from run where org_id = $1 and id = $2`,
    [ctx.orgId, id],
  )
  return whole(run)
}

/** The latest run of a campaign; null before its first. */
export async function readLatestRun(ctx: Ctx, campaignId: CampaignId): Promise<Run | null> {
  const [run] = await ctx.db.named<Run>(
    'delivery_latest_run',
    `select ${RUN_COLUMNS} from run where org_id = $1 and campaign_id = $2 order by run_no desc limit 1`,
    [ctx.orgId, campaignId],
  )
  return whole(run)
}

/** Runs of a campaign that have not ended, oldest first: seldom more than one. */
export async function openRunIds(ctx: Ctx, campaignId: CampaignId): Promise<RunId[]> {
  const rows = await ctx.db.named<{ id: RunId }>(
    'delivery_open_runs',
    `
    select id from run
    where org_id = $1 and campaign_id = $2 and state in ('resolving', 'running', 'paused')
    order by run_no limit 100`,
    [ctx.orgId, campaignId],
  )
  return rows.map(({ id }) => id)
}

/** Reads a run and holds it until the transaction ends. */
export async function lockRun(ctx: Ctx, id: RunId): Promise<Run | null> {
  const [run] = await ctx.db.named<Run>(
    'delivery_lock_run',
    `select ${RUN_COLUMNS} from run where org_id = $1 and id = $2 for update`,
    [ctx.orgId, id],
  )
  return whole(run)
}

export const setRunState = (
  ctx: Ctx,
  id: RunId,
  state: RunState,
  more: { stoppedBy?: string | null; completedAt?: Date; failure?: string } = {},
): Promise<unknown> =>
  ctx.db.named(
    'delivery_set_run_state',
    `
    update run set state = $3, stopped_by = $4, stopped_at = $5, completed_at = $6, failure = $7, trouble = null, troubles = '{}', updated_at = $8
    where org_id = $1 and id = $2`,
    [
      ctx.orgId,
      id,
      state,
      more.stoppedBy ?? null,
      more.stoppedBy ? ctx.now() : null,
      more.completedAt ?? null,
      more.failure ?? null,
      ctx.now(),
    ],
  )

// One channel's trouble holds up no other. Two statements, because an update computes with no function that is not
// immutable: jsonb is put together here.
export const setTrouble = (
  ctx: Ctx,
  id: RunId,
  channel: RunChannel,
  trouble: RunTrouble | null,
): Promise<unknown> =>
  trouble === null
    ? ctx.db.named(
        'delivery_clear_trouble',
        'update run set trouble = null, troubles = troubles - $3::text, updated_at = $4 where org_id = $1 and id = $2',
        [ctx.orgId, id, channel, ctx.now()],
      )
    : ctx.db.named(
        'delivery_set_trouble',
        'update run set troubles = troubles || $3::jsonb, updated_at = $4 where org_id = $1 and id = $2',
        [ctx.orgId, id, JSON.stringify({ [channel]: trouble }), ctx.now()],
      )

export const markFirstHandover = (ctx: Ctx, id: RunId): Promise<unknown> =>
  ctx.db.named(
    'delivery_first_handover',
    `update run set first_handover_at = $3, updated_at = $3 where org_id = $1 and id = $2 and first_handover_at is null`,
    [ctx.orgId, id, ctx.now()],
  )

/**
 * People handed over since an instant. What a chunk did since it was last looked at stands for the whole time, because it
 * may have been looked at a moment ago; one that was never looked at before did all of it lately.
 */
export async function recentHandovers(ctx: Ctx, id: RunId, since: Date): Promise<number> {
  const [row] = await ctx.db.named<{ people: number }>(
    'delivery_recent_handovers',
    `
    select coalesce(round(sum(
      case
        when paced_from = 0 and (paced_at is null or paced_at >= $3) then done_count
        else (done_count - paced_from) * extract(epoch from $4::timestamptz - $3::timestamptz)
          / greatest(1, extract(epoch from $4::timestamptz - paced_at))
      end
    )), 0)::int as people
    from chunk
    where org_id = $1 and run_id = $2 and chunk_no > 0 and pass = 0 and updated_at >= $3`,
    [ctx.orgId, id, since, ctx.now()],
  )
  return row?.people ?? 0
}

/** A run means to send more than its audience was resolved to: second channels. */
export const addToAudience = (
  ctx: Ctx,
  id: RunId,
  to: Pick<Run, 'chunksMade' | 'audienceSize' | 'tallies'>,
): Promise<unknown> =>
  ctx.db.named(
    'delivery_add_to_audience',
    `
    update run set chunks_made = $3, audience_size = $4, tallies = $5, updated_at = $6
    where org_id = $1 and id = $2`,
    [ctx.orgId, id, to.chunksMade, to.audienceSize, JSON.stringify(to.tallies), ctx.now()],
  )

/** Nobody is added to a fed run any more. */
export const closeFedRun = (ctx: Ctx, id: RunId): Promise<unknown> =>
  ctx.db.named(
    'delivery_close_fed_run',
    `
    update run set resolved_at = $3, updated_at = $3
    where org_id = $1 and id = $2 and is_fed and resolved_at is null and state in ('running', 'paused')`,
    [ctx.orgId, id, ctx.now()],
  )

/** Chunks of a run that still wait, with the instant at which each may go on. */
export const openChunks = (ctx: Ctx, id: RunId): Promise<{ chunkNo: number; dueAt: Date }[]> =>
  ctx.db.named(
    'delivery_open_chunks',
    `select chunk_no, due_at from chunk where org_id = $1 and run_id = $2 and state = 'ready' order by chunk_no`,
    [ctx.orgId, id],
  )

/** Open chunks that may be handed over: of all runs under way, and what is sent again of those that have ended. */
export const openWork = (ctx: Ctx): Promise<{ runId: RunId; chunkNo: number; dueAt: Date }[]> =>
  ctx.db.named(
    'delivery_open_work',
    `
    select c.run_id, c.chunk_no, c.due_at
    from run r join chunk c on c.org_id = $1 and c.run_id = r.id and c.state = 'ready'
    where r.org_id = $1 and (r.state in ('resolving', 'running') or (r.state = 'completed' and c.chunk_no <= ${SENT_AGAIN_FROM}))`,
    [ctx.orgId],
  )

/** People who wait for the same instant for the same reason. */
export interface HeldPeople {
  until: Date
  people: number
  reason: HeldReason
  detail: string | null
}

/** How many of the coming instants are told. */
const HELD_SHOWN = 10

/** Who of a run waits for an allowed hour, soonest first. */
export const heldPeople = (ctx: Ctx, id: RunId): Promise<HeldPeople[]> =>
  ctx.db.named<HeldPeople>(
    'delivery_held_people',
    `
    select due_at as until, sum(waiting_count)::int as people, held ->> 'reason' as reason, held ->> 'detail' as detail
    from chunk
    where org_id = $1 and run_id = $2 and state = 'ready' and chunk_no > 0 and held is not null and due_at > $3
    group by 1, 3, 4 order by 1, 2 desc, 3, 4 limit $4`,
    [ctx.orgId, id, ctx.now(), HELD_SHOWN],
  )

/** When the last of those is due who are tried again: refused for now, or without an answer. Null: nobody is. */
export async function lastTryAt(ctx: Ctx, id: RunId): Promise<Date | null> {
  const [row] = await ctx.db.named<{ at: Date | null }>(
    'delivery_last_try',
    `
    select max(due_at) as at from chunk
    where org_id = $1 and run_id = $2 and state = 'ready' and chunk_no > ${SENT_AGAIN_FROM} and (chunk_no < 0 or pass > 0)
      and waiting_count > 0 and due_at > $3`,
    [ctx.orgId, id, ctx.now()],
  )
  return row?.at ?? null
}

/** People of a run who may leave now, by channel and by the receiver with a limit that they belong to. */
export interface WaitingPart {
  channel: RunChannel
  receiver: string | null
  people: number
}

export const waitingParts = (ctx: Ctx, id: RunId): Promise<WaitingPart[]> =>
  ctx.db.named<WaitingPart>(
    'delivery_waiting_parts',
    `
    select channel, receiver, sum(waiting_count - deferred_count)::int as people from chunk
    where org_id = $1 and run_id = $2 and state = 'ready' and chunk_no > 0 and held is null
    group by 1, 2 having sum(waiting_count - deferred_count) > 0 order by 1, 2`,
    [ctx.orgId, id],
  )

export const cancelChunks = (ctx: Ctx, id: RunId): Promise<unknown> =>
  ctx.db.named(
    'delivery_cancel_chunks',
    `
    update chunk set state = 'cancelled', updated_at = $3
    where org_id = $1 and run_id = $2 and state = 'ready'`,
    [ctx.orgId, id, ctx.now()],
  )

/** Is anything of a run still to be done? Asked at the end of every chunk, answered by an index of those that are open. */
export async function hasOpenChunk(ctx: Ctx, id: RunId): Promise<boolean> {
  const rows = await ctx.db.rows(
    'delivery_has_open_chunk',
    `select 1 from chunk where org_id = $1 and run_id = $2 and state = 'ready' limit 1`,
    [ctx.orgId, id],
  )
  return rows.length > 0
}

/** A run with what its chunks say, all of one instant. */
export interface RunWithChunks extends Run {
  /** Still to be handed over, those who wait for another try included. Second hand-overs are counted as unknown. */
  waiting: number
  /** Of those, refused for now. */
  deferred: number
  /** Never reached. */
  cancelled: number
  /** By channel. */
  chunkCounts: ChannelCounts
}

/** Counts, apart for each channel. */
export type ChannelCounts = Partial<Record<RunChannel, Counts>>

// One statement, so that the sums are those of one instant. A run has some 500 chunks a million contacts.
export async function readRunWithChunks(ctx: Ctx, id: RunId): Promise<RunWithChunks | null> {
  const [run] = await ctx.db.named<RunWithChunks>(
    'delivery_read_run_with_chunks',
    `
    select ${RUN_COLUMNS}, total.waiting, total.deferred, total.cancelled, counted.chunk_counts
    from run
    cross join lateral (
      select
        coalesce(sum(waiting_count) filter (where c.state = 'ready' and chunk_no > 0), 0)::int as waiting,
        coalesce(sum(deferred_count) filter (where c.state = 'ready' and chunk_no > 0), 0)::int as deferred,
        coalesce(sum(waiting_count) filter (where c.state = 'cancelled' and chunk_no > 0), 0)::int as cancelled
      from chunk c where c.org_id = $1 and c.run_id = $2
    ) total
    cross join lateral (
      select coalesce(jsonb_object_agg(channel, counts), '{}') as chunk_counts
      from (
        select channel, jsonb_object_agg(name, n) as counts
        from (
          select c.channel, e.key as name, sum(e.value::int) as n
          from chunk c, jsonb_each_text(c.counts) e
          where c.org_id = $1 and c.run_id = $2
          group by c.channel, e.key
        ) named
        group by channel
      ) grouped
    ) counted
    where org_id = $1 and id = $2`,
    [ctx.orgId, id],
  )
  return whole(run)
}

export async function chunkCounts(ctx: Ctx, id: RunId): Promise<ChannelCounts> {
  const rows = await ctx.db.named<{ channel: RunChannel; name: string; n: number }>(
    'delivery_chunk_counts',
    `
    select c.channel, e.key as name, sum(e.value::int)::int as n
    from chunk c, jsonb_each_text(c.counts) e
    where c.org_id = $1 and c.run_id = $2
    group by c.channel, e.key`,
    [ctx.orgId, id],
  )
  const counts: ChannelCounts = {}
  for (const { channel, name, n } of rows) counts[channel] = { ...counts[channel], [name]: n }
  return counts
}
