/**
 * A pool of connections to one mail server. Messages wait in one queue; connections take from it as fast as the
 * server answers, and open only while there is more work than they can hold.
 */
import type { Socket } from 'node:net'
import { every, monotonicMs, type Timer } from '../../../../platform/clock.ts'
import type { Handover, Trouble } from '../../outcome.ts'
import type { FlightWatch, Transport } from '../../transport.ts'
import { SmtpConnection, secure, type Delivery, type DeliveryQueue } from './smtp-connection.ts'
import type { SmtpMessage } from './smtp-message.ts'
import type { SmtpSettings } from './smtp-settings.ts'

/** Opens a plain connection under the platform's address policy, or says why not. */
export type Dial = (host: string, port: number, timeoutMs: number) => Promise<Socket | Trouble>

/** Connections that may be lost under one message before it goes back to the caller. */
const ATTEMPTS_MAX = 3
/** A connection without work says goodbye after this long. */
const IDLE_MS = 20_000
const IDLE_CHECK_MS = 5_000
/** After a connection could not be opened while others live, no further one is tried for this long. */
const REOPEN_PAUSE_MS = 2_000

export class SmtpPool implements DeliveryQueue, Transport<SmtpMessage> {
  readonly tellsBegin = true
  readonly #settings: SmtpSettings
  readonly #dial: Dial
  #queue: Delivery[] = []
  #head = 0
  #opening = 0
  #busy = 0
  readonly #idle: { connection: SmtpConnection; sinceMs: number }[] = []
  readonly #idleCheck: Timer
  readonly #open = new Set<SmtpConnection>()
  #pausedUntilMs = 0
  #closed = false
  #retired = false

  constructor(settings: SmtpSettings, dial: Dial) {
    this.#settings = settings
    this.#dial = dial
    this.#idleCheck = every(IDLE_CHECK_MS, () => this.#retireIdle())
  }

  deliver(messages: readonly SmtpMessage[], stop?: AbortSignal, watch?: FlightWatch): Promise<Handover[]> {
    if (messages.length === 0) return Promise.resolve([])
    return new Promise((resolve) => {
      const outcomes: Handover[] = Array.from({ length: messages.length })
      let open = messages.length
      const withdraw = (): void => this.#withdraw(batch)
      const batch = messages.map((message, index): Delivery => ({
        message,
        attempts: 0,
        begun: () => watch?.begun([index]),
        settle: (outcome) => {
          watch?.ended(index, outcome)
          message.done?.()
          outcomes[index] = outcome
          open -= 1
          if (open > 0) return
          stop?.removeEventListener('abort', withdraw)
          resolve(outcomes)
        },
      }))
      this.#queue.push(...batch)
      stop?.addEventListener('abort', withdraw)
      if (stop?.aborted) withdraw()
      this.#spread()
    })
  }

  /** Opens one connection, signs in and leaves: what is wrong, or null. */
  async probe(): Promise<Trouble | null> {
    const connection = await this.#connect()
    if (!(connection instanceof SmtpConnection)) return connection
    connection.quit()
    return null
  }

  /** Takes nothing new; connections leave once their work is done. */
  retire(): void {
    this.#idleCheck.stop()
    this.#retired = true
    for (const { connection } of this.#idle.splice(0)) {
      this.#open.delete(connection)
      connection.quit()
    }
  }

  /** Ends every connection. What still waits comes back unsent, what is under way as unknown. */
  close(): void {
    this.#closed = true
    this.#idleCheck.stop()
    for (const connection of this.#open) connection.quit()
    this.#refuseWaiting({ kind: 'unreachable', text: 'closed by us' })
  }

  take(): Delivery | undefined {
    const delivery = this.#queue[this.#head]
    if (!delivery) return undefined
    this.#head += 1
    // While several sub-batches take turns the queue is never empty: what was taken must go all the same.
    if (this.#head * 2 >= this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head)
      this.#head = 0
    }
    return delivery
  }

  giveBack(delivery: Delivery, trouble: Trouble): void {
    delivery.attempts += 1
    if (delivery.attempts >= ATTEMPTS_MAX || this.#closed) delivery.settle({ kind: 'unsent', trouble })
    else this.#queue.push(delivery)
  }

  get #waiting(): number {
    return this.#queue.length - this.#head
  }

  /** Wakes idle connections and opens further ones while there is work that nobody has taken. */
  #spread(): void {
    if (this.#closed) return this.#refuseWaiting({ kind: 'unreachable', text: 'closed by us' })
    while (this.#waiting > 0 && this.#idle.length > 0) {
      const idle = this.#idle.pop()
      if (idle) void this.#work(idle.connection)
    }
    if (monotonicMs() < this.#pausedUntilMs && this.#busy + this.#opening > 0) return
    while (this.#waiting > this.#opening && this.#busy + this.#opening < this.#settings.connectionsMax)
      void this.#openOne()
  }

  async #openOne(): Promise<void> {
    this.#opening += 1
    const connection = await this.#connect()
    this.#opening -= 1
    if (connection instanceof SmtpConnection) {
      this.#open.add(connection)
      return this.#work(connection)
    }
    this.#pausedUntilMs = monotonicMs() + REOPEN_PAUSE_MS
    if (this.#busy === 0 && this.#opening === 0) this.#refuseWaiting(connection)
  }

  async #work(connection: SmtpConnection): Promise<void> {
    this.#busy += 1
    await connection.work(this)
    this.#busy -= 1
    if (connection.isSpent || this.#closed || (this.#retired && this.#waiting === 0)) {
      this.#open.delete(connection)
      connection.quit()
      this.#spread()
      return
    }
    this.#idle.push({ connection, sinceMs: monotonicMs() })
    if (this.#waiting > 0) this.#spread()
  }

  /** The longest idle stand first, because work takes from the end. */
  #retireIdle(): void {
    for (
      let oldest = this.#idle[0];
      oldest && monotonicMs() - oldest.sinceMs > IDLE_MS;
      oldest = this.#idle[0]
    ) {
      this.#idle.shift()
      this.#open.delete(oldest.connection)
      oldest.connection.quit()
    }
  }

  /** Takes back what no connection has begun. */
  #withdraw(batch: readonly Delivery[]): void {
    const withdrawn = new Set(batch)
    const waiting = this.#queue.slice(this.#head)
    this.#queue = waiting.filter((delivery) => !withdrawn.has(delivery))
    this.#head = 0
    for (const delivery of waiting)
      if (withdrawn.has(delivery)) delivery.settle({ kind: 'unsent', trouble: null })
  }

  #refuseWaiting(trouble: Trouble): void {
    for (let delivery = this.take(); delivery; delivery = this.take())
      delivery.settle({ kind: 'unsent', trouble })
  }

  async #connect(): Promise<SmtpConnection | Trouble> {
    const { host, port, connectTimeoutMs } = this.#settings
    const dialled = await this.#dial(host, port, connectTimeoutMs)
    if ('kind' in dialled) return dialled
    dialled.setNoDelay(true)
    const socket = this.#settings.security === 'tls' ? await secure(dialled, this.#settings) : dialled
    if ('kind' in socket) return socket
    const connection = new SmtpConnection(socket, this.#settings)
    const trouble = await connection.open()
    if (!trouble) return connection
    connection.quit()
    return trouble
  }
}
