/** A mail as transports take it: as bytes for those that carry mails, in parts for those that make mails themselves. */
import type { Pieces } from '../../../content/index.ts'
import type { VendorAdapter } from '../api/vendor.ts'
import type { SmtpMessage } from './smtp-client/smtp-message.ts'

/** What a vendor's API makes a mail of. */
export interface MailParts {
  /** Names the message, 40 characters: what later events are known by. */
  token: string
  /** Set on a mail that somebody asked to send again: a vendor that compares keys must not take it for the one before. */
  again?: number | null
  from: { name: string | null; address: string }
  replyTo: string | null
  subject: string
  html: Pieces
  text: Pieces
  /** RFC 8058; null for mail that one cannot unsubscribe from. */
  unsubscribeUrl: string | null
  feedbackId: string | null
}

/** One mail for one person. */
export interface MailMessage extends SmtpMessage {
  readonly parts: MailParts
  /** Called when it stands in a call: what can be made again need not be kept until the answer comes. */
  called?(): void
}

/** Of a mail that nobody writes as bytes. */
export const NO_BYTES = Buffer.alloc(0)

/**
 * A mail whose parts are made at once, so that one that cannot be made is known, and made again should another call take
 * it. Kept until their calls were answered, the parts of a sub-batch grew old: a quarter of a worker's CPU by batches went
 * into copying them.
 */
export class RemadeMail implements MailMessage {
  readonly from: string
  readonly to: string
  readonly data = NO_BYTES
  readonly #make: () => MailParts
  #parts: MailParts | null

  constructor(from: string, to: string, make: () => MailParts) {
    this.from = from
    this.to = to
    this.#make = make
    this.#parts = make()
  }
  get parts(): MailParts {
    return (this.#parts ??= this.#make())
  }
  called(): void {
    this.#parts = null
  }
}

/** An adapter that tells mails when they stand in a call. */
export const tellingMails = (adapter: VendorAdapter<MailMessage>): VendorAdapter<MailMessage> => ({
  ...adapter,
  call: (messages, now) => {
    const call = adapter.call(messages, now)
    if (call !== null) for (const message of messages) message.called?.()
    return call
  },
})

/** Headers that each recipient has of their own: leaving must be one click, whoever carries the mail. */
export function personalHeaders({
  unsubscribeUrl,
  feedbackId,
}: MailParts): { name: string; value: string }[] {
  const headers = feedbackId === null ? [] : [{ name: 'Feedback-ID', value: feedbackId }]
  if (unsubscribeUrl === null) return headers
  return [
    ...headers,
    { name: 'List-Unsubscribe', value: `<${unsubscribeUrl}>` },
    { name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' },
  ]
}

/** The key under which a vendor keeps our token and gives it back. */
export const TOKEN_KEY = 'fanfare_message_id'

/** `"Name" <address>`, the name quoted as RFC 5322 wants it. */
export function mailbox({ name, address }: MailParts['from']): string {
  return name === null || name === '' ? address : `"${name.replaceAll(/["\\]/g, '\\$&')}" <${address}>`
}
