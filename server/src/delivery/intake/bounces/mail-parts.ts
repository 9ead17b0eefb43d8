/**
 * A mail taken apart, as far as reports need it: unfolded headers and decoded texts. Forgiving, because what comes
 * back is written by every program there ever was: boundaries that are never closed, headers without a mail.
 */

/** A part of a mail, or the mail itself. */
export interface MailPart {
  /** Lower-case names; values unfolded, encoded words decoded. A name that stands twice has both values. */
  headers: ReadonlyMap<string, readonly string[]>
  /** Lower-case media type, `text/plain` when none is stated. */
  type: string
  /** Parameters of the content type. */
  parameters: ReadonlyMap<string, string>
  /** Decoded text of a leaf; empty for a multipart. Line ends are `\n`. */
  text: string
  parts: readonly MailPart[]
}

/** Bytes of a mail that are read; reports say what they say at their beginning. */
export const REPORT_BYTES_MAX = 512 * 1024
const DEPTH_MAX = 8
const PARTS_MAX = 50

/** Takes a mail apart. Never throws. */
export function readMailParts(source: Buffer): MailPart {
  const text = source.subarray(0, REPORT_BYTES_MAX).toString('latin1').replaceAll(/\r\n?/g, '\n')
  return readPart(text.replace(/^From [^\n]*\n/, ''), 0)
}

/** The first value of a header; empty when there is none. */
export const header = (part: Pick<MailPart, 'headers'>, name: string): string =>
  part.headers.get(name)?.[0] ?? ''

/** All parts of a mail, the mail first. */
export function* walk(part: MailPart): Generator<MailPart> {
  yield part
  for (const child of part.parts) yield* walk(child)
}

function readPart(source: string, depth: number): MailPart {
  const blank = /^\n|\n[ \t]*\n/.exec(source)
  const head = blank ? source.slice(0, blank.index) : source
  const body = blank ? source.slice(blank.index + blank[0].length) : ''
  const headers = readHeaders(head)
  const { type, parameters } = readContentType(headers.get('content-type')?.[0] ?? '')
  if (type.startsWith('multipart/') && depth < DEPTH_MAX) {
    const boundary = boundaryOf(body, parameters.get('boundary'))
    const parts = boundary === null ? [] : splitAt(body, boundary).map((part) => readPart(part, depth + 1))
    if (parts.length > 0) return { headers, type, parameters, text: '', parts }
  }
  const encoding = (headers.get('content-transfer-encoding')?.[0] ?? '').trim().toLowerCase()
  return { headers, type, parameters, text: decode(body, encoding, parameters.get('charset')), parts: [] }
}

/** Reads lines of headers, also such as stand in a text: a line that is none is skipped. */
export function readHeaders(source: string): Map<string, string[]> {
  const headers = new Map<string, string[]>()
  for (const line of source.replaceAll(/\n[ \t]+/g, ' ').split('\n')) {
    const match = /^([!-9;-~]+)[ \t]*:[ \t]*(.*)$/.exec(line)
    if (!match) continue
    const name = (match[1] ?? '').toLowerCase()
    headers.set(name, [...(headers.get(name) ?? []), decodeWords(match[2] ?? '').trim()])
  }
  return headers
}

function readContentType(value: string): { type: string; parameters: Map<string, string> } {
  const parameters = new Map<string, string>()
  for (const match of value.matchAll(/([\w-]+)\s*=\s*(?:"((?:\\.|[^"])*)"|([^\s;]+))/g))
    parameters.set((match[1] ?? '').toLowerCase(), match[2] ?? match[3] ?? '')
  const type = /^\s*([\w-]+\/[\w.+-]+)/.exec(value)?.[1]?.toLowerCase() ?? 'text/plain'
  return { type, parameters }
}

/** The declared boundary; where the body does not use it, the first line that stands there like one. */
function boundaryOf(body: string, declared: string | undefined): string | null {
  if (declared !== undefined && `\n${body}`.includes(`\n--${declared}`)) return declared
  return /^--(\S[^\n]*?)[ \t]*\n(?:content-|\n|mime-)/im.exec(body)?.[1] ?? null
}

function splitAt(body: string, boundary: string): string[] {
  const [, ...parts] = `\n${body}`.split(`\n--${boundary}`)
  return parts
    .filter((part) => !part.startsWith('--'))
    .slice(0, PARTS_MAX)
    .map((part) => part.replace(/^[ \t]*\n/, ''))
}

function decode(body: string, encoding: string, charset: string | undefined): string {
  return decodeCharset(decodeTransfer(body, encoding), charset)
}

function decodeTransfer(body: string, encoding: string): Buffer {
  if (encoding === 'base64') return Buffer.from(body, 'base64')
  if (encoding !== 'quoted-printable') return Buffer.from(body, 'latin1')
  const text = body
    .replaceAll(/=[ \t]*\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(text, 'latin1')
}

/** Undeclared eight-bit text is UTF-8 where it can be. */
function decodeCharset(bytes: Buffer, charset = 'utf-8'): string {
  try {
    return new TextDecoder(charset.toLowerCase() === 'us-ascii' ? 'utf-8' : charset).decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}

const decodeWords = (value: string): string =>
  value.replaceAll(
    /=\?([^?\s]+)\?([bq])\?([^?]*)\?=(?:\s+(?==\?))?/gi,
    (_, charset: string, encoding: string, text: string) =>
      encoding.toLowerCase() === 'b'
        ? decodeCharset(Buffer.from(text, 'base64'), charset)
        : decodeCharset(decodeTransfer(text.replaceAll('_', ' '), 'quoted-printable'), charset),
  )
