/** How a person is called and how their values read. */
import { useLocale } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { useFormat } from '../platform/format.ts'
import type { AttributeValue, Contact, CustomField } from './api.ts'

/** The fields that every contact has, in the order of screens. */
export const standardFields = [
  'email',
  'phone',
  'firstName',
  'lastName',
  'language',
  'timeZone',
  'country',
  'city',
  'birthday',
  'subscriptionTier',
  'subscriptionStatus',
] as const
export type StandardField = (typeof standardFields)[number]

/** Name, else address, else null. */
export function nameOf({
  firstName,
  lastName,
  email,
  phone,
}: Pick<Contact, 'firstName' | 'lastName' | 'email' | 'phone'>): string | null {
  const name = [firstName, lastName].filter((part) => part !== null && part !== '').join(' ')
  return name === '' ? (email ?? phone) : name
}

/** Shows a value of a standard field: countries and languages by their names. */
export function useFieldValue(): (field: StandardField, value: string | null) => string | null {
  const format = useFormat()
  const names = useNames()
  return (field, value) => {
    if (value === null) return null
    switch (field) {
      case 'country':
        return names.country(value)
      case 'language':
        return names.language(value)
      case 'birthday':
        return format.day(value)
      default:
        return value
    }
  }
}

/** Names of countries and languages in the reader's language. */
export function useNames(): { country: (code: string) => string; language: (code: string) => string } {
  const { locale } = useLocale()
  const regions = new Intl.DisplayNames([locale], { type: 'region', fallback: 'code' })
  const languages = new Intl.DisplayNames([locale], { type: 'language', fallback: 'code' })
  return { country: (code) => regions.of(code) ?? code, language: (code) => languages.of(code) ?? code }
}

/** Shows a value of a custom field. */
export function useAttributeText(): (
  value: AttributeValue | null | undefined,
  type: CustomField['type'],
) => string | null {
  const format = useFormat()
  const t = useTranslations('contacts')
  return (value, type) => {
    if (value === null || value === undefined) return null
    if (Array.isArray(value)) return format.list(value)
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no')
    if (typeof value === 'number') return format.number(value)
    return type === 'date' ? format.day(value) : value
  }
}

/** Every country, ISO 3166-1. */
const countryCodes =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'.split(
    ' ',
  )
const languageCodes =
  'af ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko lt lv mk ml mn mr ms mt my nb ne nl no pa pl ps pt ro ru si sk sl so sq sr sv sw ta te th tl tr uk ur uz vi zh zu'.split(
    ' ',
  )

/** Countries and languages to choose from, by their names in the reader's language. */
export function useChoices(): {
  countries: { value: string; label: string }[]
  languages: { value: string; label: string }[]
} {
  const { locale } = useLocale()
  const names = useNames()
  const byLabel = new Intl.Collator(locale)
  const options = (codes: readonly string[], name: (code: string) => string) =>
    codes
      .map((value) => ({ value, label: name(value) }))
      .toSorted((a, b) => byLabel.compare(a.label, b.label))
  return {
    countries: options(countryCodes, names.country),
    languages: options(languageCodes, names.language),
  }
}
