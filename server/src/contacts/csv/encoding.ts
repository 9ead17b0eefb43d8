/** Finds out in which encoding a file's text is, and decodes it piece by piece. */
import { isUtf8 } from 'node:buffer'
import chardet from 'chardet'
import { errors } from '../errors.ts'

/**
 * Encodings one may choose, most usual first. The names are those of the WHATWG Encoding Standard, whose decoders
 * Node carries; what exports of French and English tools use is found by itself, the rest is chosen by hand.
 */
export const ENCODINGS = [
  'utf-8',
  'windows-1252',
  'utf-16le',
  'utf-16be',
  'iso-8859-15',
  'macintosh',
  'windows-1250',
  'iso-8859-2',
  'windows-1251',
  'windows-1253',
  'windows-1254',
  'shift_jis',
  'gb18030',
  'big5',
  'euc-kr',
] as const
export type Encoding = (typeof ENCODINGS)[number]

/** How chardet names what we can decode. ISO-8859-1 is read as windows-1252, as browsers do: it is a superset. */
const BY_DETECTED_NAME: Readonly<Record<string, Encoding>> = {
  'ISO-8859-1': 'windows-1252',
  'windows-1252': 'windows-1252',
  'ISO-8859-2': 'iso-8859-2',
  'windows-1250': 'windows-1250',
  'windows-1251': 'windows-1251',
  'windows-1253': 'windows-1253',
  'windows-1254': 'windows-1254',
  Shift_JIS: 'shift_jis',
  GB18030: 'gb18030',
  Big5: 'big5',
  'EUC-KR': 'euc-kr',
}
/** chardet's confidence, of 100, from which an encoding other than windows-1252 is believed. */
const CONFIDENCE_MIN = 60
/** Share of zero bytes at even or odd places from which text is UTF-16. */
const ZERO_SHARE_UTF16 = 0.2

/** What the first bytes of a file say that it is, when it is not text. */
const SIGNATURES: readonly { bytes: readonly number[]; refuse: () => Error }[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], refuse: () => errors.file_is_workbook() },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], refuse: () => errors.file_is_workbook() },
  { bytes: [0x1f, 0x8b], refuse: () => errors.file_is_compressed() },
  { bytes: [0x42, 0x5a, 0x68], refuse: () => errors.file_is_compressed() },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], refuse: () => errors.file_is_compressed() },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf], refuse: () => errors.file_is_compressed() },
  { bytes: [0x25, 0x50, 0x44, 0x46], refuse: () => errors.file_not_text() },
  { bytes: [0x89, 0x50, 0x4e, 0x47], refuse: () => errors.file_not_text() },
  { bytes: [0xff, 0xd8, 0xff], refuse: () => errors.file_not_text() },
  { bytes: [0x47, 0x49, 0x46, 0x38], refuse: () => errors.file_not_text() },
  { bytes: [0x7f, 0x45, 0x4c, 0x46], refuse: () => errors.file_not_text() },
  { bytes: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], refuse: () => errors.file_not_text() },
]

/**
 * Refuses files that are something else than text by their first bytes; the name and the declared type of an upload
 * say nothing reliable.
 *
 * @throws contacts.file_is_workbook, contacts.file_is_compressed, contacts.file_not_text
 */
export function refuseOtherThanText(head: Buffer): void {
  for (const { bytes, refuse } of SIGNATURES) {
    if (bytes.every((byte, i) => head[i] === byte)) throw refuse()
  }
}

/**
 * The encoding of a file, from its first bytes and, when these are plain ASCII, from a later piece that is not.
 *
 * @param head         the first bytes of the file
 * @param isWholeUtf8  whether the whole file is valid UTF-8
 * @param odd          bytes around the first that are not ASCII, empty when there are none
 * @throws contacts.file_not_text  when it holds bytes that no text holds
 */
export function detectEncoding(head: Buffer, isWholeUtf8: boolean, odd: Buffer): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  const utf16 = utf16ByZeros(head)
  if (utf16) return utf16
  if (isWholeUtf8) return 'utf-8'
  if (isBinary(head)) throw errors.file_not_text()
  for (const match of chardet.analyse(Buffer.concat([odd, head]))) {
    const encoding = BY_DETECTED_NAME[match.name]
    if (encoding && match.confidence >= CONFIDENCE_MIN) return encoding
  }
  return 'windows-1252'
}

/** UTF-16 without a byte order mark: western text has a zero in every other place. */
function utf16ByZeros(head: Buffer): Encoding | null {
  const pairs = Math.floor(head.length / 2)
  if (pairs < 4) return null
  let zerosEven = 0
  let zerosOdd = 0
  for (let i = 0; i < pairs * 2; i += 2) {
    if (head[i] === 0) zerosEven++
    if (head[i + 1] === 0) zerosOdd++
  }
  if (zerosOdd / pairs > ZERO_SHARE_UTF16 && zerosOdd > zerosEven * 4) return 'utf-16le'
  if (zerosEven / pairs > ZERO_SHARE_UTF16 && zerosEven > zerosOdd * 4) return 'utf-16be'
  return null
}

/** More than one in a hundred bytes is a control character that text does not use. */
function isBinary(head: Buffer): boolean {
  let controls = 0
  for (const byte of head) if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) controls++
  return controls > head.length / 100
}

/** Watches the bytes of a file go by and keeps what detectEncoding needs, in bounded memory. */
export class EncodingWitness {
  #head = Buffer.alloc(0)
  #odd = Buffer.alloc(0)
  #isUtf8 = true
  /** Bytes of a character cut by the end of a piece. */
  #cut = Buffer.alloc(0)
  readonly #sampleBytes: number

  constructor(sampleBytes: number) {
    this.#sampleBytes = sampleBytes
  }

  /** The first bytes, at most as many as were asked for. */
  get head(): Buffer {
    return this.#head
  }

  /** Looks at the next piece. */
  see(piece: Buffer): void {
    if (this.#head.length < this.#sampleBytes) {
      this.#head = Buffer.concat([this.#head, piece.subarray(0, this.#sampleBytes - this.#head.length)])
    }
    if (!this.#isUtf8) return
    const bytes = this.#cut.length > 0 ? Buffer.concat([this.#cut, piece]) : piece
    const wholeUntil = lastCharacterBoundary(bytes)
    if (isUtf8(bytes.subarray(0, wholeUntil))) {
      this.#cut = Buffer.from(bytes.subarray(wholeUntil))
      return
    }
    this.#isUtf8 = false
    const from = Math.max(0, bytes.findIndex((byte) => byte > 127) - 512)
    this.#odd = Buffer.from(bytes.subarray(from, from + this.#sampleBytes))
  }

  /** The verdict, once all has been seen. @throws contacts.file_not_text */
  encoding(): Encoding {
    return detectEncoding(this.#head, this.#isUtf8 && this.#cut.length === 0, this.#odd)
  }
}

/** End of the last whole UTF-8 character in `bytes`. */
function lastCharacterBoundary(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(4, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if ((byte & 0b1100_0000) === 0b1000_0000) continue
    const needed = byte >= 0b1111_0000 ? 4 : byte >= 0b1110_0000 ? 3 : byte >= 0b1100_0000 ? 2 : 1
    return needed > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}

/** Decodes a file's bytes as they come; a byte order mark is dropped, what cannot be read becomes U+FFFD. */
export async function* decode(bytes: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding)
  for await (const piece of bytes) yield decoder.decode(piece, { stream: true })
  yield decoder.decode()
}
