/** What a campaign is like, by rules that a reader can check: words are listed here and named on the screen. Pure. */

/** What is looked at, in the order of the screen. */
export const FEATURES = [
  'type',
  'channel',
  'hour',
  'weekday',
  'segment',
  'subjectLength',
  'subjectPersonal',
  'subjectQuestion',
  'subjectExclamation',
  'subjectUrgency',
  'subjectNumber',
  'subjectEmoji',
  'offerDiscount',
  'offerShipping',
  'offerCode',
  'offerGift',
] as const
export type Feature = (typeof FEATURES)[number]

/** Longest subjects that are short, and medium, in characters as people count them. */
export const SUBJECT_SHORT_MAX = 30
export const SUBJECT_MEDIUM_MAX = 60

/**
 * Words by which a text is said to hurry, or to offer something; English and French beside each other, since one
 * organization writes in both. Whole words, whatever their capitals and accents.
 */
export const WORDS_OF = {
  subjectUrgency: [
    'today',
    'tonight',
    'now',
    'last chance',
    'last day',
    'last days',
    'hurry',
    'ends soon',
    'only',
    'hours left',
    'days left',
    "aujourd'hui",
    'ce soir',
    'maintenant',
    'derniere chance',
    'dernier jour',
    'derniers jours',
    'vite',
    'bientot fini',
    'plus que',
    'dernieres heures',
  ],
  offerDiscount: [
    '% off',
    'discount',
    'sale',
    'reduced',
    'half price',
    'remise',
    'reduction',
    'promo',
    'promotion',
    'soldes',
    'moitie prix',
  ],
  offerShipping: [
    'free shipping',
    'free delivery',
    'livraison gratuite',
    'livraison offerte',
    'frais de port offerts',
  ],
  offerCode: ['code', 'coupon', 'voucher', "bon d'achat"],
  offerGift: ['gift', 'for free', 'cadeau', 'offert', 'offerte', 'gratuit', 'gratuitement'],
} as const

/** A discount is also a percentage with a minus before it, such as −20 %. */
const MINUS_PERCENT = /[-−–]\s?\d{1,2}\s?%/

/** Features of a campaign. One whose values are several, such as segments, has them all. */
export type Features = Readonly<Partial<Record<Feature, readonly string[]>>>

/** What is known of a campaign besides its texts. */
export interface Described {
  type: string
  channels: readonly string[]
  /** Null where events set it off, one person at a time. */
  launchedAt: Date | null
  timeZone: string
  /** Ids of those that it addresses. */
  segments: readonly string[]
}

/** Hours and weekdays are those of the organization. Source: statistics §13, issue "Analytics" */
export function featuresOf({ type, channels, launchedAt, timeZone, segments }: Described): Features {
  const local =
    launchedAt && Temporal.Instant.fromEpochMilliseconds(launchedAt.getTime()).toZonedDateTimeISO(timeZone)
  return {
    type: [type],
    channel: [channels.toSorted().join('+')],
    ...(local ? { hour: [String(local.hour)], weekday: [String(local.dayOfWeek)] } : {}),
    ...(segments.length > 0 ? { segment: segments } : {}),
  }
}

/**
 * Features of what a campaign says.
 *
 * @param subject  of the mail; empty without one
 * @param body     all that it says, with markup
 */
export function featuresOfText({ subject, body }: { subject: string; body: string }): Features {
  const said = folded(
    `${subject} ${body.replaceAll(/<(style|script|mj-style)[^>]*>[^]*?<\/\1>/gi, ' ').replaceAll(/<[^>]*>/g, ' ')}`,
  )
  return {
    ...(subject === '' ? {} : subjectFeatures(subject)),
    offerDiscount: yes(speaksOf('offerDiscount', said) || MINUS_PERCENT.test(said)),
    offerShipping: yes(speaksOf('offerShipping', said)),
    offerCode: yes(speaksOf('offerCode', said)),
    offerGift: yes(speaksOf('offerGift', said)),
  }
}

function subjectFeatures(subject: string): Features {
  // What Liquid writes is not the author's punctuation.
  const written = subject.replaceAll(/\{\{.*?\}\}|\{%.*?%\}/g, '')
  return {
    subjectLength: [lengthOf(written)],
    subjectPersonal: yes(subject.includes('{{')),
    subjectQuestion: yes(written.includes('?')),
    subjectExclamation: yes(written.includes('!')),
    subjectUrgency: yes(speaksOf('subjectUrgency', folded(written))),
    subjectNumber: yes(/\d/.test(written)),
    subjectEmoji: yes(/\p{Extended_Pictographic}/u.test(written)),
  }
}

const yes = (is: boolean): string[] => [is ? 'yes' : 'no']

/** Without capitals, accents and the several kinds of apostrophes and spaces. */
const folded = (text: string): string =>
  text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('’', "'").replaceAll(/\s+/g, ' ').toLowerCase()

const RULES = new Map(
  Object.entries(WORDS_OF).map(([name, words]) => [
    name,
    new RegExp(`(?<![\\p{L}])(?:${words.join('|')})(?![\\p{L}])`, 'u'),
  ]),
)
const speaksOf = (rule: keyof typeof WORDS_OF, text: string): boolean => RULES.get(rule)?.test(text) === true

function lengthOf(subject: string): 'short' | 'medium' | 'long' {
  const length = charactersOf(subject)
  return length <= SUBJECT_SHORT_MAX ? 'short' : length <= SUBJECT_MEDIUM_MAX ? 'medium' : 'long'
}

/** The length of a text as people count it. */
export const charactersOf = (text: string): number => [...new Intl.Segmenter().segment(text)].length
