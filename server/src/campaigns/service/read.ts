/** Reading campaigns: one, a page of them, the history of one. */
import { figuresOf } from '../../analytics/index.ts'
import { alertOf } from '../../budgets/index.ts'
import { latestRun } from '../../delivery/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { toMajor } from '../../platform/money.ts'
import type { CampaignId } from '../../platform/ids.ts'
import { decodeCursor, encodeCursor } from '../../platform/wire.ts'
import { actorNames, organizationOf } from '../../team/index.ts'
import type { z } from 'zod'
import { errors } from '../errors.ts'
import {
  listCampaigns,
  listOccurrences,
  listRevisions,
  readCampaign,
  type CampaignRow,
  type ListFilter,
  type OccurrenceRow,
} from '../queries.ts'
import { allowedActions, isEnded, nextStart } from '../rules.ts'
import { DELIVERIES, type Campaign, type CampaignSummary, type routes, type Schedule } from '../schema.ts'
import { describePlan } from './planning.ts'

type ListQuery = z.output<(typeof routes)['GET /api/campaigns']['query']>
type RevisionPage = z.output<(typeof routes)['GET /api/campaigns/:id/history']['ok']>

export interface CampaignPage {
  items: CampaignSummary[]
  nextCursor: string | null
}

/** One campaign. @throws campaigns.not_found Source: FR-001.2, DS-CampaignService.getCampaign */
export async function describeCampaign(ctx: Ctx, id: CampaignId): Promise<Campaign> {
  const row = await readCampaign(ctx, id)
  if (!row) throw errors.not_found({ id })
  const { currency } = await organizationOf(ctx)
  const run = await latestRun(ctx, id)
  const names = await actorNames(ctx, [row.statusBy])
  const figures = await figuresOf(ctx, [id])
  return {
    ...summaryOf(row, figures),
    description: row.description,
    goals: row.goals,
    startsOn: row.startsOn,
    endsOn: row.endsOn,
    budget: toMajor(row.budgetMinor === null ? null : Number(row.budgetMinor), currency),
    currency,
    audience: row.audience,
    reach: row.reach,
    topic: row.topic,
    timing: row.timing,
    trigger: row.trigger,
    content: row.content,
    schedule: row.schedule,
    planned: row.schedule && describePlan(ctx, row.schedule, startAhead(row, row.schedule, ctx.now())),
    version: row.version,
    pausedFrom: row.pausedFrom,
    statusAt: row.statusAt,
    statusReason: row.statusReason,
    statusBy: actorOf(row.statusBy, names),
    clonedFrom: row.clonedFrom,
    runId: run?.id ?? null,
    trouble: run?.trouble ?? null,
    isTripped: run?.isTripped ?? false,
    isOutOfBudget: (run?.outOfBudget ?? null) !== null,
    outOfBudgetOf: run?.outOfBudget?.scope ?? null,
    budgetAlert: row.budgetMinor === null ? null : await alertOf(ctx, id, Number(row.budgetMinor)),
    allowed: allowedActions(row),
  }
}

/** Starts that went by, newest first. @throws campaigns.not_found */
export async function campaignOccurrences(ctx: Ctx, id: CampaignId): Promise<OccurrenceRow[]> {
  if (!(await readCampaign(ctx, id))) throw errors.not_found({ id })
  return listOccurrences(ctx, id, OCCURRENCES_SHOWN)
}

const OCCURRENCES_SHOWN = 100

/** The next start of a campaign: the one that is set, or after it went by the one that follows. */
function startAhead(row: CampaignRow, schedule: Schedule, now: Date): ReturnType<typeof nextStart> {
  const { scheduledAt, plannedFor, status } = row
  if (scheduledAt === null || isEnded(status)) return null
  return scheduledAt > now ? { at: scheduledAt, wall: plannedFor ?? schedule.at } : nextStart(schedule, now)
}

/** A page of the list. Source: CS-014, FR-001.5, DS-CampaignService.listCampaigns */
export async function listPage(ctx: Ctx, query: ListQuery): Promise<CampaignPage> {
  const sort = {
    column: SORT_COLUMNS[query.sort.replace('-', '') as keyof typeof SORT_COLUMNS],
    descending: query.sort.startsWith('-'),
  }
  const isDelivery = (word: string): boolean => (DELIVERIES as readonly string[]).includes(word)
  const rows = await listCampaigns(ctx, {
    status: query.status,
    types: (query.type ?? []).filter((word) => !isDelivery(word)),
    deliveries: (query.type ?? []).filter(isDelivery),
    channels: query.channel,
    namePrefix: query.q?.trim(),
    createdFrom: await dayStart(ctx, query.from, 0),
    createdBefore: await dayStart(ctx, query.to, 1),
    show: query.show,
    sort,
    after: readCursor(query.cursor),
    limit: query.limit,
  })
  const shown = rows.slice(0, query.limit)
  const figures = await figuresOf(
    ctx,
    shown.map((row) => row.id),
  )
  const last = rows.length > query.limit ? shown.at(-1) : undefined
  return {
    items: shown.map((row) => summaryOf(row, figures)),
    nextCursor: last ? encodeCursor([sortValue(last, sort), last.id]) : null,
  }
}

/** The saved versions of a campaign, newest first. Source: CB-13.3 */
export async function listHistory(
  ctx: Ctx,
  id: CampaignId,
  page: { limit: number; cursor?: string | undefined },
): Promise<RevisionPage> {
  if (!(await readCampaign(ctx, id))) throw errors.not_found({ id })
  const after = readCursor(page.cursor)
  const rows = await listRevisions(ctx, id, after ? Number(after.value) : VERSION_MAX, page.limit + 1)
  const shown = rows.slice(0, page.limit)
  const names = await actorNames(
    ctx,
    shown.map((row) => row.savedBy),
  )
  const last = rows.length > page.limit ? shown.at(-1) : undefined
  return {
    items: shown.map((row) => ({
      version: row.version,
      savedAt: row.savedAt,
      savedBy: actorOf(row.savedBy, names),
      name: row.name,
    })),
    nextCursor: last ? encodeCursor([String(last.version), id]) : null,
  }
}

const SORT_COLUMNS = { createdAt: 'created_at', scheduledAt: 'scheduled_at', name: 'name' } as const
const VERSION_MAX = 2_147_483_647

function summaryOf(row: CampaignRow, figures: Awaited<ReturnType<typeof figuresOf>>): CampaignSummary {
  const {
    id,
    name,
    type,
    delivery,
    status,
    channels,
    scheduledAt,
    launchedAt,
    completedAt,
    createdAt,
    updatedAt,
    deletedAt,
    archivedAt,
  } = row
  return {
    id,
    name,
    type,
    delivery,
    status,
    channels,
    scheduledAt,
    launchedAt,
    completedAt,
    createdAt,
    updatedAt,
    deletedAt,
    archivedAt,
    figures: figures.get(id) ?? { sent: 0, openRate: null, clickRate: null },
  }
}

function actorOf(by: string, names: ReadonlyMap<string, string>): Campaign['statusBy'] {
  const colon = by.indexOf(':')
  return { kind: by.slice(0, colon), id: by.slice(colon + 1), name: names.get(by) ?? null }
}

function sortValue(row: CampaignRow, sort: ListFilter['sort']): string {
  switch (sort.column) {
    case 'name':
      return row.name.toLowerCase()
    case 'created_at':
      return row.createdAt.toISOString()
    case 'scheduled_at':
      return row.scheduledAt?.toISOString() ?? (sort.descending ? '-infinity' : 'infinity')
  }
}

function readCursor(cursor: string | undefined): { value: string; id: string } | null {
  if (cursor === undefined) return null
  const [value, id] = decodeCursor(cursor) ?? []
  if (typeof value !== 'string' || typeof id !== 'string') throw errors.cursor_invalid()
  return { value, id }
}

/** The first instant of a day in the organization's zone, `later` days on. */
async function dayStart(ctx: Ctx, day: string | undefined, later: number): Promise<Date | undefined> {
  if (day === undefined) return undefined
  const { timeZone } = await organizationOf(ctx)
  return new Date(
    Temporal.PlainDate.from(day).add({ days: later }).toZonedDateTime(timeZone).epochMilliseconds,
  )
}
