/** Which mails of a run may share a call of a vendor that takes one text and values. */
import type { MailMessage, MailParts } from '../mail-message.ts'
import { factorTexts, type Factored } from './factor.ts'

/** The texts of a mail, in the order in which they are factored. */
export const textsOf = ({ subject, text, html }: MailParts): [string, string, string] => [subject, text, html]

/** Mails with the same sender and the same number of pieces share a call. */
export function shapeOf({ parts }: MailMessage): string {
  const pieces = textsOf(parts).map((text) => text.split(/[<>"'\s]+/).length)
  return [parts.from.name, parts.from.address, parts.replyTo, parts.feedbackId, ...pieces].join('\0')
}

/** A call's common texts and each mail's values; of a single mail, its own texts and none. */
export function factored(messages: readonly MailMessage[], mark: (n: number) => string): Factored | null {
  const [first, ...more] = messages
  if (!first) return null
  if (more.length === 0) return { templates: textsOf(first.parts), values: [{}] }
  return factorTexts(
    messages.map(({ parts }) => textsOf(parts)),
    mark,
  )
}
