/** The mail that says: your campaign was stopped, and why. */
import type { Locale } from '../../platform/context.ts'
import type { Told, ToldOf } from './tell-author.ts'

/** In the reader's language, plain. */
export function stopMail(why: (locale: Locale) => string): (locale: Locale, campaign: ToldOf) => Told {
  return (locale, { name, link }) =>
    ({
      en: {
        subject: `“${name}” was stopped`,
        text: `Your campaign “${name}” was stopped.\n\n${why(locale)}\n\n${link}\n\n— Fanfare`,
      },
      fr: {
        subject: `« ${name} » est arrêtée`,
        text: `Votre campagne « ${name} » est arrêtée.\n\n${why(locale)}\n\n${link}\n\n— Fanfare`,
      },
    })[locale]
}
