/**
 * Arrays as texts: for arrays within arrays, which travel as elements of their own that PostgreSQL casts, and for ids by the
 * thousand, each of which the driver would look through for what must be escaped.
 */

/** An array literal of texts of which none is null. */
export const arrayLiteral = (values: readonly string[]): string => `{${values.map(quoted).join(',')}}`

/** An array literal of whole numbers in digits, as ids are carried. */
export const idsLiteral = (ids: readonly string[]): string => `{${ids.join(',')}}`

const quoted = (value: string): string =>
  SPECIAL.test(value) ? `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : `"${value}"`
const SPECIAL = /["\\]/
