/** Why one person is in a segment or not, and which segments a person is in. */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { ContactId, SegmentId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import { selectExisting } from '../queries/members.ts'
import { selectSegment, selectSegmentsOf, type SegmentOf } from '../queries/segments.ts'
import { readRule } from '../rules/bind.ts'
import type { Explanation } from '../rules/explain.ts'
import { needsOf, personFor } from './person.ts'
import { scopeFor } from './read.ts'
import { ruleOf } from './size.ts'

/** Segments shown of one person. */
const SEGMENTS_SHOWN = 100

/** The answer to "why?", rule by rule. */
export interface Why {
  isIn: boolean
  sentence: string
  explanation: Explanation
}

/** @throws segments.not_found, contact_not_found, rule_broken. Source: DS-SegmentationService.evaluateCriteria */
export function whyInSegment(ctx: Ctx, id: SegmentId, contactId: ContactId): Promise<Why> {
  return inTransaction(ctx, async (inner) => {
    const stored = await selectSegment(inner, id)
    if (!stored || stored.deletedAt !== null) throw errors.not_found({ id })
    const rule = ruleOf(stored)
    const scope = await scopeFor(inner, [rule])
    const reading = readRule(rule, scope)
    if (reading.kind === 'refused') throw errors.rule_broken({ id }, { problems: reading.problems })
    const person = await personFor(inner, contactId, needsOf(rule, reading.value, scope))
    return {
      isIn: reading.value.matches(person),
      sentence: reading.value.describe(inner.locale),
      explanation: reading.value.explain(person, inner.locale),
    }
  })
}

/** The segments that a person is in, by list or by rule, as membership has it. @throws segments.contact_not_found */
export async function segmentsOf(ctx: Ctx, contactId: ContactId): Promise<SegmentOf[]> {
  if ((await selectExisting(ctx, [contactId])).length === 0) throw errors.contact_not_found({ contactId })
  return selectSegmentsOf(ctx, contactId, SEGMENTS_SHOWN)
}
