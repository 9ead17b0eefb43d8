/** Operators of values out of a set: countries, languages, time zones, tiers, and an organization's own choices. */
import type { Operator, Test } from '../operator.ts'
import { knownOperators, oneOfOperators } from './shared.ts'

/** How a chosen set of values is tested; each field knows what its values are equal to. */
export interface ChoiceSql {
  isOneOf(values: readonly string[]): string
  known(): string
}

/** A known value and the test of equality that its field uses. */
export interface ChoiceActual {
  /** As it is stored. */
  text: string
  isOneOf(values: readonly string[]): boolean
}

const oneOf = (values: readonly string[]): Test<ChoiceSql, ChoiceActual> => ({
  sql: (operand) => operand.isOneOf(values),
  matches: (actual) => actual.isOneOf(values),
})

const known: Test<ChoiceSql, ChoiceActual> = { sql: (operand) => operand.known(), matches: () => true }

/** What one can ask of a choice. */
export const choiceOperators: Readonly<Record<string, Operator<ChoiceSql, ChoiceActual>>> = {
  ...oneOfOperators('options', oneOf),
  ...knownOperators(known),
}
