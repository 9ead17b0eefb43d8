/**
 * The embedded PostgreSQL: made, started or adopted in the data directory, so that Fanfare needs no database server
 * of the operator. It outlives us when we are killed, and the next start takes it over as it runs.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { realpathSync } from 'node:fs'
import pg from 'pg'
import { monotonicMs, pause } from '../clock.ts'
import { AppError } from '../errors.ts'
import type { Log } from '../log.ts'
import { findBinaries } from './binaries.ts'
import { SUPERUSER, ensureCluster, preparePlace, type Place } from './cluster.ts'
import { isPassing, startFailure } from './failures.ts'
import {
  isClusterInUse,
  launch,
  lockPid,
  logSince,
  logSize,
  postmasterLiveness,
  readPostmaster,
  stopPostmaster,
  type Postmaster,
} from './postmaster.ts'
import { serviceSettings, temporarySettings } from './settings.ts'

/** How to reach the embedded server; `pg` takes it as it is. */
export interface EmbeddedConnection {
  /** Folder of the Unix socket. */
  host: string
  port: number
  user: string
  database: string
}

/** A running embedded server. */
export interface EmbeddedPostgres {
  readonly connection: EmbeddedConnection
  readonly pid: number
  /** True when the server was already running, left behind by a process that was killed. */
  readonly adopted: boolean
  /** Resolves once the server is gone, whoever ended it. */
  readonly ended: Promise<void>
  /** Ends sessions, writes everything down and stops. Safe to call twice. */
  stop(): Promise<void>
}

/** Which server to start. */
export interface PostgresOptions {
  /** The data directory of Fanfare; the cluster lies in `postgres/` inside it. */
  dataDir: string
  log: Log
  /** For tests: fast and not durable. The folder is expected to be thrown away. */
  temporary?: boolean
}

const DATABASE = 'fanfare'
/** Part of the socket's name; nothing listens on TCP. */
const PORT = 5432

/** Recovery after a crash is bounded by 2 GB of WAL; slow disks get room. */
const READY_WITHIN_MS = 180_000
const READY_POLL_MS = 20
const STILL_STARTING_NOTICE_MS = 5_000
/** A killed postmaster's pid and shared memory linger up to about two seconds. */
const LEFTOVERS_WITHIN_MS = 20_000
const LEFTOVERS_PAUSE_MS = 250
const STOP_WITHIN_MS = 20_000
const STOP_AT_ONCE_WITHIN_MS = 10_000
const LIVENESS_POLL_MS = 250

/**
 * Starts the embedded server of a data directory, or adopts the one that runs there.
 *
 * @throws platform.postgres_failed, platform.postgres_unavailable, platform.postgres_version, platform.data_dir_unusable
 *   each with one sentence that says what to do
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const { log, temporary = false } = options
  const prepared = await preparePlace(options.dataDir, log)
  const binaries = await findBinaries(prepared.account, join(prepared.clusterDir, '..'))
  const isNew = await ensureCluster(prepared, binaries, temporary)
  // The server names itself by the real path; so do we when we look for it.
  const place = { ...prepared, clusterDir: realpathSync(prepared.clusterDir) }
  const running = isNew ? null : await findRunning(place, log)
  const { server, adopted } = running
    ? { server: running, adopted: true }
    : { server: await startServer(place, binaries.postgres, temporary, log), adopted: false }
  const connection: EmbeddedConnection = {
    host: server.socketDir,
    port: server.port,
    user: SUPERUSER,
    database: temporary ? 'postgres' : DATABASE,
  }
  if (!temporary) await ensureDatabase(connection)
  if (adopted) log.info({ pid: server.pid }, 'a PostgreSQL that was left running is taken over')
  return handleOf(server, place, connection, adopted, log)
}

function handleOf(
  server: Postmaster,
  place: Place,
  connection: EmbeddedConnection,
  adopted: boolean,
  log: Log,
): EmbeddedPostgres {
  let stopping: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    const isGone = await stopPostmaster(server.pid, place.clusterDir, STOP_WITHIN_MS, STOP_AT_ONCE_WITHIN_MS)
    if (!isGone) log.error({ pid: server.pid }, 'PostgreSQL does not stop; it is left running')
  }
  return {
    connection,
    pid: server.pid,
    adopted,
    ended: untilGone(server.pid, place.clusterDir),
    stop: () => (stopping ??= stop()),
  }
}

/** Watches by pid, not by our child handle, because an adopted server is no child of ours. */
async function untilGone(pid: number, clusterDir: string): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (postmasterLiveness(pid, clusterDir) === 'ours') return
      clearInterval(timer)
      resolve()
    }, LIVENESS_POLL_MS).unref()
  })
}

/** A live server of this cluster, ready for use; null when there is none. */
async function findRunning(place: Place, log: Log): Promise<Postmaster | null> {
  const found = readPostmaster(place.clusterDir)
  if (!found) return null
  if (postmasterLiveness(found.pid, place.clusterDir) !== 'ours') return null
  const answer = await waitUntilReady(
    found,
    () => postmasterLiveness(found.pid, place.clusterDir) === 'ours',
    log,
  )
  return answer === 'ready' ? found : null
}

async function startServer(place: Place, program: string, temporary: boolean, log: Log): Promise<Postmaster> {
  const settings = temporary ? temporarySettings(place.socketDir) : serviceSettings(place.socketDir)
  const deadline = monotonicMs() + LEFTOVERS_WITHIN_MS
  for (;;) {
    await removeStaleLocks(place, log)
    const offset = logSize(place.logFile)
    const server = await tryToStart(place, program, settings, log)
    if (server) return server
    const output = logSince(place.logFile, offset)
    if (!isPassing(output) || monotonicMs() > deadline) throw startFailure(output, place.clusterDir)
    log.warn({}, 'PostgreSQL finds traces of a killed predecessor; trying again')
    await pause(LEFTOVERS_PAUSE_MS)
  }
}

/** @returns null when the program ended before it was ready */
async function tryToStart(
  place: Place,
  program: string,
  settings: readonly string[],
  log: Log,
): Promise<Postmaster | null> {
  const child = launch(program, place, settings)
  let hasEnded = false
  const end = (): void => void (hasEnded = true)
  child.once('exit', end)
  child.once('error', end)
  const server = { pid: child.pid ?? 0, port: PORT, socketDir: place.socketDir }
  const answer = await waitUntilReady(server, () => !hasEnded, log)
  if (answer === 'late') {
    child.kill('SIGQUIT')
    throw new AppError(
      'platform.postgres_failed',
      503,
      `PostgreSQL did not get ready within ${READY_WITHIN_MS / 1_000} s. Its own words are in ${place.logFile}.`,
    )
  }
  return answer === 'ready' ? server : null
}

/** Asks until the server answers a query; a server that recovers from a crash refuses politely until it is done. */
async function waitUntilReady(
  server: Postmaster,
  isRunning: () => boolean,
  log: Log,
): Promise<'ready' | 'ended' | 'late'> {
  const startedMs = monotonicMs()
  let noticedMs = startedMs
  while (isRunning()) {
    if (await answers(server)) return 'ready'
    const nowMs = monotonicMs()
    if (nowMs - startedMs > READY_WITHIN_MS) return 'late'
    if (nowMs - noticedMs > STILL_STARTING_NOTICE_MS) {
      noticedMs = nowMs
      log.info(
        { seconds: Math.round((nowMs - startedMs) / 1_000) },
        'PostgreSQL is still starting (recovering)',
      )
    }
    await pause(READY_POLL_MS)
  }
  return 'ended'
}

async function answers(server: Postmaster): Promise<boolean> {
  const client = new pg.Client({
    host: server.socketDir,
    port: server.port,
    user: SUPERUSER,
    database: 'postgres',
    connectionTimeoutMillis: 2_000,
  })
  client.on('error', () => undefined) // the answer is in what connect and query say
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

/**
 * PostgreSQL removes stale lock files itself, except when their number is still taken: by somebody else, or by a zombie
 * that nobody collects. Then we do, once it is certain that no process works in the cluster any more, because these
 * files also guard its shared memory.
 */
async function removeStaleLocks(place: Place, log: Log): Promise<void> {
  const socketLock = join(place.socketDir, `.s.PGSQL.${PORT}.lock`)
  const files = [join(place.clusterDir, 'postmaster.pid'), socketLock]
  const stale = files.filter((file) => {
    const pid = lockPid(file)
    return pid !== null && !isPlainlyDead(pid) && postmasterLiveness(pid, place.clusterDir) !== 'ours'
  })
  if (stale.length === 0 || isClusterInUse(place.clusterDir)) return
  log.warn(
    { files: stale },
    'lock files of a dead PostgreSQL are removed: their number is taken by another process',
  )
  for (const file of stale) await rm(file, { force: true })
}

function isPlainlyDead(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' // kill's errors carry a code
  }
}

async function ensureDatabase(connection: EmbeddedConnection): Promise<void> {
  const client = new pg.Client({ ...connection, database: 'postgres' })
  await client.connect()
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [connection.database])
    if (found.rowCount === 0) await client.query(`create database ${connection.database}`)
  } finally {
    await client.end()
  }
}
