/** Prices of one message lie below a cent. */
import { useFormat } from '../../platform/format.ts'

/** How prices are written and typed: with as many decimals as they have. */
export const unitMoney = (currency: string) =>
  ({ style: 'currency', currency, maximumFractionDigits: 6 }) as const

/** A price in the reader's words. */
export function useUnitMoney(currency: string): (price: number) => string {
  const format = useFormat()
  return (price) => format.number(price, unitMoney(currency))
}
