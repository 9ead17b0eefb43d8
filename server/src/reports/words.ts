/** Sentences of reports in the reader's language. */
import { isAboutContent } from './advice.ts'
import { FEATURES, SUBJECT_MEDIUM_MAX, SUBJECT_SHORT_MAX, WORDS_OF, type Feature } from './features.ts'
import type { Pattern } from './patterns.ts'
import type { AdviceInput, Insights, Recommendation } from './schema.ts'

type Locale = 'en' | 'fr'
type Advised = Pick<Pattern, 'feature' | 'value'>
/** What segments are called, by their ids on the wire. */
type Names = ReadonlyMap<string, string>

const WEEKDAYS = {
  en: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  fr: ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'],
} as const

const TYPES: Record<Locale, Record<string, string>> = {
  en: {
    ppv: 'pay-per-view',
    subscription: 'subscription',
    promotion: 'promotion',
    engagement: 'engagement',
    retention: 'retention',
  },
  fr: {
    ppv: 'paiement à la séance',
    subscription: 'abonnement',
    promotion: 'promotion',
    engagement: 'engagement',
    retention: 'fidélisation',
  },
}

const CHANNEL_NAMES: Record<Locale, Record<string, string>> = {
  en: { email: 'e-mail', sms: 'SMS', whatsapp: 'WhatsApp', in_app: 'in-app messages', webhook: 'webhooks' },
  fr: {
    email: 'e-mail',
    sms: 'SMS',
    whatsapp: 'WhatsApp',
    in_app: 'messages dans l’application',
    webhook: 'webhooks',
  },
}

const LENGTHS: Record<Locale, Record<string, string>> = {
  en: {
    short: `up to ${SUBJECT_SHORT_MAX} characters`,
    medium: `${SUBJECT_SHORT_MAX + 1} to ${SUBJECT_MEDIUM_MAX} characters`,
    long: `more than ${SUBJECT_MEDIUM_MAX} characters`,
  },
  fr: {
    short: `${SUBJECT_SHORT_MAX} caractères au plus`,
    medium: `${SUBJECT_SHORT_MAX + 1} à ${SUBJECT_MEDIUM_MAX} caractères`,
    long: `plus de ${SUBJECT_MEDIUM_MAX} caractères`,
  },
}

const YES_OR_NO: Record<Locale, Record<string, string>> = {
  en: { yes: 'yes', no: 'no' },
  fr: { yes: 'oui', no: 'non' },
}

/** A feature in one language: its name, what makes a campaign have it, and what to do about it. */
interface FeatureWords {
  label: string
  rule: string
  /** For features whose values are several. */
  advice?: (value: string, names: Names) => string
  /** For features that a campaign has or has not. */
  with?: string
  without?: string
}

const list = (words: readonly string[], locale: Locale): string =>
  words.map((word) => (locale === 'fr' ? `« ${word} »` : `“${word}”`)).join(', ')

const SAYS: Record<Locale, Record<Feature, FeatureWords>> = {
  en: {
    type: {
      label: 'Type',
      rule: 'The type that was chosen for the campaign.',
      advice: (value) => `Make more campaigns of the type “${TYPES.en[value] ?? value}”.`,
    },
    channel: {
      label: 'Channel',
      rule: 'The channels of the campaign, all together.',
      advice: (value) => `Use ${channelsIn('en', value)}.`,
    },
    hour: {
      label: 'Hour',
      rule: 'The hour of the launch by the clock of the organization; not of campaigns that events set off.',
      advice: (value) => `Launch between ${value}:00 and ${value}:59.`,
    },
    weekday: {
      label: 'Weekday',
      rule: 'The day of the launch by the calendar of the organization; not of campaigns that events set off.',
      advice: (value) => `Launch on a ${weekdayIn('en', value)}.`,
    },
    segment: {
      label: 'Segment',
      rule: 'A segment that the audience includes, against campaigns that address others.',
      advice: (value, names) => `Address the segment “${names.get(value) ?? value}”.`,
    },
    subjectLength: {
      label: 'Subject length',
      rule: 'Characters of the subject as people count them, values of the contact left out.',
      advice: (value) => `Write subjects of ${LENGTHS.en[value] ?? value}.`,
    },
    subjectPersonal: {
      label: 'Personal subject',
      rule: 'The subject has a value of the contact, such as the first name.',
      with: 'Make the subject personal, with a value of the contact.',
      without: 'Leave values of the contact out of the subject.',
    },
    subjectQuestion: {
      label: 'Question',
      rule: 'The subject has a question mark.',
      with: 'Ask a question in the subject.',
      without: 'Do not ask a question in the subject.',
    },
    subjectExclamation: {
      label: 'Exclamation',
      rule: 'The subject has an exclamation mark.',
      with: 'Put an exclamation mark into the subject.',
      without: 'Leave exclamation marks out of the subject.',
    },
    subjectUrgency: {
      label: 'Urgency',
      rule: `The subject has one of: ${list(WORDS_OF.subjectUrgency, 'en')}.`,
      with: 'Say in the subject that time is short.',
      without: 'Do not hurry people in the subject.',
    },
    subjectNumber: {
      label: 'Number',
      rule: 'The subject has a digit.',
      with: 'Put a number into the subject.',
      without: 'Leave numbers out of the subject.',
    },
    subjectEmoji: {
      label: 'Emoji',
      rule: 'The subject has an emoji.',
      with: 'Use an emoji in the subject.',
      without: 'Leave emoji out of the subject.',
    },
    offerDiscount: {
      label: 'Discount',
      rule: `Subject or text has a percentage with a minus, such as −20 %, or one of: ${list(WORDS_OF.offerDiscount, 'en')}.`,
      with: 'Offer a discount.',
      without: 'Write without a discount.',
    },
    offerShipping: {
      label: 'Free shipping',
      rule: `Subject or text has one of: ${list(WORDS_OF.offerShipping, 'en')}.`,
      with: 'Offer free shipping.',
      without: 'Write without free shipping.',
    },
    offerCode: {
      label: 'Code',
      rule: `Subject or text has one of: ${list(WORDS_OF.offerCode, 'en')}.`,
      with: 'Offer a code.',
      without: 'Write without a code.',
    },
    offerGift: {
      label: 'Gift',
      rule: `Subject or text has one of: ${list(WORDS_OF.offerGift, 'en')}.`,
      with: 'Offer something for free.',
      without: 'Write without a gift.',
    },
  },
  fr: {
    type: {
      label: 'Type',
      rule: 'Le type choisi pour la campagne.',
      advice: (value) => `Faites davantage de campagnes du type « ${TYPES.fr[value] ?? value} ».`,
    },
    channel: {
      label: 'Canal',
      rule: 'Les canaux de la campagne, tous ensemble.',
      advice: (value) => `Utilisez ${channelsIn('fr', value)}.`,
    },
    hour: {
      label: 'Heure',
      rule: 'L’heure du lancement à l’horloge de l’organisation ; pas pour les campagnes déclenchées par un événement.',
      advice: (value) => `Lancez entre ${value} h 00 et ${value} h 59.`,
    },
    weekday: {
      label: 'Jour',
      rule: 'Le jour du lancement au calendrier de l’organisation ; pas pour les campagnes déclenchées par un événement.',
      advice: (value) => `Lancez un ${weekdayIn('fr', value)}.`,
    },
    segment: {
      label: 'Segment',
      rule: 'Un segment que l’audience comprend, face aux campagnes qui s’adressent à d’autres.',
      advice: (value, names) => `Adressez-vous au segment « ${names.get(value) ?? value} ».`,
    },
    subjectLength: {
      label: 'Longueur de l’objet',
      rule: 'Les caractères de l’objet tels qu’on les compte, sans les valeurs du contact.',
      advice: (value) => `Écrivez des objets de ${LENGTHS.fr[value] ?? value}.`,
    },
    subjectPersonal: {
      label: 'Objet personnel',
      rule: 'L’objet contient une valeur du contact, comme le prénom.',
      with: 'Personnalisez l’objet avec une valeur du contact.',
      without: 'Laissez les valeurs du contact hors de l’objet.',
    },
    subjectQuestion: {
      label: 'Question',
      rule: 'L’objet contient un point d’interrogation.',
      with: 'Posez une question dans l’objet.',
      without: 'Ne posez pas de question dans l’objet.',
    },
    subjectExclamation: {
      label: 'Exclamation',
      rule: 'L’objet contient un point d’exclamation.',
      with: 'Mettez un point d’exclamation dans l’objet.',
      without: 'Laissez les points d’exclamation hors de l’objet.',
    },
    subjectUrgency: {
      label: 'Urgence',
      rule: `L’objet contient l’un de ces mots : ${list(WORDS_OF.subjectUrgency, 'fr')}.`,
      with: 'Dites dans l’objet que le temps presse.',
      without: 'Ne pressez pas les gens dans l’objet.',
    },
    subjectNumber: {
      label: 'Chiffre',
      rule: 'L’objet contient un chiffre.',
      with: 'Mettez un chiffre dans l’objet.',
      without: 'Laissez les chiffres hors de l’objet.',
    },
    subjectEmoji: {
      label: 'Emoji',
      rule: 'L’objet contient un emoji.',
      with: 'Utilisez un emoji dans l’objet.',
      without: 'Laissez les emojis hors de l’objet.',
    },
    offerDiscount: {
      label: 'Remise',
      rule: `L’objet ou le texte contient un pourcentage précédé d’un moins, comme −20 %, ou l’un de ces mots : ${list(WORDS_OF.offerDiscount, 'fr')}.`,
      with: 'Offrez une remise.',
      without: 'Écrivez sans remise.',
    },
    offerShipping: {
      label: 'Livraison gratuite',
      rule: `L’objet ou le texte contient l’un de ces mots : ${list(WORDS_OF.offerShipping, 'fr')}.`,
      with: 'Offrez la livraison.',
      without: 'Écrivez sans livraison gratuite.',
    },
    offerCode: {
      label: 'Code',
      rule: `L’objet ou le texte contient l’un de ces mots : ${list(WORDS_OF.offerCode, 'fr')}.`,
      with: 'Offrez un code.',
      without: 'Écrivez sans code.',
    },
    offerGift: {
      label: 'Cadeau',
      rule: `L’objet ou le texte contient l’un de ces mots : ${list(WORDS_OF.offerGift, 'fr')}.`,
      with: 'Offrez quelque chose.',
      without: 'Écrivez sans cadeau.',
    },
  },
}

const weekdayIn = (locale: Locale, value: string): string => WEEKDAYS[locale][Number(value) - 1] ?? value
const channelsIn = (locale: Locale, value: string): string =>
  value
    .split('+')
    .map((channel) => CHANNEL_NAMES[locale][channel] ?? channel)
    .join(locale === 'fr' ? ' et ' : ' and ')

/** By which rule a campaign is said to have a feature. */
export const rulesIn = (locale: Locale): Insights['rules'] =>
  FEATURES.map((feature) => ({
    feature,
    label: SAYS[locale][feature].label,
    text: SAYS[locale][feature].rule,
  }))

/** What was compared, in short: “Weekday: Tuesday”. */
export function labelOf(locale: Locale, { feature, value }: Advised, names: Names): string {
  const { label } = SAYS[locale][feature]
  return `${label}${locale === 'fr' ? ' : ' : ': '}${valueIn(locale, { feature, value }, names)}`
}

function valueIn(locale: Locale, { feature, value }: Advised, names: Names): string {
  switch (feature) {
    case 'type':
      return TYPES[locale][value] ?? value
    case 'channel':
      return channelsIn(locale, value)
    case 'hour':
      return locale === 'fr' ? `${value} h` : `${value}:00`
    case 'weekday':
      return weekdayIn(locale, value)
    case 'segment':
      return names.get(value) ?? value
    case 'subjectLength':
      return LENGTHS[locale][value] ?? value
    default:
      return YES_OR_NO[locale][value] ?? value
  }
}

/** What to do, in a sentence. */
export function adviceOf(locale: Locale, { feature, value }: Advised, names: Names): string {
  const words = SAYS[locale][feature]
  return words.advice?.(value, names) ?? (value === 'yes' ? words.with : words.without) ?? words.label
}

/** Why nothing can be said yet. */
export function tooFew(locale: Locale, have: number, need: number, messages: number): string {
  return locale === 'fr'
    ? `${have} campagne${have > 1 ? 's' : ''} d’au moins ${messages} messages : il en faut ${need} pour distinguer un effet du hasard.`
    : `${have} campaign${have === 1 ? '' : 's'} of at least ${messages} messages: it takes ${need} to tell an effect from chance.`
}

/** A clear pattern as advice, with what speaks for it. */
export function recommendationOf(
  locale: Locale,
  pattern: Pattern,
  { looks, segmentNames }: { looks: number; segmentNames: Names },
): Omit<Recommendation, 'copyOf' | 'uses'> {
  const percent = (share: number, options: Intl.NumberFormatOptions = {}): string =>
    new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1, ...options }).format(share)
  const lift = (share: number): string => percent(share, { maximumFractionDigits: 0, signDisplay: 'always' })
  const number = (n: number): string => new Intl.NumberFormat(locale).format(n)
  const { feature, value, metric, campaigns, others, interval } = pattern
  const [events, otherEvents] = [number(pattern.events), number(pattern.otherEvents)]
  const [messages, otherMessages] = [number(pattern.messages), number(pattern.otherMessages)]
  const [rate, otherRate] = [percent(pattern.rate), percent(pattern.otherRate)]
  const did = {
    en: { click: 'who clicked', conversion: 'who converted' },
    fr: { click: 'ont cliqué', conversion: 'ont converti' },
  }[locale][metric]
  const range = `${lift(interval.low)} … ${lift(interval.high)}`
  const what = {
    en: { click: 'clicks', conversion: 'conversions' },
    fr: { click: 'clics', conversion: 'conversions' },
  }[locale][metric]
  const q = new Intl.NumberFormat(locale, { minimumFractionDigits: 3, maximumFractionDigits: 3 }).format(
    pattern.q,
  )
  const told = isAboutContent(pattern) ? 'testable' : 'untestable'
  return {
    feature,
    value,
    metric,
    expectedLift: pattern.lift,
    interval,
    sentence: adviceOf(locale, pattern, segmentNames),
    effect:
      locale === 'fr'
        ? `À attendre : ${lift(pattern.lift)} de ${what} (à 95 % : ${range}).`
        : `To be expected: ${lift(pattern.lift)} ${what} (95 %: ${range}).`,
    evidence:
      locale === 'fr'
        ? `${campaigns} campagnes ainsi : ${rate} en général (${messages} messages, ${events} personnes ${did}) ; ${others} autres : ${otherRate} (${otherMessages} messages, ${otherEvents}). q = ${q} après correction pour ${looks} comparaisons ; la moitié la plus récente dit de même. ${CAUSE.fr[told]}`
        : `${campaigns} campaigns like this: typically ${rate} (${messages} messages, ${events} people ${did}); ${others} others: ${otherRate} (${otherMessages} messages, ${otherEvents}). q = ${q}, corrected for ${looks} comparisons; the newer half says the same. ${CAUSE.en[told]}`,
  }
}

/** What evidence does not say, and what can be done about it. */
const CAUSE: Record<Locale, Record<'testable' | 'untestable', string>> = {
  en: {
    testable: 'What goes together need not cause: a test will tell.',
    untestable:
      'What goes together need not cause, and no test will tell: variants share type, hour, channels and audience. Try it and compare.',
  },
  fr: {
    testable: 'Une corrélation n’est pas une cause : un test le dira.',
    untestable:
      'Une corrélation n’est pas une cause, et aucun test ne le dira : les variantes partagent type, heure, canaux et audience. Essayez, puis comparez.',
  },
}

/** The most characters of a campaign's name, and of a variant's. */
const NAME_CHARS_MAX = 200
const VARIANT_CHARS_MAX = 120

/** What a draft that follows advice is called: after the campaign that it is a copy of. */
export const draftName = (original: string, advice: string): string =>
  `${original.slice(0, NAME_CHARS_MAX - advice.length - 3)} – ${advice.replace(/\.$/, '')}`

/** What the variants of a test of advice are called. */
export const variantNames = (locale: Locale, advice: string): [string, string] => [
  locale === 'fr' ? 'Comme jusqu’ici' : 'As so far',
  advice.replace(/\.$/, '').slice(0, VARIANT_CHARS_MAX),
]

/** What is left to do with a draft. */
export function nextOf(
  locale: Locale,
  { as, isWritten, startAt }: { as: AdviceInput['as']; isWritten: boolean; startAt: string | null },
): string {
  const words = {
    en: {
      plan: 'A draft was made. The time is filled in: plan it when the text is ready.',
      draft: 'A draft was made. Write what is new, then launch it.',
      write: 'A draft with a test was made. Write the second variant: its subject is empty until then.',
      test: 'A draft with a test was made. Read both variants, then launch it.',
    },
    fr: {
      plan: 'Un brouillon est prêt. L’heure est remplie : planifiez-le quand le texte est au point.',
      draft: 'Un brouillon est prêt. Écrivez ce qui est nouveau, puis lancez-le.',
      write:
        'Un brouillon avec un test est prêt. Écrivez la deuxième variante : son objet reste vide jusque-là.',
      test: 'Un brouillon avec un test est prêt. Relisez les deux variantes, puis lancez-le.',
    },
  }[locale]
  if (as === 'test') return isWritten ? words.test : words.write
  return startAt === null ? words.draft : words.plan
}
