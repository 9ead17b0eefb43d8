/** Statements about the dictionary of events. */
import type { Ctx } from '../../platform/context.ts'
import type { EventRole } from '../intake/words.ts'

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
