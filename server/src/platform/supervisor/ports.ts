/** Ports: whether one is free, and finding a free one. */
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

/** A loopback port that nobody uses at this moment. */
export async function freeLoopbackPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new TypeError('a TCP server has a port')
  return address.port
}

/** @returns the error's code, null when listening worked */
function tryToListen(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'))
    server.listen(port, host, () => server.close(() => resolve(null)))
  })
}
