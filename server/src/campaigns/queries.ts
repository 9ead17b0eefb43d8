/** All SQL of the room campaigns. */
import { sql } from 'kysely'
import type { Ctx } from '../platform/context.ts'
import { build } from '../platform/db/index.ts'
import type { CampaignId, RunId, SegmentId } from '../platform/ids.ts'
import { campaignsMoved } from '../platform/screens.ts'
import type { Audience } from '../segments/index.ts'
import { campaignTiming } from '../delivery/index.ts'
import {
  content,
  schedule as scheduleSchema,
  type CampaignStatus,
  type Plan,
  type Schedule,
} from './schema.ts'

/** A campaign as it lies in its table. */
export interface CampaignRow {
  id: CampaignId
  name: string
  description: string
  type: Plan['type']
  delivery: Plan['delivery']
  status: CampaignStatus
  pausedFrom: CampaignStatus | null
  channels: Plan['channels']
  goals: Plan['goals']
  startsOn: string | null
  endsOn: string | null
  budgetMinor: string | null
  audience: Audience
  reach: Plan['reach']
  topic: Plan['topic']
  timing: Plan['timing']
  trigger: Plan['trigger']
  content: Plan['content']
  schedule: Schedule | null
  scheduledAt: Date | null
  /** The wall time that scheduledAt stands for. */
  plannedFor: string | null
  version: number
  clonedFrom: CampaignId | null
  statusAt: Date
  statusBy: string
  statusReason: string | null
  launchedAt: Date | null
  completedAt: Date | null
  archivedAt: Date | null
  deletedAt: Date | null
  createdBy: string
  createdAt: Date
  updatedAt: Date
}

/** The written part of a plan, as columns. */
export type PlanColumns = Omit<Plan, 'budget'> & { budgetMinor: number | null }

const COLUMNS = `id, name, description, type, delivery, status, paused_from, channels, goals, starts_on, ends_on, budget_minor, audience, content, reach, topic, timing, trigger,
  schedule, scheduled_at, planned_for, status_reason, version, cloned_from, status_at, status_by, launched_at, completed_at, archived_at, deleted_at, created_by, created_at, updated_at`

export const readCampaign = async (ctx: Ctx, id: CampaignId): Promise<CampaignRow | null> =>
  whole(
    await ctx.db.named<CampaignRow>(
      'campaigns_read',
      `select ${COLUMNS} from campaign where org_id = $1 and id = $2`,
      [ctx.orgId, id],
    ),
  )

/** Reads and locks, so that of two who act at once one wins and the other sees what became of it. */
export const lockCampaign = async (ctx: Ctx, id: CampaignId): Promise<CampaignRow | null> =>
  whole(
    await ctx.db.named<CampaignRow>(
      'campaigns_lock',
      `select ${COLUMNS} from campaign where org_id = $1 and id = $2 for update`,
      [ctx.orgId, id],
    ),
  )

/** A campaign saved before a channel existed has a draft for it none the less; one planned before plans repeated
 * runs once. */
function whole([row]: CampaignRow[]): CampaignRow | null {
  if (!row) return null
  return {
    ...row,
    content: { ...EMPTY_CONTENT, ...row.content },
    schedule: row.schedule && scheduleSchema.parse(row.schedule),
    timing: campaignTiming.parse(row.timing),
  }
}
const EMPTY_CONTENT = content.parse({})

export const insertCampaign = (
  ctx: Ctx,
  id: CampaignId,
  plan: PlanColumns,
  by: string,
  clonedFrom: CampaignId | null,
): Promise<unknown> =>
  ctx.db.named(
    'campaigns_insert',
    `
    insert into campaign (org_id, id, name, description, type, delivery, status, channels, goals, starts_on, ends_on, budget_minor, audience, content, reach, timing, topic, trigger,
      cloned_from, status_at, status_by, created_by, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, 'draft', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $20, $19, $19)`,
    [ctx.orgId, id, ...planValues(plan), clonedFrom, ctx.now(), by],
  )

export const updatePlan = (ctx: Ctx, id: CampaignId, plan: PlanColumns): Promise<unknown> =>
  ctx.db.named(
    'campaigns_update_plan',
    `
    update campaign set name = $3, description = $4, type = $5, delivery = $6, channels = $7, goals = $8, starts_on = $9, ends_on = $10, budget_minor = $11,
      audience = $12, content = $13, reach = $14, timing = $15, topic = $16, trigger = $17, version = version + 1, updated_at = $18
    where org_id = $1 and id = $2`,
    [ctx.orgId, id, ...planValues(plan), ctx.now()],
  )

const planValues = (plan: PlanColumns): unknown[] => [
  plan.name,
  plan.description,
  plan.type,
  plan.delivery,
  plan.channels,
  JSON.stringify(plan.goals),
  plan.startsOn,
  plan.endsOn,
  plan.budgetMinor,
  JSON.stringify(plan.audience),
  JSON.stringify(plan.content),
  plan.reach,
  JSON.stringify(plan.timing),
  plan.topic,
  plan.trigger === null ? null : JSON.stringify(plan.trigger),
]

/** A change of state, with who and when. */
export interface StatusChange {
  status: CampaignStatus
  by: string
  pausedFrom?: CampaignStatus | null
  schedule?: { schedule: Schedule; scheduledAt: Date; plannedFor: string } | null
  reason?: string
  launchedAt?: Date
  completedAt?: Date
}

/** Changes the state, and says so to screens. */
export async function setStatus(ctx: Ctx, id: CampaignId, change: StatusChange): Promise<void> {
  const now = ctx.now()
  await ctx.db.run(
    build
      .updateTable('campaign')
      .where('org_id', '=', ctx.orgId)
      .where('id', '=', id)
      .set({
        status: change.status,
        status_at: now,
        status_by: change.by,
        updated_at: now,
        paused_from: change.pausedFrom ?? null,
        status_reason: change.reason ?? null,
        ...(change.schedule === undefined
          ? {}
          : {
              schedule: change.schedule ? JSON.stringify(change.schedule.schedule) : null,
              scheduled_at: change.schedule?.scheduledAt ?? null,
              planned_for: change.schedule?.plannedFor ?? null,
            }),
        ...(change.launchedAt === undefined ? {} : { launched_at: change.launchedAt }),
        ...(change.completedAt === undefined ? {} : { completed_at: change.completedAt }),
      }),
  )
  campaignsMoved(ctx, [id])
}

/** Campaigns with a budget that may still cost something, or ended lately. */
export const budgetedCampaigns = (
  ctx: Ctx,
  endedSince: Date,
  limit: number,
): Promise<{ id: CampaignId; budgetMinor: number }[]> =>
  ctx.db.named(
    'campaigns_budgeted',
    `
    select id, budget_minor::float8 as budget_minor from campaign
    where org_id = $1 and budget_minor is not null and deleted_at is null
      and (status not in ('completed', 'cancelled', 'failed') or coalesce(completed_at, updated_at) > $2)
    order by updated_at desc, id limit $3`,
    [ctx.orgId, endedSince, limit],
  )

export const setBudget = (ctx: Ctx, id: CampaignId, budgetMinor: number | null): Promise<unknown> =>
  ctx.db.named(
    'campaigns_set_budget',
    'update campaign set budget_minor = $3, updated_at = $4 where org_id = $1 and id = $2',
    [ctx.orgId, id, budgetMinor, ctx.now()],
  )

export const setTiming = (ctx: Ctx, id: CampaignId, timing: Plan['timing']): Promise<unknown> =>
  ctx.db.named(
    'campaigns_set_timing',
    'update campaign set timing = $3, updated_at = $4 where org_id = $1 and id = $2',
    [ctx.orgId, id, JSON.stringify(timing), ctx.now()],
  )

/** Sets the next planned instant; null when nothing more is planned. */
export const setNextStart = (
  ctx: Ctx,
  id: CampaignId,
  next: { scheduledAt: Date; plannedFor: string } | null,
): Promise<unknown> =>
  ctx.db.named(
    'campaigns_set_next_start',
    'update campaign set scheduled_at = $3, planned_for = $4, updated_at = $5 where org_id = $1 and id = $2',
    [ctx.orgId, id, next?.scheduledAt ?? null, next?.plannedFor ?? null, ctx.now()],
  )

/** One planned instant and what became of it. */
export interface OccurrenceRow {
  plannedAt: Date
  plannedFor: string
  state: 'started' | 'missed' | 'paused'
  runId: RunId | null
}

// The key makes each planned instant one row: of two workers that start it, the second finds it taken.
export const insertOccurrences = (
  ctx: Ctx,
  id: CampaignId,
  occurrences: readonly OccurrenceRow[],
): Promise<unknown[]> =>
  ctx.db.named(
    'campaigns_insert_occurrences',
    `
    insert into campaign_occurrence (org_id, campaign_id, planned_at, planned_for, state, run_id, created_at)
    select $1, $2, o.planned_at, o.planned_for, o.state, o.run_id, $3
    from unnest($4::timestamptz[], $5::text[], $6::text[], $7::uuid[]) as o (planned_at, planned_for, state, run_id)
    on conflict (org_id, campaign_id, planned_at) do nothing
    returning planned_at`,
    [
      ctx.orgId,
      id,
      ctx.now(),
      occurrences.map(({ plannedAt }) => plannedAt),
      occurrences.map(({ plannedFor }) => plannedFor),
      occurrences.map(({ state }) => state),
      occurrences.map(({ runId }) => runId),
    ],
  )

export const listOccurrences = (ctx: Ctx, id: CampaignId, limit: number): Promise<OccurrenceRow[]> =>
  ctx.db.named<OccurrenceRow>(
    'campaigns_list_occurrences',
    `
    select planned_at, planned_for, state, run_id from campaign_occurrence
    where org_id = $1 and campaign_id = $2 order by planned_at desc limit $3`,
    [ctx.orgId, id, limit],
  )

/** The wall time of a campaign's latest run that its plan started; null before the first. */
export const latestBegunWall = async (ctx: Ctx, id: CampaignId): Promise<string | null> => {
  const [latest] = await ctx.db.named<{ plannedFor: string }>(
    'campaigns_latest_begun',
    `
    select planned_for from campaign_occurrence
    where org_id = $1 and campaign_id = $2 and state = 'started' order by planned_at desc limit 1`,
    [ctx.orgId, id],
  )
  return latest?.plannedFor ?? null
}

/** Sets or clears one of the dates that hide a campaign from the list. */
export const setDate = (
  ctx: Ctx,
  id: CampaignId,
  column: 'archived_at' | 'deleted_at',
  at: Date | null,
): Promise<unknown> =>
  ctx.db.run(
    build
      .updateTable('campaign')
      .where('org_id', '=', ctx.orgId)
      .where('id', '=', id)
      .set({ [column]: at, updated_at: ctx.now() }),
  )

export interface ListFilter {
  status: readonly CampaignStatus[] | undefined
  types: readonly string[]
  deliveries: readonly string[]
  channels: readonly string[] | undefined
  namePrefix: string | undefined
  createdFrom: Date | undefined
  createdBefore: Date | undefined
  show: 'present' | 'archived' | 'deleted'
  sort: { column: 'created_at' | 'scheduled_at' | 'name'; descending: boolean }
  after: { value: string | null; id: string } | null
  limit: number
}

/**
 * One page of the list, one row more than asked to know whether there is a next. Undated campaigns come last when
 * sorted by date, in either direction.
 */
export const listCampaigns = (ctx: Ctx, filter: ListFilter): Promise<CampaignRow[]> => {
  const { sort, after } = filter
  const key =
    sort.column === 'name'
      ? sql<string>`lower(name)`
      : sort.column === 'created_at'
        ? sql<Date>`created_at`
        : sql<Date>`coalesce(scheduled_at, ${sort.descending ? '-infinity' : 'infinity'}::timestamptz)`
  let query = build.selectFrom('campaign').selectAll().where('org_id', '=', ctx.orgId)
  query =
    filter.show === 'deleted'
      ? query.where('deleted_at', 'is not', null)
      : query
          .where('deleted_at', 'is', null)
          .where('archived_at', filter.show === 'archived' ? 'is not' : 'is', null)
  if (filter.status) query = query.where('status', 'in', filter.status)
  if (filter.types.length > 0) query = query.where('type', 'in', filter.types)
  if (filter.deliveries.length > 0) query = query.where('delivery', 'in', filter.deliveries)
  if (filter.channels) query = query.where(sql<boolean>`channels && ${filter.channels}::text[]`)
  if (filter.namePrefix) query = query.where(sql<boolean>`lower(name) like ${likePrefix(filter.namePrefix)}`)
  if (filter.createdFrom) query = query.where('created_at', '>=', filter.createdFrom)
  if (filter.createdBefore) query = query.where('created_at', '<', filter.createdBefore)
  if (after)
    query = query.where(
      sql<boolean>`(${key}, id) ${sql.raw(sort.descending ? '<' : '>')} (${after.value}, ${after.id})`,
    )
  const direction = sort.descending ? 'desc' : 'asc'
  return ctx.db.run(
    query
      .orderBy(key, direction)
      .orderBy('id', direction)
      .limit(filter.limit + 1),
  ) as unknown as Promise<CampaignRow[]> // keys come back in camel case
}

const likePrefix = (prefix: string): string =>
  `${prefix.toLowerCase().replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`

/** Keeps a version: a new row, or the last one when the same person saved it a moment ago. */
export const keepRevision = (
  ctx: Ctx,
  id: CampaignId,
  version: number,
  by: string,
  plan: string,
  spanFrom: Date,
): Promise<unknown> =>
  ctx.db.named(
    'campaigns_keep_revision',
    `
    with recent as (
      select version from campaign_revision
      where org_id = $1 and campaign_id = $2 and saved_by = $4 and saved_at >= $6 and version = $3 - 1
      for update
    ), renewed as (
      update campaign_revision r set version = $3, plan = $5, saved_at = $7
      from recent where r.org_id = $1 and r.campaign_id = $2 and r.version = recent.version
      returning r.version
    )
    insert into campaign_revision (org_id, campaign_id, version, saved_at, saved_by, plan)
    select $1, $2, $3, $7, $4, $5 where not exists (select from renewed)`,
    [ctx.orgId, id, version, by, plan, spanFrom, ctx.now()],
  )

export interface RevisionRow {
  version: number
  savedAt: Date
  savedBy: string
  name: string
}

export const listRevisions = (
  ctx: Ctx,
  id: CampaignId,
  beforeVersion: number,
  limit: number,
): Promise<RevisionRow[]> =>
  ctx.db.named<RevisionRow>(
    'campaigns_list_revisions',
    `
    select version, saved_at, saved_by, plan ->> 'name' as name from campaign_revision
    where org_id = $1 and campaign_id = $2 and version < $3
    order by version desc limit $4`,
    [ctx.orgId, id, beforeVersion, limit],
  )

export const readRevision = async (ctx: Ctx, id: CampaignId, version: number): Promise<unknown> =>
  (
    await ctx.db.named<{ plan: unknown }>(
      'campaigns_read_revision',
      'select plan from campaign_revision where org_id = $1 and campaign_id = $2 and version = $3',
      [ctx.orgId, id, version],
    )
  )[0]?.plan ?? null

/** Campaigns deleted before an instant, for good. */
export const deletedBefore = async (ctx: Ctx, before: Date, limit: number): Promise<CampaignId[]> =>
  (
    await ctx.db.named<{ id: CampaignId }>(
      'campaigns_deleted_before',
      'select id from campaign where org_id = $1 and deleted_at < $2 order by deleted_at, id limit $3',
      [ctx.orgId, before, limit],
    )
  ).map((row) => row.id)

export const removeCampaigns = (ctx: Ctx, ids: readonly CampaignId[]): Promise<unknown> =>
  ctx.db.named(
    'campaigns_remove',
    `
    with revisions as (delete from campaign_revision where org_id = $1 and campaign_id = any($2::uuid[])),
      occurrences as (delete from campaign_occurrence where org_id = $1 and campaign_id = any($2::uuid[])),
      triggers as (delete from campaign_trigger where org_id = $1 and campaign_id = any($2::uuid[])),
      enrolments as (delete from campaign_enrolment where org_id = $1 and campaign_id = any($2::uuid[])),
      counts as (delete from campaign_trigger_count where org_id = $1 and campaign_id = any($2::uuid[]))
    delete from campaign where org_id = $1 and id = any($2::uuid[])`,
    [ctx.orgId, ids],
  )

/** Campaigns that are not over and name any of these segments, one row per pair. */
export const campaignsUsingSegments = (
  ctx: Ctx,
  segmentIds: readonly SegmentId[],
): Promise<{ segmentId: SegmentId; id: CampaignId; name: string }[]> =>
  ctx.db.named<{ segmentId: SegmentId; id: CampaignId; name: string }>(
    'campaigns_using_segments',
    `
    select s.id as segment_id, c.id, c.name
    from campaign c
    join unnest($2::text[]) as s (id) on strpos(c.audience::text || coalesce(c.trigger::text, ''), s.id) > 0
    where c.org_id = $1 and c.deleted_at is null and c.status in ('draft', 'scheduled', 'active', 'running', 'paused')
    order by c.name, c.id limit 100`,
    [ctx.orgId, segmentIds],
  )
