/** Connections: a pool that acts as the role without privileges, which every query of ours uses. */
import pg from 'pg'
import type { Log } from '../log.ts'

/** Types of arrays that come by the thousand. */
const INT8_ARRAY = 1016
const TEXT_ARRAY = 1009

// A calendar day has no instant: it stays the text that the database gives.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)
// A number that JavaScript may not hold stays the digits that the database gives; the driver looks at each of them first.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => text)
for (const oid of [INT8_ARRAY, TEXT_ARRAY]) {
  const parse: (text: string) => unknown = pg.types.getTypeParser(oid)
  pg.types.setTypeParser(oid, (text: string) => plainArray(text) ?? parse(text))
}

/** How to reach PostgreSQL, as `pg` takes it. */
export interface Connection {
  connectionString?: string
  host?: string
  port?: number
  user?: string
  password?: string
  database?: string
}

/** The role that our statements run as: no owner, no superuser, so that row-level policies hold. */
export const APP_ROLE = 'fanfare_app'

/** Longest that one statement may run, unless it says otherwise with `set local`. */
const STATEMENT_TIMEOUT_MS = 120_000
const CONNECT_TIMEOUT_MS = 10_000

export interface Database {
  readonly connection: Connection
  readonly pool: pg.Pool
  /** Tables that carry org_id, filled at start; lets tests check each statement. */
  readonly tenantTables: Set<string>
  /** Refuses statements of a shape that cannot be distributed or that leave the tenant. On in tests. */
  readonly checksStatements: boolean
  close(): Promise<void>
}

/** Opens the pool. The role must exist: `migrate` makes it. */
export function openDatabase(
  connection: Connection,
  options: { log: Log; poolSize: number; checksStatements?: boolean },
): Database {
  const pool = new pg.Pool({
    ...connection,
    max: options.poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 60_000,
    options: `-c role=${APP_ROLE} -c timezone=UTC -c statement_timeout=${STATEMENT_TIMEOUT_MS} -c idle_in_transaction_session_timeout=${STATEMENT_TIMEOUT_MS} -c jit=off`,
    application_name: 'fanfare',
  })
  // A connection that dies while idle is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error) => options.log.warn({ error }, 'an idle database connection was lost'))
  // The same for one that dies in somebody's hands: its statement fails, and that is answer enough.
  pool.on('connect', (client) =>
    client.on('error', (error: Error) => options.log.debug({ error }, 'a database connection was lost')),
  )
  return {
    connection,
    pool,
    tenantTables: new Set(),
    checksStatements: options.checksStatements ?? false,
    close: () => pool.end(),
  }
}

/** Lists of ids hold a thousand of them: reading them character by character took as long as their query's rows. */
function plainArray(text: string): string[] | null {
  if (text === '{}') return []
  return PLAIN_ARRAY.test(text) ? text.slice(1, -1).split(',') : null
}
/** Numbers and nothing else: no word that might be null, no quotes, no second dimension. */
const PLAIN_ARRAY = /^\{[\d,-]+\}$/
