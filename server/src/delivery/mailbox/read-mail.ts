/**
 * Reads a mail for people to look at: headers decoded, text and HTML found, links listed. Never throws: whatever is
 * broken is shown as it is. Sources: RFC 2045–2047, RFC 5322
 */

/** One header field, unfolded and decoded. */
export interface ReadHeader {
  name: string
  value: string
}

/** A mail as the mailbox shows it. */
export interface ReadMail {
  headers: ReadHeader[]
  subject: string
  from: string
  to: string
  messageId: string
  html: string | null
  text: string | null
  /** Every http address of the HTML, else of the text, in order, each once. */
  links: string[]
}

const PARTS_MAX = 100
const DEPTH_MAX = 8
const LINKS_MAX = 500
const HEADERS_MAX = 500

interface Part {
  headers: ReadHeader[]
  body: string
}

/** @param source the mail's bytes */
export function readMail(source: Buffer): ReadMail {
  const root = splitPart(source.toString('latin1'))
  const found: Found = { html: null, text: null, parts: 0 }
  collect(root, found, 0)
  return {
    headers: root.headers,
    subject: headerOf(root, 'subject'),
    from: headerOf(root, 'from'),
    to: headerOf(root, 'to'),
    messageId: headerOf(root, 'message-id').replaceAll(/^<|>$/g, ''),
    html: found.html,
    text: found.text,
    links: linksIn(found.html, found.text),
  }
}

/** The head alone: what a list needs, without reading the body. */
export function readHeaders(
  source: Buffer,
): Pick<ReadMail, 'headers' | 'subject' | 'from' | 'to' | 'messageId'> {
  const end = source.indexOf('\r\n\r\n')
  const {
    html: _html,
    text: _text,
    links: _links,
    ...head
  } = readMail(end === -1 ? source : source.subarray(0, end + 4))
  return head
}

interface Found {
  html: string | null
  text: string | null
  parts: number
}

function collect(part: Part, found: Found, depth: number): void {
  found.parts += 1
  if (found.parts > PARTS_MAX || depth > DEPTH_MAX) return
  const type = headerOf(part, 'content-type')
  const boundary = /^multipart\//i.test(type) ? parameter(type, 'boundary') : null
  if (boundary !== null) {
    for (const piece of splitMultipart(part.body, boundary)) collect(splitPart(piece), found, depth + 1)
    return
  }
  if (/^attachment/i.test(headerOf(part, 'content-disposition'))) return
  if (/^text\/html/i.test(type)) found.html ??= decodedBody(part, type)
  else if (type === '' || /^text\/plain/i.test(type)) found.text ??= decodedBody(part, type)
}

function splitPart(raw: string): Part {
  const at = raw.search(/\r?\n\r?\n/)
  const head = at === -1 ? raw : raw.slice(0, at)
  const body = at === -1 ? '' : raw.slice(at).replace(/^\r?\n\r?\n/, '')
  const lines = head
    .replaceAll(/\r?\n[ \t]/g, ' ')
    .split(/\r?\n/)
    .slice(0, HEADERS_MAX)
  const headers = lines.flatMap((line): ReadHeader[] => {
    const colon = line.indexOf(':')
    return colon < 1
      ? []
      : [{ name: line.slice(0, colon).trim(), value: decodeWords(line.slice(colon + 1).trim()) }]
  })
  return { headers, body }
}

function splitMultipart(body: string, boundary: string): string[] {
  const pieces = `\r\n${body}`.split(`\n--${boundary}`)
  // Before the first boundary and after the closing one stands nothing for people.
  return pieces
    .slice(1)
    .filter((piece) => !piece.startsWith('--'))
    .map((piece) => piece.replace(/^[ \t]*\r?\n/, '').replace(/\r$/, ''))
}

const headerOf = (part: Part, name: string): string =>
  part.headers.find((header) => header.name.toLowerCase() === name)?.value ?? ''

const parameter = (value: string, name: string): string | null =>
  new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]+))`, 'i')
    .exec(value)
    ?.slice(1)
    .find((match) => match !== undefined) ?? null

function decodedBody(part: Part, type: string): string {
  const encoding = headerOf(part, 'content-transfer-encoding').toLowerCase()
  const bytes =
    encoding === 'base64'
      ? Buffer.from(part.body, 'base64')
      : Buffer.from(encoding === 'quoted-printable' ? unquoted(part.body) : part.body, 'latin1')
  return textOf(bytes, parameter(type, 'charset') ?? 'utf-8')
}

const unquoted = (text: string): string =>
  text
    .replaceAll(/[ \t]*=\r?\n/g, '')
    .replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

function textOf(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return bytes.toString('utf8')
  }
}

/** Encoded words become text; the blanks between two of them vanish (RFC 2047 §6.2). */
function decodeWords(value: string): string {
  const joined = value.replaceAll(/(=\?[^?\s]+\?[BbQq]\?[^?\s]*\?=)\s+(?==\?[^?\s]+\?[BbQq]\?)/g, '$1')
  const decoded = joined.replaceAll(
    /=\?([^?\s]+)\?([BbQq])\?([^?\s]*)\?=/g,
    (_, charset: string, kind: string, text: string) => {
      const bytes =
        kind.toUpperCase() === 'B'
          ? Buffer.from(text, 'base64')
          : Buffer.from(unquoted(text.replaceAll('_', ' ')), 'latin1')
      return textOf(bytes, charset)
    },
  )
  // Raw bytes beyond ASCII are UTF-8 by RFC 6532.
  return decoded === value && /[\u0080-\u00ff]/.test(value)
    ? Buffer.from(value, 'latin1').toString('utf8')
    : decoded
}

function linksIn(html: string | null, text: string | null): string[] {
  const found =
    html === null
      ? [...(text ?? '').matchAll(/https?:\/\/[^\s<>"]+/g)].map(([link]) => link)
      : [...html.matchAll(/\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].map((match) =>
          (match[1] ?? match[2] ?? '').replaceAll('&amp;', '&'),
        )
  return [...new Set(found.filter((link) => /^https?:/i.test(link)))].slice(0, LINKS_MAX)
}
