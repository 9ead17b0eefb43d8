/**
 * What an operator is: one definition with its value, its SQL, its in-memory test, its words and its editor.
 *
 * Unknown values, decided once for every clause: a comparison with an unknown value does not hold. Operators that
 * deny (`is not`, `contains none of`) are the exact opposite of their positive twin, so they also find people whose
 * value is unknown, and their words say so. A clause therefore always answers yes or no, never "unknown".
 */
import type { z } from 'zod'
import type { FieldProblem } from '../../platform/errors.ts'
import { type Flips, NEVER } from './flips.ts'
import type { Person, PersonEvent } from './person.ts'
import type { Scope } from './scope.ts'
import type { SqlText } from './sql-text.ts'
import type { Locale, Words } from './words.ts'

/** The kinds of value editor that the screens offer. */
export const VALUE_INPUTS = [
  'none',
  'text',
  'texts',
  'number',
  'number_range',
  'day',
  'day_range',
  'days',
  'options',
  'segments',
  'campaigns',
] as const
export type ValueInput = (typeof VALUE_INPUTS)[number]

/** What an operator may be told beyond its value: each is a property of the clause with an editor of its own. */
export const CLAUSE_PARTS = [
  'count',
  'window',
  'filters',
  'first',
  'within',
  'next',
  'channel',
  'purpose',
  'seed',
] as const
export type ClausePart = (typeof CLAUSE_PARTS)[number]

/** An operator as the editor offers it. */
export interface OfferedOperator {
  name: string
  label: Words
  input: ValueInput
  parts?: readonly ClausePart[]
}

/** How a field's values are shown inside a sentence: options by their label, free text in quotes. */
export type Show = (value: string, locale: Locale) => string

/** The readings of an operator with its value given. */
export interface Test<S, A> {
  /** A predicate over the operand; null counts as false. */
  sql(operand: S, q: SqlText): string
  /** The same over a known value. */
  matches(actual: A): boolean
  /** When time alone may change the answer; absent when it never does. */
  flips?: Flips<S, A>
}

/** An operator as its author writes it. `S` is the operand in SQL, `A` a known value in memory, `V` the rule's value. */
export interface OperatorDefinition<S, A, V> {
  /** As the editor lists it: `is one of`. */
  label: Words
  input: ValueInput
  value: z.ZodType<V>
  /** The clause is the opposite of its test, unknown values included. */
  opposite?: true
  test(value: V, scope: Scope): Test<S, A>
  /** What a person must be, as a relative clause: `whose country is France`. */
  phrase(subject: Words, value: V, show: Show): Words
}

/** A value as operators see it: a field of a person, or of whatever else `P` is, such as an event. */
export interface Operand<S, A, P = Person> {
  /** With its article where the language wants one: `country`, `le pays`. */
  subject: Words
  show: Show
  sql(q: SqlText, scope: Scope): S
  /** Null when unknown. */
  read(subject: P, scope: Scope): A | null
  /** When the value itself moves with the clock, such as an age. */
  flips?: { sql(q: SqlText, scope: Scope): string; at(subject: P, scope: Scope): number }
}

/** When time alone may change the answer of a clause: as SQL, an instant after now or null, and in memory. */
export interface LeafFlips<P = Person> {
  sql(q: SqlText): string
  /** In milliseconds; `NEVER` when time changes nothing. */
  at(subject: P): number
}

/** What one more event may do to an answer: nothing, make it yes, make it no, or either. */
export type Effect = 'none' | 'yes' | 'no' | 'either'

/** A clause made ready: its value checked, its operand known. The readings of it. */
export interface Leaf<P = Person> {
  opposite: boolean
  /** True when the predicate is never null, so that a plain `not` denies it: the planner then takes an anti-join. */
  isTotal?: true
  sql(q: SqlText): string
  matches(subject: P): boolean
  /** When time alone may change the answer; absent when it never does. */
  flips?: LeafFlips<P>
  /**
   * What one more event may do to what `matches` says; absent where no event is looked at. Time aside: for the edges of
   * windows there is `flips`.
   */
  effectOf?(event: PersonEvent): Effect
  /** What the subject has, for people who ask why it matches; absent when there is nothing to add. */
  tells?(subject: P, locale: Locale): string | null
  phrase: Words
}

/** A value, or what is wrong with the input. */
export type Outcome<T> = { kind: 'ready'; value: T } | { kind: 'refused'; problems: readonly FieldProblem[] }

/** An operator whose value type is its own affair. */
export interface Operator<S, A> {
  label: Words
  input: ValueInput
  /** Checks the value and joins it with an operand. `path` is where the clause stands in the caller's input. */
  bind<P>(operand: Operand<S, A, P>, value: unknown, scope: Scope, path: string): Outcome<Leaf<P>>
}

/** Makes an operator of its definition. */
export function defineOperator<S, A, V>(definition: OperatorDefinition<S, A, V>): Operator<S, A> {
  return {
    label: definition.label,
    input: definition.input,
    bind: (operand, value, scope, path) => {
      const parsed = definition.value.safeParse(value)
      if (!parsed.success)
        return {
          kind: 'refused',
          problems: parsed.error.issues.map((issue) => ({
            path: [path, 'value', ...issue.path.map(String)].join('.'),
            message: issue.message,
          })),
        }
      const test = definition.test(parsed.data, scope)
      return {
        kind: 'ready',
        value: {
          opposite: definition.opposite ?? false,
          sql: (q) => test.sql(operand.sql(q, scope), q),
          matches: (subject) => {
            const actual = operand.read(subject, scope)
            return actual !== null && test.matches(actual)
          },
          ...flipsOf(test, operand, scope),
          tells: (subject, locale) => told(operand.read(subject, scope), operand.show, locale),
          phrase: definition.phrase(operand.subject, parsed.data, operand.show),
        },
      }
    },
  }
}

/** A known value in the words of its field; null where it is unknown, or no single value. */
function told(actual: unknown, show: Show, locale: Locale): string | null {
  if (typeof actual === 'string' || typeof actual === 'number') return show(String(actual), locale)
  if (Array.isArray(actual)) return actual.length === 0 ? null : actual.map(String).join(', ')
  return typeof actual === 'object' && actual !== null && 'text' in actual
    ? show(String(actual.text), locale)
    : null
}

function flipsOf<S, A, P>(test: Test<S, A>, operand: Operand<S, A, P>, scope: Scope): Pick<Leaf<P>, 'flips'> {
  const moves: LeafFlips<P>[] = []
  const ofTest = test.flips
  if (ofTest)
    moves.push({
      sql: (q) => ofTest.sql(operand.sql(q, scope), q),
      at: (subject) => {
        const actual = operand.read(subject, scope)
        return actual === null ? NEVER : ofTest.at(actual)
      },
    })
  const ofValue = operand.flips
  if (ofValue) moves.push({ sql: (q) => ofValue.sql(q, scope), at: (subject) => ofValue.at(subject, scope) })
  return moves.length === 0 ? {} : { flips: leastOf(moves) }
}

/** The next instant of several. */
export const leastOf = <P>(moves: readonly LeafFlips<P>[]): LeafFlips<P> => ({
  sql: (q) => `least(${moves.map((move) => move.sql(q)).join(', ') || 'null::timestamptz'})`,
  at: (subject) => moves.reduce((next, move) => Math.min(next, move.at(subject)), NEVER),
})
