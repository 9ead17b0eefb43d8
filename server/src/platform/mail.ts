/** Single notices of the product itself: invitations, resets, tests. Campaigns never go this way. */
import { createTransport, type Transporter } from 'nodemailer'
import { AppError } from './errors.ts'

export interface Notice {
  to: string
  subject: string
  text: string
  html?: string
  /** Taken apart where a value of a contact stands in the name, so that it cannot become a second address. */
  from?: string | { name: string; address: string }
  replyTo?: string
  attachments?: readonly { filename: string; contentType: string; content: Buffer }[]
  /** Headers that route the mail in the built-in mailbox. */
  headers?: Readonly<Record<string, string>>
}

export interface Mailer {
  /** @throws platform.mail_unreachable when no server takes the mail */
  send(notice: Notice): Promise<void>
  close(): void
}

const TIMEOUT_MS = 15_000

/** @param smtpUrl `smtp://user:pass@host:port`, or the built-in mailbox's */
export function createMailer(smtpUrl: string, from: string): Mailer {
  const url = new URL(smtpUrl)
  for (const name of ['connectionTimeout', 'greetingTimeout', 'socketTimeout'])
    url.searchParams.set(name, String(TIMEOUT_MS))
  const transport: Transporter = createTransport(url.toString())
  return {
    send: async (notice) => {
      try {
        await transport.sendMail({
          from: notice.from ?? from,
          to: { name: '', address: notice.to },
          subject: notice.subject,
          text: notice.text,
          ...(notice.html === undefined ? {} : { html: notice.html }),
          ...(notice.replyTo === undefined ? {} : { replyTo: notice.replyTo }),
          ...(notice.attachments === undefined ? {} : { attachments: [...notice.attachments] }),
          ...(notice.headers === undefined ? {} : { headers: { ...notice.headers } }),
        })
      } catch (cause) {
        throw new AppError(
          'platform.mail_unreachable',
          502,
          'The mail server did not take the mail. Check the SMTP settings and that the server answers.',
          { cause },
        )
      }
    },
    close: () => transport.close(),
  }
}
