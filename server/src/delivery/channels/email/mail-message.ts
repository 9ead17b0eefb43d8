/** A mail as transports take it: as bytes for those that carry mails, in parts for those that make mails themselves. */
import type { Pieces } from '../../../content/index.ts'
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
  parts: MailParts
}

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
