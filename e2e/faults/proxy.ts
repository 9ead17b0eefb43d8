/** A wire that goes wrong: stands between two sockets, delays, cuts, and lets only half through. */
import { connect, createServer, type Server, type Socket } from 'node:net'

/** What befalls the bytes; changed while connections are open. */
export interface WireFaults {
  /** Each packet waits so long, in both directions. */
  latencyMs: number
  /** Share of packets at which the connection is reset. */
  resets: number
  /** Share of answering packets after which the other side says no more, and hangs up half. */
  halfCloses: number
  /** Bytes that pass per 10 ms towards the server; 0: all. */
  bytesPer10Ms: number
}

const CALM: WireFaults = { latencyMs: 0, resets: 0, halfCloses: 0, bytesPer10Ms: 0 }

/** Where a wire begins or ends: a port of 127.0.0.1, or the path of a socket. */
export type Place = number | string

/** A running wire. */
export interface Wire {
  /** The port, when it listens on one. */
  readonly port: number
  set(faults: Partial<WireFaults>, dice: () => number): void
  calm(): void
  /** New connections go elsewhere from now on, as a balancer would have it. */
  lead(to: Place): void
  close(): Promise<void>
}

const open = (place: Place): Socket =>
  typeof place === 'number' ? connect(place, '127.0.0.1') : connect(place)

/** Only TCP knows of a reset; a socket in the file system is just gone. */
const reset = (socket: Socket): unknown =>
  socket.remoteAddress === undefined ? socket.destroy() : socket.resetAndDestroy()

/** Listens at `from` (0: any port) and carries what comes to `to`. */
export async function startWire(from: Place, to: Place): Promise<Wire> {
  let target = to
  let faults = CALM
  let dice: () => number = () => 1
  const sockets = new Set<Socket>()
  const server: Server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
    const far = open(target)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      socket.on('error', () => {
        near.destroy()
        far.destroy()
      })
    }
    carry(near, far, true)
    carry(far, near, false)
  })
  const carry = (source: Socket, sink: Socket, isRequest: boolean): void => {
    let last: Promise<void> = Promise.resolve()
    const later = (ms: number): Promise<void> =>
      ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve()
    source.on('data', (bytes: Buffer) => {
      const { latencyMs, resets, halfCloses, bytesPer10Ms } = faults
      if (resets > 0 && dice() < resets) {
        reset(source)
        reset(sink)
        return
      }
      const isLast = !isRequest && halfCloses > 0 && dice() < halfCloses
      const slowMs = isRequest && bytesPer10Ms > 0 ? (bytes.length / bytesPer10Ms) * 10 : 0
      // Without faults bytes go straight through: a promise each would let them overtake what still waits.
      last = last
        .then(() => later(latencyMs + slowMs))
        .then(() => {
          if (sink.destroyed) return
          if (isLast) sink.end(bytes.subarray(0, Math.floor(bytes.length / 2)))
          else sink.write(bytes)
        })
    })
    source.on('end', () => void (last = last.then(() => void sink.end())))
    source.on('close', () => void last.then(() => sink.destroySoon()))
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    if (typeof from === 'number') server.listen(from, '127.0.0.1', resolve)
    else server.listen(from, resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    set: (next, rolled) => {
      faults = { ...CALM, ...next }
      dice = rolled
    },
    calm: () => void (faults = CALM),
    lead: (next) => void (target = next),
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
