/**
 * The short form of a message token, for texts that pay by the character: 14 to 17 letters and digits.
 *
 *     lengths 1 ‖ source number 1–6 ‖ contact 1–9 ‖ slot 1 ‖ MAC 7
 *
 * The MAC is the beginning of the long token's own (41.7 of its bits), over the source's key and not over its number:
 * numbers that a restored backup gives away again lead nowhere. What a guess can win, and why that is enough, stands in
 * `docs/decisions/short-links.md`.
 * Source: issue 4, tracked short links on the organization's domain; RFC 4493
 */
import { assert } from '../../platform/errors.ts'
import type { ContactId } from '../../platform/ids.ts'
import { BLOCK_BYTES, macOf, type Cmac } from './cmac.ts'
import { FIRST_LINK_SLOT, SLOTS, writeBlock, type TokenPurpose } from './format.ts'

/** No dash and no underscore: telephones end a link before them when they stand last. */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const BASE = DIGITS.length
const VALUES = new Map(Array.from(DIGITS, (digit, value) => [digit, value] as const))
const SOURCE_DIGITS_MAX = 6
const CONTACT_DIGITS_MAX = 9
const MAC_DIGITS = 7
const MACS = BASE ** MAC_DIGITS
const CONTACT_MAX = 2 ** 48
/** Purposes that have a short form, in the order of their slots; links follow. */
const PURPOSES = ['unsubscribe', 'preferences', 'view'] as const
const CHARS_MIN = 1 + 1 + 1 + 1 + MAC_DIGITS
const CHARS_MAX = 1 + SOURCE_DIGITS_MAX + CONTACT_DIGITS_MAX + 1 + MAC_DIGITS

/** Links of one message that have a short form; those after them keep the long one. */
export const SHORT_LINKS_MAX = BASE - PURPOSES.length
/** Characters that previews count: what codes have up to 14 million contacts and as many sources. */
export const SHORT_CODE_CHARS = 17

/** A purpose that has a short form. */
export type ShortPurpose = (typeof PURPOSES)[number]

/** What a code says, before its MAC is checked: that takes the source's key. */
export interface ShortContent {
  sourceNo: number
  contactId: ContactId
  purpose: TokenPurpose
  linkNo: number | null
  /** Does the code come from us, if this is the key of its source? */
  isGenuine(cmac: Cmac, sourceKey: bigint): boolean
}

/** Everything before the slot, the same for all codes of one message. */
export function shortHead(sourceNo: number, contact: number): string {
  const source = digitsOf(sourceNo)
  const person = digitsOf(contact)
  assert(source.length <= SOURCE_DIGITS_MAX, 'a source number has six digits at most')
  return (DIGITS[(source.length - 1) * CONTACT_DIGITS_MAX + person.length - 1] ?? '') + source + person
}

/** The rest: slot and MAC. `mac48` are the first six bytes of the long token's MAC. */
export const shortTail = (place: number, mac48: number): string =>
  (DIGITS[place] ?? '') + digitsOf(mac48 % MACS).padStart(MAC_DIGITS, '0')

/** Where a purpose stands among the slots of short codes. */
export const shortPlace = (purpose: ShortPurpose): number => PURPOSES.indexOf(purpose)
/** Where link n stands. */
export const shortLinkPlace = (linkNo: number): number => PURPOSES.length + linkNo

/** @returns null for whatever cannot be a code of ours */
export function readShortContent(code: string): ShortContent | null {
  if (code.length < CHARS_MIN || code.length > CHARS_MAX) return null
  const lengths = VALUES.get(code.charAt(0))
  if (lengths === undefined) return null
  const sourceDigits = Math.floor(lengths / CONTACT_DIGITS_MAX) + 1
  const contactEnd = 1 + sourceDigits + (lengths % CONTACT_DIGITS_MAX) + 1
  if (sourceDigits > SOURCE_DIGITS_MAX || code.length !== contactEnd + 1 + MAC_DIGITS) return null
  const sourceNo = numberOf(code.slice(1, 1 + sourceDigits))
  const contact = numberOf(code.slice(1 + sourceDigits, contactEnd))
  const place = VALUES.get(code.charAt(contactEnd))
  if (sourceNo === null || contact === null || place === undefined) return null
  if (contact < 1 || contact >= CONTACT_MAX) return null
  const purpose = PURPOSES[place]
  const linkNo = place - PURPOSES.length
  const slot = purpose === undefined ? FIRST_LINK_SLOT + linkNo : SLOTS[purpose]
  return {
    sourceNo,
    contactId: String(contact) as ContactId, // the MAC says whether we wrote it
    purpose: purpose ?? 'click',
    linkNo: purpose === undefined ? linkNo : null,
    isGenuine: (cmac, sourceKey) => {
      const block = Buffer.alloc(BLOCK_BYTES)
      writeBlock(block, 0, sourceKey, contact, slot)
      // The whole code is written anew and compared: there is one way to write each.
      const written = shortHead(sourceNo, contact) + shortTail(place, macOf(cmac, block).readUIntBE(0, 6))
      return written === code
    },
  }
}

function digitsOf(value: number): string {
  let digits = ''
  let rest = value
  do {
    digits = (DIGITS[rest % BASE] ?? '') + digits
    rest = Math.floor(rest / BASE)
  } while (rest > 0)
  return digits
}

function numberOf(digits: string): number | null {
  let value = 0
  for (const digit of digits) {
    const place = VALUES.get(digit)
    if (place === undefined) return null
    value = value * BASE + place
  }
  return value
}
