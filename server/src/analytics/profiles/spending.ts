/** Spending levels: what low, medium and high mean is the organization's to say. Source: CB-3.1 */
import { audit } from '../../platform/audit/index.ts'
import type { Ctx } from '../../platform/context.ts'
import { inTransaction } from '../../platform/db/index.ts'
import { enqueue } from '../../platform/jobs/index.ts'
import type { SpendingLevels } from '../schema.ts'
import { openFrame } from './frame.ts'
import { countLevels } from './read-queries.ts'
import { refreshWork } from './refresh.ts'
import { selectBoundsSetAt, updateBounds } from './setting-queries.ts'

/** The bounds in force and how many contacts stand in each level. */
export function readSpendingLevels(ctx: Ctx): Promise<SpendingLevels> {
  return inTransaction(ctx, async (ctx) => {
    const { currency, mediumFromMinor, highFromMinor } = await openFrame(ctx)
    return {
      currency,
      mediumFromMinor,
      highFromMinor,
      setAt: await selectBoundsSetAt(ctx),
      people: await countLevels(ctx),
    }
  })
}

/** Sets the bounds; contacts move to their new levels within seconds. */
export function setSpendingLevels(
  ctx: Ctx,
  bounds: { mediumFromMinor: number; highFromMinor: number },
): Promise<SpendingLevels> {
  return inTransaction(ctx, async (ctx) => {
    const { mediumFromMinor, highFromMinor } = await openFrame(ctx)
    await updateBounds(ctx, bounds)
    audit(
      ctx,
      'analytics.spending_levels_set',
      { kind: 'organization', id: ctx.orgId },
      { from: { mediumFromMinor, highFromMinor }, to: bounds },
    )
    await enqueue(ctx, refreshWork, {}, { key: 'refresh' })
    return readSpendingLevels(ctx)
  })
}
