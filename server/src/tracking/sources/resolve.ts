/** From a write key to its source: looked up once in a while, because every message brings one. */
import type { Platform } from '../../platform/platform.ts'
import { findKeyOwner, type KeyOwner, type SourceId, touchSource } from './queries.ts'

/** How long an answer holds: a revoked key works no longer than this. */
export const KEY_KNOWN_MS = 5_000
/** Keys that are remembered; made-up ones push each other out. */
const KEYS_MAX = 5_000
/** That something came is written at most that often. */
const TOUCH_MS = 60_000
const WRITE_KEY = /^[\w-]{1,100}$/

interface KnownKey {
  owner: Promise<KeyOwner | null>
  until: number
}

const known = new WeakMap<Platform, Map<string, KnownKey>>()
const touched = new WeakMap<Platform, Map<SourceId, number>>()

/** The source of a write key; null for none, a wrong one and a revoked one. */
export async function sourceOfKey(platform: Platform, writeKey: string): Promise<KeyOwner | null> {
  if (!WRITE_KEY.test(writeKey)) return null
  const now = platform.clock.now().getTime()
  const keys = known.get(platform) ?? new Map<string, KnownKey>()
  known.set(platform, keys)
  const entry = keys.get(writeKey)
  if (entry && entry.until > now) return entry.owner
  const owner = findKeyOwner(platform, writeKey)
  keys.delete(writeKey) // set again below, so that the map stays in order of asking
  keys.set(writeKey, { owner, until: now + KEY_KNOWN_MS })
  if (keys.size > KEYS_MAX) keys.delete(keys.keys().next().value ?? '')
  owner.catch(() => keys.delete(writeKey))
  return owner
}

/** Notes that something came from a source, to the minute. */
export async function noteArrival(platform: Platform, { orgId, id }: KeyOwner): Promise<void> {
  const now = platform.clock.now().getTime()
  const last = touched.get(platform) ?? new Map<SourceId, number>()
  touched.set(platform, last)
  if ((last.get(id) ?? 0) > now - TOUCH_MS) return
  last.set(id, now)
  await touchSource(platform.systemCtx(orgId), id)
}
