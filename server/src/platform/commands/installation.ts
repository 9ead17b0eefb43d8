/** What a command works on: the configuration, the database (borrowed from a running Fanfare, or started), the platform. */
import { loadConfig, type Config, type Environment } from '../config/index.ts'
import type { Connection } from '../db/index.ts'
import { createLog, type Log } from '../log.ts'
import { createPlatform, type Platform } from '../platform.ts'
import { startPostgres } from '../postgres/index.ts'
import { loadMasterKey } from '../secrets/master-key.ts'
import { takeLock } from '../supervisor/lock.ts'
import { say } from '../console.ts'

/** What a command works on. */
export interface Installation {
  config: Config
  connection: Connection
  log: Log
}

/** Runs `work` on the database, and leaves a database that already ran as it was. */
export async function withInstallation<T>(
  env: Environment,
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  const config = loadConfig(env)
  const log = createLog('error', { process: 'command' }, process.stderr)
  if (config.databaseUrl !== null)
    return work({ config, log, connection: { connectionString: config.databaseUrl } })
  const server = await startPostgres({ dataDir: config.dataDir, log })
  try {
    return await work({ config, log, connection: { ...server.connection } })
  } finally {
    if (!server.adopted) await server.stop()
  }
}

/** Like withInstallation, while Fanfare is stopped and stays stopped. @throws platform.already_running */
export async function withStopped<T>(
  env: Environment,
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  const config = loadConfig(env)
  const lock = await takeLock(config.dataDir, config.publicUrl, say)
  try {
    return await withInstallation(env, work)
  } finally {
    lock.release()
  }
}

/** Puts a platform together for one command. The schema must be up to date. */
export async function withPlatform<T>(
  { config, connection, log }: Installation,
  work: (platform: Platform) => Promise<T>,
): Promise<T> {
  const platform = await createPlatform({
    config,
    connection,
    log,
    masterKey: await loadMasterKey(config),
    role: 'command',
  })
  try {
    return await work(platform)
  } finally {
    await platform.close()
  }
}
