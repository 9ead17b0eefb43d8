/** A field of contacts, ready to be asked about: its operators and how a clause over it becomes a leaf. */
import type { Leaf, OfferedOperator, Operand, Operator, Outcome, Show } from './operator.ts'
import type { Scope } from './scope.ts'
import type { Words } from './words.ts'

/** Where the editor lists a field. */
export type FieldGroup = 'person' | 'place' | 'subscription' | 'record' | 'custom'

/** One value to choose from. */
export interface Option {
  value: string
  label: Words
}

/** A field without its types: what clauses and editors need. */
export interface Field {
  key: string
  group: FieldGroup
  label: Words
  operators: readonly OfferedOperator[]
  /** Every value there is; null when values are free. */
  options: (() => readonly Option[]) | null
  /** The column whose present values are worth suggesting, when values are free. */
  suggestsFrom: SuggestionSource | null
  bind(operator: string, value: unknown, scope: Scope, path: string): Outcome<Leaf>
}

/** Columns with few distinct values, offered while typing. */
export type SuggestionSource = 'tags' | 'city' | 'subscription_tier' | 'subscription_status' | 'source'

/** A field as its author writes it. */
export interface FieldDefinition<S, A> {
  key: string
  group: FieldGroup
  label: Words
  /** Inside sentences, with its article: `country`, `le pays`. */
  subject: Words
  operators: Readonly<Record<string, Operator<S, A>>>
  show: Show
  options?: () => readonly Option[]
  suggestsFrom?: SuggestionSource
  sql: Operand<S, A>['sql']
  read: Operand<S, A>['read']
  flips?: NonNullable<Operand<S, A>['flips']>
}

/** Makes a field of its definition. */
export function defineField<S, A>(definition: FieldDefinition<S, A>): Field {
  const { key, group, label, operators } = definition
  const names = Object.keys(operators)
  return {
    key,
    group,
    label,
    operators: Object.entries(operators).map(([name, operator]) => ({
      name,
      label: operator.label,
      input: operator.input,
    })),
    options: definition.options ?? null,
    suggestsFrom: definition.suggestsFrom ?? null,
    bind: (name, value, scope, path) => {
      const operator = Object.hasOwn(operators, name) ? operators[name] : undefined
      if (!operator)
        return {
          kind: 'refused',
          problems: [{ path: `${path}.operator`, message: `${label.en} takes one of: ${names.join(', ')}.` }],
        }
      return operator.bind(definition, value, scope, path)
    },
  }
}
