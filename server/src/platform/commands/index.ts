/** The door of platform/commands: what an operator does from the command line. */
import { resolve } from 'node:path'
import { verifyAudit } from '../audit/index.ts'
import { restoreBackup, writeBackup } from '../backup/index.ts'
import { describeConfig, loadConfig, type Environment } from '../config/index.ts'
import { print, say } from '../console.ts'
import { systemClock } from '../clock.ts'
import { migrate, pendingMigrations } from '../db/index.ts'
import { SYSTEM_ORG } from '../ids.ts'
import { withInstallation, withPlatform, withStopped, type Installation } from './installation.ts'
export { doctor } from './doctor.ts'
export { withInstallation, withPlatform, type Installation } from './installation.ts'

/** Prints what is in force and where it comes from, secrets masked, then refuses what is wrong. */
export function showConfig(env: Environment, asJson: boolean): void {
  const settings = describeConfig(env)
  if (asJson) print(JSON.stringify(settings, null, 2))
  else for (const { env: name, value, source } of settings) print(`${name.padEnd(30)} ${value}  (${source})`)
  loadConfig(env)
}

/** Brings the schema up to date, or with `onlyList` says what is waiting. */
export async function migrateDatabase(env: Environment, onlyList: boolean): Promise<void> {
  await withInstallation(env, async ({ connection, log }) => {
    const names = onlyList ? await pendingMigrations(connection) : await migrate(connection, log)
    for (const name of names) print(name)
    if (names.length === 0) print('The schema is up to date.')
    else
      print(onlyList ? `${names.length} migrations are waiting.` : `${names.length} migrations were applied.`)
  })
}

/** Verifies every organization's audit chain. @returns true when all are intact */
export async function verifyAuditLogs(env: Environment): Promise<boolean> {
  return withInstallation(env, (installation) =>
    withPlatform(installation, async (platform) => {
      let isIntact = true
      for (const orgId of [SYSTEM_ORG, ...(await platform.organizations())]) {
        const verdict = await verifyAudit(platform.systemCtx(orgId))
        isIntact &&= verdict.intact
        print(
          verdict.intact
            ? `${orgId}: ${verdict.entries} entries, intact`
            : `${orgId}: BROKEN at entry ${verdict.brokenAt}: ${verdict.problem}`,
        )
      }
      print(
        isIntact
          ? 'Every chain is intact.'
          : 'A chain is broken. Keep this database and its backups for an inquiry.',
      )
      return isIntact
    }),
  )
}

/** Writes a backup while Fanfare may go on running. */
export async function backUp(env: Environment, file: string, withKey: boolean): Promise<void> {
  await withInstallation(env, async ({ config, connection }) => {
    const keyIsHere = config.key === null
    const report = await writeBackup({
      connection,
      dataDir: config.dataDir,
      target: resolve(file),
      withKey: withKey && keyIsHere,
      now: systemClock.now(),
    })
    print(
      `${resolve(file)}: ${report.rows} rows of ${report.tables} tables and ${report.files} files, ${(report.bytes / 1024 ** 2).toFixed(1)} MiB.`,
    )
    if (withKey && keyIsHere)
      say(
        'The installation key is inside: whoever has this file can read every secret. Keep it as you keep a password.',
      )
    else
      say(
        'The installation key is NOT inside. Without it, the stored secrets, links in sent mails and the suppression list of this backup are lost: keep a copy of it elsewhere.',
      )
  })
}

/** Restores a backup into an empty data directory or database. */
export async function restore(env: Environment, file: string): Promise<void> {
  await withStopped(env, async ({ config, connection, log }: Installation) => {
    const { header, rows, tables, files } = await restoreBackup({
      connection,
      dataDir: config.dataDir,
      source: resolve(file),
      log,
    })
    print(`Restored ${rows} rows of ${tables} tables and ${files} files, as of ${header.createdAt}.`)
    if (!header.hasKey && config.key === null)
      say('The backup holds no installation key: put it into FANFARE_KEY before you start Fanfare.')
    print('Start Fanfare, then look it over with: npm run fanfare -- doctor')
  })
}
