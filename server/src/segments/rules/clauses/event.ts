/** Clauses about what contacts did, how often and when. Sources: CB-3.1, CS-003.2 */
import { z } from 'zod'
import { dayOf } from '../days.ts'
import {
  bindEvent,
  earliestRows,
  type EventMatch,
  eventName,
  eventsOf,
  eventType,
  instantsOf,
  matchingEvents,
} from '../event-match.ts'
import { filtersSchema } from '../event-filters.ts'
import { NEVER } from '../flips.ts'
import { type Effect, type Leaf, leastOf, type Outcome } from '../operator.ts'
import type { Scope } from '../scope.ts'
import type { SqlText } from '../sql-text.ts'
import {
  type Bounds,
  boundsOf,
  boundsSql,
  countFlipsAt,
  isWithin,
  leavingEdge,
  windowFlips,
  windowFlipsAt,
  windowSchema,
} from '../window.ts'
import { dayText, numberText, type Locale, type Words } from '../words.ts'
import type { ClauseKind } from './define.ts'

/** Most times that a clause may count to. */
const TIMES_MAX = 1_000_000

/** Without bounds. */
const EVER = { from: null, to: null }

const OPERATORS = {
  did: { label: { en: 'did', fr: 'a fait' }, opposite: false, parts: ['count', 'window', 'filters'] },
  did_not: { label: { en: 'did not', fr: 'n’a pas fait' }, opposite: true, parts: ['window', 'filters'] },
  first: {
    label: { en: 'did for the first time', fr: 'a fait pour la première fois' },
    opposite: false,
    parts: ['window', 'filters'],
  },
  last: {
    label: { en: 'did for the last time', fr: 'a fait pour la dernière fois' },
    opposite: false,
    parts: ['window', 'filters'],
  },
} as const

/** `{ kind: 'event', event: 'track:Order Completed', operator: 'did', count: { at_least: 2 }, window: { last: { count: 30, unit: 'days' } } }` */
const times = z.int('Give a whole number.').min(0, 'Give 0 or more.').max(TIMES_MAX)
const schema = z.strictObject({
  kind: z.literal('event'),
  event: eventType,
  operator: z.enum(['did', 'did_not', 'first', 'last']),
  /** How often; at least once unless said otherwise. Only with `did`. */
  count: z
    .union([
      z.strictObject({ at_least: times }),
      z.strictObject({ at_most: times }),
      z.strictObject({ exactly: times }),
    ])
    .optional(),
  window: windowSchema.optional(),
  filters: filtersSchema.optional(),
})
type EventClause = z.output<typeof schema>

/** How often, as both readings test it. */
interface Times {
  matches(count: number): boolean
  /** What one more does to it. */
  effect: Effect
  sql(count: string, q: SqlText): string
  phrase: Words
}

/** A question about what somebody did. */
export const eventClause: ClauseKind<typeof schema> = {
  schema,
  property: 'event',
  bind: (clause, scope, _, path): Outcome<Leaf> => {
    if (clause.count !== undefined && clause.operator !== 'did')
      return { kind: 'refused', problems: [{ path: `${path}.count`, message: 'Only “did” is counted.' }] }
    const match = bindEvent({ event: clause.event, filters: clause.filters }, scope, path)
    if (match.kind === 'refused') return match
    const bounds = boundsOf(clause.window, scope)
    const leaf =
      clause.operator === 'first' || clause.operator === 'last'
        ? { ...edgeLeaf(clause.operator, match.value, bounds), ...flipsOf(match.value, bounds, scope) }
        : timesLeaf(clause, match.value, bounds, scope)
    return {
      kind: 'ready',
      value: { ...leaf, ...tellsOf(match.value, bounds, scope) },
    }
  },
  touches: (clause) => [`event:${clause.event}`],
  filtered: ({ event, filters }) => [{ event, filters }],
  terms: ({ events }) =>
    events.map(({ type, name }) => ({
      kind: 'event',
      field: type,
      group: 'behaviour',
      label: { en: name, fr: name },
      operators: Object.entries(OPERATORS).map(([operator, { label, parts }]) => ({
        name: operator,
        label,
        input: 'none',
        parts,
      })),
      options: null,
      suggestsFrom: null,
    })),
}

/** So often within the window. */
function timesLeaf(clause: EventClause, match: EventMatch, bounds: Bounds, scope: Scope): Leaf {
  const wanted = timesOf(clause.count)
  const isDenied = OPERATORS[clause.operator].opposite
  const { flips } = flipsOf(match, bounds, scope)
  const edge = leavingEdge(bounds)
  return {
    ...(flips && {
      flips: {
        // In the database whenever something crosses an edge: more looks than are needed, in far simpler a statement.
        sql: (q) => flips.sql(q),
        at: (person) =>
          edge === null
            ? flips.at(person)
            : Math.min(
                match.flips?.at(person) ?? NEVER,
                countFlipsAt(edge, scope, instantsOf(eventsOf(person, match, bounds)), (n) =>
                  wanted.matches(n),
                ),
              ),
      },
    }),
    opposite: isDenied,
    isTotal: true,
    // `exists` over what somebody did: a semi-join by hash or by index, as the planner sees fit. Whoever did nothing
    // has no row, so that a count which zero meets is asked the other way round.
    sql: (q) => {
      if (clause.count === undefined)
        return `(exists (select 1 from ${matchingEvents(q, 'e', match, bounds)} and e.contact_id = ${q.column('id')}))`
      const having = wanted.sql('count(*)', q)
      const counted = `select e.contact_id from ${matchingEvents(q, 'e', match, bounds)} and e.contact_id is not null group by e.contact_id`
      return wanted.matches(0)
        ? `(not exists (select 1 from (${counted} having not (${having})) did where did.contact_id = ${q.column('id')}))`
        : `(exists (select 1 from (${counted} having ${having}) did where did.contact_id = ${q.column('id')}))`
    },
    matches: (person) => wanted.matches(eventsOf(person, match, bounds).length),
    effectOf: (event) => match.effectOf(event, wanted.effect),
    phrase: isDenied
      ? {
          en: `who did not do ${match.phrase.en}${bounds.phrase.en}`,
          fr: `qui n’ont pas fait ${match.phrase.fr}${bounds.phrase.fr}`,
        }
      : {
          en: `who did ${match.phrase.en}${wanted.phrase.en}${bounds.phrase.en}`,
          fr: `qui ont fait ${match.phrase.fr}${wanted.phrase.fr}${bounds.phrase.fr}`,
        },
  }
}

/** The first or last time lies within the window. */
function edgeLeaf(edge: 'first' | 'last', match: EventMatch, bounds: Bounds): Leaf {
  return {
    opposite: false,
    isTotal: true,
    sql: (q) => {
      const at = `${edge === 'first' ? 'min' : 'max'}(e.at)`
      return `(exists (select 1 from (select e.contact_id from ${matchingEvents(q, 'e', match, EVER)} and e.contact_id is not null group by e.contact_id having true${boundsSql(q, at, bounds)}) did where did.contact_id = ${q.column('id')}))`
    },
    matches: (person) => {
      const all = eventsOf(person, match, EVER)
      const event = edge === 'first' ? all.at(0) : all.at(-1)
      return event !== undefined && isWithin(event.at, bounds)
    },
    effectOf: (event) => match.effectOf(event, 'either'),
    phrase:
      edge === 'first'
        ? {
            en: `who did ${match.phrase.en} for the first time${bounds.phrase.en}`,
            fr: `qui ont fait ${match.phrase.fr} pour la première fois${bounds.phrase.fr}`,
          }
        : {
            en: `who did ${match.phrase.en} for the last time${bounds.phrase.en}`,
            fr: `qui ont fait ${match.phrase.fr} pour la dernière fois${bounds.phrase.fr}`,
          },
  }
}

/**
 * Events cross the edges of moving windows one after the other, the earliest first; and conditions on dates may come to
 * hold, or to hold no longer.
 */
export function flipsOf(match: EventMatch, bounds: Bounds, scope: Scope): Pick<Leaf, 'flips'> {
  const moves = match.flips === null ? [] : [match.flips]
  if (bounds.edges.length > 0)
    moves.push({
      sql: (q) =>
        `least(${windowFlips(q, bounds, scope, (from) =>
          q.joined(earliestRows(matchingEvents(q, 'e', match, { from, to: null }))),
        ).join(', ')})`,
      at: (person) => windowFlipsAt(bounds, scope, instantsOf(eventsOf(person, match, EVER))),
    })
  return moves.length === 0 ? {} : { flips: leastOf(moves) }
}

function tellsOf(match: EventMatch, bounds: Bounds, scope: Scope): Pick<Leaf, 'tells'> {
  return {
    tells: (person, locale) => {
      const events = eventsOf(person, match, bounds)
      const last = events.at(-1)
      if (!last) return locale === 'fr' ? `aucun ${eventName(match.type)}` : `no ${eventName(match.type)}`
      const [count, day] = [
        numberText(events.length, locale),
        dayText(dayOf(last.at, scope.timeZone), locale),
      ]
      return locale === 'fr' ? `${count} fois, la dernière le ${day}` : `${count} times, last on ${day}`
    },
  }
}

function timesOf(count: EventClause['count']): Times {
  const text = (value: number, locale: Locale): string => {
    if (locale === 'fr') return `${numberText(value, locale)} fois`
    return value === 1 ? 'once' : value === 2 ? 'twice' : `${numberText(value, locale)} times`
  }
  if (count === undefined)
    return { matches: (n) => n >= 1, effect: 'yes', sql: (n) => `${n} >= 1`, phrase: { en: '', fr: '' } }
  if ('at_least' in count)
    return {
      matches: (n) => n >= count.at_least,
      effect: 'yes',
      sql: (n, q) => `${n} >= ${q.param(count.at_least, 'bigint')}`,
      phrase: {
        en: ` at least ${text(count.at_least, 'en')}`,
        fr: ` au moins ${text(count.at_least, 'fr')}`,
      },
    }
  if ('at_most' in count)
    return {
      matches: (n) => n <= count.at_most,
      effect: 'no',
      sql: (n, q) => `${n} <= ${q.param(count.at_most, 'bigint')}`,
      phrase: { en: ` at most ${text(count.at_most, 'en')}`, fr: ` au plus ${text(count.at_most, 'fr')}` },
    }
  return {
    matches: (n) => n === count.exactly,
    effect: 'either',
    sql: (n, q) => `${n} = ${q.param(count.exactly, 'bigint')}`,
    phrase: { en: ` exactly ${text(count.exactly, 'en')}`, fr: ` exactement ${text(count.exactly, 'fr')}` },
  }
}
