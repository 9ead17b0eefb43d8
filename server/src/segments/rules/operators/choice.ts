/** Operators of values out of a set: countries, languages, time zones, tiers, and an organization's own choices. */
import { defineOperator, type Operator, type Test } from '../operator.ts'
import { noValue, textsValue } from '../values.ts'
import { either } from '../words.ts'

/** How a chosen set of values is tested; each field knows what its values are equal to. */
export interface ChoiceSql {
  isOneOf(values: readonly string[]): string
  known(): string
}

/** A known value and the test of equality that its field uses. */
export interface ChoiceActual {
  isOneOf(values: readonly string[]): boolean
}

const oneOf = (values: readonly string[]): Test<ChoiceSql, ChoiceActual> => ({
  sql: (operand) => operand.isOneOf(values),
  matches: (actual) => actual.isOneOf(values),
})

const known: Test<ChoiceSql, ChoiceActual> = { sql: (operand) => operand.known(), matches: () => true }

/** What one can ask of a choice. */
export const choiceOperators: Readonly<Record<string, Operator<ChoiceSql, ChoiceActual>>> = {
  one_of: defineOperator({
    label: { en: 'is one of', fr: 'est l’un de' },
    input: 'options',
    value: textsValue,
    test: oneOf,
    phrase: (subject, values, show) => ({
      en: `whose ${subject.en} is ${either(
        values.map((value) => show(value, 'en')),
        'en',
      )}`,
      fr: `dont ${subject.fr} est ${either(
        values.map((value) => show(value, 'fr')),
        'fr',
      )}`,
    }),
  }),
  none_of: defineOperator({
    label: { en: 'is none of', fr: 'n’est aucun de' },
    input: 'options',
    value: textsValue,
    opposite: true,
    test: oneOf,
    phrase: (subject, values, show) => ({
      en: `whose ${subject.en} is not ${either(
        values.map((value) => show(value, 'en')),
        'en',
      )} (or is unknown)`,
      fr: `dont ${subject.fr} n’est pas ${either(
        values.map((value) => show(value, 'fr')),
        'fr',
      )} (ou n’est pas connu)`,
    }),
  }),
  is_known: defineOperator({
    label: { en: 'is known', fr: 'est connu' },
    input: 'none',
    value: noValue,
    test: () => known,
    phrase: (subject) => ({ en: `whose ${subject.en} is known`, fr: `dont on connaît ${subject.fr}` }),
  }),
  is_empty: defineOperator({
    label: { en: 'is unknown', fr: 'n’est pas connu' },
    input: 'none',
    value: noValue,
    opposite: true,
    test: () => known,
    phrase: (subject) => ({
      en: `whose ${subject.en} is unknown`,
      fr: `dont on ne connaît pas ${subject.fr}`,
    }),
  }),
}
