/**
 * Bodies in 7 bits: quoted-printable or base64, whichever is shorter. Written straight into the mail's buffer; this
 * is the hottest loop of a mail. Source: RFC 2045 §6.7, §6.8.
 */

const CR = 0x0d
const LF = 0x0a
const DOT = 0x2e
const EQUALS = 0x3d
const SPACE = 0x20
const TAB = 0x09
/** A soft break takes the 76th place. */
const LINE_CHARS_MAX = 75
const BASE64_BYTES_PER_LINE = 57

/** 1 for bytes that quoted-printable leaves as they are; blanks are, except before a line end. */
const IS_LITERAL = new Uint8Array(256).map((_, byte) =>
  (byte >= 0x20 && byte < 0x7f && byte !== EQUALS) || byte === TAB ? 1 : 0,
)
const HEX = Buffer.from('0123456789ABCDEF')

export type TransferEncoding = 'quoted-printable' | 'base64'

/**
 * The shorter encoding; on a tie the one that a person can read. Long bodies are judged by every eighth byte: a
 * wrong guess costs some bytes, never correctness, and looking at all of them costs as much as encoding them.
 */
export function shorterEncoding(source: Uint8Array): TransferEncoding {
  const stride = source.length > SAMPLED_FROM_BYTES ? 8 : 1
  let encoded = 0
  for (let i = 0; i < source.length; i += stride) if (IS_LITERAL[source[i] as number] === 0) encoded += stride // i < length
  // Three characters instead of one against four instead of three, with as many line ends.
  return encoded * 2 <= source.length / 3 ? 'quoted-printable' : 'base64'
}
const SAMPLED_FROM_BYTES = 1_024

/** The most bytes that either encoding can make of `length` bytes. */
export const encodedBytesMax = (length: number): number =>
  length * 3 + Math.ceil((length * 3) / LINE_CHARS_MAX + 2) * 3

/**
 * Writes `source` as quoted-printable. Line ends (LF or CRLF) become CRLF; a dot at the start of a line is encoded,
 * so that no relay on the way can take it for the end of the mail.
 *
 * @returns the position after what was written
 */
export function writeQuotedPrintable(source: Uint8Array, target: Uint8Array, start: number): number {
  const length = source.length
  let at = start
  let lineStart = start
  let i = 0
  while (i < length) {
    const runEnd = Math.min(length, i + LINE_CHARS_MAX - (at - lineStart))
    if (at === lineStart && source[i] === DOT) {
      at = writeEncoded(DOT, target, at)
      i++
      continue
    }
    while (i < runEnd && IS_LITERAL[source[i] as number] === 1) target[at++] = source[i++] as number // i < length
    if (i === length) break
    const byte = source[i] as number // i < length
    const isLineEnd = byte === LF || (byte === CR && source[i + 1] === LF)
    if (isLineEnd) {
      at = encodeLastBlank(target, at, lineStart)
      target[at++] = CR
      target[at++] = LF
      lineStart = at
      i += byte === CR ? 2 : 1
      continue
    }
    const width = IS_LITERAL[byte] === 1 ? 1 : 3
    if (at - lineStart + width > LINE_CHARS_MAX) {
      at = writeSoftBreak(target, at)
      lineStart = at
    } else if (width === 3) {
      at = writeEncoded(byte, target, at)
      i++
    }
  }
  return encodeLastBlank(target, at, lineStart)
}

/** A blank at the end of a line would be lost on the way, so it is written as a code; on a line of its own when this one is full. */
function encodeLastBlank(target: Uint8Array, end: number, lineStart: number): number {
  const last = target[end - 1]
  if (end === lineStart || (last !== SPACE && last !== TAB)) return end
  return writeEncoded(
    last,
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
