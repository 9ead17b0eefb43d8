/** A rule tells nobody what histories hide from them: asked often enough, it would answer with the value itself. */
import { actorHolds } from '../../platform/http/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { personalProperties } from '../../tracking/index.ts'
import { errors } from '../errors.ts'
import { kindOf } from '../rules/clauses/index.ts'
import { clausesOf, type Rule } from '../rules/rule.ts'

/**
 * Refuses rules that the caller has just given and that ask about properties marked as personal, when the caller may
 * not see these.
 * @throws segments.property_personal
 */
export async function refusePersonal(ctx: Ctx, rules: readonly Rule[]): Promise<void> {
  if (actorHolds(ctx.actor, 'tracking.personal')) return
  const asked = rules
    .flatMap(clausesOf)
    .flatMap((clause) => kindOf(clause).filtered?.(clause) ?? [])
    .flatMap(({ event, filters = [] }) => filters.map(({ property }) => ({ event, property })))
  if (asked.length === 0) return
  const personal = await personalProperties(ctx)
  const hidden = asked.find(({ event, property }) => isAmong(personal.get(event), property))
  if (hidden) throw errors.property_personal(hidden)
}

/** Dots of a rule lead into objects; what is marked is the property itself. */
const isAmong = (names: ReadonlySet<string> | undefined, property: string): boolean =>
  names !== undefined && (names.has(property) || names.has(property.split('.', 1).join('')))
