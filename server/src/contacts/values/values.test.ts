import fc from 'fast-check'
import {
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { describe, expect, test } from 'vitest'
import { checkAttribute, parseAttribute } from './attribute.ts'
import { dateOrderOf, parseDay, parseInstant } from './date.ts'
import { parseEmail } from './email.ts'
import { decimalSignOf, parseBoolean, parseNumber } from './number.ts'
import { parsePhone } from './phone.ts'
import { readPlainPhone } from './plain-phone.ts'
import { countryOfZone, parseCountry, parseLanguage, parseTimeZone } from './place.ts'
import { REASONS, type Parsed } from './reasons.ts'
import { parseChoice, parseList, parseText } from './text.ts'

const got = (parsed: Parsed<unknown>): unknown => (parsed.ok ? parsed.value : `! ${parsed.reason}`)

describe('e-mail addresses', () => {
  test.each([
    ['Jean <Jean.D@EXEMPLE.fr>', 'jean.d@exemple.fr'],
    [' mailto:a@b.fr ', 'a@b.fr'],
    ['a@bücher.de', 'a@xn--bcher-kva.de'],
    ['a+tag@sub.example.co.uk', 'a+tag@sub.example.co.uk'],
    ['nobody', '! email_no_at'],
    ['a@b', '! email_domain'],
    ['a@1.2.3.4', '! email_domain'],
    ['a b@c.fr', '! email_local'],
    ['a..b@c.fr', '! email_local'],
    ['a@b.fr, c@d.fr', '! email_several'],
    ['a@b.fr\r\nBcc: x@y.fr', '! email_several'],
    ['a\0@b.fr', '! email_local'],
    [`${'a'.repeat(300)}@b.fr`, '! email_too_long'],
  ])('ASVS-1.3.11 %j is read as one address or refused', (text, expected) => {
    expect(got(parseEmail(text))).toBe(expected)
  })
})

describe('phone numbers', () => {
  test.each([
    ['06 12 34 56 78', 'FR', '+33612345678'],
    ['612345678', 'FR', '+33612345678'],
    ['33612345678', null, '+33612345678'],
    ['0033 6 12 34 56 78', 'US', '+33612345678'],
    ["'+33612345678", null, '+33612345678'],
    ['(212) 555-2368', 'US', '+12125552368'],
    ['3,36E+10', 'FR', '! phone_damaged'],
    ['06 12 34 56 78', null, '! phone_country'],
    ['12', 'FR', '! phone_unknown'],
  ])('%s from %s', (text, country, expected) => {
    expect(got(parsePhone(text, country))).toBe(expected)
  })
})

describe('the short way for phone numbers', () => {
  const countries = fc.constantFrom(...getCountries())
  const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^[0-9]{${min},${max}}$`))

  test('whatever it accepts the library reads as the very same number, in every country', () => {
    // Numbers near valid ones: a country's example with some of its last digits changed, with and without prefix.
    const near = fc
      .tuple(countries, digits(0, 5), fc.constantFrom('0', '', '+'))
      .map(([country, tail, start]) => {
        const example = getExampleNumber(country, examples)?.nationalNumber ?? '612345678'
        const national = example.slice(0, Math.max(0, example.length - tail.length)) + tail
        return {
          country,
          text: start === '+' ? `+${getCountryCallingCode(country)}${national}` : `${start}${national}`,
        }
      })
    const any = fc.record({
      country: countries,
      text: fc.oneof(
        digits(6, 15),
        digits(6, 15).map((n) => `+${n}`),
      ),
    })
    let accepted = 0
    fc.assert(
      fc.property(fc.oneof(near, any), ({ country, text }) => {
        const short = readPlainPhone(text, country)
        if (short === null) return
        accepted++
        const long = parsePhoneNumberFromString(text, country)
        expect([long?.number, long?.isValid()]).toEqual([short, true])
      }),
      { numRuns: 6_000 },
    )
    expect(accepted).toBeGreaterThan(500)
  })

  test('the usual ways of writing take it', () => {
    expect(readPlainPhone('06 12 34 56 78', 'FR')).toBe('+33612345678')
    expect(readPlainPhone('+33 6.12.34.56.78', undefined)).toBe('+33612345678')
    expect(readPlainPhone('0470 12 34 56', 'BE')).toBe('+32470123456')
    expect(readPlainPhone('06 12', 'FR')).toBeNull()
  })
})

describe('dates', () => {
  test.each([
    ['2026-02-28', '2026-02-28'],
    ['2026-02-30', '! date_impossible'],
    ['03/04/2026', '2026-04-03'],
    ['3.4.26', '2026-04-03'],
    ['31.12.99', '1999-12-31'],
    ['1er janvier 2024', '2024-01-01'],
    ['lundi 3 août 2021', '2021-08-03'],
    ['Jan 5, 2024', '2024-01-05'],
    ['05/12', '! date_no_year'],
    ['soon', '! date_unknown'],
  ])('%s', (text, expected) => {
    expect(got(parseDay(text, 'dmy'))).toBe(expected)
  })

  test('the order of day and month is what the column proves, else unknown', () => {
    expect(dateOrderOf(['01/02/2024', '13/02/2024'])).toBe('dmy')
    expect(dateOrderOf(['01/02/2024', '02/13/2024'])).toBe('mdy')
    expect(dateOrderOf(['01/02/2024', '2024-05-06'])).toBeNull()
    expect(got(parseDay('03/04/2026', 'mdy'))).toBe('2026-03-04')
  })

  test('instants keep their zone; a day alone is its noon in UTC', () => {
    expect(got(parseInstant('2024-01-05 12:33 +02:00', 'dmy'))).toEqual(new Date('2024-01-05T10:33:00Z'))
    expect(got(parseInstant('1/2/2024 3:04 PM', 'mdy'))).toEqual(new Date('2024-01-02T15:04:00Z'))
    expect(got(parseInstant('05/01/2024', 'dmy'))).toEqual(new Date('2024-01-05T12:00:00Z'))
    expect(got(parseInstant('1704447180', 'dmy'))).toEqual(new Date('2024-01-05T09:33:00Z'))
  })
})

describe('numbers and yes or no', () => {
  test.each([
    ['1 234,56', 1234.56, 1234.56],
    ['1,234.56', 1234.56, 1234.56],
    ['1.234,56', 1234.56, 1234.56],
    ['1,250', 1.25, 1250],
    ['1.250.000', 1_250_000, 1_250_000],
    ['12,5 €', 12.5, 12.5],
    ['(5)', -5, -5],
    ['1,2,3', '! number_unknown', '! number_unknown'],
    ['12345678901234567', '! number_too_large', '! number_too_large'],
  ])('%s by comma and by point', (text, byComma, byPoint) => {
    expect([got(parseNumber(text, 'comma')), got(parseNumber(text, 'point'))]).toEqual([byComma, byPoint])
  })

  test('the sign before fractions is what the column proves', () => {
    expect(decimalSignOf(['1,250', '12,5'])).toBe('comma')
    expect(decimalSignOf(['1,250', '1,250.5'])).toBe('point')
    expect(decimalSignOf(['1,250', '7'])).toBeNull()
  })

  test.each([
    ['Oui', true],
    ['x', true],
    ['FAUX', false],
    ['0', false],
    ['Unsubscribed', false],
    ['perhaps', '! boolean_unknown'],
  ])('%s', (text, expected) => {
    expect(got(parseBoolean(text))).toBe(expected)
  })
})

describe('places', () => {
  test.each([
    ['états-unis', 'US'],
    ['Royaume-Uni', 'GB'],
    ['l’Allemagne', 'DE'],
    ['be', 'BE'],
    ['Atlantis', '! country_unknown'],
  ])('country %s', (text, expected) => {
    expect(got(parseCountry(text))).toBe(expected)
  })
  test.each([
    ['Français', 'fr'],
    ['fr_CA', 'fr'],
    ['German', 'de'],
    ['Klingon', '! language_unknown'],
  ])('language %s', (text, expected) => {
    expect(got(parseLanguage(text))).toBe(expected)
  })
  test('zones whatever their case, and the country in which one lies', () => {
    expect(got(parseTimeZone('europe/PARIS'))).toBe('Europe/Paris')
    expect(got(parseTimeZone('europe_slash_paris'))).toBe('Europe/Paris')
    expect(got(parseTimeZone('Mars/Base'))).toBe('! zone_unknown')
    expect(countryOfZone('Europe/Paris')).toBe('FR')
  })
})

describe('text, lists, choices and custom fields', () => {
  test('control characters, NUL and characters that could not be read are refused', () => {
    expect(got(parseText('a\0b', 10))).toBe('! character_control')
    expect(got(parseText('a\ufffdb', 10))).toBe('! character_broken')
    expect(got(parseText('12345678901', 10))).toBe('! text_too_long')
    expect(got(parseText('e\u0301ric', 10))).toBe('\u00e9ric')
    expect(got(parseText(` '=1+1 `, 10))).toBe('=1+1')
  })
  test('lists are split, freed of quotes and doubles', () => {
    expect(got(parseList('"vip", new;vip | x'))).toEqual(['vip', 'new', 'x'])
    expect(got(parseChoice('ÉLEVÉ', ['Bas', 'Élevé']))).toBe('Élevé')
  })
  test('custom fields take text as cells do, and typed values of their own type only', () => {
    const field = (type: 'number' | 'boolean' | 'list' | 'text' | 'date' | 'choice') => ({
      type,
      choices: ['S'],
    })
    expect(got(parseAttribute('12,5', field('number'), { dateOrder: 'dmy', decimalSign: 'comma' }))).toBe(
      12.5,
    )
    expect(got(checkAttribute(true, field('number')))).toBe('! number_unknown')
    expect(got(checkAttribute(5, field('text')))).toBe('5')
    expect(got(checkAttribute(['a', 'a'], field('list')))).toEqual(['a'])
    expect(got(checkAttribute(Number.NaN, field('number')))).toBe('! number_too_large')
    expect(got(checkAttribute({}, field('date')))).toBe('! date_unknown')
  })
  test('every reason has its sentence in both languages', () => {
    for (const sentence of Object.values(REASONS))
      expect(sentence.en.length * sentence.fr.length).toBeGreaterThan(0)
  })
})
