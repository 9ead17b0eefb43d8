/** Rules to start from: the segments that most organizations make first. */
import type { Rule } from './api.ts'

/** A prepared rule; its texts are messages `starters.<id>`. */
export interface Starter {
  id: 'newThisMonth' | 'french' | 'birthdays' | 'withoutPhone' | 'vip'
  rule: Rule
}

const DAYS_OF_MONTH = 30
const DAYS_OF_WEEK = 7

export const STARTERS: readonly Starter[] = [
  {
    id: 'newThisMonth',
    rule: { all: [{ kind: 'contact', field: 'created_at', operator: 'in_last_days', value: DAYS_OF_MONTH }] },
  },
  {
    id: 'french',
    rule: { all: [{ kind: 'contact', field: 'language', operator: 'one_of', value: ['fr'] }] },
  },
  {
    id: 'birthdays',
    rule: {
      all: [
        { kind: 'contact', field: 'birthday', operator: 'anniversary_in_next_days', value: DAYS_OF_WEEK },
      ],
    },
  },
  {
    id: 'withoutPhone',
    rule: {
      all: [
        { kind: 'contact', field: 'email', operator: 'is_known' },
        { kind: 'contact', field: 'phone', operator: 'is_empty' },
      ],
    },
  },
  { id: 'vip', rule: { all: [{ kind: 'contact', field: 'tags', operator: 'has_any', value: ['vip'] }] } },
]

/** What an address that begins a segment from the grid of buyers says, before the name of the class. */
const CLASS_START = 'rfm.'

/** The rule for a class of buyers, from `rfm.champions`; undefined for another beginning. */
export function classRule(start: string | undefined): Rule | undefined {
  if (start === undefined || !start.startsWith(CLASS_START)) return undefined
  const name = start.slice(CLASS_START.length)
  return { all: [{ kind: 'profile', figure: 'rfm_class', operator: 'one_of', value: [name] }] }
}
