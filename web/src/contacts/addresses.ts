/** Addresses out of whatever people paste: lines, cells, lists with names around them. */

/** Most addresses in one call. */
const BATCH_MAX = 5_000
/** Fewest digits of a telephone number, so that dates and counters of a spreadsheet are passed over. */
const PHONE_DIGITS_MIN = 9
const PHONE_DIGITS_MAX = 15

/** Every e-mail address and telephone number in a text, each once, in the order found. */
export function addressesIn(text: string): string[] {
  const found = new Set<string>()
  for (const cell of text.split(/[\n\r,;\t|]+/)) {
    const email = /[^\s<>"'()]+@[^\s<>"'()]+\.[^\s<>"'()]+/.exec(cell)
    if (email) found.add(email[0])
    else if (isPhone(cell)) found.add(cell.replaceAll(/["']/g, '').trim())
  }
  return [...found]
}

function isPhone(cell: string): boolean {
  const written = cell.replaceAll(/["'\s().\-/]/g, '')
  return (
    /^\+?\d+$/.test(written) && written.length >= PHONE_DIGITS_MIN && written.length <= PHONE_DIGITS_MAX + 1
  )
}

/** Addresses in as many as one call takes. */
export function inBatches(addresses: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(addresses.length / BATCH_MAX) }, (_, index) =>
    addresses.slice(index * BATCH_MAX, (index + 1) * BATCH_MAX),
  )
}
