/** A running postmaster: found by its pid file and verified, started, waited for, stopped. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync, readdirSync, readlinkSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pause } from '../clock.ts'
import { serverEnvironment, type Place } from './cluster.ts'

/** What postmaster.pid says, verified to name a live server of this very cluster. */
export interface Postmaster {
  pid: number
  socketDir: string
  port: number
}

/** How a process ended, or that it lives. */
export type Liveness = 'ours' | 'foreign' | 'gone'

const LOG_BYTES_MAX = 10 * 1024 * 1024

/** Reads the pid file; null when there is none or it is only half written. */
export function readPostmaster(clusterDir: string): Postmaster | null {
  try {
    const lines = readFileSync(join(clusterDir, 'postmaster.pid'), 'utf8').split('\n')
    const [pid, , , port, socketDir] = lines
    return Number(pid) > 0 ? { pid: Number(pid), port: Number(port ?? 0), socketDir: socketDir ?? '' } : null
  } catch {
    return null
  }
}

/** The pid on the first line of a lock file; null without one. */
export function lockPid(file: string): number | null {
  try {
    return Math.abs(Number(readFileSync(file, 'utf8').split('\n')[0])) || null
  } catch {
    return null
  }
}

/**
 * Whether a pid is a postmaster of this cluster. Pids are used again, so a live process is not enough: its command
 * line must name the cluster. A zombie counts as gone: in a container nobody may ever collect it.
 */
export function postmasterLiveness(pid: number, clusterDir: string): Liveness {
  if (!isAlive(pid)) return 'gone'
  return isPostmasterOf(pid, clusterDir) ? 'ours' : 'foreign'
}

/** True while any process works inside the cluster, such as a backend that outlives a killed postmaster. Linux only. */
export function isClusterInUse(clusterDir: string): boolean {
  if (process.platform !== 'linux') return true // cannot be known: then nothing is removed
  return readdirSync('/proc').some((entry) => {
    if (!/^\d+$/.test(entry)) return false
    try {
      return readlinkSync(`/proc/${entry}/cwd`) === clusterDir
    } catch {
      return false // ended meanwhile, a zombie, or another user's
    }
  })
}

/** Starts the postmaster in a session of its own: Ctrl-C in our terminal must not end it before we have drained. */
export function launch(program: string, place: Place, settings: readonly string[]): ChildProcess {
  rotateLog(place.logFile)
  const log = openSync(place.logFile, 'a', 0o600)
  try {
    const child = spawn(program, ['-D', place.clusterDir, ...settings], {
      ...place.account,
      cwd: '/',
      detached: true,
      stdio: ['ignore', log, log],
      env: serverEnvironment(),
    })
    child.unref()
    return child
  } finally {
    closeSync(log)
  }
}

/** The part of the server's log that was written since `offset`. */
export function logSince(logFile: string, offset: number): string {
  return readFileSync(logFile).subarray(offset).toString('utf8')
}

/** Size of the log, to read on from there. */
export function logSize(logFile: string): number {
  return statSync(logFile, { throwIfNoEntry: false })?.size ?? 0
}

/**
 * Stops a server fast (open transactions are rolled back), then immediately when it does not listen.
 * @returns true when it is gone
 */
export async function stopPostmaster(
  pid: number,
  clusterDir: string,
  graceMs: number,
  immediateMs: number,
): Promise<boolean> {
  for (const [signal, waitMs] of [
    ['SIGINT', graceMs],
    ['SIGQUIT', immediateMs],
  ] as const) {
    // Verified again at each step: a signal must never reach a stranger who got the number.
    if (postmasterLiveness(pid, clusterDir) !== 'ours') return true
    process.kill(pid, signal)
    const rounds = Math.ceil(waitMs / STOP_POLL_MS)
    for (let round = 0; round < rounds; round++) {
      await pause(STOP_POLL_MS)
      if (postmasterLiveness(pid, clusterDir) !== 'ours') return true
    }
  }
  return false
}

const STOP_POLL_MS = 10

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false // kill's errors carry a code
  }
  return processState(pid) !== 'Z'
}

/** The state letter of /proc; an empty string where there is no /proc. */
function processState(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3)
  } catch {
    return ''
  }
}

function isPostmasterOf(pid: number, clusterDir: string): boolean {
  try {
    if (process.platform !== 'linux')
      return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(
        `postgres -D ${clusterDir}`,
      )
    const [program = '', ...options] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return program.endsWith('/postgres') && options[options.indexOf('-D') + 1] === clusterDir
  } catch {
    return false
  }
}

function rotateLog(logFile: string): void {
  if (logSize(logFile) > LOG_BYTES_MAX) renameSync(logFile, `${logFile}.1`)
}
