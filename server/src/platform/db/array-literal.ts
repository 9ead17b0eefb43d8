/** Arrays as texts, for arrays within arrays: those travel as elements of their own, which PostgreSQL casts. */

/** An array literal of texts of which none is null. */
export const arrayLiteral = (values: readonly string[]): string => `{${values.map(quoted).join(',')}}`

const quoted = (value: string): string =>
  SPECIAL.test(value) ? `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : `"${value}"`
const SPECIAL = /["\\]/
