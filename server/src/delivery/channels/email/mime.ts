/**
 * Our MIME builder: one mail with a text and an HTML part, in 7 bits, every line of ours. What is the same in all
 * mails of a run is encoded once (`mailComposer`), what is personal per call.
 * Sources: RFC 5322, RFC 2045–2047, RFC 8058, RFC 3834; PC-11, PC-12, PC-27, PC-28.
 */
import { addressField, lineOf, textField, tokenField, type HeaderField } from './headers.ts'
import { MailRoom, UTF8_BYTES_PER_UNIT_MAX, type WritingPlace } from './mail-room.ts'
import { encodedBytesMax, shorterEncoding, writeBase64, writeQuotedPrintable } from './transfer-encoding.ts'

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
  html: string
  text: string
  /** Without angle brackets: `token@domain`. */
  messageId: string
  date: Date
  /** RFC 8058: the https address that takes the one-click POST. Null for mail that one cannot unsubscribe from. */
  unsubscribe: { url: string; mailto: string | null } | null
}

/** Headers and body apart, as DKIM wants them. */
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
/** Reused between parts: encoding never waits, so two mails never share it. */
let source = Buffer.allocUnsafeSlow(65_536)

function alternativeBody(text: string, html: string, place: WritingPlace): Buffer {
  const { bytes, start } = place.begin(
    HEAD_BYTES_MAX +
      encodedBytesMax((text.length + html.length) * UTF8_BYTES_PER_UNIT_MAX) +
      PART_STARTS_BYTES_MAX,
  )
  const bodyStart = start + HEAD_BYTES_MAX
  let at = writePart(text, PART_START.text, { bytes, at: bodyStart })
  at = writePart(html, PART_START.html, { bytes, at })
  at += BODY_END.copy(bytes, at)
  place.end(at)
  return bytes.subarray(bodyStart, at)
}
const PART_STARTS_BYTES_MAX = 1_024

function writePart(
  content: string,
  start: (typeof PART_START)['text'],
  target: { bytes: Buffer; at: number },
): number {
  if (source.length < content.length * UTF8_BYTES_PER_UNIT_MAX)
    source = Buffer.allocUnsafeSlow(content.length * UTF8_BYTES_PER_UNIT_MAX * 2)
  const bytes = source.subarray(0, source.write(content, 'utf8'))
  const encoding = shorterEncoding(bytes)
  const at = target.at + start[encoding].copy(target.bytes, target.at)
  if (encoding === 'quoted-printable') return writeQuotedPrintable(bytes, target.bytes, at)
  // Text is canonical with CRLF in every encoding (RFC 2046 §4.1.1).
  return writeBase64(Buffer.from(content.replaceAll(/\r?\n/g, '\r\n'), 'utf8'), target.bytes, at)
}

function partStart(contentType: string, encoding: string): Buffer {
  return Buffer.from(
    `\r\n--${BOUNDARY}\r\nContent-Type: ${contentType}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`,
  )
}
