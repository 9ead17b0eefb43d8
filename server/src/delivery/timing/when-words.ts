/** When something leaves and what held it, as people say it. Pure. */
import type { ZoneSource } from '../../contacts/index.ts'
import type { Locale } from '../../platform/context.ts'
import { dateInWords, ofPlace } from '../../platform/in-words.ts'
import type { Hindrance } from './hours.ts'
import type { When } from './when-to-send.ts'

/** Names of holidays in French; in English they are the data's own. */
const FRENCH: Readonly<Record<string, string>> = {
  'New Year’s Day': 'jour de l’An',
  Epiphany: 'Épiphanie',
  'Good Friday': 'Vendredi saint',
  'Easter Sunday': 'dimanche de Pâques',
  'Easter Monday': 'lundi de Pâques',
  'Labour Day': 'fête du Travail',
  'Labor Day': 'fête du Travail',
  'Ascension Day': 'Ascension',
  'Whit Sunday': 'Pentecôte',
  'Whit Monday': 'lundi de Pentecôte',
  'Corpus Christi': 'Fête-Dieu',
  'Assumption of Mary': 'Assomption',
  'All Saints’ Day': 'Toussaint',
  'Immaculate Conception': 'Immaculée Conception',
  'Christmas Day': 'Noël',
  'Christmas Eve': 'veille de Noël',
  'Second Day of Christmas': 'lendemain de Noël',
  'Boxing Day': 'lendemain de Noël',
  'Victory Day': 'Victoire 1945',
  'National Day': 'fête nationale',
  'Armistice Day': 'Armistice 1918',
}

/** A holiday's name in a language; names of single countries stay as they are. */
export function holidayName(name: string, locale: Locale): string {
  if (locale === 'en') return name
  const observed = ' (observed)'
  const plain = name.endsWith(observed) ? name.slice(0, -observed.length) : name
  return `${FRENCH[plain] ?? plain}${plain === name ? '' : ' (reporté)'}`
}

/** What speaks against an hour, as a part of a sentence. */
export function hindranceInWords({ reason, detail, on }: Hindrance, locale: Locale): string {
  const isEn = locale === 'en'
  switch (reason) {
    case 'quiet_hours':
      return isEn ? 'quiet hours' : 'heures calmes'
    case 'legal_hours':
      return isEn
        ? `hours allowed in ${placeName(detail, locale)}`
        : `horaires autorisés (${placeName(detail, locale)})`
    case 'holiday': {
      const day = dayName(on, locale)
      if (detail === null) return isEn ? `closed on ${day}` : `fermé le ${day}`
      return `${holidayName(detail, locale)} (${day})`
    }
    case 'weekend':
      return isEn ? 'no weekends' : 'pas le week-end'
    case 'send_window':
      return isEn ? 'the campaign’s send window' : 'la plage d’envoi de la campagne'
  }
}

/** “Leaves Tuesday, March 30, 2027 at 08:00 (Europe/Paris, by its country): hours allowed in France, Easter Monday (…).” */
export function whenInWords(
  when: When,
  place: { zones: readonly string[]; zoneFrom: ZoneSource },
  locale: Locale,
): string {
  const isEn = locale === 'en'
  const why = when.because.map((hindrance) => hindranceInWords(hindrance, locale)).join(', ')
  if (when.kind === 'dropped') {
    if (when.reason === 'too_late')
      return isEn
        ? 'Does not leave: it would come too late.'
        : 'Ne part pas : le message arriverait trop tard.'
    return isEn ? `Does not leave: ${why}.` : `Ne part pas : ${why}.`
  }
  const [zone = 'UTC'] = place.zones
  const at = dateInWords(locale, when.at, { dateStyle: 'full', timeStyle: 'short', timeZone: zone })
  const clock = place.zones.length > 1 ? several(place.zones.length, zone, locale) : zone
  const known = SOURCES[locale][place.zoneFrom]
  return `${isEn ? 'Leaves' : 'Part le'} ${at} (${clock}, ${known})${why === '' ? '' : isEn ? `: ${why}` : ` : ${why}`}.`
}

const SOURCES: Readonly<Record<Locale, Readonly<Record<ZoneSource, string>>>> = {
  en: {
    own: 'the contact’s own zone',
    events: 'by its last visit',
    phone: 'by its number',
    country: 'by its country',
    organization: 'the organization’s zone',
  },
  fr: {
    own: 'fuseau du contact',
    events: 'd’après sa dernière visite',
    phone: 'd’après son numéro',
    country: 'd’après son pays',
    organization: 'fuseau de l’organisation',
  },
}

const several = (count: number, shown: string, locale: Locale): string =>
  locale === 'en'
    ? `as shown in ${shown}, one of ${count} zones it may be in`
    : `à l’heure ${ofPlace(shown)}, un des ${count} fuseaux possibles`

function placeName(place: string | null, locale: Locale): string {
  if (place === null || place === '*') return locale === 'en' ? 'most countries' : 'la plupart des pays'
  const [country = '', region] = place.split('-')
  const name = new Intl.DisplayNames(locale, { type: 'region' }).of(country) ?? country
  return region === undefined ? name : `${name}, ${region}`
}

const dayName = (on: string, locale: Locale): string =>
  dateInWords(locale, new Date(`${on}T00:00:00Z`), {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  })
