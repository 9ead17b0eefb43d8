/** What fields of facts are made of: numbers, money, instants and choices out of a table's columns. */
import { dayOf, startOfDay, addDays } from './days.ts'
import type { Option } from './field.ts'
import { digitsOf, moneyText } from './money.ts'
import type { Leaf, OfferedOperator, Operand, Operator, Outcome, Show } from './operator.ts'
import { choiceOperators, type ChoiceActual, type ChoiceSql } from './operators/choice.ts'
import { dateOperators, type DaySql } from './operators/date.ts'
import { numberOperators, wholeSql } from './operators/number.ts'
import { optionLabel } from './options.ts'
import type { Scope } from './scope.ts'
import { numberText, quoted, type Words } from './words.ts'

/** A field of facts without its types. */
export interface Derived<F> {
  label: Words
  operators: readonly OfferedOperator[]
  options: (() => readonly Option[]) | null
  bind(operator: string, value: unknown, scope: Scope, path: string): Outcome<Leaf<F>>
}

interface Names {
  label: Words
  subject: Words
}

/** A whole number; `expression` is SQL of an integer type. */
export function derivedNumber<F>(
  names: Names,
  expression: string,
  read: (facts: F) => number | null,
): Derived<F> {
  return derived(names, numberOperators, {
    subject: names.subject,
    show: (text, locale) => numberText(Number(text), locale),
    sql: (q) => wholeSql(q, expression),
    read,
  })
}

/** An amount: minor units where it is stored, major units in rules. */
export function derivedMoney<F>(
  names: Names,
  expression: string,
  read: (facts: F) => number | null,
): Derived<F> {
  const bind: Derived<F>['bind'] = (operator, value, scope, path) => {
    const unit = 10 ** digitsOf(scope.currency)
    return derived(names, numberOperators, {
      subject: names.subject,
      show: (text, locale) => moneyText(Number(text), scope.currency, locale),
      sql: (q) => wholeSql(q, expression, unit),
      read: (facts: F) => {
        const minor = read(facts)
        return minor === null ? null : minor / unit
      },
    }).bind(operator, value, scope, path)
  }
  return { label: names.label, operators: offered(numberOperators), options: null, bind }
}

/** An instant, read by the day it falls on. */
export function derivedDay<F>(names: Names, expression: string, read: (facts: F) => Date | null): Derived<F> {
  return derived<F, DaySql, string>(names, dateOperators, {
    subject: names.subject,
    show: quoted,
    sql: (q, { timeZone }) => ({
      from: (day) => `${expression} >= ${q.param(startOfDay(day, timeZone), 'timestamptz')}`,
      to: (day) => `${expression} < ${q.param(startOfDay(addDays(day, 1), timeZone), 'timestamptz')}`,
      onMonthDays: (monthDays) =>
        `to_char(${expression} at time zone ${q.param(timeZone, 'text')}, 'MM-DD') = any(${q.param(monthDays, 'text[]')})`,
      known: () => `${expression} is not null`,
      day: () => `(${expression} at time zone ${q.param(timeZone, 'text')})::date`,
    }),
    read: (facts, { timeZone }) => {
      const at = read(facts)
      return at === null ? null : dayOf(at, timeZone)
    },
  })
}

/** One of a set of words. */
export function derivedChoice<F>(
  names: Names,
  expression: string,
  read: (facts: F) => string | null,
  options: () => readonly Option[],
): Derived<F> {
  const show: Show = (value, locale) => optionLabel(options(), value)[locale]
  const made = derived<F, ChoiceSql, ChoiceActual>(names, choiceOperators, {
    subject: names.subject,
    show,
    sql: (q) => ({
      isOneOf: (values) => `${expression} = any(${q.param(values, 'text[]')})`,
      known: () => `${expression} is not null`,
    }),
    read: (facts) => {
      const actual = read(facts)
      return actual === null ? null : { text: actual, isOneOf: (values) => values.includes(actual) }
    },
  })
  return { ...made, options }
}

function derived<F, S, A>(
  { label }: Names,
  operators: Readonly<Record<string, Operator<S, A>>>,
  operand: Operand<S, A, F>,
): Derived<F> {
  return {
    label,
    operators: offered(operators),
    options: null,
    bind: (name, value, scope, path) => {
      const operator = Object.hasOwn(operators, name) ? operators[name] : undefined
      return operator
        ? operator.bind(operand, value, scope, path)
        : {
            kind: 'refused',
            problems: [
              {
                path: `${path}.operator`,
                message: `${label.en} takes one of: ${Object.keys(operators).join(', ')}.`,
              },
            ],
          }
    },
  }
}

const offered = (operators: Readonly<Record<string, Omit<OfferedOperator, 'name'>>>): OfferedOperator[] =>
  Object.entries(operators).map(([name, { label, input }]) => ({ name, label, input }))
