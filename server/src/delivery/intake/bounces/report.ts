/** What a mail that came back turned out to be. */
import type { RefusalStage, Verdict } from '../../channels/outcome.ts'

/** What an id of our own mails begins with: their token. */
export const OWN_MESSAGE_ID = /^([A-Za-z0-9_-]{40})@/

/** One recipient whom a mail did not reach. */
export interface FailedRecipient {
  /** As the report names it; null when it names none. */
  address: string | null
  /** SMTP code; 0 when the report gives none. */
  code: number
  /** RFC 3463. */
  enhanced: string | null
  /** In the receiving server's words, as far as they are quoted. */
  text: string
  stage: RefusalStage | null
  /** False for a warning: the sending system goes on trying. */
  isFinal: boolean
  verdict: Verdict
}

/** What points from a report to the message of ours that it is about. */
export interface ReportedMessage {
  /** Without angle brackets; null when the report quotes none. */
  messageId: string | null
  /** Addresses that the report itself was sent to: one of them may hold our signed token. */
  sentTo: readonly string[]
}

/** A mail, understood. `nothing`: ordinary mail, or nothing that we could act on. */
export type Report =
  | { kind: 'bounce'; failed: readonly FailedRecipient[]; about: ReportedMessage }
  | { kind: 'delivered'; recipients: readonly string[]; about: ReportedMessage }
  | { kind: 'complaint'; feedbackType: string; recipients: readonly string[]; about: ReportedMessage }
  | { kind: 'auto_reply' }
  /** A person answers: ids of the messages that theirs names, the nearest first, and the first line of what they say. */
  | { kind: 'reply'; messageIds: readonly string[]; ownId: string | null; firstLine: string }
  | { kind: 'nothing' }
