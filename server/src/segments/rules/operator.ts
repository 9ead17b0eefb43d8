/**
 * What an operator is: one definition with its value, its SQL, its in-memory test, its words and its editor.
 *
 * Unknown values, decided once for every clause: a comparison with an unknown value does not hold. Operators that
 * deny (`is not`, `contains none of`) are the exact opposite of their positive twin, so they also find people whose
 * value is unknown, and their words say so. A clause therefore always answers yes or no, never "unknown".
 */
import type { z } from 'zod'
import type { FieldProblem } from '../../platform/errors.ts'
import type { Person } from './person.ts'
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
] as const
export type ValueInput = (typeof VALUE_INPUTS)[number]

/** How a field's values are shown inside a sentence: options by their label, free text in quotes. */
export type Show = (value: string, locale: Locale) => string

/** The two readings of an operator with its value given. */
export interface Test<S, A> {
  /** A predicate over the operand; null counts as false. */
  sql(operand: S, q: SqlText): string
  /** The same over a known value. */
  matches(actual: A): boolean
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

/** A field of a person as operators see it. */
export interface Operand<S, A> {
  /** With its article where the language wants one: `country`, `le pays`. */
  subject: Words
  show: Show
  sql(q: SqlText, scope: Scope): S
  /** Null when unknown. */
  read(person: Person, scope: Scope): A | null
}

/** A clause made ready: its value checked, its operand known. The three readings of it. */
export interface Leaf {
  opposite: boolean
  sql(q: SqlText): string
  matches(person: Person): boolean
  phrase: Words
}

/** A value, or what is wrong with the input. */
export type Outcome<T> = { kind: 'ready'; value: T } | { kind: 'refused'; problems: readonly FieldProblem[] }

/** An operator whose value type is its own affair. */
export interface Operator<S, A> {
  label: Words
  input: ValueInput
  /** Checks the value and joins it with an operand. `path` is where the clause stands in the caller's input. */
  bind(operand: Operand<S, A>, value: unknown, scope: Scope, path: string): Outcome<Leaf>
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
          matches: (person) => {
            const actual = operand.read(person, scope)
            return actual !== null && test.matches(actual)
          },
          phrase: definition.phrase(operand.subject, parsed.data, operand.show),
        },
      }
    },
  }
}
