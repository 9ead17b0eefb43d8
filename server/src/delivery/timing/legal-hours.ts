/**
 * When marketing text messages may leave, by jurisdiction: law where there is one, operators' practice where they
 * enforce it, our choice elsewhere. Data with source, date and confidence, to be reviewed as such. Pure.
 *
 * The published tables of United States contradict each other for some states: where they do, the narrower hours stand
 * here. Whether they bind messages to people who consented is not settled; they are kept anyway.
 */
import type { InBoth } from '../../platform/context.ts'
import { fromClock, WHOLE_DAY, type Span } from './spans.ts'

/** Hours of each day, Monday first; an empty list is a day on which nothing leaves. */
export type Week = readonly [
  readonly Span[],
  readonly Span[],
  readonly Span[],
  readonly Span[],
  readonly Span[],
  readonly Span[],
  readonly Span[],
]

/** The hours of one jurisdiction. */
export interface LegalHours {
  /** ISO 3166-1 or 3166-2; `*` for everywhere else. */
  place: string
  week: Week
  /** Nothing leaves on the country's public holidays. */
  skipsHolidays: boolean
  basis: 'law' | 'operators' | 'practice' | 'choice'
  confidence: 'high' | 'medium' | 'low'
  source: InBoth
  reviewedOn: string
}

const hours = (from: string, to: string): Span[] => [{ from: fromClock(from), to: fromClock(to) }]
const daily = (from: string, to: string): Week => {
  const day = hours(from, to)
  return [day, day, day, day, day, day, day]
}
const noSunday = (from: string, to: string): Week => {
  const day = hours(from, to)
  return [day, day, day, day, day, day, []]
}
const REVIEWED_ON = '2026-11-20'
const STATE_TABLES = {
  en: 'Published tables of state telemarketing law, compared; they disagree in detail',
  fr: 'Tables publiées des lois des États sur le démarchage, comparées ; elles divergent dans le détail',
}

/** United States without regard to states. */
export const US_FEDERAL: LegalHours = {
  place: 'US',
  week: daily('08:00', '21:00'),
  skipsHolidays: false,
  basis: 'law',
  confidence: 'high',
  source: {
    en: '47 CFR 64.1200(c)(1), at the place of the called party',
    fr: '47 CFR 64.1200(c)(1), à l’heure du destinataire',
  },
  reviewedOn: REVIEWED_ON,
}

/** United States when the state is not known: what all states allow. Derived. */
const US_UNKNOWN: LegalHours = {
  ...US_FEDERAL,
  week: noSunday('10:00', '18:00'),
  basis: 'choice',
  confidence: 'medium',
  source: {
    en: 'Intersection of the hours of all states below',
    fr: 'Heures communes à tous les États ci-dessous',
  },
}

const state = (code: string, week: Week, source = STATE_TABLES): LegalHours => ({
  place: `US-${code}`,
  week,
  skipsHolidays: false,
  basis: 'law',
  confidence: source === STATE_TABLES ? 'medium' : 'high',
  source,
  reviewedOn: REVIEWED_ON,
})
const untilEight = daily('08:00', '20:00')

/** States whose hours are narrower than the federal ones. */
const US_STATES: readonly LegalHours[] = [
  ...['FL', 'OK', 'MD', 'MA', 'NJ'].map((code) => state(code, untilEight)),
  ...['AL', 'LA', 'MS'].map((code) => state(code, noSunday('08:00', '20:00'))),
  state('CT', daily('09:00', '20:00')),
  state('KY', daily('10:00', '21:00')),
  state('RI', [
    ...([1, 2, 3, 4, 5].map(() => hours('09:00', '18:00')) as [Span[], Span[], Span[], Span[], Span[]]), // five of five
    hours('10:00', '17:00'),
    hours('10:00', '17:00'),
  ]),
  state(
    'TX',
    [
      ...([1, 2, 3, 4, 5, 6].map(() => hours('09:00', '21:00')) as [
        Span[],
        Span[],
        Span[],
        Span[],
        Span[],
        Span[],
      ]), // six of six
      hours('12:00', '21:00'),
    ],
    {
      en: 'Texas Business and Commerce Code ch. 302 and 305 (SB 140, in force 2025-09-01)',
      fr: 'Texas Business and Commerce Code, ch. 302 et 305 (SB 140, en vigueur le 01/09/2025)',
    },
  ),
]

/** Everything that is known, most particular first where two apply. */
export const LEGAL_HOURS: readonly LegalHours[] = [
  {
    place: 'FR',
    week: noSunday('08:00', '22:00'),
    skipsHolidays: true,
    basis: 'operators',
    confidence: 'high',
    source: {
      en: 'French operators carry marketing SMS Monday to Saturday 8–22 h, not on Sundays and holidays',
      fr: 'Les opérateurs français acheminent les SMS publicitaires du lundi au samedi de 8 h à 22 h, ni le dimanche ni les jours fériés',
    },
    reviewedOn: REVIEWED_ON,
  },
  US_FEDERAL,
  ...US_STATES,
  {
    place: 'CA',
    week: daily('09:00', '20:00'),
    skipsHolidays: false,
    basis: 'choice',
    confidence: 'medium',
    source: {
      en: 'CASL names no hours; chosen between the CRTC’s hours for calls and what providers allow',
      fr: 'La LCAP ne fixe pas d’horaires ; choisis entre ceux du CRTC pour les appels et ceux des prestataires',
    },
    reviewedOn: REVIEWED_ON,
  },
  ...['GB', 'BE'].map((place): LegalHours => ({
    place,
    week: daily('09:00', '20:00'),
    skipsHolidays: false,
    basis: 'practice',
    confidence: 'medium',
    source: {
      en: 'Practice of text message providers; no statute found',
      fr: 'Usage des prestataires de SMS ; aucun texte de loi trouvé',
    },
    reviewedOn: REVIEWED_ON,
  })),
  {
    place: 'AU',
    week: daily('11:00', '20:00'),
    skipsHolidays: false,
    basis: 'practice',
    confidence: 'low',
    source: {
      en: 'Practice of text message providers, their strictest reading',
      fr: 'Usage des prestataires de SMS, dans sa lecture la plus stricte',
    },
    reviewedOn: REVIEWED_ON,
  },
  {
    place: '*',
    week: noSunday('09:00', '20:00'),
    skipsHolidays: false,
    basis: 'choice',
    confidence: 'medium',
    source: { en: 'No rule is known there', fr: 'Aucune règle n’y est connue' },
    reviewedOn: REVIEWED_ON,
  },
]

const byPlace = new Map(LEGAL_HOURS.map((hours) => [hours.place, hours]))
const elsewhere = byPlace.get('*') ?? { ...US_UNKNOWN, place: '*' }

/** Which rule of the United States an organization keeps: the federal one alone, or the states’ as well. */
export type UsHours = 'federal' | 'states'

/** The hours that hold in a country, or a region of it. */
export function legalHoursOf(country: string, region: string | null, us: UsHours): LegalHours {
  if (country === 'US') {
    if (us === 'federal') return US_FEDERAL
    if (region === null) return US_UNKNOWN
    return byPlace.get(region) ?? US_FEDERAL
  }
  // French departments overseas have country codes of their own and the operators of France.
  return byPlace.get(FRENCH.has(country) ? 'FR' : country) ?? elsewhere
}

const FRENCH = new Set(['GF', 'GP', 'MQ', 'RE', 'YT', 'BL', 'MF', 'PM'])

/** The country whose public holidays a place keeps. */
export const holidayCountry = (country: string): string => (FRENCH.has(country) ? 'FR' : country)

/** Nothing is forbidden. */
export const ALWAYS: Week = [WHOLE_DAY, WHOLE_DAY, WHOLE_DAY, WHOLE_DAY, WHOLE_DAY, WHOLE_DAY, WHOLE_DAY]
