/**
 * Header fields: encoded, folded, and unable to carry a line end that we did not write.
 * Sources: RFC 5322 §2.2, §3.2; RFC 2047; PC-27, PC-28.
 */

/** A field as it will stand in the mail: `value` is encoded and folded, without its final line end. */
export interface HeaderField {
  name: string
  value: string
}

/** Soft limit of a line without its CRLF (RFC 5322 §2.1.1). */
const LINE_CHARS_MAX = 78
/** RFC 2047 §2. */
const ENCODED_WORD_CHARS_MAX = 75
const ENCODED_WORD_START = '=?UTF-8?B?'
const ENCODED_WORD_OVERHEAD = ENCODED_WORD_START.length + 2

const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/
const ATOM_PHRASE = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~ ]*$/

/** Text of one line: every control, line ends among them, becomes one space. */
export function oneLine(text: string): string {
  return text.replaceAll(CONTROLS, ' ').trim()
}

/** A field of free text, such as Subject. */
export function textField(name: string, text: string): HeaderField {
  const clean = oneLine(text)
  if (!isPlain(clean)) return { name, value: encodedWords(clean, name.length + 2) }
  return { name, value: foldAtSpaces(clean, name.length + 2) }
}

/** A field of machine text that holds no spaces to fold at (an id, a URL): moved to a line of its own when long. */
export function tokenField(name: string, token: string): HeaderField {
  const clean = token.replaceAll(CONTROLS, '').replaceAll(' ', '')
  return { name, value: name.length + 2 + clean.length > LINE_CHARS_MAX ? `\r\n ${clean}` : clean }
}

/** A field of one address with an optional display name. The address must have passed `isSafeAddress`. */
export function addressField(name: string, displayName: string | null, address: string): HeaderField {
  const phrase = displayName === null ? '' : oneLine(displayName)
  if (phrase === '') return tokenField(name, address)
  const written = phraseOf(phrase, name.length + 2)
  const lastLineChars =
    written.length - (written.lastIndexOf('\n') + 1) + (written.includes('\n') ? 0 : name.length + 2)
  const separator = lastLineChars + address.length + 3 > LINE_CHARS_MAX ? '\r\n ' : ' '
  return { name, value: `${written}${separator}<${address}>` }
}

/** A field and its line end. */
export const lineOf = ({ name, value }: HeaderField): string =>
  value.startsWith('\r\n') ? `${name}:${value}\r\n` : `${name}: ${value}\r\n`

/** Could this stand as it is? What looks like an encoded word is encoded, so that it is shown as it was written. */
const isPlain = (text: string): boolean =>
  PRINTABLE_ASCII.test(text) && !text.includes('=?') && longestWord(text) < LINE_CHARS_MAX - 1

function longestWord(text: string): number {
  if (text.length < LINE_CHARS_MAX - 1) return text.length
  let longest = 0
  for (const word of text.split(' ')) longest = Math.max(longest, word.length)
  return longest
}

function phraseOf(phrase: string, startColumn: number): string {
  if (!isPlain(phrase)) return encodedWords(phrase, startColumn)
  if (ATOM_PHRASE.test(phrase)) return foldAtSpaces(phrase, startColumn)
  const quoted = `"${phrase.replaceAll(/["\\]/g, '\\$&')}"`
  return startColumn + quoted.length > LINE_CHARS_MAX ? encodedWords(phrase, startColumn) : quoted
}

/** Breaks a line before a space, so that unfolding gives the text back exactly. */
function foldAtSpaces(text: string, startColumn: number): string {
  if (startColumn + text.length <= LINE_CHARS_MAX) return text
  const lines: string[] = []
  let rest = text
  let room = LINE_CHARS_MAX - startColumn
  while (rest.length > room) {
    let at = rest.lastIndexOf(' ', room)
    if (at <= 0) at = rest.indexOf(' ', 1)
    // A line of spaces only would end the header.
    if (at <= 0 || rest.slice(at).trim() === '') break
    lines.push(rest.slice(0, at))
    rest = rest.slice(at)
    room = LINE_CHARS_MAX
  }
  lines.push(rest)
  return lines.join('\r\n')
}

/** Base64 words of whole characters, each on its own line. */
function encodedWords(text: string, startColumn: number): string {
  const words: string[] = []
  let piece = ''
  let pieceBytes = 0
  let bytesMax = bytesIn(Math.min(ENCODED_WORD_CHARS_MAX, LINE_CHARS_MAX - startColumn))
  for (const character of text) {
    const bytes = Buffer.byteLength(character)
    if (pieceBytes + bytes > bytesMax && pieceBytes > 0) {
      words.push(encodedWord(piece))
      piece = ''
      pieceBytes = 0
      bytesMax = bytesIn(ENCODED_WORD_CHARS_MAX)
    }
    piece += character
    pieceBytes += bytes
  }
  words.push(encodedWord(piece))
  return words.join('\r\n ')
}

const bytesIn = (chars: number): number => Math.floor((chars - ENCODED_WORD_OVERHEAD) / 4) * 3

const encodedWord = (text: string): string =>
  `${ENCODED_WORD_START}${Buffer.from(text, 'utf8').toString('base64')}?=`
