/** Clauses about one thing followed by another within a time: viewed, then bought; a cart, and no order after it. */
import { z } from 'zod'
import {
  bindEvent,
  earliestRows,
  type EventMatch,
  eventSchema,
  eventsOf,
  matchingEvents,
} from '../event-match.ts'
import { NEVER } from '../flips.ts'
import { bothEffects } from '../node.ts'
import { type Leaf, type LeafFlips, leastOf, type Outcome } from '../operator.ts'
import type { Person, PersonEvent } from '../person.ts'
import type { SqlText } from '../sql-text.ts'
import { boundsOf, type Bounds, spanMs, spanSchema, spanText, windowSchema } from '../window.ts'
import type { ClauseKind } from './define.ts'
import { flipsOf } from './event.ts'

const PARTS = ['first', 'within', 'next', 'window'] as const
const OPERATORS = {
  followed: { label: { en: 'then did', fr: 'puis a fait' } },
  not_followed: { label: { en: 'then did not do', fr: 'puis n’a pas fait' } },
} as const

/**
 * `{ kind: 'sequence', operator: 'not_followed', first: { event: 'track:Cart Viewed' }, next: { event: 'track:Order Completed' }, within: { count: 24, unit: 'hours' } }`.
 * `window` is about the first of the two. `not_followed` holds once the time has passed: at least one first event had
 * no second within it.
 */
const schema = z.strictObject({
  kind: z.literal('sequence'),
  operator: z.enum(['followed', 'not_followed']),
  first: eventSchema,
  next: eventSchema,
  within: spanSchema,
  window: windowSchema.optional(),
})

/** A question about the order of things. */
export const sequenceClause: ClauseKind<typeof schema> = {
  schema,
  bind: (clause, scope, _, path): Outcome<Leaf> => {
    const first = bindEvent(clause.first, scope, `${path}.first`)
    const next = bindEvent(clause.next, scope, `${path}.next`)
    if (first.kind === 'refused') return first
    if (next.kind === 'refused') return next
    const bounds = boundsOf(clause.window, scope)
    const ms = spanMs(clause.within)
    const ripe = new Date(scope.now.getTime() - ms)
    const window = flipsOf(first.value, bounds, scope).flips
    const isFollowed = clause.operator === 'followed'
    const [en, fr] = [spanText(clause.within, 'en'), spanText(clause.within, 'fr')]
    const began = {
      en: `who did ${first.value.phrase.en}${bounds.phrase.en}`,
      fr: `qui ont fait ${first.value.phrase.fr}${bounds.phrase.fr}`,
    }
    return {
      kind: 'ready',
      value: {
        opposite: false,
        isTotal: true,
        sql: (q) => {
          const begins = isFollowed
            ? bounds
            : { ...bounds, to: earlier(bounds.to, new Date(ripe.getTime() + 1)) }
          const found = `select 1 from ${matchingEvents(q, 'a', first.value, begins)} and a.contact_id = ${q.column('id')}`
          const follows = `exists (select 1 from ${matchingEvents(q, 'b', next.value, { from: bounds.from, to: null })} and b.contact_id = a.contact_id and (b.at, b.seq) > (a.at, a.seq) and b.at <= a.at + ${millis(q, ms)})`
          return `(exists (${found} and ${isFollowed ? '' : 'not '}${follows}))`
        },
        matches: (person) =>
          hasPair(person, { first: first.value, next: next.value, bounds, ms, isFollowed, ripe }),
        // A further beginning may make the pair that is asked for, and so may a further end, or unmake one that has none.
        effectOf: (event) =>
          bothEffects([
            first.value.effectOf(event, 'yes'),
            next.value.effectOf(event, isFollowed ? 'yes' : 'no'),
          ]),
        flips: leastOf([
          ...(window ? [window] : []),
          ...(next.value.flips ? [next.value.flips] : []),
          ...(isFollowed ? [] : [ripening(first.value, ripe, ms)]),
        ]),
        phrase: isFollowed
          ? {
              en: `${began.en} and then ${next.value.phrase.en} within ${en}`,
              fr: `${began.fr} puis ${next.value.phrase.fr} dans les ${fr}`,
            }
          : {
              en: `${began.en} and then did not do ${next.value.phrase.en} within ${en}`,
              fr: `${began.fr} puis n’ont pas fait ${next.value.phrase.fr} dans les ${fr}`,
            },
      },
    }
  },
  touches: (clause) => [`event:${clause.first.event}`, `event:${clause.next.event}`],
  filtered: ({ first, next }) => [first, next],
  terms: ({ events }) =>
    events.length === 0
      ? []
      : [
          {
            kind: 'sequence',
            field: null,
            group: 'behaviour',
            label: { en: 'One thing after another', fr: 'Une chose après une autre' },
            operators: Object.entries(OPERATORS).map(([name, { label }]) => ({
              name,
              label,
              input: 'none',
              parts: PARTS,
            })),
            options: null,
            suggestsFrom: null,
          },
        ],
}

/** What was begun and is not ripe yet ripens when its time has passed. */
const ripening = (first: EventMatch, ripe: Date, ms: number): LeafFlips => ({
  sql: (q) =>
    `(${q.joined(earliestRows(`${matchingEvents(q, 'e', first, { from: ripe, to: null })} and e.at > ${q.param(ripe, 'timestamptz')}`))} + ${millis(q, ms)})`,
  at: (person) => {
    const begun = person.events.find((event) => event.at > ripe && first.matches(event))
    return begun ? begun.at.getTime() + ms : NEVER
  },
})

interface Pair {
  first: EventMatch
  next: EventMatch
  bounds: Bounds
  ms: number
  isFollowed: boolean
  ripe: Date
}

function hasPair(person: Person, { first, next, bounds, ms, isFollowed, ripe }: Pair): boolean {
  const ends = eventsOf(person, next, { from: bounds.from, to: null })
  const isAfter = (b: PersonEvent, a: PersonEvent): boolean => {
    const apart = b.at.getTime() - a.at.getTime()
    return (apart > 0 || (apart === 0 && b.seq > a.seq)) && apart <= ms
  }
  return eventsOf(person, first, bounds)
    .filter((a) => isFollowed || a.at <= ripe)
    .some((a) => ends.some((b) => isAfter(b, a)) === isFollowed)
}

const millis = (q: SqlText, ms: number): string =>
  `(${q.param(ms, 'numeric')}::float8 * interval '1 millisecond')`
const earlier = (a: Date | null, b: Date): Date => (a !== null && a < b ? a : b)
