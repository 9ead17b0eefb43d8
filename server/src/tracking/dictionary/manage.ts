/** The dictionary as people read and mend it. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { decodeCursor, encodeCursor } from '../../platform/wire.ts'
import { errors } from '../errors.ts'
import { type EventRole, VALUE_KINDS, type ValueKind } from '../intake/words.ts'
import {
  type Definition,
  type PropertyRow,
  selectDefinition,
  selectDefinitions,
  selectProperties,
  updateDefinition,
  updatePersonal,
} from './queries.ts'
import { PROPERTIES_MAX } from './watch.ts'

/** A type of events, as screens show it. */
export interface ShownDefinition extends Omit<Definition, 'volume'> {
  volume: number
}

/** A property: what it holds, and whether senders agree on that. */
export interface ShownProperty {
  name: string
  /** How often each kind of value came; kinds that never came are left out. */
  kinds: { kind: ValueKind; count: number }[]
  /** More than one kind was seen: rules about it will miss some of its values. */
  isMixed: boolean
  isPersonal: boolean
  firstSeenAt: Date
  lastSeenAt: Date
}

/** A page of the dictionary, the most frequent types first. @throws tracking.cursor_invalid */
export async function listDefinitions(
  ctx: Ctx,
  query: { search?: string | undefined; limit: number; cursor?: string | undefined },
): Promise<{ items: ShownDefinition[]; nextCursor: string | null }> {
  const [volume, type] = query.cursor === undefined ? [] : (decodeCursor(query.cursor) ?? [null])
  const isPlace = typeof volume === 'string' && /^\d{1,19}$/.test(volume) && typeof type === 'string'
  if (query.cursor !== undefined && !isPlace) throw errors.cursor_invalid()
  const rows = await selectDefinitions(ctx, {
    search: query.search ?? '',
    after: isPlace ? { volume, type } : null,
    limit: query.limit + 1,
  })
  const items = rows.slice(0, query.limit)
  const last = rows.length > query.limit ? items.at(-1) : undefined
  return {
    items: items.map(shownDefinition),
    nextCursor: last ? encodeCursor([last.volume, last.type]) : null,
  }
}

/** A type with its properties. @throws tracking.definition_not_found */
export async function getDefinition(
  ctx: Ctx,
  type: string,
): Promise<ShownDefinition & { properties: ShownProperty[] }> {
  const definition = await selectDefinition(ctx, type)
  if (!definition) throw errors.definition_not_found({ type })
  const properties = await selectProperties(ctx, type, PROPERTIES_MAX)
  return { ...shownDefinition(definition), properties: properties.map(shownProperty) }
}

/**
 * Says what a type means: what is reckoned from the log follows within a minute, for the past too. Which property holds
 * the amount counts for events that come from now on: what was recorded stays.
 * @throws tracking.definition_not_found
 */
export function defineEventType(
  ctx: Ctx,
  type: string,
  meaning: { role: EventRole | null; valueProperty: string | null },
): Promise<ShownDefinition & { properties: ShownProperty[] }> {
  return inTransaction(ctx, async (ctx) => {
    const before = await selectDefinition(ctx, type)
    if (!before || !(await updateDefinition(ctx, type, meaning))) throw errors.definition_not_found({ type })
    audit(
      ctx,
      'event_definition.changed',
      { kind: 'event_definition', id: type },
      { role: [before.role, meaning.role], valueProperty: [before.valueProperty, meaning.valueProperty] },
    )
    return getDefinition(ctx, type)
  })
}

/** Says whether a property says something about a person. @throws tracking.definition_not_found */
export function markPersonal(
  ctx: Ctx,
  type: string,
  name: string,
  isPersonal: boolean,
): Promise<ShownDefinition & { properties: ShownProperty[] }> {
  return inTransaction(ctx, async (ctx) => {
    if (!(await updatePersonal(ctx, type, name, isPersonal)))
      throw errors.definition_not_found({ type, name })
    audit(ctx, 'event_property.marked', { kind: 'event_definition', id: type }, { name, isPersonal })
    return getDefinition(ctx, type)
  })
}

const shownDefinition = (row: Definition): ShownDefinition => ({ ...row, volume: Number(row.volume) })

function shownProperty(row: PropertyRow): ShownProperty {
  const kinds = VALUE_KINDS.map((kind) => ({ kind, count: Number(row[`${kind}Count`]) })).filter(
    ({ count }) => count > 0,
  )
  const { name, isPersonal, firstSeenAt, lastSeenAt } = row
  return { name, kinds, isMixed: kinds.length > 1, isPersonal, firstSeenAt, lastSeenAt }
}
