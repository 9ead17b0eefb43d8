/** The common form of all vendors that are spoken to over HTTP: how a call is made, and what its answer says of each message. */
import type { EgressAnswer } from '../../../platform/egress/index.ts'
import type { RefusalClass, RefusalStage, TroubleKind, Verdict } from '../outcome.ts'

/** A call, ready to be sent. */
export interface VendorCall {
  method: 'POST' | 'PUT' | 'PATCH'
  url: string
  headers: Readonly<Record<string, string>>
  body: string | Buffer
}

/** What a vendor said about one message. */
export type VendorWord =
  | { kind: 'taken'; id: string | null }
  | {
      kind: 'refused'
      code: number
      text: string
      verdict: Verdict
      stage?: RefusalStage
      /** What it is when nobody is taken: the same code tells of a wrong sender and of one who cannot reach this person. */
      orTrouble?: TroubleKind
    }
  /** Not taken: our account, our settings or the vendor itself is the reason. */
  | { kind: 'trouble'; trouble: TroubleKind; text: string }
  /** Not taken, because we are too fast: null when the vendor does not say until when. */
  | { kind: 'wait'; forMs: number | null; text: string }
  | { kind: 'unknown'; text: string }

/** How a vendor is asked which messages it has, by what we named them. */
export interface VendorLookUp<Message> {
  /** Messages that one question names. */
  readonly perCall: number
  question(
    messages: readonly Message[],
    since: Date,
  ): { url: string; headers: Readonly<Record<string, string>> }
  /** The vendor's ids in the order of the messages, null for those it does not list; null when the answer cannot be read. */
  read(messages: readonly Message[], answer: EgressAnswer, since: Date): readonly (string | null)[] | null
  /** Where the rest of a list stands that is longer than an answer; null at its end. Absent: answers are whole. */
  more?(answer: EgressAnswer): string | null
}

/** A word about the whole call: one message spoilt it, and which is found by halving. */
export type CallSpoilt = { kind: 'spoilt'; word: VendorWord }

/** One vendor's API for messages of a kind. */
export interface VendorAdapter<Message> {
  /** Messages that one call takes. */
  readonly callMax: number
  /** Calls under way at once. */
  readonly callsMax: number
  /** Messages that may share a call have the same key; absent: all may. */
  shareKey?(message: Message): string
  /** Why this message cannot be offered at all. */
  refuse?(message: Message): VendorWord | null
  /** Null when these messages cannot share a call after all: each half is tried. Never null for one message. */
  call(messages: readonly Message[], now: Date): VendorCall | null
  /** Words in the order of the messages, for an answer that came. */
  read(messages: readonly Message[], answer: EgressAnswer): readonly VendorWord[] | CallSpoilt
  /** Absent where the vendor tells of no message by our name for it. */
  readonly lookUp?: VendorLookUp<Message>
}

const RETRIED: ReadonlySet<RefusalClass> = new Set(['busy'])

/** A verdict from a row of a vendor's table. */
export const verdict = (kind: RefusalClass, reason: string, isRetried = RETRIED.has(kind)): Verdict => ({
  class: kind,
  reason,
  isRetried,
})

/** The person told the provider to stop: the next messages must not even be offered. */
export const OPTED_OUT = verdict('opt_out', 'opted_out_at_provider')

/** Our account may not send to where this person lives; nobody's address is to blame. */
export const REGION_NOT_ALLOWED = verdict('block', 'region_not_allowed')

/** Our sender cannot reach this person, or nobody; nobody's address is to blame. */
export const SENDER_REFUSED = verdict('block', 'sender_refused')

/** The same word about every message of a call. */
export const all = (messages: readonly unknown[], word: VendorWord): VendorWord[] => messages.map(() => word)

/** What an answer is as JSON; null when it is none. */
export function jsonOf(answer: EgressAnswer): unknown {
  try {
    return JSON.parse(answer.body)
  } catch {
    return null
  }
}

/**
 * What an HTTP status says where the vendor's own words do not. A server that answers an error has not taken the
 * message, unless a gateway answers in its place.
 */
export function wordOfStatus(answer: EgressAnswer, text: string): VendorWord {
  const { status } = answer
  if (status === 429) return { kind: 'wait', forMs: retryAfterMs(answer), text }
  if (status === 401 || status === 403) return { kind: 'trouble', trouble: 'auth', text }
  if (status === 502 || status === 504 || status === 408) return { kind: 'unknown', text }
  if (status >= 500) return { kind: 'trouble', trouble: 'unreachable', text }
  if (status === 404 || (status >= 300 && status < 400)) return { kind: 'trouble', trouble: 'settings', text }
  if (status >= 400) return { kind: 'refused', code: status, text, verdict: verdict('content', 'rejected') }
  // A success whose body cannot be read: it was taken, or was it.
  return { kind: 'unknown', text }
}

/** Seconds, or the moment itself (RFC 9110 §10.2.3) as far as the answer's own clock tells. */
export function retryAfterMs(answer: EgressAnswer): number | null {
  const value = headerOf(answer, 'retry-after')
  if (value === null) return null
  if (/^\d+$/.test(value)) return Number(value) * 1_000
  const [until, now] = [Date.parse(value), Date.parse(headerOf(answer, 'date') ?? '')]
  return Number.isNaN(until) || Number.isNaN(now) ? null : Math.max(0, until - now)
}

/** The first value of a header. */
export function headerOf(answer: EgressAnswer, name: string): string | null {
  const value = answer.headers[name]
  return (Array.isArray(value) ? value[0] : value) ?? null
}

/** What is kept of a vendor's words. */
export const TEXT_CHARS_MAX = 500
export const excerpt = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, TEXT_CHARS_MAX)
