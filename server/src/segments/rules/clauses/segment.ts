/** Clauses about being in other segments: static lists, or dynamic ones, whose rule then becomes part of this one. */
import { z } from 'zod'
import type { FieldProblem } from '../../../platform/errors.ts'
import type { SegmentId } from '../../../platform/ids.ts'
import { wireId } from '../../../platform/wire.ts'
import { bothEffects, type Node, nodeEffect, nodeFlips, nodeMatches, nodeSql } from '../node.ts'
import { type Effect, type Leaf, type LeafFlips, leastOf, type Outcome } from '../operator.ts'
import type { PersonEvent } from '../person.ts'
import { boundSql, type SqlText } from '../sql-text.ts'
import { both, either, quoted, type Locale } from '../words.ts'
import type { ClauseKind } from './define.ts'

/** Most segments that one clause names. */
const SEGMENTS_MAX = 50

const OPERATORS = {
  in_any: { label: { en: 'are in any of', fr: 'font partie de l’un de' }, all: false, opposite: false },
  in_all: { label: { en: 'are in all of', fr: 'font partie de tous' }, all: true, opposite: false },
  in_none: { label: { en: 'are in none of', fr: 'ne font partie d’aucun de' }, all: false, opposite: true },
} as const

/** `{ kind: 'segment', operator: 'in_any', value: ['seg_…'] }` */
const schema = z.strictObject({
  kind: z.literal('segment'),
  operator: z.enum(['in_any', 'in_all', 'in_none']),
  value: z
    .array(wireId('segment'))
    .min(1, 'Choose at least one segment.')
    .max(SEGMENTS_MAX, `At most ${SEGMENTS_MAX} segments.`),
})
type SegmentClause = z.output<typeof schema>

/** Being in one segment. */
interface Membership {
  name: string
  sql(q: SqlText): string
  matches: Leaf['matches']
  flips: LeafFlips | null
  effectOf(event: PersonEvent): Effect
}

/** A question about membership in segments. */
export const segmentClause: ClauseKind<typeof schema> = {
  schema,
  bind: (clause, scope, bindRule, path): Outcome<Leaf> => {
    const memberships: Membership[] = []
    const problems: FieldProblem[] = []
    for (const [index, id] of clause.value.entries()) {
      const segment = scope.segments.get(id)
      const here = `${path}.value.${index}`
      if (!segment) {
        problems.push({ path: here, message: 'No such segment.' })
        continue
      }
      if (segment.kind === 'static') {
        memberships.push({
          name: segment.name,
          sql: (q) => isMember(q, id),
          matches: (person) => person.segmentIds.has(id),
          flips: null,
          effectOf: () => 'none',
        })
        continue
      }
      const node = bindRule(segment.rule, here)
      if (node.kind === 'refused') problems.push(...node.problems)
      else memberships.push(ofNode(segment.name, node.value))
    }
    if (problems.length > 0) return { kind: 'refused', problems }
    const { all, opposite } = OPERATORS[clause.operator]
    return {
      kind: 'ready',
      value: {
        opposite,
        sql: (q) => `(${memberships.map((membership) => membership.sql(q)).join(all ? ' and ' : ' or ')})`,
        matches: (person) =>
          all
            ? memberships.every((membership) => membership.matches(person))
            : memberships.some((membership) => membership.matches(person)),
        effectOf: (event) => bothEffects(memberships.map((membership) => membership.effectOf(event))),
        flips: leastOf(memberships.flatMap(({ flips }) => flips ?? [])),
        phrase: { en: phraseIn(clause, memberships, 'en'), fr: phraseIn(clause, memberships, 'fr') },
      },
    }
  },
  // The rules of dynamic segments become part of this one, and with them what they look at.
  touches: (clause) => clause.value.map((id) => `segment:${id}` as const),
  segments: (clause) => clause.value,
  terms: () => [
    {
      kind: 'segment',
      field: null,
      group: 'membership',
      label: { en: 'Segment', fr: 'Segment' },
      operators: Object.entries(OPERATORS).map(([name, { label }]) => ({ name, label, input: 'segments' })),
      options: null,
      suggestsFrom: null,
    },
  ],
}

/** `exists` leaves the planner both ways, a hash of the list or a probe per person; the slice keeps the hash small. */
function isMember(q: SqlText, id: SegmentId): string {
  return `exists (select 1 from segment_member m where m.org_id = ${q.place.orgIdParam} and m.segment_id = ${q.param(id, 'uuid')} and m.contact_id = ${q.column('id')}${boundSql(q, 'm.contact_id')})`
}

const ofNode = (name: string, node: Node): Membership => ({
  name,
  sql: (q) => nodeSql(node, q),
  matches: (person) => nodeMatches(node, person),
  flips: nodeFlips(node),
  effectOf: (event) => nodeEffect(node, event),
})

function phraseIn(clause: SegmentClause, memberships: readonly Membership[], locale: Locale): string {
  const names = memberships.map(({ name }) => quoted(name, locale))
  const { all, opposite } = OPERATORS[clause.operator]
  const list = all ? both(names, locale) : either(names, locale)
  if (locale === 'fr') return opposite ? `qui ne font pas partie de ${list}` : `qui font partie de ${list}`
  return opposite ? `who are not in ${list}` : `who are in ${list}`
}
