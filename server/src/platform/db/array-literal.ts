/** Arrays as PostgreSQL reads them, for statements that are given thousands of values. */

/**
 * An array literal. The driver would escape each element with two regular expressions: a batch of an import has 34,000
 * of them. Joined and not added up, which would leave three pieces of rope a value to the collector (2.8 kB a row of an
 * import).
 */
export function arrayLiteral(values: readonly (string | null)[]): string {
  return values.every(isPlain) ? joined(values, '') : quotedArrayLiteral(values.map(quoted))
}

/** An array literal of bytes that are given in hex. */
export function byteaArrayLiteral(hexes: readonly (string | null)[]): string {
  return hexes.includes(null)
    ? quotedArrayLiteral(hexes.map((hex) => (hex === null ? 'NULL' : `"${BYTES}${hex}"`)))
    : joined(hexes, BYTES)
}

/** An array literal of JSON values: what JSON escapes in a JSON text is what an array escapes, in the same way. */
export function jsonArrayLiteral(values: readonly object[]): string {
  return quotedArrayLiteral(values.map((value) => JSON.stringify(JSON.stringify(value))))
}

/** An array literal of elements that are written already: of `NULL`, and of texts by `quoted`. */
export const quotedArrayLiteral = (elements: readonly string[]): string => `{${elements.join(',')}}`

/** An element of an array literal. */
export function quoted(value: string | null): string {
  if (value === null) return 'NULL'
  return isPlain(value) ? `"${value}"` : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

const isPlain = (value: string | null): boolean => value !== null && !SPECIAL.test(value)
const SPECIAL = /["\\]/
/** What stands before bytes in hex, its backslash escaped. */
const BYTES = '\\\\x'

/** Elements of which none is null and none needs an escape. */
const joined = (values: readonly (string | null)[], prefix: string): string =>
  values.length === 0 ? '{}' : `{"${prefix}${values.join(`","${prefix}`)}"}`
