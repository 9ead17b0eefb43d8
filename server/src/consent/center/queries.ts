/** Statements over versions of the preference centre. */
import type { Ctx } from '../../platform/context.ts'

/** One version as it is stored. */
export interface CenterRow {
  version: number
  design: unknown
  createdBy: string
  createdAt: Date
}

/** The version in force; undefined before the first. */
export async function selectCenter(ctx: Ctx): Promise<CenterRow | undefined> {
  const [row] = await ctx.db.named<CenterRow>(
    'consent_center_select',
    `
    select version, design, created_by, created_at from preference_center
    where org_id = $1 order by version desc limit 1`,
    [ctx.orgId],
  )
  return row
}

/** Versions, the latest first. */
export const selectCenterVersions = (ctx: Ctx, limit: number): Promise<CenterRow[]> =>
  ctx.db.named(
    'consent_center_versions',
    `
    select version, design, created_by, created_at from preference_center
    where org_id = $1 order by version desc limit $2`,
    [ctx.orgId, limit],
  )

/** Adds a version. @returns false when somebody else was quicker */
export async function insertCenter(ctx: Ctx, version: number, design: unknown, by: string): Promise<boolean> {
  const rows = await ctx.db.named(
    'consent_center_insert',
    `
    insert into preference_center (org_id, version, design, created_by, created_at) values ($1, $2, $3, $4, $5)
    on conflict (org_id, version) do nothing
    returning version`,
    [ctx.orgId, version, JSON.stringify(design), by, ctx.now()],
  )
  return rows.length > 0
}
