/** What several kinds of value are asked in the same words: whether they are known, and whether they are one of a set. */
import { defineOperator, type Operator, type Show, type Test } from '../operator.ts'
import { noValue, textsValue } from '../values.ts'
import { either, type Words } from '../words.ts'

/**
 * `is known`, and its opposite.
 * @param known  the test that the field's operand answers
 * @param label  how the pair is listed, where the noun asks for another gender or word
 */
export function knownOperators<S, A>(
  known: Test<S, A>,
  label: { known: Words; unknown: Words } = {
    known: { en: 'is known', fr: 'est connu' },
    unknown: { en: 'is unknown', fr: 'n’est pas connu' },
  },
): { is_known: Operator<S, A>; is_empty: Operator<S, A> } {
  return {
    is_known: defineOperator({
      label: label.known,
      input: 'none',
      value: noValue,
      test: () => known,
      phrase: (subject) => ({ en: `whose ${subject.en} is known`, fr: `dont on connaît ${subject.fr}` }),
    }),
    is_empty: defineOperator({
      label: label.unknown,
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
}

/**
 * `is one of`, and its opposite.
 * @param input  how the values are given: picked from options, or written
 * @param oneOf  the test of a set of values
 */
export function oneOfOperators<S, A>(
  input: 'options' | 'texts',
  oneOf: (values: readonly string[]) => Test<S, A>,
): { one_of: Operator<S, A>; none_of: Operator<S, A> } {
  return {
    one_of: defineOperator({
      label: { en: 'is one of', fr: 'est l’un de' },
      input,
      value: textsValue,
      test: oneOf,
      phrase: (subject, values, show) => {
        const shown = eitherShown(values, show)
        return { en: `whose ${subject.en} is ${shown.en}`, fr: `dont ${subject.fr} est ${shown.fr}` }
      },
    }),
    none_of: defineOperator({
      label: { en: 'is none of', fr: 'n’est aucun de' },
      input,
      value: textsValue,
      opposite: true,
      test: oneOf,
      phrase: (subject, values, show) => {
        const shown = eitherShown(values, show)
        return {
          en: `whose ${subject.en} is not ${shown.en} (or is unknown)`,
          fr: `dont ${subject.fr} n’est pas ${shown.fr} (ou n’est pas connu)`,
        }
      },
    }),
  }
}

function eitherShown(values: readonly string[], show: Show): Words {
  const shown = (locale: keyof Words): string =>
    either(
      values.map((value) => show(value, locale)),
      locale,
    )
  return { en: shown('en'), fr: shown('fr') }
}
