/** Operators of lists: tags, and an organization's own list fields. Entries compare exactly. */
import { defineOperator, type Operator, type OperatorDefinition, type Show, type Test } from '../operator.ts'
import { noValue, textsValue } from '../values.ts'
import { both, either, type Locale, type Words } from '../words.ts'

/** A list in SQL. */
export interface ListSql {
  hasAny(values: readonly string[]): string
  hasAll(values: readonly string[]): string
  hasSome(): string
}

const any = (values: readonly string[]): Test<ListSql, readonly string[]> => ({
  sql: (operand) => operand.hasAny(values),
  matches: (actual) => values.some((value) => actual.includes(value)),
})

const all = (values: readonly string[]): Test<ListSql, readonly string[]> => ({
  sql: (operand) => operand.hasAll(values),
  matches: (actual) => values.every((value) => actual.includes(value)),
})

const some: Test<ListSql, readonly string[]> = {
  sql: (operand) => operand.hasSome(),
  matches: (actual) => actual.length > 0,
}

type Phrase<V> = OperatorDefinition<ListSql, readonly string[], V>['phrase']

/** How a list is spoken of; the operators are the same. */
interface ListPhrases {
  any: Phrase<string[]>
  all: Phrase<string[]>
  none: Phrase<string[]>
  some: Phrase<undefined>
  empty: Phrase<undefined>
}

const shown = (values: readonly string[], show: Show, locale: Locale): string[] =>
  values.map((value) => show(value, locale))

const plainPhrases: ListPhrases = {
  any: (subject, values, show) => ({
    en: `whose ${subject.en} contains ${either(shown(values, show, 'en'), 'en')}`,
    fr: `dont ${subject.fr} contient ${either(shown(values, show, 'fr'), 'fr')}`,
  }),
  all: (subject, values, show) => ({
    en: `whose ${subject.en} contains ${both(shown(values, show, 'en'), 'en')}`,
    fr: `dont ${subject.fr} contient ${both(shown(values, show, 'fr'), 'fr')}`,
  }),
  none: (subject, values, show) => ({
    en: `whose ${subject.en} does not contain ${either(shown(values, show, 'en'), 'en')} (or is unknown)`,
    fr: `dont ${subject.fr} ne contient pas ${either(shown(values, show, 'fr'), 'fr')} (ou n’est pas connu)`,
  }),
  some: (subject) => ({ en: `whose ${subject.en} is not empty`, fr: `dont ${subject.fr} n’est pas vide` }),
  empty: (subject) => ({ en: `whose ${subject.en} is empty`, fr: `dont ${subject.fr} est vide` }),
}

const tagWord = (values: readonly string[]): Words =>
  values.length === 1 ? { en: 'the tag', fr: 'l’étiquette' } : { en: 'the tags', fr: 'les étiquettes' }

const tagPhrases: ListPhrases = {
  any: (_, values, show) => ({
    en: `who have the tag ${either(shown(values, show, 'en'), 'en')}`,
    fr: `qui ont l’étiquette ${either(shown(values, show, 'fr'), 'fr')}`,
  }),
  all: (_, values, show) => ({
    en: `who have ${tagWord(values).en} ${both(shown(values, show, 'en'), 'en')}`,
    fr: `qui ont ${tagWord(values).fr} ${both(shown(values, show, 'fr'), 'fr')}`,
  }),
  none: (_, values, show) => ({
    en: `who do not have the tag ${either(shown(values, show, 'en'), 'en')}`,
    fr: `qui n’ont pas l’étiquette ${either(shown(values, show, 'fr'), 'fr')}`,
  }),
  some: () => ({ en: 'who have a tag', fr: 'qui ont une étiquette' }),
  empty: () => ({ en: 'who have no tag', fr: 'qui n’ont aucune étiquette' }),
}

const operatorsWith = (
  phrases: ListPhrases,
): Readonly<Record<string, Operator<ListSql, readonly string[]>>> => ({
  has_any: defineOperator({
    label: { en: 'has any of', fr: 'contient l’un de' },
    input: 'options',
    value: textsValue,
    test: any,
    phrase: phrases.any,
  }),
  has_all: defineOperator({
    label: { en: 'has all of', fr: 'contient tous' },
    input: 'options',
    value: textsValue,
    test: all,
    phrase: phrases.all,
  }),
  has_none: defineOperator({
    label: { en: 'has none of', fr: 'ne contient aucun de' },
    input: 'options',
    value: textsValue,
    opposite: true,
    test: any,
    phrase: phrases.none,
  }),
  is_known: defineOperator({
    label: { en: 'is not empty', fr: 'n’est pas vide' },
    input: 'none',
    value: noValue,
    test: () => some,
    phrase: phrases.some,
  }),
  is_empty: defineOperator({
    label: { en: 'is empty', fr: 'est vide' },
    input: 'none',
    value: noValue,
    opposite: true,
    test: () => some,
    phrase: phrases.empty,
  }),
})

/** What one can ask of a list field. */
export const listOperators = operatorsWith(plainPhrases)

/** What one can ask of tags. */
export const tagOperators = operatorsWith(tagPhrases)
