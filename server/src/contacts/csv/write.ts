/** Writes CSV that a spreadsheet opens without running anything in it. */

/** The mark that tells Excel that a file is UTF-8. */
export const BYTE_ORDER_MARK = '\ufeff'

/**
 * One row, quoted where RFC 4180 asks for it, ended by CRLF. A cell that a spreadsheet would take for a formula gets an
 * apostrophe before it (OWASP CSV injection; ASVS 5.0 1.2.10), phone numbers too: `+33…` is a formula to Excel. Our
 * own import drops that apostrophe again. Numbers are given as numbers and stay bare.
 */
export function csvRow(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function csvCell(value: string | number | boolean | null): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  const safe = FORMULA.test(value) ? `'${value}` : value
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const FORMULA = /^[=+\-@\t\r]/
const NEEDS_QUOTES = /[",\r\n]/
