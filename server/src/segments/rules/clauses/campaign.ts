/** Clauses about the messages of given campaigns: who received, opened, clicked, wrote back, bought after a click. Human only. */
import { z } from 'zod'
import type { CampaignId } from '../../../platform/ids.ts'
import { wireId } from '../../../platform/wire.ts'
import type { Effect, Leaf, Outcome } from '../operator.ts'
import type { Person, PersonEvent } from '../person.ts'
import type { Scope } from '../scope.ts'
import { boundSql, type SqlText } from '../sql-text.ts'
import { either, quoted, type Locale, type Words } from '../words.ts'
import type { ClauseKind } from './define.ts'

/** Most campaigns that one clause names. */
const CAMPAIGNS_MAX = 20
/** How long after a click a purchase is taken for its doing. */
export const CONVERSION_DAYS = 7
const CONVERSION_MS = CONVERSION_DAYS * 24 * 3_600_000
/** The log's word for a followed link. */
const CLICKED = 'message.clicked'

type Deed = 'received' | 'opened' | 'clicked' | 'replied' | 'converted'
const DEEDS: Readonly<Record<Deed, { did: Words; didNot: Words; phrase: Words; denial: Words }>> = {
  received: {
    did: { en: 'received', fr: 'a reçu' },
    didNot: { en: 'did not receive', fr: 'n’a pas reçu' },
    phrase: { en: 'who received', fr: 'qui ont reçu' },
    denial: { en: 'who did not receive', fr: 'qui n’ont pas reçu' },
  },
  opened: {
    did: { en: 'opened', fr: 'a ouvert' },
    didNot: { en: 'did not open', fr: 'n’a pas ouvert' },
    phrase: { en: 'who opened', fr: 'qui ont ouvert' },
    denial: { en: 'who did not open', fr: 'qui n’ont pas ouvert' },
  },
  clicked: {
    did: { en: 'clicked', fr: 'a cliqué' },
    didNot: { en: 'did not click', fr: 'n’a pas cliqué' },
    phrase: { en: 'who clicked in', fr: 'qui ont cliqué dans' },
    denial: { en: 'who did not click in', fr: 'qui n’ont pas cliqué dans' },
  },
  replied: {
    did: { en: 'replied to', fr: 'a répondu à' },
    didNot: { en: 'did not reply to', fr: 'n’a pas répondu à' },
    phrase: { en: 'who replied to', fr: 'qui ont répondu à' },
    denial: { en: 'who did not reply to', fr: 'qui n’ont pas répondu à' },
  },
  converted: {
    did: { en: 'bought after a click', fr: 'a acheté après un clic' },
    didNot: { en: 'did not buy after a click', fr: 'n’a pas acheté après un clic' },
    phrase: {
      en: `who bought within ${CONVERSION_DAYS} days of a click in`,
      fr: `qui ont acheté dans les ${CONVERSION_DAYS} jours d’un clic dans`,
    },
    denial: {
      en: `who did not buy within ${CONVERSION_DAYS} days of a click in`,
      fr: `qui n’ont pas acheté dans les ${CONVERSION_DAYS} jours d’un clic dans`,
    },
  },
}
const OPERATORS = [
  'received',
  'not_received',
  'opened',
  'not_opened',
  'clicked',
  'not_clicked',
  'replied',
  'not_replied',
  'converted',
  'not_converted',
] as const

const deedOf = (operator: (typeof OPERATORS)[number]): { deed: Deed; isDenied: boolean } => {
  switch (operator) {
    case 'received':
    case 'opened':
    case 'clicked':
    case 'replied':
    case 'converted':
      return { deed: operator, isDenied: false }
    case 'not_received':
      return { deed: 'received', isDenied: true }
    case 'not_opened':
      return { deed: 'opened', isDenied: true }
    case 'not_clicked':
      return { deed: 'clicked', isDenied: true }
    case 'not_replied':
      return { deed: 'replied', isDenied: true }
    case 'not_converted':
      return { deed: 'converted', isDenied: true }
  }
}

/** `{ kind: 'campaign', operator: 'clicked', value: ['camp_…'] }` */
const schema = z.strictObject({
  kind: z.literal('campaign'),
  operator: z.enum(OPERATORS),
  value: z
    .array(wireId('campaign'))
    .min(1, 'Choose at least one campaign.')
    .max(CAMPAIGNS_MAX, `At most ${CAMPAIGNS_MAX} campaigns.`),
})

/** A question about campaigns. */
export const campaignClause: ClauseKind<typeof schema> = {
  schema,
  bind: (clause, scope, _, path): Outcome<Leaf> => {
    const unknown = clause.value.flatMap((id, index) =>
      scope.campaigns.has(id) ? [] : [{ path: `${path}.value.${index}`, message: 'No such campaign.' }],
    )
    if (unknown.length > 0) return { kind: 'refused', problems: unknown }
    const { deed, isDenied } = deedOf(clause.operator)
    const phraseIn = (locale: Locale): string => {
      const names = clause.value.map((id) => quoted(scope.campaigns.get(id)?.name ?? id, locale))
      return `${DEEDS[deed][isDenied ? 'denial' : 'phrase'][locale]} ${either(names, locale)}`
    }
    return {
      kind: 'ready',
      value: {
        opposite: isDenied,
        isTotal: true,
        sql: (q) => `(exists (${deedSql(deed, clause.value, scope, q)}))`,
        matches: (person) =>
          deed === 'converted'
            ? hasConverted(person, clause.value, scope)
            : clause.value.some((id) => person.campaigns.get(id)?.[deed] === true),
        ...(deed === 'converted' ? { effectOf: (event) => effectOf(event, scope) } : {}),
        phrase: { en: phraseIn('en'), fr: phraseIn('fr') },
      },
    }
  },
  campaigns: (clause) => clause.value,
  // Any event may be what a campaign counts as a conversion.
  touches: ({ operator }) =>
    deedOf(operator).deed === 'converted'
      ? ['campaign', 'profile:activity', `event:${CLICKED}`, 'money']
      : ['campaign'],
  terms: ({ hasCampaigns }) =>
    hasCampaigns
      ? [
          {
            kind: 'campaign',
            field: null,
            group: 'messages',
            label: { en: 'Campaign', fr: 'Campagne' },
            operators: OPERATORS.map((name) => {
              const { deed, isDenied } = deedOf(name)
              return { name, label: DEEDS[deed][isDenied ? 'didNot' : 'did'], input: 'campaigns' }
            }),
            options: null,
            suggestsFrom: null,
          },
        ]
      : [],
}

/** Runs and not campaigns are what the ledger's indexes begin with. */
function deedSql(deed: Deed, ids: readonly CampaignId[], scope: Scope, q: SqlText): string {
  const org = q.place.orgIdParam
  const contact = q.column('id')
  if (deed === 'converted') {
    return `select 1 from ${q.events('k', { types: [CLICKED], from: null, isWhole: true })} and k.campaign_id = any(${q.param(ids, 'uuid[]')}) and k.contact_id = ${contact} and k.payload -> 'machine' = 'false'
      and exists (select 1 from ${q.events('b', { types: scope.money.purchase, from: null, isWhole: false })} and b.contact_id = k.contact_id and b.at >= k.at and b.at <= k.at + interval '${CONVERSION_DAYS * 24} hours')`
  }
  const runs = q.param(
    ids.flatMap((id) => scope.campaigns.get(id)?.runIds ?? []),
    'uuid[]',
  )
  return deed === 'received'
    ? `select 1 from message m where m.org_id = ${org} and m.run_id = any(${runs})${boundSql(q, 'm.contact_id')} and m.contact_id = ${contact} and m.state in ('sent', 'delivered')`
    : `select 1 from engagement g where g.org_id = ${org} and g.run_id = any(${runs})${boundSql(q, 'g.contact_id')} and g.contact_id = ${contact} and g.${deed} > 0`
}

/** A further click or purchase may only make a pair of the two. */
const effectOf = ({ type }: PersonEvent, { money }: Scope): Effect =>
  type === CLICKED || money.purchase.includes(type) ? 'yes' : 'none'

function hasConverted(person: Person, ids: readonly CampaignId[], scope: Scope): boolean {
  const purchases = person.events.filter(({ type }) => scope.money.purchase.includes(type))
  return person.events.some(
    (click) =>
      click.type === CLICKED &&
      click.campaignId !== null &&
      ids.includes(click.campaignId) &&
      click.payload['machine'] === false &&
      purchases.some(({ at }) => at >= click.at && at.getTime() - click.at.getTime() <= CONVERSION_MS),
  )
}
