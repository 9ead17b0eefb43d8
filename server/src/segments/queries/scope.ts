/** SQL over what rules depend on: the organization's zone, fields, imports, and one contact as rules see it. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { CustomField } from '../rules/custom-fields.ts'
import type { SuggestionSource } from '../rules/field.ts'
import type { Person } from '../rules/person.ts'

/** Contacts looked at for suggestions: the newest. */
const SUGGESTION_ROWS = 20_000
/** Values suggested at once. */
const SUGGESTIONS_MAX = 50

/** The organization's time zone. */
export async function selectTimeZone(ctx: Ctx): Promise<string> {
  const [row] = await ctx.db.named<{ timeZone: string }>(
    'segments_time_zone',
    'select time_zone from organization where id = $1',
    [ctx.orgId],
  )
  return row?.timeZone ?? 'UTC'
}

/** The organization's own fields, in their order. Archived ones still have values, so rules that ask for them go on. */
export function selectCustomFields(ctx: Ctx): Promise<(CustomField & { archivedAt: Date | null })[]> {
  return ctx.db.named(
    'segments_custom_fields',
    'select key, name, type, choices, archived_at from custom_field where org_id = $1 order by position, name, id',
    [ctx.orgId],
  )
}

/** The names of these imports. */
export function selectImports(ctx: Ctx, ids: readonly string[]): Promise<{ id: string; fileName: string }[]> {
  return ctx.db.named(
    'segments_imports',
    'select id, file_name from contact_import where org_id = $1 and id = any($2::uuid[])',
    [ctx.orgId, ids],
  )
}

/** The newest finished imports. */
export function selectRecentImports(
  ctx: Ctx,
  limit: number,
): Promise<{ id: string; fileName: string; createdAt: Date }[]> {
  return ctx.db.named(
    'segments_imports_recent',
    `
    select id, file_name, created_at
    from contact_import
    where org_id = $1 and state in ('completed', 'cancelled')
    order by created_at desc, id desc
    limit $2`,
    [ctx.orgId, limit],
  )
}

/** One contact as rules see it, without its lists; days as text. */
export async function selectPerson(ctx: Ctx, id: ContactId): Promise<Omit<Person, 'segmentIds'> | undefined> {
  const [row] = await ctx.db.named<Omit<Person, 'segmentIds'>>(
    'segments_person',
    `
    select c.id, c.email, c.phone, c.first_name, c.last_name, c.language, c.time_zone, c.country, c.city,
      to_char(c.birthday, 'YYYY-MM-DD') as birthday, c.subscription_tier, c.subscription_status, c.tags, c.attributes,
      c.source, c.import_id, c.created_at, c.updated_at
    from contact c
    where c.org_id = $1 and c.id = $2`,
    [ctx.orgId, id],
  )
  return row
}

/** Values that contacts have in a column, the most frequent among the newest contacts first. */
export async function selectSuggestions(ctx: Ctx, from: SuggestionSource, q: string): Promise<string[]> {
  if (from === 'tags') {
    const tags = await ctx.db.named<{ tag: string }>(
      'segments_suggest_tags',
      'select tag from contact_tag where org_id = $1 and strpos(segment_fold(tag), segment_fold($2)) > 0 order by tag limit $3',
      [ctx.orgId, q, SUGGESTIONS_MAX],
    )
    return tags.map(({ tag }) => tag)
  }
  const rows = await ctx.db.named<{ value: string }>(
    `segments_suggest_${from}`,
    `
    with newest as (
      select c.${from} as value from contact c where c.org_id = $1 order by c.created_at desc, c.id desc limit ${SUGGESTION_ROWS}
    )
    select value
    from newest
    where value <> '' and strpos(segment_fold(value), segment_fold($2)) > 0
    group by value
    order by count(*) desc, value
    limit $3`,
    [ctx.orgId, q, SUGGESTIONS_MAX],
  )
  return rows.map(({ value }) => value)
}
