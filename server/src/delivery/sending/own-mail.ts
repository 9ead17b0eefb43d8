/** Single mails in the name of an organization, such as tests: handed over and signed as those of its campaigns are. */
import { cutText } from '../../content/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { ownInLanguage } from '../../platform/http/index.ts'
import type { OwnMail } from '../../platform/mail.ts'
import { signMail } from '../channels/email/dkim.ts'
import type { MailMessage } from '../channels/email/mail-message.ts'
import { mailBytes, mailComposer } from '../channels/email/mime.ts'
import { nobodysName } from '../channels/nobodys-name.ts'
import { NO_OUTCOME, textOf } from '../channels/outcome.ts'
import { errors } from '../errors.ts'
import { domainOf, sendingIdentity } from './identity.ts'
import { listSenders } from './queries.ts'
import { ownMailTransport, unprovenSender } from './transports.ts'

/**
 * Carries one over the organization's provider or server.
 * @returns false where it has neither, or no sender of its own for a mail that names none
 * @throws delivery.mail_not_taken with the words of whoever did not take it
 */
export async function carryOwnMail(ctx: Ctx, mail: OwnMail): Promise<boolean> {
  const { name, address: named } = mail.from
  const outlet = await ownMailTransport(ctx)
  if (outlet === null) {
    const trouble = named === null ? null : await unprovenSender(ctx, domainOf(named))
    if (trouble) throw notTaken(ctx, trouble.text)
    return false
  }
  const address = named ?? (await listSenders(ctx))[0]?.email
  if (address === undefined) return false
  const message = await ownMessage(ctx, mail, { name, address })
  const [outcome = NO_OUTCOME] = await outlet.transport.deliver([message], new AbortController().signal)
  if (outcome.kind === 'sent') return true
  throw notTaken(ctx, textOf(outcome))
}

const notTaken = (ctx: Ctx, words: string): Error =>
  errors.mail_not_taken({}, { problems: [{ path: 'to', message: ownInLanguage(words, ctx.locale) }] })

/** As bytes with its signatures, and in parts: each outlet takes its own. */
export async function ownMessage(
  ctx: Ctx,
  { to, replyTo, subject, ...mail }: OwnMail,
  from: { name: string; address: string },
): Promise<MailMessage> {
  const domain = domainOf(from.address)
  const { keys } = await sendingIdentity(ctx, domain)
  const token = nobodysName(ctx)
  const [html, text] = [cutText(mail.html), cutText(mail.text)]
  const at = ctx.now()
  const compose = mailComposer({ from, replyTo, feedbackId: null, isAutomatic: !mail.isTest })
  const composed = compose({
    to: { name: null, address: to },
    subject,
    html,
    text,
    messageId: `${token}@${domain}`,
    date: at,
    unsubscribe: null,
  })
  return {
    from: from.address,
    to,
    data: mailBytes(composed, await signMail(composed, keys, at)),
    parts: { token, from, replyTo, subject, html, text, unsubscribeUrl: null, feedbackId: null },
  }
}
