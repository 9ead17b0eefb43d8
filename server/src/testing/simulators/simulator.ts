/**
 * A provider as a server of this machine: takes calls of its API, notes in a ledger of its own what it took, goes wrong
 * by plan and seed, and tells later what became of the messages. For tests, for the fault suite, and to try Fanfare out:
 * `npm run fanfare -- simulate sendgrid --port 4010`.
 *
 * Two addresses are the simulator's own: `GET /simulator/ledger` and `PUT /simulator/faults`.
 */
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fateOf, faultPlan, NO_FAULTS, type CallFault, type Fate, type FaultPlan } from './faults.ts'
import { SimulatorLedger, type LedgerEntry } from './ledger.ts'
import {
  isAnswer,
  type CalledMessage,
  type EventCall,
  type LaterEvent,
  type SimulatedVendor,
  type SimulatorAnswer,
  type SimulatorSecrets,
} from './vendor.ts'

/** How a simulator is started. */
export interface SimulatorOptions {
  port?: number
  ledgerPath?: string
  /** Key and certificate; with them it is called over TLS alone. */
  tls?: { key: string; cert: string }
  seed?: number
  faults?: { [K in keyof FaultPlan]?: FaultPlan[K] | undefined }
  secrets?: Partial<SimulatorSecrets>
  /** Where events go when the calls do not say; without either none are told. */
  eventsUrl?: string
  /** How long after a message its event is told; late ones take twenty times as long. */
  eventDelayMs?: number
  /** Runs when messages are taken, before their answer leaves. */
  whenTaken?: (entries: readonly LedgerEntry[]) => Promise<void> | void
  /** The time that its ledger notes; the system's unless said otherwise. */
  now?: () => Date
}

/** A running simulator. */
export interface Simulator {
  port: number
  /** `http://127.0.0.1:PORT`, or https. */
  url: string
  secrets: SimulatorSecrets
  /** What was taken so far. */
  taken(): readonly LedgerEntry[]
  /** Calls that came, whatever became of them. */
  calls(): number
  setFaults(faults: Partial<FaultPlan>): void
  setEventsUrl(url: string): void
  /** Waits until every event that is due was told. */
  settled(): Promise<void>
  close(): Promise<void>
}

/** What a plan leaves out does not happen. */
const planOf = (faults: { [K in keyof FaultPlan]?: FaultPlan[K] | undefined }): FaultPlan => {
  const given = Object.entries(faults).filter(([, value]) => value !== undefined)
  return { ...NO_FAULTS, ...Object.fromEntries(given) }
}

const EVENTS_PER_CALL_MAX = 100
const LATE_FACTOR = 20
const BODY_BYTES_MAX = 64 * 1024 * 1024

/** Starts a provider on 127.0.0.1. */
export async function startSimulator(
  vendor: SimulatedVendor,
  options: SimulatorOptions = {},
): Promise<Simulator> {
  const running = new RunningSimulator(vendor, options)
  await running.listen(options.port ?? 0)
  return running.surface()
}

class RunningSimulator {
  readonly #vendor: SimulatedVendor
  readonly #ledger: SimulatorLedger
  readonly #server: Server
  readonly #fate: Fate
  readonly #secrets: SimulatorSecrets
  readonly #eventDelayMs: number
  readonly #now: () => Date
  readonly #whenTaken: SimulatorOptions['whenTaken']
  readonly #telling = new Set<Promise<void>>()
  readonly #closing = new AbortController()
  readonly #scheme: 'http' | 'https'
  #faults: FaultPlan
  #eventsUrl: string | null
  #calls = 0
  #made: number

  constructor(vendor: SimulatedVendor, options: SimulatorOptions) {
    this.#vendor = vendor
    this.#ledger = new SimulatorLedger(options.ledgerPath ?? null)
    this.#made = this.#ledger.entries.length
    this.#faults = planOf(options.faults ?? {})
    this.#fate = fateOf(() => this.#faults, options.seed ?? 1)
    this.#secrets = { apiKey: 'simulated-api-key', eventKey: 'simulated-event-key', ...options.secrets }
    this.#eventsUrl = options.eventsUrl ?? null
    this.#eventDelayMs = options.eventDelayMs ?? 20
    this.#now = options.now ?? (() => new Date())
    this.#whenTaken = options.whenTaken
    const serve = (request: IncomingMessage, response: ServerResponse): void =>
      void this.#serve(request, response)
    this.#server = options.tls ? createTlsServer(options.tls, serve) : createServer(serve)
    this.#scheme = options.tls ? 'https' : 'http'
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, '127.0.0.1', resolve)
    })
  }

  surface(): Simulator {
    const { port } = this.#server.address() as AddressInfo // it listens on a port, not on a pipe
    return {
      port,
      url: `${this.#scheme}://127.0.0.1:${port}`,
      secrets: this.#secrets,
      taken: () => this.#ledger.entries,
      calls: () => this.#calls,
      setFaults: (faults) => void (this.#faults = planOf(faults)),
      setEventsUrl: (url) => void (this.#eventsUrl = url),
      settled: async () => {
        while (this.#telling.size > 0) await Promise.all(this.#telling)
      },
      close: async () => {
        this.#closing.abort()
        await Promise.all(this.#telling)
        this.#server.closeAllConnections()
        await new Promise<void>((resolve) => this.#server.close(() => resolve()))
        this.#ledger.close()
      },
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await this.#readBody(request)
      const path = request.url ?? '/'
      if (path.startsWith('/simulator/')) return this.#control(path, body, response)
      this.#calls += 1
      await this.#answerCall(
        { method: request.method ?? 'GET', path, headers: request.headers, body },
        response,
      )
    } catch {
      response.destroy()
    }
  }

  async #answerCall(
    call: { method: string; path: string; headers: IncomingMessage['headers']; body: Buffer },
    response: ServerResponse,
  ): Promise<void> {
    const fault = this.#fate.call()
    const waitMs = this.#fate.latencyMs()
    if (waitMs > 0) await sleep(waitMs, undefined, { signal: this.#closing.signal })
    if (fault === 'tooMany') return write(response, this.#vendor.tooMany())
    if (fault === 'serverError') return write(response, this.#vendor.serverError())
    if (fault === 'dropBefore') return void response.destroy()
    if (fault === 'timeoutBefore') return
    const listed = this.#vendor.lookUp?.(call, this.#secrets, () => this.#listed()) ?? null
    if (listed) return writeUnder(fault, response, listed)
    const read = this.#vendor.read(call, this.#secrets)
    if (read === null) return write(response, { status: 404, body: { message: 'Not found' } })
    if (isAnswer(read)) return write(response, read)
    writeUnder(fault, response, await this.#take(read))
  }

  #listed(): LedgerEntry[] {
    return this.#ledger.entries.filter(() => !this.#fate.happens(this.#faults.unlisted))
  }

  async #take(messages: readonly CalledMessage[]): Promise<SimulatorAnswer> {
    const taken = messages.map((message) => ({
      ...message,
      id: message.refusal ? null : this.#vendor.newId(++this.#made),
    }))
    const at = this.#now().toISOString()
    const good = taken.flatMap((message) =>
      message.id === null ? [] : [{ ...message, id: message.id, at, fate: this.#fateOf(message) }],
    )
    const entries = good.map(({ id, token, to, excerpt, fate }) => ({ id, token, to, excerpt, at, fate }))
    this.#ledger.take(entries)
    for (const message of good) this.#plan(message)
    await this.#whenTaken?.(entries)
    return this.#vendor.answer(taken)
  }

  #fateOf({ callbackUrl }: CalledMessage): LedgerEntry['fate'] {
    if ((callbackUrl ?? this.#eventsUrl) === null) return null
    if (this.#fate.happens(this.#faults.bounces)) return 'bounced'
    return this.#fate.happens(this.#faults.complaints) ? 'complained' : 'delivered'
  }

  #plan({ id, token, to, callbackUrl, fate: kind }: CalledMessage & LedgerEntry): void {
    const url = callbackUrl ?? this.#eventsUrl
    if (url === null || kind === null || this.#fate.happens(this.#faults.untoldEvents)) return
    const atMs = this.#now().getTime()
    const event: LaterEvent = { kind, eventId: `evt-${id}-${kind}`, id, token, to, atMs }
    const isLate = this.#fate.happens(this.#faults.lateEvents)
    this.#tell([event], url, this.#eventDelayMs * (isLate ? LATE_FACTOR : 1))
    if (this.#fate.happens(this.#faults.duplicateEvents)) this.#tell([event], url, this.#eventDelayMs * 2)
  }

  #tell(events: readonly LaterEvent[], url: string, delayMs: number): void {
    const call = this.#vendor.event(events.slice(0, EVENTS_PER_CALL_MAX), url, this.#secrets)
    if (call === null) return
    const telling = sleep(delayMs, undefined, { signal: this.#closing.signal })
      .then(() => send(call))
      .catch(() => undefined)
      .finally(() => this.#telling.delete(telling))
    this.#telling.add(telling)
  }

  async #readBody(request: IncomingMessage): Promise<Buffer> {
    const parts: Buffer[] = []
    let bytes = 0
    for await (const part of request as AsyncIterable<Buffer>) {
      bytes += part.length
      if (bytes > BODY_BYTES_MAX) throw new Error('the call is too large')
      parts.push(part)
      const { readBytesPer10Ms } = this.#faults
      if (readBytesPer10Ms > 0) await sleep((part.length / readBytesPer10Ms) * 10)
    }
    return Buffer.concat(parts)
  }

  #control(path: string, body: Buffer, response: ServerResponse): void {
    if (path === '/simulator/ledger')
      return write(response, { status: 200, body: { taken: this.#ledger.entries, calls: this.#calls } })
    if (path !== '/simulator/faults') return write(response, { status: 404, body: {} })
    this.#faults = planOf(faultPlan.parse(JSON.parse(body.toString('utf8'))))
    write(response, { status: 200, body: this.#faults })
  }
}

/** What was taken is noted by now; whether the caller learns of it is the fault's. */
function writeUnder(fault: CallFault | null, response: ServerResponse, answer: SimulatorAnswer): void {
  if (fault === 'timeoutAfter') return
  if (fault === 'dropAfter') return void response.destroy()
  if (fault === 'garbage')
    return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>��<p>')
  write(response, answer)
}

function write(response: ServerResponse, { status, headers = {}, body }: SimulatorAnswer): void {
  response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(typeof body === 'string' ? body : JSON.stringify(body))
}

function send({ url, method, headers, body }: EventCall): Promise<void> {
  return new Promise((resolve, reject) => {
    httpRequest(
      url,
      { method, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (response) => {
        response.resume().on('end', () => resolve())
      },
    )
      .on('error', reject)
      .end(body)
  })
}
