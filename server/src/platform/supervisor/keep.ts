/** Keeping a process alive: started, watched, started again with growing pauses, stopped in order. */
import { spawn, type ChildProcess } from 'node:child_process'
import { z } from 'zod'
import { monotonicMs, pause } from '../clock.ts'
import type { Log } from '../log.ts'
import { EXIT_REFUSED } from './role.ts'
import { smallHeap, smallMalloc } from './small-memory.ts'

/** What a process says to its supervisor. */
const messageSchema = z.object({ kind: z.literal('ready') })

/** A process that is started again whenever it ends. */
export interface KeptProcess {
  readonly name: string
  /** Resolves when the process has said for the first time that it serves; rejects when it refuses to start. */
  readonly ready: Promise<void>
  /** Rejects when the process refuses to start, also at a later start; never resolves. */
  readonly refused: Promise<never>
  pid(): number | undefined
  /** Asks it to drain, and ends it hard after `graceMs`. */
  stop(graceMs: number): Promise<void>
  /** Ends it hard, now. */
  kill(): void
}

/** Which process to keep. */
export interface KeptProcessOptions {
  name: 'api' | 'worker'
  file: string
  env: NodeJS.ProcessEnv
  log: Log
  /** Called after each start, with the new pid in force. */
  onStart(): void
}

const RESTART_PAUSES_MS = [100, 250, 500, 1_000, 2_000, 5_000, 10_000]
/** A process that ran this long starts again without counting earlier deaths. */
const STEADY_AFTER_MS = 30_000

/** A process that refused to start: it has said why in a sentence of its own. */
export class ProcessRefused extends Error {}

/** Starts a process and keeps it running until it is stopped. */
export function keepProcess(options: KeptProcessOptions): KeptProcess {
  const { name, log } = options
  let child: ChildProcess | undefined
  let isStopping = false
  const ready = Promise.withResolvers<void>()
  const refused = Promise.withResolvers<never>()
  // The supervisor may be stopping before it asks for either.
  for (const promise of [ready.promise, refused.promise]) promise.catch(() => undefined)

  const runOnce = (): Promise<{ code: number | null; signal: string | null }> =>
    new Promise((resolve) => {
      child = spawn(process.execPath, [...smallHeap(name), options.file], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        env: { ...smallMalloc(name), ...options.env },
      })
      child.on('message', (message) => messageSchema.safeParse(message).success && ready.resolve())
      child.once('error', (error) => {
        log.error({ error, child: name }, 'a process cannot be started')
        resolve({ code: null, signal: null })
      })
      child.once('exit', (code, signal) => resolve({ code, signal }))
      options.onStart()
    })

  const keep = async (): Promise<void> => {
    for (let deaths = 0; !isStopping;) {
      const startedMs = monotonicMs()
      const { code, signal } = await runOnce()
      if (isStopping) return
      if (code === EXIT_REFUSED) {
        const reason = new ProcessRefused(`the ${name} process refuses to start`)
        ready.reject(reason)
        refused.reject(reason)
        return
      }
      if (monotonicMs() - startedMs > STEADY_AFTER_MS) deaths = 0
      const pauseMs = RESTART_PAUSES_MS[Math.min(deaths, RESTART_PAUSES_MS.length - 1)] ?? 0
      deaths += 1
      log.error({ child: name, code, signal, pauseMs }, 'a process ended unexpectedly; it is started again')
      await pause(pauseMs)
    }
  }
  const kept = keep()

  return {
    name,
    ready: ready.promise,
    refused: refused.promise,
    pid: () => child?.pid,
    kill: () => {
      isStopping = true
      child?.kill('SIGKILL')
    },
    stop: async (graceMs) => {
      isStopping = true
      child?.kill('SIGTERM')
      const timer = setTimeout(() => {
        log.warn({ child: name, graceMs }, 'a process did not drain in time; it is ended')
        child?.kill('SIGKILL')
      }, graceMs)
      await kept
      clearTimeout(timer)
    },
  }
}
