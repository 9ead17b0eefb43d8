/** The letters that documents can print: those of the font beside this file. */
import { readFileSync } from 'node:fs'

/** The font's files as bytes. Read once, when the first document is drawn. */
export function fontBytes(): { regular: Buffer; bold: Buffer } {
  opened ??= { regular: read('regular'), bold: read('bold') }
  return opened
}

let opened: { regular: Buffer; bold: Buffer } | undefined
const read = (name: string): Buffer => readFileSync(new URL(`fonts/${name}.ttf`, import.meta.url))

/** Latin with its extensions, Greek, Cyrillic, Vietnamese, old Greek, punctuation, currencies, some signs and arrows. */
const KNOWN =
  /^[\u0020-\u007E\u00A0-\u0377\u037A-\u037F\u0384-\u038A\u038C\u038E-\u03A1\u03A3-\u052F\u1E00-\u1F15\u1F18-\u1F1D\u1F20-\u1F45\u1F48-\u1F4D\u1F50-\u1F57\u1F59\u1F5B\u1F5D\u1F5F-\u1F7D\u1F80-\u1FB4\u1FB6-\u1FC4\u1FC6-\u1FD3\u1FD6-\u1FDB\u1FDD-\u1FEF\u1FF2-\u1FF4\u1FF6-\u1FFE\u2010-\u2027\u202F-\u205E\u2070\u2071\u2074-\u208E\u20A0-\u20BE\u2100-\u214F\u2190-\u2195\u2202\u2206\u2211\u2212\u2215\u221A\u221E\u2248\u2260\u2264\u2265\u25A0\u25B2\u25BA\u25BC\u25CF]$/

/** A text in letters that can be printed: others lose their marks, and what is still unknown is a question mark. */
export function printable(text: string): string {
  return Array.from(text.normalize('NFC'), letterFor).join('')
}

function letterFor(letter: string): string {
  if (/\p{Variation_Selector}|\p{Cf}/u.test(letter)) return ''
  if (KNOWN.test(letter)) return letter
  if (/\s/.test(letter)) return ' '
  const bare = letter.normalize('NFKD').replaceAll(/\p{M}/gu, '')
  return bare !== '' && Array.from(bare).every((part) => KNOWN.test(part)) ? bare : '?'
}
