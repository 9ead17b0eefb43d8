/** What the types of a batch mean: known ones are read, new ones get the usual meaning of their name. */
import type { Ctx } from '../../platform/context.ts'
import { presetRole } from './presets.ts'
import { type DefinitionRole, countDefinitions, insertDefinitions, selectRoles } from './queries.ts'

/**
 * Types that the dictionary of an organization takes. Whoever puts an id into the name of an event makes a new type
 * with each; beyond this they are still recorded, but not explained.
 */
export const DEFINITIONS_MAX = 2_000

/** The definitions of some types, inside the transaction that records their events: readers find both or neither. */
export async function definitionsOf(
  ctx: Ctx,
  types: ReadonlySet<string>,
): Promise<ReadonlyMap<string, DefinitionRole>> {
  const known = new Map((await selectRoles(ctx, [...types])).map((row) => [row.type, row]))
  const unknown = [...types].filter((type) => !known.has(type))
  if (unknown.length === 0) return known
  const room = DEFINITIONS_MAX - (await countDefinitions(ctx))
  if (room <= 0) return known
  const added = unknown.slice(0, room).map((type) => {
    const name = type.startsWith('track:') ? type.slice('track:'.length) : type
    return { type, name, role: type.startsWith('track:') ? presetRole(name) : null, valueProperty: null }
  })
  await insertDefinitions(ctx, added)
  for (const one of added) known.set(one.type, one)
  return known
}
