/** How rules are put into words, in each language. */
import type { Day } from './days.ts'

/** Languages that rules are described in. Written out, so that this pure part needs nothing of the server. */
export type Locale = 'en' | 'fr'

/** The same text in every language of the screens. */
export type Words = Readonly<Record<Locale, string>>

// Made once: each costs as much as reading a whole rule.
const inEach = <T>(make: (locale: Locale) => T): Readonly<Record<Locale, T>> => ({
  en: make('en'),
  fr: make('fr'),
})
const NUMBERS = inEach((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 20 }))
const DAYS = inEach((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }))
const LISTS = inEach((locale) => ({
  conjunction: new Intl.ListFormat(locale, { type: 'conjunction' }),
  disjunction: new Intl.ListFormat(locale, { type: 'disjunction' }),
}))

/** Values that a sentence names before it says "and 12 others". */
const VALUES_SHOWN_MAX = 6

/** A value as people quote it; French quotes keep to their text by narrow no-break spaces. */
export function quoted(text: string, locale: Locale): string {
  return locale === 'fr' ? `«\u202f${text}\u202f»` : `“${text}”`
}

/** `A, B or C`; long lists end with the number of the rest. */
export function either(texts: readonly string[], locale: Locale): string {
  return listed(texts, locale, 'disjunction')
}

/** `A, B and C`; long lists end with the number of the rest. */
export function both(texts: readonly string[], locale: Locale): string {
  return listed(texts, locale, 'conjunction')
}

function listed(texts: readonly string[], locale: Locale, type: 'conjunction' | 'disjunction'): string {
  const hidden = texts.length - VALUES_SHOWN_MAX
  const shown = hidden > 1 ? texts.slice(0, VALUES_SHOWN_MAX) : texts
  const rest =
    hidden > 1
      ? [locale === 'fr' ? `${numberText(hidden, locale)} autres` : `${numberText(hidden, locale)} others`]
      : []
  return LISTS[locale][type].format([...shown, ...rest])
}

/** A number as the language writes it. */
export function numberText(value: number, locale: Locale): string {
  return NUMBERS[locale].format(value)
}

/** A calendar day as the language writes it. */
export function dayText(day: Day, locale: Locale): string {
  const said = DAYS[locale].format(new Date(`${day}T00:00:00Z`))
  // The first of a month is an ordinal in French.
  return locale === 'fr' ? said.replace(/^1 /, '1er ') : said
}

/** `1 day`, `7 days`. */
export function daysText(count: number, locale: Locale): string {
  if (locale === 'fr')
    return count < 2 ? `${numberText(count, locale)} jour` : `${numberText(count, locale)} jours`
  return count === 1 ? '1 day' : `${numberText(count, locale)} days`
}

/** `1 hour`, `24 hours`. */
export function hoursText(count: number, locale: Locale): string {
  if (locale === 'fr')
    return count < 2 ? `${numberText(count, locale)} heure` : `${numberText(count, locale)} heures`
  return count === 1 ? '1 hour' : `${numberText(count, locale)} hours`
}
