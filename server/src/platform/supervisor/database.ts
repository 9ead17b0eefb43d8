/** The database for the processes: the one that DATABASE_URL names, or the embedded one, kept running. */
import { pause } from '../clock.ts'
import type { Config } from '../config/index.ts'
import type { Log } from '../log.ts'
import { startPostgres, type EmbeddedConnection } from '../postgres/index.ts'

/** The database while the supervisor runs. */
export interface KeptDatabase {
  /** For DATABASE_URL of the processes; stays the same when the server is started again. */
  readonly url: string
  stop(): Promise<void>
}

const RESTART_PAUSES_MS = [0, 250, 1_000, 5_000, 15_000]

/** Starts or reaches the database. @throws what startPostgres throws */
export async function keepDatabase(config: Config, log: Log): Promise<KeptDatabase> {
  if (config.databaseUrl !== null) return { url: config.databaseUrl, stop: () => Promise.resolve() }
  let server = await startPostgres({ dataDir: config.dataDir, log })
  let isStopping = false
  let restart: Promise<void> = Promise.resolve()
  const watch = async (): Promise<void> => {
    await server.ended
    if (isStopping) return
    log.error({ pid: server.pid }, 'PostgreSQL ended unexpectedly; it is started again')
    restart = startAgain()
  }
  const startAgain = async (): Promise<void> => {
    for (let attempt = 0; !isStopping; attempt++) {
      await pause(RESTART_PAUSES_MS[Math.min(attempt, RESTART_PAUSES_MS.length - 1)] ?? 0)
      try {
        server = await startPostgres({ dataDir: config.dataDir, log })
        return void watch()
      } catch (error) {
        log.error({ error }, 'PostgreSQL does not start again; trying further')
      }
    }
  }
  void watch()
  return {
    url: urlOf(server.connection),
    stop: async () => {
      isStopping = true
      await restart
      await server.stop()
    },
  }
}

/** A URL that `pg` reads: the folder of a socket stands where a host name would. */
export function urlOf(connection: EmbeddedConnection): string {
  const { host, port, user, database } = connection
  return `postgres:///${database}?${new URLSearchParams({ host, port: String(port), user }).toString()}`
}
