/** Amounts of money: whole minor units inside, decimals of the major unit on the wire. */

/** Minor units of an amount given in major units, for currencies of any number of decimals. */
export function toMinor(amount: number | null, currency: string): number | null {
  return amount === null ? null : Math.round(amount * 10 ** decimalsOf(currency))
}

/** Major units of an amount held in minor units. */
export function toMajor(amountMinor: number | null, currency: string): number | null {
  return amountMinor === null ? null : amountMinor / 10 ** decimalsOf(currency)
}

/** Digits behind the point that a currency has: 2 for EUR, 0 for JPY. */
export function decimalsOf(currency: string): number {
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  )
}

/** Millionths of a major unit, in which prices below a cent are kept. */
export const MICROS = 1_000_000

/**
 * The same of several amounts, so that they add up to what their sum rounds to: each is rounded down, and the minor units
 * that are left go to those that lost most.
 */
export function minorsOfMicros(micros: readonly number[], currency: string): number[] {
  const perMinor = MICROS / 10 ** decimalsOf(currency)
  const whole = micros.map((amount) => Math.floor(amount / perMinor))
  const total = minorOfMicros(
    micros.reduce((sum, amount) => sum + amount, 0),
    currency,
  )
  const left = total - whole.reduce((sum, amount) => sum + amount, 0)
  const byLoss = micros
    .map((amount, at) => ({ at, lost: amount / perMinor - (whole[at] ?? 0) }))
    .toSorted((a, b) => b.lost - a.lost || a.at - b.at)
  const luckier = new Set(byLoss.slice(0, left).map(({ at }) => at))
  return whole.map((amount, at) => amount + (luckier.has(at) ? 1 : 0))
}

/** Minor units of an amount in micros, rounded to the nearest; halves away from zero. */
export function minorOfMicros(micros: number, currency: string): number {
  const perMinor = MICROS / 10 ** decimalsOf(currency)
  return Math.sign(micros) * Math.round(Math.abs(micros) / perMinor)
}
