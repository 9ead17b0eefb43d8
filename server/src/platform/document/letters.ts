/** The letters that a PDF has without a font file: those of Windows-1252. */

const KNOWN =
  /^[\u0020-\u007E\u00A0-\u00FF\u2013\u2014\u2018-\u201A\u201C-\u201E\u2022\u2026\u2039\u203A\u20AC\u0152\u0153\u0160\u0161\u0178\u017D\u017E\u2122]$/
const INSTEAD: Readonly<Record<string, string>> = {
  '\u202F': '\u00A0',
  '\u2212': '\u2013',
  '\u2192': '>',
  '\u2265': '>=',
  '\u2264': '<=',
  Ł: 'L',
  ł: 'l',
  Đ: 'D',
  đ: 'd',
}

/** A text in letters that can be printed: others lose their marks, and what is still unknown is a question mark. */
export function printable(text: string): string {
  return Array.from(text.normalize('NFC'), letterFor).join('')
}

function letterFor(letter: string): string {
  if (KNOWN.test(letter)) return letter
  if (/\p{Variation_Selector}|\u200D/u.test(letter)) return ''
  const instead = INSTEAD[letter]
  if (instead !== undefined) return instead
  if (/\s/.test(letter)) return ' '
  const bare = letter.normalize('NFD').replaceAll(/\p{M}/gu, '')
  return KNOWN.test(bare) ? bare : '?'
}
