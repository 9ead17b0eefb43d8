/** Secrets that grant something: how they are written, hashed and compared. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { fromWire, newSecret, toWire, wirePattern, type OrgId } from '../../platform/ids.ts'

/** RFC 4648 §6. */
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const ORG_DIGITS = 26
/** Characters of an API key's secret that may be shown again, to tell keys apart. */
const PREFIX_LENGTH = 8
const API_KEY_MARK = 'fan_live_'

/** RFC 4648 base32 without padding, as authenticator apps read it. */
export function base32(bytes: Buffer): string {
  let bits = 0
  let value = 0
  let text = ''
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += BASE32.charAt((value >>> bits) & 31)
    }
    value &= 0xff
  }
  return bits > 0 ? text + BASE32.charAt((value << (5 - bits)) & 31) : text
}

/** The SHA-256 under which a secret of 112 bits or more is stored. Source: ASVS 6.5.2 */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** Equal, compared in a time that tells nothing about where they differ. */
export function sameHash(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

/** 160 random bits in lower-case base32. */
export function newBase32Secret(): string {
  return base32(Buffer.from(newSecret(), 'base64url')).toLowerCase()
}

/** A token that names its organization, so that it is looked up under that organization's policy. */
export function newTenantToken(orgId: OrgId): string {
  return toWire('organization', orgId).slice(-ORG_DIGITS) + newBase32Secret()
}

/** The organization that a token names; null when it has not the shape of one. */
export function organizationOfToken(token: string): OrgId | null {
  const wire = `org_${token.slice(0, ORG_DIGITS)}`
  if (!wirePattern('organization').test(wire) || !/^[a-z2-7]{32}$/.test(token.slice(ORG_DIGITS))) return null
  return fromWire('organization', wire) as OrgId // the pattern proved its shape
}

/** A new API key of an organization: shown once, stored as its hash. */
export function newApiKey(orgId: OrgId): { key: string; prefix: string } {
  const key = API_KEY_MARK + newTenantToken(orgId)
  return { key, prefix: prefixOf(key) }
}

/** What an API key says about itself; null for anything that is none. */
export function readApiKey(key: string): { orgId: OrgId; prefix: string } | null {
  if (!key.startsWith(API_KEY_MARK)) return null
  const orgId = organizationOfToken(key.slice(API_KEY_MARK.length))
  return orgId === null ? null : { orgId, prefix: prefixOf(key) }
}

const prefixOf = (key: string): string =>
  key.slice(API_KEY_MARK.length + ORG_DIGITS, API_KEY_MARK.length + ORG_DIGITS + PREFIX_LENGTH)
