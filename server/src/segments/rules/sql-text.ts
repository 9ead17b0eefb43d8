/** SQL in the making: the text of a predicate whose values are always parameters. */
import { assert } from '../../platform/errors.ts'

/** What may become a parameter. Lists travel as arrays. */
export type SqlValue = string | number | boolean | Date | readonly string[] | readonly number[]

/** The casts that predicates use; a closed list, so that no type name is ever taken from input. */
export type SqlType =
  | 'text'
  | 'text[]'
  | 'int[]'
  | 'numeric'
  | 'bigint'
  | 'date'
  | 'timestamptz'
  | 'uuid'
  | 'uuid[]'

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

/** A predicate, or another expression over the contact at a place. */
export interface PlacedSql {
  text: string
  /** Its parameters in order. */
  values: SqlValue[]
  /** Joins that the expression needs beside the contact; a predicate needs none. */
  joins: string
}

/** Events that an expression reads. */
export interface EventsRead {
  types: readonly string[]
  /** None that happened before; null when the whole past is read. */
  from: Date | null
  /** Also what they say, and not only when they happened. */
  isWhole: boolean
}

/** Collects the parameters of one predicate and names the columns it reads. */
export interface SqlText {
  readonly place: SqlPlace
  /** What has been made of `text` so far. */
  placed(text: string): PlacedSql
  /** A column of the contact. `name` comes from our own definitions, never from input. */
  column(name: string): string
  /** A value as a parameter with its type. */
  param(value: SqlValue, type: SqlType): string
  /**
   * What follows `from`: these events under an alias, of the contacts looked at; further conditions are led by `and`.
   * Whoever reads events says so here and nowhere else, so that the reading in memory is given the same.
   */
  events(alias: string, read: EventsRead): string
  /** What has been read of the log so far. */
  readonly eventsRead: readonly EventsRead[]
  /**
   * One value for each contact.
   * @param rows  a query of `contact_id` and `value`, one row per contact: joined, it is read once for everybody
   */
  joined(rows: string): string
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
  const joins: string[] = []
  const eventsRead: EventsRead[] = []
  const param = (value: SqlValue, type: SqlType): string => {
    values.push(value)
    return `$${place.firstParam + values.length - 1}::${type}`
  }
  const q: SqlText = {
    place,
    placed: (text) => ({ text, values, joins: joins.join(' ') }),
    column: (name) => {
      assert(IDENTIFIER.test(name), 'a column name is an identifier')
      return `${place.alias}.${name}`
    },
    param,
    eventsRead,
    events: (alias, read) => {
      eventsRead.push(read)
      const { types, from } = read
      const [only] = types
      const isOfType =
        types.length === 1 && only !== undefined
          ? `= ${param(only, 'text')}`
          : `= any(${param(types, 'text[]')})`
      const since = from === null ? '' : ` and ${alias}.at >= ${param(from, 'timestamptz')}`
      return `event ${alias} where ${alias}.org_id = ${place.orgIdParam} and ${alias}.type ${isOfType}${since}${boundSql(q, `${alias}.contact_id`)}`
    },
    joined: (rows) => {
      const name = `j${joins.length}`
      joins.push(`left join (${rows}) ${name} on ${name}.contact_id = ${place.alias}.id`)
      return `${name}.value`
    },
  }
  return q
}

/** The bounds of the contacts looked at, over a column of another table: each led by `and`; nothing without bounds. */
export function boundSql({ place: { slice, idsParam } }: SqlText, column: string): string {
  const within = slice ? ` and ${column} > ${slice.afterParam} and ${column} <= ${slice.upToParam}` : ''
  return idsParam === undefined ? within : `${within} and ${column} = any(${idsParam}::bigint[])`
}
