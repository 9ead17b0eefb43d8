/** A process under the supervisor, seen from inside: reads its configuration, serves, drains when told to. */
import { loadConfig, type Config } from '../config/index.ts'
import { say } from '../console.ts'
import type { Connection } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { createLog, type Log } from '../log.ts'

/** What a process of ours starts with. */
export interface RoleParts {
  config: Config
  connection: Connection
  log: Log
}

/** A process that serves. */
export interface RunningRole {
  /** Takes nothing new, ends what was begun within `graceMs`, closes everything. */
  stop(graceMs: number): Promise<void>
}

/** The exit status that says: starting again would not help. The reason has been printed. */
export const EXIT_REFUSED = 78

/** How long work that was begun may take to end. */
export const DRAIN_WITHIN_MS = 18_000

/**
 * Runs one role for the life of this process.
 * Ends when the supervisor says so, and when the supervisor is gone: a process nobody watches must not work on.
 */
export async function runRole(
  name: string,
  start: (parts: RoleParts) => Promise<RunningRole>,
): Promise<void> {
  const config = orRefuse(() => loadConfig(process.env))
  const log = createLog(config.logLevel, { process: name })
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => {
      log.error({ error, event }, 'a bug ends this process; the supervisor starts another')
      process.exit(1)
    })
  const stopAsked = Promise.withResolvers<string>()
  process.on('SIGTERM', () => stopAsked.resolve('SIGTERM'))
  process.on('disconnect', () => stopAsked.resolve('the supervisor is gone'))
  // Ctrl-C reaches the whole group; the supervisor decides what it means.
  process.on('SIGINT', () => undefined)
  const running = await startOrRefuse(name, () =>
    start({ config, log, connection: { connectionString: config.databaseUrl ?? '' } }),
  )
  process.send?.({ kind: 'ready' })
  const reason = await stopAsked.promise
  log.info({ reason }, 'stopping')
  await running.stop(DRAIN_WITHIN_MS)
  process.exit(0)
}

function orRefuse<T>(action: () => T): T {
  try {
    return action()
  } catch (error) {
    return refuse(error)
  }
}

async function startOrRefuse<T>(name: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return refuse(error, `The ${name} process cannot start: `)
  }
}

/** An AppError is a sentence for the operator; anything else is a bug and rises. */
function refuse(error: unknown, prefix = ''): never {
  if (!(error instanceof AppError)) throw error
  say(`${prefix}${error.message}`)
  process.exit(EXIT_REFUSED)
}
