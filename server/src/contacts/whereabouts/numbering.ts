/** Which countries a telephone number can belong to, by its first digits. A number is not a place: it only narrows. */
import { getCountries, getCountryCallingCode } from 'libphonenumber-js/max'

/** Digits after the + that are ever looked at: +1 and an area code need four. */
export const PREFIX_DIGITS = 4

/** Area codes of +1 outside the United States. Source: North American Numbering Plan Administrator, 2026-11 */
const NANP: Readonly<Record<string, string>> = {
  BS: '242',
  BB: '246',
  AI: '264',
  AG: '268',
  VG: '284',
  VI: '340',
  KY: '345',
  BM: '441',
  GD: '473',
  TC: '649',
  JM: '658 876',
  MS: '664',
  MP: '670',
  GU: '671',
  AS: '684',
  SX: '721',
  LC: '758',
  DM: '767',
  VC: '784',
  PR: '787 939',
  DO: '809 829 849',
  TT: '868',
  KN: '869',
  CA: '204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 387 403 416 418 428 431 437 438 450 460 468 474 506 514 519 548 568 579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 867 873 879 902 905 942',
}
const byAreaCode = new Map(
  Object.entries(NANP).flatMap(([country, codes]) =>
    codes.split(' ').map((code) => [code, country] as const),
  ),
)

/** Countries that share their calling code with small territories: a number of theirs is taken for one of the country. */
const MAIN: Readonly<Record<string, string>> = {
  39: 'IT',
  44: 'GB',
  47: 'NO',
  61: 'AU',
  212: 'MA',
  358: 'FI',
}

/** Every country that has a calling code. */
export const COUNTRIES: readonly string[] = getCountries()

const byCallingCode = new Map<string, string[]>(
  Object.entries(MAIN).map(([code, country]) => [code, [country]]),
)
for (const country of getCountries()) {
  const code = getCountryCallingCode(country)
  if (!(code in MAIN)) byCallingCode.set(code, [...(byCallingCode.get(code) ?? []), country])
}

/**
 * Countries of a number in international form (`+33612345678`, or only its beginning), by calling code and, for +1, area
 * code: numbers of the United States are any of +1 that no other country holds.
 * @returns none when the number names no country
 */
export function countriesOfNumber(phone: string): readonly string[] {
  if (!phone.startsWith('+')) return []
  if (phone.startsWith('+1')) return [byAreaCode.get(phone.slice(2, 5)) ?? 'US']
  for (const digits of [3, 2, 1]) {
    const countries = byCallingCode.get(phone.slice(1, 1 + digits))
    if (countries) return countries
  }
  return []
}
