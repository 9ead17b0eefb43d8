/**
 * The only outbound HTTP. Refuses whatever is not a public unicast address: as a literal, behind a name, behind a
 * name that changes its answer, behind a redirect (none is followed).
 * Source: PC-47; compliance report §4.3
 */
import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { Agent, type Dispatcher } from 'undici'
import { after, type Timer } from '../clock.ts'
import { AppError } from '../errors.ts'
import { codesIn, HANDSHAKE, networkWords } from './network-words.ts'

export { networkWords } from './network-words.ts'

export interface EgressRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  headers?: Readonly<Record<string, string>>
  body?: string | Buffer
  timeoutMs?: number
  /** Bytes of the answer that are kept, when not the usual 64 KiB. */
  answerBytesMax?: number
}

export interface EgressAnswer {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  /** At most 64 KiB unless asked otherwise; the rest is discarded. */
  body: string
}

/** What came of a call whose fate matters: did anything leave, and was there an answer? */
export type EgressOutcome =
  | { kind: 'answer'; answer: EgressAnswer }
  /** Nothing of the request was sent: calling again is safe. */
  | { kind: 'unsent'; reason: 'not_allowed' | 'not_sendable' | 'unreachable' | 'tls'; text: string }
  /** It may have arrived; no whole answer came. */
  | { kind: 'unanswered'; text: string }

export interface Egress {
  /**
   * @throws platform.destination_not_allowed before any byte leaves
   * @throws platform.header_not_sendable before any byte leaves
   * @throws platform.destination_unreachable when nothing answers in time
   */
  request(url: string, options?: EgressRequest): Promise<EgressAnswer>
  /** As `request`, for calls that must not be repeated blindly. Never throws. */
  call(url: string, options?: EgressRequest): Promise<EgressOutcome>
  /** Checks an address without calling it, for forms. @throws platform.destination_not_allowed */
  check(url: string): void
  close(): Promise<void>
}

export interface EgressOptions {
  /** Addresses (host:port) that tests and operators allow although they are private. */
  allow?: readonly string[]
  /** Name resolution; the system's unless a test brings its own. */
  lookup?: (hostname: string, callback: (error: Error | null, addresses: LookupAddress[]) => void) => void
}

const TIMEOUT_MS = 15_000
const CONNECT_TIMEOUT_MS = 3_000
const BODY_BYTES_MAX = 64 * 1024
/** Characters of a refused name that are repeated. */
const NAME_CHARS_MAX = 100
const PORTS = new Set(['', '443', '8443', '80'])
/**
 * What is sent goes to the same few addresses again and again: what was judged of their text is kept. A question has its
 * own in its address, so that a thousand of them would push those out.
 */
const KEPT_DESTINATIONS_MAX = 500

interface Destination {
  host: string
  origin: string
  path: string
}

/** The guarded client of a process. */
export function createEgress(options: EgressOptions = {}): Egress {
  const allowed = new Set(options.allow ?? [])
  const agent = new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS, lookup: guardedLookup(options.lookup ?? resolveAll, allowed) },
  })
  const destinations = new Map<string, Destination>()
  const check = (text: string, { method = 'GET' }: EgressRequest = {}): Destination => {
    const known = destinations.get(text)
    if (known) return known
    const { host, origin, pathname, search } = checkUrl(text, allowed)
    const destination = { host, origin, path: `${pathname}${search}` }
    if (method === 'GET') return destination
    if (destinations.size >= KEPT_DESTINATIONS_MAX) destinations.clear()
    destinations.set(text, destination)
    return destination
  }
  return {
    check: (url) => void check(url),
    request: async (url, options = {}) => {
      const target = check(url, options)
      checkHeaders(options.headers)
      try {
        return await exchange(agent, target, options)
      } catch (cause) {
        if (refusalIn(cause)) throw notAllowed(target.host)
        throw new AppError(
          'platform.destination_unreachable',
          502,
          'The destination did not answer in time.',
          { cause, detail: { host: target.host } },
        )
      }
    },
    call: async (url, options = {}) => {
      try {
        const target = check(url, options)
        checkHeaders(options.headers)
        return { kind: 'answer', answer: await exchange(agent, target, options) }
      } catch (error) {
        return failureOf(error, URL.parse(url)?.host ?? '')
      }
    },
    close: () => agent.close(),
  }
}

/** May a header have this name? Source: RFC 9110 §5.6.2 */
export const isHeaderName = (name: string): boolean => /^[\w!#$%&'*+.^`|~-]+$/.test(name)

/** RFC 9110 §5.5: a tab, a space, what is visible, and bytes of another alphabet. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
/** Headers of the connection: they are the client's own to set. `host` is not among them: some vendors have it signed. */
const OF_THE_CLIENT = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
])

/**
 * What the client would refuse is refused before it is asked: it waits for the connection of the request that it
 * refused, and answers no other call to that address again. Paths need no look, being those of a parsed URL.
 */
function checkHeaders(headers: EgressRequest['headers'] = {}): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!isHeaderName(name) || OF_THE_CLIENT.has(name.toLowerCase()))
      throw notSendable(`A header of the name ${name.slice(0, NAME_CHARS_MAX)} may not be sent.`)
    if (!HEADER_VALUE.test(value))
      throw notSendable(
        `The header ${name} holds a character that no header may have, perhaps from a word processor.`,
      )
  }
}

/**
 * One call, spoken to the client's own port: its `request` makes a stream, an iterator and an abort signal for each answer,
 * which cost more than the answer.
 */
function exchange(
  agent: Agent,
  { host, origin, path }: Destination,
  {
    method = 'GET',
    headers = {},
    body,
    timeoutMs = TIMEOUT_MS,
    answerBytesMax = BODY_BYTES_MAX,
  }: EgressRequest,
): Promise<EgressAnswer> {
  return new Promise((resolve, reject) => {
    const handler = new AnswerReader({ host, timeoutMs, answerBytesMax, resolve, reject })
    agent.dispatch(
      {
        origin,
        path,
        method,
        headers: { ...headers },
        body: body ?? null,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      },
      handler,
    )
  })
}

/** How much of an answer is wanted, for how long it is waited for, and who waits. */
interface WantedAnswer {
  host: string
  timeoutMs: number
  answerBytesMax: number
  resolve(answer: EgressAnswer): void
  reject(error: Error): void
}

/** Reads one answer. */
class AnswerReader implements Dispatcher.DispatchHandler {
  readonly #wanted: WantedAnswer
  readonly #overdue: Timer
  #controller: Dispatcher.DispatchController | null = null
  #isOver = false
  #status = 0
  #headers: EgressAnswer['headers'] = {}
  #parts: Buffer[] = []
  #bytes = 0

  constructor(wanted: WantedAnswer) {
    this.#wanted = wanted
    this.#overdue = after(wanted.timeoutMs, () =>
      this.#giveUp(
        new Error(
          `No whole answer came from ${wanted.host} within ${Math.round(wanted.timeoutMs / 1_000)} s.`,
        ),
      ),
    )
  }
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#isOver) controller.abort(new Error('nobody waits for it any more'))
  }
  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: EgressAnswer['headers']): void {
    this.#status = status
    this.#headers = headers
  }
  onResponseData(controller: Dispatcher.DispatchController, part: Buffer): void {
    const { answerBytesMax } = this.#wanted
    this.#parts.push(part.subarray(0, answerBytesMax - this.#bytes))
    this.#bytes += part.length
    if (this.#bytes < answerBytesMax) return
    this.onResponseEnd()
    controller.abort(new Error('the rest of the answer is not wanted'))
  }
  onResponseEnd(): void {
    if (this.#isOver) return
    this.#end()
    const [first, ...more] = this.#parts
    const whole = more.length === 0 ? first : Buffer.concat(this.#parts)
    this.#wanted.resolve({
      status: this.#status,
      headers: this.#headers,
      body: whole?.toString('utf8') ?? '',
    })
  }
  onResponseError(_: unknown, error: Error): void {
    if (this.#isOver) return
    this.#end()
    this.#wanted.reject(error)
  }
  /** Whatever the client says of it afterwards is no news. */
  #giveUp(error: Error): void {
    this.onResponseError(null, error)
    this.#controller?.abort(error)
  }
  #end(): void {
    this.#isOver = true
    this.#overdue.stop()
  }
}

/** Errors of a socket or a handshake that came before the first byte of a request. */
const BEFORE_REQUEST = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
])

function failureOf(error: unknown, host: string): EgressOutcome {
  if (error instanceof AppError && error.code === NOT_SENDABLE)
    return { kind: 'unsent', reason: 'not_sendable', text: error.message }
  if (refusalIn(error) || error instanceof AppError)
    return { kind: 'unsent', reason: 'not_allowed', text: 'The destination is not allowed.' }
  const codes = codesIn(error)
  const text = networkWords(error, host)
  if (codes.some((code) => HANDSHAKE.test(code))) return { kind: 'unsent', reason: 'tls', text }
  if (codes.some((code) => BEFORE_REQUEST.has(code))) return { kind: 'unsent', reason: 'unreachable', text }
  return { kind: 'unanswered', text }
}

function checkUrl(text: string, allowed: ReadonlySet<string>): URL {
  const url = URL.parse(text)
  if (
    !url ||
    (url.protocol !== 'https:' && url.protocol !== 'http:') ||
    url.username !== '' ||
    url.password !== ''
  )
    throw notAllowed(text.slice(0, 100))
  if (allowed.has(url.host)) return url
  if (!PORTS.has(url.port)) throw notAllowed(url.host)
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  // A lookup is never called for a literal address, so it is judged here.
  if (ipaddr.isValid(literal) && !isPublic(literal)) throw notAllowed(url.host)
  return url
}

/** WHATWG URLs have already folded 127.1, 0x7f000001 and their kin into plain addresses. */
function isPublic(address: string): boolean {
  return ipaddr.process(address).range() === 'unicast'
}

function guardedLookup(
  resolve: NonNullable<EgressOptions['lookup']>,
  allowed: ReadonlySet<string>,
): LookupFunction {
  const allowedNames = new Set([...allowed].map((host) => host.replace(/:\d+$/, '')))
  return (hostname, lookupOptions, callback) => {
    resolve(hostname, (error, addresses) => {
      if (error) return callback(error, [])
      // One bad address among several is enough: the socket might take it.
      const refused =
        addresses.length === 0 ||
        (!allowedNames.has(hostname) && addresses.some(({ address }) => !isPublic(address)))
      if (refused) return callback(new DestinationRefused(hostname), [])
      const [first] = addresses
      if (lookupOptions.all || !first) return callback(null, addresses)
      return callback(null, first.address, first.family)
    })
  }
}

const resolveAll: NonNullable<EgressOptions['lookup']> = (hostname, callback) =>
  systemLookup(hostname, { all: true }, callback)

class DestinationRefused extends Error {}

function refusalIn(error: unknown): boolean {
  if (error instanceof DestinationRefused) return true
  return error instanceof Error && error.cause !== undefined && refusalIn(error.cause)
}

const notAllowed = (host: string): AppError =>
  new AppError(
    'platform.destination_not_allowed',
    422,
    'This destination is not allowed. Use a public https address without credentials.',
    { detail: { host } },
  )

const NOT_SENDABLE = 'platform.header_not_sendable'

const notSendable = (message: string): AppError => new AppError(NOT_SENDABLE, 422, message)
