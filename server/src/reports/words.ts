/** Sentences of reports in the reader's language. */
import type { Insights } from './schema.ts'

type Locale = 'en' | 'fr'
type Pattern = Insights['patterns'][number]

const WEEKDAYS = {
  en: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  fr: ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'],
} as const

const ADVICE: Record<string, Record<Locale, (value: string) => string>> = {
  weekday: {
    en: (value) => `Launch on a ${WEEKDAYS.en[Number(value) - 1]}.`,
    fr: (value) => `Lancez un ${WEEKDAYS.fr[Number(value) - 1]}.`,
  },
  daypart: {
    en: (value) =>
      `Launch ${{ night: 'at night', morning: 'in the morning', afternoon: 'in the afternoon', evening: 'in the evening' }[value] ?? value}.`,
    fr: (value) =>
      `Lancez ${{ night: 'la nuit', morning: 'le matin', afternoon: 'l’après-midi', evening: 'le soir' }[value] ?? value}.`,
  },
  type: {
    en: (value) => `Make more campaigns of the type “${value}”.`,
    fr: (value) => `Faites davantage de campagnes du type « ${value} ».`,
  },
  channel: {
    en: (value) => `Use ${value.replaceAll('+', ' and ')}.`,
    fr: (value) => `Utilisez ${value.replaceAll('+', ' et ')}.`,
  },
  subjectLength: {
    en: (value) =>
      `Write ${{ short: 'short subjects, up to 30 characters', medium: 'subjects of 31 to 60 characters', long: 'subjects of more than 60 characters' }[value] ?? value}.`,
    fr: (value) =>
      `Écrivez ${{ short: 'des objets courts, 30 caractères au plus', medium: 'des objets de 31 à 60 caractères', long: 'des objets de plus de 60 caractères' }[value] ?? value}.`,
  },
  subjectNumber: {
    en: (value) => (value === 'yes' ? 'Put a number into the subject.' : 'Leave numbers out of the subject.'),
    fr: (value) =>
      value === 'yes' ? 'Mettez un chiffre dans l’objet.' : 'Laissez les chiffres hors de l’objet.',
  },
  subjectQuestion: {
    en: (value) =>
      value === 'yes' ? 'Ask a question in the subject.' : 'Do not ask a question in the subject.',
    fr: (value) =>
      value === 'yes' ? 'Posez une question dans l’objet.' : 'Ne posez pas de question dans l’objet.',
  },
  subjectEmoji: {
    en: (value) => (value === 'yes' ? 'Use an emoji in the subject.' : 'Leave emoji out of the subject.'),
    fr: (value) =>
      value === 'yes' ? 'Utilisez un emoji dans l’objet.' : 'Laissez les emojis hors de l’objet.',
  },
  subjectPersonal: {
    en: (value) =>
      value === 'yes'
        ? 'Make the subject personal, with a value of the contact.'
        : 'Leave values of the contact out of the subject.',
    fr: (value) =>
      value === 'yes'
        ? 'Personnalisez l’objet avec une valeur du contact.'
        : 'Laissez les valeurs du contact hors de l’objet.',
  },
}

/** Why nothing can be said yet. */
export function tooFew(locale: Locale, have: number, need: number, messages: number): string {
  return locale === 'fr'
    ? `${have} campagne(s) d’au moins ${messages} messages : il en faut ${need} pour distinguer un effet du hasard.`
    : `${have} campaign(s) of at least ${messages} messages: it takes ${need} to tell an effect from chance.`
}

/** A clear pattern as advice, with what speaks for it. */
export function recommendationOf(
  locale: Locale,
  pattern: Pattern,
  looks: number,
): Insights['recommendations'][number] {
  const percent = (share: number, digits = 1): string =>
    new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits }).format(share)
  const { feature, value, campaigns, others, clickRate, otherClickRate, lift, p } = pattern
  const advice = ADVICE[feature]?.[locale](value) ?? `${feature}: ${value}`
  return {
    feature,
    value,
    expectedLift: lift,
    sentence: advice,
    evidence:
      locale === 'fr'
        ? `${campaigns} campagnes ainsi : ${percent(clickRate)} de clics ; ${others} autres : ${percent(otherClickRate)}. p = ${p.toFixed(3)} après correction pour ${looks} comparaisons. Une corrélation n’est pas une cause : un test le dira.`
        : `${campaigns} campaigns like this: ${percent(clickRate)} clicks; ${others} others: ${percent(otherClickRate)}. p = ${p.toFixed(3)}, corrected for ${looks} looks. What goes together need not cause: a test will tell.`,
  }
}
