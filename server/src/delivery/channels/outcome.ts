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
export type TroubleKind =
  | 'unreachable'
  | 'tls'
  | 'auth'
  | 'rejected'
  | 'sender_refused'
  | 'settings'
  | 'rate_limited'
  /** The content takes too long to be filled in: whoever wrote it must make it simpler. */
  | 'slow_content'

export interface Trouble {
  kind: TroubleKind
  /** What was seen, in the provider's or the system's words. */
  text: string
  /** When the provider will take messages again, if it said so. */
  until?: Date
}

/**
 * The outcome of one message.
 * - `sent`: the provider took responsibility.
 * - `refused`: the provider answered no, for this message.
 * - `unsent`: nothing of it was handed over, for trouble or because we were told to stop; trying again is safe. `until`: a limit
 *   of ours lets who stands in for the troubled provider take it from then on.
 * - `unknown`: it was handed over and no answer came; trying again may double it.
 *
 * `via` is the id of the provider that was asked, where it was another than the channel's first.
 */
export type Handover =
  | { kind: 'sent'; reply: ProviderReply; via?: string }
  /**
   * `verdict` is the provider's own table's; without one the reply is judged as a mail server's. `by` names the provider
   * where there may be several. `orTrouble`: it may as well be the sender, and is when nobody of a sub-batch is taken.
   */
  | {
      kind: 'refused'
      reply: ProviderReply
      stage: RefusalStage
      verdict?: Verdict
      orTrouble?: TroubleKind
      by?: string
      via?: string
    }
  | { kind: 'unsent'; trouble: Trouble | null; until?: Date }
  | { kind: 'unknown'; text: string; via?: string }

/** What was said of a message, in the provider's words or in those of what kept us from reaching it; empty for nothing. */
export function textOf(outcome: Handover): string {
  switch (outcome.kind) {
    case 'sent':
    case 'refused':
      return outcome.reply.text
    case 'unsent':
      return outcome.trouble?.text ?? ''
    case 'unknown':
      return outcome.text
  }
}

/** A transport that leaves a message out broke its promise; the message may be out there. */
export const NO_OUTCOME: Handover = { kind: 'unknown', text: 'the transport told no outcome' }

/** At which step a provider refused: what it looked at tells whom the refusal is about. */
export type RefusalStage = 'sender' | 'recipient' | 'content'

/**
 * - `hard`: the address is not there; it is suppressed at once.
 * - `soft`: the address is there but cannot take this now; retried, then counted.
 * - `busy`: the receiving system is busy or slows us down; retried, counted only when time is up.
 * - `block`: our reputation, authentication or policy; never held against the contact.
 * - `content`: this mail is wrong (size, form); never held against the contact.
 * - `opt_out`: the person told the provider to stop; written down as the person's word, never as a bounce.
 * - `configuration`: our account or sender is refused; hand-over stops until it is put right.
 */
export type RefusalClass = 'hard' | 'soft' | 'busy' | 'block' | 'content' | 'opt_out' | 'configuration'

/** What a refusal means, and what follows from it. */
export interface Verdict {
  class: RefusalClass
  /** A short word for the ledger and the report, for example `invalid_recipient`. */
  reason: string
  /** Worth trying again? A 4xx is, whatever its class; a 5xx is only when the mailbox was full. */
  isRetried: boolean
}
