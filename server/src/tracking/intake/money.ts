/**
 * The amount of an event, in integer minor units of a currency. Senders write decimal numbers or texts; what is no
 * plain amount of a known currency is no amount, and stays readable as the property that it is. Pure.
 */

/** An amount as events carry it. */
export interface EventMoney {
  amountMinor: number
  currency: string
}

/** Properties that hold the amount of an event, the first that does wins. Source: Segment's e-commerce events */
export const VALUE_PROPERTIES = ['revenue', 'total', 'value'] as const

/** No order is larger: above, a number of JavaScript would not be exact. */
const AMOUNT_MINOR_MAX = 1e15

const decimals = new Map<string, number | null>()

/** Digits after the point, by the currency's code; null for what is no currency. */
export function minorDigits(currency: string): number | null {
  const known = decimals.get(currency)
  if (known !== undefined) return known
  const digits = CURRENCIES.has(currency)
    ? (new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ??
      2)
    : null
  if (decimals.size < 1_000) decimals.set(currency, digits)
  return digits
}
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'))

/**
 * A decimal amount in minor units, exact in decimal; beyond the currency's digits it is rounded half away from zero.
 * @returns null when it is no plain amount
 */
export function toMinor(value: unknown, digits: number): number | null {
  const text = typeof value === 'number' ? plain(value) : typeof value === 'string' ? value.trim() : ''
  const match = /^([+-]?)(\d{1,15})(?:\.(\d{1,20}))?$/.exec(text)
  if (!match) return null
  const [, sign = '', whole = '', fraction = ''] = match
  const padded = fraction.padEnd(digits + 1, '0')
  const kept = BigInt(whole + padded.slice(0, digits))
  const rounded = Number(padded.charAt(digits)) >= 5 ? kept + 1n : kept
  if (rounded > BigInt(AMOUNT_MINOR_MAX)) return null
  const amount = Number(rounded)
  return sign === '-' && amount !== 0 ? -amount : amount
}

/** The shortest decimal that reads back as this number, without an exponent; '' when there is none. */
function plain(value: number): string {
  const text = String(value)
  return text.includes('e') ? (Math.abs(value) < 1 && Number.isFinite(value) ? value.toFixed(12) : '') : text
}

/** How an event's amount is found. */
export interface MoneyRule {
  /** The property that holds it; null for the usual ones. */
  valueProperty: string | null
  /** True for purchases and refunds: without an amount of their own they are worth their products. */
  isOrder: boolean
  /** True for refunds, whose amount some senders write below zero. */
  isRefund: boolean
  /** The organization's, for events that name none. */
  defaultCurrency: string
}

/** Of a track event's properties, those that its amount usually stands in, with the currency; null when there is none. */
export function amountsOf(properties: Readonly<Record<string, unknown>>): Record<string, unknown> | null {
  let found: Record<string, unknown> | null = null
  for (const name of AMOUNT_PROPERTIES)
    if (properties[name] !== undefined) {
      found ??= { currency: properties['currency'] }
      found[name] = properties[name]
    }
  return found
}
const AMOUNT_PROPERTIES = [...VALUE_PROPERTIES, 'products'] as const

/** Whether `moneyOf` needs to know the organization's currency: there may be an amount, and no currency is named. */
export function mayHoldAmount(
  properties: Readonly<Record<string, unknown>>,
  meaning: { valueProperty: string | null } | undefined,
): boolean {
  const names = [...VALUE_PROPERTIES, 'products', meaning?.valueProperty ?? '']
  return !properties['currency'] && names.some((name) => properties[name] !== undefined)
}

/** The amount of an event; null when it has none, or one that is not an amount. */
export function moneyOf(properties: Readonly<Record<string, unknown>>, rule: MoneyRule): EventMoney | null {
  const named = properties['currency']
  const currency =
    typeof named === 'string' && named.trim() !== '' ? named.trim().toUpperCase() : rule.defaultCurrency
  const digits = minorDigits(currency)
  if (digits === null) return null
  const amount = amountOf(properties, rule, digits)
  if (amount === null) return null
  const amountMinor = rule.isRefund ? Math.abs(amount) : amount
  return amountMinor < 0 ? null : { amountMinor, currency }
}

function amountOf(
  properties: Readonly<Record<string, unknown>>,
  rule: MoneyRule,
  digits: number,
): number | null {
  const names = rule.valueProperty === null ? VALUE_PROPERTIES : [rule.valueProperty]
  for (const name of names) {
    const value = properties[name]
    if (value !== undefined && value !== null && value !== '') return toMinor(value, digits)
  }
  return rule.isOrder ? worthOfProducts(properties['products'], digits) : null
}

/** Sum of price × quantity; null unless every product has a price. */
function worthOfProducts(products: unknown, digits: number): number | null {
  if (!Array.isArray(products) || products.length === 0) return null
  let sum = 0
  for (const product of products as unknown[]) {
    if (typeof product !== 'object' || product === null) return null
    const { price, quantity = 1 } = product as { price?: unknown; quantity?: unknown }
    const minor = toMinor(price, digits)
    const count = Number(quantity)
    if (minor === null || !Number.isInteger(count) || count < 0) return null
    sum += minor * count
  }
  return sum <= AMOUNT_MINOR_MAX ? sum : null
}
