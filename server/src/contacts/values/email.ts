/** E-mail addresses: exactly one address, in the one form in which we store and compare it. */
import { domainToASCII } from 'node:url'
import { type Parsed, read, refused } from './reasons.ts'

/** Source: RFC 5321 §4.5.3.1. */
const LOCAL_CHARS_MAX = 64
const ADDRESS_CHARS_MAX = 254

/** A dot-atom. Quoted local parts are valid by RFC 5321 but no mailbox provider issues them. Source: RFC 5322 §3.2.3. */
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/

/**
 * Reads one address and gives it lower-cased, its domain in ASCII (IDNA). `Jean Dupont <jean@exemple.fr>` gives the
 * address in the brackets. Control characters, spaces, commas and second addresses are refused, so that no address
 * can carry a header or a further recipient into a message.
 *
 * Lower-casing the local part departs from RFC 5321 on purpose: no large provider tells `A@` from `a@`, and a
 * suppression must catch both (PC-23).
 */
export function parseEmail(text: string): Parsed<string> {
  const inBrackets = /^[^<>@]*<([^<>]*)>$/.exec(text.trim())
  const address = (inBrackets?.[1] ?? text)
    .trim()
    .replace(/^mailto:/i, '')
    .toLowerCase()
  if (address.length > ADDRESS_CHARS_MAX) return refused('email_too_long')
  const at = address.lastIndexOf('@')
  if (at === -1) return refused('email_no_at')
  if (/[,;]|\s\S/.test(address) && address.indexOf('@') !== at) return refused('email_several')
  const local = address.slice(0, at)
  if (local.length > LOCAL_CHARS_MAX || !LOCAL.test(local)) return refused('email_local')
  const written = address.slice(at + 1)
  if (DOMAIN.test(written) && !written.includes('xn--')) return read(address)
  const domain = /[\s/:?#[\]\\%]/.test(written) ? '' : domainToASCII(written)
  if (!DOMAIN.test(domain)) return refused('email_domain')
  const ascii = `${local}@${domain}`
  return ascii.length > ADDRESS_CHARS_MAX ? refused('email_too_long') : read(ascii)
}
