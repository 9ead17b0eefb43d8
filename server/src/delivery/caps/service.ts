/** Frequency caps: reading and setting an organization's rules. */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { readFrequencyCaps, writeFrequencyCaps } from './cap-queries.ts'
import type { FrequencyCap } from './frequency-caps.ts'

interface CapsPage {
  caps: FrequencyCap[]
  /** Null until somebody decided. */
  updatedAt: Date | null
}

/** The organization's rules. */
export async function frequencyCapsOf(ctx: Ctx): Promise<CapsPage> {
  const { caps, updatedAt } = await readFrequencyCaps(ctx)
  return { caps: [...caps], updatedAt }
}

/** Sets the organization's rules: what is under way keeps them from its next sub-batch on. */
export function setFrequencyCaps(ctx: Ctx, caps: readonly FrequencyCap[]): Promise<CapsPage> {
  return inTransaction(ctx, async (ctx) => {
    const { caps: before } = await readFrequencyCaps(ctx)
    await writeFrequencyCaps(ctx, caps, `${ctx.actor.kind}:${ctx.actor.id}`)
    audit(ctx, 'frequency_caps.changed', { kind: 'organization', id: ctx.orgId }, { before, after: caps })
    return frequencyCapsOf(ctx)
  })
}
