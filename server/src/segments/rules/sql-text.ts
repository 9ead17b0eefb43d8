/** SQL in the making: the text of a predicate whose values are always parameters. */
import { assert } from '../../platform/errors.ts'

/** What may become a parameter. Lists travel as arrays. */
export type SqlValue = string | number | boolean | Date | readonly string[] | readonly number[]

/** The casts that predicates use; a closed list, so that no type name is ever taken from input. */
export type SqlType = 'text' | 'text[]' | 'numeric' | 'bigint' | 'date' | 'timestamptz' | 'uuid' | 'uuid[]'

/** Where a predicate will stand. */
export interface SqlPlace {
  /** The alias of `contact` in the surrounding statement. */
  alias: string
  /** The surrounding statement's parameter that holds the organization, such as `$1`. */
  orgIdParam: string
  /** The number of the first parameter that the predicate may take: one more than the statement has itself. */
  firstParam: number
  /**
   * Parameters that bound the contact ids of a keyset slice (`after` exclusive, `upTo` inclusive). Repeated on every
   * joined table: without it the planner hashes whole tables for each slice.
   */
  slice?: { afterParam: string; upToParam: string }
  /** A parameter with the ids of the few contacts that the statement looks at, repeated likewise. */
  idsParam?: string
}

/** Collects the parameters of one predicate and names the columns it reads. */
export interface SqlText {
  readonly place: SqlPlace
  readonly values: SqlValue[]
  /** A column of the contact. `name` comes from our own definitions, never from input. */
  column(name: string): string
  /** A value as a parameter with its type. */
  param(value: SqlValue, type: SqlType): string
}

const IDENTIFIER = /^[a-z_][a-z0-9_]*$/
const PARAMETER = /^\$[1-9][0-9]*$/

/** Starts a predicate for a place. */
export function sqlText(place: SqlPlace): SqlText {
  assert(IDENTIFIER.test(place.alias), 'the alias is an identifier')
  for (const param of [place.orgIdParam, place.slice?.afterParam, place.slice?.upToParam, place.idsParam])
    assert(
      param === undefined || PARAMETER.test(param),
      'a parameter of the surrounding statement reads like $1',
    )
  const values: SqlValue[] = []
  return {
    place,
    values,
    column: (name) => {
      assert(IDENTIFIER.test(name), 'a column name is an identifier')
      return `${place.alias}.${name}`
    },
    param: (value, type) => {
      values.push(value)
      return `$${place.firstParam + values.length - 1}::${type}`
    },
  }
}

/** The bounds of the contacts looked at, over a column of another table: each led by `and`; nothing without bounds. */
export function boundSql({ place: { slice, idsParam } }: SqlText, column: string): string {
  const within = slice ? ` and ${column} > ${slice.afterParam} and ${column} <= ${slice.upToParam}` : ''
  return idsParam === undefined ? within : `${within} and ${column} = any(${idsParam}::bigint[])`
}
