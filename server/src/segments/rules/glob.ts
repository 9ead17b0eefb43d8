/**
 * Patterns that people write: `*` stands for any text, `?` for one letter, everything else for itself. No regular
 * expressions: their worst cases take for ever on a million contacts, and differ between PostgreSQL and here.
 */

/** Most stars in one pattern: what bounds the work per text. */
export const STARS_MAX = 8

/** The pattern as PostgreSQL's `like` reads it. */
export function globLike(pattern: string): string {
  return pattern
    .replaceAll(/[\\%_]/g, String.raw`\$&`)
    .replaceAll('*', '%')
    .replaceAll('?', '_')
}

/** Does the whole text match? Letters are code points, as PostgreSQL counts them. */
export function globMatches(pattern: string, text: string): boolean {
  const [wanted, letters] = [Array.from(pattern), Array.from(text)]
  let [at, letter] = [0, 0]
  // Where the last star stood, and how far it had swallowed: the only place to go back to.
  let star: { at: number; letter: number } | null = null
  while (letter < letters.length) {
    if (wanted[at] === '*') star = { at: at++, letter }
    else if (wanted[at] === '?' || wanted[at] === letters[letter]) {
      at++
      letter++
    } else if (star !== null) {
      star.letter++
      at = star.at + 1
      letter = star.letter
    } else return false
  }
  while (wanted[at] === '*') at++
  return at === wanted.length
}
