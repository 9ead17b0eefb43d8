/** Ports: whether one is free, and finding a free one. */
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { AppError } from '../errors.ts'

/** @throws platform.port_taken, platform.port_refused  naming the port and what to do */
export async function assertPortFree(port: number, host: string): Promise<void> {
  const code = await tryToListen(port, host)
  if (code === null) return
  if (code === 'EADDRINUSE')
    throw new AppError(
      'platform.port_taken',
      503,
      `Port ${port} is used by another program. Stop that program, or choose another port: FANFARE_PORT=${port + 1} npm start`,
    )
  if (code === 'EACCES')
    throw new AppError(
      'platform.port_refused',
      503,
      `This user may not listen on port ${port}. Choose one from 1024 up (FANFARE_PORT=3000) and put a proxy before it.`,
    )
  throw new AppError(
    'platform.port_refused',
    503,
    `Fanfare cannot listen on ${host}:${port} (${code}). Check FANFARE_HOST and FANFARE_PORT.`,
  )
}

/**
 * Below what systems give to outgoing connections (from 32,768 on Linux, from 49,152 elsewhere): such a connection could
 * take a port before the process that it is meant for has started, or while it is started again.
 */
const [FIRST, END] = [20_000, 32_000]
const TRIES_MAX = 50

/** A loopback port that nobody uses at this moment. @throws when so many tries find none */
export async function freeLoopbackPort(): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const port = randomInt(FIRST, END)
    if ((await tryToListen(port, '127.0.0.1')) === null) return port
  }
  throw new Error(`none of ${TRIES_MAX} ports is free`)
}

/** @returns the error's code, null when listening worked */
function tryToListen(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'))
    server.listen(port, host, () => server.close(() => resolve(null)))
  })
}
