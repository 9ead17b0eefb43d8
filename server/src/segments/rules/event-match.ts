/** Events of one kind that a clause speaks of: in SQL, in memory, in words. */
import { z } from 'zod'
import { isStorable } from '../../platform/storable.ts'
import { bindFilters, type EventLeaf, filterMatches, filterSql, filtersSchema } from './event-filters.ts'
import { NEVER } from './flips.ts'
import { type Effect, type Leaf, type LeafFlips, leastOf, type Outcome } from './operator.ts'
import type { Person, PersonEvent } from './person.ts'
import type { Scope } from './scope.ts'
import type { SqlText } from './sql-text.ts'
import { type Bounds, boundsSql, isWithin } from './window.ts'
import { both, quoted, type Locale, type Words } from './words.ts'

/** A type of the event log: `track:Order Completed`, `page`, `message.clicked`. */
export const eventType = z
  .string()
  .min(1, 'Choose an event.')
  .max(300)
  .refine(isStorable, 'No event has such a name.')

/** Events of one type with conditions on their properties. */
export const eventSchema = z.strictObject({ event: eventType, filters: filtersSchema.optional() })
export type EventInput = z.output<typeof eventSchema>

/** Events made ready. */
export interface EventMatch {
  type: string
  filters: readonly EventLeaf[]
  /** Is this event meant, whenever it was? */
  matches(event: PersonEvent): boolean
  /** What one more event does to an answer to which one that is meant does this. */
  effectOf(event: PersonEvent, effect: Effect): Effect
  /** When time alone may change which are meant, as conditions on dates that move with the clock do; null when it never does. */
  flips: LeafFlips | null
  /** `“Order Completed” (price is at least 20)`. */
  phrase: Words
}

/** Makes events ready. */
export function bindEvent(
  { event, filters = [] }: EventInput,
  scope: Scope,
  path: string,
): Outcome<EventMatch> {
  const bound = bindFilters(filters, scope, `${path}.filters`)
  if (bound.kind === 'refused') return bound
  const leaves = bound.value.map((leaf) => leaf('e'))
  const phraseIn = (locale: Locale): string => {
    const name = quoted(eventName(event), locale)
    const conditions = leaves.map((leaf) => leaf.phrase[locale])
    return conditions.length === 0 ? name : `${name} (${both(conditions, locale)})`
  }
  const flips = filterFlips(event, leaves)
  const matches = (one: PersonEvent): boolean =>
    one.type === event && leaves.every((leaf) => filterMatches(leaf, one))
  return {
    kind: 'ready',
    value: {
      type: event,
      filters: bound.value,
      matches,
      // One that is not meant yet may be some day.
      effectOf: (one, effect) =>
        flips !== null && one.type === event ? 'either' : matches(one) ? effect : 'none',
      flips,
      phrase: { en: phraseIn('en'), fr: phraseIn('fr') },
    },
  }
}

/** The next flip of these conditions on any event of a type: whatever else is asked of it, one look too many. */
function filterFlips(type: string, leaves: readonly Leaf<PersonEvent>[]): LeafFlips | null {
  const moving = leaves.flatMap(({ flips }) => flips ?? [])
  if (moving.length === 0) return null
  const next = leastOf(moving)
  return {
    sql: (q) =>
      q.joined(
        `select e.contact_id, min(${next.sql(q)}) as value from ${q.events('e', { types: [type], from: null, isWhole: true })} group by e.contact_id`,
      ),
    at: (person) =>
      person.events.reduce(
        (first, event) => (event.type === type ? Math.min(first, next.at(event)) : first),
        NEVER,
      ),
  }
}

/** An event's name as people gave it. */
export const eventName = (type: string): string => (type.startsWith('track:') ? type.slice(6) : type)

/** What follows `from`: the events that are meant, within the window. */
export function matchingEvents(
  q: SqlText,
  alias: string,
  { type, filters }: EventMatch,
  { from, to }: Pick<Bounds, 'from' | 'to'>,
): string {
  const conditions = filters.map((leaf) => ` and ${filterSql(leaf(alias), q)}`).join('')
  return `${q.events(alias, { types: [type], from, isWhole: filters.length > 0 })}${boundsSql(q, `${alias}.at`, { from: null, to })}${conditions}`
}

/**
 * The first instant at which each contact did one of these events, as rows to join.
 * @param events  what follows `from`, under the alias `e`
 */
export const earliestRows = (events: string): string =>
  `select e.contact_id, min(e.at) as value from ${events} group by e.contact_id`

/** The person's events that are meant, in their order. */
export function eventsOf(
  person: Person,
  match: EventMatch,
  bounds: Pick<Bounds, 'from' | 'to'>,
): PersonEvent[] {
  return person.events.filter((event) => isWithin(event.at, bounds) && match.matches(event))
}

/** When they happened, in their order. */
export const instantsOf = (events: readonly PersonEvent[]): number[] => events.map(({ at }) => at.getTime())
