/** Operators of numbers. Both readings compare exact decimals: a number's shortest text is the same number. */
import { defineOperator, type Operator, type Show, type Test } from '../operator.ts'
import { numberRangeValue, numberValue } from '../values.ts'
import type { Words } from '../words.ts'
import { knownOperators } from './shared.ts'

type Comparison = '=' | '<' | '<=' | '>' | '>='

const COMPARE: Readonly<Record<Comparison, (actual: number, value: number) => boolean>> = {
  '=': (actual, value) => actual === value,
  '<': (actual, value) => actual < value,
  '<=': (actual, value) => actual <= value,
  '>': (actual, value) => actual > value,
  '>=': (actual, value) => actual >= value,
}

const compare = (comparison: Comparison, value: number): Test<string, number> => ({
  sql: (operand, q) => `${operand} ${comparison} ${q.param(value, 'numeric')}`,
  matches: (actual) => COMPARE[comparison](actual, value),
})

const known: Test<string, number> = { sql: (operand) => `${operand} is not null`, matches: () => true }

/** An operator that compares with one number; its words are the same around every subject. */
const comparing = (comparison: Comparison, label: Words, words: Words): Operator<string, number> =>
  defineOperator({
    label,
    input: 'number',
    value: numberValue,
    test: (value) => compare(comparison, value),
    phrase: (subject, value, show) => ({
      en: `whose ${subject.en} is ${words.en}${show(String(value), 'en')}`,
      fr: `dont ${subject.fr} est ${words.fr}${show(String(value), 'fr')}`,
    }),
  })

const range = (show: Show, from: number, to: number): Words => ({
  en: `between ${show(String(from), 'en')} and ${show(String(to), 'en')}`,
  fr: `compris entre ${show(String(from), 'fr')} et ${show(String(to), 'fr')}`,
})

/** What one can ask of a number. The operand in SQL is an expression of type numeric. */
export const numberOperators: Readonly<Record<string, Operator<string, number>>> = {
  equals: comparing('=', { en: 'is', fr: 'est' }, { en: '', fr: '' }),
  not_equals: defineOperator({
    label: { en: 'is not', fr: 'n’est pas' },
    input: 'number',
    value: numberValue,
    opposite: true,
    test: (value) => compare('=', value),
    phrase: (subject, value, show) => ({
      en: `whose ${subject.en} is not ${show(String(value), 'en')} (or is unknown)`,
      fr: `dont ${subject.fr} n’est pas ${show(String(value), 'fr')} (ou n’est pas connu)`,
    }),
  }),
  less_than: comparing(
    '<',
    { en: 'is less than', fr: 'est inférieur à' },
    { en: 'less than ', fr: 'inférieur à ' },
  ),
  at_most: comparing('<=', { en: 'is at most', fr: 'est au plus' }, { en: 'at most ', fr: 'au plus ' }),
  more_than: comparing(
    '>',
    { en: 'is more than', fr: 'est supérieur à' },
    { en: 'more than ', fr: 'supérieur à ' },
  ),
  at_least: comparing('>=', { en: 'is at least', fr: 'est au moins' }, { en: 'at least ', fr: 'au moins ' }),
  between: defineOperator({
    label: { en: 'is between', fr: 'est compris entre' },
    input: 'number_range',
    value: numberRangeValue,
    test: ({ from, to }) => ({
      sql: (operand, q) => `${operand} between ${q.param(from, 'numeric')} and ${q.param(to, 'numeric')}`,
      matches: (actual) => actual >= from && actual <= to,
    }),
    phrase: (subject, { from, to }, show) => ({
      en: `whose ${subject.en} is ${range(show, from, to).en}`,
      fr: `dont ${subject.fr} est ${range(show, from, to).fr}`,
    }),
  }),
  ...knownOperators(known),
}
