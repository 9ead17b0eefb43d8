/** What the SMTP client takes, and the checks that keep an address from becoming a command. */
import type { ProviderReply, RefusalStage } from '../../outcome.ts'
import type { MailRoom } from '../mail-room.ts'

/** One message for one recipient. */
export interface SmtpMessage {
  /** Return path; empty for the null sender. */
  from: string
  to: string
  /** Headers and body with CRLF line ends, not dot-stuffed. */
  data: Buffer
  /** Called when its outcome is known: nobody reads it any more. */
  done?(): void
}

/** What a server said it can do, from its answer to EHLO. */
export interface ServerFeatures {
  pipelining: boolean
  startTls: boolean
  eightBitMime: boolean
  smtpUtf8: boolean
  /** Largest message in octets; null when the server names no limit. */
  sizeMax: number | null
  sizeKnown: boolean
  authMethods: readonly string[]
}

/** Reads the answer to EHLO (RFC 5321 §4.1.1.1). The first line is the server's greeting. */
export function readFeatures(lines: readonly string[]): ServerFeatures {
  const words = lines.slice(1).map((line) =>
    line
      .trim()
      .toUpperCase()
      .split(/[\s=]+/),
  )
  const named = (name: string): string[] | undefined => words.find((word) => word[0] === name)
  const size = named('SIZE')
  const sizeMax = Number(size?.[1] ?? 0)
  return {
    pipelining: named('PIPELINING') !== undefined,
    startTls: named('STARTTLS') !== undefined,
    eightBitMime: named('8BITMIME') !== undefined,
    smtpUtf8: named('SMTPUTF8') !== undefined,
    sizeMax: sizeMax > 0 ? sizeMax : null,
    sizeKnown: size !== undefined,
    authMethods: words.filter((word) => word[0] === 'AUTH').flatMap((word) => word.slice(1)),
  }
}

/** RFC 5321 §4.5.3.1: longest path. */
const ADDRESS_CHARS_MAX = 254
/** One addr-spec without quoting, spaces, controls or brackets: nothing in it can end a command or add a recipient. */
const SAFE_ADDRESS = /^[^\s\p{Cc}<>()[\]\\,;:"@]+@[^\s\p{Cc}<>()\\,;:"@]+$/u
const BEYOND_ASCII = /\P{ASCII}/u

/**
 * Why this message cannot be offered to this server at all, seen before a byte is sent.
 * @returns null when it can
 */
export function localRefusal(
  message: SmtpMessage,
  features: ServerFeatures,
): { reply: ProviderReply; stage: RefusalStage } | null {
  if (message.from !== '' && !isSafeAddress(message.from))
    return refusal('sender', '5.1.7', 'The return path is not a valid address.')
  if (!isSafeAddress(message.to)) return refusal('recipient', '5.1.3', 'The address is not valid.')
  if (needsSmtpUtf8(message) && !features.smtpUtf8)
    return refusal('recipient', '5.6.7', 'The mail server does not take addresses beyond ASCII.')
  return null
}

/** The same for what is known once the message is written. */
export function sizeRefusal(
  sizeBytes: number,
  { sizeMax }: ServerFeatures,
): { reply: ProviderReply; stage: RefusalStage } | null {
  if (sizeMax === null || sizeBytes <= sizeMax) return null
  return refusal(
    'content',
    '5.3.4',
    `The message is larger than the ${sizeMax} bytes that the mail server takes.`,
  )
}

/** Is this one addr-spec that may stand in MAIL FROM or RCPT TO? */
export function isSafeAddress(address: string): boolean {
  return address.length <= ADDRESS_CHARS_MAX && SAFE_ADDRESS.test(address)
}

/** The commands that open a message; DATA comes last, so that all three may travel in one write (RFC 2920). */
export function envelopeCommands(
  message: SmtpMessage,
  sizeBytes: number,
  features: ServerFeatures,
): [mail: string, rcpt: string, data: string] {
  let mail = `MAIL FROM:<${message.from}>`
  if (features.sizeKnown) mail += ` SIZE=${sizeBytes}`
  if (needsSmtpUtf8(message)) mail += ' SMTPUTF8 BODY=8BITMIME'
  return [`${mail}\r\n`, `RCPT TO:<${message.to}>\r\n`, 'DATA\r\n']
}

const needsSmtpUtf8 = (message: SmtpMessage): boolean =>
  BEYOND_ASCII.test(message.to) || BEYOND_ASCII.test(message.from)

const refusal = (
  stage: RefusalStage,
  enhanced: string,
  text: string,
): { reply: ProviderReply; stage: RefusalStage } => ({ reply: { code: 0, enhanced, text }, stage })

const CRLF_DOT = Buffer.from('\r\n.')
const DOT = 0x2e

/** A message as a connection sends it. */
export interface WrittenMessage {
  /** As it stands after DATA, at the end of the room; the final dot is still to come. */
  body: Buffer
  /** Without the dots that only the transport needs. */
  sizeBytes: number
}

/** Writes a message into a room, with a dot before each line that begins with one. Source: RFC 5321 §4.5.2 */
export function writeMessage({ data }: SmtpMessage, room: MailRoom): WrittenMessage {
  const pieces: Buffer[] = []
  let from = 0
  if (data[0] === DOT) pieces.push(ONE_DOT)
  for (let at = data.indexOf(CRLF_DOT); at !== -1; at = data.indexOf(CRLF_DOT, at + 2)) {
    pieces.push(data.subarray(from, at + 2), ONE_DOT)
    from = at + 2
  }
  pieces.push(data.subarray(from))
  if (data.length < 2 || data[data.length - 2] !== CR || data[data.length - 1] !== LF) pieces.push(LINE_END)
  const { bytes, start } = room.begin(
    pieces.reduce((length, piece) => length + piece.length, ROOM_FOR_NEXT_BYTES),
  )
  let end = start
  for (const piece of pieces) end += piece.copy(bytes, end)
  room.end(end)
  return { body: bytes.subarray(start, end), sizeBytes: data.length }
}
const CR = 0x0d
const LF = 0x0a
const ONE_DOT = Buffer.from('.')
const LINE_END = Buffer.from('\r\n')
/** The final dot, and the envelope of the next message. */
const ROOM_FOR_NEXT_BYTES = 2_048
