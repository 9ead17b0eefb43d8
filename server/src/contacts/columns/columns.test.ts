import { describe, expect, test } from 'vitest'
import { guessDefaultCountry } from './dialling.ts'
import { type ColumnGuess, guessColumns } from './guess.ts'

const guess = (text: string, about: Partial<Parameters<typeof guessColumns>[2]> = {}): ColumnGuess[] => {
  const [names, ...rows] = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(';'))
  return guessColumns(names ?? [], rows, { locale: 'en', defaultCountry: 'FR', customFields: [], ...about })
}
const targets = (text: string, about: Partial<Parameters<typeof guessColumns>[2]> = {}): string[] =>
  guess(text, about).map((column) => column.target)

describe('columns are guessed', () => {
  test.each([
    [
      'Mailchimp',
      'Email Address;First Name;Last Name;Phone Number;Birthday;TAGS;OPTIN_TIME',
      ['email', 'firstName', 'lastName', 'phone', 'birthday', 'tags', 'consent.at'],
    ],
    [
      'HubSpot',
      'First Name;Last Name;Email;Phone Number;City;Country/Region;Time Zone',
      ['firstName', 'lastName', 'email', 'phone', 'city', 'country', 'timeZone'],
    ],
    [
      'Shopify',
      'First Name;Last Name;Email;Accepts Email Marketing;Default Address City;Default Address Country Code;Phone;Tags',
      ['firstName', 'lastName', 'email', 'consent.email', 'city', 'country', 'phone', 'tags'],
    ],
    [
      'Stripe',
      'id;Description;Email;Name;Created (UTC);Card Address Country',
      ['ignore', 'ignore', 'email', 'fullName', 'ignore', 'country'],
    ],
    [
      'Brevo',
      'EMAIL;NOM;PRENOM;SMS;DOUBLE_OPT-IN',
      ['email', 'lastName', 'firstName', 'phone', 'consent.email'],
    ],
    [
      'un fichier français',
      'Prénom;Nom;Courriel;N° de téléphone;Date de naissance;Ville;Pays;Langue',
      ['firstName', 'lastName', 'email', 'phone', 'birthday', 'city', 'country', 'language'],
    ],
  ])('from the headers of %s', (_name, headers, expected) => {
    expect(targets(headers)).toEqual(expected)
  })

  test('from the values where headers say nothing', () => {
    expect(
      targets(
        'a;b;c\nann@example.com;06 12 34 56 78;Europe/Paris\nbob@example.com;06 98 76 54 32;Europe/Rome',
      ),
    ).toEqual(['email', 'phone', 'timeZone'])
  })

  test('a header whose values are something else is not believed, and no field is given twice', () => {
    expect(targets('Mobile;Phone;Email\nyes;0612345678;a@example.com\nno;0612345679;b@example.com')).toEqual([
      'ignore',
      'phone',
      'email',
    ])
    expect(targets('Email;E-mail\na@example.com;b@example.com')).toEqual(['email', 'ignore'])
  })

  test('a whole name in one column is told from a last name', () => {
    expect(targets('Email;Nom\na@example.com;Jean Dupont')).toEqual(['email', 'fullName'])
    expect(targets('Email;Nom\na@example.com;Dupont')).toEqual(['email', 'lastName'])
    expect(targets('Email;First name;Name\na@example.com;Jean;Dupont')).toEqual([
      'email',
      'firstName',
      'lastName',
    ])
  })

  test('custom fields are found by name, and types are suggested for new ones', () => {
    const columns = guess(
      'Email;Shoe size;Points;Since;Agreed;Zip\na@example.com;42;12,5;13/02/2024;oui;01000\nb@example.com;43;7;01/02/2024;non;75001',
      { customFields: [{ key: 'shoe_size', name: 'Shoe size' }] },
    )
    expect(columns[1]?.target).toBe('custom:shoe_size')
    expect(columns.slice(2).map((column) => column.typeSuggested)).toEqual([
      'number',
      'date',
      'boolean',
      'text',
    ])
    expect(columns[3]).toMatchObject({ dateOrder: 'dmy', isDateOrderProven: true })
    expect(columns[2]).toMatchObject({ decimalSign: 'comma', isDecimalSignProven: true })
  })

  test('where numbers are dialled from is what makes most of them valid, else what was expected', () => {
    const columns = guess('Phone\n06 12 34 56 78')
    const country = (values: string[], expected: string | null) =>
      guessDefaultCountry(
        columns,
        values.map((value) => [value]),
        expected,
      )
    expect(country(['06 12 34 56 78', '07 56 78 90 12'], 'GB')).toBe('FR')
    expect(country(['020 7946 0958', '07911 123456'], 'FR')).toBe('GB')
    expect(country(['+33612345678'], 'BE')).toBe('BE')
    expect(country(['nonsense'], null)).toBeNull()
  })
})
