/**
 * Bodies in 7 bits: quoted-printable or base64, whichever is shorter. Written straight into the mail's buffer, piece by
 * piece: what a template says is encoded once and copied into each mail. What is written is as DKIM's relaxed form wants
 * it (RFC 6376 §3.4.4): no two blanks side by side, none before a line end. Source: RFC 2045 §6.7, §6.8.
 */

const CR = 0x0d
const LF = 0x0a
const DOT = 0x2e
const EQUALS = 0x3d
const SPACE = 0x20
/** A soft break takes the 76th place. */
const LINE_CHARS_MAX = 75
const BASE64_BYTES_PER_LINE = 57

/** 1 for bytes that quoted-printable always leaves as they are, but for a dot at the start of a line. */
const IS_LITERAL = new Uint8Array(256).map((_, byte) =>
  byte > SPACE && byte < 0x7f && byte !== EQUALS ? 1 : 0,
)
const HEX = Buffer.from('0123456789ABCDEF')

export type TransferEncoding = 'quoted-printable' | 'base64'

/** The shorter encoding of so many bytes, so many of which are codes; on a tie the one that a person can read. */
export const shorterEncoding = (codes: number, bytes: number): TransferEncoding =>
  // Three characters instead of one against four instead of three, with as many line ends.
  codes * 2 <= bytes / 3 ? 'quoted-printable' : 'base64'

/** How many of the first bytes quoted-printable writes as codes, blanks and dots aside. */
export function codesIn(source: Uint8Array, length: number): number {
  let codes = 0
  for (let i = 0; i < length; i++) {
    const byte = source[i] as number // i < length
    if (IS_LITERAL[byte] === 0 && byte !== SPACE && byte !== LF) codes += 1
  }
  return codes
}

/** The most bytes that either encoding can make of `length` bytes. */
export const encodedBytesMax = (length: number): number =>
  length * 3 + Math.ceil((length * 3) / LINE_CHARS_MAX + 2) * 3

/** Where writing stands. */
export interface Cursor {
  bytes: Buffer
  at: number
  lineStart: number
  /** The piece before ended with a CR: whether that is a line end, the next byte tells. */
  hasOpenCr: boolean
}

/** A place to write from. */
export const cursorAt = (bytes: Buffer, at: number): Cursor => ({
  bytes,
  at,
  lineStart: at,
  hasOpenCr: false,
})

/**
 * Goes on in quoted-printable with the first `length` bytes of `source`. Line ends (LF or CRLF) become CRLF; a dot at the
 * start of a line is encoded, so that no relay on the way can take it for the end of the mail.
 */
export function writeQuotedPrintable(cursor: Cursor, source: Uint8Array, length: number): void {
  if (length === 0) return
  if (cursor.hasOpenCr) closeCr(cursor, source[0] === LF)
  const target = cursor.bytes
  let { at, lineStart } = cursor
  let i = 0
  while (i < length) {
    const runEnd = Math.min(length, i + LINE_CHARS_MAX - (at - lineStart))
    if (at > lineStart || source[i] !== DOT)
      while (i < runEnd && IS_LITERAL[source[i] as number] === 1) target[at++] = source[i++] as number // i < length
    if (i === length) break
    const byte = source[i] as number // i < length
    if (byte === LF || (byte === CR && source[i + 1] === LF && i + 1 < length)) {
      at = encodeLastBlank(target, at, lineStart)
      target[at++] = CR
      target[at++] = LF
      lineStart = at
      i += byte === CR ? 2 : 1
      continue
    }
    if (byte === CR && i + 1 === length) {
      cursor.hasOpenCr = true
      break
    }
    const isBlank = byte === SPACE && (at === lineStart || target[at - 1] !== SPACE)
    const width = isBlank || (IS_LITERAL[byte] === 1 && (at > lineStart || byte !== DOT)) ? 1 : 3
    if (at - lineStart + width > LINE_CHARS_MAX) {
      at = writeSoftBreak(target, at)
      lineStart = at
    } else if (width === 3) {
      at = writeEncoded(byte, target, at)
      i++
    } else if (isBlank) {
      target[at++] = byte
      i++
    }
  }
  cursor.at = at
  cursor.lineStart = lineStart
}

/** Ends what was written in quoted-printable. */
export function endQuotedPrintable(cursor: Cursor): void {
  if (cursor.hasOpenCr) closeCr(cursor, false)
  cursor.at = encodeLastBlank(cursor.bytes, cursor.at, cursor.lineStart)
}

/** A CR at the end of a piece belongs to the line end that follows, or stands for itself. */
function closeCr(cursor: Cursor, isLineEnd: boolean): void {
  cursor.hasOpenCr = false
  if (isLineEnd) return
  if (cursor.at - cursor.lineStart + 3 > LINE_CHARS_MAX) softBreak(cursor)
  cursor.at = writeEncoded(CR, cursor.bytes, cursor.at)
}

/** A text that stands in many mails, in quoted-printable from the start of a line on. */
export interface EncodedText {
  source: Buffer
  codes: number
  encoded: Buffer
  /** Where its last line starts. */
  lineStart: number
  hasOpenCr: boolean
}

/** Encodes a text once. */
export function encodedText(text: string): EncodedText {
  const source = Buffer.from(text, 'utf8')
  const cursor = cursorAt(Buffer.alloc(encodedBytesMax(source.length)), 0)
  writeQuotedPrintable(cursor, source, source.length)
  const { at, lineStart, hasOpenCr } = cursor
  return {
    source,
    codes: codesIn(source, source.length),
    encoded: Buffer.from(cursor.bytes.subarray(0, at)),
    lineStart,
    hasOpenCr,
  }
}

/** Shorter ones are written anew: a soft break before each would make lines of a few words. */
const COPIED_BYTES_MIN = 24

/** Goes on with a text that was encoded before. */
export function writeEncodedText(cursor: Cursor, text: EncodedText): void {
  const { source, encoded, lineStart, hasOpenCr } = text
  if (source.length < COPIED_BYTES_MIN || cursor.hasOpenCr)
    return writeQuotedPrintable(cursor, source, source.length)
  if (cursor.at > cursor.lineStart) softBreak(cursor)
  cursor.lineStart = cursor.at + lineStart
  cursor.bytes.set(encoded, cursor.at)
  cursor.at += encoded.length
  cursor.hasOpenCr = hasOpenCr
}

function softBreak(cursor: Cursor): void {
  cursor.at = writeSoftBreak(cursor.bytes, cursor.at)
  cursor.lineStart = cursor.at
}

/** A blank at the end of a line would be lost on the way, so it is written as a code; on a line of its own when this one is full. */
function encodeLastBlank(target: Uint8Array, end: number, lineStart: number): number {
  if (end === lineStart || target[end - 1] !== SPACE) return end
  return writeEncoded(
    SPACE,
    target,
    end - lineStart > LINE_CHARS_MAX - 2 ? writeSoftBreak(target, end - 1) : end - 1,
  )
}

function writeEncoded(byte: number, target: Uint8Array, at: number): number {
  target[at] = EQUALS
  target[at + 1] = HEX[byte >> 4] as number // a nibble
  target[at + 2] = HEX[byte & 15] as number // a nibble
  return at + 3
}

function writeSoftBreak(target: Uint8Array, at: number): number {
  target[at] = EQUALS
  target[at + 1] = CR
  target[at + 2] = LF
  return at + 3
}

/** Writes `source` as base64 in lines of 76. @returns the position after what was written */
export function writeBase64(source: Buffer, target: Buffer, start: number): number {
  let at = start
  for (let from = 0; from < source.length; from += BASE64_BYTES_PER_LINE) {
    if (from > 0) {
      target[at++] = CR
      target[at++] = LF
    }
    at += target.write(
      source.toString('base64', from, Math.min(from + BASE64_BYTES_PER_LINE, source.length)),
      at,
      'latin1',
    )
  }
  return at
}
