/**
 * A person's texts taken out of JSON. Texts are replaced within texts, so that what remains is JSON: a person may be
 * called Null or True, and the number of a badge may stand as a number.
 * Source: PC-45
 */

/** What stands in the place of an erased address. */
export const ERASED = '[erased]'

/** Shorter numbers are years, prices and counts, which stay. */
const NUMBER_DIGITS_MIN = 5

/** Texts with their escapes, a colon behind those that are names of members; and numbers. */
const TOKEN = /("[^"\\]*(?:\\.[^"\\]*)*")(:?)|-?\d[\d.eE+-]*/g

/** What was paid stays, whatever else has the same figures. */
const KEPT_NUMBER = '"amountMinor"'

/** What to take out. */
export interface Sought {
  /** Looked for in texts. */
  readonly texts: readonly string[]
  /** Looked for in names of members, too: a name alone would take `price` from whoever is called Price. */
  readonly inNames: readonly string[]
}

/**
 * Makes a function that takes texts out of JSON, each as a whole: `an@example.com` is no trace of `jan@example.com`.
 * A number that is one of the texts becomes null; every other stays as it is written, beyond what a float holds.
 */
export function eraserOf({ texts, inNames }: Sought): (json: string) => string {
  const [erase, eraseInNames] = [replacerOf(texts), replacerOf(inNames)]
  const numbers = new Set(texts.filter((text) => isLongNumber(text)))
  return (json) => {
    let name = ''
    return json.replaceAll(TOKEN, (token: string, text: string | undefined, colon: string | undefined) => {
      if (text === undefined) return name !== KEPT_NUMBER && numbers.has(token) ? 'null' : token
      if (colon !== ':') return erase(text)
      name = text
      return `${eraseInNames(text)}:`
    })
  }
}

const isLongNumber = (text: string): boolean =>
  /^-?\d+(?:\.\d+)?$/.test(text) && text.replaceAll(/\D/g, '').length >= NUMBER_DIGITS_MIN

/** Replaces within a text as JSON writes it, quotes included; the very same where nothing is found. */
function replacerOf(texts: readonly string[]): (quoted: string) => string {
  if (texts.length === 0) return (quoted) => quoted
  // The longest first, since the first that fits is taken; plain, so that no character of an address is read as a sign of the pattern.
  const plain = texts
    .toSorted((a, b) => b.length - a.length)
    .map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`))
  const pattern = new RegExp(String.raw`(?<![\p{L}\p{N}._%+-])(?:${plain.join('|')})(?![\p{L}\p{N}])`, 'giu')
  return (quoted) => {
    const text = String(JSON.parse(quoted))
    const left = text.replaceAll(pattern, ERASED)
    return left === text ? quoted : JSON.stringify(left)
  }
}
