/**
 * What a kind of clause is. One definition per kind gives everything about it: its place on the wire, its SQL, its
 * in-memory test and its words (through `bind`), and what the editor offers. A new kind is one file here and one line
 * in `clauses/index.ts`.
 */
import type { z } from 'zod'
import type { SegmentId } from '../../../platform/ids.ts'
import type { Field, FieldGroup, Option, SuggestionSource } from '../field.ts'
import type { Node } from '../node.ts'
import type { Leaf, Outcome, ValueInput } from '../operator.ts'
import type { Rule } from '../rule.ts'
import type { Scope } from '../scope.ts'
import type { Words } from '../words.ts'

/** Where the editor lists a term. */
export type TermGroup = FieldGroup | 'membership'

/** One thing that the editor lets a person ask about. */
export interface Term {
  kind: string
  /** For kinds that ask about a field. */
  field: string | null
  group: TermGroup
  label: Words
  operators: readonly { name: string; label: Words; input: ValueInput }[]
  /** Every value there is; null when values are free. */
  options: (() => readonly Option[]) | null
  suggestsFrom: SuggestionSource | null
}

/** What an organization has to choose from, beyond the values of fields. */
export interface Offered {
  fields: ReadonlyMap<string, Field>
  /** Finished imports, newest first, by their ids on the wire. */
  imports: readonly Option[]
}

/** Makes a whole rule ready, for clauses that refer to one. */
export type BindRule = (rule: Rule, path: string) => Outcome<Node>

/** A kind of clause whose wire form is `S`. */
export interface ClauseKind<S extends z.ZodObject> {
  schema: S
  /** Makes a clause ready for its readings. `path` is where it stands in the caller's input. */
  bind(clause: z.output<S>, scope: Scope, bindRule: BindRule, path: string): Outcome<Leaf>
  /** Segments that the clause refers to. */
  segments(clause: z.output<S>): readonly SegmentId[]
  /** Imports that the clause refers to. */
  imports(clause: z.output<S>): readonly string[]
  terms(offered: Offered): readonly Term[]
}
