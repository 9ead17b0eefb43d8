/** Amounts for tiles, which have room for some ten characters. */
import { type Money, useFormat } from '../platform/format.ts'

/** From so many units on, the small change is left out: it stands with each person and order. */
const WHOLE_FROM = 10_000

/** Formats an amount for a tile: exact while it is small, in whole units when it is not. */
export function useTileMoney(): (money: Money) => string {
  const format = useFormat()
  return ({ amountMinor, currency }) => {
    const style = { style: 'currency', currency } as const
    const { maximumFractionDigits = 2 } = new Intl.NumberFormat('en', style).resolvedOptions()
    const amount = amountMinor / 10 ** maximumFractionDigits
    return Math.abs(amount) < WHOLE_FROM
      ? format.money({ amountMinor, currency })
      : format.number(amount, { ...style, maximumFractionDigits: 0 })
  }
}
