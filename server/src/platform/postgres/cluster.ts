/** The folder of a PostgreSQL cluster: where it lies, whose it is, and how it is made once. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { AppError } from '../errors.ts'
import type { Log } from '../log.ts'
import { accountName, canEnter, ownerOf, serverAccount, type Account } from './account.ts'
import { POSTGRES_MAJOR, type Binaries } from './binaries.ts'
import { startFailure } from './failures.ts'

/** Where everything of one embedded server lies. */
export interface Place {
  /** The cluster itself (PGDATA). */
  clusterDir: string
  /** Private folder of the socket; its path stays below the 107 bytes that an address may have. */
  socketDir: string
  /** The server's own log. */
  logFile: string
  /** Whom the server runs as; null: as ourselves. */
  account: Account | null
}

/** Superuser of the cluster; reachable through the private socket only. */
export const SUPERUSER = 'fanfare'

const SOCKET_PATH_BYTES_MAX = 107
const SOCKET_NAME = '/.s.PGSQL.5432'
/** Where the cluster goes when root keeps the data in a folder that nobody else may enter. */
const SHARED_PARENT = '/var/lib/fanfare'

const run = promisify(execFile)

/**
 * Decides where the server lives and makes its folders.
 * @throws platform.data_dir_unusable
 */
export async function preparePlace(dataDir: string, log: Log): Promise<Place> {
  const folder = await enterableFolder(dataDir, log)
  const clusterDir = join(folder, 'cluster')
  const account = serverAccount(clusterDir)
  const uid = account?.uid ?? process.getuid?.() ?? 0
  const owner = ownerOf(clusterDir)
  if (owner && owner.uid !== uid) throw foreignCluster(clusterDir, owner, uid)
  const socketDir = await privateFolder(shortSocketFolder(folder), account)
  return { clusterDir, socketDir, logFile: join(folder, 'postgres.log'), account }
}

/** Makes the cluster if there is none, whole or not at all. @throws platform.postgres_failed, platform.postgres_version */
export async function ensureCluster(place: Place, binaries: Binaries, temporary: boolean): Promise<boolean> {
  const version = await readFile(join(place.clusterDir, 'PG_VERSION'), 'utf8').catch(() => null)
  if (version !== null) {
    checkVersion(version.trim(), place.clusterDir)
    return false
  }
  const partial = `${place.clusterDir}.new`
  await rm(partial, { recursive: true, force: true })
  await privateFolder(partial, place.account)
  // The order of texts must not depend on a library of this machine: indexes would break with it.
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8']
  const access = ['-U', SUPERUSER, '--auth-local=trust', '--auth-host=reject']
  const options = ['-D', partial, ...locale, ...access, '--no-instructions']
  if (temporary) options.push('--no-sync')
  try {
    await run(binaries.initdb, options, { ...place.account, cwd: '/', env: serverEnvironment() })
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string } // execFile's rejection carries both
    await rm(partial, { recursive: true, force: true })
    throw startFailure(stderr ?? message, place.clusterDir)
  }
  await rename(partial, place.clusterDir)
  return true
}

/** The environment of PostgreSQL's programs: nothing of ours, no locale of the machine. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' }
}

function foreignCluster(clusterDir: string, owner: Account, uid: number): AppError {
  const remedy =
    process.getuid?.() === 0
      ? `PostgreSQL will not run as root; give the folder to ${accountName(uid)}: chown -R ${accountName(uid)} ${clusterDir}`
      : `Start Fanfare as that user or as root, or give it to the present one: sudo chown -R ${accountName(uid)} ${clusterDir}`
  return new AppError(
    'platform.data_dir_unusable',
    503,
    `The database in ${clusterDir} belongs to ${accountName(owner.uid)}. ${remedy}`,
  )
}

function checkVersion(version: string, clusterDir: string): void {
  if (version === POSTGRES_MAJOR) return
  throw new AppError(
    'platform.postgres_version',
    503,
    `The database in ${clusterDir} was made by PostgreSQL ${version}, and this Fanfare brings ${POSTGRES_MAJOR}. Make a backup with the earlier Fanfare (npm run fanfare -- backup FILE) and restore it into an empty data directory with this one.`,
  )
}

/**
 * The folder for everything of PostgreSQL: `<dataDir>/postgres`. As root, when another account cannot get there, a
 * folder of its own elsewhere, to which that name is a link, so that the two move together.
 */
async function enterableFolder(dataDir: string, log: Log): Promise<string> {
  const folder = join(dataDir, 'postgres')
  await makeFolder(dataDir, dataDir)
  const known = await lstat(folder).catch(() => null)
  if (known?.isSymbolicLink()) return readlink(folder)
  const account = serverAccount(join(folder, 'cluster'))
  if (account !== null) await letPass(dataDir)
  if (account === null || canEnter(account, dataDir)) {
    await makeFolder(folder, dataDir)
    if (account !== null) await chmod(folder, 0o755)
    return folder
  }
  if (known)
    throw new AppError(
      'platform.data_dir_unusable',
      503,
      `PostgreSQL refuses to run as root, and ${accountName(account.uid)} cannot enter ${dataDir}. Move the data directory to a folder that others may enter (FANFARE_DATA_DIR), or start Fanfare as an ordinary user.`,
    )
  await makeFolder(SHARED_PARENT, dataDir)
  const elsewhere = await mkdtemp(join(SHARED_PARENT, 'postgres-'))
  await chmod(elsewhere, 0o755)
  await symlink(elsewhere, folder)
  log.warn(
    { dataDir, elsewhere },
    'PostgreSQL refuses to run as root and no other user may enter the data directory; the database is kept elsewhere',
  )
  return elsewhere
}

/** The data directory is ours: others may pass through it to what is theirs, and still list or read nothing. */
async function letPass(dataDir: string): Promise<void> {
  const { mode } = await stat(dataDir)
  if ((mode & PASS_THROUGH) !== PASS_THROUGH) await chmod(dataDir, mode | PASS_THROUGH)
}

const PASS_THROUGH = 0o011

async function makeFolder(path: string, dataDir: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true })
  } catch (cause) {
    throw new AppError(
      'platform.data_dir_unusable',
      503,
      `The folder ${path} cannot be made. Give FANFARE_DATA_DIR (now ${dataDir}) a folder that this user may write.`,
      { cause },
    )
  }
}

function shortSocketFolder(folder: string): string {
  const beside = join(folder, 'socket')
  // The setting is a list: a comma or a quote in a name would split it.
  if (Buffer.byteLength(beside + SOCKET_NAME) <= SOCKET_PATH_BYTES_MAX && !/[,"]/.test(beside)) return beside
  const mark = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  return join(tmpdir(), `fanfare-${mark}`)
}

/** A folder that only the server's account may enter. @throws when somebody else's lies there */
async function privateFolder(path: string, account: Account | null): Promise<string> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    const found = await lstat(path)
    const uid = account?.uid ?? process.getuid?.() ?? found.uid
    if (!found.isDirectory() || (found.uid !== uid && process.getuid?.() !== 0)) throw new Error('foreign')
    if (account !== null) await chown(path, account.uid, account.gid)
    await chmod(path, 0o700)
    return path
  } catch (cause) {
    throw new AppError(
      'platform.data_dir_unusable',
      503,
      `The folder ${path} cannot be made or belongs to somebody else. Remove it, or give ${dirname(path)} to the user that runs Fanfare.`,
      { cause },
    )
  }
}
