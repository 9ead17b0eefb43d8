/** A rule made ready: every clause bound to its field and value. Its readings agree by construction and by test. */
import { type Effect, type Leaf, type LeafFlips, leastOf } from './operator.ts'
import type { Person, PersonEvent } from './person.ts'
import type { SqlText } from './sql-text.ts'

export type Node =
  | { kind: 'all' | 'any'; nodes: readonly Node[] }
  | { kind: 'not'; node: Node }
  | { kind: 'leaf'; leaf: Leaf }

/**
 * The rule as a predicate: true for exactly those who match, false or null for everybody else.
 *
 * Denials are pushed down to the clauses, where `is not true` counts unknown values as not matching. Clauses that are
 * not denied stay bare, so that an index over their column serves.
 */
export function nodeSql(node: Node, q: SqlText, denied = false): string {
  switch (node.kind) {
    case 'leaf': {
      const predicate = node.leaf.sql(q)
      if (denied === node.leaf.opposite) return predicate
      return node.leaf.isTotal ? `not ${predicate}` : `(${predicate}) is not true`
    }
    case 'not':
      return nodeSql(node.node, q, !denied)
    case 'all':
    case 'any': {
      const conjunction = (node.kind === 'all') !== denied
      if (node.nodes.length === 0) return conjunction ? 'true' : 'false'
      const parts = node.nodes.map((child) => nodeSql(child, q, denied))
      return parts.length === 1 ? parts.join('') : `(${parts.join(conjunction ? ' and ' : ' or ')})`
    }
  }
}

/** Does the person match? */
export function nodeMatches(node: Node, person: Person): boolean {
  switch (node.kind) {
    case 'leaf':
      return node.leaf.matches(person) !== node.leaf.opposite
    case 'not':
      return !nodeMatches(node.node, person)
    case 'all':
      return node.nodes.every((child) => nodeMatches(child, person))
    case 'any':
      return node.nodes.some((child) => nodeMatches(child, person))
  }
}

/** When time alone may change who matches: the earliest of all clauses; null when time changes nothing. */
export function nodeFlips(node: Node): LeafFlips | null {
  const flips = leavesOf(node).flatMap((leaf) => leaf.flips ?? [])
  return flips.length === 0 ? null : leastOf(flips)
}

/** What one more event may do to the answer. */
export function nodeEffect(node: Node, event: PersonEvent): Effect {
  switch (node.kind) {
    case 'leaf': {
      const effect = node.leaf.effectOf?.(event) ?? 'none'
      return node.leaf.opposite ? denied(effect) : effect
    }
    case 'not':
      return denied(nodeEffect(node.node, event))
    case 'all':
    case 'any':
      return bothEffects(node.nodes.map((child) => nodeEffect(child, event)))
  }
}

/** What several effects come to together. */
export function bothEffects(effects: readonly Effect[]): Effect {
  let together: Effect = 'none'
  for (const effect of effects) {
    if (effect === 'none' || effect === together) continue
    if (together !== 'none') return 'either'
    together = effect
  }
  return together
}

const DENIED = { none: 'none', yes: 'no', no: 'yes', either: 'either' } as const satisfies Record<
  Effect,
  Effect
>
const denied = (effect: Effect): Effect => DENIED[effect]

function leavesOf(node: Node): Leaf[] {
  switch (node.kind) {
    case 'leaf':
      return [node.leaf]
    case 'not':
      return leavesOf(node.node)
    case 'all':
    case 'any':
      return node.nodes.flatMap(leavesOf)
  }
}
