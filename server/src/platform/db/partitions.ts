/** Monthly partitions of the tables that grow with time, made ahead by the owner of the schema. */
import pg from 'pg'
import type { Log } from '../log.ts'
import type { Connection } from './pool.ts'

/** The tables that are partitioned by month. */
const TABLES = ['event', 'message'] as const

/** Any number will do that nothing else locks. */
const LOCK = 7_262_002

/** Months made ahead, so that a stopped scheduler costs nothing for a quarter. */
const MONTHS_AHEAD = 3

/**
 * Makes the partitions of this month and the next ones. Idempotent. A month whose rows already lie in the default
 * partition stays there: moving them is an operator's choice, and nothing is lost.
 */
export async function makePartitions(connection: Connection, now: Date, log: Log): Promise<void> {
  const client = new pg.Client({ ...connection, application_name: 'fanfare partitions' })
  await client.connect()
  try {
    // Machines that start together would meet each other's half-made partitions.
    await client.query('select pg_advisory_lock($1)', [LOCK])
    for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead++) {
      const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1))
      const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead + 1, 1))
      for (const table of TABLES) await makePartition(client, table, from, to, log)
    }
  } finally {
    await client.end()
  }
}

async function makePartition(
  client: pg.Client,
  table: string,
  from: Date,
  to: Date,
  log: Log,
): Promise<void> {
  const name = `${table}_${from.toISOString().slice(0, 7).replace('-', '_')}`
  try {
    const { rows } = await client.query('select from pg_class where oid = to_regclass($1)', [name])
    if (rows.length > 0) return
    await client.query(
      `create table ${name} partition of ${table} for values from ('${day(from)}') to ('${day(to)}')`,
    )
    // What is said of the table's own column does not pass on to a partition.
    if (table === 'event') await client.query(`alter table ${name} alter column payload set statistics 0`)
  } catch (error) {
    log.warn(
      { error, partition: name },
      'a monthly partition could not be made; its rows stay in the default partition',
    )
  }
}

const day = (date: Date): string => date.toISOString().slice(0, 10)
