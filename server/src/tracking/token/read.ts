/** Understanding a token that somebody brings. */
import type { ContactId, OrgId } from '../../platform/ids.ts'
import type { Platform } from '../../platform/platform.ts'
import { readTokenContent, type TokenPurpose, type TokenSource } from './format.ts'
import { findShortSource, findTokenSource } from './queries.ts'
import { readShortContent } from './short.ts'
import { tokenCmac } from './signer.ts'

/** A message, as its token names it. */
export interface TokenMessage extends TokenSource {
  orgId: OrgId
  contactId: ContactId
}

/** A genuine token. */
export interface MessageToken {
  message: TokenMessage
  purpose: TokenPurpose
  linkNo: number | null
}

/** Sources never change, so each process remembers the latest ones. */
const SOURCES_MAX = 10_000

/**
 * Reads a token.
 * @returns null for a token that we have not signed, one for another purpose, and one whose source is not here any
 *   more (a restored backup); callers answer all of them alike
 */
export async function readToken(
  platform: Platform,
  token: string,
  ...purposes: readonly TokenPurpose[]
): Promise<MessageToken | null> {
  const content = readTokenContent(tokenCmac(platform), token)
  if (content === null || !purposes.includes(content.purpose)) return null
  const source = await sourceOf(platform, content.sourceKey)
  if (source === null) return null
  return {
    message: { ...source, contactId: content.contactId },
    purpose: content.purpose,
    linkNo: content.linkNo,
  }
}

/**
 * Reads the code of a short link. Its source is looked up before its MAC can be checked.
 * @returns null for every code that we have not written
 */
export async function readShortCode(platform: Platform, code: string): Promise<MessageToken | null> {
  const content = readShortContent(code)
  if (content === null) return null
  const known = shortCaches.get(platform) ?? new Map<number, Source & { key: string }>()
  shortCaches.set(platform, known)
  const source = known.get(content.sourceNo) ?? (await findShortSource(platform, content.sourceNo))
  if (source === null || !content.isGenuine(tokenCmac(platform), BigInt(source.key))) return null
  known.set(content.sourceNo, source)
  if (known.size > SOURCES_MAX) known.delete(known.keys().next().value ?? -1)
  const { key: _key, ...message } = source
  return {
    message: { ...message, contactId: content.contactId },
    purpose: content.purpose,
    linkNo: content.linkNo,
  }
}
const shortCaches = new WeakMap<Platform, Map<number, Source & { key: string }>>()

type Source = TokenSource & { orgId: OrgId }
const caches = new WeakMap<Platform, Map<string, Source>>()

async function sourceOf(platform: Platform, key: string): Promise<Source | null> {
  const cache = caches.get(platform) ?? new Map<string, Source>()
  caches.set(platform, cache)
  const known = cache.get(key)
  if (known) return known
  const found = await findTokenSource(platform, key)
  if (found === null) return null
  cache.set(key, found)
  if (cache.size > SOURCES_MAX) cache.delete(cache.keys().next().value ?? '')
  return found
}
