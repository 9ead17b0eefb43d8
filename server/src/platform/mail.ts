/** Single mails: notices of the product itself, such as invitations, and those in the name of an organization. */
import assert from 'node:assert/strict'
import { createTransport, type Transporter } from 'nodemailer'
import type { Ctx } from './context.ts'
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

/** A mail in the name of an organization: it goes where the organization's messages go. */
export interface OwnMail {
  to: string
  /** Null as address: the organization's first sender, or the installation's. */
  from: { name: string; address: string | null }
  replyTo: string | null
  subject: string
  text: string
  html: string
  /** Somebody of the organization sent it to look at it; else a program answers with it. */
  isTest: boolean
}

/** Carries a mail over the organization's own outlet. @returns false where it has none of its own */
export type MailCarrier = (ctx: Ctx, mail: OwnMail) => Promise<boolean>

let carry: MailCarrier | null = null

/** Makes known who carries an organization's mails. Called by `app.ts`. */
export function registerMailCarrier(carrier: MailCarrier): void {
  carry = carrier
}

/**
 * Sends one over the organization's provider or server, else over the installation's.
 * @throws delivery.mail_not_taken, platform.mail_unreachable
 */
export async function sendOwnMail(ctx: Ctx, mail: OwnMail): Promise<void> {
  assert(carry, 'the rooms are assembled before a mail leaves')
  if (await carry(ctx, mail)) return
  const { isTest, replyTo, from, ...notice } = mail
  const { config, mail: mailer } = ctx.platform
  await mailer.send({
    ...notice,
    from: { name: from.name, address: from.address ?? addressIn(config.systemFrom) },
    ...(replyTo === null ? {} : { replyTo }),
    headers: { 'X-Fanfare-Organization': ctx.orgId, ...(isTest ? { 'X-Fanfare-Test': 'yes' } : {}) },
  })
}

/** `Fanfare <hello@example.com>` → `hello@example.com`. */
const addressIn = (from: string): string => /<([^>]+)>/.exec(from)?.[1] ?? from
