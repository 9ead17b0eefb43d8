/** What a process shares: configuration, connections, clock, keys. Made once at start, reached through `ctx`. */
import { randomUUID } from 'node:crypto'
import { systemClock, systemDice, type Clock, type Dice } from './clock.ts'
import type { Config } from './config/index.ts'
import type { Actor, Ctx, Locale } from './context.ts'
import { openDatabase, systemTransaction, type Connection, type Database } from './db/index.ts'
import { PooledDb } from './db/transaction.ts'
import { createEgress, type Egress, type EgressOptions } from './egress/index.ts'
import { createHub, type Hub } from './hub.ts'
import { SYSTEM_ORG, type OrgId } from './ids.ts'
import type { Log } from './log.ts'
import { createMailer, type Mailer } from './mail.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { createSecrets, type Secrets } from './secrets/index.ts'
import { createStorage, type Storage } from './storage.ts'

export interface Platform {
  readonly config: Config
  readonly database: Database
  readonly clock: Clock
  readonly dice: Dice
  readonly log: Log
  readonly hub: Hub
  readonly secrets: Secrets
  readonly egress: Egress
  readonly storage: Storage
  readonly mail: Mailer
  readonly metrics: Metrics
  /** A ctx for an actor in an organization, outside any transaction. */
  ctx(orgId: OrgId, actor: Actor, more?: CtxOptions): Ctx
  /** A ctx in which our own worker acts. */
  systemCtx(orgId: OrgId, requestId?: string): Ctx
  /** Every organization that has ever written to its log. */
  organizations(): Promise<OrgId[]>
  close(): Promise<void>
}

export interface CtxOptions {
  requestId?: string
  locale?: Locale
  addressPrefix?: string | null
}

export interface PlatformParts {
  config: Config
  connection: Connection
  masterKey: Buffer
  log: Log
  role: string
  clock?: Clock
  dice?: Dice
  egress?: EgressOptions
  checksStatements?: boolean
}

/** Puts a process together. */
export async function createPlatform(parts: PlatformParts): Promise<Platform> {
  const { config, connection, log } = parts
  const clock = parts.clock ?? systemClock
  const dice = parts.dice ?? systemDice
  const database = openDatabase(connection, {
    log,
    poolSize: config.databasePoolSize,
    checksStatements: parts.checksStatements ?? false,
  })
  const hub = createHub(connection, log)
  const egress = createEgress({
    ...parts.egress,
    allow: [...config.egressAllow, ...(parts.egress?.allow ?? [])],
  })
  const mail = createMailer(config.smtpUrl, config.systemFrom)
  const platform: Platform = {
    config,
    database,
    clock,
    dice,
    log,
    hub,
    egress,
    mail,
    secrets: createSecrets(parts.masterKey),
    storage: createStorage(config.dataDir),
    metrics: createMetrics(parts.role),
    ctx: (orgId, actor, more = {}) => {
      const requestId = more.requestId ?? randomUUID()
      return {
        orgId,
        actor,
        requestId,
        platform,
        locale: more.locale ?? 'en',
        addressPrefix: more.addressPrefix ?? null,
        db: new PooledDb(database, orgId),
        log: log.child({ requestId, orgId }),
        now: () => clock.now(),
        random: dice,
      }
    },
    systemCtx: (orgId, requestId) =>
      platform.ctx(orgId, { kind: 'system', id: parts.role }, requestId === undefined ? {} : { requestId }),
    organizations: async () =>
      (
        await systemTransaction(database, (db) =>
          db.named<{ orgId: OrgId }>('platform_organizations', 'select org_id from org_log order by org_id'),
        )
      )
        .map((row) => row.orgId)
        .filter((orgId) => orgId !== SYSTEM_ORG),
    close: async () => {
      await hub.close()
      mail.close()
      await egress.close()
      await database.close()
    },
  }
  await rememberTenantTables(database)
  return platform
}

async function rememberTenantTables(database: Database): Promise<void> {
  if (!database.checksStatements) return
  const rows = await systemTransaction(database, (db) =>
    db.query<{ name: string }>(`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind in ('r', 'p')
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped)`),
  )
  for (const { name } of rows) database.tenantTables.add(name)
}
