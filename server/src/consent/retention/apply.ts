/** Applying the rules of retention: every night, and when a member asks. Each application is audited with its count. */
import { z } from 'zod'
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { defineJob, defineSchedule, enqueue, type Lease } from '../../platform/jobs/index.ts'
import { instantBefore, partOf } from './rules.ts'
import { markApplied, selectRules } from './queries.ts'

const DAY_MS = 86_400_000
/** Batches of one subject in one run of the job; what is left is done in the next. */
const BATCHES_MAX = 200
const AGAIN_MS = 1_000

/** Applies every rule, batch by batch; goes on where it stopped. */
export const applyRetentionJob = defineJob({
  kind: 'consent.apply_retention',
  lane: 'background',
  payload: z.object({}),
  attemptsMax: 5,
  handle: async (ctx, _payload, lease) => {
    let hasMore = false
    for (const { subject, keepDays } of await selectRules(ctx))
      hasMore = (await applyRule(ctx, subject, keepDays, lease)) || hasMore
    if (hasMore) return { again: new Date(ctx.now().getTime() + AGAIN_MS) }
  },
})

/** Every night. */
export const applyRetention = defineSchedule({
  name: 'consent.apply_retention_daily',
  everyMs: DAY_MS,
  perOrganization: true,
  handle: async (ctx) => {
    if ((await selectRules(ctx)).length > 0) await askToApply(ctx)
  },
})

/** Asks for it now. */
export const askToApply = (ctx: Ctx): Promise<void> =>
  inTransaction(ctx, (ctx) => enqueue(ctx, applyRetentionJob, {}, { key: 'apply' }))

/** @returns whether there may be more */
async function applyRule(ctx: Ctx, subject: string, keepDays: number, lease: Lease): Promise<boolean> {
  const part = partOf(subject)
  const before = instantBefore(ctx, keepDays)
  let removed = 0
  let last = 0
  for (let batch = 0; batch < BATCHES_MAX && !lease.stopping; batch++) {
    last = await part.remove(ctx, before)
    removed += last
    if (last === 0) break
  }
  await inTransaction(ctx, async (ctx) => {
    await markApplied(ctx, subject, removed)
    audit(ctx, 'retention.applied', { kind: 'retention_rule', id: subject }, { keepDays, before, removed })
  })
  return last > 0
}
