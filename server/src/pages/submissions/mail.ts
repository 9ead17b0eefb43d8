/** The mail that asks to confirm: transactional, without a picture, without a word of advertising. Source: PC-08 */
import { escapeHtml } from '../../platform/public-page.ts'
import type { Locale } from '../../platform/context.ts'
import type { OwnMail } from '../../platform/mail.ts'
import { labelled } from '../../platform/in-words.ts'
import { FORM_TEXTS } from '../public/texts.ts'

/** What it is made from. */
export interface ConfirmationMail {
  to: string
  locale: Locale
  organization: string
  /** What the person ticked, word for word. */
  wordings: readonly string[]
  link: string
  daysValid: number
  replyTo: string | null
}

/** Writes it. */
export function confirmationMail(mail: ConfirmationMail): OwnMail {
  const t = FORM_TEXTS[mail.locale].mail
  const { organization, wordings, link } = mail
  const text = [
    t.before(organization),
    ...wordings.map((wording) => `- ${wording}`),
    labelled(mail.locale, t.button, link),
    t.after(mail.daysValid),
    t.ignore,
  ].join('\n\n')
  const html = `<!doctype html>
<html lang="${mail.locale}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${escapeHtml(t.subject(organization))}</title></head>
<body style="font-family:sans-serif;font-size:16px;line-height:1.5;max-width:34rem;margin:0 auto;padding:16px">
<p>${escapeHtml(t.before(organization))}</p>
<ul>${wordings.map((wording) => `<li>${escapeHtml(wording)}</li>`).join('')}</ul>
<p><a href="${escapeHtml(link)}" style="display:inline-block;padding:12px 20px;background:#5b3df5;color:#ffffff;border-radius:8px;text-decoration:none">${escapeHtml(t.button)}</a></p>
<p>${escapeHtml(t.after(mail.daysValid))} ${escapeHtml(t.ignore)}</p>
</body></html>`
  return {
    to: mail.to,
    from: { name: organization, address: null },
    subject: t.subject(organization),
    text,
    html,
    replyTo: mail.replyTo,
    isTest: false,
  }
}
