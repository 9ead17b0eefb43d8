/** `fanfare doctor`: looks at everything an installation stands on and says what to mend. */
import { existsSync } from 'node:fs'
import { access, constants, statfs } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { verifyAudit } from '../audit/index.ts'
import { systemClock } from '../clock.ts'
import type { Environment } from '../config/index.ts'
import { print } from '../console.ts'
import { pendingMigrations } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { SYSTEM_ORG } from '../ids.ts'
import { withInstallation, withPlatform, type Installation } from './installation.ts'

const WEB_PAGE = fileURLToPath(new URL('../../../../web/dist/index.html', import.meta.url))
const FREE_BYTES_MIN = 2 * 1024 ** 3
const SMTP_WITHIN_MS = 5_000

interface Check {
  what: string
  /** @returns what was found good; throws or rejects with the sentence of what is not */
  look: (installation: Installation) => Promise<string>
}

/** Something is not right; the message says what to do. */
class Finding extends Error {}

const CHECKS: readonly Check[] = [
  { what: 'Data directory', look: lookAtDataDir },
  { what: 'Database', look: lookAtDatabase },
  { what: 'Schema', look: lookAtSchema },
  { what: 'Secrets', look: lookAtSecrets },
  { what: 'Audit log', look: lookAtAudit },
  { what: 'Mail', look: lookAtMail },
  { what: 'Web application', look: lookAtWeb },
]

/** @returns true when everything is well */
export async function doctor(env: Environment): Promise<boolean> {
  return withInstallation(env, async (installation) => {
    let isWell = true
    for (const { what, look } of CHECKS) {
      try {
        print(`ok      ${what}: ${await look(installation)}`)
      } catch (error) {
        isWell = false
        print(`PROBLEM ${what}: ${sentenceOf(error)}`)
      }
    }
    return isWell
  })
}

async function lookAtDataDir({ config }: Installation): Promise<string> {
  await access(config.dataDir, constants.W_OK).catch(() => {
    throw new Finding(
      `${config.dataDir} is not writable for this user. Give it to the user that runs Fanfare.`,
    )
  })
  const disk = await statfs(config.dataDir)
  const free = disk.bavail * disk.bsize
  const gibibytes = (free / 1024 ** 3).toFixed(1)
  if (free < FREE_BYTES_MIN)
    throw new Finding(`only ${gibibytes} GiB are free on the disk of ${config.dataDir}. Make room.`)
  return `${config.dataDir}, ${gibibytes} GiB free`
}

async function lookAtDatabase({ config, connection }: Installation): Promise<string> {
  const client = new pg.Client({ ...connection })
  await client.connect()
  try {
    const { rows } = await client.query<{ version: string; size: string; offset: number }>(
      `select current_setting('server_version') as version, pg_size_pretty(pg_database_size(current_database())) as size,
         abs(extract(epoch from clock_timestamp()) * 1000 - $1::float8)::float8 as offset`,
      [systemClock.now().getTime()],
    )
    const found = rows[0]
    const place = config.databaseUrl === null ? 'embedded' : 'of DATABASE_URL'
    if (found && found.offset > CLOCK_OFFSET_MS_MAX)
      throw new Finding(
        `its clock differs from this machine's by ${Math.round(found.offset / 1_000)} s. Run NTP on both.`,
      )
    return `PostgreSQL ${found?.version ?? '?'}, ${place}, ${found?.size ?? '?'}`
  } finally {
    await client.end()
  }
}

const CLOCK_OFFSET_MS_MAX = 2_000

async function lookAtSchema({ connection }: Installation): Promise<string> {
  const pending = await pendingMigrations(connection)
  if (pending.length > 0)
    throw new Finding(
      `${pending.length} migrations are waiting. Start Fanfare, or run: npm run fanfare -- migrate`,
    )
  return 'up to date'
}

/** Opens the data key of every organization: with these open, every secret opens. */
async function lookAtSecrets(installation: Installation): Promise<string> {
  return withPlatform(installation, async (platform) => {
    const organizations = await platform.organizations()
    for (const orgId of organizations) {
      const keys = await platform.secrets.of(platform.systemCtx(orgId))
      const sealed = keys.seal('doctor', 'proof')
      if (keys.open('doctor', sealed) !== 'proof')
        throw new Finding('the installation key does not open its own seal')
    }
    return `the installation key opens the keys of ${organizations.length} organizations`
  })
}

async function lookAtAudit(installation: Installation): Promise<string> {
  return withPlatform(installation, async (platform) => {
    let entries = 0
    for (const orgId of [SYSTEM_ORG, ...(await platform.organizations())]) {
      const verdict = await verifyAudit(platform.systemCtx(orgId))
      if (!verdict.intact)
        throw new Finding(
          `entry ${verdict.brokenAt} of organization ${orgId} does not fit (${verdict.problem}). Keep this database and its backups for an inquiry.`,
        )
      entries += verdict.entries
    }
    return `${entries} entries, chains intact`
  })
}

async function lookAtMail({ config }: Installation): Promise<string> {
  if (config.mailStaysHere) return 'SMTP_URL is not set: mail stays in the built-in mailbox'
  const { protocol, hostname, port } = new URL(config.smtpUrl)
  const number = Number(port) || (protocol === 'smtps:' ? 465 : 587)
  await new Promise<void>((resolve, reject) => {
    const socket = createConnection({ host: hostname, port: number, timeout: SMTP_WITHIN_MS })
    const fail = (_closed?: unknown): void =>
      reject(new Finding(`${hostname}:${number} does not answer. Check SMTP_URL and the firewall.`))
    socket.once('connect', () => resolve(void socket.destroy()))
    socket.once('timeout', () => fail(void socket.destroy()))
    socket.once('error', fail)
  })
  return `${hostname}:${number} answers`
}

function lookAtWeb(): Promise<string> {
  if (existsSync(WEB_PAGE)) return Promise.resolve('built')
  return Promise.reject(new Finding('it is not built. Run: npm run build'))
}

function sentenceOf(error: unknown): string {
  if (error instanceof Finding || error instanceof AppError) return error.message
  return `could not be looked at (${error instanceof Error ? error.message : String(error)})`
}
