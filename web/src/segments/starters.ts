/** Rules to start from: the segments that most organizations make first. */
import type { Rule } from './api.ts'

/** A prepared rule; its texts are messages `starters.<id>`. */
export interface Starter {
  id:
    | 'newThisMonth'
    | 'active'
    | 'atRisk'
    | 'lost'
    | 'bigSpenders'
    | 'champions'
    | 'cartLeft'
    | 'birthdays'
    | 'neverOpened'
    | 'bySms'
    | 'french'
    | 'vip'
  rule: Rule
}

const DAYS_OF_MONTH = 30
const DAYS_OF_WEEK = 7
const DAYS_OF_HALF_YEAR = 180

const all = (...rules: Rule[]): Rule => ({ all: rules })

export const STARTERS: readonly Starter[] = [
  {
    id: 'newThisMonth',
    rule: all({ kind: 'contact', field: 'created_at', operator: 'in_last_days', value: DAYS_OF_MONTH }),
  },
  {
    id: 'active',
    rule: all({
      kind: 'profile',
      figure: 'last_activity_at',
      operator: 'in_last_days',
      value: DAYS_OF_MONTH,
    }),
  },
  {
    id: 'atRisk',
    rule: all({
      kind: 'profile',
      figure: 'rfm_class',
      operator: 'one_of',
      value: ['at_risk', 'about_to_sleep', 'cannot_lose'],
    }),
  },
  {
    id: 'lost',
    rule: all({
      kind: 'profile',
      figure: 'last_activity_at',
      operator: 'more_than_days_ago',
      value: DAYS_OF_HALF_YEAR,
    }),
  },
  {
    id: 'bigSpenders',
    rule: all({ kind: 'profile', figure: 'spending_level', operator: 'one_of', value: ['high'] }),
  },
  {
    id: 'champions',
    rule: all({ kind: 'profile', figure: 'rfm_class', operator: 'one_of', value: ['champions'] }),
  },
  {
    id: 'cartLeft',
    rule: all({
      kind: 'sequence',
      operator: 'not_followed',
      first: { event: 'track:Product Added' },
      next: { event: 'track:Order Completed' },
      within: { count: 24, unit: 'hours' },
      window: { last: { count: DAYS_OF_WEEK, unit: 'days' } },
    }),
  },
  {
    id: 'birthdays',
    rule: all({
      kind: 'contact',
      field: 'birthday',
      operator: 'anniversary_in_next_days',
      value: DAYS_OF_WEEK,
    }),
  },
  {
    id: 'neverOpened',
    rule: all(
      { kind: 'engagement', measure: 'received', operator: 'at_least', value: 3, channel: 'email' },
      { kind: 'engagement', measure: 'opened', operator: 'equals', value: 0, channel: 'email' },
    ),
  },
  { id: 'bySms', rule: all({ kind: 'reachable', channel: 'sms', operator: 'is' }) },
  { id: 'french', rule: all({ kind: 'contact', field: 'language', operator: 'one_of', value: ['fr'] }) },
  { id: 'vip', rule: all({ kind: 'contact', field: 'tags', operator: 'has_any', value: ['vip'] }) },
]

/** What an address that begins a segment from the grid of buyers says, before the name of the class. */
const CLASS_START = 'rfm.'

/** The rule for a class of buyers, from `rfm.champions`; undefined for another beginning. */
export function classRule(start: string | undefined): Rule | undefined {
  if (start === undefined || !start.startsWith(CLASS_START)) return undefined
  const name = start.slice(CLASS_START.length)
  return { all: [{ kind: 'profile', figure: 'rfm_class', operator: 'one_of', value: [name] }] }
}
