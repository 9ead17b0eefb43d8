/** The mail that says: your campaign starts soon. */
import type { Locale } from '../../platform/context.ts'
import type { Notice } from '../../platform/mail.ts'

interface Near {
  campaign: string
  at: Date
  timeZone: string
  link: string
}

/** In the reader's language, plain. */
export function reminderMail(to: { email: string; locale: Locale }, near: Near): Notice {
  const when = new Intl.DateTimeFormat(to.locale, {
    dateStyle: 'full',
    timeStyle: 'short',
    timeZone: near.timeZone,
  }).format(near.at)
  const name = near.campaign.replaceAll(/\s+/g, ' ')
  const words = {
    en: {
      subject: `“${name}” starts soon`,
      text: `Your campaign “${name}” starts on ${when} (${near.timeZone}).\n\nLook at it, move it or pause it here:\n${near.link}\n\n— Fanfare`,
    },
    fr: {
      subject: `« ${name} » démarre bientôt`,
      text: `Votre campagne « ${name} » démarre le ${when} (${near.timeZone}).\n\nVérifiez-la, déplacez-la ou mettez-la en pause ici :\n${near.link}\n\n— Fanfare`,
    },
  }[to.locale]
  return { to: to.email, ...words }
}
