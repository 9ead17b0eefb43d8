/**
 * The short way for the numbers that make up nearly every file: plain digits in the national form of a country whose
 * prefix is simply cut off, or behind a plus and a calling code that one country has. Everything else, and everything
 * that is not valid this way, goes the long way through libphonenumber-js.
 *
 * The library takes 6 µs a number, more than the rest of a row together; this takes under 1 µs with the library's own
 * patterns, and is held equal to it by a property over every country.
 */
import { type CountryCode, Metadata, getCountries, getCountryCallingCode } from 'libphonenumber-js/max'
import { assert } from '../../platform/errors.ts'

/** How one country writes its numbers. */
interface Plan {
  callingCode: string
  /** `0` in most of Europe; empty where there is none. */
  prefix: string
  general: RegExp
  /** The kinds of numbers (mobile, fixed line…), one of which a valid number fits. */
  kinds: { lengths: readonly number[]; pattern: RegExp }[]
}

/** What the library's own numbering plan answers; its published types name only a part of it. */
interface LibraryPlan {
  nationalNumberPattern(): string
  nationalPrefix(): string | undefined
  nationalPrefixForParsing(): string | undefined
  nationalPrefixTransformRule(): string | undefined
  possibleLengths(): number[]
  type(kind: string): { pattern(): string | undefined; possibleLengths(): number[] | undefined } | undefined
}

const KINDS = [
  'FIXED_LINE',
  'MOBILE',
  'PREMIUM_RATE',
  'TOLL_FREE',
  'SHARED_COST',
  'VOIP',
  'PERSONAL_NUMBER',
  'PAGER',
  'UAN',
  'VOICEMAIL',
] as const

const PUNCTUATION = /[\s().\-/]+/g
const PLAIN = /^\+?\d{6,15}$/
const CALLING_CODE_DIGITS_MAX = 3

const plans = new Map<CountryCode, Plan | null>()
let countryByCode: ReadonlyMap<string, CountryCode> | null = null

/**
 * The number in E.164 when it is valid in the short way, else null, which says nothing about the number.
 *
 * @param country  where it is dialled from when it has no plus
 */
export function readPlainPhone(written: string, country: CountryCode | undefined): string | null {
  const digits = written.replaceAll(PUNCTUATION, '')
  if (!PLAIN.test(digits)) return null
  if (digits.startsWith('+')) return readInternational(digits)
  const plan = country === undefined ? null : planOf(country)
  if (!plan || plan.prefix === '' || !digits.startsWith(plan.prefix) || plan.general.test(digits)) return null
  const national = digits.slice(plan.prefix.length)
  return isValid(national, plan) ? `+${plan.callingCode}${national}` : null
}

function readInternational(digits: string): string | null {
  const country = countryOfCode(digits)
  const plan = country && planOf(country)
  if (!plan) return null
  const national = digits.slice(1 + plan.callingCode.length)
  // +33 06…: the prefix does not belong there; the library knows when to drop it.
  if (plan.prefix !== '' && national.startsWith(plan.prefix)) return null
  return isValid(national, plan) ? digits : null
}

function isValid(national: string, { general, kinds }: Plan): boolean {
  return (
    general.test(national) &&
    kinds.some(({ lengths, pattern }) => lengths.includes(national.length) && pattern.test(national))
  )
}

/** The country whose calling code a number begins with, where one country alone has it, else null. */
export function countryOfCode(e164: string): CountryCode | null {
  countryByCode ??= countriesByCode()
  for (let length = 1; length <= CALLING_CODE_DIGITS_MAX; length++) {
    const country = countryByCode.get(e164.slice(1, 1 + length))
    if (country !== undefined) return country
  }
  return null
}

/** Calling codes that one country alone has. */
function countriesByCode(): ReadonlyMap<string, CountryCode> {
  const found = new Map<string, CountryCode | null>()
  for (const country of getCountries()) {
    const code = getCountryCallingCode(country)
    found.set(code, found.has(code) ? null : country)
  }
  return new Map(
    [...found].flatMap(([code, country]) => (country === null ? [] : [[code, country] as const])),
  )
}

/** The plan of a country, or null when its prefixes need more than being cut off. */
function planOf(country: CountryCode): Plan | null {
  let plan = plans.get(country)
  if (plan === undefined) {
    plan = readPlan(country)
    plans.set(country, plan)
  }
  return plan
}

function readPlan(country: CountryCode): Plan | null {
  const metadata = new Metadata()
  metadata.selectNumberingPlan(country)
  assert(metadata.numberingPlan, 'every listed country has a numbering plan')
  const library = metadata.numberingPlan as unknown as LibraryPlan // the object has these methods; the property test calls each
  const prefix = library.nationalPrefix() ?? ''
  const isPlain =
    /^\d*$/.test(prefix) &&
    (library.nationalPrefixForParsing() ?? prefix) === prefix &&
    !library.nationalPrefixTransformRule()
  if (!isPlain) return null
  const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`)
  return {
    callingCode: getCountryCallingCode(country),
    prefix,
    general: whole(library.nationalNumberPattern()),
    kinds: KINDS.flatMap((kind) => {
      const type = library.type(kind)
      const pattern = type?.pattern()
      return pattern
        ? [{ lengths: type?.possibleLengths() ?? library.possibleLengths(), pattern: whole(pattern) }]
        : []
    }),
  }
}
