/** Statements: named (prepared once per connection), unnamed for dynamic SQL, array rows for hot paths. */
import type { Compilable } from 'kysely'
import type pg from 'pg'
import type { Database } from './pool.ts'
import { statementProblems } from './statement-rules.ts'
import { assert } from '../errors.ts'

/** A row as objects carry it: camelCase keys. */
export type Row = Record<string, unknown>

export interface Statement {
  name?: string
  text: string
  values: readonly unknown[]
}

/** What a ctx offers for SQL. Rows come back with camelCase keys; their type is the caller's promise, proven by tests. */
export interface Db {
  /** A hot statement, prepared under `name` on each connection. */
  named<R extends object = Row>(name: string, text: string, values?: readonly unknown[]): Promise<R[]>
  /** A statement whose text varies. */
  query<R extends object = Row>(text: string, values?: readonly unknown[]): Promise<R[]>
  /** Rows as arrays in the order of the select list: a third cheaper where thousands are read. */
  rows(name: string, text: string, values?: readonly unknown[]): Promise<unknown[][]>
  /** A statement built with `build`, checked against the tables by its types. */
  run<R>(query: Compilable<R>): Promise<R[]>
}

/** Runs one statement on a connection that is inside a transaction. */
export async function execute(
  database: Database,
  client: pg.ClientBase,
  statement: Statement,
): Promise<pg.QueryArrayResult<unknown[]>> {
  if (database.checksStatements) {
    const problems = statementProblems(statement.text, database.tenantTables)
    assert(problems.length === 0, `statement refused: ${problems.join('; ')}\n${statement.text}`)
  }
  return client.query<unknown[]>({
    ...(statement.name === undefined ? {} : { name: statement.name }),
    text: statement.text,
    values: statement.values as unknown[],
    rowMode: 'array',
  })
}

/** Array rows → objects. */
export function asObjects<R extends object>({ rows, fields }: pg.QueryArrayResult<unknown[]>): R[] {
  if (rows.length === 0) return []
  const keys = fields.map((field) => keyOf(field.name))
  return rows.map((row) => {
    const object: Row = {}
    for (let i = 0; i < keys.length; i++) object[keys[i] as string] = row[i] // i < keys.length
    return object as R // the caller names the row's type; tests run every statement
  })
}

/** The key of a column; the same few names come with every statement. */
function keyOf(column: string): string {
  const known = keysByColumn.get(column)
  if (known !== undefined) return known
  const key = column.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  if (keysByColumn.size < KEPT_KEYS_MAX) keysByColumn.set(column, key)
  return key
}
const keysByColumn = new Map<string, string>()
const KEPT_KEYS_MAX = 5_000
