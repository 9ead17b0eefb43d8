/** Conditions on the properties of an event: `price at least 20`, by the type of value that the rule expects. */
import { z } from 'zod'
import type { FieldProblem } from '../../platform/errors.ts'
import { isStorable } from '../../platform/storable.ts'
import {
  booleanOf,
  booleanSql,
  foldedSql,
  jsonDayOf,
  jsonDaySql,
  type JsonSql,
  listOf,
  listSql,
  numberOf,
  numberSql,
  textOf,
} from './json-value.ts'
import type { Leaf, OfferedOperator, Operand, Operator, Outcome } from './operator.ts'
import { booleanOperators } from './operators/boolean.ts'
import { dateOperators } from './operators/date.ts'
import { listOperators } from './operators/list.ts'
import { decimalSql, numberOperators } from './operators/number.ts'
import { textOperators } from './operators/text.ts'
import type { PersonEvent } from './person.ts'
import type { Scope } from './scope.ts'
import type { SqlText } from './sql-text.ts'
import { anyValue } from './values.ts'
import { numberText, quoted } from './words.ts'

/** Most conditions on the properties of one event. */
export const FILTERS_MAX = 10
/** Longest path to a property, and deepest. */
const PATH_LENGTH_MAX = 200
const PATH_DEPTH_MAX = 5

/** What a property is read as. A value of another type is unknown. */
export const PROPERTY_TYPES = ['text', 'number', 'boolean', 'date', 'list'] as const
export type PropertyType = (typeof PROPERTY_TYPES)[number]

/** `{ property: 'price', type: 'number', operator: 'at_least', value: 20 }`; dots lead into objects. */
export const filterSchema = z.strictObject({
  property: z
    .string()
    .min(1, 'Name a property.')
    .max(PATH_LENGTH_MAX)
    .refine((path) => path.split('.').length <= PATH_DEPTH_MAX, `At most ${PATH_DEPTH_MAX} deep.`)
    .refine(isStorable, 'No property has such a name.'),
  type: z.enum(PROPERTY_TYPES),
  operator: z.string().min(1).max(40),
  value: anyValue.optional(),
})
export type Filter = z.output<typeof filterSchema>

export const filtersSchema = z
  .array(filterSchema)
  .max(FILTERS_MAX, `At most ${FILTERS_MAX} conditions on one event.`)

/** A condition on the event that stands under an alias. */
export type EventLeaf = (alias: string) => Leaf<PersonEvent>

/** Makes conditions ready. */
export function bindFilters(
  filters: readonly Filter[],
  scope: Scope,
  path: string,
): Outcome<readonly EventLeaf[]> {
  const problems: FieldProblem[] = []
  const leaves = filters.flatMap((filter, index) => {
    const at = `${path}.${index}`
    const bound = bindFilter(filter, 'e', scope, at)
    if (bound.kind === 'refused') {
      problems.push(...bound.problems)
      return []
    }
    return [
      (alias: string): Leaf<PersonEvent> => {
        const again = bindFilter(filter, alias, scope, at)
        return again.kind === 'ready' ? again.value : bound.value
      },
    ]
  })
  return problems.length > 0 ? { kind: 'refused', problems } : { kind: 'ready', value: leaves }
}

/** What can be asked of a property of each type. */
export function filterOperators(): Readonly<Record<PropertyType, readonly OfferedOperator[]>> {
  const offered = (operators: Readonly<Record<string, Omit<OfferedOperator, 'name'>>>): OfferedOperator[] =>
    Object.entries(operators).map(([name, { label, input }]) => ({ name, label, input }))
  return {
    text: offered(textOperators),
    number: offered(numberOperators),
    boolean: offered(booleanOperators),
    date: offered(dateOperators),
    list: offered(listOperators),
  }
}

/** The predicate of one condition over an event. */
export function filterSql(leaf: Leaf<PersonEvent>, q: SqlText): string {
  return leaf.opposite ? `(${leaf.sql(q)}) is not true` : leaf.sql(q)
}

/** Does one event meet one condition? */
export const filterMatches = (leaf: Leaf<PersonEvent>, event: PersonEvent): boolean =>
  leaf.matches(event) !== leaf.opposite

function bindFilter(filter: Filter, alias: string, scope: Scope, path: string): Outcome<Leaf<PersonEvent>> {
  const { property, type, operator: name, value } = filter
  const steps = property.split('.')
  const names = { subject: { en: quoted(property, 'en'), fr: quoted(property, 'fr') }, show: quoted }
  const json = (q: SqlText): JsonSql => {
    const param = q.param(steps, 'text[]')
    const object = `${alias}.payload -> 'properties'`
    return { value: `((${object}) #> ${param})`, text: `((${object}) #>> ${param})` }
  }
  const read = (event: PersonEvent): unknown => valueAt(event.payload['properties'], steps)
  switch (type) {
    case 'text':
      return bindOperator(textOperators, {
        ...names,
        sql: (q) => foldedSql(json(q)),
        read: (event) => textOf(read(event)),
      })
    case 'number':
      return bindOperator(numberOperators, {
        ...names,
        show: (text, locale) => numberText(Number(text), locale),
        sql: (q) => decimalSql(q, numberSql(json(q))),
        read: (event) => numberOf(read(event)),
      })
    case 'boolean':
      return bindOperator(booleanOperators, {
        ...names,
        sql: (q) => booleanSql(json(q)),
        read: (event) => booleanOf(read(event)),
      })
    case 'date':
      return bindOperator(dateOperators, {
        ...names,
        sql: (q) => jsonDaySql(json(q), q, 'instant'),
        read: (event) => jsonDayOf(read(event), 'instant'),
      })
    case 'list':
      return bindOperator(listOperators, {
        ...names,
        sql: (q) => listSql(json(q), q),
        read: (event) => listOf(read(event)),
      })
  }

  function bindOperator<S, A>(
    operators: Readonly<Record<string, Operator<S, A>>>,
    operand: Operand<S, A, PersonEvent>,
  ): Outcome<Leaf<PersonEvent>> {
    const operator = Object.hasOwn(operators, name) ? operators[name] : undefined
    if (!operator)
      return {
        kind: 'refused',
        problems: [
          {
            path: `${path}.operator`,
            message: `A ${type} takes one of: ${Object.keys(operators).join(', ')}.`,
          },
        ],
      }
    return operator.bind(operand, value, scope, path)
  }
}

/** PostgreSQL's `#>` also takes numbers as places in lists; so does this. */
function valueAt(root: unknown, steps: readonly string[]): unknown {
  let value = root
  for (const step of steps) {
    if (Array.isArray(value)) value = /^-?\d+$/.test(step) ? value.at(Number(step)) : undefined
    else if (typeof value === 'object' && value !== null && Object.hasOwn(value, step))
      value = (value as Record<string, unknown>)[step]
    else return undefined
  }
  return value
}
