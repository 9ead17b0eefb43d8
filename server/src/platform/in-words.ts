/** What sentences of ours need of a language beyond their words: dates, places and labels within them. Pure. */
import type { Locale } from './context.ts'

/** A date as people write it: `Intl` with the first of a month in French, which is an ordinal: “jeudi 1er avril”. */
export function dateInWords(locale: Locale, at: Date, options: Intl.DateTimeFormatOptions): string {
  const format = new Intl.DateTimeFormat(locale, options)
  if (locale !== 'fr') return format.format(at)
  return format
    .formatToParts(at)
    .map(({ type, value }) => (type === 'day' && value === '1' ? '1er' : value))
    .join('')
}

/** By whose clock: “Europe/Paris time”, “heure d’Europe/Paris”. */
export const zoneTime = (locale: Locale, timeZone: string): string =>
  locale === 'fr' ? `heure ${ofPlace(timeZone)}` : `${timeZone} time`

/** French “de” before a name, elided before a vowel. */
export const ofPlace = (name: string): string =>
  /^[aeiouyàâéèêëîïôûü]/i.test(name) ? `d’${name}` : `de ${name}`

/** A label and what it labels; in French its colon stands off, on the same line. */
export const labelled = (locale: Locale, label: string, text: string): string =>
  `${label}${locale === 'fr' ? '\u00a0' : ''}: ${text}`
