/** Phone numbers in E.164. */
import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max'
import { countryOfCode, readPlainPhone } from './plain-phone.ts'
import { type Parsed, read, refused } from './reasons.ts'

/** Longest text looked at: a number with spaces, brackets and an extension. */
const PHONE_CHARS_MAX = 60

/**
 * Reads a number and gives it as `+33612345678`.
 *
 * @param defaultCountry  where a number without country code is dialled from, ISO 3166-1 alpha-2, or null
 */
export function parsePhone(text: string, defaultCountry: string | null): Parsed<string> {
  // Spreadsheets write a leading apostrophe to keep text, and 3.36E+10 for what they took for a number.
  const written = text.trim().replace(/^'/, '')
  if (/^\d[.,]\d+e\+?\d+$/i.test(written)) return refused('phone_damaged')
  if (written.length > PHONE_CHARS_MAX) return refused('phone_unknown')
  const country = defaultCountry !== null && isPhoneCountry(defaultCountry) ? defaultCountry : undefined
  const plain = readPlainPhone(written, country)
  if (plain !== null) return read(plain)
  const isInternational = /^(?:\+|00)/.test(written.replaceAll(/[^\d+]/g, ''))
  const dialled = isInternational ? written.replace(/^[^\d+]*00/, '+') : written
  const number = parsePhoneNumberFromString(dialled, country)
  if (number?.isValid()) return read(number.number)
  // 33612345678: the country code is there, its plus was lost on the way through a spreadsheet.
  const withPlus =
    isInternational || !/^[1-9]\d{9,14}$/.test(dialled)
      ? undefined
      : parsePhoneNumberFromString(`+${dialled}`)
  if (withPlus?.isValid()) return read(withPlus.number)
  return refused(
    country === undefined && !isInternational && /\d{6}/.test(written.replaceAll(/\D/g, ''))
      ? 'phone_country'
      : 'phone_unknown',
  )
}

/**
 * The country that a number in E.164 belongs to, ISO 3166-1 alpha-2, or null when it is of none. Codes that several
 * countries share (+1, +7, +44) are told apart by the library, at 6 µs a number.
 */
export function countryOfPhone(e164: string): string | null {
  return countryOfCode(e164) ?? parsePhoneNumberFromString(e164)?.country ?? null
}

/** The code under which a country is dialled, as `33`, or null. */
export function callingCodeOf(country: string | null): string | null {
  return country !== null && isPhoneCountry(country) ? getCountryCallingCode(country) : null
}

function isPhoneCountry(country: string): country is CountryCode {
  return isSupportedCountry(country)
}
