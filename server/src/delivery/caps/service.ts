/** Frequency caps: reading and setting an organization's rules. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { readFrequencyCaps, writeFrequencyCaps } from './cap-queries.ts'
import { liveTopics } from '../../consent/index.ts'
import { errors } from '../errors.ts'
import type { FrequencyCap } from './frequency-caps.ts'

interface CapsPage {
  caps: (FrequencyCap & { topic: string | null })[]
  /** Null until somebody decided. */
  updatedAt: Date | null
}

/** The organization's rules. */
export async function frequencyCapsOf(ctx: Ctx): Promise<CapsPage> {
  const { caps, updatedAt } = await readFrequencyCaps(ctx)
  // Rules of earlier versions are about anything.
  return { caps: caps.map((cap) => ({ ...cap, topic: cap.topic ?? null })), updatedAt }
}

/**
 * Sets the organization's rules: what is under way keeps them from its next sub-batch on.
 * @throws delivery.caps_invalid when a rule is about a topic that was not offered before and is not now
 */
export function setFrequencyCaps(ctx: Ctx, caps: readonly FrequencyCap[]): Promise<CapsPage> {
  return inTransaction(ctx, async (ctx) => {
    const { caps: before } = await readFrequencyCaps(ctx)
    await assertTopics(ctx, caps, before)
    await writeFrequencyCaps(ctx, caps, `${ctx.actor.kind}:${ctx.actor.id}`)
    audit(ctx, 'frequency_caps.changed', { kind: 'organization', id: ctx.orgId }, { before, after: caps })
    return frequencyCapsOf(ctx)
  })
}

/** A rule may outlive its topic; none begins about one that nobody can choose. */
async function assertTopics(
  ctx: Ctx,
  caps: readonly FrequencyCap[],
  before: readonly FrequencyCap[],
): Promise<void> {
  const named = caps.flatMap(({ topic }, at) => (topic ? [{ topic, at }] : []))
  if (named.length === 0) return
  const known = new Set([
    ...(await liveTopics(ctx)).map(({ key }) => key),
    ...before.flatMap(({ topic }) => topic ?? []),
  ])
  const problems = named
    .filter(({ topic }) => !known.has(topic))
    .map(({ topic, at }) => ({
      path: `caps.${at}.topic`,
      message: `The preference centre does not offer the topic “${topic}”.`,
    }))
  if (problems.length > 0) throw errors.caps_invalid({}, { problems })
}
