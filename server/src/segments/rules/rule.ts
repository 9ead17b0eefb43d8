/** The rule tree: groups of all, any and not over clauses. */
import { z } from 'zod'
import { type Clause, type ClauseInput, clauseSchema } from './clauses/index.ts'

/** Deepest nesting of groups. */
export const DEPTH_MAX = 8
/** Most clauses in one rule. */
export const CLAUSES_MAX = 200
/** Most groups in one rule. */
export const GROUPS_MAX = 100

/** A rule in code. `{ all: [] }` is everyone. */
export type Rule = { all: Rule[] } | { any: Rule[] } | { not: Rule } | Clause
/** A rule on the wire. */
export type RuleInput = { all: RuleInput[] } | { any: RuleInput[] } | { not: RuleInput } | ClauseInput

const tree: z.ZodType<Rule, RuleInput> = z.lazy(() =>
  z.union(
    [
      clauseSchema,
      z.strictObject({ all: z.array(tree) }),
      z.strictObject({ any: z.array(tree) }),
      z.strictObject({ not: tree }),
    ],
    'A rule is {"all": […]}, {"any": […]}, {"not": …} or a condition such as {"kind": "contact", "field": "country", "operator": "one_of", "value": ["FR"]}.',
  ),
)

/**
 * A rule on the wire. Its size is measured before anything descends into it, so that no input can exhaust the stack.
 */
export const ruleSchema: z.ZodType<Rule, RuleInput> = z
  .custom<RuleInput>()
  .superRefine((input, context) => {
    const message = sizeProblem(input)
    if (message !== null) context.addIssue({ code: 'custom', message })
  })
  .pipe(tree)

/** What is too large about a rule, in a sentence; null when nothing is. */
function sizeProblem(root: unknown): string | null {
  let clauses = 0
  let groups = 0
  let level = [root]
  for (let depth = 0; level.length > 0; depth++) {
    const next: unknown[] = []
    for (const node of level) {
      const children = childrenOf(node)
      if (children === null) clauses++
      else {
        groups++
        if (depth >= DEPTH_MAX) return `Groups can be nested at most ${DEPTH_MAX} deep.`
        for (const child of children) next.push(child)
      }
      if (clauses > CLAUSES_MAX) return `A rule can have at most ${CLAUSES_MAX} conditions.`
      if (groups > GROUPS_MAX) return `A rule can have at most ${GROUPS_MAX} groups.`
    }
    level = next
  }
  return null
}

/** The nodes inside a group, of input that nobody has checked yet; null when it is no group. */
function childrenOf(node: unknown): readonly unknown[] | null {
  if (typeof node !== 'object' || node === null) return null
  const children: unknown[] = []
  if ('all' in node && Array.isArray(node.all)) children.push(...node.all)
  if ('any' in node && Array.isArray(node.any)) children.push(...node.any)
  if ('not' in node) children.push(node.not)
  return 'all' in node || 'any' in node || 'not' in node ? children : null
}

/** Every clause of a rule. */
export function clausesOf(rule: Rule): Clause[] {
  if ('all' in rule) return rule.all.flatMap(clausesOf)
  if ('any' in rule) return rule.any.flatMap(clausesOf)
  if ('not' in rule) return clausesOf(rule.not)
  return [rule]
}
