/** Statements about the dictionary of events. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import type { EventRole, ValueKind } from '../intake/words.ts'

/** What intake needs to know of a type. */
export interface DefinitionRole {
  type: string
  role: EventRole | null
  valueProperty: string | null
}

/** The roles of some types. */
export const selectRoles = (ctx: Ctx, types: readonly string[]): Promise<DefinitionRole[]> =>
  ctx.db.named(
    'tracking_definition_roles',
    'select type, role, value_property from event_definition where org_id = $1 and type = any($2::text[])',
    [ctx.orgId, types],
  )

/** How many types the dictionary holds. */
export async function countDefinitions(ctx: Ctx): Promise<number> {
  const [row] = await ctx.db.named<{ n: number }>(
    'tracking_definition_count',
    'select count(*)::int as n from event_definition where org_id = $1',
    [ctx.orgId],
  )
  return row?.n ?? 0
}

/** Adds types that were never seen; one that is there stays as it is. */
export const insertDefinitions = (
  ctx: Ctx,
  definitions: readonly (DefinitionRole & { name: string })[],
): Promise<unknown> =>
  ctx.db.named(
    'tracking_definition_insert',
    `
    insert into event_definition (org_id, type, name, role, first_seen_at, last_seen_at, created_at, updated_at)
    select $1, d.type, d.name, d.role, $5, $5, $5, $5
    from unnest($2::text[], $3::text[], $4::text[]) as d (type, name, role)
    on conflict (org_id, type) do nothing`,
    [
      ctx.orgId,
      definitions.map((definition) => definition.type),
      definitions.map((definition) => definition.name),
      definitions.map((definition) => definition.role),
      ctx.now(),
    ],
  )

/** Properties that are personal. */
export const selectPersonal = (ctx: Ctx): Promise<{ type: string; name: string }[]> =>
  ctx.db.named(
    'tracking_personal_properties',
    'select type, name from event_property where org_id = $1 and is_personal',
    [ctx.orgId],
  )

/** Values of personal properties in the events of some people. */
export const selectPersonalValues = (
  ctx: Ctx,
  contactIds: readonly ContactId[],
  limit: number,
): Promise<{ value: string }[]> =>
  ctx.db.named(
    'tracking_personal_values',
    `
    select distinct coalesce(e.payload -> 'properties' ->> p.name, e.payload -> 'traits' ->> p.name) as value
    from event e
    join event_property p on p.org_id = $1 and p.type = e.type and p.is_personal
    where e.org_id = $1 and e.contact_id = any($2::bigint[])
      and jsonb_typeof(coalesce(e.payload -> 'properties' -> p.name, e.payload -> 'traits' -> p.name)) in ('string', 'number')
    limit $3`,
    [ctx.orgId, contactIds, limit],
  )

/** How much more of a type was seen. */
export interface TypeCount {
  type: string
  n: number
  lastAt: Date
}

/** Counts events of types that are in the dictionary. */
export const addToTypes = (ctx: Ctx, types: readonly TypeCount[]): Promise<unknown> =>
  ctx.db.named(
    'tracking_definition_count_up',
    `
    update event_definition d
    set volume = d.volume + t.n, last_seen_at = greatest(d.last_seen_at, t.last_at)
    from unnest($2::text[], $3::bigint[], $4::timestamptz[]) as t (type, n, last_at)
    where d.org_id = $1 and d.type = t.type`,
    [ctx.orgId, types.map(({ type }) => type), types.map(({ n }) => n), types.map(({ lastAt }) => lastAt)],
  )

/** How much more of a property was seen, by kind of value. */
export interface PropertyCount {
  type: string
  name: string
  counts: Record<ValueKind, number>
  isPersonal: boolean
  lastAt: Date
}

/** Counts properties. What a member said about a property being personal stays. */
export const addToProperties = (ctx: Ctx, properties: readonly PropertyCount[]): Promise<unknown> =>
  ctx.db.named(
    'tracking_property_count_up',
    `
    insert into event_property (org_id, type, name, is_personal, first_seen_at, last_seen_at,
      text_count, number_count, boolean_count, date_count, list_count, object_count)
    select $1, p.type, p.name, p.is_personal, p.last_at, p.last_at, p.text_n, p.number_n, p.boolean_n, p.date_n, p.list_n, p.object_n
    from unnest($2::text[], $3::text[], $4::boolean[], $5::timestamptz[], $6::bigint[], $7::bigint[], $8::bigint[],
      $9::bigint[], $10::bigint[], $11::bigint[])
      as p (type, name, is_personal, last_at, text_n, number_n, boolean_n, date_n, list_n, object_n)
    on conflict (org_id, type, name) do update set
      is_personal = case when event_property.personal_set_by is null
        then event_property.is_personal or excluded.is_personal else event_property.is_personal end,
      last_seen_at = greatest(event_property.last_seen_at, excluded.last_seen_at),
      text_count = event_property.text_count + excluded.text_count,
      number_count = event_property.number_count + excluded.number_count,
      boolean_count = event_property.boolean_count + excluded.boolean_count,
      date_count = event_property.date_count + excluded.date_count,
      list_count = event_property.list_count + excluded.list_count,
      object_count = event_property.object_count + excluded.object_count`,
    [
      ctx.orgId,
      properties.map(({ type }) => type),
      properties.map(({ name }) => name),
      properties.map(({ isPersonal }) => isPersonal),
      properties.map(({ lastAt }) => lastAt),
      ...(['text', 'number', 'boolean', 'date', 'list', 'object'] as const).map((kind) =>
        properties.map(({ counts }) => counts[kind]),
      ),
    ],
  )

/** The names of the properties of some types. */
export const selectPropertyNames = (
  ctx: Ctx,
  types: readonly string[],
): Promise<{ type: string; name: string }[]> =>
  ctx.db.named(
    'tracking_property_names',
    'select type, name from event_property where org_id = $1 and type = any($2::text[])',
    [ctx.orgId, types],
  )

/** A type of events, as the dictionary explains it. */
export interface Definition {
  type: string
  name: string
  role: EventRole | null
  valueProperty: string | null
  volume: string
  firstSeenAt: Date
  lastSeenAt: Date
}

const DEFINITION =
  'select type, name, role, value_property, volume, first_seen_at, last_seen_at from event_definition'

/** Types after a place in the list, the most frequent first. */
export const selectDefinitions = (
  ctx: Ctx,
  { search, after, limit }: { search: string; after: { volume: string; type: string } | null; limit: number },
): Promise<Definition[]> =>
  ctx.db.named(
    'tracking_definitions',
    `
    ${DEFINITION}
    where org_id = $1 and ($2 = '' or position(lower($2) in lower(name)) > 0)
      and ($3::bigint is null or volume < $3 or (volume = $3 and type > $4))
    order by volume desc, type limit $5`,
    [ctx.orgId, search, after?.volume ?? null, after?.type ?? null, limit],
  )

/** One type, or undefined. */
export async function selectDefinition(ctx: Ctx, type: string): Promise<Definition | undefined> {
  const [row] = await ctx.db.named<Definition>(
    'tracking_definition',
    `${DEFINITION} where org_id = $1 and type = $2`,
    [ctx.orgId, type],
  )
  return row
}

/** Says what a type means. @returns false when there is no such type */
export async function updateDefinition(
  ctx: Ctx,
  type: string,
  meaning: { role: EventRole | null; valueProperty: string | null },
): Promise<boolean> {
  const rows = await ctx.db.named(
    'tracking_definition_update',
    `
    update event_definition set role = $3, value_property = $4, updated_at = $5
    where org_id = $1 and type = $2 returning type`,
    [ctx.orgId, type, meaning.role, meaning.valueProperty, ctx.now()],
  )
  return rows.length > 0
}

/** A property of a type, and how often it had each kind of value. */
export interface PropertyRow {
  name: string
  textCount: string
  numberCount: string
  booleanCount: string
  dateCount: string
  listCount: string
  objectCount: string
  isPersonal: boolean
  firstSeenAt: Date
  lastSeenAt: Date
}

/** The properties of a type, by name. */
export const selectProperties = (ctx: Ctx, type: string, limit: number): Promise<PropertyRow[]> =>
  ctx.db.named(
    'tracking_properties',
    `
    select name, text_count, number_count, boolean_count, date_count, list_count, object_count, is_personal,
      first_seen_at, last_seen_at
    from event_property where org_id = $1 and type = $2 order by name limit $3`,
    [ctx.orgId, type, limit],
  )

/** Says whether a property is personal. @returns false when there is no such property */
export async function updatePersonal(
  ctx: Ctx,
  type: string,
  name: string,
  isPersonal: boolean,
): Promise<boolean> {
  const rows = await ctx.db.named(
    'tracking_property_update',
    `
    update event_property set is_personal = $4, personal_set_by = $5
    where org_id = $1 and type = $2 and name = $3 returning name`,
    [ctx.orgId, type, name, isPersonal, `${ctx.actor.kind}:${ctx.actor.id}`],
  )
  return rows.length > 0
}

/** The latest event of a type, of one contact or of anybody. */
export const selectLatest = (
  ctx: Ctx,
  type: string,
  contactId: ContactId | null,
): Promise<{ at: Date; properties: Record<string, unknown> | null }[]> =>
  ctx.db.named(
    contactId === null ? 'tracking_latest_event' : 'tracking_latest_event_of_contact',
    `
    select at, payload -> 'properties' as properties from event
    where org_id = $1 and type = $2 ${contactId === null ? '' : 'and contact_id = $3'}
    order by at desc, seq desc limit 1`,
    contactId === null ? [ctx.orgId, type] : [ctx.orgId, type, contactId],
  )
