/** Operators of yes-or-no fields. An unknown answer is neither yes nor no. */
import { defineOperator, type Operator } from '../operator.ts'
import { noValue } from '../values.ts'

/** What one can ask of a yes-or-no field. The operand in SQL is an expression of type boolean. */
export const booleanOperators: Readonly<Record<string, Operator<string, boolean>>> = {
  is_true: defineOperator({
    label: { en: 'is yes', fr: 'est oui' },
    input: 'none',
    value: noValue,
    test: () => ({ sql: (operand) => operand, matches: (actual) => actual }),
    phrase: (subject) => ({ en: `whose ${subject.en} is yes`, fr: `dont ${subject.fr} est oui` }),
  }),
  is_false: defineOperator({
    label: { en: 'is no', fr: 'est non' },
    input: 'none',
    value: noValue,
    test: () => ({ sql: (operand) => `not ${operand}`, matches: (actual) => !actual }),
    phrase: (subject) => ({ en: `whose ${subject.en} is no`, fr: `dont ${subject.fr} est non` }),
  }),
  is_known: defineOperator({
    label: { en: 'is answered', fr: 'a une réponse' },
    input: 'none',
    value: noValue,
    test: () => ({ sql: (operand) => `${operand} is not null`, matches: () => true }),
    phrase: (subject) => ({ en: `whose ${subject.en} is answered`, fr: `dont ${subject.fr} a une réponse` }),
  }),
  is_empty: defineOperator({
    label: { en: 'is not answered', fr: 'est sans réponse' },
    input: 'none',
    value: noValue,
    opposite: true,
    test: () => ({ sql: (operand) => `${operand} is not null`, matches: () => true }),
    phrase: (subject) => ({
      en: `whose ${subject.en} is not answered`,
      fr: `dont ${subject.fr} est sans réponse`,
    }),
  }),
}
