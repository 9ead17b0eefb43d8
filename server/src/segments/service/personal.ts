/** A rule tells nobody what histories hide from them: asked often enough, it would answer with the value itself. */
import { actorHolds } from '../../platform/http/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { personalProperties } from '../../tracking/index.ts'
import type { Audience } from '../audience.ts'
import { errors } from '../errors.ts'
import { kindOf } from '../rules/clauses/index.ts'
import type { EventInput } from '../rules/event-match.ts'
import { clausesOf, type Rule } from '../rules/rule.ts'

/** What a caller has just given that may ask about properties of events. */
export interface Asked {
  rules?: readonly Rule[]
  audience?: Audience | undefined
  events?: readonly EventInput[]
}

/**
 * Refuses rules, audiences and events with conditions that the caller has just given and that ask about properties
 * marked as personal, when the caller may not see these.
 * @throws segments.property_personal
 */
export async function refusePersonal(ctx: Ctx, { rules = [], audience, events = [] }: Asked): Promise<void> {
  if (actorHolds(ctx.actor, 'tracking.personal')) return
  const asked = [...rules, ...rulesOf(audience)]
    .flatMap(clausesOf)
    .flatMap((clause) => kindOf(clause).filtered?.(clause) ?? [])
    .concat(events)
    .flatMap(({ event, filters = [] }) => filters.map(({ property }) => ({ event, property })))
  if (asked.length === 0) return
  const personal = await personalProperties(ctx)
  const hidden = asked.find(({ event, property }) => isAmong(personal.get(event), property))
  if (hidden) throw errors.property_personal(hidden)
}

const rulesOf = (audience: Audience | undefined): Rule[] =>
  audience === undefined ? [] : [audience.include.rule, audience.exclude.rule].filter((rule) => rule !== null)

/** Dots of a rule lead into objects; what is marked is the property itself. */
const isAmong = (names: ReadonlySet<string> | undefined, property: string): boolean =>
  names !== undefined && (names.has(property) || names.has(property.split('.', 1).join('')))
