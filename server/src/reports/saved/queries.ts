/** Statements over saved reports and their mails. */
import type { Ctx } from '../../platform/context.ts'
import type { Id, PersonId } from '../../platform/ids.ts'
import type { MailPlan, Question } from '../schema.ts'

export type SavedReportId = Id<'saved_report'>

export interface SavedRow {
  id: SavedReportId
  name: string
  question: Question
  schedule: MailPlan | null
  recipients: PersonId[]
  nextAt: Date | null
  createdBy: string
  createdAt: Date
  updatedAt: Date
}

const COLUMNS = 'id, name, question, schedule, recipients, next_at, created_by, created_at, updated_at'

/** By name, with the latest instant that was mailed. */
export const selectSaved = (ctx: Ctx, limit: number): Promise<(SavedRow & { lastMailedAt: Date | null })[]> =>
  ctx.db.named(
    'reports_saved_list',
    `
    select ${COLUMNS}, (
      select max(m.planned_at) from report_mailing m
      where m.org_id = $1 and m.report_id = saved_report.id and m.completed_at is not null
    ) as last_mailed_at
    from saved_report where org_id = $1 order by lower(name), id limit $2`,
    [ctx.orgId, limit],
  )

export const selectOneSaved = async (ctx: Ctx, id: SavedReportId): Promise<SavedRow | undefined> =>
  (
    await ctx.db.named<SavedRow>(
      'reports_saved_one',
      `select ${COLUMNS} from saved_report where org_id = $1 and id = $2`,
      [ctx.orgId, id],
    )
  )[0]

/** The same, held until the transaction ends. */
export const lockSaved = async (ctx: Ctx, id: SavedReportId): Promise<SavedRow | undefined> =>
  (
    await ctx.db.named<SavedRow>(
      'reports_saved_lock',
      `select ${COLUMNS} from saved_report where org_id = $1 and id = $2 for update`,
      [ctx.orgId, id],
    )
  )[0]

export const countSaved = async (ctx: Ctx): Promise<number> =>
  (
    await ctx.db.named<{ n: number }>(
      'reports_saved_count',
      'select count(*)::int as n from saved_report where org_id = $1',
      [ctx.orgId],
    )
  )[0]?.n ?? 0

/** Writes one, or over the one of the same id. */
export const putSaved = (
  ctx: Ctx,
  row: Omit<SavedRow, 'question'> & { question: unknown },
): Promise<unknown> =>
  ctx.db.named(
    'reports_saved_put',
    `
    insert into saved_report (org_id, id, name, question, schedule, recipients, next_at, created_by, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    on conflict (org_id, id) do update set name = excluded.name, question = excluded.question,
      schedule = excluded.schedule, recipients = excluded.recipients, next_at = excluded.next_at,
      updated_at = excluded.updated_at`,
    [
      ctx.orgId,
      row.id,
      row.name,
      JSON.stringify(row.question),
      row.schedule === null ? null : JSON.stringify(row.schedule),
      row.recipients,
      row.nextAt,
      row.createdBy,
      row.createdAt,
      row.updatedAt,
    ],
  )

/** Reports of a campaign that are mailed when it has ended, held until the transaction ends. */
export const lockForCompletion = (ctx: Ctx, campaignWireId: string): Promise<{ id: SavedReportId }[]> =>
  ctx.db.named(
    'reports_saved_of_ended',
    `
    select id from saved_report
    where org_id = $1 and schedule ->> 'every' = 'completion' and question ->> 'campaignId' = $2 and cardinality(recipients) > 0
    order by id for update`,
    [ctx.orgId, campaignWireId],
  )

export const setNextMail = (ctx: Ctx, id: SavedReportId, nextAt: Date | null): Promise<unknown> =>
  ctx.db.named('reports_saved_next', 'update saved_report set next_at = $3 where org_id = $1 and id = $2', [
    ctx.orgId,
    id,
    nextAt,
  ])

/** @returns the report that was there, or undefined */
export const deleteSaved = async (ctx: Ctx, id: SavedReportId): Promise<{ name: string } | undefined> => {
  await ctx.db.named(
    'reports_mailings_delete',
    'delete from report_mailing where org_id = $1 and report_id = $2',
    [ctx.orgId, id],
  )
  const [row] = await ctx.db.named<{ name: string }>(
    'reports_saved_delete',
    'delete from saved_report where org_id = $1 and id = $2 returning name',
    [ctx.orgId, id],
  )
  return row
}

/** Books a planned instant. A second one for the same instant leaves the first as it is. */
export const openMailing = (ctx: Ctx, reportId: SavedReportId, plannedAt: Date): Promise<unknown> =>
  ctx.db.named(
    'reports_mailing_open',
    `
    insert into report_mailing (org_id, report_id, planned_at, started_at) values ($1, $2, $3, $4)
    on conflict (org_id, report_id, planned_at) do nothing`,
    [ctx.orgId, reportId, plannedAt, ctx.now()],
  )

export const selectMailing = async (
  ctx: Ctx,
  reportId: SavedReportId,
  plannedAt: Date,
): Promise<{ mailedTo: PersonId[]; completedAt: Date | null } | undefined> =>
  (
    await ctx.db.named<{ mailedTo: PersonId[]; completedAt: Date | null }>(
      'reports_mailing',
      `select mailed_to, completed_at from report_mailing where org_id = $1 and report_id = $2 and planned_at = $3`,
      [ctx.orgId, reportId, plannedAt],
    )
  )[0]

/** Notes that one person was mailed, or with null that everybody was. */
export const noteMailed = (
  ctx: Ctx,
  reportId: SavedReportId,
  plannedAt: Date,
  personId: PersonId | null,
): Promise<unknown> =>
  ctx.db.named(
    'reports_mailing_note',
    `
    update report_mailing set
      mailed_to = case when $4::uuid is null then mailed_to else array_append(mailed_to, $4::uuid) end,
      completed_at = case when $4::uuid is null then $5::timestamptz else completed_at end
    where org_id = $1 and report_id = $2 and planned_at = $3`,
    [ctx.orgId, reportId, plannedAt, personId, ctx.now()],
  )
