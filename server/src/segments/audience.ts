/** An audience as a rule: what is included, without what is excluded. */
import { z } from 'zod'
import { wireId } from '../platform/wire.ts'
import { type Rule, ruleSchema } from './rules/rule.ts'

/** Most segments named on each side of an audience. */
export const AUDIENCE_SEGMENTS_MAX = 50

const segmentIds = z
  .array(wireId('segment'))
  .max(AUDIENCE_SEGMENTS_MAX, `At most ${AUDIENCE_SEGMENTS_MAX} segments.`)
  .default([])
const rule = ruleSchema.nullable().default(null)

/**
 * Whom a campaign targets, as others keep it. Included is who is in any (or all) of the segments and also matches the
 * rule; with neither segments nor a rule it is nobody, and everyone is said with the rule `{ "all": [] }`. Excluded is
 * who is in any of the segments or matches the rule. Sources: CS-003.2, CS-003.3, CS-003.4, FR-002.2, FR-002.3
 */
export const audienceSchema = z.strictObject({
  include: z.strictObject({ match: z.enum(['any', 'all']).default('any'), segmentIds, rule }).prefault({}),
  exclude: z.strictObject({ segmentIds, rule }).prefault({}),
})
export type Audience = z.output<typeof audienceSchema>
export type AudienceInput = z.input<typeof audienceSchema>

/** The audience as one rule; null is nobody. */
export function audienceRule({ include, exclude }: Audience): Rule | null {
  if (include.segmentIds.length === 0 && include.rule === null) return null
  const parts: Rule[] = []
  if (include.segmentIds.length > 0)
    parts.push({
      kind: 'segment',
      operator: include.match === 'all' ? 'in_all' : 'in_any',
      value: include.segmentIds,
    })
  if (include.rule !== null && !isEveryone(include.rule)) parts.push(include.rule)
  if (exclude.segmentIds.length > 0)
    parts.push({ not: { kind: 'segment', operator: 'in_any', value: exclude.segmentIds } })
  if (exclude.rule !== null) parts.push({ not: exclude.rule })
  return { all: parts }
}

const isEveryone = (included: Rule): boolean => 'all' in included && included.all.length === 0
