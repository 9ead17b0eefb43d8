/**
 * Work that is dear to have in a process: a library that takes a second to load and a hundred megabytes that never come
 * back, or whose input may make it run for ever. It lives in a process of its own, which knows no setting and no secret,
 * begins at the first question and ends when nobody asks.
 */
import { fork, type ChildProcess } from 'node:child_process'
import type { z } from 'zod'
import { type Timer, after } from '../clock.ts'

/** MB of the old generation of its heap: what runs away is ended, not the machine. */
const HEAP_MB = 512
/** It ends after this long without a question. Beginning takes a second, memory is given back meanwhile. */
const IDLE_MS = 10 * 60_000
/** It is ended when a question takes longer than this, beginning included. */
const ANSWER_WITHIN_MS = 30_000

/** A process that answers questions, one after the other. */
export interface ProcessApart<Answer> {
  /**
   * Asks, after those who asked before.
   * @throws Error  when the process cannot begin, ended, or took too long; whoever asks next gets a new one
   */
  ask(question: string): Promise<Answer>
  /** Its pid while it runs. */
  pid(): number | undefined
}

/** Which process, and what it answers. */
export interface ProcessApartOptions<Answer> {
  /** Its file, which calls `answerApart`. */
  file: URL
  answer: z.ZodType<Answer>
  idleMs?: number
  answerWithinMs?: number
}

/** A process apart, which begins when it is asked. It does not keep ours alive. */
export function processApart<Answer>({
  file,
  answer,
  idleMs = IDLE_MS,
  answerWithinMs = ANSWER_WITHIN_MS,
}: ProcessApartOptions<Answer>): ProcessApart<Answer> {
  let running: ChildProcess | undefined
  let idle: Timer | undefined
  let latest: Promise<unknown> = Promise.resolve()

  const begin = (): ChildProcess => {
    const child = fork(file, {
      env: {},
      execArgv: [`--max-old-space-size=${HEAP_MB}`],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    child.once('exit', () => forget(child))
    child.on('error', () => forget(child))
    return child
  }

  const forget = (child: ChildProcess): void => {
    if (running === child) running = undefined
  }

  const exchange = async (question: string): Promise<Answer> => {
    const isReused = running !== undefined
    try {
      return await exchangeOnce(question)
    } catch (error) {
      // One that had answered others may have been ended from outside before it heard this.
      if (isReused && error instanceof EndedEarly) return exchangeOnce(question)
      throw error
    }
  }

  const exchangeOnce = async (question: string): Promise<Answer> => {
    idle?.stop()
    const child = (running ??= begin())
    holds(child, true)
    try {
      return answer.parse(await answerOf(child, question, answerWithinMs))
    } catch (error) {
      // Whatever it still says would be taken for the answer to the next question.
      child.kill('SIGKILL')
      forget(child)
      throw error
    } finally {
      holds(child, false)
      idle = after(idleMs, () => rest(child), { keepsAlive: false })
    }
  }

  const rest = (child: ChildProcess): void => {
    forget(child)
    if (child.connected) child.disconnect()
  }

  return {
    ask: (question) => {
      const answered = latest.then(() => exchange(question))
      latest = answered.catch(() => undefined)
      return answered
    },
    pid: () => running?.pid,
  }
}

/** Whether our process stays for it: while it owes an answer. */
function holds(child: ChildProcess, isHeld: boolean): void {
  const method = isHeld ? 'ref' : 'unref'
  child[method]()
  child.channel?.[method]()
}

/** It ended by itself, or by somebody else's hand, before it answered. */
class EndedEarly extends Error {}

/** Sends one question and waits for its answer, which is the next thing that the process says. */
function answerOf(child: ChildProcess, question: string, withinMs: number): Promise<unknown> {
  const said = Promise.withResolvers<unknown>()
  const ended = (how: string | number | null): void =>
    said.reject(new EndedEarly(`a process apart ended before it answered (${how})`))
  const exited = (code: number | null, signal: string | null): void => ended(signal ?? code)
  child.once('message', said.resolve)
  child.once('exit', exited)
  child.once('error', said.reject)
  const limit = after(withinMs, () => {
    said.reject(new Error(`a process apart did not answer within ${withinMs} ms`))
  })
  child.send(question, (error) => error && ended(error.message))
  return said.promise.finally(() => {
    limit.stop()
    child.off('message', said.resolve)
    child.off('exit', exited)
    child.off('error', said.reject)
  })
}
