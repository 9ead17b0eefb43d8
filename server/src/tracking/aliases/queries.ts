/** Statements about profiles that were merged into others. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'

/** Remembers mergers. */
export const insertAliases = (
  ctx: Ctx,
  mergers: readonly { mergedId: string; keptId: string }[],
): Promise<unknown> =>
  ctx.db.named(
    'tracking_aliases_insert',
    `
    insert into contact_alias (org_id, merged_id, kept_id, created_at)
    select $1, a.merged_id, a.kept_id, $4
    from unnest($2::bigint[], $3::bigint[]) as a (merged_id, kept_id)
    on conflict (org_id, merged_id) do nothing`,
    [ctx.orgId, mergers.map((merger) => merger.mergedId), mergers.map((merger) => merger.keptId), ctx.now()],
  )

/** Follows mergers to their end; a contact that was never merged is its own end. */
export async function selectPresentId(ctx: Ctx, contactId: ContactId): Promise<ContactId> {
  const rows = await ctx.db.rows(
    'tracking_alias_end',
    `
    with recursive steps (id, step) as (
      select $2::bigint, 0
      union all
      select a.kept_id, s.step + 1
      from steps s
      join contact_alias a on a.org_id = $1 and a.merged_id = s.id
      where s.step < 100
    )
    select id from steps order by step desc limit 1`,
    [ctx.orgId, contactId],
  )
  return (rows[0]?.[0] as ContactId | undefined) ?? contactId // the select list has one column, and one row
}

/** The same for many, each end once. */
export async function selectPresentIds(ctx: Ctx, contactIds: readonly ContactId[]): Promise<ContactId[]> {
  const rows = await ctx.db.rows(
    'tracking_alias_ends',
    `
    with recursive steps (id, step) as (
      select distinct u.id, 0 from unnest($2::bigint[]) as u (id)
      union all
      select a.kept_id, s.step + 1
      from steps s
      join contact_alias a on a.org_id = $1 and a.merged_id = s.id
      where s.step < 100
    )
    select distinct s.id from steps s
    where not exists (select 1 from contact_alias a where a.org_id = $1 and a.merged_id = s.id)`,
    [ctx.orgId, contactIds],
  )
  return rows.map(([id]) => id as ContactId) // the select list has one column
}

/** Profiles that were merged into this one, directly or by way of others. */
export async function selectMergedIds(ctx: Ctx, contactId: ContactId): Promise<ContactId[]> {
  const rows = await ctx.db.rows(
    'tracking_alias_merged',
    `
    with recursive merged (id) as (
      select a.merged_id from contact_alias a where a.org_id = $1 and a.kept_id = $2
      union
      select a.merged_id from merged m join contact_alias a on a.org_id = $1 and a.kept_id = m.id
    )
    select id from merged order by id`,
    [ctx.orgId, contactId],
  )
  return rows.map(([id]) => id as ContactId) // the select list has one column
}
