/** A port of this machine that nobody listens on at the moment. */
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * Below what systems give to outgoing connections (from 32,768 on Linux, from 49,152 elsewhere): whoever asks starts a
 * process first, and by then such a connection could have taken the port.
 */
const [FIRST, END] = [20_000, 32_000]
const TRIES_MAX = 50

/** @throws when none is found */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const port = randomInt(FIRST, END)
    if (await isFree(port)) return port
  }
  throw new Error(`none of ${TRIES_MAX} ports is free`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
