/** Operators of text. Letter case never matters; accents do. `*` and `?` are special in patterns only. */
import { fold } from '../fold.ts'
import { defineOperator, type Operator, type Test } from '../operator.ts'
import type { SqlText } from '../sql-text.ts'
import { globLike, globMatches } from '../glob.ts'
import { globValue, noValue, textValue } from '../values.ts'
import type { Words } from '../words.ts'
import { knownOperators, oneOfOperators } from './shared.ts'

/** A text column in SQL: folded for comparisons; null or empty when unknown. */
export interface TextSql {
  folded: string
  /** The text before it is folded, where folding takes longer than counting its letters. */
  plain?: string
}

/**
 * Is it one of these? Folding keeps the number of letters (`fold.ts`), and counting them takes a quarter of the time: most
 * texts are told apart by it.
 */
export function equalsAny({ folded, plain }: TextSql, q: SqlText, values: readonly string[]): string {
  const wanted = values.map(fold)
  const [first] = wanted
  const isOne =
    wanted.length === 1 && first !== undefined
      ? `${folded} = ${q.param(first, 'text')}`
      : `${folded} = any(${q.param(wanted, 'text[]')})`
  if (plain === undefined) return isOne
  const lengths = [...new Set(wanted.map((text) => Array.from(text).length))]
  return `(length(${plain}) = any(${q.param(lengths, 'int[]')}) and ${isOne})`
}

const equalsOne = (values: readonly string[]): Test<TextSql, string> => {
  const known = new Set(values.map(fold))
  return {
    sql: (operand, q) => equalsAny(operand, q, values),
    matches: (actual) => known.has(fold(actual)),
  }
}

const contains = (value: string): Test<TextSql, string> => {
  const needle = fold(value)
  return {
    sql: (operand, q) => `strpos(${operand.folded}, ${q.param(needle, 'text')}) > 0`,
    matches: (actual) => fold(actual).includes(needle),
  }
}

const startsWith = (value: string): Test<TextSql, string> => {
  const needle = fold(value)
  return {
    sql: (operand, q) => `starts_with(${operand.folded}, ${q.param(needle, 'text')})`,
    matches: (actual) => fold(actual).startsWith(needle),
  }
}

const endsWith = (value: string): Test<TextSql, string> => {
  const needle = fold(value)
  return {
    sql: (operand, q) => {
      const param = q.param(needle, 'text')
      return `right(${operand.folded}, length(${param})) = ${param}`
    },
    matches: (actual) => fold(actual).endsWith(needle),
  }
}

const like = (value: string): Test<TextSql, string> => {
  const pattern = fold(value)
  return {
    sql: (operand, q) =>
      `${operand.folded} <> '' and ${operand.folded} like ${q.param(globLike(pattern), 'text')}`,
    matches: (actual) => globMatches(pattern, fold(actual)),
  }
}

const known: Test<TextSql, string> = { sql: (operand) => `${operand.folded} <> ''`, matches: () => true }

/** What one can ask of a text. */
export const textOperators: Readonly<Record<string, Operator<TextSql, string>>> = {
  equals: defineOperator({
    label: { en: 'is', fr: 'est' },
    input: 'text',
    value: textValue,
    test: (value) => equalsOne([value]),
    phrase: (subject, value, show) => ({
      en: `whose ${subject.en} is ${show(value, 'en')}`,
      fr: `dont ${subject.fr} est ${show(value, 'fr')}`,
    }),
  }),
  not_equals: defineOperator({
    label: { en: 'is not', fr: 'n’est pas' },
    input: 'text',
    value: textValue,
    opposite: true,
    test: (value) => equalsOne([value]),
    phrase: (subject, value, show) => ({
      en: `whose ${subject.en} is not ${show(value, 'en')} (or is unknown)`,
      fr: `dont ${subject.fr} n’est pas ${show(value, 'fr')} (ou n’est pas connu)`,
    }),
  }),
  ...oneOfOperators('texts', equalsOne),
  contains: defineOperator({
    label: { en: 'contains', fr: 'contient' },
    input: 'text',
    value: textValue,
    test: contains,
    phrase: (subject, value, show) => ({
      en: `whose ${subject.en} contains ${show(value, 'en')}`,
      fr: `dont ${subject.fr} contient ${show(value, 'fr')}`,
    }),
  }),
  not_contains: defineOperator({
    label: { en: 'does not contain', fr: 'ne contient pas' },
    input: 'text',
    value: textValue,
    opposite: true,
    test: contains,
    phrase: (subject, value, show) => ({
      en: `whose ${subject.en} does not contain ${show(value, 'en')} (or is unknown)`,
      fr: `dont ${subject.fr} ne contient pas ${show(value, 'fr')} (ou n’est pas connu)`,
    }),
  }),
  starts_with: defineOperator({
    label: { en: 'starts with', fr: 'commence par' },
    input: 'text',
    value: textValue,
    test: startsWith,
    phrase: (subject, value, show) => ({
      en: `whose ${subject.en} starts with ${show(value, 'en')}`,
      fr: `dont ${subject.fr} commence par ${show(value, 'fr')}`,
    }),
  }),
  ends_with: defineOperator({
    label: { en: 'ends with', fr: 'se termine par' },
    input: 'text',
    value: textValue,
    test: endsWith,
    phrase: (subject, value, show) => ({
      en: `whose ${subject.en} ends with ${show(value, 'en')}`,
      fr: `dont ${subject.fr} se termine par ${show(value, 'fr')}`,
    }),
  }),
  matches: defineOperator({
    label: { en: 'matches the pattern', fr: 'correspond au motif' },
    input: 'text',
    value: globValue,
    test: like,
    phrase: (subject, value, show) => ({
      en: `whose ${subject.en} matches ${show(value, 'en')}`,
      fr: `dont ${subject.fr} correspond à ${show(value, 'fr')}`,
    }),
  }),
  not_matches: defineOperator({
    label: { en: 'does not match the pattern', fr: 'ne correspond pas au motif' },
    input: 'text',
    value: globValue,
    opposite: true,
    test: like,
    phrase: (subject, value, show) => ({
      en: `whose ${subject.en} does not match ${show(value, 'en')} (or is unknown)`,
      fr: `dont ${subject.fr} ne correspond pas à ${show(value, 'fr')} (ou n’est pas connu)`,
    }),
  }),
  ...knownOperators(known),
}

/**
 * E-mail addresses and telephone numbers: text, but one has them or has them not.
 * @param phrases  `who have an e-mail address`, and its denial
 */
export function addressOperators(phrases: {
  given: Words
  missing: Words
}): Readonly<Record<string, Operator<TextSql, string>>> {
  return {
    ...textOperators,
    is_known: defineOperator({
      label: { en: 'is given', fr: 'est renseigné' },
      input: 'none',
      value: noValue,
      test: () => known,
      phrase: () => phrases.given,
    }),
    is_empty: defineOperator({
      label: { en: 'is missing', fr: 'manque' },
      input: 'none',
      value: noValue,
      opposite: true,
      test: () => known,
      phrase: () => phrases.missing,
    }),
  }
}
