/**
 * Letter case, folded alike in PostgreSQL and here, so that a rule finds the same people in both readings.
 *
 * The database folds with `segment_fold` (migration 202611200070): one letter at a time, by Unicode's simple
 * mappings, whatever the locale of the server. This function does the same: letter by letter, never by the context
 * of a word, and Greek's final sigma counts as sigma. Accents stay: `é` is not `e`.
 */
const ASCII_ONLY = /^\p{ASCII}*$/u

/** The text with its letters in lower case, as `segment_fold` gives it. */
export function fold(text: string): string {
  if (ASCII_ONLY.test(text)) return text.toLowerCase()
  let folded = ''
  for (const letter of text) folded += foldLetter(letter)
  return folded
}

/** `İ` is the one letter whose full mapping has two parts; the simple mapping is its first. */
function foldLetter(letter: string): string {
  const lower = letter.toLowerCase()
  const first = String.fromCodePoint(lower.codePointAt(0) ?? 0)
  return first === 'ς' ? 'σ' : first
}
