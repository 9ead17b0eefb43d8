/** Reading rules: gathers what a rule depends on, then makes its three readings. */
import { assert, type FieldProblem } from '../../platform/errors.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import type { SegmentId } from '../../platform/ids.ts'
import { campaignSource } from '../campaigns.ts'
import { errors } from '../errors.ts'
import { selectCustomFields, selectImports, selectMoneyTypes, selectSettings } from '../queries/scope.ts'
import { selectClosure } from '../queries/segments.ts'
import { kindOf } from '../rules/clauses/index.ts'
import { CONTACT_FIELDS } from '../rules/contact-fields.ts'
import { customField } from '../rules/custom-fields.ts'
import { readRule, type Reading } from '../rules/bind.ts'
import type { Outcome } from '../rules/operator.ts'
import { clausesOf, type Rule } from '../rules/rule.ts'
import { type Scope, scopeOf, type SegmentShape } from '../rules/scope.ts'
import { refusePersonal } from './personal.ts'

/** Segments that a rule names itself. */
export function segmentsNamedBy(rule: Rule): SegmentId[] {
  return [...new Set(clausesOf(rule).flatMap((clause) => kindOf(clause).segments?.(clause) ?? []))]
}

/** Everything that these rules depend on, in a few statements whatever their number. */
export function scopeFor(ctx: Ctx, rules: readonly Rule[]): Promise<Scope> {
  return inTransaction(ctx, async (inner) => {
    const { timeZone, currency } = await selectSettings(inner)
    const custom = await selectCustomFields(inner)
    const segments = await shapesOf(inner, [...new Set(rules.flatMap(segmentsNamedBy))])
    const all = [
      ...rules,
      ...[...segments.values()].flatMap((shape) => (shape.kind === 'dynamic' ? [shape.rule] : [])),
    ]
    const clauses = all.flatMap(clausesOf)
    const importIds = [...new Set(clauses.flatMap((clause) => kindOf(clause).imports?.(clause) ?? []))]
    const imports = importIds.length === 0 ? [] : await selectImports(inner, importIds)
    const campaignIds = [...new Set(clauses.flatMap((clause) => kindOf(clause).campaigns?.(clause) ?? []))]
    const campaigns = campaignIds.length === 0 ? [] : await campaignSource().named(inner, campaignIds)
    const isAboutMoney = clauses.some((clause) => kindOf(clause).touches(clause).includes('money'))
    return scopeOf({
      now: inner.now(),
      timeZone,
      currency,
      fields: new Map([...CONTACT_FIELDS, ...custom.map(customField)].map((field) => [field.key, field])),
      segments,
      imports: new Map(imports.map(({ id, fileName }) => [id, fileName])),
      campaigns: new Map(campaigns.map(({ id, name, runIds }) => [id, { name, runIds }])),
      money: isAboutMoney ? await selectMoneyTypes(inner) : { purchase: [], refund: [] },
    })
  })
}

async function shapesOf(ctx: Ctx, ids: readonly SegmentId[]): Promise<ReadonlyMap<SegmentId, SegmentShape>> {
  if (ids.length === 0) return new Map()
  const closure = await selectClosure(ctx, ids)
  return new Map(
    closure.map(({ id, name, kind, rule }): [SegmentId, SegmentShape] => {
      if (kind === 'static') return [id, { name, kind }]
      assert(rule !== null, 'a dynamic segment has a rule')
      return [id, { name, kind, rule }]
    }),
  )
}

/** A rule's readings, or what is wrong with it. */
export async function tryRead(ctx: Ctx, rule: Rule, path = 'rule'): Promise<Outcome<Reading>> {
  return readRule(rule, await scopeFor(ctx, [rule]), path)
}

/**
 * A rule's readings, when the caller has just given it.
 * @throws segments.rule_invalid with what is wrong, clause by clause; property_personal
 */
export async function readGiven(ctx: Ctx, rule: Rule, path = 'rule'): Promise<Reading> {
  await refusePersonal(ctx, { rules: [rule] })
  return readyOr(await tryRead(ctx, rule, path), (problems) => errors.rule_invalid({}, { problems }))
}

/**
 * A rule's readings, when it has been saved before.
 * @throws segments.rule_broken when something it refers to is gone
 */
export async function readSaved(ctx: Ctx, rule: Rule): Promise<Reading> {
  return readyOr(await tryRead(ctx, rule), (problems) => errors.rule_broken({}, { problems }))
}

function readyOr(outcome: Outcome<Reading>, refuse: (problems: readonly FieldProblem[]) => Error): Reading {
  if (outcome.kind === 'refused') throw refuse(outcome.problems)
  return outcome.value
}
