/**
 * The supervisor: brings up the database, migrates it, starts the web server and the worker as processes of their
 * own (so that a sender at full speed never delays a page), keeps all three alive, and takes them down in order.
 */
import { join } from 'node:path'
import { monotonicMs, systemClock } from '../clock.ts'
import { loadConfig, type Config, type Environment } from '../config/index.ts'
import { print, say } from '../console.ts'
import { makePartitions, migrate } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { createLog, type Log } from '../log.ts'
import { keepDatabase, type KeptDatabase } from './database.ts'
import { keepProcess, ProcessRefused, type KeptProcess } from './keep.ts'
import { takeLock, type InstanceLock } from './lock.ts'
import { assertPortFree, freeLoopbackPort } from './ports.ts'
import { DRAIN_WITHIN_MS, EXIT_REFUSED } from './role.ts'

/** The files that the processes run. */
export interface RoleFiles {
  api: string
  worker: string
}

/** Time zone rules older than this know wrong offsets for the present year. Source: design, contract on time */
const TZDATA_MIN = '2026b'
/** A drained process still closes its connections; then the supervisor loses patience. */
const STOP_WITHIN_MS = DRAIN_WITHIN_MS + 2_000
/** One Ctrl-C arrives from the terminal, from npm and from tools/start.mjs: signals this close are one wish. */
const ONE_WISH_MS = 1_000

/** Runs Fanfare until a signal or until our starter is gone; never returns before. */
export async function supervise(env: Environment, files: RoleFiles): Promise<void> {
  const startedMs = monotonicMs()
  const stopAsked = listenForStop()
  const parts: Started = { processes: [], database: null, lock: null }
  try {
    assertTimeZones()
    const config = loadConfig(env)
    const log = createLog(config.logLevel, { process: 'supervisor' })
    stopAsked.onSecond(() => parts.processes.forEach((child) => child.kill()))
    // What was begun here is ended even when a stop is asked meanwhile: a half-started database would stay behind.
    const database = await prepare(config, log, parts)
    if (!stopAsked.isAsked()) {
      await startProcesses({ config, env, files, log, database, parts })
      const isServing = Promise.all(parts.processes.map((child) => child.ready))
      await Promise.race([isServing, stopAsked.promise])
      if (!stopAsked.isAsked()) sayReady(config, monotonicMs() - startedMs)
      await Promise.race([stopAsked.promise, refusalOf(parts.processes)])
    }
    say('Stopping: work that was begun is finished first.')
    await stop(parts)
    process.exit(0)
  } catch (error) {
    await stop(parts)
    // A process that refuses has said why; an AppError is a sentence; the rest is a bug and shown whole.
    if (error instanceof AppError) say(error.message)
    else if (!(error instanceof ProcessRefused))
      say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    process.exit(error instanceof AppError || error instanceof ProcessRefused ? EXIT_REFUSED : 1)
  }
}

interface Started {
  processes: KeptProcess[]
  database: KeptDatabase | null
  lock: InstanceLock | null
}

/** Everything that the processes stand on. */
async function prepare(config: Config, log: Log, parts: Started): Promise<KeptDatabase> {
  parts.lock = await takeLock(config.dataDir, config.publicUrl, say)
  await assertPortFree(config.port, config.host)
  say(
    config.databaseUrl === null ? 'Starting the database.' : 'Reaching the database that DATABASE_URL names.',
  )
  const database = await keepDatabase(config, log)
  parts.database = database
  const applied = await migrateOrExplain(database.url, log)
  // Before the first row of a month is written: rows in the default partition keep theirs from being made.
  await makePartitions({ connectionString: database.url }, systemClock.now(), log)
  if (applied.length > 0) say(`The database schema is up to date (${applied.length} migrations applied).`)
  return database
}

interface ProcessParts {
  config: Config
  env: Environment
  files: RoleFiles
  log: Log
  database: KeptDatabase
  parts: Started
}

async function startProcesses({ config, env, files, log, database, parts }: ProcessParts): Promise<void> {
  const childEnv: NodeJS.ProcessEnv = {
    ...env,
    DATABASE_URL: database.url,
    FANFARE_DATA_DIR: config.dataDir,
    FANFARE_MAILBOX_PORT: String(config.mailboxPort ?? (await freeLoopbackPort())),
    FANFARE_WORKER_PORT: String(config.workerPort ?? (await freeLoopbackPort())),
    // Compiled code is kept between starts: it halves the time until a process serves.
    NODE_COMPILE_CACHE: env['NODE_COMPILE_CACHE'] ?? join(config.dataDir, 'cache', 'compiled'),
  }
  const roles = (['api', 'worker'] as const).filter((role) => config.role === 'all' || config.role === role)
  for (const role of roles)
    parts.processes.push(
      keepProcess({
        name: role,
        file: files[role],
        env: childEnv,
        log,
        onStart: () => parts.lock?.noteChildren(pidsOf(parts.processes)),
      }),
    )
  parts.lock?.noteChildren(pidsOf(parts.processes))
}

const pidsOf = (processes: readonly KeptProcess[]): number[] =>
  processes.map((child) => child.pid()).filter((pid) => pid !== undefined)

async function migrateOrExplain(url: string, log: Log): Promise<string[]> {
  try {
    return await migrate({ connectionString: url }, log)
  } catch (error) {
    if (error instanceof AppError || !(error instanceof Error) || !('code' in error)) throw error
    // The database's and the network's own errors carry a code; ours were just let through.
    throw new AppError(
      'platform.database_unreachable',
      503,
      `The database cannot be used: ${error.message || String(error.code)}. Check DATABASE_URL, that the server runs, and that its user may create tables.`,
      { cause: error },
    )
  }
}

/** In order: first those who use the database, then the database, then the right to be here. */
async function stop(parts: Started): Promise<void> {
  parts.lock?.noteStopping()
  await Promise.all(parts.processes.map((child) => child.stop(STOP_WITHIN_MS)))
  await parts.database?.stop()
  parts.lock?.release()
}

/** A process that can never start again is the end: better down and said than half up. */
function refusalOf(processes: readonly KeptProcess[]): Promise<never> {
  return new Promise((_resolve, reject) => {
    for (const child of processes) child.refused.catch(reject)
  })
}

interface StopAsked {
  promise: Promise<void>
  isAsked(): boolean
  /** What a second signal does. */
  onSecond(action: () => void): void
}

function listenForStop(): StopAsked {
  const asked = Promise.withResolvers<void>()
  let firstMs: number | null = null
  let second = (): void => undefined
  const ask = (): void => {
    if (firstMs === null) {
      firstMs = monotonicMs()
      asked.resolve()
    } else if (monotonicMs() - firstMs > ONE_WISH_MS) second()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask)
  // tools/start.mjs holds a channel to us: when it is killed, nobody is left who could stop us.
  process.on('disconnect', ask)
  return {
    promise: asked.promise,
    isAsked: () => firstMs !== null,
    onSecond: (action) => void (second = action),
  }
}

function assertTimeZones(): void {
  const version = process.versions['tz'] ?? ''
  if (version >= TZDATA_MIN) return
  throw new AppError(
    'platform.time_zones_too_old',
    503,
    `This Node brings time zone rules ${version || 'of unknown age'}; Fanfare needs ${TZDATA_MIN} or newer. Start it with npm start, which uses the right Node.`,
  )
}

function sayReady(config: Config, ms: number): void {
  const seconds = (ms / 1_000).toFixed(1)
  if (config.role === 'worker') say(`The worker is running (started in ${seconds} s).`)
  else print(`Fanfare is running at ${config.publicUrl} (started in ${seconds} s; Ctrl-C stops it)`)
}
