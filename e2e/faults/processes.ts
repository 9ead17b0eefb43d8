/** The server's own processes, started as its supervisor starts them, and ended in every way there is. */
import { spawn, type ChildProcess } from 'node:child_process'
import { openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const SERVER = new URL('../../server/src/', import.meta.url)
const INSIDE = new URL('inside.ts', import.meta.url).href
/** A process that serves no sooner than this is no start but a hang. */
const READY_WITHIN_MS = 60_000

/** One process of ours. */
export interface Running {
  readonly role: 'api' | 'worker'
  readonly pid: number
  /** Resolves when it serves; rejects when it ends before. */
  readonly ready: Promise<void>
  /** Resolves with its exit status, or null when a signal ended it. */
  readonly ended: Promise<number | null>
  isAlive(): boolean
  signal(name: NodeJS.Signals): void
}

/** Starts one. What it prints goes to a file of the suite. */
export function startProcess(
  role: Running['role'],
  env: Readonly<Record<string, string>>,
  logPath: string,
): Running {
  const log = openSync(logPath, 'a')
  const { DATABASE_URL: _database, SMTP_URL: _smtp, ...inherited } = process.env
  const child: ChildProcess = spawn(process.execPath, [fileURLToPath(new URL(`${role}.ts`, SERVER))], {
    env: { ...inherited, ...env, NODE_OPTIONS: `--import=${INSIDE}` },
    stdio: ['ignore', log, log, 'ipc'],
  })
  const ready = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<number | null>()
  ready.promise.catch(() => undefined)
  const late = setTimeout(() => ready.reject(new Error(`the ${role} is not ready`)), READY_WITHIN_MS)
  child.on('message', () => {
    clearTimeout(late)
    ready.resolve()
  })
  child.on('exit', (code) => {
    clearTimeout(late)
    ready.reject(new Error(`the ${role} ended with ${code} before it was ready; see ${logPath}`))
    ended.resolve(code)
  })
  return {
    role,
    pid: child.pid ?? 0,
    ready: ready.promise,
    ended: ended.promise,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    signal: (name) => void child.kill(name),
  }
}
