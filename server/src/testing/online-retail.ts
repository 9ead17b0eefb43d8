/**
 * The invoices of UCI Online Retail (Daqing Chen, CC BY 4.0) as events that a shop would send, and what its customers
 * come to, computed here from the raw lines alone. Evaluation data: not shipped with the product.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

const FILE = fileURLToPath(
  new URL('../../../../shared/data/online-retail/online-retail.csv.gz', import.meta.url),
)

/** Whether the data set lies beside the project. */
export const hasOnlineRetail = (): boolean => existsSync(FILE)

/** One line of an invoice. */
export interface RetailLine {
  no: number
  invoice: string
  product: string
  name: string
  quantity: number
  at: Date
  /** Thousandths of a pound: four prices have as many digits. */
  priceMils: number
  /** Empty for a guest. */
  customer: string
  country: string
}

/** Every line of the file, in its order. */
export function retailLines(): RetailLine[] {
  const text = gunzipSync(readFileSync(FILE)).toString('utf8')
  const instants = new Map<string, Date>()
  return text
    .split(/\r?\n/)
    .slice(1)
    .filter((line) => line !== '')
    .map((line, index) => {
      const [
        invoice = '',
        product = '',
        name = '',
        quantity = '',
        date = '',
        price = '',
        customer = '',
        country = '',
      ] = cells(line)
      const at = instants.get(date) ?? inLondon(date)
      instants.set(date, at)
      return {
        no: index + 1,
        invoice,
        product,
        name,
        quantity: Number(quantity),
        at,
        priceMils: mils(price),
        customer,
        country,
      }
    })
}

/** The cells of a line; quoted ones may hold commas and doubled quotes. */
function cells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )
}

const inLondon = (date: string): Date =>
  new Date(
    Temporal.PlainDateTime.from(date.replace(' ', 'T')).toZonedDateTime('Europe/London').epochMilliseconds,
  )

function mils(price: string): number {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(price) ?? []
  const value = Number(whole) * 1_000 + Number(fraction.padEnd(3, '0').slice(0, 3))
  return sign === '-' ? -value : value
}

/** An invoice: below zero for what was cancelled. */
export interface RetailInvoice {
  invoice: string
  customer: string
  country: string
  at: Date
  /** Pence, rounded half away from zero once per invoice. */
  totalMinor: number
  lines: RetailLine[]
}

/** Lines by invoice, in the order in which they first stand in the file. */
export function retailInvoices(lines: readonly RetailLine[]): RetailInvoice[] {
  return [...Map.groupBy(lines, ({ invoice }) => invoice)].map(([invoice, own]) => {
    const sum = own.reduce((total, line) => total + line.quantity * line.priceMils, 0)
    const [first] = own
    return {
      invoice,
      customer: first?.customer ?? '',
      country: first?.country ?? '',
      at: first?.at ?? new Date(0),
      totalMinor: Math.sign(sum) * Math.round(Math.abs(sum) / 10),
      lines: own,
    }
  })
}

/** Whether an invoice takes money back: a cancellation, or bad debt written off. */
export const isReturn = ({ invoice, totalMinor }: RetailInvoice): boolean =>
  invoice.startsWith('C') || totalMinor < 0

export const emailOf = (customer: string): string => `customer${customer}@retail.example`

/** A message of the Segment protocol. */
export type RetailMessage = Record<string, unknown> & { messageId: string }

/** Who somebody is, as a shop says it before anything else. */
export const identification = ({ customer, country, at }: RetailInvoice): RetailMessage => ({
  type: 'identify',
  messageId: `identify-${customer}`,
  userId: customer,
  timestamp: at.toISOString(),
  traits: { email: emailOf(customer), address: { country } },
})

/** One event per line, and one for the invoice as a whole, which carries the money. */
export function messagesOf(invoice: RetailInvoice): RetailMessage[] {
  const who =
    invoice.customer === '' ? { anonymousId: `guest-${invoice.invoice}` } : { userId: invoice.customer }
  const taken = isReturn(invoice)
  return [
    ...invoice.lines.map((line) => ({
      type: 'track',
      event: taken ? 'Product Returned' : 'Product Bought',
      messageId: `line-${line.no}`,
      ...who,
      timestamp: line.at.toISOString(),
      properties: {
        invoice: line.invoice,
        product_id: line.product,
        product: line.name,
        quantity: line.quantity,
        price: line.priceMils / 1_000,
      },
    })),
    {
      type: 'track',
      event: taken ? 'Order Refunded' : 'Order Completed',
      messageId: `invoice-${invoice.invoice}`,
      ...who,
      timestamp: invoice.at.toISOString(),
      properties: { order_id: invoice.invoice, total: Math.abs(invoice.totalMinor) / 100, currency: 'GBP' },
    },
  ]
}

/** What a customer comes to. */
export interface RetailCustomer {
  customer: string
  orders: number
  refunds: number
  revenueMinor: number
  lastOrderAt: number
  recency: number
  frequency: number
  monetary: number
  class: string
}

/** Fields of the grid: a row per recency from 1 to 5, written out here so that it is not ours that is read. */
const CLASSES = [
  'lost lost hibernating at_risk cannot_lose',
  'hibernating hibernating at_risk at_risk cannot_lose',
  'about_to_sleep about_to_sleep needs_attention loyal loyal',
  'promising promising potential_loyal loyal champions',
  'new promising potential_loyal champions champions',
].map((row) => row.split(' '))

/** Orders, money and classes of all customers who ordered, from the raw lines. */
export function retailCustomers(invoices: readonly RetailInvoice[]): RetailCustomer[] {
  const buyers = [
    ...Map.groupBy(
      invoices.filter(({ customer }) => customer !== ''),
      ({ customer }) => customer,
    ),
  ]
    .map(([customer, own]) => {
      const orders = own.filter((invoice) => !isReturn(invoice))
      return {
        customer,
        orders: orders.length,
        refunds: own.length - orders.length,
        revenueMinor: own.reduce((sum, { totalMinor }) => sum + totalMinor, 0),
        lastOrderAt: Math.max(...orders.map(({ at }) => at.getTime())),
      }
    })
    .filter(({ orders }) => orders > 0)
  const fifth = (of: (buyer: (typeof buyers)[number]) => number): ((value: number) => number) => {
    const sorted = buyers.map(of).toSorted((a, b) => a - b)
    return (value) => 1 + Math.floor((5 * sorted.filter((other) => other < value).length) / sorted.length)
  }
  const cached = (score: (value: number) => number): ((value: number) => number) => {
    const known = new Map<number, number>()
    return (value) => known.get(value) ?? (known.set(value, score(value)).get(value) as number) // just set
  }
  const recency = cached(fifth(({ lastOrderAt }) => lastOrderAt))
  const frequency = cached(fifth(({ orders }) => orders))
  const monetary = cached(fifth(({ revenueMinor }) => revenueMinor))
  return buyers.map((buyer) => {
    const [r, f, m] = [recency(buyer.lastOrderAt), frequency(buyer.orders), monetary(buyer.revenueMinor)]
    return {
      ...buyer,
      recency: r,
      frequency: f,
      monetary: m,
      class: CLASSES[r - 1]?.[Math.round((f + m) / 2) - 1] ?? '',
    }
  })
}
