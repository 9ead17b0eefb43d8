/** Guesses where the phone numbers of a file without country code are dialled from. */
import { parsePhone } from '../values/phone.ts'
import { type ColumnGuess, filledValues } from './guess.ts'

/** Tried beside the organization's own country, most usual first. */
const CANDIDATES = [
  'FR',
  'US',
  'GB',
  'DE',
  'BE',
  'CH',
  'ES',
  'IT',
  'CA',
  'NL',
  'PT',
  'LU',
  'AU',
  'IE',
  'AT',
  'MA',
]
/** Values of the column that are tried. */
const VALUES_TRIED = 40

/**
 * The country in which most numbers of the phone column are valid; the expected one wins where it is as good, and
 * stays when nothing tells (no such column, or every number has its code).
 */
export function guessDefaultCountry(
  columns: readonly ColumnGuess[],
  rows: readonly (readonly string[])[],
  expected: string | null,
): string | null {
  const phoneColumn = columns.findIndex(({ target }) => target === 'phone')
  if (phoneColumn === -1) return expected
  const values = filledValues(rows, phoneColumn)
    .filter((value) => !/^\s*'?(?:\+|00)/.test(value))
    .slice(0, VALUES_TRIED)
  const valid = (country: string): number => values.filter((value) => parsePhone(value, country).ok).length
  let best = { country: expected, count: expected === null ? 0 : valid(expected) }
  for (const country of CANDIDATES) {
    if (best.count === values.length) break
    const count = valid(country)
    if (count > best.count) best = { country, count }
  }
  return best.country
}
