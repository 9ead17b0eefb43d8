/** Why a person is in a segment or not: the rule's tree with an answer at every condition. Pure. */
import type { Node } from './node.ts'
import { nodeMatches } from './node.ts'
import type { Person } from './person.ts'
import type { Locale } from './words.ts'

/** A part of a rule with its answer for one person. */
export type Explanation =
  | { kind: 'group'; mode: 'all' | 'any' | 'not'; holds: boolean; parts: Explanation[] }
  | {
      kind: 'condition'
      holds: boolean
      /** The condition as a relative clause: `whose country is France`. */
      text: string
      /** What the person has; null where there is nothing to add. */
      found: string | null
    }

/** Answers a rule part by part. */
export function explain(node: Node, person: Person, locale: Locale): Explanation {
  const holds = nodeMatches(node, person)
  switch (node.kind) {
    case 'leaf':
      return {
        kind: 'condition',
        holds,
        text: node.leaf.phrase[locale],
        found: node.leaf.tells?.(person, locale) ?? null,
      }
    case 'not':
      return { kind: 'group', mode: 'not', holds, parts: [explain(node.node, person, locale)] }
    case 'all':
    case 'any':
      return {
        kind: 'group',
        mode: node.kind,
        holds,
        parts: node.nodes.map((child) => explain(child, person, locale)),
      }
  }
}
