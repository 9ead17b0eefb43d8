/** A campaign ends with its test, not before. */
import { experimentOf, hasRest } from '../../experiments/index.ts'
import type { Ctx } from '../../platform/context.ts'
import type { CampaignId } from '../../platform/ids.ts'

/** Does a test keep its campaign open although everything planned so far has been handed over? */
export async function isHeldOpen(ctx: Ctx, id: CampaignId): Promise<boolean> {
  const test = await experimentOf(ctx, id)
  if (!test) return false
  return (
    test.state === 'running' ||
    (test.state === 'decided' && test.appliedAt === null && hasRest(test.settings))
  )
}
