/**
 * Our MIME builder: one mail with a text and an HTML part, in 7 bits, every line of ours. What is the same in all
 * mails of a run is encoded once (`mailComposer`), what is personal per call.
 * Sources: RFC 5322, RFC 2045–2047, RFC 8058, RFC 3834; PC-11, PC-12, PC-27, PC-28.
 */
import { joined, OWN, type Pieces } from '../../../content/index.ts'
import { addressField, lineOf, textField, tokenField, type HeaderField } from './headers.ts'
import { MailRoom, UTF8_BYTES_PER_UNIT_MAX, type WritingPlace } from './mail-room.ts'
import {
  codesIn,
  cursorAt,
  encodedBytesMax,
  encodedText,
  endQuotedPrintable,
  shorterEncoding,
  writeBase64,
  writeEncodedText,
  writeQuotedPrintable,
  type EncodedText,
  type TransferEncoding,
} from './transfer-encoding.ts'

/** What all mails of a run share. */
export interface MailFrame {
  from: { name: string | null; address: string }
  replyTo: string | null
  /** Groups mails in Gmail's reports: `campaign:organization:type:sender`, at most four parts. */
  feedbackId: string | null
  /** Marks what a program sent in answer to nothing a person did just now; never for marketing (RFC 3834 §5). */
  isAutomatic: boolean
}

/** What is one recipient's own. */
export interface PersonalMail {
  to: { name: string | null; address: string }
  subject: string
  html: Pieces
  text: Pieces
  /** Without angle brackets: `token@domain`. */
  messageId: string
  date: Date
  /** RFC 8058: the https address that takes the one-click POST. Null for mail that one cannot unsubscribe from. */
  unsubscribe: { url: string; mailto: string | null } | null
}

/** Headers and body apart, as DKIM wants them: the body stands in its relaxed form already (RFC 6376 §3.4.4). */
export interface ComposedMail {
  headers: readonly HeaderField[]
  body: Buffer
}

/** Neither encoding can produce `=_`, so a fixed boundary never occurs in a part (RFC 2045 §6.7 note on boundaries). */
const BOUNDARY = '=_fanfare_alternative'
const MIME_HEADERS: readonly HeaderField[] = [
  { name: 'MIME-Version', value: '1.0' },
  { name: 'Content-Type', value: `multipart/alternative;\r\n boundary="${BOUNDARY}"` },
]
const PART_START = {
  text: {
    'quoted-printable': partStart('text/plain', 'quoted-printable'),
    base64: partStart('text/plain', 'base64'),
  },
  html: {
    'quoted-printable': partStart('text/html', 'quoted-printable'),
    base64: partStart('text/html', 'base64'),
  },
}
const BODY_END = Buffer.from(`\r\n--${BOUNDARY}--\r\n`)

/** Composes one mail, in a place of the caller's or in one of its own. */
export type MailComposer = (mail: PersonalMail, place?: WritingPlace) => ComposedMail

/** Prepares the builder for a run. */
export function mailComposer(frame: MailFrame): MailComposer {
  const fixed: HeaderField[] = [addressField('From', frame.from.name, frame.from.address)]
  if (frame.replyTo !== null) fixed.push(tokenField('Reply-To', frame.replyTo))
  if (frame.feedbackId !== null) fixed.push(textField('Feedback-ID', frame.feedbackId))
  if (frame.isAutomatic) fixed.push({ name: 'Auto-Submitted', value: 'auto-generated' })
  return (mail, place = new MailRoom()) => ({
    headers: [...fixed, ...personalHeaders(mail), ...MIME_HEADERS],
    body: alternativeBody(mail.text, mail.html, place),
  })
}

/**
 * The mail as bytes: the head is written into the room that composing left before the body. Called once per mail.
 * `signatures` are whole fields that stand above all others.
 */
export function mailBytes(mail: ComposedMail, signatures: readonly HeaderField[]): Buffer {
  let head = ''
  for (const field of signatures) head += lineOf(field)
  for (const field of mail.headers) head += lineOf(field)
  head += '\r\n'
  // Only an internationalised address puts more than ASCII into a header of ours.
  const headBytes = Buffer.byteLength(head)
  const { body } = mail
  if (headBytes > HEAD_BYTES_MAX) return Buffer.concat([Buffer.from(head, 'utf8'), body])
  const bytes = Buffer.from(body.buffer, body.byteOffset - headBytes, headBytes + body.length)
  bytes.write(head, 0, headBytes === head.length ? 'latin1' : 'utf8')
  return bytes
}

function personalHeaders(mail: PersonalMail): HeaderField[] {
  const fields = [
    addressField('To', mail.to.name, mail.to.address),
    textField('Subject', mail.subject),
    { name: 'Date', value: mail.date.toUTCString().replace('GMT', '+0000') },
    tokenField('Message-ID', `<${mail.messageId}>`),
  ]
  if (mail.unsubscribe) {
    const { url, mailto } = mail.unsubscribe
    const web = tokenField('List-Unsubscribe', `<${url}>`)
    fields.push(
      mailto === null
        ? web
        : { name: web.name, value: `${web.value},\r\n ${tokenField('', `<mailto:${mailto}>`).value.trim()}` },
    )
    fields.push({ name: 'List-Unsubscribe-Post', value: 'List-Unsubscribe=One-Click' })
  }
  return fields
}

/** Room before each body for its head and two signatures. */
const HEAD_BYTES_MAX = 4_096

function alternativeBody(text: Pieces, html: Pieces, place: WritingPlace): Buffer {
  const parts = [partOf(text, PART_START.text), partOf(html, PART_START.html)]
  const bodyBytesMax = parts.reduce((bytes, part) => bytes + part.bytesMax, PART_STARTS_BYTES_MAX)
  const { bytes, start } = place.begin(HEAD_BYTES_MAX + bodyBytesMax)
  const bodyStart = start + HEAD_BYTES_MAX
  let at = bodyStart
  for (const part of parts) at = writePart(part, bytes, at)
  at += BODY_END.copy(bytes, at)
  place.end(at)
  return bytes.subarray(bodyStart, at)
}
const PART_STARTS_BYTES_MAX = 1_024

/** A text that is about to be written. */
interface Part {
  pieces: Pieces
  fixed: readonly EncodedText[]
  start: (typeof PART_START)['text']
  encoding: TransferEncoding
  bytesMax: number
}

function partOf(pieces: Pieces, start: Part['start']): Part {
  const fixed = encodedOnce(pieces.fixed)
  let [bytes, codes, bytesMax] = [0, 0, 0]
  let next = 0
  for (const place of pieces.order) {
    if (place === OWN) {
      const own = pieces.own[next++] ?? ''
      bytesMax += own.length * UTF8_BYTES_PER_UNIT_MAX
      // Beside what a template says, a reader's own words and addresses hardly matter.
      if (fixed.length > 0) continue
      const length = writeSource(own)
      bytes += length
      codes += codesIn(source, length)
      continue
    }
    const text = fixed[place]
    if (!text) continue
    bytes += text.source.length
    codes += text.codes
  }
  return {
    pieces,
    fixed,
    start,
    encoding: shorterEncoding(codes, bytes),
    bytesMax: encodedBytesMax(bytesMax + bytes) + pieces.order.length * SOFT_BREAK_BYTES,
  }
}
const SOFT_BREAK_BYTES = 3

/** What a template says, encoded for all of its mails. */
function encodedOnce(fixed: readonly string[]): readonly EncodedText[] {
  if (fixed.length === 0) return NOTHING
  const known = encoded.get(fixed)
  if (known) return known
  const texts = fixed.map(encodedText)
  encoded.set(fixed, texts)
  return texts
}
const encoded = new WeakMap<readonly string[], readonly EncodedText[]>()
const NOTHING: readonly EncodedText[] = []

/** Reused between pieces: encoding never waits, so two mails never share it. */
let source = Buffer.allocUnsafeSlow(65_536)

/** Writes a text's UTF-8 into `source`. @returns how many bytes */
function writeSource(text: string): number {
  if (source.length < text.length * UTF8_BYTES_PER_UNIT_MAX)
    source = Buffer.allocUnsafeSlow(text.length * UTF8_BYTES_PER_UNIT_MAX * 2)
  return source.write(text, 'utf8')
}

function writePart({ pieces, fixed, start, encoding }: Part, target: Buffer, partAt: number): number {
  const at = partAt + start[encoding].copy(target, partAt)
  // Text is canonical with CRLF in every encoding (RFC 2046 §4.1.1).
  if (encoding === 'base64')
    return writeBase64(Buffer.from(joined(pieces).replaceAll(/\r?\n/g, '\r\n'), 'utf8'), target, at)
  const cursor = cursorAt(target, at)
  let next = 0
  for (const place of pieces.order) {
    const text = fixed[place]
    if (text) writeEncodedText(cursor, text)
    else if (place === OWN) {
      const length = writeSource(pieces.own[next++] ?? '')
      writeQuotedPrintable(cursor, source, length)
    }
  }
  endQuotedPrintable(cursor)
  return cursor.at
}

function partStart(contentType: string, encoding: string): Buffer {
  return Buffer.from(
    `\r\n--${BOUNDARY}\r\nContent-Type: ${contentType}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`,
  )
}
