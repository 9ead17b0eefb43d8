/** Reads SMTP replies from a stream of bytes (RFC 5321 §4.2). */
import type { ProviderReply } from '../../outcome.ts'

/** A reply with its lines, as EHLO needs them. */
export interface SmtpReply extends ProviderReply {
  lines: readonly string[]
}

/** Longest unfinished reply we keep: a server that sends more than this without a line end is not a mail server. */
const BUFFERED_CHARS_MAX = 65_536
const LINES_MAX = 128

const REPLY_LINE = /^([2-5]\d\d)([ -]?)(.*)$/
const ENHANCED_CODE = /^([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)/

/** Collects bytes and gives whole replies. One per connection. */
export class ReplyReader {
  #rest = ''
  #lines: string[] = []

  /**
   * Takes the bytes that arrived.
   * @returns the replies that they complete; null when they are not SMTP, after which the reader is of no use
   */
  read(bytes: Buffer): SmtpReply[] | null {
    const text = this.#rest + bytes.toString('utf8')
    const replies: SmtpReply[] = []
    let start = 0
    for (let end = text.indexOf('\n', start); end !== -1; end = text.indexOf('\n', start)) {
      const line =
        text.charCodeAt(end - 1) === 13 && end > start ? text.slice(start, end - 1) : text.slice(start, end)
      start = end + 1
      const parsed = REPLY_LINE.exec(line)
      if (!parsed || this.#lines.length >= LINES_MAX) return null
      this.#lines.push(parsed[3] ?? '')
      if (parsed[2] === '-') continue
      replies.push(toReply(Number(parsed[1]), this.#lines))
      this.#lines = []
    }
    this.#rest = start === 0 ? text : text.slice(start)
    return this.#rest.length > BUFFERED_CHARS_MAX ? null : replies
  }
}

function toReply(code: number, lines: readonly string[]): SmtpReply {
  const [first = ''] = lines
  const said = ENHANCED_CODE.exec(first)
  const enhanced = said?.[1] ?? null
  const text = said === null ? first : first.slice(said[0].length)
  if (lines.length === 1) return { code, enhanced, text, lines }
  // Every line of a multi-line reply repeats the enhanced code (RFC 2034 §4); people read it once.
  const more = lines.slice(1).map((line) => line.replace(ENHANCED_CODE, ''))
  return { code, enhanced, text: [text, ...more].join(' '), lines }
}
