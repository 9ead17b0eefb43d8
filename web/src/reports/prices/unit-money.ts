/** Prices of one message lie below a cent. */
import { useFormat } from '../../platform/format.ts'

/** A price in the reader's words, with as many decimals as it has. */
export function useUnitMoney(currency: string): (price: number) => string {
  const format = useFormat()
  return (price) => format.number(price, { style: 'currency', currency, maximumFractionDigits: 6 })
}
