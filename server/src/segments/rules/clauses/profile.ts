/** Clauses about what a contact has become: the figures of `contact_profile`, kept current from the event log. */
import { z } from 'zod'
import { type Derived, derivedChoice, derivedDay, derivedMoney, derivedNumber } from '../derived.ts'
import { type Facts, factLeaf } from '../facts.ts'
import type { Option } from '../field.ts'
import type { Leaf, Outcome } from '../operator.ts'
import type { ProfileFigures } from '../person.ts'
import { boundSql } from '../sql-text.ts'
import { anyValue } from '../values.ts'
import type { Words } from '../words.ts'
import type { ClauseKind, Touch } from './define.ts'

/** What stands for a contact who has done nothing yet. */
const NOTHING: ProfileFigures = {
  orders: 0,
  revenueMinor: 0,
  averageOrderMinor: null,
  lastOrderMinor: null,
  lifetimeValueMinor: 0,
  firstOrderAt: null,
  lastOrderAt: null,
  firstActivityAt: null,
  lastActivityAt: null,
  engagementScore: 0,
  rfmRecency: null,
  rfmFrequency: null,
  rfmMonetary: null,
  rfmClass: null,
  spendingLevel: null,
}

const named = (
  en: string,
  fr: string,
  subjectEn: string,
  subjectFr: string,
): { label: Words; subject: Words } => ({
  label: { en, fr },
  subject: { en: subjectEn, fr: subjectFr },
})

const SPENDING_LEVELS: readonly Option[] = [
  { value: 'low', label: { en: 'low', fr: 'bas' } },
  { value: 'medium', label: { en: 'medium', fr: 'moyen' } },
  { value: 'high', label: { en: 'high', fr: 'élevé' } },
]

/** The classes that the room analytics gives to buyers. */
const RFM_CLASSES: readonly Option[] = [
  { value: 'champions', label: { en: 'champions', fr: 'champions' } },
  { value: 'loyal', label: { en: 'loyal', fr: 'fidèles' } },
  { value: 'potential_loyal', label: { en: 'potentially loyal', fr: 'fidèles potentiels' } },
  { value: 'new', label: { en: 'new', fr: 'nouveaux' } },
  { value: 'promising', label: { en: 'promising', fr: 'prometteurs' } },
  { value: 'needs_attention', label: { en: 'needing attention', fr: 'à surveiller' } },
  { value: 'about_to_sleep', label: { en: 'about to sleep', fr: 'en train de s’endormir' } },
  { value: 'at_risk', label: { en: 'at risk', fr: 'à risque' } },
  { value: 'cannot_lose', label: { en: 'not to be lost', fr: 'à ne pas perdre' } },
  { value: 'hibernating', label: { en: 'hibernating', fr: 'en sommeil' } },
  { value: 'lost', label: { en: 'lost', fr: 'perdus' } },
]

/** Every figure that rules can ask about, in the order in which the editor lists them. */
const FIGURES: Readonly<Record<string, Derived<ProfileFigures>>> = {
  orders: derivedNumber(
    named('Orders', 'Commandes', 'number of orders', 'le nombre de commandes'),
    'p.orders',
    ({ orders }) => orders,
  ),
  revenue: derivedMoney(
    named('Revenue', 'Chiffre d’affaires', 'revenue', 'le chiffre d’affaires'),
    'p.revenue_minor',
    ({ revenueMinor }) => revenueMinor,
  ),
  average_order: derivedMoney(
    named('Average order', 'Panier moyen', 'average order', 'le panier moyen'),
    'p.average_order_minor',
    ({ averageOrderMinor }) => averageOrderMinor,
  ),
  last_order: derivedMoney(
    named('Last order', 'Dernière commande', 'last order', 'la dernière commande'),
    'p.last_order_minor',
    ({ lastOrderMinor }) => lastOrderMinor,
  ),
  lifetime_value: derivedMoney(
    named('Lifetime value', 'Valeur à vie', 'lifetime value', 'la valeur à vie'),
    'p.lifetime_value_minor',
    ({ lifetimeValueMinor }) => lifetimeValueMinor,
  ),
  spending_level: derivedChoice(
    named('Spending level', 'Niveau de dépense', 'spending level', 'le niveau de dépense'),
    'p.spending_level',
    ({ spendingLevel }) => spendingLevel,
    () => SPENDING_LEVELS,
  ),
  first_order_at: derivedDay(
    named('First order on', 'Première commande le', 'first order', 'la première commande'),
    'p.first_order_at',
    ({ firstOrderAt }) => firstOrderAt,
  ),
  last_order_at: derivedDay(
    named('Last order on', 'Dernière commande le', 'last order', 'la dernière commande'),
    'p.last_order_at',
    ({ lastOrderAt }) => lastOrderAt,
  ),
  first_activity_at: derivedDay(
    named('First activity on', 'Première activité le', 'first activity', 'la première activité'),
    'p.first_activity_at',
    ({ firstActivityAt }) => firstActivityAt,
  ),
  last_activity_at: derivedDay(
    named('Last activity on', 'Dernière activité le', 'last activity', 'la dernière activité'),
    'p.last_activity_at',
    ({ lastActivityAt }) => lastActivityAt,
  ),
  engagement_score: derivedNumber(
    named('Engagement score', 'Score d’engagement', 'engagement score', 'le score d’engagement'),
    'p.engagement_score',
    ({ engagementScore }) => engagementScore,
  ),
  rfm_class: derivedChoice(
    named('RFM class', 'Classe RFM', 'RFM class', 'la classe RFM'),
    'p.rfm_class',
    ({ rfmClass }) => rfmClass,
    () => RFM_CLASSES,
  ),
  rfm_recency: derivedNumber(
    named('Recency (1–5)', 'Récence (1–5)', 'recency', 'la récence'),
    'p.rfm_recency',
    ({ rfmRecency }) => rfmRecency,
  ),
  rfm_frequency: derivedNumber(
    named('Frequency (1–5)', 'Fréquence (1–5)', 'frequency', 'la fréquence'),
    'p.rfm_frequency',
    ({ rfmFrequency }) => rfmFrequency,
  ),
  rfm_monetary: derivedNumber(
    named('Amount (1–5)', 'Montant (1–5)', 'amount', 'le montant'),
    'p.rfm_monetary',
    ({ rfmMonetary }) => rfmMonetary,
  ),
}

/** What moves a figure, where that is not money alone. The lifetime value falls with the days, reckoned at each activity. */
const MOVED_BY: Readonly<Record<string, readonly Touch[]>> = {
  first_activity_at: ['profile:activity'],
  last_activity_at: ['profile:activity'],
  engagement_score: ['profile:activity'],
  lifetime_value: ['profile:activity', 'profile:money'],
}

/** `{ kind: 'profile', figure: 'orders', operator: 'at_least', value: 3 }`; amounts in major units. */
const schema = z.strictObject({
  kind: z.literal('profile'),
  figure: z.string().min(1).max(40),
  operator: z.string().min(1).max(40),
  value: anyValue.optional(),
})

/** A question about a figure of the profile. */
export const profileClause: ClauseKind<typeof schema> = {
  schema,
  property: 'figure',
  bind: (clause, scope, _, path): Outcome<Leaf> => {
    const figure = Object.hasOwn(FIGURES, clause.figure) ? FIGURES[clause.figure] : undefined
    if (!figure)
      return {
        kind: 'refused',
        problems: [{ path: `${path}.figure`, message: `There is no figure ${clause.figure}.` }],
      }
    const inner = figure.bind(clause.operator, clause.value, scope, path)
    return inner.kind === 'refused' ? inner : { kind: 'ready', value: factLeaf(inner.value, FACTS) }
  },
  touches: ({ figure }) => MOVED_BY[figure] ?? ['profile:money'],
  terms: () =>
    Object.entries(FIGURES).map(([field, { label, operators, options }]) => ({
      kind: 'profile',
      field,
      group: 'profile',
      label,
      operators,
      options,
      suggestsFrom: null,
    })),
}

const FACTS: Facts<ProfileFigures> = {
  none: NOTHING,
  of: (person) => person.profile ?? NOTHING,
  rows: (q, condition) =>
    `select p.contact_id from contact_profile p where p.org_id = ${q.place.orgIdParam}${boundSql(q, 'p.contact_id')} and ${condition}`,
  one: (q, expression) =>
    `(select ${expression} from contact_profile p where p.org_id = ${q.place.orgIdParam} and p.contact_id = ${q.column('id')})`,
}
