/** Countries, languages and time zones, by code or by their names in French and English. */
import { getCountries } from 'libphonenumber-js/max'
import { type Parsed, read, refused } from './reasons.ts'
import { fold } from './text.ts'

/** Names that ICU does not give, folded. */
const COUNTRY_ALIASES: Readonly<Record<string, string>> = {
  usa: 'US',
  'u.s.a.': 'US',
  'u.s.': 'US',
  'united states of america': 'US',
  america: 'US',
  'etats unis': 'US',
  "etats-unis d'amerique": 'US',
  uk: 'GB',
  'u.k.': 'GB',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  angleterre: 'GB',
  'grande-bretagne': 'GB',
  'grande bretagne': 'GB',
  ecosse: 'GB',
  holland: 'NL',
  hollande: 'NL',
  'the netherlands': 'NL',
  'czech republic': 'CZ',
  'republique tcheque': 'CZ',
  'russian federation': 'RU',
  'republic of ireland': 'IE',
  'south korea': 'KR',
  'coree du sud': 'KR',
  'korea, republic of': 'KR',
  'viet nam': 'VN',
  'ivory coast': 'CI',
  "cote d'ivoire": 'CI',
  turkey: 'TR',
  turquie: 'TR',
  fra: 'FR',
  deu: 'DE',
  esp: 'ES',
  ita: 'IT',
  gbr: 'GB',
  che: 'CH',
  bel: 'BE',
  nld: 'NL',
  prt: 'PT',
  can: 'CA',
  lux: 'LU',
  mco: 'MC',
  mar: 'MA',
  tun: 'TN',
  dza: 'DZ',
  sen: 'SN',
  aut: 'AT',
  irl: 'IE',
  pol: 'PL',
  aus: 'AU',
  bra: 'BR',
  mex: 'MX',
}

/** Every country's code, ISO 3166-1 alpha-2: those with phones, and those where nobody lives. */
export const COUNTRIES: readonly string[] = [...getCountries(), 'AQ', 'BV', 'GS', 'HM', 'PN', 'TF', 'UM']
  .filter((code) => !['AC', 'TA', 'XK'].includes(code))
  .toSorted()

const countryByName = atFirstUse(() => namesOf('region', COUNTRIES, COUNTRY_ALIASES))

/** Languages of the world's larger mailing lists, ISO 639-1. */
const LANGUAGES =
  'af ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko ky lb lo lt lv mk ml mn mr ms mt my nb ne nl nn no pa pl ps pt ro ru si sk sl so sq sr sv sw ta te th tl tr uk ur uz vi wo zh zu'.split(
    ' ',
  )

const languageByName = atFirstUse(() =>
  namesOf('language', LANGUAGES, {
    fra: 'fr',
    fre: 'fr',
    eng: 'en',
    deu: 'de',
    ger: 'de',
    spa: 'es',
    ita: 'it',
    nld: 'nl',
    por: 'pt',
    'francais (france)': 'fr',
    vf: 'fr',
  }),
)
const LANGUAGE_CODES = new Set(LANGUAGES)

/** Reads a country by its two-letter code or its name and gives the code. */
export function parseCountry(text: string): Parsed<string> {
  const folded = fold(text)
  const code =
    countryByName().get(folded) ?? countryByName().get(folded.replace(/^(?:the|le|la|les) |^l['’]/, ''))
  return code === undefined ? refused('country_unknown') : read(code)
}

/** The code of a country by its code or name, or null when it is not known. */
export function countryCode(text: string | null): string | null {
  const parsed = text === null ? null : parseCountry(text)
  return parsed?.ok ? parsed.value : null
}

/** Reads a language by code (`fr`, `fr_FR`, `pt-BR`) or name; the region is dropped. */
export function parseLanguage(text: string): Parsed<string> {
  const folded = fold(text)
  const byName = languageByName().get(folded)
  if (byName) return read(byName)
  const tag = /^([a-z]{2})(?:[-_][a-z0-9]{2,8})*$/.exec(folded)?.[1]
  return tag !== undefined && LANGUAGE_CODES.has(tag) ? read(tag) : refused('language_unknown')
}

/** Reads an IANA time zone, whatever its case; HubSpot's `europe_slash_paris` too. */
export function parseTimeZone(text: string): Parsed<string> {
  const written = text.trim().replace('_slash_', '/').toLowerCase().replaceAll(' ', '_')
  const zone = zones().get(written)
  return zone === undefined ? refused('zone_unknown') : read(zone)
}
const zones = atFirstUse(
  () =>
    new Map(
      [...Intl.supportedValuesOf('timeZone'), 'UTC', 'Asia/Kolkata', 'Europe/Kyiv'].map((zone) => [
        zone.toLowerCase(),
        zone,
      ]),
    ),
)

/** The country in which a zone lies, or null when it names none; guesses where a list's phone numbers are dialled. */
export function countryOfZone(zone: string): string | null {
  return countryByZone().get(zone) ?? null
}
const countryByZone = atFirstUse(
  () =>
    new Map(
      COUNTRIES.flatMap((country) =>
        (new Intl.Locale(`und-${country}`).getTimeZones() ?? []).map((zone) => [zone, country] as const),
      ),
    ),
)

function namesOf(
  type: 'region' | 'language',
  codes: readonly string[],
  aliases: Readonly<Record<string, string>>,
): Map<string, string> {
  const names = new Map<string, string>()
  for (const locale of ['en', 'fr']) {
    const display = new Intl.DisplayNames([locale], { type })
    for (const code of codes) {
      names.set(code.toLowerCase(), code)
      const name = fold(display.of(code) ?? code)
      names.set(name, code)
      names.set(name.replaceAll('&', 'and').replaceAll('’', "'"), code)
    }
  }
  for (const [alias, code] of Object.entries(aliases)) names.set(alias, code)
  return names
}

/** The tables come from ICU and take a quarter of a second together: too long for every start of every process. */
function atFirstUse<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}
