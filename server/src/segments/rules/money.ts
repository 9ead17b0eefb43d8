/** Amounts of events in the organization's currency. */
import type { PersonEvent } from './person.ts'
import type { Scope } from './scope.ts'
import type { Locale } from './words.ts'

/** Decimal digits of a currency. */
export function digitsOf(currency: string): number {
  return formatOf(currency, 'en').resolvedOptions().maximumFractionDigits ?? 2
}

/** An amount in major units, as the language writes it. */
export function moneyText(amount: number, currency: string, locale: Locale): string {
  return formatOf(currency, locale).format(amount)
}

/** Made once for each currency and language: there are some hundred, and each is dear. */
function formatOf(currency: string, locale: Locale): Intl.NumberFormat {
  const key = `${locale} ${currency}`
  const format = formats.get(key) ?? new Intl.NumberFormat(locale, { style: 'currency', currency })
  formats.set(key, format)
  return format
}
const formats = new Map<string, Intl.NumberFormat>()

/** The amount of an event in minor units; null when it has none in this currency. */
export function amountOf(event: PersonEvent, { currency }: Pick<Scope, 'currency'>): number | null {
  const { money } = event.payload
  if (typeof money !== 'object' || money === null) return null
  if (!('currency' in money) || money.currency !== currency || !('amountMinor' in money)) return null
  return typeof money.amountMinor === 'number' ? money.amountMinor : null
}
