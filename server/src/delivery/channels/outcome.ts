/** What came of handing one message to the outside world: the whole vocabulary of the port to it. */

/** A provider's own words about a message: kept for people and for classification. */
export interface ProviderReply {
  /** SMTP or HTTP status; 0 when the refusal is ours, before anything was sent. */
  code: number
  /** RFC 3463, for example `5.1.1`; null when the provider gave none. */
  enhanced: string | null
  text: string
}

/** Why nothing can be handed over at present: trouble with the configuration or the provider, never with a contact. */
export type TroubleKind = 'unreachable' | 'tls' | 'auth' | 'rejected' | 'sender_refused' | 'settings'

export interface Trouble {
  kind: TroubleKind
  /** What was seen, in the provider's or the system's words. */
  text: string
}

/**
 * The outcome of one message.
 * - `sent`: the provider took responsibility.
 * - `refused`: the provider answered no, for this message.
 * - `unsent`: nothing of it was handed over, for trouble or because we were told to stop; trying again is safe.
 * - `unknown`: it was handed over and no answer came; trying again may double it.
 */
export type Handover =
  | { kind: 'sent'; reply: ProviderReply }
  | { kind: 'refused'; reply: ProviderReply; stage: RefusalStage }
  | { kind: 'unsent'; trouble: Trouble | null }
  | { kind: 'unknown'; text: string }

/** At which step a provider refused: what it looked at tells whom the refusal is about. */
export type RefusalStage = 'sender' | 'recipient' | 'content'
