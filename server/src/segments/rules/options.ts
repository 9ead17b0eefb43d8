/** Sets of values with their names: countries, languages, time zones. */
import type { Option } from './field.ts'
import type { Locale, Words } from './words.ts'

/** ISO 3166-1 alpha-2, and Kosovo's user-assigned code. */
const COUNTRIES =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW'

/** Languages that people write mails in, by ISO 639-1; a contact may have others. */
const LANGUAGES =
  'af am ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko ku ky lb lo lt lv mk ml mn mr ms mt my nb ne nl nn no pa pl ps pt ro ru si sk sl so sq sr sv sw ta te th tl tr uk ur uz vi zh zu'

const named = (codes: string, type: Intl.DisplayNamesType): (() => readonly Option[]) => {
  let options: readonly Option[] | null = null
  return () => {
    if (options) return options
    const names = { en: new Intl.DisplayNames('en', { type }), fr: new Intl.DisplayNames('fr', { type }) }
    const nameOf = (code: string): Words => ({ en: names.en.of(code) ?? code, fr: names.fr.of(code) ?? code })
    options = codes.split(' ').map((code) => ({ value: code, label: nameOf(code) }))
    return options
  }
}

/** Every country, by its ISO code. */
export const countryOptions = named(COUNTRIES, 'region')

/** Languages, by their ISO code. */
export const languageOptions = named(LANGUAGES, 'language')

/** Every time zone of the runtime's tzdata, by its IANA name. */
export const timeZoneOptions = (): readonly Option[] =>
  Intl.supportedValuesOf('timeZone').map((zone) => ({
    value: zone,
    label: { en: zone.replaceAll('_', ' '), fr: zone.replaceAll('_', ' ') },
  }))

/** The name of a value, or the value itself when it is not in the set. */
export function optionLabel(options: readonly Option[], value: string): Words {
  return options.find((option) => option.value === value)?.label ?? { en: value, fr: value }
}

/** Options in the reader's language, in its alphabet's order. */
export function optionsIn(options: readonly Option[], locale: Locale): { value: string; label: string }[] {
  const collator = new Intl.Collator(locale)
  return options
    .map(({ value, label }) => ({ value, label: label[locale] }))
    .toSorted((a, b) => collator.compare(a.label, b.label))
}
