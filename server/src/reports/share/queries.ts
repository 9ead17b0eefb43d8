/** Statements over links that show a report. */
import type { Ctx, Locale } from '../../platform/context.ts'
import type { Id } from '../../platform/ids.ts'

export type ReportShareId = Id<'report_share'>

export interface ShareRow {
  id: ReportShareId
  title: string
  question: unknown
  locale: Locale
  createdAt: Date
  expiresAt: Date
  revokedAt: Date | null
  views: number
  lastViewedAt: Date | null
}

const COLUMNS = 'id, title, question, locale, created_at, expires_at, revoked_at, views, last_viewed_at'

/** Newest first. */
export const selectShares = (ctx: Ctx, limit: number): Promise<ShareRow[]> =>
  ctx.db.named(
    'reports_shares',
    `select ${COLUMNS} from report_share where org_id = $1 order by created_at desc, id desc limit $2`,
    [ctx.orgId, limit],
  )

export const selectShare = async (ctx: Ctx, id: ReportShareId): Promise<ShareRow | undefined> =>
  (
    await ctx.db.named<ShareRow>(
      'reports_share',
      `select ${COLUMNS} from report_share where org_id = $1 and id = $2`,
      [ctx.orgId, id],
    )
  )[0]

export const insertShare = (ctx: Ctx, row: ShareRow, createdBy: string): Promise<unknown> =>
  ctx.db.named(
    'reports_share_insert',
    `
    insert into report_share (org_id, id, title, question, locale, created_by, created_at, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      ctx.orgId,
      row.id,
      row.title,
      JSON.stringify(row.question),
      row.locale,
      createdBy,
      row.createdAt,
      row.expiresAt,
    ],
  )

/** @returns false when there is none that could be taken back */
export const revokeShareRow = async (ctx: Ctx, id: ReportShareId, by: string): Promise<boolean> =>
  (
    await ctx.db.named(
      'reports_share_revoke',
      `
      update report_share set revoked_at = $3, revoked_by = $4
      where org_id = $1 and id = $2 and revoked_at is null returning id`,
      [ctx.orgId, id, ctx.now(), by],
    )
  ).length > 0

export const noteView = (ctx: Ctx, id: ReportShareId): Promise<unknown> =>
  ctx.db.named(
    'reports_share_viewed',
    'update report_share set views = views + 1, last_viewed_at = $3 where org_id = $1 and id = $2',
    [ctx.orgId, id, ctx.now()],
  )
