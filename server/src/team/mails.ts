/** The mails that this room writes: an invitation, a password reset. In the reader's language, plain and as HTML. */
import type { Locale } from '../platform/context.ts'
import type { Notice } from '../platform/mail.ts'

interface Words {
  subject: string
  /** Paragraphs before the button. */
  before: readonly string[]
  button: string
  /** Paragraphs after the button. */
  after: readonly string[]
}

/** What an invitation says. */
export interface InvitationMail {
  to: string
  locale: Locale
  organization: string
  invitedBy: string | null
  link: string
  daysValid: number
}

export function invitationMail(mail: InvitationMail): Notice {
  const { organization, invitedBy, daysValid } = mail
  const words: Record<Locale, Words> = {
    en: {
      subject: `Join ${organization} on Fanfare`,
      before: [
        invitedBy === null
          ? `You are invited to work in ${organization} on Fanfare.`
          : `${invitedBy} invites you to work in ${organization} on Fanfare.`,
      ],
      button: 'Accept the invitation',
      after: [
        `The link is yours alone and works for ${daysValid} days.`,
        'If you did not expect this, ignore it: nothing happens.',
      ],
    },
    fr: {
      subject: `Rejoignez ${organization} sur Fanfare`,
      before: [
        invitedBy === null
          ? `Vous êtes invité·e à travailler dans ${organization} sur Fanfare.`
          : `${invitedBy} vous invite à travailler dans ${organization} sur Fanfare.`,
      ],
      button: 'Accepter l’invitation',
      after: [
        `Ce lien est personnel et reste valable ${daysValid} jours.`,
        'Si vous n’attendiez pas cette invitation, ignorez-la : il ne se passera rien.',
      ],
    },
  }
  return notice(mail.to, mail.locale, words[mail.locale], mail.link)
}

/** What a reset says. */
export interface PasswordResetMail {
  to: string
  locale: Locale
  name: string
  link: string
  minutesValid: number
}

export function passwordResetMail(mail: PasswordResetMail): Notice {
  const { name, minutesValid } = mail
  const words: Record<Locale, Words> = {
    en: {
      subject: 'Choose a new password',
      before: [`Hello ${name},`, 'Somebody, we hope you, asked for a new password for your Fanfare account.'],
      button: 'Choose a new password',
      after: [
        `The link works once, for ${minutesValid} minutes.`,
        'If it was not you, ignore this mail: your password stays as it is.',
      ],
    },
    fr: {
      subject: 'Choisissez un nouveau mot de passe',
      before: [
        `Bonjour ${name},`,
        'Quelqu’un, vous sans doute, a demandé un nouveau mot de passe pour votre compte Fanfare.',
      ],
      button: 'Choisir un nouveau mot de passe',
      after: [
        `Ce lien fonctionne une seule fois, pendant ${minutesValid} minutes.`,
        'Si ce n’était pas vous, ignorez ce message : votre mot de passe ne change pas.',
      ],
    },
  }
  return notice(mail.to, mail.locale, words[mail.locale], mail.link)
}

function notice(to: string, locale: Locale, words: Words, link: string): Notice {
  return {
    to,
    subject: oneLine(words.subject),
    text: [...words.before, link, ...words.after, '— Fanfare'].join('\n\n'),
    html: htmlOf(locale, words, link),
  }
}

/** One column, system fonts, no picture: reads the same everywhere, in light and dark. */
function htmlOf(locale: Locale, words: Words, link: string): string {
  const paragraph = (text: string): string => `<p style="margin:0 0 16px">${escape(text)}</p>`
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escape(words.subject)}</title>
</head>
<body style="margin:0;padding:32px 16px;font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5">
<div style="max-width:480px;margin:0 auto">
${words.before.map(paragraph).join('\n')}
<p style="margin:0 0 24px"><a href="${escape(link)}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#3b3fd8;color:#ffffff;text-decoration:none;font-weight:600">${escape(words.button)}</a></p>
${words.after.map(paragraph).join('\n')}
<p style="margin:0;opacity:.7">Fanfare</p>
</div>
</body>
</html>
`
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** A name with a line break must not become a header of its own. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ')
