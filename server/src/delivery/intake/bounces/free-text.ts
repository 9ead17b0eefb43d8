/**
 * Reports that are written for people only: who was not reached, and what was said about each. No program is known by
 * name here; what is known are the few shapes in which all of them write.
 */
import { addressIn } from './delivery-status.ts'

/** What a text says about one recipient. */
export interface Mention {
  address: string | null
  text: string
  /** What else the report says: read when the own text says nothing that is understood. */
  context: string
}

/** Where the returned message begins: nothing behind it is about the failure. */
const RETURNED = [
  /^[-=*_ \t>#]{2,}[^\n]*\b(?:below this line|original (?:message|mail|e-?mail)|returned (?:message|mail)|copy of (?:the|your) message|header of the original|message header|undelivered message|unsent message|message (?:text )?follows|start of (?:the )?returned)\b[^\n]*$/im,
  /^(?:the )?(?:original message|undelivered message|your message|message header|included is a copy|header of the message|the header of the original message)\b[^\n]*(?:follows?|below|header)\b[^\n]*:?\s*$/im,
  /^[ \t>]*(?:----+|====+)?\s*(?:original message|message d'origine|ursprüngliche nachricht|mensaje original)\s*(?:----+|====+)?:?\s*$/im,
  /^included is a copy of the message/im,
  /^(?:content-type|mime-version):\s*message\/rfc822/im,
  /^(?:received|return-path):.*(?:\n[ \t].*)*\n(?:received|message-id|from|to|date|subject|mime-version|delivered-to|x-[\w-]+):/im,
]

/** The part of a text that is about the failure. */
export function aboutFailure(text: string): string {
  let end = text.length
  for (const pattern of RETURNED) {
    const at = text.search(pattern)
    if (at > 0 && at < end) end = at
  }
  return text.slice(0, end)
}

/** A line that introduces a recipient: nothing but the address, or the address and what was said. */
const INTRODUCTION =
  /^[ \t>*]*(?:(?:to|recipient|recipient address|rcpt to|address|could not be delivered to|delivery (?:to|failed for)|failed (?:address|recipients?)|user|for|an|à|errors? (?:for|to)|message (?:to|for))\s*[:=]?\s*)?(?:"[^"@\n]*"\s*)?[<"'(]?([^\s<>()"';,:|]+@[A-Za-z0-9][A-Za-z0-9.-]*)[>"')]?(?=\s|$|[:;,.]|\.\.\.)([^\n]*)$/gim
/** What programs say in every report, whatever happened: it must not be read for the reason. */
const BOILERPLATE = [
  /this is (?:the|a|an) [^.\n]*(?:mail (?:system|delivery agent)|program|agent)[^\n]*/gi,
  /i'?m (?:sorry|afraid)[\s\S]*?(?:\.(?=\s)|$)/gi,
  /this is a permanent error[^.\n]*\.?|i'?ve given up[^.\n]*\.?|sorry it didn'?t work out\.?/gi,
  /i'?m not going to try again;?[^.\n]*\.?|this message has been in the queue too long\.?/gi,
  /google tried to deliver your message, but it was rejected by the (?:server for the )?recipient\s+domain[^.\n]*(?:by \S+ \[[^\]]*\])?\.?/gi,
  /we recommend contacting the other email provider[^.]*\./gi,
  /your message wasn'?t delivered to \S+ because the address couldn'?t be found, or is unable to receive mail\.?/gi,
  /each of the following recipients was rejected by a remote\s+mail server\.?/gi,
  /a message that you (?:have )?sent could not be\s+delivered[^.]*\./gi,
  /(?:for further assistance|if you do so|you can\s+delete|please include this)[^.]*\.?/gi,
  /the error that the other server returned was:|the response (?:from the remote server )?was:|learn more (?:at|here)|technical details of (?:permanent|temporary) failure:/gi,
  /^\s*(?:in|out):\s*(?:2\d\d|ehlo|helo|quit|rset)[^\n]*/gim,
  /<<< (?:2\d\d|503)[^\n]*/gi,
  /please (?:check|verify)[^.\n]*(?:and try|address)[^.\n]*\.?/gi,
]

/** A text without what every report says, without addresses and the paths of links: the words that are left have a meaning. */
export function tellingText(text: string): string {
  let rest = text
  for (const pattern of BOILERPLATE) rest = rest.replaceAll(pattern, ' ')
  return rest
    .replaceAll(/(?:https?:\/\/|www\.)([^/\s?#]+)\S*/gi, ' $1 ')
    .replaceAll(/recipient address rejected: ?(?=[a-z])/gi, ' ')
    .replaceAll(/<?[^\s<>@]+@[A-Za-z0-9.-]+>?/g, ' @ ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** Lines that name people who are not the ones that failed. */
const NOT_ABOUT =
  /^[ \t>*]*(?:from|sender|reply-to|cc|subject|date|sent|mail from|message-id|return-path|received|postmaster|contact|envelope-from|originator)\b/i

/**
 * Who is named as not reached, in order, each with the text up to the next one.
 * @param others  addresses that are certainly not meant: the report's own sender and reader
 */
export function mentionsIn(text: string, others: ReadonlySet<string>): Mention[] {
  const starts: { address: string; at: number }[] = []
  for (const match of text.matchAll(INTRODUCTION)) {
    const address = (match[1] ?? '').replace(/\.+$/, '')
    if (NOT_ABOUT.test(match[0]) || others.has(address.toLowerCase())) continue
    if (!starts.some((start) => start.address.toLowerCase() === address.toLowerCase()))
      starts.push({ address, at: match.index })
  }
  if (starts.length === 0) {
    const quoted = /RCPT TO:\s*<([^>\s]+@[^>\s]+)>/i.exec(text)?.[1] ?? null
    return [{ address: quoted ?? anyOther(text, others), text, context: '' }]
  }
  return starts.map(({ address, at }, index) => {
    // One recipient: what is said before its name is about it, too.
    return {
      address,
      text: text.slice(at, starts[index + 1]?.at),
      context: starts.length === 1 ? text : text.slice(0, starts[0]?.at),
    }
  })
}

function anyOther(text: string, others: ReadonlySet<string>): string | null {
  for (const word of text.split(/\s+/)) {
    const address = word.includes('@') ? addressIn(word) : null
    if (address !== null && !others.has(address.toLowerCase())) return address
  }
  return null
}
