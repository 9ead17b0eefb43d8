/**
 * A clock that a test may move, for an installation in processes of its own: loaded into each of them before anything
 * else (`node --import`), it lets the clock run ahead of the real one by the milliseconds that stand in the file that
 * TEST_CLOCK_FILE names. No such file: the real time.
 */
import { readFileSync } from 'node:fs'
import { systemClock } from '../platform/clock.ts'

/** The clock is asked thousands of times a second; the file, as often as a test can tell. */
const READ_EVERY_MS = 20

const file = process.env['TEST_CLOCK_FILE'] ?? ''
let aheadMs = 0
let readAt = 0

systemClock.now = () => {
  const real = Date.now()
  if (real - readAt >= READ_EVERY_MS) {
    readAt = real
    aheadMs = aheadNow()
  }
  return new Date(real + aheadMs)
}

function aheadNow(): number {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch {
    // Nobody has moved it yet.
    return 0
  }
}
