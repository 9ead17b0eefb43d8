/**
 * Bodies are read in turns. Senders who were answered together send again together: read in one go, two dozen bodies took
 * 40 ms, in which no answer of the database was heard and it had nothing to do.
 */
import { nextTurn } from '../../platform/clock.ts'

/** Bytes of bodies that are read before the database is heard again: half a millisecond of work. */
const TURN_BYTES = 32 * 1024

const waiting: { bytes: number; begin: () => void }[] = []
let isServed = false

/** Resolves when a body of so many bytes may be read; at once while no other is. */
export const turnToRead = (bytes: number): Promise<void> =>
  new Promise((begin) => {
    waiting.push({ bytes, begin })
    if (!isServed) void serve()
  })

async function serve(): Promise<void> {
  isServed = true
  while (waiting.length > 0) {
    let room = TURN_BYTES
    while (room > 0) {
      const first = waiting.shift()
      if (!first) break
      first.begin()
      room -= first.bytes
    }
    await nextTurn()
  }
  isServed = false
}
