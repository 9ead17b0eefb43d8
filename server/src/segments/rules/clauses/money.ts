/**
 * Clauses about money over a window of time, from purchases net of refunds. Only amounts in the organization's
 * currency count. Figures over all time stand in the profile, which answers faster.
 */
import { z } from 'zod'
import { earliestRows, instantsOf } from '../event-match.ts'
import { type Facts, factLeaf } from '../facts.ts'
import { amountOf, digitsOf, moneyText } from '../money.ts'
import type { Leaf, Operand, Outcome } from '../operator.ts'
import { decimalSql, numberOperators, type NumberSql } from '../operators/number.ts'
import type { Person, PersonEvent } from '../person.ts'
import type { Scope } from '../scope.ts'
import type { SqlText } from '../sql-text.ts'
import { anyValue } from '../values.ts'
import {
  type Bounds,
  boundsOf,
  boundsSql,
  isWithin,
  windowFlips,
  windowFlipsAt,
  windowSchema,
} from '../window.ts'
import { numberText, type Words } from '../words.ts'
import type { ClauseKind } from './define.ts'

/** What is asked of the purchases and refunds of one person; null where there was no purchase to say it of. */
interface Money {
  /** Purchases less refunds, in minor units. */
  net: number
  purchases: number
  last: number | null
  first: number | null
  largest: number | null
}
const NOTHING: Money = { net: 0, purchases: 0, last: null, first: null, largest: null }

/** What aggregates are made of; made on demand, because each takes a parameter. */
interface Parts {
  amount: string
  isPurchase: () => string
  isRefund: () => string
}

interface Measure {
  label: Words
  subject: Words
  isAmount: boolean
  read(money: Money, unit: number): number | null
  /** An aggregate over events `e`; `unit` is minor units per major. */
  sql(parts: Parts, unit: number): string
}

const amountAt =
  (order: 'asc' | 'desc') =>
  (parts: Parts, unit: number): string =>
    `((array_agg(${parts.amount} order by e.at ${order}, e.seq ${order}) filter (where ${parts.isPurchase()}))[1]::numeric / ${unit})`
const inUnits =
  (name: 'last' | 'first' | 'largest') =>
  (money: Money, unit: number): number | null => {
    const minor = money[name]
    return minor === null ? null : minor / unit
  }
const netSql = ({ amount, isRefund }: Parts): string =>
  `coalesce(sum(case when ${isRefund()} then -(${amount}) else ${amount} end), 0)::numeric`

const MEASURES = {
  sum: {
    label: { en: 'Money spent', fr: 'Montant dépensé' },
    subject: { en: 'spending', fr: 'le montant dépensé' },
    isAmount: true,
    read: ({ net }, unit) => net / unit,
    sql: (parts, unit) => `(${netSql(parts)} / ${unit})`,
  },
  count: {
    label: { en: 'Number of purchases', fr: 'Nombre d’achats' },
    subject: { en: 'number of purchases', fr: 'le nombre d’achats' },
    isAmount: false,
    read: ({ purchases }) => purchases,
    sql: ({ isPurchase }) => `(count(*) filter (where ${isPurchase()}))::numeric`,
  },
  average: {
    label: { en: 'Average purchase', fr: 'Achat moyen' },
    subject: { en: 'average purchase', fr: 'l’achat moyen' },
    isAmount: true,
    read: ({ net, purchases }, unit) => (purchases === 0 ? null : net / (purchases * unit)),
    sql: (parts, unit) =>
      `(${netSql(parts)} / nullif(count(*) filter (where ${parts.isPurchase()}) * ${unit}, 0))`,
  },
  last: {
    label: { en: 'Last purchase', fr: 'Dernier achat' },
    subject: { en: 'last purchase', fr: 'le dernier achat' },
    isAmount: true,
    read: inUnits('last'),
    sql: amountAt('desc'),
  },
  first: {
    label: { en: 'First purchase', fr: 'Premier achat' },
    subject: { en: 'first purchase', fr: 'le premier achat' },
    isAmount: true,
    read: inUnits('first'),
    sql: amountAt('asc'),
  },
  largest: {
    label: { en: 'Largest purchase', fr: 'Plus gros achat' },
    subject: { en: 'largest purchase', fr: 'le plus gros achat' },
    isAmount: true,
    read: inUnits('largest'),
    sql: ({ amount, isPurchase }, unit) =>
      `(max(${amount}) filter (where ${isPurchase()})::numeric / ${unit})`,
  },
} as const satisfies Record<string, Measure>

const MEASURE_NAMES = ['sum', 'count', 'average', 'last', 'first', 'largest'] as const

/** `{ kind: 'money', measure: 'sum', operator: 'at_least', value: 100, window: { last: { count: 90, unit: 'days' } } }`; amounts in major units. */
const schema = z.strictObject({
  kind: z.literal('money'),
  measure: z.enum(MEASURE_NAMES),
  operator: z.string().min(1).max(40),
  value: anyValue.optional(),
  window: windowSchema.optional(),
})

/** A question about what somebody spent. */
export const moneyClause: ClauseKind<typeof schema> = {
  schema,
  property: 'measure',
  bind: (clause, scope, _, path): Outcome<Leaf> => {
    const measure: Measure = MEASURES[clause.measure]
    const operator = Object.hasOwn(numberOperators, clause.operator)
      ? numberOperators[clause.operator]
      : undefined
    if (!operator)
      return {
        kind: 'refused',
        problems: [
          {
            path: `${path}.operator`,
            message: `${measure.label.en} takes one of: ${Object.keys(numberOperators).join(', ')}.`,
          },
        ],
      }
    const bounds = boundsOf(clause.window, scope)
    const unit = 10 ** digitsOf(scope.currency)
    const operand: Operand<NumberSql, number, Money> = {
      subject: {
        en: `${measure.subject.en}${bounds.phrase.en}`,
        fr: `${measure.subject.fr}${bounds.phrase.fr}`,
      },
      show: (text, locale) =>
        measure.isAmount ? moneyText(Number(text), scope.currency, locale) : numberText(Number(text), locale),
      sql: (q) => decimalSql(q, measure.sql(partsOf(q, scope), unit)),
      read: (money) => measure.read(money, unit),
    }
    const inner = operator.bind(operand, clause.value, scope, path)
    if (inner.kind === 'refused') return inner
    return {
      kind: 'ready',
      value: {
        ...factLeaf(inner.value, factsOf(scope, bounds)),
        effectOf: (event) => (movesMoney(event, scope) ? 'either' : 'none'),
        ...flipsOf(scope, bounds),
      },
    }
  },
  touches: () => ['money'],
  terms: () =>
    MEASURE_NAMES.map((name) => ({
      kind: 'money',
      field: name,
      group: 'money',
      label: MEASURES[name].label,
      operators: Object.entries(numberOperators).map(([operator, { label, input }]) => ({
        name: operator,
        label,
        input,
        parts: ['window'] as const,
      })),
      options: null,
      suggestsFrom: null,
    })),
}

function factsOf(scope: Scope, bounds: Bounds): Facts<Money> {
  return {
    none: NOTHING,
    of: (person) => moneyOf(person, scope, bounds),
    rows: (q, condition) =>
      `select e.contact_id from ${moneyEvents(q, scope, bounds)} and e.contact_id is not null group by e.contact_id having ${condition}`,
  }
}

/** What follows `from`: events that move money, within the window. */
function moneyEvents(
  q: SqlText,
  { money, currency }: Scope,
  { from, to }: Pick<Bounds, 'from' | 'to'>,
): string {
  const events = q.events('e', { types: [...money.purchase, ...money.refund], from, isWhole: true })
  return `${events}${boundsSql(q, 'e.at', { from: null, to })} and e.payload -> 'money' ->> 'currency' = ${q.param(currency, 'text')}`
}

function partsOf(q: SqlText, { money }: Scope): Parts {
  return {
    amount: `(e.payload -> 'money' ->> 'amountMinor')::bigint`,
    isPurchase: () => `e.type = any(${q.param(money.purchase, 'text[]')})`,
    isRefund: () => `e.type = any(${q.param(money.refund, 'text[]')})`,
  }
}

function moneyOf(person: Person, scope: Scope, bounds: Bounds): Money {
  let money = NOTHING
  for (const event of person.events) {
    const amount = isWithin(event.at, bounds) ? amountOf(event, scope) : null
    if (amount === null) continue
    if (scope.money.refund.includes(event.type)) money = { ...money, net: money.net - amount }
    else if (scope.money.purchase.includes(event.type))
      money = {
        net: money.net + amount,
        purchases: money.purchases + 1,
        last: amount,
        first: money.first ?? amount,
        largest: Math.max(money.largest ?? amount, amount),
      }
  }
  return money
}

/** Is it a purchase or a refund in the organization's currency? */
const movesMoney = (event: PersonEvent, scope: Scope): boolean =>
  (scope.money.purchase.includes(event.type) || scope.money.refund.includes(event.type)) &&
  amountOf(event, scope) !== null

function flipsOf(scope: Scope, bounds: Bounds): Pick<Leaf, 'flips'> {
  if (bounds.edges.length === 0) return {}
  return {
    flips: {
      sql: (q) =>
        `least(${windowFlips(q, bounds, scope, (from) =>
          q.joined(earliestRows(moneyEvents(q, scope, { from, to: null }))),
        ).join(', ')})`,
      at: (person) =>
        windowFlipsAt(bounds, scope, instantsOf(person.events.filter((event) => movesMoney(event, scope)))),
    },
  }
}
