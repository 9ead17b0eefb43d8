/** SQL over what rules depend on: the organization's zone, fields, imports, and one contact as rules see it. */
import type { Ctx } from '../../platform/context.ts'
import type { CustomField } from '../rules/custom-fields.ts'
import type { SuggestionSource } from '../rules/field.ts'
import type { PropertyType } from '../rules/event-filters.ts'
import type { MoneyTypes } from '../rules/scope.ts'

/** Contacts looked at for suggestions: the newest. */
const SUGGESTION_ROWS = 20_000
/** Values suggested at once. */
const SUGGESTIONS_MAX = 50

/** What of the organization's settings rules depend on. */
export async function selectSettings(ctx: Ctx): Promise<{ timeZone: string; currency: string }> {
  const [row] = await ctx.db.named<{ timeZone: string; currency: string }>(
    'segments_settings',
    'select time_zone, currency from organization where id = $1',
    [ctx.orgId],
  )
  return row ?? { timeZone: 'UTC', currency: 'EUR' }
}

/** The organization's time zone. */
export const selectTimeZone = async (ctx: Ctx): Promise<string> => (await selectSettings(ctx)).timeZone

/** What a purchase and a refund are, by the dictionary of events. */
export async function selectMoneyTypes(ctx: Ctx): Promise<MoneyTypes> {
  const rows = await ctx.db.named<{ type: string; role: 'purchase' | 'refund' }>(
    'segments_money_types',
    "select type, role from event_definition where org_id = $1 and role in ('purchase', 'refund') order by type",
    [ctx.orgId],
  )
  const of = (role: string): string[] => rows.filter((row) => row.role === role).map(({ type }) => type)
  return { purchase: of('purchase'), refund: of('refund') }
}

/** The events of the dictionary, most frequent first. */
export function selectEventTypes(ctx: Ctx, limit: number): Promise<{ type: string; name: string }[]> {
  return ctx.db.named(
    'segments_event_types',
    'select type, name from event_definition where org_id = $1 order by volume desc, type limit $2',
    [ctx.orgId, limit],
  )
}

/** The properties of one type of event, most frequent first, each by the kind of value it mostly has. */
export function selectEventProperties(
  ctx: Ctx,
  type: string,
  limit: number,
): Promise<{ name: string; type: PropertyType }[]> {
  return ctx.db.named(
    'segments_event_properties',
    `
    select name,
      case greatest(text_count, number_count, boolean_count, date_count, list_count)
        when 0 then 'text' when number_count then 'number' when boolean_count then 'boolean' when date_count then 'date'
        when list_count then 'list' else 'text'
      end as type
    from event_property
    where org_id = $1 and type = $2
    order by text_count + number_count + boolean_count + date_count + list_count desc, name
    limit $3`,
    [ctx.orgId, type, limit],
  )
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
