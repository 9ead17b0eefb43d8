/**
 * Rate limits: a token bucket per organization and key, per person, or per address for the unknown. Held in each api
 * process; several processes share the load, so that the limit is one of fairness, not of accounting.
 * Headers: draft-ietf-httpapi-ratelimit-headers-11.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Platform } from '../platform.ts'
import type { Caller } from './authenticate.ts'
import { errors } from './errors.ts'

export interface RateLimiter {
  /** Takes a token. @throws request.too_many with Retry-After when none is left */
  check(request: FastifyRequest, reply: FastifyReply, caller: Caller | null): void
}

const WINDOW_S = 60
const BUCKETS_MAX = 50_000
/** Never refused: leaving must always work, and pictures and clicks belong to recipients. */
const UNLIMITED = /^\/(u|c|o|preferences|health|ready|metrics|assets)(\/|$)/

interface Bucket {
  tokens: number
  atMs: number
}

export function createRateLimiter(platform: Platform): RateLimiter {
  const buckets = new Map<string, Bucket>()
  return {
    check: (request, reply, caller) => {
      if (UNLIMITED.test(request.url)) return
      const [key, name, quota] = budgetOf(request, caller, platform.config.rateLimitPerMinute)
      const now = platform.clock.now().getTime()
      const bucket = buckets.get(key) ?? { tokens: quota, atMs: now }
      bucket.tokens = Math.min(
        quota,
        bucket.tokens + (Math.max(0, now - bucket.atMs) / 1_000) * (quota / WINDOW_S),
      )
      bucket.atMs = now
      buckets.delete(key) // set again below, so that the map stays in order of use
      buckets.set(key, bucket)
      if (buckets.size > BUCKETS_MAX) buckets.delete(buckets.keys().next().value ?? '')
      const taken = bucket.tokens >= 1
      if (taken) bucket.tokens -= 1
      const waitS = Math.max(0, Math.ceil((1 - bucket.tokens) / (quota / WINDOW_S)))
      reply.header('ratelimit-policy', `"${name}";q=${quota};w=${WINDOW_S}`)
      reply.header('ratelimit', `"${name}";r=${Math.floor(bucket.tokens)};t=${taken ? WINDOW_S : waitS}`)
      if (taken) return
      reply.header('retry-after', String(waitS))
      throw errors.too_many({ limit: name })
    },
  }
}

function budgetOf(
  request: FastifyRequest,
  caller: Caller | null,
  perMinute: number,
): [key: string, name: string, quota: number] {
  if (caller?.by === 'api_key') return [`key:${caller.orgId}:${caller.actor?.id}`, 'key', perMinute]
  if (caller?.personId) return [`person:${caller.personId}`, 'person', perMinute]
  return [`address:${request.ip}`, 'address', Math.max(30, Math.ceil(perMinute / 5))]
}
