/** The mail that says: your campaign starts soon. */
import type { Locale } from '../../platform/context.ts'
import { dateInWords } from '../../platform/in-words.ts'
import type { Told, ToldOf } from './tell-author.ts'

interface Near {
  at: Date
  timeZone: string
}

/** In the reader's language, plain. */
export function reminderMail(locale: Locale, { name, link }: ToldOf, { at, timeZone }: Near): Told {
  const when = dateInWords(locale, at, { dateStyle: 'full', timeStyle: 'short', timeZone })
  return {
    en: {
      subject: `“${name}” starts soon`,
      text: `Your campaign “${name}” starts on ${when} (${timeZone}).\n\nLook at it, move it or pause it here:\n${link}\n\n— Fanfare`,
    },
    fr: {
      subject: `« ${name} » démarre bientôt`,
      text: `Votre campagne « ${name} » démarre le ${when} (${timeZone}).\n\nVérifiez-la, déplacez-la ou mettez-la en pause ici :\n${link}\n\n— Fanfare`,
    },
  }[locale]
}
