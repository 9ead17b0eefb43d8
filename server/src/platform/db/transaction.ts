/**
 * Transactions. Each names its organization with `set local app.org`, so that row-level policies fail closed, and
 * ends by writing its audit rows and events: the lock on the organization's log head is the last thing taken, which
 * makes commit order the order of the log.
 */
import type pg from 'pg'
import type { Ctx } from '../context.ts'
import { SYSTEM_ORG, type OrgId, type PersonId } from '../ids.ts'
import { assert } from '../errors.ts'
import { writeAuditEntries, type PendingAudit } from '../audit/chain.ts'
import { writeEvents, writeEventsAtHead, type PendingEvent } from '../events/append.ts'
import type { Database } from './pool.ts'
import { asObjects, execute, type Db, type Row } from './statements.ts'

/** What a transaction gathers until its end. */
export interface Pending {
  audits: PendingAudit[]
  events: PendingEvent[]
  afterCommit: (() => void)[]
}

/** A Db that lives on one connection, inside one transaction. */
export class TransactionDb implements Db {
  readonly pending: Pending = { audits: [], events: [], afterCommit: [] }
  readonly client: pg.ClientBase
  readonly #database: Database

  constructor(database: Database, client: pg.ClientBase) {
    this.#database = database
    this.client = client
  }
  async named<R extends object = Row>(
    name: string,
    text: string,
    values: readonly unknown[] = [],
  ): Promise<R[]> {
    return asObjects<R>(await execute(this.#database, this.client, { name, text, values }))
  }
  async query<R extends object = Row>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    return asObjects<R>(await execute(this.#database, this.client, { text, values }))
  }
  async rows(name: string, text: string, values: readonly unknown[] = []): Promise<unknown[][]> {
    return (await execute(this.#database, this.client, { name, text, values })).rows
  }
  async run<R>(query: { compile(): { sql: string; parameters: readonly unknown[] } }): Promise<R[]> {
    const compiled = query.compile()
    return asObjects<R & object>(
      await execute(this.#database, this.client, { text: compiled.sql, values: compiled.parameters }),
    )
  }
}

/** A Db outside any transaction: each statement is a short transaction of its own. */
export class PooledDb implements Db {
  readonly #database: Database
  readonly #orgId: OrgId

  constructor(database: Database, orgId: OrgId) {
    this.#database = database
    this.#orgId = orgId
  }
  named<R extends object = Row>(name: string, text: string, values: readonly unknown[] = []): Promise<R[]> {
    return withTransaction(this.#database, tenantSetting(this.#orgId), (db) =>
      db.named<R>(name, text, values),
    )
  }
  query<R extends object = Row>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    return withTransaction(this.#database, tenantSetting(this.#orgId), (db) => db.query<R>(text, values))
  }
  rows(name: string, text: string, values: readonly unknown[] = []): Promise<unknown[][]> {
    return withTransaction(this.#database, tenantSetting(this.#orgId), (db) => db.rows(name, text, values))
  }
  run<R>(query: { compile(): { sql: string; parameters: readonly unknown[] } }): Promise<R[]> {
    return withTransaction(this.#database, tenantSetting(this.#orgId), (db) => db.run<R>(query))
  }
}

/**
 * Runs `work` in one transaction: what it writes, its audit rows, its events and its jobs commit or vanish together.
 * Joins the transaction that `ctx` is already in.
 */
export async function inTransaction<T>(ctx: Ctx, work: (ctx: Ctx) => Promise<T>): Promise<T> {
  if (ctx.db instanceof TransactionDb) return work(ctx)
  const pendingAfter: (() => void)[] = []
  const result = await withTransaction(ctx.platform.database, tenantSetting(ctx.orgId), async (db) => {
    const inner: Ctx = { ...ctx, db }
    const value = await work(inner)
    await flushLog(inner, db)
    pendingAfter.push(...db.pending.afterCommit)
    return value
  })
  for (const action of pendingAfter) action()
  return result
}

/** Runs `action` once the transaction that `ctx` is in has committed; at once when it is in none. */
export function afterCommit(ctx: Ctx, action: () => void): void {
  if (ctx.db instanceof TransactionDb) ctx.db.pending.afterCommit.push(action)
  else action()
}

/**
 * Runs statements that may meet a unique key already taken: then they alone are undone, the transaction goes on, and
 * the answer is undefined. For statements only: what is announced or audited within is not taken back.
 * @throws AssertionError outside a transaction
 */
export async function unlessTaken<T>(ctx: Ctx, work: () => Promise<T>): Promise<T | undefined> {
  assert(ctx.db instanceof TransactionDb, 'a savepoint lies inside a transaction')
  const { client } = ctx.db
  await client.query('savepoint attempt')
  try {
    const result = await work()
    await client.query('release savepoint attempt')
    return result
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION)) throw error
    await client.query('rollback to savepoint attempt; release savepoint attempt')
    return undefined
  }
}
/** SQLSTATE of a key that is there already. */
const UNIQUE_VIOLATION = '23505'

/** The transaction's gathered audit rows and events. @throws AssertionError outside a transaction */
export function pendingOf(ctx: Ctx): Pending {
  assert(ctx.db instanceof TransactionDb, 'audit rows and events are written inside inTransaction')
  return ctx.db.pending
}

/** The connection of the transaction that `ctx` is in, for COPY streams. @throws AssertionError outside one */
export function connectionOf(ctx: Ctx): pg.ClientBase {
  assert(ctx.db instanceof TransactionDb, 'COPY runs inside inTransaction')
  return ctx.db.client
}

/** A Db for the platform's own loops, which see the platform's tables of every organization and nothing else. */
export type SystemDb = TransactionDb

/** Runs a pick over all organizations. Only tables made system-readable answer. */
export function systemTransaction<T>(database: Database, work: (db: SystemDb) => Promise<T>): Promise<T> {
  return withTransaction(database, "set local app.system = 'on'", work)
}

/**
 * Runs reads as one person, who sees the rows of their own across organizations (tables with a policy `own`, such as
 * membership) and nothing else.
 */
export function personTransaction<T>(
  database: Database,
  personId: PersonId,
  work: (db: SystemDb) => Promise<T>,
): Promise<T> {
  assert(/^[0-9a-f-]{36}$/.test(personId), 'a person id is a uuid')
  return withTransaction(database, `set local app.person = '${personId}'`, work)
}

async function flushLog(ctx: Ctx, db: TransactionDb): Promise<void> {
  const { audits, events } = db.pending
  if (audits.length === 0 && events.length === 0) return
  if (audits.length === 0) {
    const isWritten =
      (await writeEventsAtHead(ctx, events)) ||
      (await openLog(ctx, db).then(() => writeEventsAtHead(ctx, events)))
    assert(isWritten, 'the log head was just made')
  } else {
    const head = (await lockLog(ctx, db)) ?? (await openLog(ctx, db).then(() => lockLog(ctx, db)))
    assert(head, 'the log head was just made')
    const audit = await writeAuditEntries(ctx, audits, { seq: BigInt(head.auditSeq), hash: head.auditHash })
    const pos = await writeEvents(ctx, events, BigInt(head.pos))
    await db.named(
      'platform_log_advance',
      'update org_log set pos = $2, audit_seq = $3, audit_hash = $4 where org_id = $1',
      [ctx.orgId, pos, audit.seq, audit.hash],
    )
  }
  if (events.length > 0) db.pending.afterCommit.push(() => ctx.platform.hub.hint('log', ctx.orgId))
}

async function lockLog(
  ctx: Ctx,
  db: TransactionDb,
): Promise<{ pos: string; auditSeq: string; auditHash: Buffer } | undefined> {
  const [head] = await db.named<{ pos: string; auditSeq: string; auditHash: Buffer }>(
    'platform_log_head',
    'select pos, audit_seq, audit_hash from org_log where org_id = $1 for update',
    [ctx.orgId],
  )
  return head
}

const openLog = (ctx: Ctx, db: TransactionDb): Promise<unknown> =>
  db.named('platform_log_open', 'insert into org_log (org_id) values ($1) on conflict (org_id) do nothing', [
    ctx.orgId,
  ])

async function withTransaction<T>(
  database: Database,
  setting: string,
  work: (db: TransactionDb) => Promise<T>,
): Promise<T> {
  const client = await database.pool.connect()
  let broken: Error | undefined
  try {
    await client.query(`begin; ${setting}`)
    const result = await work(new TransactionDb(database, client))
    await client.query('commit')
    return result
  } catch (error) {
    // A connection whose rollback fails is not given back: its state is unknown.
    await client.query('rollback').catch((rollbackError: Error) => {
      broken = rollbackError
    })
    throw error
  } finally {
    client.release(broken)
  }
}

/** The organization named as the policies read it. The literal is validated: `set` takes no parameters. */
function tenantSetting(orgId: OrgId): string {
  assert(/^[0-9a-f-]{36}$/.test(orgId), 'an organization id is a uuid')
  return orgId === SYSTEM_ORG
    ? `set local app.org = '${orgId}'; set local app.system = 'on'`
    : `set local app.org = '${orgId}'`
}
