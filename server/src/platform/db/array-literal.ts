/** Arrays as PostgreSQL reads them, for statements that are given thousands of values. */

/**
 * An array literal. The driver would escape each element with two regular expressions: a batch of an import has 34,000
 * of them.
 */
export function arrayLiteral(values: readonly (string | null)[]): string {
  let literal = '{'
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (i > 0) literal += ','
    if (value === null || value === undefined) literal += 'NULL'
    else
      literal += SPECIAL.test(value)
        ? `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
        : `"${value}"`
  }
  return `${literal}}`
}
const SPECIAL = /["\\]/

/** An array literal of bytes that are given in hex. */
export function byteaArrayLiteral(hexes: readonly (string | null)[]): string {
  return arrayLiteral(hexes.map((hex) => (hex === null ? null : `\\x${hex}`)))
}
