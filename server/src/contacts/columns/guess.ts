/** Guesses what each column of a file is, from its header and from its values. */
import { type DateOrder, dateOrderOf, parseDay } from '../values/date.ts'
import { parseEmail } from '../values/email.ts'
import { type DecimalSign, decimalSignOf, parseBoolean, parseNumber } from '../values/number.ts'
import { parsePhone } from '../values/phone.ts'
import { parseCountry, parseLanguage, parseTimeZone } from '../values/place.ts'
import { headerKey, targetOfHeader } from './headers.ts'
import { type ColumnTarget, type FieldType, type StandardField } from '../values/fields.ts'

/** Values of one column that a guess looks at. */
const VALUES_LOOKED_AT = 200
/** Share of the values that must fit before values alone decide. */
const SHARE_CERTAIN = 0.9
/** Share of the values that must fit for a header to be believed. */
const SHARE_PLAUSIBLE = 0.3

/** What is thought of one column. */
export interface ColumnGuess {
  name: string
  target: ColumnTarget
  /** Why: the header names the field, only the values look like it, or nothing does. */
  because: 'header' | 'values' | 'nothing'
  /** Proven by the values, or the reader's usual one when they prove nothing. */
  dateOrder: DateOrder
  decimalSign: DecimalSign
  /** The values read both ways, so the person should look: 03/04/2026, 1,250. */
  isDateOrderProven: boolean
  isDecimalSignProven: boolean
  /** The type that a new custom field made of this column should have. */
  typeSuggested: FieldType
  /** A few values that are not empty. */
  examples: string[]
}

/** What guessing needs to know of the organization. */
export interface GuessContext {
  locale: 'en' | 'fr'
  /** Where numbers without country code are dialled from, or null. */
  defaultCountry: string | null
  customFields: readonly { key: string; name: string }[]
}

/** Guesses every column; a target is given once, to the column that deserves it most. */
export function guessColumns(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  about: GuessContext,
): ColumnGuess[] {
  const custom = new Map(
    about.customFields.flatMap((field) => [
      [headerKey(field.name), field.key],
      [headerKey(field.key), field.key],
    ]),
  )
  const guesses = names.map((name, i) => guessColumn(name, filledValues(rows, i), about, custom))
  const taken = new Set<ColumnTarget>()
  // Headers first, so that "Work phone" in column 2 does not take the place of "Phone" in column 5.
  for (const because of ['header', 'values'] as const) {
    for (const guess of guesses) {
      if (guess.because !== because) continue
      if (taken.has(guess.target))
        Object.assign(guess, { target: 'ignore', because: 'nothing' } satisfies Partial<ColumnGuess>)
      else taken.add(guess.target)
    }
  }
  return splitNames(guesses)
}

/** `Nom` beside `Prénom` is a last name; `Nom` or `Name` alone, with spaces in its values, is a whole one. */
function splitNames(guesses: ColumnGuess[]): ColumnGuess[] {
  const has = (target: ColumnTarget) => guesses.some((guess) => guess.target === target)
  for (const guess of guesses) {
    const hasSpaces =
      guess.examples.length > 0 && guess.examples.every((value) => /\S\s+\S/.test(value.trim()))
    if (guess.target === 'lastName' && !has('firstName') && !has('fullName') && hasSpaces)
      guess.target = 'fullName'
    if (guess.target === 'fullName' && has('firstName'))
      guess.target = has('lastName') ? 'ignore' : 'lastName'
  }
  return guesses
}

function guessColumn(
  name: string,
  values: readonly string[],
  about: GuessContext,
  custom: ReadonlyMap<string, string>,
): ColumnGuess {
  const dateOrder = dateOrderOf(values)
  const decimalSign = decimalSignOf(values)
  const reading = {
    dateOrder: dateOrder ?? usualDateOrder(about),
    decimalSign: decimalSign ?? (about.locale === 'fr' ? 'comma' : 'point'),
  } as const
  const base = {
    name,
    ...reading,
    isDateOrderProven: dateOrder !== null,
    isDecimalSignProven: decimalSign !== null,
    typeSuggested: suggestType(values, reading),
    // jsonb, which keeps them, takes no NUL.
    examples: values.slice(0, 3).map((value) => value.slice(0, 120).replaceAll('\0', '')),
  }
  const byHeader = targetOfHeader(name)
  if (byHeader && (values.length === 0 || isPlausible(byHeader, values, about, reading.dateOrder)))
    return { ...base, target: byHeader, because: 'header' }
  const customKey = custom.get(headerKey(name))
  if (customKey !== undefined) return { ...base, target: `custom:${customKey}`, because: 'header' }
  const byValues = values.length === 0 ? null : guessByValues(values, about)
  return byValues
    ? { ...base, target: byValues, because: 'values' }
    : { ...base, target: 'ignore', because: 'nothing' }
}

/** A header may promise what the values do not hold: "Mobile: yes", "Contact: 12". */
function isPlausible(
  target: ColumnTarget,
  values: readonly string[],
  about: GuessContext,
  order: DateOrder,
): boolean {
  const fits: Partial<Record<ColumnTarget, (value: string) => boolean>> = {
    email: (value) => parseEmail(value).ok,
    phone: (value) =>
      parsePhone(value, about.defaultCountry ?? 'FR').ok || /\d{6}/.test(value.replaceAll(/\D/g, '')),
    fullName: (value) => /\p{L}/u.test(value) && !value.includes('@'),
    country: (value) => parseCountry(value).ok,
    language: (value) => parseLanguage(value).ok,
    timeZone: (value) => parseTimeZone(value).ok,
    birthday: (value) => parseDay(value, order).ok,
    'consent.at': (value) => parseDay(value, order).ok || /^\d{10}(\d{3})?$/.test(value),
    'consent.email': (value) => parseBoolean(value).ok,
    'consent.sms': (value) => parseBoolean(value).ok,
  }
  const fitsTarget = fits[target]
  return fitsTarget === undefined || shareOf(values, fitsTarget) >= SHARE_PLAUSIBLE
}

/** Only what cannot be mistaken: addresses, international numbers, and zones. Dates and words could be anything. */
function guessByValues(values: readonly string[], about: GuessContext): StandardField | null {
  if (shareOf(values, (value) => parseEmail(value).ok) >= SHARE_CERTAIN) return 'email'
  const looksDialled = (value: string) =>
    /^(?:\+|00|0|\(0?\d)/.test(value.trim()) && parsePhone(value, about.defaultCountry).ok
  if (shareOf(values, looksDialled) >= SHARE_CERTAIN) return 'phone'
  if (shareOf(values, (value) => value.includes('/') && parseTimeZone(value).ok) >= SHARE_CERTAIN)
    return 'timeZone'
  return null
}

function suggestType(
  values: readonly string[],
  reading: { dateOrder: DateOrder; decimalSign: DecimalSign },
): FieldType {
  if (values.length === 0) return 'text'
  const fits = (test: (value: string) => boolean) => shareOf(values, test) >= SHARE_CERTAIN
  if (fits((value) => parseBoolean(value).ok)) return 'boolean'
  // 0612345678 and 75001 are names made of digits: a leading zero would be lost in a number.
  if (fits((value) => parseNumber(value, reading.decimalSign).ok && !/^\s*0\d/.test(value))) return 'number'
  if (fits((value) => parseDay(value, reading.dateOrder).ok)) return 'date'
  return 'text'
}

function usualDateOrder(about: GuessContext): DateOrder {
  return about.locale === 'en' && (about.defaultCountry === 'US' || about.defaultCountry === null)
    ? 'mdy'
    : 'dmy'
}

/** The values of a column that are not empty, as many as a guess looks at. */
export function filledValues(rows: readonly (readonly string[])[], column: number): string[] {
  const values: string[] = []
  for (const row of rows) {
    const value = row[column]?.trim()
    if (value !== undefined && value !== '') values.push(value)
    if (values.length === VALUES_LOOKED_AT) break
  }
  return values
}

function shareOf(values: readonly string[], fits: (value: string) => boolean): number {
  return values.filter(fits).length / values.length
}
