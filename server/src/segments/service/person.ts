/** One contact as a rule sees it: gathers what the rule's clauses look at, and nothing else. */
import type { Ctx } from '../../platform/context.ts'
import type { ContactId } from '../../platform/ids.ts'
import { errors } from '../errors.ts'
import * as queries from '../queries/person.ts'
import { type Clause, kindOf } from '../rules/clauses/index.ts'
import { reachableKey } from '../rules/clauses/reachable.ts'
import type { Person } from '../rules/person.ts'
import { clausesOf, type Rule } from '../rules/rule.ts'
import type { Scope } from '../rules/scope.ts'

/**
 * Reads a contact for rules that have been given their scope. Inside a transaction, so that all parts are of one
 * moment.
 * @throws segments.contact_not_found
 */
export async function personFor(
  ctx: Ctx,
  contactId: ContactId,
  rules: readonly Rule[],
  scope: Scope,
): Promise<Person> {
  const row = await queries.selectPerson(ctx, contactId)
  if (!row) throw errors.contact_not_found({ contactId })
  const clauses = everyClause(rules, scope)
  const touched = new Set<string>(clauses.flatMap((clause) => kindOf(clause).touches(clause)))
  const lists = [...scope.segments].flatMap(([id, shape]) => (shape.kind === 'static' ? [id] : []))
  const types = [...touched].flatMap((touch) => (touch.startsWith('event:') ? [touch.slice(6)] : []))
  if (touched.has('money')) types.push(...scope.money.purchase, ...scope.money.refund)
  const runIds = [...scope.campaigns.values()].flatMap((campaign) => campaign.runIds)
  const campaigns = runIds.length === 0 ? [] : await queries.selectCampaignEngagement(ctx, contactId, runIds)
  return {
    ...row,
    segmentIds: new Set(lists.length === 0 ? [] : await queries.selectMemberships(ctx, contactId, lists)),
    events: types.length === 0 ? [] : await queries.selectEvents(ctx, contactId, [...new Set(types)]),
    profile:
      touched.has('profile:activity') || touched.has('profile:money')
        ? await queries.selectProfile(ctx, contactId)
        : null,
    engagement: touched.has('engagement') ? await queries.selectEngagement(ctx, contactId) : [],
    campaigns: new Map(campaigns.map(({ campaignId, ...deeds }) => [campaignId, deeds])),
    preferences: touched.has('consent') ? await queries.selectPreferences(ctx, contactId) : [],
    reachable: await reachableOf(ctx, contactId, clauses),
  }
}

/** The rules' clauses, and those of the segments that they refer to. */
function everyClause(rules: readonly Rule[], scope: Scope): Clause[] {
  const referred = [...scope.segments.values()].flatMap((shape) =>
    shape.kind === 'dynamic' ? [shape.rule] : [],
  )
  return [...rules, ...referred].flatMap(clausesOf)
}

/** A handful of channels and purposes at most, whatever the number of clauses. */
async function reachableOf(ctx: Ctx, contactId: ContactId, clauses: readonly Clause[]): Promise<Set<string>> {
  const asked = new Map(
    clauses
      .flatMap((clause) => kindOf(clause).reachable?.(clause) ?? [])
      .map((question) => [reachableKey(question.channel, question.purpose), question]),
  )
  const reachable = new Set<string>()
  for (const [key, question] of asked)
    if (await queries.isReachable(ctx, contactId, question)) reachable.add(key)
  return reachable
}
