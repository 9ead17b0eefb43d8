/** Databases of tests: each file has its own, cloned from the template in some 50 ms. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Connection } from '../platform/db/index.ts'

/** What the global set-up made: the server and the template to clone. */
export interface ServerUnderTest {
  connection: Connection
  template: string
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: ServerUnderTest
  }
}

/** A database of one's own. */
export async function cloneDatabase(server: ServerUnderTest): Promise<Connection> {
  const name = `test_${randomUUID().replaceAll('-', '').slice(0, 16)}`
  await onServer(server.connection, (client) =>
    client.query(`create database ${name} template ${server.template}`),
  )
  return onDatabase(server.connection, name)
}

/** A database without any table. */
export async function emptyDatabase(server: ServerUnderTest): Promise<Connection> {
  const name = `test_${randomUUID().replaceAll('-', '').slice(0, 16)}`
  await onServer(server.connection, (client) => client.query(`create database ${name}`))
  return onDatabase(server.connection, name)
}

export async function dropDatabase(server: ServerUnderTest, connection: Connection): Promise<void> {
  const name = connection.database ?? new URL(connection.connectionString ?? '').pathname.slice(1)
  await onServer(server.connection, (client) => client.query(`drop database if exists ${name} with (force)`))
}

/** The same server, another database. */
export function onDatabase(connection: Connection, database: string): Connection {
  if (connection.connectionString === undefined) return { ...connection, database }
  const url = new URL(connection.connectionString)
  url.pathname = `/${database}`
  return { connectionString: url.toString() }
}

async function onServer(
  connection: Connection,
  work: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({ ...connection })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
