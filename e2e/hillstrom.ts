/**
 * The customers of the Hillstrom e-mail test (MineThatData, 2008) as a shop would export them. The public data names
 * nobody: names and addresses are made here, the same for the same row. Evaluation data: not shipped with the product.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

const SOURCE = fileURLToPath(new URL('../../shared/data/hillstrom/hillstrom.csv.gz', import.meta.url))
const FIRST_NAMES = [
  'Ada',
  'Zoé',
  'Noah',
  'Inès',
  'Liam',
  'Chloé',
  'Jürgen',
  'Maya',
  'Óscar',
  'Léa',
  'Tom',
  'Amélie',
  'Ben',
  'Søren',
  'Nora',
  'Hugo',
]
const LAST_NAMES = [
  'Martin',
  'O’Neill',
  'Dupont',
  'Müller',
  'García',
  'Smith',
  'Lefèvre',
  'Kowalski',
  'Rossi',
  'Nguyen',
  'Dubois',
  'Brown',
  'Moreau',
]

/** A customer, with what the trial needs to know apart from the product. */
export interface Customer {
  email: string
  firstName: string
  lastName: string
  recency: number
  history: string
  mens: boolean
  womens: boolean
  zip: string
  channel: string
}

/** Whether the data set lies beside the project. */
export const hasHillstrom = (): boolean => existsSync(SOURCE)

/** The customers, in the order of the file. */
export function hillstromCustomers(most = Number.POSITIVE_INFINITY): Customer[] {
  const [header = '', ...lines] = gunzipSync(readFileSync(SOURCE)).toString('utf8').trimEnd().split(/\r?\n/)
  const names = header.split(',')
  return lines.slice(0, most).map((line, index) => {
    const cells = line.split(',')
    const cell = (name: string): string => cells[names.indexOf(name)] ?? ''
    return {
      email: `customer${index}@people.example`,
      firstName: FIRST_NAMES[index % FIRST_NAMES.length] ?? '',
      lastName: LAST_NAMES[index % LAST_NAMES.length] ?? '',
      recency: Number(cell('recency')),
      history: cell('history'),
      mens: cell('mens') === '1',
      womens: cell('womens') === '1',
      zip: cell('zip_code'),
      channel: cell('channel'),
    }
  })
}

/** Who bought women's goods within six months: what the trial mails, worked out apart from the product. */
export const isMeant = (customer: Customer): boolean => customer.womens && customer.recency <= 6

/** The export of the shop: with consent, its date and its source, as a lawful import needs them. */
export function hillstromCsv(customers: readonly Customer[]): string {
  const header =
    'Email,First name,Last name,Recency,History,Mens,Womens,Zip,Bought by,Consent,Consent date,Consent source'
  const rows = customers.map((c) =>
    [
      c.email,
      c.firstName,
      c.lastName,
      c.recency,
      c.history,
      yes(c.mens),
      yes(c.womens),
      c.zip,
      c.channel,
      'yes',
      '2026-01-15',
      'Checkout box',
    ].join(','),
  )
  return `${[header, ...rows].join('\r\n')}\r\n`
}

const yes = (value: boolean): string => (value ? 'yes' : 'no')

/** The shop's own fields, to be made before the import so that its columns are recognised. */
export const HILLSTROM_FIELDS = [
  { name: 'Recency', type: 'number' },
  { name: 'History', type: 'number' },
  { name: 'Mens', type: 'boolean' },
  { name: 'Womens', type: 'boolean' },
  { name: 'Zip', type: 'text' },
  { name: 'Bought by', type: 'text' },
] as const

/** The segment of the trial, as a rule. */
export const MEANT_RULE = {
  all: [
    { kind: 'contact', field: 'custom.womens', operator: 'is_true' },
    { kind: 'contact', field: 'custom.recency', operator: 'at_most', value: 6 },
  ],
}
