/** The builder's draft: nothing is lost between a saved rule and the screen. */
import { expect, test } from 'vitest'
import type { Rule, Term } from './api.ts'
import {
  changePart,
  emptyGroup,
  incompleteCount,
  isGroup,
  newClause,
  toDraft,
  toRule,
  withOperator,
} from './draft.ts'

const country: Term = {
  kind: 'contact',
  field: 'country',
  group: 'place',
  property: 'field',
  label: 'Country',
  operators: [
    { name: 'one_of', label: 'is one of', input: 'options', parts: [] },
    { name: 'none_of', label: 'is none of', input: 'options', parts: [] },
    { name: 'is_known', label: 'is known', input: 'none', parts: [] },
  ],
  options: [],
  suggestsFrom: null,
}
const terms = [country]
const french: Rule = { kind: 'contact', field: 'country', operator: 'one_of', value: ['FR'] }

test.each<[string, Rule, Rule]>([
  ['a group', { all: [french, { any: [french, french] }] }, { all: [french, { any: [french, french] }] }],
  ['everyone', { all: [] }, { all: [] }],
  ['a lone condition', french, { all: [french] }],
  ['none of several', { not: { any: [french, french] } }, { not: { any: [french, french] } }],
  ['a denied condition', { all: [{ not: french }] }, { all: [{ not: { any: [french] } }] }],
  [
    'a denied group of all',
    { not: { all: [french, french] } },
    { not: { any: [{ all: [french, french] }] } },
  ],
])('MA-2.1 %s means the same after editing as before', (_name, rule, expected) => {
  expect(toRule(toDraft(rule, terms), terms)).toEqual(expected)
})

test('MA-2.1 a condition without its value is not sent', () => {
  const clause = newClause(country)
  const draft = { ...emptyGroup(), parts: [clause] }
  expect(toRule(draft, terms)).toBeNull()
  expect(incompleteCount(draft, terms)).toBe(1)
  const filled = changePart(draft, clause.key, (part) => (isGroup(part) ? part : { ...part, value: ['FR'] }))
  expect(toRule(filled, terms)).toEqual({ all: [french] })
})

test('MA-2.1 an operator of the same kind keeps the value, another one drops it', () => {
  const clause = { ...newClause(country), value: ['FR'] }
  expect(withOperator(clause, 'none_of', terms).value).toEqual(['FR'])
  expect(withOperator(clause, 'is_known', terms).value).toBeUndefined()
})

test('MA-2.1 an empty group inside is not complete', () => {
  const draft = { ...emptyGroup(), parts: [emptyGroup('any')] }
  expect(toRule(draft, terms)).toBeNull()
  expect(incompleteCount(draft, terms)).toBe(1)
})
