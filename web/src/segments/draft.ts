/**
 * A rule while it is being edited: a tree whose parts have keys for the screen, and whose conditions may not be
 * complete yet. Pure; the builder holds one, and the API sees only complete ones.
 */
import type { Rule, Term, ValueInput } from './api.ts'
import { areExtrasComplete, startingExtras } from './parts.ts'
import type { Extras } from './parts.ts'

/** Which of a group's parts must hold. `none` is the denial of `any`. */
export type GroupMode = 'all' | 'any' | 'none'

/** A group while it is edited. */
export interface DraftGroup {
  key: string
  mode: GroupMode
  parts: DraftPart[]
}

/** A condition while it is edited; `operator` and `value` are chosen one after the other. */
export interface DraftClause {
  key: string
  kind: string
  field: string | null
  operator: string
  value: unknown
  /** What the clause carries beside its value, by the name of the property. */
  extras: Extras
}

export type DraftPart = DraftGroup | DraftClause

export const isGroup = (part: DraftPart): part is DraftGroup => 'parts' in part

let lastKey = 0
const newKey = (): string => `part-${++lastKey}`

/** The root of a rule that asks for nothing yet. */
export const emptyGroup = (mode: GroupMode = 'all'): DraftGroup => ({ key: newKey(), mode, parts: [] })

/** A new condition about a term, with its first operator. */
export function newClause(term: Term, key = newKey()): DraftClause {
  const operator = term.operators[0]
  return {
    key,
    kind: term.kind,
    field: term.field,
    operator: operator?.name ?? '',
    value: undefined,
    extras: startingExtras(operator?.parts ?? []),
  }
}

/** A saved rule as a draft; its root is always a group. */
export function toDraft(rule: Rule, terms: readonly Term[]): DraftGroup {
  const part = partOf(rule, terms)
  return isGroup(part) ? part : { ...emptyGroup(), parts: [part] }
}

function partOf(rule: Rule, terms: readonly Term[]): DraftPart {
  const inside = (child: Rule) => partOf(child, terms)
  if ('all' in rule) return { ...emptyGroup('all'), parts: rule.all.map(inside) }
  if ('any' in rule) return { ...emptyGroup('any'), parts: rule.any.map(inside) }
  if ('not' in rule) {
    const denied = inside(rule.not)
    // "Not any of these" is one group on the screen; everything else that is denied stands alone in a group of none.
    if (isGroup(denied) && denied.mode === 'any') return { ...denied, mode: 'none' }
    return { ...emptyGroup('none'), parts: [denied] }
  }
  const { kind, operator, ...rest }: { kind: string; operator: string } & Record<string, unknown> = rule
  const property = terms.find((term) => term.kind === kind)?.property ?? null
  const { value, ...more } = rest
  const named = property === null ? undefined : more[property]
  const extras = Object.fromEntries(Object.entries(more).filter(([name]) => name !== property))
  return { key: newKey(), kind, field: typeof named === 'string' ? named : null, operator, value, extras }
}

/** The draft as a rule; null while a condition is not complete or a group inside is empty. */
export function toRule(root: DraftGroup, terms: readonly Term[]): Rule | null {
  if (root.parts.length === 0) return root.mode === 'all' ? { all: [] } : null
  return ruleOf(root, terms)
}

function ruleOf(part: DraftPart, terms: readonly Term[]): Rule | null {
  if (!isGroup(part)) return isComplete(part, terms) ? clauseOf(part, terms) : null
  const rules: Rule[] = []
  for (const child of part.parts) {
    const rule = ruleOf(child, terms)
    if (rule === null) return null
    rules.push(rule)
  }
  if (rules.length === 0) return null
  if (part.mode === 'none') return { not: { any: rules } }
  return part.mode === 'all' ? { all: rules } : { any: rules }
}

/** The wire form of a complete condition. The server checks it again; its kinds are known only there. */
function clauseOf(draft: DraftClause, terms: readonly Term[]): Rule {
  const { kind, field, operator, value, extras } = draft
  const property = termOf(draft, terms)?.property ?? null
  const offered = operatorOf(draft, terms)?.parts ?? []
  const clause = {
    kind,
    ...(field === null || property === null ? {} : { [property]: field }),
    operator,
    ...(value === undefined ? {} : { value }),
    ...Object.fromEntries(
      Object.entries(extras).filter(
        ([name, part]) => part !== undefined && offered.some((one) => one === name),
      ),
    ),
  }
  return clause as Rule // built from the server's own vocabulary
}

/** Conditions that still need a value. */
export function incompleteCount(root: DraftGroup, terms: readonly Term[]): number {
  return root.parts.reduce(
    (sum, part) =>
      sum +
      (isGroup(part)
        ? Math.max(incompleteCount(part, terms), part.parts.length === 0 ? 1 : 0)
        : isComplete(part, terms)
          ? 0
          : 1),
    0,
  )
}

/** The term that a condition asks about. */
export function termOf(
  clause: Pick<DraftClause, 'kind' | 'field'>,
  terms: readonly Term[],
): Term | undefined {
  return terms.find((term) => term.kind === clause.kind && term.field === clause.field)
}

/** A condition's operator as the vocabulary has it. */
export function operatorOf(
  clause: DraftClause,
  terms: readonly Term[],
): Term['operators'][number] | undefined {
  return termOf(clause, terms)?.operators.find(({ name }) => name === clause.operator)
}

/** What a condition's operator wants to be given. */
export const inputOf = (clause: DraftClause, terms: readonly Term[]): ValueInput | undefined =>
  operatorOf(clause, terms)?.input

function isComplete(clause: DraftClause, terms: readonly Term[]): boolean {
  const operator = operatorOf(clause, terms)
  return (
    isValueComplete(operator?.input, clause.value) && areExtrasComplete(operator?.parts ?? [], clause.extras)
  )
}

/** Is the value whole that an operator wants? */
function isValueComplete(input: ValueInput | undefined, value: unknown): boolean {
  switch (input) {
    // A field that is gone: the server says what is wrong with it.
    case undefined:
    case 'none':
      return true
    case 'text':
    case 'day':
      return typeof value === 'string' && value !== ''
    case 'number':
    case 'days':
      return typeof value === 'number' && !Number.isNaN(value)
    case 'number_range':
    case 'day_range': {
      const range = rangeOf(value)
      return range.from !== null && range.to !== null && range.from <= range.to
    }
    case 'texts':
    case 'options':
    case 'segments':
    case 'campaigns':
      return Array.isArray(value) && value.length > 0
  }
}

/** A range while it is edited: each end may still be missing. */
export function rangeOf(value: unknown): { from: string | number | null; to: string | number | null } {
  const end = (name: 'from' | 'to'): string | number | null => {
    const found =
      typeof value === 'object' && value !== null && name in value
        ? (value as Record<string, unknown>)[name]
        : null
    return typeof found === 'string' || typeof found === 'number' ? found : null
  }
  return { from: end('from'), to: end('to') }
}

/** The same clause asking about another term; what was typed goes with its field. */
export const withTerm = (clause: DraftClause, term: Term): DraftClause => newClause(term, clause.key)

/** The same clause with another operator; the value stays where both take the same kind. */
export function withOperator(clause: DraftClause, operator: string, terms: readonly Term[]): DraftClause {
  const chosen = termOf(clause, terms)?.operators.find(({ name }) => name === operator)
  const next = { ...clause, operator, extras: { ...startingExtras(chosen?.parts ?? []), ...clause.extras } }
  return inputOf(next, terms) === inputOf(clause, terms) ? next : { ...next, value: undefined }
}

/** The tree with one part replaced, or taken out when `change` answers null. */
export function changePart(
  root: DraftGroup,
  key: string,
  change: (part: DraftPart) => DraftPart | null,
): DraftGroup {
  if (root.key === key) {
    const changed = change(root)
    return changed !== null && isGroup(changed) ? changed : { ...root, parts: [] }
  }
  return {
    ...root,
    parts: root.parts.flatMap((part) => {
      if (part.key !== key) return isGroup(part) ? [changePart(part, key, change)] : [part]
      const changed = change(part)
      return changed === null ? [] : [changed]
    }),
  }
}

/** Deepest nesting that the API takes. */
export const DEPTH_MAX = 8
