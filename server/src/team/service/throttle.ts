/** Slows whoever guesses: before a password is even hashed. */
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { errors } from '../errors.ts'
import { blockedUntil, blockUntil, countFailure, forgetFailures } from '../queries/throttles.ts'
import { THROTTLE_MEMORY_MS, THROTTLE_RULES, throttleWaitMs, type ThrottleRule } from '../rules/throttle.ts'

/** @throws team.too_many_attempts while the account or the place must wait; the same for unknown accounts */
export async function refuseWhileThrottled(ctx: Ctx, account: string): Promise<void> {
  const until = await blockedUntil(
    ctx.db,
    THROTTLE_RULES.map((rule) => keyOf(ctx, rule, account)),
    ctx.now(),
  )
  if (!until) return
  const retryAfterS = Math.ceil((until.getTime() - ctx.now().getTime()) / 1_000)
  throw errors.too_many_attempts({}, { extra: { retryAfterS } })
}

/** Counts a failure against the account, the place and both together. */
export function noteFailure(ctx: Ctx, account: string): Promise<void> {
  return inTransaction(ctx, async (ctx) => {
    const now = ctx.now()
    for (const rule of THROTTLE_RULES) {
      const key = keyOf(ctx, rule, account)
      const failures = await countFailure(ctx.db, key, now, new Date(now.getTime() - THROTTLE_MEMORY_MS))
      const waitMs = throttleWaitMs(failures, rule.free)
      if (waitMs > 0) await blockUntil(ctx.db, key, new Date(now.getTime() + waitMs))
    }
  })
}

/** After a success the account's own count starts anew; the place's does not, or one account would excuse guessing at all others. */
export function forgetFailuresOf(ctx: Ctx, account: string): Promise<void> {
  const own = THROTTLE_RULES.filter((rule) => rule.name !== 'address')
  return forgetFailures(
    ctx.db,
    own.map((rule) => keyOf(ctx, rule, account)),
  )
}

function keyOf(ctx: Ctx, rule: ThrottleRule, account: string): Buffer {
  const place = ctx.addressPrefix ?? ''
  const subject = { account_from_address: `${account}\0${place}`, account, address: place }[rule.name]
  return ctx.platform.secrets.sign('sign_in_throttle', Buffer.from(`${rule.name}\0${subject}`))
}
