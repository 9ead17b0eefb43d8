/** Groups of countries that people speak of. */
import type { Option } from './field.ts'

const EU = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'

/** Members as of 2026, by ISO 3166-1 code. */
const GROUPS: readonly { value: string; en: string; fr: string; countries: string }[] = [
  { value: 'eu', en: 'European Union', fr: 'Union européenne', countries: EU },
  {
    value: 'eea',
    en: 'European Economic Area',
    fr: 'Espace économique européen',
    countries: `${EU} IS LI NO`,
  },
  {
    value: 'europe',
    en: 'Europe',
    fr: 'Europe',
    countries: `${EU} AD AL AX BA BY CH FO GB GG GI IM IS JE LI MC MD ME MK NO RS RU SJ SM UA VA XK`,
  },
  {
    value: 'dach',
    en: 'Germany, Austria, Switzerland',
    fr: 'Allemagne, Autriche, Suisse',
    countries: 'AT CH DE',
  },
  { value: 'benelux', en: 'Benelux', fr: 'Benelux', countries: 'BE LU NL' },
  { value: 'nordics', en: 'Nordic countries', fr: 'Pays nordiques', countries: 'AX DK FI FO GL IS NO SE SJ' },
  {
    value: 'uk_ireland',
    en: 'United Kingdom and Ireland',
    fr: 'Royaume-Uni et Irlande',
    countries: 'GB GG IE IM JE',
  },
  { value: 'north_america', en: 'North America', fr: 'Amérique du Nord', countries: 'CA MX US' },
  {
    value: 'latin_america',
    en: 'Latin America',
    fr: 'Amérique latine',
    countries: 'AR BO BR BZ CL CO CR CU DO EC GF GT HN HT MX NI PA PE PR PY SV UY VE',
  },
  {
    value: 'middle_east',
    en: 'Middle East',
    fr: 'Moyen-Orient',
    countries: 'AE BH CY EG IL IQ IR JO KW LB OM PS QA SA SY TR YE',
  },
  {
    value: 'africa',
    en: 'Africa',
    fr: 'Afrique',
    countries:
      'AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW',
  },
  {
    value: 'asia',
    en: 'Asia',
    fr: 'Asie',
    countries:
      'AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE',
  },
  {
    value: 'oceania',
    en: 'Oceania',
    fr: 'Océanie',
    countries: 'AS AU CK FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV VU WF WS',
  },
  {
    value: 'french_overseas',
    en: 'French overseas territories',
    fr: 'Outre-mer français',
    countries: 'BL GF GP MF MQ NC PF PM RE TF WF YT',
  },
]

const options: readonly Option[] = GROUPS.map(({ value, en, fr }) => ({ value, label: { en, fr } }))
const members = new Map(GROUPS.map(({ value, countries }) => [value, countries.split(' ')]))

/** Every group with its name. */
export const countryGroupOptions = (): readonly Option[] => options

/** The countries of these groups; an unknown group has none. */
export function countriesOf(groups: readonly string[]): string[] {
  return [...new Set(groups.flatMap((group) => members.get(group) ?? []))]
}
