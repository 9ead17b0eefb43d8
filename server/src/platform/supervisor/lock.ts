/**
 * One supervisor per data directory. The lock is a file that names its holder and the processes it started, so that
 * the next start can tell a running Fanfare from one that was killed, and wait for what a killed one left behind.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { pause } from '../clock.ts'
import { AppError } from '../errors.ts'
import { identify, isSameProcess, type ProcessIdentity } from './identity.ts'

const identitySchema = z.object({ pid: z.number(), birth: z.string() })
const contentSchema = z.object({
  holder: identitySchema,
  children: z.array(identitySchema).readonly(),
  url: z.string(),
  /** The holder takes everything down: whoever comes may wait for it. */
  isStopping: z.boolean(),
})
type Content = z.infer<typeof contentSchema>

/** The lock while we hold it. */
export interface InstanceLock {
  /** Notes the processes that were started, for whoever comes after a kill. */
  noteChildren(pids: readonly number[]): void
  /** Notes that everything is being taken down. */
  noteStopping(): void
  release(): void
}

/** A killed supervisor's children drain and end by themselves; longer than they may take. */
const LEFT_BEHIND_WITHIN_MS = 25_000
const LEFT_BEHIND_POLL_MS = 50
/** A holder that stops: its processes end within 20 s, its database within 30 more. */
const STOPS_WITHIN_MS = 60_000
/** A holder whose starter was just killed learns of it within this time, and then stops. */
const LEARNS_WITHIN_MS = 1_500
const ATTEMPTS_MAX = 20

/**
 * Takes the lock of a data directory.
 *
 * @param say  told when there is something to wait for
 * @param stopsWithinMs  how long a holder that stops is waited for
 * @throws platform.already_running  naming the holder and its address
 * @throws platform.still_stopping  naming the holder
 * @throws platform.data_dir_unusable
 */
export async function takeLock(
  dataDir: string,
  url: string,
  say: (text: string) => void,
  stopsWithinMs = STOPS_WITHIN_MS,
): Promise<InstanceLock> {
  const path = join(dataDir, 'fanfare.lock')
  const holder = identify(process.pid)
  if (!holder)
    throw new AppError('platform.lock_failed', 503, 'This system does not say when a process began.')
  const content: Content = { holder, children: [], url, isStopping: false }
  makeDataDir(dataDir)
  const own = `${path}.${holder.pid}`
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    writeOrExplain(() => writeFileSync(own, JSON.stringify(content)), dataDir)
    const isTaken = isLinked(own, path)
    rmSync(own)
    if (isTaken) return heldLock(path, content)
    const found = readLock(path)
    if (found && isSameProcess(found.holder))
      await waitUntilGone(path, found, { dataDir, say, stopsWithinMs })
    await waitForLeftBehind(found?.children ?? [], say)
    setAside(path, found)
  }
  throw new AppError(
    'platform.lock_failed',
    503,
    `The lock ${path} cannot be taken. Make sure that no Fanfare runs here, then remove the file.`,
  )
}

function heldLock(path: string, taken: Content): InstanceLock {
  let content = taken
  // Written beside and renamed over: a reader never meets half a file.
  const note = (change: Partial<Content>): void => {
    content = { ...content, ...change }
    writeFileSync(`${path}.next`, JSON.stringify(content))
    renameSync(`${path}.next`, path)
  }
  return {
    noteChildren: (pids) => note({ children: pids.map(identify).filter((found) => found !== null) }),
    noteStopping: () => note({ isStopping: true }),
    release: () => rmSync(path, { force: true }),
  }
}

/** Waits for a holder that is going; gives one that may not know yet a moment. @throws when it stays */
async function waitUntilGone(
  path: string,
  found: Content,
  { dataDir, say, stopsWithinMs }: { dataDir: string; say: (text: string) => void; stopsWithinMs: number },
): Promise<void> {
  let hasSaid = false
  for (let waited = 0; waited < stopsWithinMs; waited += LEFT_BEHIND_POLL_MS) {
    if (!isSameProcess(found.holder)) return
    const isStopping = readLock(path)?.isStopping === true
    if (!isStopping && waited > LEARNS_WITHIN_MS) throw alreadyRunning(found, dataDir)
    if (isStopping && !hasSaid) say('An earlier run is stopping; waiting for it.')
    hasSaid ||= isStopping
    await pause(LEFT_BEHIND_POLL_MS)
  }
  if (isSameProcess(found.holder)) throw stillStopping(found, dataDir)
}

function makeDataDir(dataDir: string): void {
  writeOrExplain(() => mkdirSync(dataDir, { recursive: true }), dataDir)
}

/** Links atomically: of two that start together, one succeeds. */
function isLinked(own: string, path: string): boolean {
  try {
    linkSync(own, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false // fs errors carry a code
    throw error
  }
}

function readLock(path: string): Content | null {
  try {
    return contentSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null // gone meanwhile, or cut off by a full disk: nobody holds it
  }
}

/** Moves a dead lock away, and puts it back when it turns out to be a fresh one that came in between. */
function setAside(path: string, expected: Content | null): void {
  const aside = `${path}.dead.${process.pid}`
  try {
    renameSync(path, aside)
  } catch {
    return // somebody else was faster
  }
  const moved = readLock(aside)
  const isFresh =
    moved !== null && moved.holder.birth !== expected?.holder.birth && isSameProcess(moved.holder)
  if (isFresh) isLinked(aside, path)
  rmSync(aside, { force: true })
}

async function waitForLeftBehind(
  children: readonly ProcessIdentity[],
  say: (text: string) => void,
): Promise<void> {
  const living = (): ProcessIdentity[] => children.filter(isSameProcess)
  if (living().length === 0) return
  say('An earlier run was killed; waiting for its processes to finish what they have begun.')
  for (let waited = 0; waited < LEFT_BEHIND_WITHIN_MS && living().length > 0; waited += LEFT_BEHIND_POLL_MS)
    await pause(LEFT_BEHIND_POLL_MS)
  for (const { pid } of living()) process.kill(pid, 'SIGKILL')
}

function alreadyRunning(found: Content, dataDir: string): AppError {
  return new AppError(
    'platform.already_running',
    503,
    `Fanfare is already running on ${dataDir} at ${found.url} (process ${found.holder.pid}). Stop it first with: kill ${found.holder.pid}`,
  )
}

function stillStopping(found: Content, dataDir: string): AppError {
  return new AppError(
    'platform.still_stopping',
    503,
    `An earlier run on ${dataDir} (process ${found.holder.pid}) has been stopping for longer than it should. Start again when it is gone, or end it with: kill -9 ${found.holder.pid}`,
  )
}

function writeOrExplain(action: () => void, dataDir: string): void {
  try {
    action()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException // fs errors carry a code
    const reason =
      code === 'ENOSPC' || code === 'EDQUOT'
        ? 'the disk is full. Free some space and start again.'
        : code === 'ENOTDIR' || code === 'EEXIST'
          ? 'it is no folder. Name another in FANFARE_DATA_DIR.'
          : 'this user may not write there. Give the folder to the user that runs Fanfare, or name another in FANFARE_DATA_DIR.'
    throw new AppError(
      'platform.data_dir_unusable',
      503,
      `The data directory ${dataDir} cannot be used: ${reason}`,
      {
        cause: error,
      },
    )
  }
}
