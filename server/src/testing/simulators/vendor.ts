/** What a simulated provider knows of its own API; the frame does the rest. */
import type { IncomingHttpHeaders } from 'node:http'

/** A call as it came. */
export interface SimulatorCall {
  method: string
  /** Path and query. */
  path: string
  headers: IncomingHttpHeaders
  body: Buffer
}

/** A message that the call carries. */
export interface CalledMessage {
  token: string
  to: string
  excerpt: string
  /** Why this one is not taken, in the vendor's words; absent for a good one. */
  refusal?: { code: number; text: string }
  /** Where its events go, when the call says so. */
  callbackUrl?: string
}

/** A message that was taken, as a provider lists it. */
export interface TakenMessage {
  id: string
  token: string
  to: string
  excerpt: string
  at: string
}

/** An answer. */
export interface SimulatorAnswer {
  status: number
  headers?: Readonly<Record<string, string>>
  body: unknown
}

/** Something that happened to a message later. */
export interface LaterEvent {
  kind: 'delivered' | 'bounced' | 'complained'
  /** Unique per event. */
  eventId: string
  id: string
  token: string
  to: string
  atMs: number
}

/** A request that tells of events. */
export interface EventCall {
  method: 'POST' | 'GET'
  url: string
  headers: Readonly<Record<string, string>>
  body: string
}

/** Secrets that a simulator shares with whoever calls it. All are made up. */
export interface SimulatorSecrets {
  /** Key of API calls. */
  apiKey: string
  /** Key of events. */
  eventKey: string
  /** PKCS 8, PEM, for vendors that sign with a private key. */
  privateKeyPem?: string
}

/** One provider. */
export interface SimulatedVendor {
  /**
   * Answer to a question about messages that were taken; null: the call asks none. Absent: this provider cannot be asked.
   * `taken` goes through the whole ledger, so it is asked only for a question.
   */
  lookUp?(
    call: SimulatorCall,
    secrets: SimulatorSecrets,
    taken: () => readonly TakenMessage[],
  ): SimulatorAnswer | null
  /** Null: the call is no call of this API (404). */
  read(call: SimulatorCall, secrets: SimulatorSecrets): CalledMessage[] | SimulatorAnswer | null
  /** Answer to a call whose good messages got these ids, in order; a refused one has none. */
  answer(messages: readonly (CalledMessage & { id: string | null })[]): SimulatorAnswer
  tooMany(): SimulatorAnswer
  serverError(): SimulatorAnswer
  newId(n: number): string
  /** Null: this provider tells no events. */
  event(events: readonly LaterEvent[], url: string, secrets: SimulatorSecrets): EventCall | null
}

export const isAnswer = (read: CalledMessage[] | SimulatorAnswer): read is SimulatorAnswer =>
  !Array.isArray(read)
