/** The customers of the sample: real purchases, made-up names. Pure, but for reading the file. */
import { readFile } from 'node:fs/promises'

const SOURCE = new URL('./sample-customers.csv', import.meta.url)
/** The last day of the data set: it becomes yesterday. */
const LAST_DAY = '2011-12-09'

/** One customer, ready to become a contact. */
export interface SampleCustomer {
  email: string
  firstName: string
  lastName: string
  country: string
  language: 'en' | 'fr'
  orders: number
  revenue: number
  firstOrderOn: string
  lastOrderOn: string
}

const FIRST_NAMES = [
  'Amelia',
  'Hugo',
  'Zoé',
  'Oscar',
  'Ines',
  'Theo',
  'Clara',
  'Noah',
  'Léa',
  'Anton',
  'Maya',
  'Jules',
  'Nora',
  'Felix',
  'Alice',
  'Liam',
  'Chloé',
]
const LAST_NAMES = [
  'Bell',
  'Moreau',
  'Schmidt',
  'Rossi',
  'Dubois',
  'Larsen',
  'Silva',
  'Novak',
  'Petit',
  'Walker',
  'Garnier',
  'Hansen',
  'Keller',
]
const FRENCH_SPEAKING = new Set(['FR', 'BE', 'CH'])

/** The customers, with their dates moved towards `today`. */
export async function sampleCustomers(today: Date): Promise<SampleCustomer[]> {
  const [, ...lines] = (await readFile(SOURCE, 'utf8')).trimEnd().split('\n')
  const shift = daysBetween(LAST_DAY, today) - 1
  return lines.map((line, index) => {
    const [customer = '', country = '', orders = '0', revenue = '0', first = '', last = ''] = line.split(',')
    return {
      email: emailOf(customer),
      firstName: FIRST_NAMES[index % FIRST_NAMES.length] ?? '',
      lastName: LAST_NAMES[index % LAST_NAMES.length] ?? '',
      country,
      language: FRENCH_SPEAKING.has(country) ? 'fr' : 'en',
      orders: Number(orders),
      revenue: Number(revenue),
      firstOrderOn: moved(first, shift),
      lastOrderOn: moved(last, shift),
    }
  })
}

const ORDERS_SOURCE = new URL('./sample-orders.csv', import.meta.url)
/** Where the shop's clock stands. */
const SHOP_ZONE = 'Europe/London'

/** One invoice of a sample customer; below zero for what was given back. */
export interface SampleOrder {
  email: string
  invoice: string
  at: Date
  totalMinor: number
}

/** The customers' orders in the order of time, moved as their days are. */
export async function sampleOrders(today: Date): Promise<SampleOrder[]> {
  const [, ...lines] = (await readFile(ORDERS_SOURCE, 'utf8')).trimEnd().split('\n')
  const days = daysBetween(LAST_DAY, today) - 1
  return lines.map((line) => {
    const [customer = '', invoice = '', at = '', pence = '0'] = line.split(',')
    const moment = Temporal.PlainDateTime.from(at).add({ days }).toZonedDateTime(SHOP_ZONE)
    return {
      email: emailOf(customer),
      invoice,
      at: new Date(moment.epochMilliseconds),
      totalMinor: Number(pence),
    }
  })
}

const emailOf = (customer: string): string => `customer${customer}@sample.example`

const daysBetween = (day: string, today: Date): number =>
  Temporal.PlainDate.from(day).until(Temporal.PlainDate.from(today.toISOString().slice(0, 10))).days

const moved = (day: string, days: number): string => Temporal.PlainDate.from(day).add({ days }).toString()
