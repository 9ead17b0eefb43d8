/** From a rule to its readings: checks every clause against the organization's fields and segments. */
import type { FieldProblem } from '../../platform/errors.ts'
import { kindOf } from './clauses/index.ts'
import { sentence } from './describe.ts'
import { explain, type Explanation } from './explain.ts'
import { NEVER } from './flips.ts'
import { type Node, nodeEffect, nodeFlips, nodeMatches, nodeSql } from './node.ts'
import type { Effect, Outcome } from './operator.ts'
import type { Person, PersonEvent } from './person.ts'
import type { Rule } from './rule.ts'
import type { Scope } from './scope.ts'
import { type EventsRead, type PlacedSql, type SqlPlace, sqlText } from './sql-text.ts'
import type { Locale } from './words.ts'

/** Most clauses once the rules of the segments referred to are written out. */
export const EXPANDED_CLAUSES_MAX = 1_000
/** Deepest chain of segments that refer to segments. */
export const SEGMENT_CHAIN_MAX = 8

/** The three readings of one rule. */
export interface Reading {
  /** A predicate over the contact at `place`: true for exactly those who match, and its parameters in order. */
  toSql: (place: SqlPlace) => PlacedSql
  /** When time alone may change the answer for the contact at `place`: an instant after now or null; null when never. */
  flipsSql: (place: SqlPlace) => PlacedSql | null
  /** Does this one contact match? */
  matches(person: Person): boolean
  /** When time alone may change the answer for this contact, in milliseconds; `NEVER` when it does not. */
  flipsAt(person: Person): number
  /** What one more event of a contact may do to the answer. */
  effectOf(event: PersonEvent): Effect
  /** What of the log the answer and its flips rest on. */
  eventsRead(): readonly EventsRead[]
  /** Who matches, as a sentence. */
  describe(locale: Locale): string
  /** Why one person matches or not, condition by condition. */
  explain(person: Person, locale: Locale): Explanation
}

/**
 * Reads a rule.
 * @param path  how the caller's input names the rule, for the problems
 * @returns its readings, or everything that is wrong with it
 */
export function readRule(rule: Rule, scope: Scope, path = 'rule'): Outcome<Reading> {
  const node = bindNode(rule, path, {
    scope,
    budget: { clauses: EXPANDED_CLAUSES_MAX },
    chain: 0,
    isRoot: true,
  })
  if (node.kind === 'refused') return node
  const flips = nodeFlips(node.value)
  return {
    kind: 'ready',
    value: {
      toSql: (place) => {
        const q = sqlText(place)
        return q.placed(nodeSql(node.value, q))
      },
      flipsSql: (place) => {
        const q = sqlText(place)
        return flips === null ? null : q.placed(flips.sql(q))
      },
      matches: (person) => nodeMatches(node.value, person),
      flipsAt: (person) => flips?.at(person) ?? NEVER,
      effectOf: (event) => nodeEffect(node.value, event),
      eventsRead: () => {
        const q = sqlText(ANYWHERE)
        nodeSql(node.value, q)
        flips?.sql(q)
        return q.eventsRead
      },
      describe: (locale) => sentence(node.value, locale),
      explain: (person, locale) => explain(node.value, person, locale),
    },
  }
}

/** What a rule reads does not depend on where it stands. */
const ANYWHERE: SqlPlace = { alias: 'c', orgIdParam: '$1', firstParam: 2 }

interface Binding {
  scope: Scope
  /** Clauses that may still be written out; shared by the whole rule. */
  budget: { clauses: number }
  /** Segments between here and the caller's rule. */
  chain: number
  isRoot: boolean
}

function bindNode(rule: Rule, path: string, binding: Binding): Outcome<Node> {
  if ('all' in rule) return bindGroup('all', rule.all, path, binding)
  if ('any' in rule) return bindGroup('any', rule.any, path, binding)
  if ('not' in rule) {
    const node = bindNode(rule.not, `${path}.not`, { ...binding, isRoot: false })
    return node.kind === 'refused' ? node : { kind: 'ready', value: { kind: 'not', node: node.value } }
  }
  if (--binding.budget.clauses < 0)
    return refused(
      path,
      `With the segments it refers to, this rule has more than ${EXPANDED_CLAUSES_MAX} conditions.`,
    )
  const leaf = kindOf(rule).bind(
    rule,
    binding.scope,
    (inner, at) => bindSegmentRule(inner, at, binding),
    path,
  )
  return leaf.kind === 'refused' ? leaf : { kind: 'ready', value: { kind: 'leaf', leaf: leaf.value } }
}

/** An empty group says nothing, except as the whole rule: `all` of nothing is everyone. */
function bindGroup(
  kind: 'all' | 'any',
  rules: readonly Rule[],
  path: string,
  binding: Binding,
): Outcome<Node> {
  if (rules.length === 0 && !(kind === 'all' && binding.isRoot))
    return refused(`${path}.${kind}`, 'This group has no condition.')
  const nodes: Node[] = []
  const problems: FieldProblem[] = []
  for (const [index, rule] of rules.entries()) {
    const node = bindNode(rule, `${path}.${kind}.${index}`, { ...binding, isRoot: false })
    if (node.kind === 'refused') problems.push(...node.problems)
    else nodes.push(node.value)
  }
  return problems.length > 0 ? { kind: 'refused', problems } : { kind: 'ready', value: { kind, nodes } }
}

function bindSegmentRule(rule: Rule, path: string, binding: Binding): Outcome<Node> {
  const chain = binding.chain + 1
  if (chain > SEGMENT_CHAIN_MAX)
    return refused(
      path,
      `Segments can refer to segments at most ${SEGMENT_CHAIN_MAX} deep, and never in a circle.`,
    )
  const node = bindNode(rule, path, { ...binding, chain, isRoot: true })
  // What is wrong inside another segment is mended there; here only its name helps.
  return node.kind === 'refused'
    ? refused(path, `This segment has a rule that no longer works: ${node.problems[0]?.message ?? ''}`)
    : node
}

const refused = (path: string, message: string): { kind: 'refused'; problems: FieldProblem[] } => ({
  kind: 'refused',
  problems: [{ path, message }],
})
