/** Waiting for a database that is on its way: at a start everything comes up at once, and one of us is first. */
import { pause } from '../clock.ts'
import type { Log } from '../log.ts'

const PAUSES_MS = [100, 250, 500, 1_000, 2_000]

/**
 * Errors of the way to a server and of one that is starting or stopping: class 08, 57P01 to 57P05, 53300 (too many
 * connections), and what sockets and the pool say. What a database says of a statement is none of them.
 */
const PASSING = /^(?:08|57P0|53300|ECONN|ENOENT|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN)/
const PASSING_WORDS = /timeout exceeded when trying to connect|connection terminated|connection timeout/i

/** Runs `action` until the database answers. @throws what has another reason, at once */
export async function whenReachable<T>(log: Log, action: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await action()
    } catch (error) {
      if (!isPassing(error)) throw error
      log.warn({ error, tries }, 'the database does not answer yet; trying again')
      await pause(PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)] ?? 0)
    }
  }
}

/** Is it the way to the database that failed, and no statement? */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('code' in error && typeof error.code === 'string') return PASSING.test(error.code)
  return PASSING_WORDS.test(error.message)
}
