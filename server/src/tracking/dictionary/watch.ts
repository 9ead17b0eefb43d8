/**
 * The dictionary as the log fills it: how often each type came and when last, which properties it had and of what
 * kinds. Read from the log and not counted at intake, so that nobody's answer waits for it; exact all the same, since
 * each event counts once per reader.
 */
import type { Ctx } from '../../platform/context.ts'
import { defineConsumer, type LogEvent } from '../../platform/events/index.ts'
import { INCOMING_TYPES, type IncomingPayload } from '../intake/payload.ts'
import type { ValueKind } from '../intake/words.ts'
import { isPersonalByName } from './presets.ts'
import {
  addToProperties,
  addToTypes,
  type PropertyCount,
  selectPropertyNames,
  type TypeCount,
} from './queries.ts'

/** Properties of a type that are explained; a type with more of them holds data in its names. */
export const PROPERTIES_MAX = 300
const NAME_CHARS_MAX = 200

/** Keeps the dictionary in step with the log. */
export const dictionaryConsumer = defineConsumer({
  name: 'tracking.dictionary',
  types: INCOMING_TYPES,
  handle: async (ctx, events) => {
    const { types, properties } = countOf(events)
    await addToTypes(ctx, types)
    await addToProperties(ctx, await withinLimit(ctx, properties))
  },
})

/** What a batch of events adds. Pure. */
export function countOf(events: readonly LogEvent[]): { types: TypeCount[]; properties: PropertyCount[] } {
  const types = new Map<string, TypeCount>()
  const properties = new Map<string, PropertyCount>()
  for (const { type, recordedAt, payload } of events) {
    const count = types.get(type) ?? { type, n: 0, lastAt: recordedAt }
    types.set(type, count)
    count.n += 1
    if (recordedAt > count.lastAt) count.lastAt = recordedAt
    const { properties: data, traits } = payload as IncomingPayload // intake wrote it
    for (const [name, value] of Object.entries(data ?? traits ?? {})) {
      const kind = kindOf(value)
      if (kind === null || name === '' || name.length > NAME_CHARS_MAX) continue
      const key = `${type}\0${name}`
      let property = properties.get(key)
      if (!property) {
        property = {
          type,
          name,
          counts: noCounts(),
          isPersonal: isPersonalByName(type, name),
          lastAt: recordedAt,
        }
        properties.set(key, property)
      }
      property.counts[kind] += 1
      if (recordedAt > property.lastAt) property.lastAt = recordedAt
      if (kind === 'text' && EMAIL.test(value as string)) property.isPersonal = true // a text by its kind
    }
  }
  // In one order for everybody who writes them.
  const byName = (a: { type: string; name?: string }, b: { type: string; name?: string }): number =>
    a.type < b.type ? -1 : a.type > b.type ? 1 : (a.name ?? '') < (b.name ?? '') ? -1 : 1
  return {
    types: [...types.values()].toSorted(byName),
    properties: [...properties.values()].toSorted(byName),
  }
}

const noCounts = (): Record<ValueKind, number> => ({
  text: 0,
  number: 0,
  boolean: 0,
  date: 0,
  list: 0,
  object: 0,
})

/** The kind of a value; null for none. */
export function kindOf(value: unknown): ValueKind | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return DATE.test(value) ? 'date' : 'text'
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  return Array.isArray(value) ? 'list' : 'object'
}
const DATE = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/
const EMAIL = /^[^\s@]{1,64}@[^\s@]+\.[a-z]{2,}$/i

/** Leaves out new properties of types that have too many already. */
async function withinLimit(ctx: Ctx, properties: readonly PropertyCount[]): Promise<PropertyCount[]> {
  if (properties.length === 0) return []
  const known = Map.groupBy(
    await selectPropertyNames(ctx, [...new Set(properties.map(({ type }) => type))]),
    ({ type }) => type,
  )
  const names = new Map([...known].map(([type, rows]) => [type, new Set(rows.map(({ name }) => name))]))
  return properties.filter(({ type, name }) => {
    const ofType = names.get(type) ?? new Set<string>()
    names.set(type, ofType)
    if (!ofType.has(name) && ofType.size >= PROPERTIES_MAX) return false
    ofType.add(name)
    return true
  })
}
